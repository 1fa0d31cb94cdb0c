"""What a running process notices about its surroundings: a database file that is gone, a clock that jumps."""

import asyncio
from asyncio import sleep
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from bot.clock import Clock
from bot.errors import StorageError
from storage.database import Database

MAX_CLOCK_JUMP_SECONDS: Final = 2.0
"""How far the wall clock may move against the monotonic one between two checks."""

log = structlog.get_logger()


@asynccontextmanager
async def self_checks_running(database: Database, clock: Clock, interval_seconds: float) -> AsyncIterator[None]:
    """Check while the block runs; only log, since the database refuses a lost file by itself, and every wait polls."""
    task = asyncio.create_task(_self_check_loop(database, clock, interval_seconds), name="self checks")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _self_check_loop(database: Database, clock: Clock, interval_seconds: float) -> None:
    loop = asyncio.get_running_loop()
    checked_at, checked_time = clock.now(), loop.time()
    while True:
        await sleep(interval_seconds)
        try:
            database.ensure_file_unchanged()
        except StorageError as error:
            log.critical("database_file_lost", error=error.message_id, path=str(error.arguments.get("path")))
        now, time = clock.now(), loop.time()
        jump = (now - checked_at).total_seconds() - (time - checked_time)
        if abs(jump) > MAX_CLOCK_JUMP_SECONDS:
            log.warning("clock_jumped", seconds=round(jump, 1))
        checked_at, checked_time = now, time
