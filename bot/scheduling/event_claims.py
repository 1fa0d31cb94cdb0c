"""Claims of Discord events: each event is handled by one process, and once."""

from collections import OrderedDict
from typing import Final

import structlog

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
            return await event_claims.claim(self._database, event_id, self._process, steal_from_dead=steal_from_dead)
        except StorageError as error:
            log.warning("event_claim_failed", event_id=event_id, error=error.message_id)
            return True

    async def release(self, event_id: int) -> None:
        """Release an event that could not be handled, so that it can be claimed when it is read again."""
        self._claimed.pop(event_id, None)
        if self._database.multi_process:
            try:
                await event_claims.release(self._database, event_id, self._process)
            except StorageError as error:
                log.warning("event_release_failed", event_id=event_id, error=error.message_id)
