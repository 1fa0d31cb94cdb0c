"""One member cannot slow the others: latencies beside an import, a flood of commands and of forwards, as ratios.

Both figures of a ratio are measured in one run, on the same bot: first without, then with what one member does.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from conftest import Stage

from bot.rehearsal.person import Person, text_of

OTHERS = 20
TIMES, SLACK = 10, 0.2
"""How much longer 95 of 100 answers may take than without; the slack is for a machine with other work."""


@dataclass
class Felt:
    """What the others felt, in seconds."""

    answers: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.answers, n=20)[-1]

    @property
    def worst(self) -> float:
        return max(self.answers)

    @property
    def lag(self) -> float:
        return max(self.lags)

    def __str__(self) -> str:
        return f"p50 {statistics.median(self.answers):.4f} p95 {self.p95:.4f} worst {self.worst:.4f} lag {self.lag:.4f} of {len(self.answers)}"


@asynccontextmanager
async def lag_measured(felt: Felt) -> AsyncIterator[None]:
    """How late the event loop comes back to somebody who asked for a hundredth of a second."""

    async def watch() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            felt.lags.append(time.perf_counter() - before - 0.01)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()


async def live(up: Stage, people: list[Person], felt: Felt, go_on: Callable[[int], bool]) -> None:
    """Everybody looks at their standing and forwards a message, over and over."""

    async def one(number: int, person: Person) -> None:
        turn = 0
        await asyncio.sleep(0.025 * number)  # not in step
        while go_on(turn):
            began = time.perf_counter()
            await person.command("status")
            felt.answers.append(time.perf_counter() - began)
            began = time.perf_counter()
            await person.forward("こんにちは", posted_at=up.at(9, turn % 60))
            await person.hears()
            felt.answers.append(time.perf_counter() - began)
            turn += 1
            await asyncio.sleep(0.5)

    async with lag_measured(felt):
        await asyncio.gather(*(one(number, person) for number, person in enumerate(people)))


async def beside(up: Stage, what: Callable[[], Awaitable[object]], *, turns: int) -> tuple[Felt, Felt]:
    """The others' latencies before, and while one member does something."""
    people = [up.discord.add_person(f"p{number}") for number in range(OTHERS)]
    await live(up, people, Felt(), lambda turn: turn < 2)
    alone, among = Felt(), Felt()
    await live(up, people, alone, lambda turn: turn < turns)
    busy = asyncio.ensure_future(what())
    await live(up, people, among, lambda _: not busy.done())
    await busy
    print(f"\nalone {alone}\namong {among}\nratio {among.p95 / alone.p95:.1f}")  # noqa: T201 — shown with -s
    return alone, among


def large(up: Stage, threads: int = 700) -> bytes:
    start = up.at(0, days=-200)
    rows = ["thread,direction,sent_at\n"]
    for number in range(50_000):
        asked = start + timedelta(minutes=5 * number)
        rows.append(f"T{number % threads},received,{asked.isoformat()}\n")
        rows.append(f"T{number % threads},sent,{(asked + timedelta(hours=1)).isoformat()}\n")
    return "".join(rows).encode()


@pytest.fixture
def unhindered(stage: Stage) -> Stage:
    """Without the limit on sending: only the bot itself can be slow."""
    stage.environ["SEND_RATE"] = "0"
    return stage


@pytest.mark.needs_more
async def test_an_import_of_100_000_rows_beside_20_others(unhindered: Stage) -> None:
    async with unhindered.open_bot():
        up, data = unhindered, large(unhindered)

        async def bring() -> None:
            preview = await up.mika.command("import", file=("big.csv", data))
            done = await up.mika.press(preview.message, "はい、実行する")
            await up.discord.world.until(lambda: "メッセージ100" in text_of(done.message), within=240.0)

        alone, among = await beside(up, bring, turns=10)
        assert among.p95 < TIMES * alone.p95 + SLACK
        assert among.worst < TIMES * alone.worst + SLACK
        assert among.lag < TIMES * alone.lag + 1


async def test_200_commands_of_one_member_at_once(unhindered: Stage) -> None:
    async with unhindered.open_bot():
        up = unhindered

        async def flood() -> None:
            answers = await asyncio.gather(*(up.mika.command("status") for _ in range(200)))
            assert all("返信率" in answer.text for answer in answers)

        alone, among = await beside(up, flood, turns=3)
        assert among.p95 < TIMES * alone.p95 + SLACK


@pytest.mark.needs_more
async def test_500_forwards_of_one_member_at_once(unhindered: Stage) -> None:
    async with unhindered.open_bot():
        up = unhindered

        async def flood() -> None:
            for number in range(500):
                await up.mika.forward("こんにちは", posted_at=up.at(8) - timedelta(minutes=number))
            await up.discord.world.until(lambda: len(up.mika.from_bot()) >= 500, within=120.0)

        alone, among = await beside(up, flood, turns=3)
        assert among.p95 < TIMES * alone.p95 + SLACK
