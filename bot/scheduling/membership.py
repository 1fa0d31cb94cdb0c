"""One process among those that share a database: a lease renewed by signs of life, and the shards that go with it."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final, Protocol

import structlog

from bot.errors import StorageError
from storage import processes
from storage.database import Database
from storage.processes import ProcessAssignment

HEARTBEAT_INTERVAL: Final = timedelta(seconds=4)
LEASE_TTL: Final = timedelta(seconds=15)
"""A process is dead when it gave no sign of life for so long; its shards are taken over by the next beat."""

NOTIFY_MEMBERSHIP: Final = "processes"
"""The word that a process says when it comes or goes."""

IDENTIFY_RETRY: Final = 0.5
"""Seconds before asking again for the turn to identify."""

log = structlog.get_logger()


class ShardHost(Protocol):
    """Holds gateway connections, and sends within a share of Discord's limit."""

    async def set_shards(self, shards: Collection[int]) -> None:
        """Be connected for these shards and no others."""

    def set_process_count(self, process_count: int) -> None:
        """So many processes send."""


class Membership:
    """One long-lived task. On SQLite there is one process, and everything is its own."""

    def __init__(self, database: Database, shards: int) -> None:
        self.process: Final = secrets.token_hex(8)
        self._database = database
        self._shards = shards
        self._wake = asyncio.Event()
        self.place: ProcessAssignment | None = None
        """Among the living; None: not one of them, as far as this process knows."""

    def wake(self) -> None:
        """Another process came or went."""
        self._wake.set()

    async def acquire_identify_slot(self, shard: int) -> None:
        """Return when Discord lets this shard identify, whoever identified before it."""
        while self._database.multi_process:
            try:
                async with self._database.write() as transaction:
                    if await processes.try_identify_slot(transaction, shard):
                        return
            except StorageError as error:
                log.warning("turn_to_identify_unknown", reason=error.message_id)
            await asyncio.sleep(IDENTIFY_RETRY)

    @asynccontextmanager
    async def running(self, shard_host: ShardHost) -> AsyncIterator[None]:
        """Be one of the processes while the block runs."""
        if not self._database.multi_process:
            self.place = ProcessAssignment(1, frozenset(range(self._shards)))
            await shard_host.set_shards(self.place.shards)
            yield
            return
        task = asyncio.create_task(self._heartbeat_loop(shard_host), name="membership")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await shard_host.set_shards(())
            await self._leave()

    async def _heartbeat_loop(self, shard_host: ShardHost) -> None:
        loop = asyncio.get_running_loop()
        lost_at = loop.time()
        while True:
            self._wake.clear()
            try:
                async with asyncio.timeout(LEASE_TTL.total_seconds()), self._database.write() as transaction:
                    began = loop.time()
                    new = await processes.heartbeat(transaction, self.process, shards=self._shards, lease_ttl=LEASE_TTL)
                lost_at = began + (LEASE_TTL - HEARTBEAT_INTERVAL).total_seconds()
                place = self.place
                if place is None or new.process_count > place.process_count:
                    await self._database.notify(NOTIFY_MEMBERSHIP)
                if new != place:
                    log.info("process_place", process=self.process, living=new.process_count, shards=sorted(new.shards))
                self.place = new
                shard_host.set_process_count(new.process_count)
                await shard_host.set_shards(new.shards)
            except (StorageError, TimeoutError) as error:
                log.warning("no_sign_of_life", reason=getattr(error, "text", type(error).__name__))
                if loop.time() >= lost_at:  # by now others may hold what we held
                    self.place = None
                    await shard_host.set_shards(())
            except Exception:
                log.exception("membership_fault")
            try:
                async with asyncio.timeout(HEARTBEAT_INTERVAL.total_seconds()):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _leave(self) -> None:
        try:
            async with self._database.write() as transaction:
                await processes.leave(transaction, self.process)
            await self._database.notify(NOTIFY_MEMBERSHIP)
        except StorageError as error:
            log.warning("left_without_a_word", reason=error.message_id)
