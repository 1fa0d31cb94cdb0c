"""Receipts that wait for a hand: several forwards in a row are answered with one card.

What they speak of is recorded already. A member's receipts go out once nothing further came for a moment, and never
long after the first; each member's one after the other, and nobody waits for anybody else's.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from bot.chat.progress import Progress
from bot.chat.recording import Outcome
from bot.chat.turns import Turns
from bot.domain.types import MemberId
from bot.errors import NinteiError
from bot.settings import MAX_RECEIPT_WAIT

MOST: Final = 100
"""Receipts on one card: four selects of 25."""


@dataclass(frozen=True, slots=True)
class Said:
    """What became of one thing that a message held; an error where it was refused."""

    message: int
    """Discord's id of it."""
    place: int
    """Which of the things in the message."""
    outcome: Outcome | NinteiError


@dataclass(eq=False, slots=True)
class Batch:
    """What is told together."""

    member: MemberId
    began: float
    said: list[Said] = field(default_factory=list)
    read_to: int | None = None
    """The newest direct message that was taken in as a whole."""
    progress: Progress = field(default_factory=Progress)
    """What held when it was: a gap that came later does not concern it."""
    latest: float = 0.0
    ripe: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def nonce(self) -> str:
        """The same for the same things, so that a second try answers once."""
        first = self.said[0]
        if len(self.said) == 1:
            return f"{first.message}{first.place}"[:25]
        every = " ".join(f"{each.message}.{each.place}" for each in self.said)
        return hashlib.sha256(every.encode()).hexdigest()[:25]


Tell = Callable[[Batch], Awaitable[None]]


class Receipts:
    """Gathers what is to be told. `wait`: seconds without anything further; 0: nothing is gathered."""

    def __init__(self, tell: Tell, wait: float) -> None:
        self._tell = tell
        self._wait = wait
        self._open: dict[MemberId, Batch] = {}
        self._turns = Turns(1)
        self._tasks: dict[asyncio.Task[None], MemberId] = {}

    async def add(self, member: MemberId, said: Said) -> None:
        """Something to be told."""
        batch = self._batch(member)
        batch.said.append(said)
        await self._touch(batch)

    async def done(self, member: MemberId, message: int, progress: Progress) -> None:
        """A direct message was taken in as a whole; that may be noted once all before it was told."""
        batch = self._batch(member)
        batch.read_to, batch.progress = message, progress
        await self._touch(batch)

    async def tell_now(self, member: MemberId | None = None) -> None:
        """Return once everything gathered for a member was told; None: for everybody."""
        for batch in list(self._open.values()):
            if member in {None, batch.member}:
                batch.ripe.set()
        if waiting := [task for task, whose in self._tasks.items() if member in {None, whose}]:
            await asyncio.wait(waiting)

    def _batch(self, member: MemberId) -> Batch:
        if member not in self._open:
            now = asyncio.get_running_loop().time()
            batch = self._open[member] = Batch(member, now, latest=now)
            task = asyncio.create_task(self._ripen(batch), name=f"receipts-{member}")
            self._tasks[task] = member
            task.add_done_callback(self._tasks.pop)
        return self._open[member]

    async def _touch(self, batch: Batch) -> None:
        batch.latest = asyncio.get_running_loop().time()
        if not self._wait:
            await self.tell_now(batch.member)
        elif len(batch.said) >= MOST:
            self._close(batch)

    def _close(self, batch: Batch) -> None:
        """Nothing further joins it."""
        if self._open.get(batch.member) is batch:
            del self._open[batch.member]
        batch.ripe.set()

    async def _ripen(self, batch: Batch) -> None:
        clock = asyncio.get_running_loop().time
        while not batch.ripe.is_set():
            left = min(batch.latest + self._wait, batch.began + MAX_RECEIPT_WAIT) - clock()
            if left <= 0:
                break
            try:
                await asyncio.wait_for(batch.ripe.wait(), left)
            except TimeoutError:
                continue
        self._close(batch)
        async with self._turns.turn(batch.member):
            await self._tell(batch)
