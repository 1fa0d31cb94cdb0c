"""The channel of a server where a member whose direct messages are closed is mentioned: who may write there."""

from datetime import datetime
from typing import Final

import discord

from bot.domain.calendar import ONE_DAY
from bot.domain.types import MemberId
from storage import periodic_runs
from storage.database import Database

MAX_POSTS_PER_DAY: Final = 3
"""Posts of the bot in one channel within 24 hours, for all members who chose it."""


def permissions_allow_writing(permissions: discord.Permissions) -> bool:
    """Whether these permissions in a channel let somebody read and write there."""
    return permissions.administrator or (permissions.view_channel and permissions.send_messages)


def bot_may_write(client: discord.Client, channel_id: int) -> bool:
    """Whether the bot may write in a channel. True where this process does not know: then Discord decides."""
    channel = client.get_channel(channel_id)
    if not isinstance(channel, discord.abc.GuildChannel) or channel.guild.me is None:
        return True
    return permissions_allow_writing(channel.permissions_for(channel.guild.me))


async def member_may_write(client: discord.Client, channel_id: int, member_id: MemberId) -> bool:
    """Whether a member may write in a channel now. True where this process does not know the channel.

    Raises `discord.HTTPException` and the errors of connections when Discord cannot be asked.
    """
    channel = client.get_channel(channel_id)
    if not isinstance(channel, discord.abc.GuildChannel):
        return True
    try:
        return permissions_allow_writing(channel.permissions_for(await channel.guild.fetch_member(member_id)))
    except discord.NotFound:
        return False  # the member has left the server


async def claim_fallback_mention(database: Database, channel_id: int, *, now: datetime) -> bool:
    """Count a post in a channel; False when the day's posts are used up."""
    async with database.write() as transaction:
        for number in range(MAX_POSTS_PER_DAY):
            name = f"fallback {channel_id} {number}"
            if await periodic_runs.claim_periodic_task_if_due(transaction, name, ONE_DAY, now=now):
                return True
    return False
