"""The discord.py client of this bot, and what everything in this room finds on it."""

from typing import Final

import discord
from discord import app_commands

from bot.clock import Clock
from bot.discord_app.keyed_semaphore import KeyedSemaphore
from bot.discord_app.picture_attachments import PictureAttacher
from bot.discord_app.rate_limiter import RateLimiter
from bot.domain.types import MemberId
from bot.instrumentation import NULL_METRICS, Metrics
from bot.services.container import Services
from storage.members import DmStatus

MAX_CONCURRENT_PER_MEMBER: Final = 3
"""Interactions of one member: a long import leaves room for a look at something else."""


class NinteiClient(discord.AutoShardedClient):
    """Guilds, direct messages and what mentions the bot are intents enough: no privileged one is asked for."""

    def __init__(
        self,
        services: Services,
        clock: Clock,
        rate_limiter: RateLimiter,
        pictures: PictureAttacher | None,
        *,
        shards: int,
        metrics: Metrics = NULL_METRICS,
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
        self.rate_limiter = rate_limiter
        self.metrics = metrics
        self.command_ids: dict[str, int] = {}
        """What Discord calls each command ("job add": of a group), so that it can be mentioned."""
        self.pictures = pictures
        """None: the operator wants none."""
        self.member_semaphores = KeyedSemaphore(MAX_CONCURRENT_PER_MEMBER)
        self.tree = NinteiCommandTree(
            self,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

    async def send_test_dm(self, member: MemberId, nonce: str) -> DmStatus:
        """Try a first direct message; whether it arrived."""
        raise NotImplementedError


Interaction = discord.Interaction[NinteiClient]


class InteractionRejectedError(app_commands.AppCommandError):
    """Whoever came was told why nothing is done for them; there is nothing left to do."""


class NinteiCommandTree(app_commands.CommandTree[NinteiClient]):
    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """What discord.py calls an error may be an answer that was given."""
        if not isinstance(error, InteractionRejectedError):
            await super().on_error(interaction, error)
