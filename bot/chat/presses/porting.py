"""Yes or no to an import or an erasure."""

import time
from typing import Final

from bot.chat.cards.frame import note
from bot.chat.cards.porting import imported_card, progress_card
from bot.chat.controls import Act
from bot.chat.visitor import Visitor
from bot.errors import RefusedError

EVERY: Final = 2.0
"""Seconds between two words on the progress."""


async def press_import(visitor: Visitor, act: Act) -> None:
    """Write what was previewed, or forget it."""
    porter = visitor.interaction.client.services.porter
    if act is Act.DROP:
        porter.forget(visitor.member)
        await visitor.replace(note(visitor.texts("import-dropped")))
        return
    if act is not Act.CONFIRM:
        raise RefusedError("press-unknown")
    await visitor.replace(note(visitor.texts("import-begins")))
    told = time.monotonic()

    async def progress(written: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= EVERY:
            told = time.monotonic()
            await visitor.update(progress_card(visitor.texts, written, total))

    done = await porter.commit(visitor.member, progress, now=visitor.now)
    await visitor.update(imported_card(visitor.texts, done))


async def press_erasure(visitor: Visitor, act: Act) -> None:
    """Erase everything, or nothing."""
    if act is Act.DROP:
        await visitor.replace(note(visitor.texts("erase-dropped")))
        return
    if act is not Act.CONFIRM:
        raise RefusedError("press-unknown")
    await visitor.interaction.client.services.eraser.erase(visitor.member, now=visitor.now)
    await visitor.replace(note(visitor.texts("erase-done")))
