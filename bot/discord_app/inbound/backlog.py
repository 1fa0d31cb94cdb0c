"""Messages that were sent while the bot was away: the gateway does not repeat them, so the channels are read."""

import asyncio

import aiohttp
import discord
import structlog

from bot.clock import Clock
from bot.discord_app.inbound.dm_handler import DirectMessageHandler
from bot.discord_app.limits import RateLimiter
from bot.discord_app.sender import UNPARSABLE_RESPONSE_ERRORS, retry_after
from bot.discord_app.timeouts import Timeouts
from bot.errors import NinteiError
from bot.services.container import Services
from storage.members import Member

HISTORY_PAGE_SIZE = 100

DB_RETRY_SECONDS = 5.0
"""Seconds before a busy database is asked again."""

log = structlog.get_logger()


class BacklogReader:
    """Reads what each member wrote since the last message that was handled."""

    def __init__(
        self,
        client: discord.Client,
        services: Services,
        clock: Clock,
        rate_limiter: RateLimiter,
        dm_handler: DirectMessageHandler,
        *,
        timeouts: Timeouts,
    ) -> None:
        self._client = client
        self._services = services
        self._clock = clock
        self._rate_limiter = rate_limiter
        self._dm_handler = dm_handler
        self._timeouts = timeouts

    async def process_all(self) -> None:
        """Handle the messages of every member whose direct-message channel is known."""
        for member in await self._list_members():
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
        """Who could have written; while the database is busy it is asked again, as long as that takes."""
        while True:
            try:
                return await self._services.members.list_with_dm_channel()
            except NinteiError as error:
                log.warning("backlog_waiting_for_database", error=error.message_id)
                await asyncio.sleep(DB_RETRY_SECONDS)

    async def _process_member(self, member: Member) -> None:
        try:
            if member.channel_id is not None:
                await self._process_channel(member.channel_id, discord.Object(member.last_read_message_id or 0))
        except (discord.HTTPException, aiohttp.ClientError, OSError, *UNPARSABLE_RESPONSE_ERRORS) as error:
            # The member is notified at the next contact: what cannot be fetched must not be lost silently.
            log.warning("backlog_not_read", member_id=member.id, error_type=type(error).__name__)
            since = (
                discord.utils.snowflake_time(member.last_read_message_id)
                if member.last_read_message_id
                else self._clock.now()
            )
            await self._services.members.mark_unreadable_since(member.id, since)
        await self._dm_handler.advance_checkpoint(member.id)

    async def _process_channel(self, channel_id: int, after: discord.Object) -> None:
        channel = self._client.get_partial_messageable(channel_id, type=discord.ChannelType.private)
        while True:
            page = await self._fetch_page(channel, after)
            for message in page:
                if not message.author.bot:
                    await self._dm_handler.handle(message, min(message.created_at, self._clock.now()))
            if len(page) < HISTORY_PAGE_SIZE:
                return
            after = discord.Object(page[-1].id)

    async def _fetch_page(self, channel: discord.PartialMessageable, after: discord.Object) -> list[discord.Message]:
        """The next messages, the oldest first."""
        for pause in (*self._timeouts.request_retry_delays, None):
            try:
                async with asyncio.timeout(self._timeouts.request), self._rate_limiter:
                    page = [
                        message
                        async for message in channel.history(limit=HISTORY_PAGE_SIZE, after=after, oldest_first=True)
                    ]
            except (discord.HTTPException, aiohttp.ClientError, OSError, *UNPARSABLE_RESPONSE_ERRORS) as error:
                if pause is None:
                    raise
                wait = retry_after(error) if isinstance(error, discord.HTTPException) else None
                await asyncio.sleep(max(pause, min(wait.total_seconds(), self._timeouts.request) if wait else 0))
            else:
                return sorted(page, key=lambda message: message.id)
        raise AssertionError
