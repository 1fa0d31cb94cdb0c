"""One bot for many tests, each with a member of its own: its start takes longer than most of what they ask of it.

Before each test the clock stands at noon again, and nobody is registered but its member. A test that leaves something
which the next one could notice, as another day or a fault of Discord, is the last one of its bot.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import discord

from bot.domain.types import MemberId
from bot.fake_discord.clock import ManualClock
from bot.fake_discord.server import FakeDiscord
from bot.fake_discord.state import DISCORD_EPOCH
from bot.i18n.command_mentions import set_command_ids
from storage.engines.sqlite_connection import BUSY_TIMEOUT
from tests.helpers.api_description import violations
from tests.helpers.stage import NOON, Stage

IDS_OF_A_TEST: Final = 1 << 14
"""At one instant. An id has 22 bits beside the time."""

MAX_TESTS: Final = (1 << 22) // IDS_OF_A_TEST - 1

LATEST: Final = NOON + timedelta(minutes=59)
"""Until then nothing runs that the bot does once an hour or a day."""

TABLES: Final = ("members", "erasures", "blocked_users", "operator_requests", "claimed_events")
"""Those that a test can fill, without those whose rows go with a member."""

HANDLERS: Final = ("CommandTree-invoker", "discord.py: ")
"""What the tasks that handle an event are called."""


class RepeatedClock(ManualClock):
    """Can be set back to noon."""

    def __init__(self) -> None:
        super().__init__(NOON)
        self._noon = self._now

    def set_back(self) -> None:
        self._now = self._noon


class Ids:
    """Discord's ids: at noon of one test others than at noon of the tests before."""

    def __init__(self, discord: FakeDiscord) -> None:
        self._clock = discord.clock
        self._first, self._last = 0, 0
        self.begin_test()
        discord.state.next_id = self.next_id  # type: ignore[method-assign]

    def begin_test(self) -> None:
        """From now on the ids are those of another test."""
        self._first += IDS_OF_A_TEST
        self._last = 0

    def next_id(self) -> int:
        """As `DiscordState.next_id`."""
        millis = (self._clock.now() - DISCORD_EPOCH) // timedelta(milliseconds=1)
        self._last = max((millis << 22) + self._first, self._last + 1)
        return self._last


@dataclass
class SharedBot:
    """A running bot, and what it was like before the first test: nobody is registered."""

    stage: Stage
    clock: RepeatedClock
    command_ids: dict[str, int]
    ids: Ids = field(init=False)
    tests: int = 0

    def __post_init__(self) -> None:
        self.ids = Ids(self.stage.discord)
        self._faults = deepcopy(self.stage.discord.faults)
        self._environ = dict(self.stage.environ)
        self._commands = list(self.stage.discord.state.commands)
        self._addresses = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY

    async def begin_test(self) -> Stage:
        """The stage with a new Mika, who was welcomed."""
        self.tests += 1
        self.clock.set_back()
        self.ids.begin_test()
        self.stage.discord.requests.clear()
        set_command_ids(self.command_ids)
        # The bot of the other engine may have been started since: discord.py has one address for all.
        discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = self._addresses
        mika, bot = self.stage.discord.add_user("mika"), self.stage.bot
        assert bot is not None
        await bot.client.services.members.get_or_register(MemberId(mika.user.id), now=self.clock.now(), locale="ja")
        return replace(self.stage, mika=mika, newcomer=False)

    async def end_test(self) -> bool:
        """Let it finish what it does and forget every member. Returns whether another test can follow."""
        bot, there = self.stage.bot, self.stage.discord
        assert bot is not None
        can_follow = (
            self.tests < MAX_TESTS
            and self.clock.now() <= LATEST
            and there.faults == self._faults
            and not there.state.guilds
            and there.state.commands == self._commands
            and self.stage.environ == self._environ
            and there.gateway.connected
            and not bot.gateway_task.done()
        )
        if can_follow:
            while handlers := [each for each in asyncio.all_tasks() if each.get_name().startswith(HANDLERS)]:
                await asyncio.wait(handlers)
            await bot.client.dm_handler.receipts.flush()
            await bot.dispatcher.wait_idle()
            await bot.card_updates.wait_idle()
            await self._forget_members()
        return can_follow

    async def _forget_members(self) -> None:
        """Ids begin with 1 again: members are shown some."""
        if self.stage.database_url.startswith("sqlite"):
            await asyncio.to_thread(self._forget_members_of_file)  # the bot may be writing
        else:
            await self.stage.rows(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY CASCADE")

    def _forget_members_of_file(self) -> None:
        with closing(sqlite3.connect(self.stage.database, isolation_level=None, timeout=BUSY_TIMEOUT)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN IMMEDIATE")
            for table in TABLES:
                connection.execute(f"DELETE FROM {table}")
            connection.execute("UPDATE sqlite_sequence SET seq = 0")
            connection.execute("COMMIT")


class SharedBots:
    """The bot of each engine, started when a test asks for it."""

    def __init__(self, start: Callable[[str, RepeatedClock, AsyncExitStack], Awaitable[SharedBot]]) -> None:
        self._start = start
        self._running: dict[str, tuple[SharedBot, AsyncExitStack]] = {}

    @asynccontextmanager
    async def one_test(self, engine: str) -> AsyncIterator[Stage]:
        """The stage of one test on an engine."""
        if engine not in self._running:
            stack = AsyncExitStack()
            self._running[engine] = await self._start(engine, RepeatedClock(), stack), stack
        shared, _ = self._running[engine]
        yield await shared.begin_test()
        requests = list(shared.stage.discord.requests)
        if not await shared.end_test():
            await self.end(engine)
        assert violations(requests) == []

    async def end(self, engine: str) -> None:
        """Stop the bot of an engine."""
        _, stack = self._running.pop(engine)
        await stack.aclose()

    async def end_all(self) -> None:
        """Stop all."""
        for engine in list(self._running):
            await self.end(engine)
