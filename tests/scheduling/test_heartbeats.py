"""How often a process renews its lease, in time that is counted."""

import asyncio
import sqlite3
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from bot.scheduling.membership import Membership
from storage.engines.sqlite import SQLite
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

    async def set_shards(self, shards: Collection[int]) -> None:
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
