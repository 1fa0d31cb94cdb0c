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

from bot.discord_app.ui.layout import MAX_COMPONENTS, Card, with_picture
from bot.discord_app.ui.pictures import PictureSpec
from bot.pictures.renderer import PictureRenderer

FILE_NAME: Final = "card.png"

MAX_PENDING: Final = 8
"""Pictures on their way; more are left out."""

DRAW_TIMEOUT: Final = 15.0
"""Seconds for an edit, waiting for its turn included."""

EDIT_WAIT: Final = 1.0
"""Seconds that a press waits for an edit of its message that is under way; Discord waits three for the answer."""

MAX_TRACKED: Final = 1000
"""Messages of which it is known that they were replaced."""

log = structlog.get_logger()


class EditMessage(Protocol):
    """Changes the message."""

    def __call__(self, *, view: ui.LayoutView, attachments: list[discord.File]) -> Awaitable[object]: ...


@dataclass(frozen=True, slots=True)
class RenderedCard:
    """A card with its picture, ready to be sent."""

    card: Card
    png: bytes

    def file(self) -> discord.File:
        """A fresh one for every try."""
        return discord.File(io.BytesIO(self.png), FILE_NAME)


class PictureAttacher:
    """Has them drawn, and puts them on messages."""

    def __init__(self, studio: PictureRenderer) -> None:
        self._studio = studio
        self._versions: dict[int, int] = {}
        self._pending_edits: dict[int, asyncio.Task[None]] = {}
        self._following: set[asyncio.Task[None]] = set()
        self._closed = False

    def picture_for(self, card: ui.LayoutView) -> PictureSpec | None:
        """What may come on top of a card; None where there is nothing, no room, or no time for it."""
        if not isinstance(card, Card) or card.picture is None or self._closed:
            return None
        if card.total_children_count >= MAX_COMPONENTS or len(self._following) >= MAX_PENDING:
            return None
        try:
            return card.picture()
        except Exception:
            log.exception("picture_fault")
            return None

    def cached(self, card: ui.LayoutView, picture: PictureSpec) -> RenderedCard | None:
        """The card with its picture, if that was drawn before."""
        png = self._studio.cached(picture.model)
        return None if png is None else _illustration(card, picture, png)

    def attach_later(
        self,
        message: int,
        card: ui.LayoutView,
        picture: PictureSpec,
        edit: EditMessage,
        *,
        version: int = 0,
        rate_limit: AbstractAsyncContextManager[object] | None = None,
    ) -> None:
        """Put the picture on a message that was sent; `turn` as `overtake` gave it, `gate` where edits wait."""
        if self._closed:
            return
        following = self._follow(message, card, picture, edit, version=version, rate_limit=rate_limit or nullcontext())
        task = asyncio.create_task(following)
        self._following.add(task)
        task.add_done_callback(self._following.discard)

    async def invalidate(self, message: int) -> int:
        """Something newer happens to a message: no picture of what it was comes behind. Its turn from now on."""
        version = self._versions.pop(message, 0) + 1
        self._versions[message] = version
        while len(self._versions) > MAX_TRACKED:
            del self._versions[next(iter(self._versions))]
        if (edit := self._pending_edits.get(message)) is not None:
            await asyncio.wait({edit}, timeout=EDIT_WAIT)
            edit.cancel()
        return version

    async def _follow(
        self,
        message: int,
        card: ui.LayoutView,
        picture: PictureSpec,
        edit: EditMessage,
        *,
        version: int,
        rate_limit: AbstractAsyncContextManager[object],
    ) -> None:
        try:
            png = await self._studio.draw(picture.model)
            if png is None:
                return
            async with asyncio.timeout(DRAW_TIMEOUT), rate_limit:
                if self._versions.get(message, 0) == version:
                    await self._edit(message, edit, _illustration(card, picture, png))
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as fault:
            log.info("picture_not_shown", fault=type(fault).__name__)
        except Exception:
            log.exception("picture_fault")

    async def _edit(self, message: int, edit: EditMessage, rendered: RenderedCard) -> None:
        task = asyncio.current_task()
        assert task is not None, "a coroutine runs in one"  # noqa: S101 — narrows the type
        self._pending_edits[message] = task
        try:
            await edit(view=rendered.card, attachments=[rendered.file()])
        finally:
            del self._pending_edits[message]

    async def close(self) -> None:
        """Give up what is under way; no picture comes any more."""
        self._closed = True
        for task in self._following:
            task.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)
        await self._studio.close()


def _illustration(card: ui.LayoutView, picture: PictureSpec, png: bytes) -> RenderedCard:
    assert isinstance(card, Card), "what has a picture"  # noqa: S101 — narrows the type
    return RenderedCard(with_picture(card, FILE_NAME, picture.alt_text), png)
