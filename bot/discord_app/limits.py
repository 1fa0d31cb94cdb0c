"""Limits on what runs at once for one member, and on what the bot sends by itself in a second."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import timedelta
from types import TracebackType
from weakref import WeakValueDictionary

from aiolimiter import AsyncLimiter

from bot.domain.types import MemberId


class KeyedSemaphore:
    """A semaphore for each member, so that members do not wait for one another. Those not in use are forgotten."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._semaphores: WeakValueDictionary[MemberId, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def acquire(self, member_id: MemberId) -> AsyncIterator[None]:
        """Hold one of the member's places while the block runs; waiting tasks enter in their order."""
        semaphore = self._semaphores.get(member_id)
        if semaphore is None:
            semaphore = self._semaphores[member_id] = asyncio.Semaphore(self._limit)
        async with semaphore:
            yield


class RateLimiter:
    """Limits the requests that the bot sends by itself. `async with` waits for a turn; the block is the request."""

    def __init__(self, rate: int) -> None:
        """`rate`: requests a second of all processes together; 0: a proxy limits them."""
        self.waiting = 0
        self.in_flight = 0
        self._rate = rate
        self._limiter = self._create_limiter(1)
        self._paused_until = 0.0

    def _create_limiter(self, process_count: int) -> AbstractAsyncContextManager[None]:
        return AsyncLimiter(1, process_count / self._rate) if self._rate else nullcontext()

    def set_process_count(self, process_count: int) -> None:
        """Take the share of one of so many processes."""
        self._limiter = self._create_limiter(process_count)

    def pause_for(self, duration: timedelta) -> None:
        """Send nothing for so long."""
        self._paused_until = max(self._paused_until, asyncio.get_running_loop().time() + duration.total_seconds())

    async def __aenter__(self) -> None:
        self.waiting += 1
        try:
            if (seconds := self._paused_until - asyncio.get_running_loop().time()) > 0:
                await asyncio.sleep(seconds)
            async with self._limiter:  # entering it is the whole wait
                pass
        finally:
            self.waiting -= 1
        self.in_flight += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.in_flight -= 1
