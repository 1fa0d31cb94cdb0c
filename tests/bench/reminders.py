"""Reminders in store: starting, memory, planning and cancelling, and 10,000 at one instant."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reminders.contract_plan import WindowPlan
from bot.domain.reminders.plan import plan_reminders
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId, ThreadId
from bot.fake_discord.clock import ManualClock
from bot.fake_discord.server import FakeDiscord
from bot.services.container import Services
from bot.services.members import effective_preferences
from bot.services.new_messages import NewMessage
from bot.settings import read_defaults
from storage import planned_reminders
from storage.connect import open_database
from tests.bench.measure import Row, bot, in_turn, process, ratio, texts_and_labels
from tests.bench.seeds import seed_messages, seed_reminders
from tests.helpers.machine import ROOT, MachineClock


async def rows(scale: float = 1) -> AsyncIterator[Row]:
    """All rows of this file."""
    async for row in starting(scale):
        yield row
    async for row in planning(scale):
        yield row
    async for row in burst(scale):
        yield row


async def starting(scale: float) -> AsyncIterator[Row]:
    """From the process's first moment until a command is answered, and what it holds then."""
    rounds = max(1, int(7 * scale))
    held = int(100_000 * scale)
    with tempfile.TemporaryDirectory() as folder:
        nothing, many, old = (f"sqlite:///{folder}/{name}.db" for name in ("nothing", "many", "old"))
        await (await open_database(nothing)).close()
        await seed_reminders(
            many, [(n + 1, None) for n in range(held // 100)], 100, datetime.now(UTC) + timedelta(hours=9)
        )
        await seed_messages(old, int(1_000 * scale) or 1, 1_000)
        memory: dict[str, list[float]] = {nothing: [], many: [], old: []}

        def start(url: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
            async def measure() -> float:
                async with FakeDiscord(ManualClock(datetime.now(UTC))) as discord:
                    who = discord.add_user("m")
                    began = time.perf_counter()
                    async with bot(discord, url) as running:
                        await who.command("status")
                        took = time.perf_counter() - began
                        await asyncio.sleep(0.5)
                        memory[url].append(running.memory())
                        return took

            return measure

        empty, with_many, with_old = await in_turn(rounds, start(nothing), start(many), start(old))
    middle = statistics.median
    yield Row(
        f"start, {held:,} planned reminders : none",
        "s",
        middle(with_many),
        middle(empty),
        ratio(with_many, empty),
        at_most=1.1,
    )
    yield Row(
        f"memory, {held:,} planned reminders : none",
        "MiB",
        middle(memory[many]),
        middle(memory[nothing]),
        ratio(memory[many], memory[nothing]),
        at_most=1.1,
    )
    messages = f"{(int(1_000 * scale) or 1) * 1_000:,}"
    yield Row(f"start, {messages} messages : none", "s", middle(with_old), middle(empty), ratio(with_old, empty))
    yield Row(
        f"memory, {messages} messages : none",
        "MiB",
        middle(memory[old]),
        middle(memory[nothing]),
        ratio(memory[old], memory[nothing]),
    )


async def planning(scale: float) -> AsyncIterator[Row]:  # noqa: C901 — three things to time, each a function
    """A window's four reminders planned and cancelled, in a commit each; four stored jobs added and removed.

    The second row does all that a message and its reply do beside it.
    """
    # Importing these takes as long as a tenth of all that the tests import.
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore  # noqa: PLC0415
    from apscheduler.schedulers.background import BackgroundScheduler  # noqa: PLC0415

    count, rounds, each = max(5, int(100 * scale)), max(1, int(5 * scale)), 4
    with tempfile.TemporaryDirectory() as folder:
        database = await open_database(f"sqlite:///{folder}/a.db")
        defaults = read_defaults({"DEFAULT_QUIET_HOURS": ""})
        services = Services(database, defaults, lambda: None)
        member, now = MemberId(1), datetime.now(UTC)
        rules = effective_preferences(None, defaults).reminders
        scheduler = BackgroundScheduler(jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{folder}/jobs.db")})
        scheduler.start(paused=True)
        keys = iter(range(10**9))

        async def record(direction: Direction, client: str, ago: timedelta) -> None:
            at = ParsedTime(now - ago + timedelta(microseconds=next(keys)), Precision.SECOND)
            await services.recording.record(
                member,
                NewMessage(
                    direction=direction,
                    client=client,
                    title=None,
                    time=at,
                    source=MessageSource.WRITTEN,
                    source_key=f"{next(keys)}",
                ),
                now=now,
            )

        for number in range(count):
            await record(Direction.RECEIVED, f"P{number}", timedelta(days=3))
        threads = [ThreadId(row[0]) for row in await database.fetch("SELECT thread_id FROM threads")]

        async def ours() -> float:
            began = time.perf_counter()
            for thread in threads:
                opened = now - timedelta(hours=1) + timedelta(microseconds=next(keys))
                closes = opened + timedelta(hours=24)
                wanted = plan_reminders(opened, closes, rules, notify_when_closed=True)
                assert len(wanted) == each
                for reminders in (wanted, ()):
                    async with database.write() as transaction:
                        stored = await transaction.query(
                            planned_reminders.locked_reminders_to_compare_query(member, thread, 0)
                        )
                        await planned_reminders.sync_planned_reminders(
                            transaction, member, thread, [WindowPlan(opened, closes, reminders)], stored=stored, now=now
                        )
            return (time.perf_counter() - began) / len(threads) / each * 1e3

        async def with_records() -> float:
            began = time.perf_counter()
            for number in range(count):
                await record(Direction.RECEIVED, f"C{number}", timedelta(minutes=60))
                await record(Direction.SENT, f"C{number}", timedelta(minutes=30))
            return (time.perf_counter() - began) / count / each * 1e3

        async def peer() -> float:
            began = time.perf_counter()
            for number in range(count):
                jobs = [
                    scheduler.add_job(
                        print, "date", run_date=now + timedelta(hours=hours), args=[number], misfire_grace_time=None
                    )
                    for hours in range(1, each + 1)
                ]
                for job in jobs:
                    job.remove()
            return (time.perf_counter() - began) / count / each * 1e3

        mine, whole, stored = await in_turn(rounds, ours, with_records, peer)
        scheduler.shutdown()
        await database.close()
    middle = statistics.median
    yield Row(
        "a reminder planned and cancelled: times faster than a stored job of APScheduler",
        "ms",
        middle(mine),
        middle(stored),
        ratio(stored, mine),
        at_least=10,
    )
    yield Row(
        "the same with the message and the reply recorded", "ms", middle(whole), middle(stored), ratio(stored, whole)
    )


async def burst(scale: float) -> AsyncIterator[Row]:
    """10,000 reminders due at one instant, no limiter, beside a bare loop that sends as many texts, or such cards."""
    count = max(40, int(10_000 * scale))
    with tempfile.TemporaryDirectory() as folder:
        async with FakeDiscord(MachineClock()) as discord:
            channels = [discord.state.dm_with(discord.add_user(f"p{n}").user) for n in range(count)]
            people = [(each.recipient.id, each.id) for each in channels if each.recipient]
            url = f"sqlite:///{folder}/b.db"
            due = datetime.now(UTC) + timedelta(seconds=25 + count / 250)
            await seed_reminders(url, people, 1, due, punctual=True)
            async with bot(discord, url, SEND_RATE="0"):
                await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds() - 1))
                ours = await rate(channels, count)
            card = texts_and_labels(next(iter(channels[0].messages.values())))
        for peer, at_once, sent, reach in (
            ("a bare loop, one after the other", 1, "", 0.8),
            ("a bare loop, 20 at a time", 20, "", 0.85),
            ("a bare loop that sends such cards, 20 at a time", 20, card, None),
        ):
            async with FakeDiscord(MachineClock()) as discord:
                channels = [discord.state.dm_with(discord.add_user(f"p{n}").user) for n in range(count)]
                path = Path(folder) / "channels"
                path.write_text("\n".join(str(each.id) for each in channels), encoding="ascii")
                environ = {"PYTHONPATH": str(ROOT)} | ({"BARE_CARD": sent} if sent else {})
                async with process(discord, "tests/bench/bare_bot.py", str(at_once), str(path), **environ):
                    theirs = await rate(channels, count)
            name = f"{count:,} reminders at one instant : {peer}"
            yield Row(name, "a second", ours, theirs, ours / theirs, at_least=reach)


async def rate(channels: list, count: int) -> float:  # type: ignore[type-arg]
    """Messages a second from the first to the last."""

    def there() -> int:
        return sum(bool(each.messages) for each in channels)

    async with asyncio.timeout(900):
        while there() < count:  # noqa: ASYNC110 — what is sent comes from another process
            await asyncio.sleep(0.2)
    times = sorted(next(iter(each.messages)) >> 22 for each in channels)
    return (count - 1) / ((times[-1] - times[0]) / 1000)
