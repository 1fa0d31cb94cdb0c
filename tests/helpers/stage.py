"""The whole bot with the real Discord client, over real sockets, against the fake Discord and a manual clock."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import RunningBot, run_bot
from bot.discord_app.timeouts import DEFAULT_TIMEOUTS, Timeouts
from bot.domain.types import MemberId
from bot.fake_discord.clock import ManualClock
from bot.fake_discord.server import FakeDiscord
from bot.fake_discord.state import Message
from bot.fake_discord.users import FakeUser
from bot.mail.mailbox_session import MailboxSession
from bot.ops.health import DEFAULT_LIMITS, MonitoringLimits
from bot.scheduling.membership import DEFAULT_TIMING, LeaseTiming
from bot.settings import read_settings
from storage.connect import connect
from storage.database import Row, Value

TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO)
"""A Tuesday."""


@dataclass
class Stage:
    """One Discord, one clock, one database; the bot can be started on it and stopped again."""

    discord: FakeDiscord
    clock: ManualClock
    database_url: str
    environ: dict[str, str]
    mika: FakeUser
    newcomer: bool = False
    """Whether Mika is not registered yet; otherwise she is, and was welcomed."""
    bot: RunningBot | None = None
    timeouts: Timeouts = DEFAULT_TIMEOUTS
    lease_timing: LeaseTiming = DEFAULT_TIMING
    monitoring_limits: MonitoringLimits = DEFAULT_LIMITS
    make_mailbox_session: Callable[[], MailboxSession] | None = None
    """A mailbox in place of one that the settings name."""

    def start(self) -> AbstractAsyncContextManager[RunningBot]:
        """Run the bot while the block runs, without waiting for its connection to Discord."""
        environ = {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api_url,
            "DATABASE_URL": self.database_url,
            "RECEIPT_WAIT": "0",
        }
        return run_bot(
            read_settings({**environ, **self.environ}),
            self.clock,
            timeouts=self.timeouts,
            lease_timing=self.lease_timing,
            monitoring_limits=self.monitoring_limits,
            make_mailbox_session=self.make_mailbox_session,
        )

    @asynccontextmanager
    async def open_bot(self) -> AsyncIterator[RunningBot]:
        """Run the bot while the block runs, connected and with its backlog handled."""
        async with self.start() as bot:
            await self.discord.wait_for_bot()
            await bot.client.backlog_processed.wait()
            if not self.newcomer:
                contacts = bot.client.services.members
                await contacts.get_or_register(MemberId(self.mika.user.id), now=self.clock.now(), locale="ja")
            self.bot = bot
            yield bot

    @property
    def database(self) -> Path:
        """SQLite's file."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    async def rows(self, sql: str, *values: Value) -> list[Row]:
        """Run a statement in the database without the bot, and commit it."""
        if self.database_url.startswith("sqlite") and sql.startswith("SELECT"):  # connecting as the bot takes longer
            await asyncio.sleep(0)  # a test may ask until it is so
            with closing(sqlite3.connect(self.database)) as connection:
                return [*connection.execute(sql.replace("$", "?"), values)]
        database = await connect(self.database_url)
        try:
            async with database.write() as transaction:
                return await transaction.fetch(sql, *values)
        finally:
            await database.close()

    async def raw(self) -> bytes:
        """Everything stored: the bytes of SQLite's files, or every row of every table."""
        if self.database_url.startswith("sqlite"):
            kept = [each for each in self.database.parent.glob(f"{self.database.name}*") if each.suffix != ".erasures"]
            return b"".join(each.read_bytes() for each in kept)
        tables = await self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        kept_rows = [await self.rows(f"SELECT CAST(t AS TEXT) FROM {table} AS t") for [table] in tables]
        return "".join(row[0] for rows in kept_rows for row in rows).encode()

    def at(self, hour: int, minute: int = 0, *, days: int = 0) -> datetime:
        """A time of the first day, or of another one."""
        return NOON.replace(hour=hour, minute=minute) + timedelta(days=days)

    async def move_to(self, instant: datetime) -> None:
        """Move the clock in one jump, and wait until everything due by then is done."""
        self.clock.advance_to(instant)
        assert self.bot is not None
        await self.bot.dispatcher.wait_idle()
        await self.bot.periodic_tasks.wait_idle()
        await self.bot.card_updates.wait_idle()

    async def handlers_done(self) -> None:
        """Wait until what members wrote and pressed is handled to its end: an answer comes before its card is stored."""
        assert self.bot is not None
        while running := self.bot.client._in_flight:
            await asyncio.wait(running)

    async def live_to(self, instant: datetime) -> None:
        """Move the clock from one reminder to the next, so that each is sent at its time."""
        assert self.bot is not None
        while (due := await self.bot.dispatcher.next_due()) is not None and due <= instant:
            await self.move_to(max(due, self.clock.now()))
        await self.move_to(instant)

    def news(self) -> list[Message]:
        """The bot's unread direct messages; they count as read from now on."""
        return self.mika.drain_bot_messages()
