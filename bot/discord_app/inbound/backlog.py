"""Messages that were sent while the bot was away: the gateway does not repeat them, so the channels are read."""

import asyncio
from typing import Final

import discord
import structlog

from bot.clock import Clock
from bot.discord_app.inbound.dm_handler import DirectMessageHandler
from bot.discord_app.inbound.history_reader import HistoryReader
from bot.discord_app.request_errors import REQUEST_ERRORS, UNPARSABLE_RESPONSE_ERRORS
from bot.errors import NinteiError
from bot.services.container import Services
from storage.members import Member

DB_RETRY_SECONDS: Final = 5.0
"""Seconds before a busy database is asked again."""

log = structlog.get_logger()


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

    async def process_all(self) -> None:
        """Handle the messages of every member whose direct-message channel is known."""
        for member in await self._list_members():
            if self._history.stopping.is_set():
                return
            try:
                await self._process_member(member)
            except NinteiError as error:
                # The next session reads it again; until then no later message moves the checkpoint.
                self._dm_handler.block_checkpoint(member.id)
                log.warning("backlog_not_read", member_id=member.id, error=error.message_id)
        try:
            await self._dm_handler.advance_checkpoint(None)
        except NinteiError as error:
            log.warning("checkpoint_not_saved", error=error.message_id)

    async def _list_members(self) -> list[Member]:
        """Every member who could have written. While the database is busy the query is repeated, without a limit."""
        while True:
            try:
                return await self._services.members.list_with_dm_channel()
            except NinteiError as error:
                log.warning("backlog_waiting_for_database", error=error.message_id)
                await asyncio.sleep(DB_RETRY_SECONDS)

    async def _process_member(self, member: Member) -> None:
        try:
            if member.channel_id is not None:
                await self._process_channel(member, member.channel_id)
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
        await self._dm_handler.advance_checkpoint(member.id)

    async def _process_channel(self, member: Member, channel_id: int) -> None:
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
                    self._dm_handler.handle(message, min(message.created_at, self._clock.now()))
                    for message in messages
                    if not message.author.bot
                )
            )
            read_up_to = int(page[-1]["id"])
        if read_up_to > last_read:
            await self._dm_handler.note_read(member.id, read_up_to)  # the bot's own messages are not read again either
