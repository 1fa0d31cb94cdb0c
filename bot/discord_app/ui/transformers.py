"""A text channel as a command's option."""

from typing import Any

import discord
from discord import app_commands


class TextChannelTransformer(app_commands.Transformer):
    """One that the bot knows or not: as Discord tells of it, with what the member may do there."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return [discord.ChannelType.text]

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> app_commands.AppCommandChannel:
        """As it is."""
        del interaction
        channel: app_commands.AppCommandChannel = value
        return channel
