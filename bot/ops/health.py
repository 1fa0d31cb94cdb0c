"""The health and readiness checks of a process. A problem is a `NinteiError`: the id of a text with its arguments."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Protocol

from bot.errors import NinteiError, StorageError
from bot.instrumentation import storage_error_reason
from bot.mail.mailbox import MailboxReader
from bot.ops.daily_backup import DailyBackup
from bot.scheduling.dispatcher import ReminderDispatcher
from bot.scheduling.dm_open_limiter import DmOpenLimiter
from bot.scheduling.membership import Membership
from storage import periodic_runs
from storage.database import Database

DM_SHARD_ID: Final = 0
"""The shard that receives direct messages: only its process reads the backlog."""


class Gateway(Protocol):
    """The part of the Discord connection that is monitored."""

    connected: set[int]
    """Ids of the connected shards."""
    backlog_processed: asyncio.Event
    is_token_refused: bool
    """Whether Discord refused the token at the last request."""

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
    self_check_interval: float = 10.0
    """Between two checks of the database's file and of the clock."""
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
    daily_backup: DailyBackup
    mailbox: MailboxReader | None = None
    """None: no mailbox is set up. It is no part of the readiness: reminders go on without it."""
    limits: MonitoringLimits = DEFAULT_LIMITS

    def seconds_since_poll_attempt(self) -> float:
        """Seconds since the dispatcher last tried to poll for due reminders; 0 before it runs."""
        return _seconds_since(self.dispatcher.last_poll_attempt)

    def seconds_since_successful_poll(self) -> float:
        """Seconds since the database last answered such a poll, or since the start; 0 before the dispatcher runs."""
        return _seconds_since(self.dispatcher.last_successful_poll)

    def is_polling(self) -> bool:
        """Whether the dispatcher polls for due reminders: else only a restart helps."""
        return self.seconds_since_poll_attempt() <= self.limits.max_poll_age

    def shards(self) -> Collection[int]:
        """Ids of the shards that this process should be connected for."""
        assignment = self.membership.assignment
        return assignment.shards if assignment else ()


def _seconds_since(instant: float | None) -> float:
    return 0.0 if instant is None else asyncio.get_running_loop().time() - instant


class Health:
    """Checks the components of one process."""

    def __init__(self, components: MonitoredComponents) -> None:
        self._components = components
        self._db_probe: asyncio.Task[StorageError | None] | None = None

    def liveness_problems(self) -> list[NinteiError]:
        """Problems that only a restart solves. The answer itself shows that the event loop runs.

        A poll that the database refuses is none of them: the process goes on by itself once the database answers.
        """
        return [*self._poll_problems(self._components.seconds_since_poll_attempt()), *self._database_file_problems()]

    async def readiness_problems(self) -> list[NinteiError]:
        """Problems that keep members from being served at the moment."""
        problems = (
            self._poll_problems(self._components.seconds_since_successful_poll()) + self._database_file_problems()
        )
        gateway, shards = self._components.gateway, self._components.shards()
        if gateway.user is None:
            problems.append(NinteiError("health-logged-in"))
        elif gateway.is_token_refused:
            problems.append(NinteiError("health-token"))
        elif self._components.membership.assignment is None:
            problems.append(NinteiError("health-membership"))
        elif disconnected := sorted(set(shards) - gateway.connected):
            problems.append(NinteiError("health-gateway", shards=", ".join(map(str, disconnected))))
        elif DM_SHARD_ID in shards and not gateway.backlog_processed.is_set():
            problems.append(NinteiError("health-caught-up"))
        if (reason := await self.database_problem()) is not None:
            seconds = int(self._components.limits.db_probe_timeout)
            problems.append(NinteiError("health-database", reason=reason, seconds=seconds))
        return problems

    def _poll_problems(self, age: float) -> list[NinteiError]:
        return [NinteiError("health-sweep", seconds=int(age))] if age > self._components.limits.max_poll_age else []

    def _database_file_problems(self) -> list[NinteiError]:
        try:
            self._components.database.ensure_file_unchanged()
        except StorageError:
            return [NinteiError("health-database-file")]
        return []

    async def database_problem(self) -> str | None:
        """Why a row cannot be written: `timeout`, or the reason of a `StorageError`; None when it was written in time.

        While a probe hangs, further calls wait for it.
        """
        if self._db_probe is None or self._db_probe.done():
            self._db_probe = asyncio.create_task(self._try_database_write(), name="health")
        finished, _ = await asyncio.wait({self._db_probe}, timeout=self._components.limits.db_probe_timeout)
        if not finished:
            return "timeout"
        error = self._db_probe.result()
        return None if error is None else storage_error_reason(error.message_id)

    async def _try_database_write(self) -> StorageError | None:
        try:
            await periodic_runs.commit_probe_row(self._components.database)
        except StorageError as error:
            return error
        return None

    async def close(self) -> None:
        """Wait for a probe that is under way."""
        if self._db_probe is not None:
            await asyncio.gather(self._db_probe, return_exceptions=True)
