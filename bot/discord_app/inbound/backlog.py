"""Messages that were sent while the bot was away: the gateway does not repeat them, so the channels are read."""

import asyncio
from typing import Any

import aiohttp
import discord
import structlog

from bot.clock import Clock
from bot.discord_app.inbound.dm_handler import DirectMessageHandler
from bot.discord_app.limits import RateLimiter
from bot.discord_app.sender import REQUEST_TIMEOUT, RETRY_DELAYS, UNPARSABLE_RESPONSE_ERRORS, retry_after
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
    ) -> None:
        self._client = client
        self._services = services
        self._clock = clock
        self._rate_limiter = rate_limiter
        self._dm_handler = dm_handler

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
                await self._process_channel(member, member.channel_id)
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

    async def _process_channel(self, member: Member, channel_id: int) -> None:
        channel = self._client.get_partial_messageable(channel_id, type=discord.ChannelType.private)
        read_up_to = last_read = member.last_read_message_id or 0
        while page := await self._fetch_page(channel, read_up_to):
            messages = [message for raw in page if (message := await self._parse(member, channel, raw)) is not None]
            # At once, so that a slow file of one delays no other; those without files keep their order.
            await asyncio.gather(
                *(
                    self._dm_handler.handle(message, min(message.created_at, self._clock.now()))
                    for message in messages
                    if not message.author.bot
                )
            )
            read_up_to = int(page[-1]["id"])
            if len(page) < HISTORY_PAGE_SIZE:
                break
        if read_up_to > last_read:
            await self._dm_handler.note_read(member.id, read_up_to)  # the bot's own messages are not read again either

    async def _parse(
        self, member: Member, channel: discord.PartialMessageable, raw: dict[str, Any]
    ) -> discord.Message | None:
        """A message of the history. The member is notified, at the next contact, of one that cannot be parsed."""
        try:
            return self._client._connection.create_message(channel=channel, data=raw)  # type: ignore[arg-type]  # noqa: SLF001 — `history` raises for a whole page
        except Exception as error:
            log.exception("message_malformed", message_id=raw["id"], error_type=type(error).__name__)
            sent_at = discord.utils.snowflake_time(int(raw["id"]))
            await self._services.members.mark_unreadable_since(member.id, sent_at)
            return None

    async def _fetch_page(self, channel: discord.PartialMessageable, after_id: int) -> list[dict[str, Any]]:
        """The next messages as Discord sends them, the oldest first."""
        for pause in (*RETRY_DELAYS, None):
            try:
                async with asyncio.timeout(REQUEST_TIMEOUT), self._rate_limiter:
                    page: Any = await self._client.http.logs_from(channel.id, HISTORY_PAGE_SIZE, after=after_id)
                return sorted(page, key=lambda raw: int(raw["id"]))
            except (discord.HTTPException, aiohttp.ClientError, OSError, *UNPARSABLE_RESPONSE_ERRORS) as error:
                if pause is None:
                    raise
                wait = retry_after(error) if isinstance(error, discord.HTTPException) else None
                await asyncio.sleep(max(pause, min(wait.total_seconds(), REQUEST_TIMEOUT) if wait else 0))
        raise AssertionError
