"""Limits: an event is handled once, few interactions of a member run at once, and so much is sent in a second."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import timedelta
from typing import Final
from weakref import WeakValueDictionary

import structlog
from aiolimiter import AsyncLimiter

from bot.domain.types import MemberId
from bot.errors import StorageError
from storage import event_claims
from storage.database import Database

MAX_REMEMBERED_EVENTS: Final = 10_000

log = structlog.get_logger()


class EventDeduplicator:
    """Remembers the events that this process claimed, and claims them in the database where several processes run."""

    def __init__(self, database: Database, process: str) -> None:
        self._database = database
        self._process = process
        self._claimed: OrderedDict[int, None] = OrderedDict()

    async def claim(self, event_id: int, *, steal_from_dead: bool = False) -> bool:
        """Claim an event. False when it was claimed before, by this process or another.

        `steal_from_dead`: also claim an event of a process that is dead, which may not have handled it. While the
        database is unavailable every event can be claimed: recording a message twice is prevented by its source key.
        """
        if event_id in self._claimed:
            return False
        self._claimed[event_id] = None
        if len(self._claimed) > MAX_REMEMBERED_EVENTS:
            self._claimed.popitem(last=False)
        if not self._database.multi_process:
            return True
        try:
            is_claimed = await event_claims.claim_event(
                self._database, event_id, self._process, steal_from_dead=steal_from_dead
            )
        except StorageError as error:
            log.warning("event_claim_failed", event_id=event_id, error=error.message_id)
            return True
        if not is_claimed:  # another process may give it up
            self._claimed.pop(event_id, None)
        return is_claimed

    async def claim_for_good(self, event_id: int) -> bool:
        """Claim an event that must not be handled again after a crash. Raises `StorageError`."""
        return await event_claims.claim_event_for_good(self._database, event_id, self._process)

    async def release(self, event_id: int) -> None:
        """Release an event that could not be handled, so that it can be claimed when it is read again."""
        self._claimed.pop(event_id, None)
        if self._database.multi_process:
            try:
                await event_claims.release_event(self._database, event_id, self._process)
            except StorageError as error:
                log.warning("event_release_failed", event_id=event_id, error=error.message_id)


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
            while True:
                async with self._limiter:  # entering it is the whole wait
                    pass
                seconds = self._paused_until - asyncio.get_running_loop().time()
                if seconds <= 0:
                    break
                # Then for another turn: what waited for the end of a pause must not be sent all at once.
                await asyncio.sleep(seconds)
        finally:
            self.waiting -= 1
        self.in_flight += 1

    async def __aexit__(self, *_error: object) -> None:
        self.in_flight -= 1
