"""What arrived while the bot was away: the gateway does not send it again, so the channels are read."""

import asyncio

import aiohttp
import discord
import structlog

from bot.chat.client import NinteiClient
from bot.chat.listener import Listener
from bot.chat.sender import NOT_DISCORDS, PATIENCE, PAUSES, asked_to_wait
from bot.errors import NinteiError
from storage.members import Member

PAGE = 100

ASK_AGAIN = 5.0
"""Seconds until a database that does not answer is asked again."""

log = structlog.get_logger()


async def catch_up(client: NinteiClient, listener: Listener) -> None:
    """Take in what each known direct-message channel received after the last message that was handled."""
    for member in await _everybody(client):
        try:
            await _catch_up_with(client, listener, member)
        except NinteiError as fault:
            # It is read again with the next session, and nothing behind it is noted before.
            listener.hold(member.id)
            log.warning("absence_unread", member=member.id, fault=fault.message_id)
    try:
        await listener.read_up(None)
    except NinteiError as fault:
        log.warning("absence_not_noted", fault=fault.message_id)


async def _everybody(client: NinteiClient) -> list[Member]:
    """Whoever could have written; a database that is busy just now is asked again, as long as it takes."""
    while True:
        try:
            return await client.services.members.list_with_dm_channel()
        except NinteiError as fault:
            log.warning("absence_waiting_for_the_database", reason=fault.message_id)
            await asyncio.sleep(ASK_AGAIN)


async def _catch_up_with(client: NinteiClient, listener: Listener, member: Member) -> None:
    try:
        await _read(client, listener, member)
    except (discord.HTTPException, aiohttp.ClientError, OSError, *NOT_DISCORDS) as fault:
        # It is said at the next contact: what cannot be fetched must not be lost in silence.
        log.warning("absence_unread", member=member.id, fault=type(fault).__name__)
        since = (
            discord.utils.snowflake_time(member.last_read_message_id)
            if member.last_read_message_id
            else client.clock.now()
        )
        await client.services.members.mark_unreadable_since(member.id, since)
    await listener.read_up(member.id)


async def _read(client: NinteiClient, listener: Listener, member: Member) -> None:
    if member.channel_id is None:
        return
    channel = client.get_partial_messageable(member.channel_id, type=discord.ChannelType.private)
    after = discord.Object(member.last_read_message_id or 0)
    while True:
        page = await _page(client, channel, after)
        for message in page:
            if not message.author.bot:
                await listener.catch_up(message)
        if len(page) < PAGE:
            return
        after = discord.Object(page[-1].id)


async def _page(
    client: NinteiClient, channel: discord.PartialMessageable, after: discord.Object
) -> list[discord.Message]:
    """The next messages, the oldest first."""
    for pause in (*PAUSES, None):
        try:
            async with asyncio.timeout(PATIENCE), client.limiter:
                page = [message async for message in channel.history(limit=PAGE, after=after, oldest_first=True)]
        except (discord.HTTPException, aiohttp.ClientError, OSError, *NOT_DISCORDS) as fault:
            if pause is None:
                raise
            asked = asked_to_wait(fault) if isinstance(fault, discord.HTTPException) else None
            await asyncio.sleep(max(pause, min(asked.total_seconds(), PATIENCE) if asked else 0))
        else:
            return sorted(page, key=lambda message: message.id)
    raise AssertionError
