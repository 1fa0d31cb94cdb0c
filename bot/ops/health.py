"""Whether the process lives, and whether it is of use: what is wrong, each a text's id with its arguments."""

import asyncio
from typing import Final

from bot.errors import NinteiError, StorageError
from bot.ops.probes import DB_PROBE_TIMEOUT, MonitoredComponents

DM_SHARD_ID: Final = 0
"""The shard on which they all arrive: only who holds it catches up."""

MAX_POLL_AGE: Final = 180.0
"""Seconds without a look for what is due: three sweeps, or a database that answers neither yes nor no."""


class Health:
    """Asks the parts."""

    def __init__(self, components: MonitoredComponents) -> None:
        self._parts = components
        self._db_probe: asyncio.Task[bool] | None = None

    def liveness_problems(self) -> list[NinteiError]:
        """Wrong here: only a restart helps. That the event loop goes on is shown by the answer itself."""
        age = self._parts.seconds_since_poll()
        return [NinteiError("health-sweep", seconds=int(age))] if age is not None and age > MAX_POLL_AGE else []

    async def readiness_problems(self) -> list[NinteiError]:
        """Wrong here: members are not served just now, or would wait."""
        found = self.liveness_problems()
        gateway, shards = self._parts.gateway, self._parts.shards()
        if gateway.user is None:
            found.append(NinteiError("health-logged-in"))
        elif self._parts.membership.place is None:
            found.append(NinteiError("health-membership"))
        elif away := sorted(set(shards) - gateway.connected):
            found.append(NinteiError("health-gateway", shards=", ".join(map(str, away))))
        elif DM_SHARD_ID in shards and not gateway.backlog_processed.is_set():
            found.append(NinteiError("health-caught-up"))
        if not await self.database_answers():
            found.append(NinteiError("health-database", seconds=int(DB_PROBE_TIMEOUT)))
        return found

    async def database_answers(self) -> bool:
        """Whether a transaction that may write can begin and end. A question that hangs is waited for by the next."""
        if self._db_probe is None or self._db_probe.done():
            self._db_probe = asyncio.create_task(self._probe_database(), name="health")
        answered, _ = await asyncio.wait({self._db_probe}, timeout=DB_PROBE_TIMEOUT)
        return bool(answered) and self._db_probe.result()

    async def _probe_database(self) -> bool:
        try:
            async with self._parts.database.write():
                return True
        except StorageError:
            return False

    async def close(self) -> None:
        """Leave no question behind."""
        if self._db_probe is not None:
            await asyncio.gather(self._db_probe, return_exceptions=True)
