"""Each member waits for themselves: so many things of one member at once, the rest behind them in their order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from bot.domain.types import MemberId


class Turns:
    """What nobody is at or waits for is not kept."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._rooms: WeakValueDictionary[MemberId, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, member: MemberId) -> AsyncIterator[None]:
        """Wait for one of the member's own places, and hold it while the block runs."""
        room = self._rooms.get(member)
        if room is None:
            room = self._rooms[member] = asyncio.Semaphore(self._at_once)
        async with room:
            yield
