"""What arrived while the bot was away: the gateway does not send it again, so the channels are read."""

import asyncio

import aiohttp
import discord
import structlog

from bot.chat.client import NinteiClient
from bot.chat.listener import Listener
from bot.chat.sender import PAUSES
from storage.members import Member

PAGE = 100

log = structlog.get_logger()


async def catch_up(client: NinteiClient, listener: Listener) -> None:
    """Take in what each known direct-message channel received after the last message that was handled."""
    for member in await client.services.contacts.everybody():
        try:
            await _read(client, listener, member)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as fault:
            # It is said at the next contact: what cannot be fetched must not be lost in silence.
            log.warning("absence_unread", member=member.id, fault=type(fault).__name__)
            since = discord.utils.snowflake_time(member.handled_id) if member.handled_id else client.clock.now()
            await client.services.contacts.unread(member.id, since)
        await listener.read_up(member.id)
    await listener.read_up(None)


async def _read(client: NinteiClient, listener: Listener, member: Member) -> None:
    if member.channel_id is None:
        return
    channel = client.get_partial_messageable(member.channel_id, type=discord.ChannelType.private)
    after = discord.Object(member.handled_id or 0)
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
            async with client.limiter:
                page = [message async for message in channel.history(limit=PAGE, after=after, oldest_first=True)]
        except (discord.DiscordServerError, aiohttp.ClientError, OSError):
            if pause is None:
                raise
            await asyncio.sleep(pause)
        else:
            return sorted(page, key=lambda message: message.id)
    raise AssertionError
