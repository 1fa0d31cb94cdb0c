"""The discord.py client of this bot, and what everything in this room finds on it."""

from typing import TYPE_CHECKING, Protocol, cast

import discord
from aiolimiter import AsyncLimiter
from discord import app_commands

from bot.clock import Clock
from bot.services.house import Services
from bot.values import MemberId
from storage.members import DirectMessages

if TYPE_CHECKING:
    from bot.chat.controls import Act, Of


class Presses(Protocol):
    """What happens when somebody presses or chooses."""

    async def __call__(
        self, interaction: "Interaction", of: "Of", number: int, act: "Act", values: tuple[str, ...]
    ) -> None: ...


class NinteiClient(discord.Client):
    """Guilds and direct messages are intents enough: no privileged one is asked for."""

    def __init__(self, services: Services, clock: Clock, limiter: AsyncLimiter, presses: Presses) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            guild_ready_timeout=0,  # nothing of a server is needed to answer
        )
        self.services = services
        self.clock = clock
        self.limiter = limiter
        self.presses = presses
        self.tree = app_commands.CommandTree(
            self,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

    async def greet(self, member: MemberId, nonce: str) -> DirectMessages:
        """Try a first direct message; whether it arrived."""
        raise NotImplementedError


Interaction = discord.Interaction[NinteiClient]


def typed(interaction: "discord.Interaction[discord.Client]") -> Interaction:
    """discord.py's own callbacks do not know which client they serve."""
    return cast("Interaction", interaction)
