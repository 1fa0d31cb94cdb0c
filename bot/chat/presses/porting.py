"""Yes or no to an import or an erasure."""

import time
from typing import Final

from bot.chat.cards.frame import LATE, note
from bot.chat.cards.porting import imported_card, progress_card
from bot.chat.controls import Act
from bot.chat.visitor import Visitor
from bot.chat.words import sentence
from bot.errors import NinteiError, NotAllowedError

QUICK: Final = 3000
"""Rows that are looked at within the three seconds that Discord waits for an answer."""

EVERY: Final = 2.0
"""Seconds between two words on the progress."""


async def press_import(visitor: Visitor, act: Act) -> None:
    """Write what was previewed, or forget it."""
    porter = visitor.interaction.client.services.data_transfer
    if act is Act.DROP:
        porter.discard(visitor.member)
        await visitor.replace(note(visitor.texts("import-dropped")))
        return
    if act is not Act.CONFIRM:
        raise NotAllowedError("press-unknown")
    if porter.row_count(visitor.member) <= QUICK:
        await visitor.replace(
            imported_card(visitor.texts, await porter.commit(visitor.member, _silent, now=visitor.now))
        )
        return
    await visitor.replace(note(visitor.texts("import-begins")))
    told = time.monotonic()

    async def progress(written: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= EVERY:
            told = time.monotonic()
            await visitor.update(progress_card(visitor.texts, written, total))

    try:
        done = imported_card(visitor.texts, await porter.commit(visitor.member, progress, now=visitor.now))
    except NinteiError as error:
        done = note(sentence(visitor.texts, error), LATE)
    await visitor.update(done)


async def _silent(_written: int, _total: int) -> None:
    """What is done at once needs no progress."""


async def press_erasure(visitor: Visitor, act: Act) -> None:
    """Erase everything, or nothing."""
    if act is Act.DROP:
        await visitor.replace(note(visitor.texts("erase-dropped")))
        return
    if act is not Act.CONFIRM:
        raise NotAllowedError("press-unknown")
    await visitor.interaction.client.services.erasure.erase(visitor.member, now=visitor.now)
    await visitor.replace(note(visitor.texts("erase-done")))
