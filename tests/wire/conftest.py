"""The real client over real sockets: a Discord on this machine, the whole bot against it, and a clock moved by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import discord
import pytest
from published import DESCRIPTION, faults

from bot.app import Running, running
from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.person import Person
from bot.rehearsal.server import StandIn
from bot.rehearsal.world import Message
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
        """The bot, until the block ends."""
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

    def at(self, hour: int, minute: int = 0, *, days: int = 0) -> datetime:
        """A time of the first day, or of another one."""
        return NOON.replace(hour=hour, minute=minute) + timedelta(days=days)

    async def move_to(self, instant: datetime) -> None:
        """Move the clock at once, and let everything that is due by then happen."""
        self.clock.advance_to(instant)
        assert self.bot is not None
        await self.bot.dispatcher.settled()
        await self.bot.rounds.settled()

    async def live_to(self, instant: datetime) -> None:
        """Move the clock from reminder to reminder."""
        assert self.bot is not None
        while (due := await self.bot.dispatcher.next_due()) is not None and due <= instant:
            await self.move_to(max(due, self.clock.now()))
        await self.move_to(instant)

    def news(self) -> list[Message]:
        """What the bot wrote by itself and nobody has heard yet; from now on heard."""
        return self.mika.hear_all()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Everything but the bot. In the end every request is held against Discord's description."""
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    clock = RehearsalClock(NOON)
    async with StandIn(clock) as there:
        yield Stage(there, clock, tmp_path / "nintei.db", {}, there.add_person("mika"))
    discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
    if DESCRIPTION.exists():
        assert faults(there.requests) == []


@pytest.fixture
async def up(stage: Stage) -> AsyncIterator[Stage]:
    """Everything, the bot included."""
    async with stage.open_bot():
        yield stage
