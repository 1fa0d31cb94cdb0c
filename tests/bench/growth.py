"""`make bench growth`: what each operation costs against how much is stored, in CPU of the process, on a SQLite file.

Services are called as the Discord side calls them; drawing and sending a card are in other rows. One member is measured:
what answers them should cost the same however much there is. Writes docs/pictures/growth.svg at full scale.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from math import log
from typing import Final

from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.services.container import Services
from bot.services.new_messages import NewMessage
from bot.services.preference_changes import PreferenceChanges
from bot.services.record_transaction import BulkLimits
from bot.services.results import ClarificationNeeded
from bot.settings import read_defaults
from storage.cards import CardContent, CardItem, CardKind
from storage.connect import open_database
from storage.database import Database
from storage.discord_ids import message_id_at
from storage.waiting_threads import UnansweredThread, waiting_threads_query
from tests.bench.growth_picture import draw
from tests.bench.measure import Row
from tests.bench.populate import FIRST_MEMBER, MemberSize, add_cards, add_members, add_reminder_cards
from tests.helpers.machine import ROOT

PICTURE: Final = ROOT / "docs" / "pictures" / "growth.svg"

MAX_CALLS, MIN_CALLS = 15, 3
MAX_SECONDS: Final = 1.0
"""CPU of the calls of one operation at one size, but for the `MIN_CALLS` that are made in any case."""

COMPARED_SIZE: Final = 1_000
MAX_GROWTH: Final = 3.0
"""What answers a member: the cost at the largest size to that at `COMPARED_SIZE`."""
MAX_EXPONENT: Final = 1.15
"""n log n between `COMPARED_SIZE` and the largest size."""
MAX_WAIT: Final = 1.0
"""Seconds that another member's record waits beside long work."""

BASE: Final = MemberSize(threads=10, pairs=5, windows=30)
"""The member who is measured, where the axis does not say otherwise."""
SMALL: Final = MemberSize(threads=1, pairs=1, windows=1)
"""Every other member."""
PAIRS: Final = 50
"""Messages and replies in one thread of a long record."""

MEMBER: Final = MemberId(FIRST_MEMBER)
OTHER: Final = MemberId(1 << 40)
"""A member without anything, who writes while the first one's long work goes on."""


@dataclass(slots=True)
class Subject:
    """An open database, and what the calls use up."""

    database: Database
    services: Services
    now: datetime
    windows: Iterator[UnansweredThread]
    """Open ones of the member; each is answered once."""
    numbers: Iterator[int] = field(default_factory=count)


async def _status(subject: Subject) -> None:
    await subject.services.status.report(MEMBER, now=subject.now)


async def _pending(subject: Subject) -> None:
    await subject.services.pending.page(MEMBER, now=subject.now)


