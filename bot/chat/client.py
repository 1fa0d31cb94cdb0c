"""The discord.py client of this bot, and what everything in this room finds on it."""

from typing import TYPE_CHECKING, Final, Protocol, cast

import discord
from discord import app_commands

from bot.chat.pictured import Pictures
from bot.chat.queue import SendQueue
from bot.chat.turns import Turns
from bot.clock import Clock
from bot.domain.types import MemberId
from bot.instrumentation import NULL_METRICS, Metrics
from bot.services.container import Services
from storage.members import DmStatus

if TYPE_CHECKING:
    from bot.chat.controls import Act, Of


AT_ONCE: Final = 3
"""Interactions of one member: a long import leaves room for a look at something else."""


class Presses(Protocol):
    """What happens when somebody presses or chooses."""

    async def __call__(
        self, interaction: "Interaction", of: "Of", number: int, act: "Act", values: tuple[str, ...]
    ) -> None: ...


class NinteiClient(discord.AutoShardedClient):
    """Guilds, direct messages and what mentions the bot are intents enough: no privileged one is asked for."""

    def __init__(
        self,
        services: Services,
        clock: Clock,
        limiter: SendQueue,
        presses: Presses,
        pictures: Pictures | None,
        *,
        shards: int,
        meter: Metrics = NULL_METRICS,
    ) -> None:
        super().__init__(
            shard_count=shards,
            intents=discord.Intents(guilds=True, dm_messages=True, guild_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            guild_ready_timeout=0,  # nothing of a server is needed to answer
        )
        self.services = services
        self.clock = clock
        self.limiter = limiter
        self.meter = meter
        self.presses = presses
        self.command_ids: dict[str, int] = {}
        """What Discord calls each command ("job add": of a group), so that it can be mentioned."""
        self.pictures = pictures
        """None: the operator wants none."""
        self.turns = Turns(AT_ONCE)
        self.tree = _Tree(
            self,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

    async def greet(self, member: MemberId, nonce: str) -> DmStatus:
        """Try a first direct message; whether it arrived."""
        raise NotImplementedError


Interaction = discord.Interaction[NinteiClient]


class TurnedAwayError(app_commands.AppCommandError):
    """Whoever came was told why nothing is done for them; there is nothing left to do."""


class _Tree(app_commands.CommandTree[NinteiClient]):
    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """What discord.py calls an error may be an answer that was given."""
        if not isinstance(error, TurnedAwayError):
            await super().on_error(interaction, error)


def typed(interaction: "discord.Interaction[discord.Client]") -> Interaction:
    """discord.py's own callbacks do not know which client they serve."""
    return cast("Interaction", interaction)
