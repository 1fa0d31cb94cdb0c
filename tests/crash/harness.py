"""Start the bot as a real process, let members use it while reminders fall due, kill it, audit, and start it again."""

import asyncio
import os
import random
import signal
import sqlite3
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.rehearsal.server import StandIn
from bot.values import to_micros
from tests.crash.audit import Audit, Report
from tests.crash.members import Member

ROOT = Path(__file__).parents[2]
MEMBERS = 6
PATIENCE = timedelta(seconds=100)
"""In the end: longer than a lease and the sweep after it."""

BACKLOG = timedelta(seconds=0.1)
"""For each message that may have piled up: between kills the bot is not alive long enough to read them all."""

Tell = Callable[[str], None]


class MachineClock:
    """The stand-in goes by the machine's time, as the bot does."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class Harness:
    """One run."""

    def __init__(self, discord: StandIn, folder: Path, seed: int, sabotage: str | None) -> None:
        self._discord = discord
        self._database = folder / "nintei.db"
        self._choices = random.Random(seed)
        self._sabotage = sabotage
        self._sent = asyncio.Event()
        self.members = [
            Member(discord.add_person(f"member{number}"), random.Random(f"{seed}/{number}"))
            for number in range(MEMBERS)
        ]
        self.report = Report()
        discord.faults.latency = self._latency

    def _latency(self) -> float:
        """Discord has acted, and takes a while to say so: a good moment to die."""
        last = self._discord.requests[-1] if self._discord.requests else None
        if last and last.method == "POST" and str((last.body or {}).get("nonce", "")).startswith("nintei-"):
            self._sent.set()
        return self._choices.uniform(0, 0.12)

    async def _start(self) -> Process:
        environ = {
            **os.environ,
            "DISCORD_TOKEN": self._discord.token,
            "DISCORD_API_URL": self._discord.api_url,
            "DATABASE_URL": f"sqlite:///{self._database}",
            "DEFAULT_QUIET_HOURS": "",
            "DEFAULT_LOCALE": "ja",
            "LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(ROOT),
        }
        await self._discord.gateway.drop()
        broken = [self._sabotage] if self._sabotage else []
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(Path(__file__).with_name("bot_under_test.py")), *broken, cwd=ROOT, env=environ
        )
        await self._discord.world.until(lambda: self._discord.gateway.connected, within=30)
        return process

    async def meet(self) -> None:
        """Everybody has written once: before that the bot knows no channel in which to look for what it missed."""
        process = await self._start()
        for member in self.members:
            await member.person.command("status")
        process.terminate()
        await process.wait()

    async def round(self) -> None:
        """Start, use, kill, audit."""
        process = await self._start()
        alive = [asyncio.create_task(member.live()) for member in self.members]
        await asyncio.sleep(self._choices.uniform(0.1, 1.2))
        if self._choices.random() < 0.7:
            self._sent.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._sent.wait(), 1.5)
            await asyncio.sleep(self._choices.uniform(0, 0.02))
        process.send_signal(signal.SIGKILL)
        await process.wait()
        for task in alive:
            task.cancel()
        await asyncio.gather(*alive, return_exceptions=True)
        self.report.kills += 1
        audit = Audit(self._database, self.members, self.report)
        audit.after_a_kill()
        audit.close()

    async def settle(self) -> None:
        """Let the bot run undisturbed until everything due has ended, and look at it all once more."""
        process = await self._start()
        stopped_at = datetime.now(UTC)
        until = stopped_at + PATIENCE + BACKLOG * sum(len(member.forwarded) for member in self.members)
        while datetime.now(UTC) < until and self._under_way(stopped_at):
            await asyncio.sleep(0.5)  # the database belongs to another process
        process.terminate()
        await process.wait()
        audit = Audit(self._database, self.members, self.report)
        audit.in_the_end(stopped_at)
        audit.close()

    def _under_way(self, until: datetime) -> bool:
        """A reminder whose moment came has not ended, or a forward that came while the bot was dead is unread."""
        with sqlite3.connect(f"file:{self._database}?mode=ro", uri=True) as database:
            waits = database.execute(
                "SELECT 1 FROM occurrences WHERE state IN ('planned', 'claimed') AND remind_at <= ? LIMIT 1",
                (to_micros(until),),
            ).fetchone()
            handled = dict(database.execute("SELECT member_id, handled_id FROM members").fetchall())
        return bool(waits) or any(
            max((each.id for each in member.person.sees() if each.author is member.person.user), default=0)
            > (handled.get(member.person.user.id) or 0)
            for member in self.members
        )


async def run_crashes(
    kills: int, seed: int, *, sabotage: str | None = None, until_unclean: bool = False, tell: Tell = lambda _line: None
) -> Report:
    """So many kills, and what the audits found; with `until_unclean` no more once they found something."""
    with tempfile.TemporaryDirectory() as folder:
        async with StandIn(MachineClock()) as discord:
            harness = Harness(discord, Path(folder), seed, sabotage)
            await harness.meet()
            for number in range(1, kills + 1):
                await harness.round()
                if number % 25 == 0:
                    tell(str(harness.report))
                if until_unclean and not harness.report.clean:
                    return harness.report
            await harness.settle()
            return harness.report
