"""Taking an event of Discord's in hand, so that no other process does, and this one not twice."""

from collections import OrderedDict
from typing import Final

import structlog

from bot.errors import StorageError
from storage import event_claims
from storage.database import Database

MAX_REMEMBERED: Final = 10_000
"""Events that this process took: one may come twice."""

log = structlog.get_logger()


class EventDeduplicator:
    """What this process took, and what the others say."""

    def __init__(self, database: Database, process: str) -> None:
        self._database = database
        self._process = process
        self._taken: OrderedDict[int, None] = OrderedDict()

    async def claim(self, event_id: int, *, steal_from_dead: bool = False) -> bool:
        """Whether an event is this process's to handle; only the first time.

        `from_the_dead`: also what another process took and may have died over. Without a database to ask it is ours:
        what is recorded is recorded once by its own key.
        """
        if event_id in self._taken:
            return False
        self._taken[event_id] = None
        if len(self._taken) > MAX_REMEMBERED:
            self._taken.popitem(last=False)
        if not self._database.multi_process:
            return True
        try:
            return await event_claims.claim(self._database, event_id, self._process, steal_from_dead=steal_from_dead)
        except StorageError as error:
            log.warning("event_not_claimed", discord_event=event_id, reason=error.message_id)
            return True

    async def release(self, event_id: int) -> None:
        """It could not be handled: whoever reads it again may take it."""
        self._taken.pop(event_id, None)
        if self._database.multi_process:
            try:
                await event_claims.release(self._database, event_id, self._process)
            except StorageError as error:
                log.warning("event_not_given_back", discord_event=event_id, reason=error.message_id)
