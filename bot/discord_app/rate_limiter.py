"""The way out for what the bot sends by itself: everything goes under one limit."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import timedelta
from types import TracebackType

from aiolimiter import AsyncLimiter


class RateLimiter:
    """`async with` waits for its turn; the block is the request itself."""

    def __init__(self, rate: int) -> None:
        self.waiting = 0
        self.in_flight = 0
        self._rate = rate
        self._limiter = self._limit(1)
        self._held_until = 0.0

    def _limit(self, process_count: int) -> AbstractAsyncContextManager[None]:
        """The share of one process of what all may send in a second; 0: a proxy keeps the limit."""
        return AsyncLimiter(1, process_count / self._rate) if self._rate else nullcontext()

    def set_process_count(self, process_count: int) -> None:
        """Send as one of so many processes."""
        self._limiter = self._limit(process_count)

    def pause_for(self, seconds: timedelta) -> None:
        """Let nobody through for so long."""
        self._held_until = max(self._held_until, asyncio.get_running_loop().time() + seconds.total_seconds())

    async def __aenter__(self) -> None:
        self.waiting += 1
        try:
            if (left := self._held_until - asyncio.get_running_loop().time()) > 0:
                await asyncio.sleep(left)
            async with self._limiter:  # entering it is the whole wait
                pass
        finally:
            self.waiting -= 1
        self.in_flight += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.in_flight -= 1