async def _history(subject: Subject) -> None:
    """Behind the messages that wait."""
    await subject.services.history.page(MEMBER, page=BASE.windows // 6 + 1)


async def _check(subject: Subject) -> None:
    assert await subject.services.advice.check(MEMBER, "制作会社0", None, now=subject.now)


async def _away(subject: Subject) -> None:
    leaves = subject.now + timedelta(hours=2)
    await subject.services.advice.absence(MEMBER, leaves, leaves + timedelta(hours=30), now=subject.now)


async def _completion(subject: Subject) -> None:
    assert await subject.services.status.search_clients(MEMBER, "会社")


async def _settings(subject: Subject) -> None:
    lead_times = ("6h, 2h", "5h, 1h")[next(subject.numbers) % 2]
    await subject.services.preferences.apply_changes(MEMBER, PreferenceChanges(lead_times=lead_times), now=subject.now)


async def _message(subject: Subject) -> None:
    """A message is recorded in a thread, and its receipt stored."""
    number = next(subject.numbers)
    receipt = await _record(subject, MEMBER, "制作会社0", "案件0", number)
    assert not isinstance(receipt, ClarificationNeeded)
    content = CardContent(kind=CardKind.RECEIPT, items=(CardItem(receipt.message.id, receipt.thread.id),))
    await subject.services.cards.save(MEMBER, message_id_at(subject.now) + number, 1, content, now=subject.now)


async def _record(subject: Subject, member_id: MemberId, client: str, title: str | None, number: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return await subject.services.recording.record(
        member_id,
        NewMessage(
            direction=Direction.RECEIVED,
            client=client,
            title=title,
            time=ParsedTime(subject.now - timedelta(minutes=30) + timedelta(seconds=number), Precision.SECOND),
            source=MessageSource.WRITTEN,
            source_key=f"growth{number}",
        ),
        now=subject.now,
    )


async def _press(subject: Subject) -> None:
    """A reply is recorded by the button of a card, which is read, and stored as it is then."""
    window, number = next(subject.windows), next(subject.numbers)
    preferences = (await subject.services.members.find(MEMBER))[1]
    at = ParsedTime(subject.now, Precision.MINUTE)
    await subject.services.windows.record_reply(
        MEMBER, window.window_id, at, idempotency_key=f"press{number}", now=subject.now
    )
    card_id = message_id_at(subject.now - timedelta(minutes=5)) + window.thread.id
    shown = await subject.services.cards.find(MEMBER, card_id, preferences, now=subject.now)
    assert shown is not None
    await subject.services.cards.save_shown_state(shown, now=subject.now)


async def _cards_due(subject: Subject) -> None:
    """What the updates of cards ask at each change of one: which are due, and when the next one is."""
    await subject.services.cards.claim_due(now=subject.now, lease=timedelta(minutes=1))
    await subject.services.cards.next_check_at()


async def _export(subject: Subject) -> None:
    with await subject.services.data_transfer.export(MEMBER, now=subject.now, unnamed_label="-"):
        pass


async def _erase(subject: Subject) -> None:
    await subject.services.erasure.erase(MEMBER, now=subject.now)


OPERATIONS: Final[Mapping[str, Callable[[Subject], Awaitable[None]]]] = {
    "status": _status,
    "pending": _pending,
    "history": _history,
    "check": _check,
    "away": _away,
    "completion": _completion,
    "settings": _settings,
    "message": _message,
    "press": _press,
    "cards due": _cards_due,
    "export": _export,
    "erase": _erase,
}
"""In the order in which they are measured: the last one leaves nothing."""

LONG: Final = ("export", "erase")
"""They take as long as there is something of the member; all others answer at once."""

Fill = Callable[[Database, int, datetime], Awaitable[None]]


async def _fill_records(database: Database, size: int, now: datetime) -> None:
    threads = max(1, size // 2 // PAIRS)
    await add_members(database, FIRST_MEMBER, 1, MemberSize(threads, size // 2 // threads, BASE.windows), now)


async def _fill_thread(database: Database, size: int, now: datetime) -> None:
    await add_members(database, FIRST_MEMBER, 1, MemberSize(1, size // 2, BASE.windows), now)


async def _fill_members(database: Database, size: int, now: datetime) -> None:
    await add_members(database, FIRST_MEMBER, 1, BASE, now)
    await add_members(database, FIRST_MEMBER + 1, size - 1, SMALL, now)


async def _fill_windows_of_all(database: Database, size: int, now: datetime) -> None:
    await add_members(database, FIRST_MEMBER, 1, BASE, now)
    await add_members(database, FIRST_MEMBER + 1, size // 10, MemberSize(threads=0, pairs=0, windows=10), now)


async def _fill_windows(database: Database, size: int, now: datetime) -> None:
    await add_members(database, FIRST_MEMBER, 1, MemberSize(BASE.threads, BASE.pairs, max(size, BASE.windows)), now)


async def _fill_cards(database: Database, size: int, now: datetime) -> None:
    await add_members(database, FIRST_MEMBER, 2, BASE, now)
    await add_cards(database, size, now)


@dataclass(frozen=True, slots=True)
class Axis:
    """What grows."""

    name: str
    sizes: tuple[int, ...]
    fill: Fill


AXES: Final = (
    Axis("records of one member", (100, 1_000, 10_000, 100_000, 200_000), _fill_records),
    Axis("messages of one thread", (100, 1_000, 9_900), _fill_thread),
    Axis("members", (10, 100, 1_000, 10_000, 100_000), _fill_members),
    Axis("waiting windows of all", (10, 100, 1_000, 10_000, 100_000), _fill_windows_of_all),
    Axis("waiting windows of one member", (30, 100, 1_000, 10_000, 100_000), _fill_windows),
    Axis("cards", (10, 100, 1_000, 10_000, 100_000), _fill_cards),
)

Costs = dict[str, dict[int, float]]
"""Milliseconds of CPU by operation and size."""


async def rows(scale: float = 1) -> AsyncIterator[Row]:
    """All rows of this file."""
    panels: dict[str, Costs] = {}
    calls = max(MIN_CALLS, int(MAX_CALLS * scale))
    for axis in AXES:
        costs: Costs = {name: {} for name in OPERATIONS}
        panels[axis.name] = costs
        sizes = sorted({max(axis.sizes[0], int(size * scale)) for size in axis.sizes[1:]} | {axis.sizes[0]})
        for size in sizes:
            async with _Subject(axis, size) as subject:
                for name, operation in OPERATIONS.items():
                    costs[name][size] = await _cost(subject, operation, calls=1 if name in LONG else calls)
        for name in OPERATIONS:
            yield _judged(axis, name, costs[name])
    if scale == 1:
        PICTURE.write_text(draw(panels), encoding="utf-8")
    for name in ("settings", *LONG):
        yield await _longest_wait(name, int(AXES[0].sizes[-1] * scale))


class _Subject:
    """A database of one size, and what its measurement needs."""

    def __init__(self, axis: Axis, size: int) -> None:
        self._axis, self._size = axis, size
        self._folder = tempfile.TemporaryDirectory()

    async def __aenter__(self) -> Subject:
        now = datetime.now(UTC).replace(microsecond=0)
        self._database = database = await open_database(f"sqlite:///{self._folder.name}/a.db")
        await self._axis.fill(database, self._size, now)
        await add_reminder_cards(database, now)
        limits = BulkLimits(open_windows=2 * BASE.windows + 2_000)
        services = Services(database, read_defaults({}), lambda: None, limits)
        windows = await database.query(waiting_threads_query(MEMBER, limit=BASE.windows, due_from=now))
        return Subject(database, services, now, iter(windows))

    async def __aexit__(self, *_: object) -> None:
        await self._database.close()
        self._folder.cleanup()


async def _cost(subject: Subject, operation: Callable[[Subject], Awaitable[None]], *, calls: int) -> float:
    """The lowest of some calls, in milliseconds of CPU of all the process's threads: a busy machine only adds to it."""
    spent: list[float] = []
    while len(spent) < calls and (len(spent) < MIN_CALLS or sum(spent) < MAX_SECONDS):
        began = time.process_time()
        await operation(subject)
        spent.append(time.process_time() - began)
    return min(spent) * 1e3


def _judged(axis: Axis, name: str, costs: Mapping[int, float]) -> Row:
    """An operation along an axis."""
    sizes = list(costs)
    largest = sizes[-1]
    compared = min(sizes, key=lambda size: abs(log(size / COMPARED_SIZE)))
    growth = costs[largest] / costs[compared]
    exponent = log(growth) / log(largest / compared) if largest > compared else 0.0
    note = ", ".join(f"{size:,}: {cost:.3g}" for size, cost in costs.items())
    limit, value = (MAX_EXPONENT, exponent) if name in LONG else (MAX_GROWTH, growth)
    return Row(
        f"{name} by {axis.name}" + (", exponent" if name in LONG else f", {largest:,} : {compared:,}"),
        "ms CPU", costs[largest], costs[compared], value, at_most=limit, note=f"{note}; n^{exponent:.2f}",
    )  # fmt: skip


async def _longest_wait(name: str, size: int) -> Row:
    """The longest time that a record of another member takes beside long work of the first one."""
    async with _Subject(AXES[4] if name == "settings" else AXES[0], size) as subject:
        busy = asyncio.create_task(OPERATIONS[name](subject))
        longest = 0.0
        while True:
            done = busy.done()
            began = time.perf_counter()
            await _record(subject, OTHER, "A", None, next(subject.numbers))
            longest = max(longest, time.perf_counter() - began)
            if done:
                break
            await asyncio.sleep(0.01)
        await busy
    return Row(f"another's longest record beside {name} of {size:,}", "s", longest, ratio=longest, at_most=MAX_WAIT)
