"""Pictures on what is sent: the text goes out at once, its picture follows as an edit, unless something newer happened.

A picture is a courtesy: whatever goes wrong with one is logged, and the text stays. What is newer is a press that
replaces the card meanwhile. Presses on direct messages come to the process that sends receipts; reminders, which any
process may send, are never replaced.
"""

import asyncio
import io
from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Final, Protocol

import aiohttp
import discord
import structlog
from discord import ui

from bot.chat.cards.frame import MOST_COMPONENTS, Card, illustrated
from bot.chat.panels.picture import Picture
from bot.pictures.renderer import PictureRenderer

NAME: Final = "card.png"

MOST_FOLLOWING: Final = 8
"""Pictures on their way; more are left out."""

PATIENCE: Final = 15.0
"""Seconds for an edit, waiting for its turn included."""

GIVE_WAY: Final = 1.0
"""Seconds that a press waits for an edit of its message that is under way; Discord waits three for the answer."""

REMEMBERED: Final = 1000
"""Messages of which it is known that they were replaced."""

log = structlog.get_logger()


class Edit(Protocol):
    """Changes the message."""

    def __call__(self, *, view: ui.LayoutView, attachments: list[discord.File]) -> Awaitable[object]: ...


@dataclass(frozen=True, slots=True)
class Illustration:
    """A card with its picture, ready to be sent."""

    card: Card
    png: bytes

    def file(self) -> discord.File:
        """A fresh one for every try."""
        return discord.File(io.BytesIO(self.png), NAME)


class Pictures:
    """Has them drawn, and puts them on messages."""

    def __init__(self, studio: PictureRenderer) -> None:
        self._studio = studio
        self._turns: dict[int, int] = {}
        self._edits: dict[int, asyncio.Task[None]] = {}
        self._following: set[asyncio.Task[None]] = set()
        self._closed = False

    def of(self, card: ui.LayoutView) -> Picture | None:
        """What may come on top of a card; None where there is nothing, no room, or no time for it."""
        if not isinstance(card, Card) or card.picture is None or self._closed:
            return None
        if card.total_children_count >= MOST_COMPONENTS or len(self._following) >= MOST_FOLLOWING:
            return None
        try:
            return card.picture()
        except Exception:
            log.exception("picture_fault")
            return None

    def ready(self, card: ui.LayoutView, picture: Picture) -> Illustration | None:
        """The card with its picture, if that was drawn before."""
        png = self._studio.cached(picture.panel)
        return None if png is None else _illustration(card, picture, png)

    def follow(
        self,
        message: int,
        card: ui.LayoutView,
        picture: Picture,
        edit: Edit,
        *,
        turn: int = 0,
        gate: AbstractAsyncContextManager[object] | None = None,
    ) -> None:
        """Put the picture on a message that was sent; `turn` as `overtake` gave it, `gate` where edits wait."""
        if self._closed:
            return
        following = self._follow(message, card, picture, edit, turn=turn, gate=gate or nullcontext())
        task = asyncio.create_task(following)
        self._following.add(task)
        task.add_done_callback(self._following.discard)

    async def overtake(self, message: int) -> int:
        """Something newer happens to a message: no picture of what it was comes behind. Its turn from now on."""
        turn = self._turns.pop(message, 0) + 1
        self._turns[message] = turn
        while len(self._turns) > REMEMBERED:
            del self._turns[next(iter(self._turns))]
        if (edit := self._edits.get(message)) is not None:
            await asyncio.wait({edit}, timeout=GIVE_WAY)
            edit.cancel()
        return turn

    async def _follow(
        self,
        message: int,
        card: ui.LayoutView,
        picture: Picture,
        edit: Edit,
        *,
        turn: int,
        gate: AbstractAsyncContextManager[object],
    ) -> None:
        try:
            png = await self._studio.draw(picture.panel)
            if png is None:
                return
            async with asyncio.timeout(PATIENCE), gate:
                if self._turns.get(message, 0) == turn:
                    await self._edit(message, edit, _illustration(card, picture, png))
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as fault:
            log.info("picture_not_shown", fault=type(fault).__name__)
        except Exception:
            log.exception("picture_fault")

    async def _edit(self, message: int, edit: Edit, shown: Illustration) -> None:
        task = asyncio.current_task()
        assert task is not None, "a coroutine runs in one"  # noqa: S101 — narrows the type
        self._edits[message] = task
        try:
            await edit(view=shown.card, attachments=[shown.file()])
        finally:
            del self._edits[message]

    async def close(self) -> None:
        """Give up what is under way; no picture comes any more."""
        self._closed = True
        for task in self._following:
            task.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)
        await self._studio.close()


def _illustration(card: ui.LayoutView, picture: Picture, png: bytes) -> Illustration:
    assert isinstance(card, Card), "what has a picture"  # noqa: S101 — narrows the type
    return Illustration(illustrated(card, NAME, picture.described), png)
