"""The doorbell of the dispatcher: it rings when the earliest reminder is due, when nudged, and once a minute."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock

SWEEP: Final = timedelta(minutes=1)
"""The longest sleep, by the machine's steady clock: a wall clock that is set back delays no reminder further."""


class Alarm:
    """Losing a ring loses nothing: the database is the truth, and the sweep looks anyway."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()
        self._asked: list[asyncio.Future[None]] = []

    def ring(self) -> None:
        """Wake the dispatcher."""
        self._rung.set()

    @contextmanager
    def round(self) -> Iterator[None]:
        """One look at what is due; whoever asked for a round before it began is answered when it ends."""
        self._rung.clear()
        asked, self._asked = self._asked, []
        try:
            yield
        finally:
            for each in asked:
                if not each.done():
                    each.set_result(None)

    async def next_round(self) -> None:
        """Return when a whole round has begun and ended."""
        ended = asyncio.get_running_loop().create_future()
        self._asked.append(ended)
        self.ring()
        await ended

    async def wait(self, earliest: datetime | None) -> None:
        """Sleep until rung, until `earliest`, or for a minute."""
        waiting: set[asyncio.Task[object]] = {asyncio.create_task(self._rung.wait())}
        if earliest is not None:
            waiting.add(asyncio.create_task(self._clock.wait_until(earliest)))
        try:
            await asyncio.wait(waiting, timeout=SWEEP.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
