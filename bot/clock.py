"""The time, and waiting until an instant. Tests and the rehearsal use a clock that is set by hand."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Clock(Protocol):
    """The only source of the time; `bot.app` chooses which one is used."""

    def now(self) -> datetime:
        """The present instant, in UTC."""

    async def wait_until(self, instant: datetime) -> None:
        """Return once the clock shows `instant` or later, also when it was set forward."""


class SystemClock:
    """The machine's clock. Waiting is a date job of APScheduler, in memory, that sets an event.

    `misfire_grace_time=None`: by default a job that is a second late is dropped (docs/platform-facts.md#apscheduler).
    """

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None})

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)

    async def wait_until(self, instant: datetime) -> None:
        """Return once the machine's clock shows `instant` or later."""
        if not self._scheduler.running:
            self._scheduler.start()
        while self.now() < instant:
            fired = asyncio.Event()
            job = self._scheduler.add_job(_set_event, "date", run_date=instant, args=[fired])
            try:
                await fired.wait()
            finally:
                with suppress(JobLookupError):  # the job has fired
                    job.remove()

    def close(self) -> None:
        """Stop the scheduler."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


async def _set_event(event: asyncio.Event) -> None:
    event.set()
