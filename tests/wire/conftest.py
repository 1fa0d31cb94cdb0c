"""Fixtures of the tests over the wire: a fake Discord, a manual clock, and the whole bot."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import discord
import pytest
import pytest_asyncio

from bot.discord_app.timeouts import DEFAULT_TIMEOUTS, Timeouts
from bot.domain.types import Locale
from bot.fake_discord.clock import ManualClock
from bot.fake_discord.server import FakeDiscord
from bot.scheduling.membership import LeaseTiming
from tests.helpers.api_description import violations
from tests.helpers.first_start import FirstStart, start_once
from tests.helpers.servers import database_of
from tests.helpers.shared_bot import RepeatedClock, SharedBot, SharedBots
from tests.helpers.stage import NOON, Stage


@pytest.fixture(params=["ja", "en"])
def language(request: pytest.FixtureRequest) -> Locale:
    """The member's: the test is run with each."""
    locale: Locale = request.param
    return locale


@pytest.fixture
def clock() -> ManualClock:
    """Moved by hand."""
    return ManualClock(NOON)


@asynccontextmanager
async def _discord_running(clock: ManualClock) -> AsyncIterator[FakeDiscord]:
    base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    async with FakeDiscord(clock) as there:
        yield there
    discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@pytest.fixture
async def fake_discord(clock: ManualClock) -> AsyncIterator[FakeDiscord]:
    """A fake Discord. In the end every request is checked against Discord's API description."""
    async with _discord_running(clock) as there:
        yield there
    assert violations(there.requests) == []


@pytest.fixture
def timeouts() -> Timeouts:
    """Those of the bot; a test takes others by `parametrize`."""
    return DEFAULT_TIMEOUTS


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """What a first start leaves."""
    return start_once(tmp_path_factory.mktemp("first_start"))


async def _set_stage(
    database_url: str, fake_discord: FakeDiscord, clock: ManualClock, timeouts: Timeouts, first_start: FirstStart
) -> Stage:
    # Nothing waits for its turn: the limit has tests of its own (tests/unit/test_rate_limiter.py).
    mika, environ = fake_discord.add_user("mika"), {"PICTURES": "off", "BACKUP_KEEP": "0", "SEND_RATE": "0"}
    timing = LeaseTiming(identify_interval=timedelta(seconds=0.1))  # else a restart waits for five
    made = Stage(fake_discord, clock, database_url, environ, mika, timeouts=timeouts, lease_timing=timing)
    await first_start.repeat(made)
    return made


@pytest.fixture
async def stage(
    database_url: str, fake_discord: FakeDiscord, clock: ManualClock, timeouts: Timeouts, first_start: FirstStart
) -> Stage:
    """Everything but the bot, which was started once before: Discord has its commands."""
    return await _set_stage(database_url, fake_discord, clock, timeouts, first_start)


@pytest.fixture
async def alone(stage: Stage) -> AsyncIterator[Stage]:
    """Everything, the bot included, for this test alone."""
    async with stage.open_bot():
        yield stage


@pytest.fixture
def up(alone: Stage) -> Stage:
    """Everything, the bot included; in some modules it is `shared`."""
    return alone


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_bots(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> AsyncIterator[SharedBots]:
    """Those of this module, where tests ask for them."""

    async def start(engine: str, clock: RepeatedClock, stack: AsyncExitStack) -> SharedBot:
        url = await stack.enter_async_context(database_of(engine, tmp_path_factory.mktemp("shared") / "nintei.db"))
        there = await stack.enter_async_context(_discord_running(clock))
        made = await _set_stage(url, there, clock, DEFAULT_TIMEOUTS, first_start)
        made.newcomer = True
        await stack.enter_async_context(made.open_bot())
        return SharedBot(made, clock, json.loads(first_start.command_ids))

    bots = SharedBots(start)
    yield bots
    await bots.end_all()


@pytest_asyncio.fixture(loop_scope="module")
async def shared(
    shared_bots: SharedBots, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """Everything, the bot included, which other tests of this module use too; Mika is a member of this test."""
    if engine != "sqlite":
        monkeypatch.chdir(tmp_path)  # erasures are noted under data/
    async with shared_bots.one_test(engine) as stage:
        yield stage


def pytest_itemcollected(item: pytest.Item) -> None:
    """A test runs in the event loop of its bot."""
    names = getattr(item, "fixturenames", ())
    if "shared" in names:
        if others := {"alone", "stage", "fake_discord", "clock", "database_url", "timeouts"} & set(names):
            raise pytest.UsageError(f"{item.nodeid}: {min(others)} is not that of the shared bot")
        item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)
