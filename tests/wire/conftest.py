"""Fixtures of the tests over the wire: a fake Discord, a manual clock, and the whole bot."""

from collections.abc import AsyncIterator
from datetime import timedelta

import discord
import pytest

from bot.discord_app.timeouts import DEFAULT_TIMEOUTS, Timeouts
from bot.fake_discord.clock import ManualClock
from bot.fake_discord.server import FakeDiscord
from bot.scheduling.membership import LeaseTiming
from tests.helpers.api_description import violations
from tests.helpers.first_start import FirstStart, start_once
from tests.helpers.stage import NOON, Stage


@pytest.fixture
def clock() -> ManualClock:
    """Moved by hand."""
    return ManualClock(NOON)


@pytest.fixture
async def fake_discord(clock: ManualClock) -> AsyncIterator[FakeDiscord]:
    """A fake Discord. In the end every request is checked against Discord's API description."""
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    async with FakeDiscord(clock) as there:
        yield there
    discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
    assert violations(there.requests) == []


@pytest.fixture
def timeouts() -> Timeouts:
    """Those of the bot; a test takes others by `parametrize`."""
    return DEFAULT_TIMEOUTS


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """What a first start leaves."""
    return start_once(tmp_path_factory.mktemp("first_start"))


@pytest.fixture
async def stage(
    database_url: str, fake_discord: FakeDiscord, clock: ManualClock, timeouts: Timeouts, first_start: FirstStart
) -> Stage:
    """Everything but the bot, which was started once before: Discord has its commands."""
    mika, environ = fake_discord.add_user("mika"), {"PICTURES": "off", "BACKUP_KEEP": "0"}
    timing = LeaseTiming(identify_interval=timedelta(seconds=0.1))  # else a restart waits for five
    made = Stage(fake_discord, clock, database_url, environ, mika, timeouts=timeouts, lease_timing=timing)
    await first_start.repeat(made)
    return made


@pytest.fixture
async def up(stage: Stage) -> AsyncIterator[Stage]:
    """Everything, the bot included."""
    async with stage.open_bot():
        yield stage
