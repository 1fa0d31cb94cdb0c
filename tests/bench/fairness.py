"""What others feel of one member's import of 100,000 rows: how long 95 of 100 answers take, with it and without."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from bot.fake_discord.clock import ManualClock
from bot.fake_discord.server import FakeDiscord
from bot.fake_discord.users import FakeUser, text_of
from tests.bench.measure import Row, bot
from tests.bench.seeds import history
from tests.helpers.wording import says

OTHERS = 20
PAUSE = 0.5
"""Seconds between an answer and the next question: twenty people, not a flood."""


async def rows(scale: float = 1) -> AsyncIterator[Row]:
    """All rows of this file."""
    count = max(1_000, int(100_000 * scale))
    clock = ManualClock(datetime.now(UTC))
    with tempfile.TemporaryDirectory() as folder:
        async with FakeDiscord(clock) as discord, bot(discord, f"sqlite:///{folder}/a.db", SEND_RATE="0"):
            mika = discord.add_user("mika")
            others = [discord.add_user(f"p{number}") for number in range(OTHERS)]
            alone = await answers(others, asyncio.create_task(asyncio.sleep(max(2.0, 20 * scale))))

            data = history(count, clock.now())
            written = f"{len(data.splitlines()) - 1:,}"

            async def bring() -> None:
                preview = await mika.command("import", file=("big.csv", data))
                done = await mika.click(preview.message, says("action-confirm"))
                await discord.state.wait_until(lambda: written in text_of(done.message), timeout_seconds=300)

            among = await answers(others, asyncio.create_task(bring()))
    ours, peer = statistics.quantiles(among, n=20)[-1], statistics.quantiles(alone, n=20)[-1]
    yield Row(
        f"20 others, 95 of 100 answers: beside an import of {count:,} rows : without", "s", ours, peer, ours / peer
    )
    yield Row("the longest of these answers: beside it : without", "s", max(among), max(alone), max(among) / max(alone))


async def answers(people: list[FakeUser], busy: asyncio.Task[None]) -> list[float]:
    """How long each `/status` takes, as long as something goes on."""
    felt = []

    async def one(number: int, person: FakeUser) -> None:
        await asyncio.sleep(PAUSE * number / len(people))  # not in step
        while not busy.done():
            began = time.perf_counter()
            await person.command("status")
            felt.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE)

    await asyncio.gather(*(one(number, person) for number, person in enumerate(people)))
    await busy
    return felt
