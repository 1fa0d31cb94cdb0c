"""Confirming or cancelling an import or an erasure."""

import time
from typing import Final

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.data.cards import imported_card, progress_card
from bot.discord_app.registry import on
from bot.discord_app.ui.components import Action, Press, Target
from bot.discord_app.ui.formatting import format_error
from bot.discord_app.ui.layout import DANGER, notice
from bot.errors import NinteiError

INLINE_IMPORT_LIMIT: Final = 3000
"""Rows that can be written within the three seconds that Discord waits for an answer."""

PROGRESS_INTERVAL: Final = 2.0
"""Seconds between two edits of the card that shows the progress."""


@on(Target.IMPORT, Action.CANCEL)
async def discard_import(ctx: InteractionContext, _press: Press) -> None:
    ctx.services.data_transfer.discard(ctx.member_id)
    await ctx.edit_message(notice(ctx.texts("import-cancelled")))


@on(Target.IMPORT, Action.CONFIRM)
async def commit_import(ctx: InteractionContext, _press: Press) -> None:
    """Write what was previewed; a large import is answered at once and shows its progress."""
    transfer = ctx.services.data_transfer
    if transfer.row_count(ctx.member_id) <= INLINE_IMPORT_LIMIT:
        report = await transfer.commit(ctx.member_id, ignore_progress, now=ctx.now)
        await ctx.edit_message(imported_card(ctx.texts, report))
        return
    await ctx.edit_message(notice(ctx.texts("import-begins")))
    last_edit = time.monotonic()

    async def show_progress(written: int, total: int) -> None:
        nonlocal last_edit
        if time.monotonic() - last_edit >= PROGRESS_INTERVAL:
            last_edit = time.monotonic()
            await ctx.edit_response(progress_card(ctx.texts, written, total))

    try:
        card = imported_card(ctx.texts, await transfer.commit(ctx.member_id, show_progress, now=ctx.now))
    except NinteiError as error:
        card = notice(format_error(ctx.texts, error), DANGER)
    await ctx.edit_response(card)


async def ignore_progress(_written: int, _total: int) -> None:
    """A small import is done before its progress could be shown."""


@on(Target.ERASURE, Action.CANCEL)
async def cancel_erasure(ctx: InteractionContext, _press: Press) -> None:
    await ctx.edit_message(notice(ctx.texts("erase-cancelled")))


@on(Target.ERASURE, Action.CONFIRM)
async def erase_member(ctx: InteractionContext, _press: Press) -> None:
    # Discord's ids grow with time: what has a lower one than this press was written before it.
    await ctx.services.erasure.erase(ctx.member_id, now=ctx.now, last_read_message_id=ctx.interaction.id)
    await ctx.edit_message(notice(ctx.texts("erase-done")))
