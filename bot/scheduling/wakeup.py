"""Wakes a scheduling loop: when the next reminder is due, when something changed, and once a minute."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock

POLL_INTERVAL: Final = timedelta(minutes=1)
"""The longest wait, measured by the monotonic clock: setting the wall clock back delays no reminder by more."""


class WakeUp:
    """A lost wake-up loses nothing: the loop reads what is due from the database, also at each poll."""

    def __init__(self, clock: Clock, poll_interval: timedelta = POLL_INTERVAL) -> None:
        self._clock = clock
        self._poll_interval = poll_interval
        self._event = asyncio.Event()
        self._tick_waiters: list[asyncio.Future[None]] = []
        self._next_due: datetime | None = None
        """What the loop waits for; None while it works, or waits for nothing but the poll."""

    def wake_before(self, instant: datetime) -> None:
        """Wake the loop unless it wakes by itself before this instant, or at it."""
        if self._next_due is None or instant < self._next_due:
            self._event.set()

    def wake(self) -> None:
        """Wake the loop."""
        self._event.set()

    @contextmanager
    def ticking(self) -> Iterator[None]:
        """One run of the loop's body; on leaving, everybody who called `next_tick` before it is notified."""
        self._event.clear()
        waiters, self._tick_waiters = self._tick_waiters, []
        try:
            yield
        finally:
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)

    async def next_tick(self) -> None:
        """Wake the loop, and return when a whole tick has begun and ended."""
        waiter = asyncio.get_running_loop().create_future()
        self._tick_waiters.append(waiter)
        self.wake()
        await waiter

    async def wait(self, next_due: datetime | None) -> None:
        """Wait for `wake`, the instant `next_due`, or the poll interval, whichever comes first."""
        tasks: set[asyncio.Task[object]] = {asyncio.create_task(self._event.wait())}
        if next_due is not None:
            tasks.add(asyncio.create_task(self._clock.wait_until(next_due)))
        timeout = self._poll_interval.total_seconds()
        self._next_due = next_due
        try:
            await asyncio.wait(tasks, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._next_due = None
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
