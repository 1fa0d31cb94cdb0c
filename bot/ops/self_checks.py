"""What a running process notices about its surroundings: a database file that is gone, a clock that jumps."""

import asyncio
from asyncio import sleep
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

import structlog

from bot.clock import Clock
from bot.errors import StorageError
from storage.database import Database

MAX_CLOCK_JUMP_SECONDS: Final = 2.0
"""Of the wall clock against the monotonic one, between two checks."""

log = structlog.get_logger()


class SelfChecks:
    """One long-lived task, which only logs: the database refuses a lost file by itself, and every wait polls."""

    def __init__(self, database: Database, clock: Clock, interval_seconds: float) -> None:
        self._interval_seconds = interval_seconds
        self._database = database
        self._clock = clock

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Check while the block runs."""
        task = asyncio.create_task(self._self_check_loop(), name="self checks")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _self_check_loop(self) -> None:
        loop = asyncio.get_running_loop()
        checked: tuple[datetime, float] = self._clock.now(), loop.time()
        while True:
            await sleep(self._interval_seconds)
            try:
                self._database.ensure_file_unchanged()
            except StorageError as error:
                log.critical("database_file_lost", error=error.message_id, path=str(error.arguments.get("path")))
            now, elapsed = self._clock.now(), loop.time()
            jump = (now - checked[0]).total_seconds() - (elapsed - checked[1])
            if abs(jump) > MAX_CLOCK_JUMP_SECONDS:
                log.warning("clock_jumped", seconds=round(jump, 1))
            checked = now, elapsed
