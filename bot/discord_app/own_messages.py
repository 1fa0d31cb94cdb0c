"""Deletes the bot's own messages in a direct message, which nobody else can delete.

A member asks for it with their erasure, which is carried out first; nothing of them is kept for it. So it is done by
the process that was asked, from the channel's history, and ends with that process: the member can ask again.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from enum import Enum, auto
from typing import Final

import discord
import structlog

from bot.discord_app.inbound.history_reader import HistoryReader
from bot.discord_app.request_errors import REQUEST_ERRORS, UNPARSABLE_RESPONSE_ERRORS, error_if_possible_bug
from bot.discord_app.sender import DirectMessageSender

DENIED_STATUSES: Final = {401, 403}
"""Discord refuses further deletions, too."""


class DeletionResult(Enum):
    """What became of one message."""

    DELETED = auto()
    GONE = auto()
    """It had been deleted before."""
    REFUSED = auto()


OnEnd = Callable[[int, bool], Awaitable[object]]
"""Called with the number of messages that were deleted, and whether none is left."""

log = structlog.get_logger()


class OwnMessageDeleter:
    """Deletes messages one by one, under the rate limit and after everything else that is sent."""

    def __init__(self, client: discord.Client, history: HistoryReader, sender: DirectMessageSender) -> None:
        self._client = client
        self._history = history
        self._sender = sender
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, channel_id: int, before_id: int, kept_id: int, on_end: OnEnd) -> None:
        """Delete what the bot wrote in a channel before a message, except `kept_id`."""
        task = asyncio.create_task(self._delete_own_messages(channel_id, before_id, kept_id, on_end), name="deletion")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def cancel(self) -> None:
        """End what is under way."""
        for task in self._tasks:
            task.cancel()

    async def _delete_own_messages(self, channel_id: int, before_id: int, kept_id: int, on_end: OnEnd) -> None:
        results, was_read_to_end = Counter[DeletionResult](), True
        try:
            async for page in self._history.fetch_pages(channel_id, 0):
                for raw in page:
                    message_id = int(raw["id"])
                    is_own = self._client.user is not None and int(raw["author"]["id"]) == self._client.user.id
                    if is_own and message_id < before_id and message_id != kept_id:
                        results[await self._delete_own_message(channel_id, message_id)] += 1
                if int(page[-1]["id"]) >= before_id:
                    break
        except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
            was_read_to_end = False
            log.warning(
                "own_messages_not_deleted", error_type=type(error).__name__, exc_info=error_if_possible_bug(error)
            )
        except Exception:
            was_read_to_end = False
            log.exception("own_messages_not_deleted")
        deleted = results[DeletionResult.DELETED]
        log.info("own_messages_deleted", count=deleted)
        try:
            await on_end(deleted, was_read_to_end and not results[DeletionResult.REFUSED])
        except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
            log.info(
                "own_messages_not_reported", error_type=type(error).__name__, exc_info=error_if_possible_bug(error)
            )

    async def _delete_own_message(self, channel_id: int, message_id: int) -> DeletionResult:
        """Raises when Discord refuses further ones, too."""
        try:
            async with asyncio.timeout(self._sender.timeouts.request), self._sender.after_pending_sends():
                await self._client.http.delete_message(channel_id, message_id)
        except discord.NotFound:
            return DeletionResult.GONE
        except REQUEST_ERRORS as error:
            status = getattr(error, "status", None)
            if status in DENIED_STATUSES:
                raise
            code = getattr(error, "code", None)
            log.info("own_message_not_deleted", error_type=type(error).__name__, status=status, code=code)
            return DeletionResult.REFUSED
        return DeletionResult.DELETED
