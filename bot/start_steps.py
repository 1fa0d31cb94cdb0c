"""The log of a start: a line for each step, and one every 15 seconds while a step waits for something."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from bot.errors import NinteiError

WAITING_LINE_SECONDS: Final = 15.0

log = structlog.get_logger()


@asynccontextmanager
async def start_step(step: str) -> AsyncIterator[None]:
    """One step of the start."""
    log.info("starting", step=step)
    waiting = asyncio.create_task(_log_waiting(step), name=f"start: {step}")
    try:
        yield
    except NinteiError as error:
        log.error("start_failed", step=step, error=error.message_id)  # noqa: TRY400 — the command line prints the sentence
        raise
    finally:
        waiting.cancel()


async def _log_waiting(step: str) -> None:
    seconds = 0.0
    while True:
        await asyncio.sleep(WAITING_LINE_SECONDS)
        seconds += WAITING_LINE_SECONDS
        log.warning("start_waits", step=step, seconds=seconds)
