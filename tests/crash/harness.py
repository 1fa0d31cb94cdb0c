"""Start the bot as real processes, let members use it while reminders fall due, kill one, audit, and start it again."""

import asyncio
import itertools
import os
import random
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.calendar import instant_to_micros
from bot.fake_discord.api_request import ApiRequest
from bot.fake_discord.server import FakeDiscord
from storage.connect import connect
from tests.crash.arriving import MAILBOX
from tests.crash.audit import auditing
from tests.crash.card_audit import audit_cards
from tests.crash.members import Member, posted_windows
from tests.crash.report import Report
from tests.helpers.closing import closing
from tests.helpers.machine import ROOT, MachineClock
from tests.helpers.preloaded import PreloadedProcess, start_preloaded
from tests.helpers.servers import server

MEMBERS = 6
PATIENCE = timedelta(seconds=60)
"""In the end: longer than a lease, and than a few attempts after it."""

BACKLOG = timedelta(seconds=0.1)
"""For each message that may have piled up: between kills the bot is not alive long enough to read them all."""

ANSWER = 3.0
"""Seconds in which Discord wants an interaction answered."""

STOP = 60.0
"""Seconds after which a process that was asked to stop is killed."""

ROUND = 180.0
"""Seconds after which a round has failed: whatever hangs in it is not waited for."""

PrintLine = Callable[[str], None]


def _is_reminder(request: ApiRequest) -> bool:
    return request.method == "POST" and str((request.body or {}).get("nonce", "")).startswith("nintei-")


class Harness:
    """One run: one process on a SQLite file, or several on a PostgreSQL server."""

    def __init__(self, discord: FakeDiscord, url: str, folder: str, seed: int, changes: list[str], count: int) -> None:
        self._discord = discord
        self._url = url
        self._folder = folder
        self._choices = random.Random(seed)
        self._changes = changes
        self._processes: list[PreloadedProcess | None] = [None] * count
        self._sent = asyncio.Event()
        self._noted = 0
        self._windows_by_nonce: dict[str, set[int]] = {}
        self._sockets = [f"{folder}/lmtp{place}" for place in range(count)]
        self.members = [
            Member(
                discord.add_user(f"member{number}"),
                random.Random(f"{seed}/{number}"),
                self._windows_by_nonce,
                self._sockets,
            )
            for number in range(MEMBERS)
        ]
        self.report = Report()
        discord.faults.latency = self._latency

    def _latency(self) -> float:
        """Discord has acted, and takes a while to answer: an instant at which a kill tells most."""
        last = self._discord.requests[-1] if self._discord.requests else None
        if last and _is_reminder(last):
            self._sent.set()
        self._note_posted()
        return self._choices.uniform(0, 0.12)

    def _note_posted(self) -> None:
        """Note the reminders among the requests since the last call."""
        for request in self._discord.requests[self._noted :]:
            if _is_reminder(request):
                nonce = str(request.body["nonce"])
                self._windows_by_nonce.setdefault(nonce, set()).update(posted_windows(request.body))
        self._noted = len(self._discord.requests)

    async def start(self) -> None:
        """Start every process that does not run, and return once one listens."""
        if len(self._processes) == 1:
            await self._discord.gateway.close_all()
        environ = {
            **os.environ,
            "DISCORD_TOKEN": self._discord.token,
            "DISCORD_API_URL": self._discord.api_url,
            "DATABASE_URL": self._url,
            "ERASURES_FOLDER": self._folder,
            "DEFAULT_QUIET_HOURS": "",
            "RECEIPT_WAIT": "0.2",
            "DEFAULT_LOCALE": "ja",
            "LOG_LEVEL": "ERROR",
            "PICTURES": "off",
            "MAIL_ADDRESS": MAILBOX,
            "PYTHONPATH": str(ROOT),
        }
        for place, process in enumerate(self._processes):
            if process is None:
                self._processes[place] = await start_preloaded(
                    [str(Path(__file__).with_name("bot_under_test.py")), *self._changes],
                    cwd=ROOT,
                    env={**environ, "MAIL_LMTP": f"unix:{self._sockets[place]}"},
                )
        await self._discord.state.wait_until(lambda: self._discord.gateway.connected, timeout_seconds=60)

    async def stop(self) -> None:
        """Stop all processes by SIGTERM, as an operator does. One that goes on all the same is killed: an error."""
        for place, process in enumerate(self._processes):
            if process is not None:
                process.terminate()
                try:
                    async with asyncio.timeout(STOP):
                        await process.wait()
                except TimeoutError:
                    process.kill()
                    raise
                finally:
                    self._processes[place] = None

    async def kill(self, place: int) -> None:
        """Kill a process by SIGKILL, which it cannot handle."""
        process = self._processes[place]
        assert process is not None
        process.send_signal(signal.SIGKILL)
        await process.wait()
        self._processes[place] = None
        self.report.kills += 1

    async def meet(self) -> None:
        """Everybody has written once: before that the bot knows no channel in which to look for what it missed."""
        await self.start()
        for member in self.members:
            await member.person.command("status")

    async def round(self, number: int) -> None:
        """Start, use, kill one, audit."""
        await self.start()
        alive = [asyncio.create_task(member.live()) for member in self.members]
        await asyncio.sleep(self._choices.uniform(0.1, 1.2))
        if self._choices.random() < 0.7:
            self._sent.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._sent.wait(), 1.5)
            await asyncio.sleep(self._choices.uniform(0, 0.02))
        await self.kill(number % len(self._processes))
        for task in alive:
            task.cancel()
        await asyncio.gather(*alive, return_exceptions=True)
        self._note_posted()
        async with auditing(self._url, self.members, self.report) as audit:
            await audit.after_a_kill()

    async def settle(self) -> None:
        """Let the bot run undisturbed until everything due has ended, and look at it all once more."""
        await self.start()
        for member in self.members:  # whose channel was erased too is read again when they write
            await member.forward()
        await self._hand_mails_over()
        stopped_at = datetime.now(UTC)
        until = stopped_at + PATIENCE + BACKLOG * sum(len(member.forwarded) for member in self.members)
        while datetime.now(UTC) < until and await self._under_way(stopped_at):
            await asyncio.sleep(0.5)  # the database belongs to other processes
        await self.stop()
        self._note_posted()
        async with auditing(self._url, self.members, self.report) as audit:
            await audit.in_the_end(stopped_at)
        database = await connect(self._url)
        try:
            await audit_cards(database, self.members, self.report)
        finally:
            await database.close()

    async def _hand_mails_over(self) -> None:
        """The mail servers try again until every mail is accepted."""
        async with asyncio.timeout(PATIENCE.total_seconds()):
            for member in self.members:
                while not all(mail.accepted for mail in member.mails):
                    await member.hand_mails_over()
                    await asyncio.sleep(0.1)  # until a process listens, or answers other mails

    async def _under_way(self, until: datetime) -> bool:
        """A reminder whose moment came has not ended, a card is to be edited, or a forward is unread."""
        async with closing(await connect(self._url)) as database:
            waits = await database.fetch(
                "SELECT 1 FROM occurrences WHERE state IN ('planned', 'claimed') AND remind_at <= $1 LIMIT 1",
                instant_to_micros(until),
            )
            now = instant_to_micros(datetime.now(UTC))
            waits += await database.fetch("SELECT 1 FROM cards WHERE edit_at <= $1 LIMIT 1", now)
            handled = {row[0]: row[1] for row in await database.fetch("SELECT member_id, handled_id FROM members")}
        return bool(waits) or any(
            max((each.id for each in member.person.visible_messages() if each.author is member.person.user), default=0)
            > (handled.get(member.person.user.id) or 0)
            for member in self.members
        )

    async def takeover(self) -> float:
        """Kill the one that listens; seconds until a member is answered again."""
        await self.start()
        for place in itertools.cycle(range(len(self._processes))):
            await self.kill(place)
            began = time.monotonic()
            if not await self._answers():
                while not await self._answers():
                    pass
                break
            await self.start()  # it was another one that listened
        return time.monotonic() - began

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(ANSWER):
                await self.members[0].person.command("status")
        except TimeoutError:
            return False
        return True


