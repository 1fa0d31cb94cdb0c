"""What others feel, and what the process takes, while one member does what is most expensive."""

import asyncio
import io
import statistics
import tempfile
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bot.fake_discord.clock import ManualClock
from bot.fake_discord.server import FakeDiscord
from bot.fake_discord.users import FakeUser
from storage.connect import open_database
from tests.bench.fairness import answers
from tests.bench.measure import Row, bot, high_water_mark
from tests.bench.seeds import history, seed_reminders, take_in
from tests.helpers.machine import MachineClock

OTHERS = 10
MAX_ANSWER = 1.0
"""Seconds, of 95 of 100 answers to others."""
MAX_LATENESS = 5.0
"""Seconds, of the reminders of others."""
MAX_MEMORY = 400.0
"""MiB at the highest."""
PATIENCE = 600.0
"""Seconds in which an attack ends."""

Attack = Callable[[FakeUser], Awaitable[object]]


async def rows(scale: float = 1) -> AsyncIterator[Row]:
    """All rows of this file."""

    def some(number: int) -> int:
        return max(1, int(number * scale))

    for times, name, attack in (
        (10, "imports of nested JSON", lambda mika: bring(mika, "a.zip", zipped("a.json", b"[" * some(25_000_000)))),
        (3, f"imports of {some(800_000):,} empty objects", lambda mika: bring(mika, "a.zip", zipped("a.json", b'{"a":[' + b"{}," * some(800_000)))),
        (3, f"imports of {some(3_300_000):,} columns", lambda mika: bring(mika, "a.csv", b"a," * some(3_300_000))),
        (3, f"imports of {some(199_000):,} bad rows", lambda mika: bring(mika, "a.csv", b"thread,direction,sent_at\n" + b"a,b,c\n" * some(199_000))),
        (3, f"imports of {some(60)} mails of quoted times", lambda mika: bring(mika, "a.zip", mails(some(60)))),
        (200, "lines of 100 zones", lambda mika: mika.write(("A " + "utc " * 100)[:299])),
    ):  # fmt: skip
        async for row in beside(f"{some(times)} {name}", partial(repeat, some(times), attack)):
            yield row
    size = max(1000, int(200_000 * scale))

    async def export(mika: FakeUser) -> None:
        await mika.command("export")

    async for row in beside(f"an export of {size:,} messages", export, messages=size):
        yield row
    windows = max(500, int(200_000 * scale))
    for name, attack in {
        "/status, /away and /pending": partial(repeat, some(20), looks),
        "/settings timezone": lambda mika: mika.command("settings", timezone="Europe/Berlin"),
    }.items():
        async for row in beside(f"{name} of {windows:,} windows", attack, windows=windows):
            yield row
    async for row in late(max(300, int(40_000 * scale))):
        yield row


async def repeat(times: int, step: Attack, mika: FakeUser) -> None:
    for _ in range(times):
        await step(mika)


async def bring(mika: FakeUser, name: str, data: bytes) -> None:
    await mika.command("import", file=(name, data))


async def looks(mika: FakeUser) -> None:
    await mika.command("status")
    await mika.command("away", **{"from": "明日 9:00", "to": "明日 20:00"})
    await mika.command("pending")


def zipped(name: str, data: bytes, times: int = 1) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(times):
            archive.writestr(f"{number}{name}", data)
    return file.getvalue()


def mails(count: int) -> bytes:
    quoted = "".join(f"Subject: b\nDate: {'utc ' * 49}\n\n" for _ in range(4000)).encode()
    return zipped("a.eml", b"Subject: a\n\n" + quoted, times=count)


async def beside(name: str, attack: Attack, *, messages: int = 0, windows: int = 0) -> AsyncIterator[Row]:
    """Others look at their status while the attack goes on."""
    clock = ManualClock(datetime.now(UTC))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/a.db"
        async with FakeDiscord(clock) as discord:
            mika = discord.add_user("mika")
            mika.response_timeout = PATIENCE
            others = [discord.add_user(f"p{number}") for number in range(OTHERS)]
            if messages:
                database = await open_database(url)
                await take_in(database, mika.user.id, history(messages, clock.now()))
                await database.close()
            if windows:
                await seed_reminders(url, [(mika.user.id, None)], windows, clock.now() + timedelta(hours=3))
            async with bot(discord, url, SEND_RATE="0") as running:

                async def all_of_it() -> None:
                    await asyncio.wait_for(attack(mika), PATIENCE)

                felt = await answers(others, asyncio.create_task(all_of_it()))
                memory = high_water_mark(Path(f"/proc/{running.pid}"))
    p95 = statistics.quantiles(felt, n=20)[-1] if len(felt) > 1 else felt[0]
    yield Row(f"{OTHERS} others, 95 of 100 answers beside {name}", "s", p95, ratio=p95, at_most=MAX_ANSWER)
    yield Row(f"memory at its peak beside {name}", "MiB", memory, ratio=memory, at_most=MAX_MEMORY)


async def late(windows: int) -> AsyncIterator[Row]:
    """Windows of one member fall due just before one of each of the others, at Discord's rate."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/a.db"
        async with FakeDiscord(MachineClock()) as discord:
            mika = discord.add_user("mika")
            others = [discord.add_user(f"p{number}") for number in range(OTHERS)]
            due = datetime.now(UTC) + timedelta(seconds=10 + windows / 4000)
            for people, each, at in (([mika], windows, due - timedelta(seconds=1)), (others, 1, due)):
                members = [(person.user.id, discord.state.dm_with(person.user).id) for person in people]
                await seed_reminders(url, members, each, at, punctual=True)
            async with bot(discord, url):
                lateness = await asyncio.gather(*(until_reminded(discord, person, due) for person in others))
    worst = max(lateness)
    yield Row(
        f"others' latest reminder beside {windows:,} of one member", "s late", worst, ratio=worst, at_most=MAX_LATENESS
    )


async def until_reminded(discord: FakeDiscord, person: FakeUser, due: datetime) -> float:
    """Seconds after `due`, of which nothing is before it."""
    await discord.state.wait_until(lambda: bool(person.bot_messages()), timeout_seconds=PATIENCE)
    return max(0.001, (datetime.now(UTC) - due).total_seconds())
