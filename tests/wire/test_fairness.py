"""One member cannot slow the others: beside an import, a flood of commands and of forwards.

What others feel is counted, not timed, so a busy machine changes nothing: how much of what the one member asked for
gets done between somebody else's question and its answer. `make bench` measures the same in seconds.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.fake_discord.users import FakeUser, text_of
from bot.services.import_writer import BatchWriter
from bot.services.record_transaction import BulkLimits
from storage import messages
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

OTHERS = 4
FEW = 15
"""Of the one member's things that 95 of 100 answers to others may let by: an answer takes a few steps of the bot,
and three of a member's commands are worked on at a time."""
MANY = 40
"""The same for the worst of them."""
A_STEP = 0.5
"""Seconds of the event loop's own CPU that may pass before it looks for others again."""
PATIENCE = 120.0
"""Real seconds in which the one member's things are all done, on a machine with other work."""


class Busy:
    """What the one member asked for, as it gets done."""

    def __init__(self) -> None:
        self.done = 0
        self.ended = False
        self._moved = asyncio.Event()

    def step(self) -> None:
        self.done += 1
        self._move()

    def end(self) -> None:
        self.ended = True
        self._move()

    def _move(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    def moved(self) -> Awaitable[object]:
        """Until one more of them is done, or all are."""
        return asyncio.ensure_future(self._moved.wait())


@dataclass
class Felt:
    """What the others felt: for each answer, how many of the one member's things were done meanwhile."""

    let_by: list[int] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    """Seconds of CPU between two turns of the event loop."""

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.let_by, n=20)[-1]

    def __str__(self) -> str:
        median, worst = statistics.median(self.let_by), max(self.let_by)
        return (
            f"let by: p50 {median:g} p95 {self.p95:g} worst {worst} of {len(self.let_by)}, step {max(self.steps):.3f} s"
        )


@asynccontextmanager
async def steps_measured(felt: Felt) -> AsyncIterator[None]:
    """How much the event loop's thread computes before somebody who wants a turn has it."""

    async def watch() -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0)
            felt.steps.append(time.thread_time() - before)
            await asyncio.sleep(0.01)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()


async def live(up: Stage, what: Callable[[Busy], Awaitable[None]], *, forwards: bool = True) -> Felt:
    """While one member is busy, the others look at their standing or forward a message with each thing that is done.

    A forward waits for the disk a few times, a look does not: beside looks alone it would let by more on a slow disk.
    """
    felt, busy = Felt(), Busy()

    async def one(number: int, person: FakeUser) -> None:
        turn = 0
        while not busy.ended:
            moved, before = busy.moved(), busy.done
            turn += 1
            if turn % 2 or not forwards:
                await person.command("status")
            else:
                await person.forward("こんにちは", posted_at=up.at(9, number))
                await person.next_bot_message()
            felt.let_by.append(busy.done - before)
            await moved

    async def one_member() -> None:
        try:
            await what(busy)
        finally:
            busy.end()

    people = [up.discord.add_user(f"p{number}") for number in range(OTHERS)]
    async with steps_measured(felt):
        await asyncio.gather(one_member(), *(one(number, person) for number, person in enumerate(people)))
    print(f"\n{felt}")  # noqa: T201 — shown with -s
    return felt


def check(felt: Felt) -> None:
    assert len(felt.let_by) > 50
    assert felt.p95 <= FEW
    assert max(felt.let_by) <= MANY


def large(up: Stage, threads: int = 700) -> bytes:
    start = up.at(0, days=-200)
    rows = ["thread,direction,sent_at\n"]
    for number in range(50_000):
        asked = start + timedelta(minutes=5 * number)
        rows.append(f"T{number % threads},received,{asked.isoformat()}\n")
        rows.append(f"T{number % threads},sent,{(asked + timedelta(hours=1)).isoformat()}\n")
    return "".join(rows).encode()


@pytest.fixture
def unhindered(stage: Stage) -> Iterator[Stage]:
    """Without the limit on sending: only the bot itself can be slow."""
    stage.environ["SEND_RATE"] = "0"
    yield stage
    del stage.discord.requests[500:]  # the same over and over: some are held against Discord's description


@pytest.mark.both_engines
@pytest.mark.slow
async def test_an_import_of_100_000_rows_beside_others(unhindered: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    up, data, rows = unhindered, large(unhindered), []

    async def bring(busy: Busy) -> None:
        write_batch, add_many = BatchWriter.write, messages.add_messages

        async def counted(*arguments: Any) -> None:
            await write_batch(*arguments)
            busy.step()

        async def weighed(transaction: Any, member: Any, added: list[Any]) -> None:
            rows.append(len(added))
            await add_many(transaction, member, added)

        monkeypatch.setattr(BatchWriter, "write", counted)
        monkeypatch.setattr(messages, "add_messages", weighed)
        preview = await up.mika.command("import", file=("big.csv", data))
        done = await up.mika.click(preview.message, says("action-confirm"))
        await up.discord.state.wait_until(
            lambda: shows(text_of(done.message), "import-done", messages=100_000), timeout_seconds=PATIENCE
        )

    async with up.open_bot():
        felt = await live(up, bring)
    check(felt)
    assert max(felt.steps) <= A_STEP
    assert sum(rows) == 100_000
    assert max(rows) <= BulkLimits().batch_rows


@pytest.mark.slow
async def test_200_commands_of_one_member_at_once(unhindered: Stage) -> None:
    up = unhindered
    up.mika.response_timeout = PATIENCE

    async def flood(busy: Busy) -> None:
        async def one() -> None:
            assert shows((await up.mika.command("status")).text, "status-unknown-only")
            busy.step()

        await asyncio.gather(*(one() for _ in range(200)))

    async with up.open_bot():
        check(await live(up, flood, forwards=False))


@pytest.mark.slow
async def test_150_forwards_of_one_member_at_once(unhindered: Stage) -> None:
    up = unhindered

    async def flood(busy: Busy) -> None:
        for number in range(150):
            await up.mika.forward("こんにちは", posted_at=up.at(8) - timedelta(minutes=number))
        for _ in range(150):
            await up.mika.next_bot_message()
            busy.step()

    async with up.open_bot():
        check(await live(up, flood))
