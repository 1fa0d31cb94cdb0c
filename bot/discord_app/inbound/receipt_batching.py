"""Receipts that wait for a hand: several forwards in a row are answered with one card.

What they speak of is recorded already. A member's receipts go out once nothing further came for a moment, and never
long after the first; each member's one after the other, and nobody waits for anybody else's.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from bot.discord_app.inbound.read_position import ReadCheckpoints
from bot.discord_app.keyed_semaphore import KeyedSemaphore
from bot.domain.types import MemberId
from bot.errors import NinteiError
from bot.services.results import RecordOutcome
from bot.settings import MAX_RECEIPT_WAIT

MAX_RECEIPTS_PER_CARD: Final = 100
"""Receipts on one card: four selects of 25."""


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """What became of one thing that a message held; an error where it was refused."""

    message: int
    """Discord's id of it."""
    index: int
    """Which of the things in the message."""
    outcome: RecordOutcome | NinteiError


@dataclass(eq=False, slots=True)
class ReceiptBatch:
    """What is told together."""

    member: MemberId
    opened_at: float
    entries: list[ReceiptEntry] = field(default_factory=list)
    last_message_id: int | None = None
    """The newest direct message that was taken in as a whole."""
    progress: ReadCheckpoints = field(default_factory=ReadCheckpoints)
    """What held when it was: a gap that came later does not concern it."""
    last_activity: float = 0.0
    flush_event: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def nonce(self) -> str:
        """The same for the same things, so that a second try answers once."""
        first = self.entries[0]
        if len(self.entries) == 1:
            return f"{first.message}{first.index}"[:25]
        every = " ".join(f"{each.message}.{each.index}" for each in self.entries)
        return hashlib.sha256(every.encode()).hexdigest()[:25]


FlushCallback = Callable[[ReceiptBatch], Awaitable[None]]


class ReceiptBatcher:
    """Gathers what is to be told. `wait`: seconds without anything further; 0: nothing is gathered."""

    def __init__(self, flush_callback: FlushCallback, wait: float) -> None:
        self._tell = flush_callback
        self._wait = wait
        self._open: dict[MemberId, ReceiptBatch] = {}
        self._turns = KeyedSemaphore(1)
        self._tasks: dict[asyncio.Task[None], MemberId] = {}

    async def add(self, member: MemberId, said: ReceiptEntry) -> None:
        """Something to be told."""
        batch = self._batch(member)
        batch.entries.append(said)
        await self._reset_idle_timer(batch)

    async def message_processed(self, member: MemberId, message: int, progress: ReadCheckpoints) -> None:
        """A direct message was taken in as a whole; that may be noted once all before it was told."""
        batch = self._batch(member)
        batch.last_message_id, batch.progress = message, progress
        await self._reset_idle_timer(batch)

    async def flush(self, member: MemberId | None = None) -> None:
        """Return once everything gathered for a member was told; None: for everybody."""
        for batch in list(self._open.values()):
            if member in {None, batch.member}:
                batch.flush_event.set()
        if waiting := [task for task, whose in self._tasks.items() if member in {None, whose}]:
            await asyncio.wait(waiting)

    def _batch(self, member: MemberId) -> ReceiptBatch:
        if member not in self._open:
            now = asyncio.get_running_loop().time()
            batch = self._open[member] = ReceiptBatch(member, now, last_activity=now)
            task = asyncio.create_task(self._flush_when_idle(batch), name=f"receipts-{member}")
            self._tasks[task] = member
            task.add_done_callback(self._tasks.pop)
        return self._open[member]

    async def _reset_idle_timer(self, batch: ReceiptBatch) -> None:
        batch.last_activity = asyncio.get_running_loop().time()
        if not self._wait:
            await self.flush(batch.member)
        elif len(batch.entries) >= MAX_RECEIPTS_PER_CARD:
            self._seal(batch)

    def _seal(self, batch: ReceiptBatch) -> None:
        """Nothing further joins it."""
        if self._open.get(batch.member) is batch:
            del self._open[batch.member]
        batch.flush_event.set()

    async def _flush_when_idle(self, batch: ReceiptBatch) -> None:
        clock = asyncio.get_running_loop().time
        while not batch.flush_event.is_set():
            left = min(batch.last_activity + self._wait, batch.opened_at + MAX_RECEIPT_WAIT) - clock()
            if left <= 0:
                break
            try:
                await asyncio.wait_for(batch.flush_event.wait(), left)
            except TimeoutError:
                continue
        self._seal(batch)
        async with self._turns.acquire(batch.member):
            await self._tell(batch)
