"""Each member waits for themselves: so many things of one member at once, the rest behind them in their order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from bot.domain.types import MemberId


class KeyedSemaphore:
    """What nobody is at or waits for is not kept."""

    def __init__(self, limit: int) -> None:
        self._at_once = limit
        self._semaphores: WeakValueDictionary[MemberId, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def acquire(self, member: MemberId) -> AsyncIterator[None]:
        """Wait for one of the member's own places, and hold it while the block runs."""
        room = self._semaphores.get(member)
        if room is None:
            room = self._semaphores[member] = asyncio.Semaphore(self._at_once)
        async with room:
            yield
