"""Membership in the processes that share a database: a lease renewed by heartbeats, and the shards it entitles to."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

import structlog

from bot.errors import StorageError
from storage import processes
from storage.database import Database
from storage.processes import ProcessAssignment

NOTIFY_MEMBERSHIP: Final = "processes"
"""The notification of a process that joins or leaves."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LeaseTiming:
    """How often a process renews its lease, and how long the lease lasts."""

    heartbeat_interval: timedelta = timedelta(seconds=4)
    ttl: timedelta = timedelta(seconds=15)
    """Without a heartbeat for so long a process is dead; others take its shards over at their next heartbeat."""
    identify_interval: timedelta = timedelta(seconds=5)
    """Discord lets a bot identify once in this time (`max_concurrency` 1)."""
    identify_retry_seconds: float = 0.5
    """Between two attempts to get the slot to identify."""


DEFAULT_TIMING: Final = LeaseTiming()


class ShardHost(Protocol):
    """Connects shards to the gateway, and sends within this process's share of Discord's limits."""

    async def set_shards(self, shards: Collection[int]) -> None:
        """Connect these shards and disconnect all others."""

    def set_process_count(self, process_count: int) -> None:
        """Share the limits among that many processes."""


@contextmanager
def _log_failure() -> Iterator[None]:
    """Log what is raised; the next heartbeat is sent all the same."""
    try:
        yield
    except (StorageError, TimeoutError) as error:
        log.warning(
            "heartbeat_failed", error=error.message_id if isinstance(error, StorageError) else type(error).__name__
        )
    except Exception:
        log.exception("membership_failed")


class Membership:
    """One long-lived task. On SQLite there is one process, and all shards are its own."""

    def __init__(self, database: Database, shards: int, timing: LeaseTiming = DEFAULT_TIMING) -> None:
        self.process: Final = processes.new_process_id(shards)
        self._database = database
        self._shards = shards
        self._timing = timing
        self._wake = asyncio.Event()
        self.assignment: ProcessAssignment | None = None
        """None when this process may have lost its lease."""
        self._lease_ends_at = 0.0
        """By the loop's clock."""
        self._renewal: asyncio.Task[tuple[ProcessAssignment, float]] | None = None

    def wake(self) -> None:
        """Send a heartbeat now, since another process joined or left."""
        self._wake.set()

    async def acquire_identify_slot(self, shard: int) -> None:
        """Return when Discord lets this shard identify, whichever process identified before it."""
        while self._database.multi_process:
            try:
                async with self._database.write() as transaction:
                    if await processes.claim_identify_slot(transaction, shard, self._timing.identify_interval):
                        return
            except StorageError as error:
                log.warning("identify_slot_unavailable", error=error.message_id)
            await asyncio.sleep(self._timing.identify_retry_seconds)

    @asynccontextmanager
    async def running(self, shard_host: ShardHost) -> AsyncIterator[None]:
        """Be a member while the block runs."""
        if not self._database.multi_process:
            self.assignment = ProcessAssignment(1, frozenset(range(self._shards)))
            await shard_host.set_shards(self.assignment.shards)
            yield
            return
        task = asyncio.create_task(self._heartbeat_loop(shard_host), name="membership")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await shard_host.set_shards(())
            await self._cancel_renewal()
            await self._leave_processes()

    async def _heartbeat_loop(self, shard_host: ShardHost) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            with _log_failure():
                await self._send_heartbeat(shard_host)
            with _log_failure():
                if loop.time() >= self._lease_ends_at:  # other processes may have taken the shards over
                    self.assignment = None
                    await shard_host.set_shards(())
            await self._cancel_renewal()
            pause = self._timing.heartbeat_interval.total_seconds()
            if self.assignment is not None:
                pause = min(pause, self._lease_ends_at - loop.time())
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _send_heartbeat(self, shard_host: ShardHost) -> None:
        """Renew the lease and connect the shards it entitles to.

        Raises `TimeoutError` when the lease ends meanwhile. The renewal may then still wait for the database, also
        once it is cancelled: the shards are not to wait for that.
        """
        loop = asyncio.get_running_loop()
        timeout = self._timing.ttl.total_seconds()
        if self.assignment is not None:
            timeout = max(self._lease_ends_at - loop.time(), 0)
        self._renewal = asyncio.create_task(self._renew_lease(), name="heartbeat")
        await asyncio.wait({self._renewal}, timeout=timeout)
        if not self._renewal.done():
            self._lease_ends_at = min(self._lease_ends_at, loop.time())  # a timer may end a nanosecond early
            raise TimeoutError
        new, self._lease_ends_at = self._renewal.result()
        old, self.assignment = self.assignment, new
        if new.other_shard_counts and (old is None or new.other_shard_counts != old.other_shard_counts):
            log.warning(
                "shard_counts_differ",
                own=self._shards,
                others=sorted(new.other_shard_counts),
                fix="SHARD_COUNT",
            )
        if new != old:
            log.info(
                "process_assignment",
                process=self.process,
                process_count=new.process_count,
                shards=sorted(new.shards),
            )
        shard_host.set_process_count(new.process_count)
        await shard_host.set_shards(new.shards)

    async def _renew_lease(self) -> tuple[ProcessAssignment, float]:
        """What this process has now, and until when by the loop's clock: an interval before others may take it over."""
        ttl, old = self._timing.ttl, self.assignment
        async with self._database.write() as transaction:
            started_at = asyncio.get_running_loop().time()
            new = await processes.renew_process_lease(transaction, self.process, shards=self._shards, lease_ttl=ttl)
        if old is None or new.process_count > old.process_count:
            await self._database.notify(NOTIFY_MEMBERSHIP)
        return new, started_at + (ttl - self._timing.heartbeat_interval).total_seconds()

    async def _cancel_renewal(self) -> None:
        """Return once the renewal has ended."""
        if self._renewal is not None:
            self._renewal.cancel()
            await asyncio.gather(self._renewal, return_exceptions=True)

    async def _leave_processes(self) -> None:
        try:
            async with self._database.write() as transaction:
                await processes.remove_process(transaction, self.process)
            await self._database.notify(NOTIFY_MEMBERSHIP)
        except StorageError as error:
            log.warning("leave_failed", error=error.message_id)
