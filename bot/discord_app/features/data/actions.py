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


async def handle_import_action(visitor: InteractionContext, act: Action) -> None:
    """Write what was previewed, or forget it."""
    porter = visitor.interaction.client.services.data_transfer
    if act is Action.CANCEL:
        porter.discard(visitor.member)
        await visitor.edit_message(notice(visitor.texts("import-cancelled")))
        return
    if act is not Action.CONFIRM:
        raise NotAllowedError("button-unknown")
    if porter.row_count(visitor.member) <= INLINE_IMPORT_LIMIT:
        await visitor.edit_message(
            imported_card(visitor.texts, await porter.commit(visitor.member, no_progress, now=visitor.now))
        )
        return
    await visitor.edit_message(notice(visitor.texts("import-begins")))
    told = time.monotonic()

    async def progress(written: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= PROGRESS_INTERVAL:
            told = time.monotonic()
            await visitor.edit_response(progress_card(visitor.texts, written, total))

    try:
        done = imported_card(visitor.texts, await porter.commit(visitor.member, progress, now=visitor.now))
    except NinteiError as error:
        done = notice(format_error(visitor.texts, error), DANGER)
    await visitor.edit_response(done)


async def no_progress(_written: int, _total: int) -> None:
    """What is done at once needs no progress."""


async def handle_erasure_action(visitor: InteractionContext, act: Action) -> None:
    """Erase everything, or nothing."""
    if act is Action.CANCEL:
        await visitor.edit_message(notice(visitor.texts("erase-cancelled")))
        return
    if act is not Action.CONFIRM:
        raise NotAllowedError("button-unknown")
    await visitor.interaction.client.services.erasure.erase(visitor.member, now=visitor.now)
    await visitor.edit_message(notice(visitor.texts("erase-done")))
