"""How often a process renews its lease, and when it gives up its shards, in time that is counted."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from bot.errors import StorageError
from bot.scheduling.membership import Membership
from storage import processes
from storage.engines.sqlite import SQLite
from storage.processes import ProcessAssignment
from tests.helpers.amounts import others_slow
from tests.helpers.closing import closing
from tests.helpers.virtual_time import VirtualTimeLoop

pytestmark = pytest.mark.sqlite_only


class SameThreadConnection(aiosqlite.Connection):
    """Runs each statement in the caller's thread, in a millisecond: counted time would not wait for another thread."""

    def __init__(self, path: Path) -> None:
        super().__init__(partial(sqlite3.connect, path, isolation_level=None), iter_chunk_size=64)
        self._connection = self._connector()

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        await asyncio.sleep(0.001)
        return fn(*args, **kwargs)

    async def close(self) -> None:
        self._conn.close()
        self._connection = None


class SharedFile(SQLite):
    """A file that counts as shared with other processes, as a PostgreSQL database is."""

    multi_process = True


class Host:
    """Notes the instants at which it learns what a heartbeat found."""

    def __init__(self) -> None:
        self.heartbeats: list[float] = []
        self.shards: Collection[int] = ()
        self.shard_changes: list[tuple[float, Collection[int]]] = []

    async def set_shards(self, shards: Collection[int]) -> None:
        if set(shards) != set(self.shards):
            self.shard_changes.append((round(asyncio.get_running_loop().time()), set(shards)))
        self.shards = shards

    def set_process_count(self, process_count: int) -> None:
        assert process_count == 1
        self.heartbeats.append(asyncio.get_running_loop().time())


def test_a_heartbeat_is_sent_every_four_seconds_and_once_more_when_a_process_joins(
    database_url: str, tmp_path: Path
) -> None:
    del database_url
    path, host = tmp_path / "nintei.db", Host()

    async def be_a_member() -> None:
        database = SharedFile(SameThreadConnection(path), SameThreadConnection(path), path)
        membership = Membership(database, shards=2)
        async with closing(database):
            async with membership.running(host):
                await asyncio.sleep(10)
                membership.wake()
                await asyncio.sleep(10)
                assert host.shards == {0, 1}
            assert host.shards == ()

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(be_a_member())
    assert host.heartbeats == pytest.approx([0, 4, 8, 10, 14, 18], abs=0.2)


async def never_answer(*_arguments: object, **_named: object) -> ProcessAssignment:
    """A statement on a connection that is cut off: cancelled, it ends 15 seconds later."""
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(15)
    raise AssertionError


async def refuse(*_arguments: object, **_named: object) -> ProcessAssignment:
    raise StorageError("storage-unreachable")


async def fail(*_arguments: object, **_named: object) -> ProcessAssignment:
    raise ZeroDivisionError


@pytest.mark.parametrize("heartbeat", others_slow([refuse, fail, never_answer]))
def test_the_shards_are_given_up_before_the_lease_ends_however_a_heartbeat_fails(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    heartbeat: Callable[..., Awaitable[ProcessAssignment]],
) -> None:
    del database_url
    path, host = tmp_path / "nintei.db", Host()
    renew = processes.renew_process_lease

    async def be_a_member() -> None:
        database = SharedFile(SameThreadConnection(path), SameThreadConnection(path), path)
        membership = Membership(database, shards=2)
        async with closing(database), membership.running(host):
            await asyncio.sleep(10)
            monkeypatch.setattr(processes, "renew_process_lease", heartbeat)
            await asyncio.sleep(50)
            assert membership.assignment is None
            monkeypatch.setattr(processes, "renew_process_lease", renew)
            await asyncio.sleep(40)
            assert membership.assignment == ProcessAssignment(1, frozenset({0, 1}))

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(be_a_member())
    assert host.shard_changes[:2] == [(0, {0, 1}), (19, set())]  # renewed at 8, it ends at 23; others may be early by 4
    assert [shards for _, shards in host.shard_changes] == [{0, 1}, set(), {0, 1}, set()]


def test_who_leaves_while_a_heartbeat_is_not_answered_disconnects_at_once(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del database_url
    path, host = tmp_path / "nintei.db", Host()

    async def be_a_member() -> None:
        database = SharedFile(SameThreadConnection(path), SameThreadConnection(path), path)
        async with closing(database):
            async with Membership(database, shards=2).running(host):
                await asyncio.sleep(10)
                monkeypatch.setattr(processes, "renew_process_lease", never_answer)
                await asyncio.sleep(4)
            assert await database.fetch("SELECT 1 FROM processes") == []

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(be_a_member())
    assert host.shard_changes == [(0, {0, 1}), (14, set())]
