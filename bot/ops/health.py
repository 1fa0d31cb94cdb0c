"""The health and readiness checks of a process. A problem is a `NinteiError`: the id of a text with its arguments."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Protocol

from bot.errors import NinteiError, StorageError
from bot.scheduling.dispatcher import ReminderDispatcher
from bot.scheduling.dm_open_limiter import DmOpenLimiter
from bot.scheduling.membership import Membership
from storage.database import Database

DM_SHARD_ID: Final = 0
"""The shard that receives direct messages: only its process reads the backlog."""


class Gateway(Protocol):
    """The part of the Discord connection that is monitored."""

    connected: set[int]
    """Ids of the connected shards."""
    backlog_processed: asyncio.Event

    @property
    def user(self) -> object | None:
        """The bot's own user, None before the login."""

    @property
    def latencies(self) -> list[tuple[int, float]]:
        """Shard id and round-trip seconds; not finite until the first heartbeat is acknowledged."""


class RateLimiterStats(Protocol):
    """The length of the send queue."""

    waiting: int
    in_flight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringLimits:
    """All in seconds."""

    db_probe_timeout: float = 1.0
    """A health check or a scrape waits so long for the database."""
    max_poll_age: float = 180.0
    """Without a poll for due reminders: three polls, or a database that answers neither yes nor no."""
    totals_cache: float = 15.0
    """Totals counted in the database are reused so long by further scrapes."""


DEFAULT_LIMITS: Final = MonitoringLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoredComponents:
    """The parts of the running bot that health checks and metrics read, and the limits for them."""

    database: Database
    gateway: Gateway
    rate_limiter: RateLimiterStats
    dm_open_limiter: DmOpenLimiter
    membership: Membership
    dispatcher: ReminderDispatcher
    limits: MonitoringLimits = DEFAULT_LIMITS

    def seconds_since_poll(self) -> float | None:
        """Seconds since the last poll for due reminders; None before the first one."""
        polled_at = self.dispatcher.last_poll
        return None if polled_at is None else asyncio.get_running_loop().time() - polled_at

    def shards(self) -> Collection[int]:
        """Ids of the shards that this process should be connected for."""
        assignment = self.membership.assignment
        return assignment.shards if assignment else ()


class Health:
    """Checks the components of one process."""

    def __init__(self, components: MonitoredComponents) -> None:
        self._components = components
        self._db_probe: asyncio.Task[bool] | None = None

    def liveness_problems(self) -> list[NinteiError]:
        """Problems that only a restart solves. The answer itself shows that the event loop runs."""
        age, max_age = self._components.seconds_since_poll(), self._components.limits.max_poll_age
        return [NinteiError("health-sweep", seconds=int(age))] if age is not None and age > max_age else []

    async def readiness_problems(self) -> list[NinteiError]:
        """Problems that keep members from being served at the moment."""
        problems = self.liveness_problems()
        gateway, shards = self._components.gateway, self._components.shards()
        if gateway.user is None:
            problems.append(NinteiError("health-logged-in"))
        elif self._components.membership.assignment is None:
            problems.append(NinteiError("health-membership"))
        elif disconnected := sorted(set(shards) - gateway.connected):
            problems.append(NinteiError("health-gateway", shards=", ".join(map(str, disconnected))))
        elif DM_SHARD_ID in shards and not gateway.backlog_processed.is_set():
            problems.append(NinteiError("health-caught-up"))
        if not await self.database_answers():
            problems.append(NinteiError("health-database", seconds=int(self._components.limits.db_probe_timeout)))
        return problems

    async def database_answers(self) -> bool:
        """Whether a write transaction begins and ends in time. While a probe hangs, further calls wait for it."""
        if self._db_probe is None or self._db_probe.done():
            self._db_probe = asyncio.create_task(self._probe_database(), name="health")
        finished, _ = await asyncio.wait({self._db_probe}, timeout=self._components.limits.db_probe_timeout)
        return bool(finished) and self._db_probe.result()

    async def _probe_database(self) -> bool:
        try:
            async with self._components.database.write():
                return True
        except StorageError:
            return False

    async def close(self) -> None:
        """Wait for a probe that is under way."""
        if self._db_probe is not None:
            await asyncio.gather(self._db_probe, return_exceptions=True)
