"""Pictures of cards: the text is sent at once, its picture follows as an edit, unless the card was replaced meanwhile.

An error with a picture is logged, and the text stays. A press replaces a card. Presses on direct messages arrive in the
process that sends receipts; reminders, which any process may send, are never replaced.
"""

import asyncio
import io
from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Final, Protocol

import discord
import structlog
from discord import ui

from bot.discord_app.request_errors import REQUEST_ERRORS
from bot.discord_app.timeouts import Timeouts
from bot.discord_app.ui.layout import MAX_COMPONENTS, Card, card_with_picture
from bot.discord_app.ui.pictures import PictureSpec
from bot.pictures.renderer import PictureRenderer

FILE_NAME: Final = "card.png"

MAX_PENDING: Final = 8
"""Pictures being drawn or attached at once; further ones are left out."""

DRAW_TIMEOUT: Final = 15.0
"""Seconds for an edit, its wait for the rate limit included."""

MAX_TRACKED: Final = 1000
"""Messages whose version is remembered."""

_NO_LIMIT: Final = nullcontext()

log = structlog.get_logger()


class EditMessage(Protocol):
    """Edits a message."""

    def __call__(self, *, view: ui.LayoutView, attachments: list[discord.File]) -> Awaitable[object]: ...


@dataclass(frozen=True, slots=True)
class RenderedCard:
    """A card with its picture."""

    card: Card
    png: bytes

    def file(self) -> discord.File:
        """A new file for each try, since sending reads it."""
        return discord.File(io.BytesIO(self.png), FILE_NAME)


class PictureAttacher:
    """Has pictures drawn and puts them on messages."""

    def __init__(self, renderer: PictureRenderer, timeouts: Timeouts) -> None:
        self._renderer = renderer
        self._timeouts = timeouts
        self._versions: dict[int, int] = {}
        self._pending_edits: dict[int, asyncio.Task[None]] = {}
        self._pending_tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def picture_for(self, card: ui.LayoutView) -> PictureSpec | None:
        """The picture of a card; None if it has none, no room for one, or too many are pending."""
        if not isinstance(card, Card) or card.picture is None or self._closed:
            return None
        if card.total_children_count >= MAX_COMPONENTS or len(self._pending_tasks) >= MAX_PENDING:
            return None
        try:
            return card.picture()
        except Exception:
            log.exception("picture_failed")
            return None

    def cached_card_with_picture(self, card: ui.LayoutView, picture: PictureSpec) -> RenderedCard | None:
        """The card with its picture, if that is cached."""
        png = self._renderer.cached(picture.model)
        return None if png is None else _render_with_picture(card, picture, png)

    async def draw_card_with_picture(self, card: ui.LayoutView) -> RenderedCard | None:
        """The card with its picture; None where it has none, or it cannot be drawn in time."""
        picture = self.picture_for(card)
        if picture is None:
            return None
        try:
            async with asyncio.timeout(DRAW_TIMEOUT):
                png = await self._renderer.draw(picture.model)
        except TimeoutError:
            return None
        return None if png is None else _render_with_picture(card, picture, png)

    def attach_later(
        self,
        message_id: int,
        card: ui.LayoutView,
        picture: PictureSpec,
        edit: EditMessage,
        *,
        version: int = 0,
        rate_limit: AbstractAsyncContextManager[object] = _NO_LIMIT,
    ) -> None:
        """Put the picture on a sent message. `version` is from `drop_pending_picture`; edits wait for `rate_limit`."""

        async def draw_and_attach() -> None:
            try:
                png = await self._renderer.draw(picture.model)
                if png is None:
                    return
                async with asyncio.timeout(DRAW_TIMEOUT), rate_limit:
                    if self._versions.get(message_id, 0) == version:
                        await self._edit_with_picture(message_id, edit, _render_with_picture(card, picture, png))
            except REQUEST_ERRORS as error:
                log.info("picture_not_attached", error_type=type(error).__name__)
            except Exception:
                log.exception("picture_failed")

        if not self._closed:
            task = asyncio.create_task(draw_and_attach())
            self._pending_tasks.add(task)
            task.add_done_callback(self._pending_tasks.discard)

    async def drop_pending_picture(self, message_id: int) -> int:
        """Drop the pending picture of a message that is being replaced. Returns the version of what replaces it."""
        version = self._versions.pop(message_id, 0) + 1
        self._versions[message_id] = version
        while len(self._versions) > MAX_TRACKED:
            del self._versions[next(iter(self._versions))]
        if (edit := self._pending_edits.get(message_id)) is not None:
            await asyncio.wait({edit}, timeout=self._timeouts.picture_edit)
            edit.cancel()
        return version

    async def _edit_with_picture(self, message_id: int, edit: EditMessage, rendered: RenderedCard) -> None:
        task = asyncio.current_task()
        assert task is not None, "a coroutine runs in one"  # noqa: S101 — narrows the type
        self._pending_edits[message_id] = task
        try:
            await edit(view=rendered.card, attachments=[rendered.file()])
        finally:
            del self._pending_edits[message_id]

    async def close(self) -> None:
        """Cancel what is pending; no picture is attached any more."""
        self._closed = True
        for task in self._pending_tasks:
            task.cancel()
        await asyncio.gather(*self._pending_tasks, return_exceptions=True)
        await self._renderer.close()


def _render_with_picture(card: ui.LayoutView, picture: PictureSpec, png: bytes) -> RenderedCard:
    assert isinstance(card, Card), "only a Card has a picture"  # noqa: S101 — narrows the type
    return RenderedCard(card_with_picture(card, FILE_NAME, picture.alt_text), png)
