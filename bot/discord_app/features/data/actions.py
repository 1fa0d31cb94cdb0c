"""Yes or no to an import or an erasure."""

import time
from typing import Final

from bot.discord_app.context import InteractionContext
from bot.discord_app.features.data.cards import imported_card, progress_card
from bot.discord_app.ui.components import Action
from bot.discord_app.ui.formatting import format_error
from bot.discord_app.ui.layout import DANGER, notice
from bot.errors import NinteiError, NotAllowedError

INLINE_IMPORT_LIMIT: Final = 3000
"""Rows that are looked at within the three seconds that Discord waits for an answer."""

PROGRESS_INTERVAL: Final = 2.0
"""Seconds between two words on the progress."""


async def handle_import_action(ctx: InteractionContext, act: Action) -> None:
    """Write what was previewed, or forget it."""
    porter = ctx.services.data_transfer
    if act is Action.CANCEL:
        porter.discard(ctx.member_id)
        await ctx.edit_message(notice(ctx.texts("import-dropped")))
        return
    if act is not Action.CONFIRM:
        raise NotAllowedError("press-unknown")
    if porter.row_count(ctx.member_id) <= INLINE_IMPORT_LIMIT:
        await ctx.edit_message(imported_card(ctx.texts, await porter.commit(ctx.member_id, no_progress, now=ctx.now)))
        return
    await ctx.edit_message(notice(ctx.texts("import-begins")))
    told = time.monotonic()

    async def progress(written: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= PROGRESS_INTERVAL:
            told = time.monotonic()
            await ctx.edit_response(progress_card(ctx.texts, written, total))

    try:
        done = imported_card(ctx.texts, await porter.commit(ctx.member_id, progress, now=ctx.now))
    except NinteiError as error:
        done = notice(format_error(ctx.texts, error), DANGER)
    await ctx.edit_response(done)


async def no_progress(_written: int, _total: int) -> None:
    """What is done at once needs no progress."""


async def handle_erasure_action(ctx: InteractionContext, act: Action) -> None:
    """Erase everything, or nothing."""
    if act is Action.CANCEL:
        await ctx.edit_message(notice(ctx.texts("erase-dropped")))
        return
    if act is not Action.CONFIRM:
        raise NotAllowedError("press-unknown")
    await ctx.services.erasure.erase(ctx.member_id, now=ctx.now)
    await ctx.edit_message(notice(ctx.texts("erase-done")))
