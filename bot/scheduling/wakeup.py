"""The doorbell of the dispatcher: it rings when the earliest reminder is due, when nudged, and once a minute."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock

POLL_INTERVAL: Final = timedelta(minutes=1)
"""The longest sleep, by the machine's steady clock: a wall clock that is set back delays no reminder further."""


class WakeUp:
    """Losing a ring loses nothing: the database is the truth, and the sweep looks anyway."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()
        self._asked: list[asyncio.Future[None]] = []

    def wake(self) -> None:
        """Wake the dispatcher."""
        self._rung.set()

    @contextmanager
    def tick(self) -> Iterator[None]:
        """One look at what is due; whoever asked for a round before it began is answered when it ends."""
        self._rung.clear()
        asked, self._asked = self._asked, []
        try:
            yield
        finally:
            for each in asked:
                if not each.done():
                    each.set_result(None)

    async def next_tick(self) -> None:
        """Return when a whole round has begun and ended."""
        ended = asyncio.get_running_loop().create_future()
        self._asked.append(ended)
        self.wake()
        await ended

    async def wait(self, next_due: datetime | None) -> None:
        """Sleep until rung, until `earliest`, or for a minute."""
        waiting: set[asyncio.Task[object]] = {asyncio.create_task(self._rung.wait())}
        if next_due is not None:
            waiting.add(asyncio.create_task(self._clock.wait_until(next_due)))
        try:
            await asyncio.wait(waiting, timeout=POLL_INTERVAL.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
