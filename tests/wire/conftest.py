"""The real client over real sockets: a Discord on this machine, the whole bot against it, and a clock moved by hand."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import discord
import pytest

from bot.app import Running, running
from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.person import Person
from bot.rehearsal.server import StandIn
from bot.settings import read_settings

TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO)
"""A Tuesday."""


@dataclass
class Stage:
    """One Discord, one clock, one database file; the bot can be started on it and stopped again."""

    discord: StandIn
    clock: RehearsalClock
    database: Path
    environ: dict[str, str]
    mika: Person
    bot: Running | None = None

    @asynccontextmanager
    async def open_bot(self) -> AsyncIterator[Running]:
        settings = read_settings(
            {
                "DISCORD_TOKEN": self.discord.token,
                "DISCORD_API_URL": self.discord.api_url,
                "DATABASE_URL": f"sqlite:///{self.database}",
                **self.environ,
            }
        )
        async with running(settings, self.clock) as bot:
            await self.discord.bot_ready()
            await bot.connection.caught_up.wait()
            self.bot = bot
            yield bot

    async def pass_time(self, **span: float) -> None:
        """Move the clock, and let everything that is due by then happen."""
        from datetime import timedelta

        self.clock.advance(timedelta(**span))
        assert self.bot is not None
        await self.bot.dispatcher.settled()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Everything but the bot."""
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    clock = RehearsalClock(NOON)
    async with StandIn(clock) as there:
        yield Stage(there, clock, tmp_path / "nintei.db", {}, there.add_person("mika"))
    discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@pytest.fixture
async def up(stage: Stage) -> AsyncIterator[Stage]:
    """Everything, the bot included."""
    async with stage.open_bot():
        yield stage
