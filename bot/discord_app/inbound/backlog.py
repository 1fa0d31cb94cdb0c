"""What was sent and posted while the bot was away: the gateway does not repeat it, so the channels are read.

Discord shows a bot the text of what mentions it in an inbox channel's history too, where the bot may read the history.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, Final, TypeVar

import discord
import structlog

from bot.clock import Clock
from bot.discord_app.inbound.dm_handler import DirectMessageHandler
from bot.discord_app.inbound.history_reader import HistoryReader
from bot.discord_app.inbound.inbox_handler import InboxChannelHandler
from bot.discord_app.inbound.message_conversion import is_by_member
from bot.discord_app.inbound.receipts import ReadCheckpoints
from bot.discord_app.request_errors import REQUEST_ERRORS, UNPARSABLE_RESPONSE_ERRORS
from bot.errors import NinteiError
from bot.services.container import Services
from storage.inboxes import Inbox
from storage.members import Member

DB_RETRY_SECONDS: Final = 5.0
"""Seconds before a busy database is asked again."""

MAX_CONCURRENT_CHANNELS: Final = 8
"""Channels that are read at once: one that was left or deleted is refused several times, or does not answer."""

_Item = TypeVar("_Item")

log = structlog.get_logger()


async def _read_concurrently(items: Iterable[_Item], read: Callable[[_Item], Awaitable[None]]) -> None:
    """Read the channel of each item, `MAX_CONCURRENT_CHANNELS` at once and each further one when one is read."""
    rest = iter(items)

    async def read_rest() -> None:
        for item in rest:
            await read(item)

    await asyncio.gather(*(read_rest() for _ in range(MAX_CONCURRENT_CHANNELS)))


class BacklogReader:
    """Reads what each member wrote since the last message that was handled."""

    def __init__(
        self,
        services: Services,
        clock: Clock,
        history: HistoryReader,
        dm_handler: DirectMessageHandler,
    ) -> None:
        self._services = services
        self._clock = clock
        self._history = history
        self._dm_handler = dm_handler

    async def process_all(self, checkpoints: ReadCheckpoints) -> None:
        """Handle the messages of every member whose direct-message channel is known.

        `checkpoints`: those of the session that has begun; a later one reads the channels for itself.
        """
        await _read_concurrently(await self._list_members(), partial(self._process_member, checkpoints))
        if not self._history.stopping.is_set():
            await self._dm_handler.save_checkpoints(checkpoints.note_caught_up(None))

    async def _process_member(self, checkpoints: ReadCheckpoints, member: Member) -> None:
        if self._history.stopping.is_set():
            return
        try:
            await self._read_member(checkpoints, member)
        except NinteiError as error:
            # The next session reads it again; until then no later message moves the checkpoint.
            checkpoints.block(member.id)
            log.warning("backlog_not_read", member_id=member.id, error=error.message_id)

    async def _list_members(self) -> list[Member]:
        """Every member who could have written. While the database is busy the query is repeated, without a limit."""
        while True:
            try:
                return await self._services.members.list_with_dm_channel()
            except NinteiError as error:
                log.warning("backlog_waiting_for_database", error=error.message_id)
                await asyncio.sleep(DB_RETRY_SECONDS)

    async def _read_member(self, checkpoints: ReadCheckpoints, member: Member) -> None:
        try:
            if member.channel_id is not None:
                await self._process_channel(checkpoints, member, member.channel_id)
        except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
            if self._history.stopping.is_set():
                return
            # The member is notified at the next contact: what cannot be fetched must not be lost silently.
            log.warning("backlog_not_read", member_id=member.id, error_type=type(error).__name__)
            since = (
                discord.utils.snowflake_time(member.last_read_message_id)
                if member.last_read_message_id
                else self._clock.now()
            )
            await self._services.members.mark_unread_since(member.id, since)
        await self._dm_handler.save_checkpoints(checkpoints.note_caught_up(member.id))

    async def _process_channel(self, checkpoints: ReadCheckpoints, member: Member, channel_id: int) -> None:
        read_up_to = last_read = max(member.last_read_message_id or 0, member.erased_up_to)
        async for page in self._history.fetch_pages(channel_id, read_up_to):
            messages = [
                message
                for raw in page
                if (message := await self._dm_handler.parse_or_mark_unread(member.id, channel_id, raw)) is not None
            ]
            # At once, so that a slow file of one delays no other; those without files keep their order.
            await asyncio.gather(
                *(
                    self._dm_handler.handle(message, min(message.created_at, self._clock.now()), checkpoints)
                    for message in messages
                    if is_by_member(message)
                )
            )
            read_up_to = int(page[-1]["id"])
        if read_up_to > last_read:
            # The bot's own messages are not read again either.
            await self._dm_handler.note_read(member.id, read_up_to, checkpoints)


class InboxBacklogReader:
    """Reads what was posted in each inbox since the last post that was handled."""

    def __init__(self, services: Services, history: HistoryReader, handler: InboxChannelHandler) -> None:
        self._services = services
        self._history = history
        self._handler = handler

    async def process_shard(self, shard_id: int, shard_count: int) -> None:
        """Handle the posts in the inboxes of a shard's servers."""
        try:
            inboxes = await self._services.inboxes.list_all()
        except NinteiError as error:
            log.warning("inboxes_not_read", error=error.message_id)
            return
        of_shard = [inbox for inbox in inboxes if (inbox.guild_id >> 22) % shard_count == shard_id]
        await _read_concurrently(of_shard, self._process_inbox)

    async def _process_inbox(self, inbox: Inbox) -> None:
        if self._history.stopping.is_set():
            return
        read_up_to = inbox.last_read_post_id or discord.utils.time_snowflake(inbox.assigned_at) - 1
        try:
            async for page in self._history.fetch_pages(inbox.channel_id, read_up_to):
                for raw in page:
                    if (post := self._parse_post(inbox, raw)) is not None:
                        await self._handler.on_post(post)
                read_up_to = int(page[-1]["id"])
            await self._handler.note_caught_up(inbox, read_up_to)
        except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
            log.warning("inbox_not_read", channel_id=inbox.channel_id, error_type=type(error).__name__)
        except NinteiError as error:
            log.warning("inbox_not_read", channel_id=inbox.channel_id, error=error.message_id)

    def _parse_post(self, inbox: Inbox, raw: dict[str, Any]) -> discord.Message | None:
        if not self._history.is_webhook_mention(raw):
            return None
        try:
            return self._history.parse_raw_message(raw, inbox.channel_id, guild_id=inbox.guild_id)
        except Exception as error:
            log.exception("post_malformed", message_id=raw["id"], error_type=type(error).__name__)
            return None
