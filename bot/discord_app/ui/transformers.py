"""The type of options that name a channel of a server."""

from typing import Any

import discord
from discord import app_commands


class TextChannelTransformer(app_commands.Transformer):
    """A channel as Discord sends it with the interaction, with the member's permissions; the bot need not see it."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return [discord.ChannelType.text]

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> app_commands.AppCommandChannel:
        """Return it unchanged."""
        del interaction
        channel: app_commands.AppCommandChannel = value
        return channel
