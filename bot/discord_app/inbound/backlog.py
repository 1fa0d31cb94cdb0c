"""What arrived while the bot was away: the gateway does not send it again, so the channels are read."""

import asyncio

import aiohttp
import discord
import structlog

from bot.discord_app.client import NinteiClient
from bot.discord_app.inbound.dm_handler import DirectMessageHandler
from bot.discord_app.sender import REQUEST_TIMEOUT, RETRY_DELAYS, UNPARSABLE_RESPONSE_ERRORS, retry_after
from bot.errors import NinteiError
from storage.members import Member

HISTORY_PAGE_SIZE = 100

DB_RETRY_SECONDS = 5.0
"""Seconds until a database that does not answer is asked again."""

log = structlog.get_logger()


async def process_backlog(client: NinteiClient, listener: DirectMessageHandler) -> None:
    """Take in what each known direct-message channel received after the last message that was handled."""
    for member in await _members_with_dm_channel(client):
        try:
            await _process_member_backlog(client, listener, member)
        except NinteiError as fault:
            # It is read again with the next session, and nothing behind it is noted before.
            listener.block_checkpoint(member.id)
            log.warning("absence_unread", member=member.id, fault=fault.message_id)
    try:
        await listener.advance_checkpoint(None)
    except NinteiError as fault:
        log.warning("absence_not_noted", fault=fault.message_id)


async def _members_with_dm_channel(client: NinteiClient) -> list[Member]:
    """Whoever could have written; a database that is busy just now is asked again, as long as it takes."""
    while True:
        try:
            return await client.services.members.list_with_dm_channel()
        except NinteiError as fault:
            log.warning("absence_waiting_for_the_database", reason=fault.message_id)
            await asyncio.sleep(DB_RETRY_SECONDS)


async def _process_member_backlog(client: NinteiClient, listener: DirectMessageHandler, member: Member) -> None:
    try:
        await _process_pages(client, listener, member)
    except (discord.HTTPException, aiohttp.ClientError, OSError, *UNPARSABLE_RESPONSE_ERRORS) as fault:
        # It is said at the next contact: what cannot be fetched must not be lost in silence.
        log.warning("absence_unread", member=member.id, fault=type(fault).__name__)
        since = (
            discord.utils.snowflake_time(member.last_read_message_id)
            if member.last_read_message_id
            else client.clock.now()
        )
        await client.services.members.mark_unreadable_since(member.id, since)
    await listener.advance_checkpoint(member.id)


async def _process_pages(client: NinteiClient, listener: DirectMessageHandler, member: Member) -> None:
    if member.channel_id is None:
        return
    channel = client.get_partial_messageable(member.channel_id, type=discord.ChannelType.private)
    after = discord.Object(member.last_read_message_id or 0)
    while True:
        page = await _fetch_page(client, channel, after)
        for message in page:
            if not message.author.bot:
                await listener.on_missed_message(message)
        if len(page) < HISTORY_PAGE_SIZE:
            return
        after = discord.Object(page[-1].id)


async def _fetch_page(
    client: NinteiClient, channel: discord.PartialMessageable, after: discord.Object
) -> list[discord.Message]:
    """The next messages, the oldest first."""
    for pause in (*RETRY_DELAYS, None):
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT), client.rate_limiter:
                page = [
                    message
                    async for message in channel.history(limit=HISTORY_PAGE_SIZE, after=after, oldest_first=True)
                ]
        except (discord.HTTPException, aiohttp.ClientError, OSError, *UNPARSABLE_RESPONSE_ERRORS) as fault:
            if pause is None:
                raise
            asked = retry_after(fault) if isinstance(fault, discord.HTTPException) else None
            await asyncio.sleep(max(pause, min(asked.total_seconds(), REQUEST_TIMEOUT) if asked else 0))
        else:
            return sorted(page, key=lambda message: message.id)
    raise AssertionError
