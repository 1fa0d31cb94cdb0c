"""What time it is, and waiting until an instant: the system's clock, or a rehearsal's that is moved by hand."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Clock(Protocol):
    """`app` chooses one; nobody else asks the machine for the time."""

    def now(self) -> datetime:
        """The present instant, in UTC."""

    async def wait_until(self, instant: datetime) -> None:
        """Return once the clock stands at `instant` or later, however it came there."""


class SystemClock:
    """The machine's clock. APScheduler is the doorbell: a date job that only sets an event, kept in memory.

    `misfire_grace_time=None`: by default a job that is a second late would be dropped.
    """

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None})

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)

    async def wait_until(self, instant: datetime) -> None:
        """Return once the machine's clock stands at `instant` or later."""
        if not self._scheduler.running:
            self._scheduler.start()
        while self.now() < instant:
            fired = asyncio.Event()
            job = self._scheduler.add_job(_fire, "date", run_date=instant, args=[fired])
            try:
                await fired.wait()
            finally:
                with suppress(JobLookupError):  # it has rung
                    job.remove()

    def close(self) -> None:
        """Stop the scheduler."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


async def _fire(fired: asyncio.Event) -> None:
    fired.set()
