"""What every scheduling task shares: do what is due, wait until more is due, and end after what is begun."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import ClassVar

import structlog

from bot.errors import StorageError
from bot.scheduling.wakeup import WakeUp

log = structlog.get_logger()


class SchedulingLoop(ABC):
    """One long-lived task. No fault ends it: what failed is still due, and the next tick tries it again."""

    name: ClassVar[str]
    """Names the task, and begins its log events: `NAME_waiting_for_database` and `NAME_failed`."""

    def __init__(self, wakeup: WakeUp) -> None:
        self._wakeup = wakeup
        self._is_stopping = False

    @abstractmethod
    async def _do_due_work(self) -> datetime | None:
        """Do what is due, or once `_is_stopping` the rest of what is begun.

        Returns the next due instant; None without one.
        """

    async def wait_idle(self) -> None:
        """Return once everything that was due at the call is done. Only while it runs."""
        await self._wakeup.next_tick()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run while the block runs; on leaving, what is begun is finished."""
        task = asyncio.create_task(self._run(), name=self.name)
        try:
            yield
        finally:
            self._is_stopping = True
            self._wakeup.wake()
            await task

    async def _run(self) -> None:
        while not self._is_stopping:
            next_due = None
            with self._wakeup.ticking():
                try:
                    next_due = await self._do_due_work()
                except StorageError as error:
                    log.warning(f"{self.name}_waiting_for_database", error=error.message_id)  # noqa: G004 — an event's name
                except Exception:
                    log.exception(f"{self.name}_failed")  # noqa: G004 — an event's name
            if not self._is_stopping:
                await self._wakeup.wait(next_due)