async def run_crashes(
    kills: int,
    seed: int,
    *,
    processes: int = 1,
    sabotage: str | None = None,
    until_unclean: bool = False,
    print_line: PrintLine = lambda _line: None,
) -> Report:
    """So many kills, and what the audits found; with `until_unclean` no more once they found something."""
    changes = ["quick", *([sabotage] if sabotage else [])]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/nintei.db" if processes == 1 else await server().make_database()
        async with FakeDiscord(MachineClock()) as discord:
            harness = Harness(discord, url, folder, seed, changes, processes)
            try:
                async with asyncio.timeout(ROUND):
                    await harness.meet()
                for number in range(kills):
                    known = len(harness.report.findings)
                    async with asyncio.timeout(ROUND):
                        await harness.round(number)
                    for finding in harness.report.findings[known:]:
                        print_line(f"  after kill {number + 1}: {finding}")
                    if harness.report.kills % 25 == 0:
                        print_line(str(harness.report))
                    if until_unclean and not harness.report.clean:
                        return harness.report
                await harness.settle()
            finally:
                await harness.stop()
            return harness.report


async def time_takeover(seed: int, processes: int) -> float:
    """Seconds from the death of the process that listens until a member is answered again, with the real leases."""
    with tempfile.TemporaryDirectory() as folder:
        return await _time_takeover(seed, processes, folder)


async def _time_takeover(seed: int, processes: int, folder: str) -> float:
    async with FakeDiscord(MachineClock()) as discord:
        harness = Harness(discord, await server().make_database(), folder, seed, [], processes)
        try:
            async with asyncio.timeout(ROUND):
                await harness.meet()
                return await harness.takeover()
        finally:
            await harness.stop()
