"""A backup a day: at the start if one is due, then by the calendar; so many are kept, and a fault stops nothing."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.fake_discord.clock import ManualClock
from bot.ops import daily_backup
from bot.ops.daily_backup import BackupPlan, DailyBackup, plan_daily_backup
from bot.settings import read_settings
from storage.admin.backup import CancelCheck
from storage.connect import open_database
from storage.database import Database
from tests.helpers.servers import make_migrated_file

NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(await make_migrated_file(tmp_path / "nintei.db"))
    yield opened
    await opened.close()


class ToldClock(ManualClock):
    """Tells when somebody begins to wait for it."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self._waits: asyncio.Queue[datetime] = asyncio.Queue()

    async def wait_until(self, instant: datetime) -> None:
        if instant > self.now():
            self._waits.put_nowait(instant)
        await super().wait_until(instant)

    async def waited_for(self) -> datetime:
        """The next instant that is waited for."""
        async with asyncio.timeout(20):
            return await self._waits.get()


@pytest.fixture
def clock() -> ToldClock:
    return ToldClock(NOON)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


class Tries:
    """What came of each try, as it comes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ended: asyncio.Queue[str] = asyncio.Queue()
        for level in ("info", "warning"):
            monkeypatch.setattr(daily_backup.log, level, self._hear)

    def _hear(self, event: str, **_about: object) -> None:
        self._ended.put_nowait(event)

    async def next(self) -> str:
        """Its log line."""
        async with asyncio.timeout(20):
            return await self._ended.get()

    def none(self) -> bool:
        """Whether nothing came."""
        return self._ended.empty()


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> Tries:
    return Tries(monkeypatch)


@pytest.fixture
def make(database: Database, clock: ToldClock, folder: Path, tmp_path: Path) -> Callable[[int], DailyBackup]:
    def made(keep: int) -> DailyBackup:
        return DailyBackup(database, clock, BackupPlan(tmp_path / "nintei.db", folder, keep))

    return made


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir()) if folder.exists() else []


def write(folder: Path, *files: str) -> None:
    folder.mkdir()
    for name in files:
        (folder / name).write_text("")


def get_in_the_way(folder: Path) -> None:
    folder.write_text("")


def drop(file: Path) -> None:
    file.unlink()


async def test_one_a_day_and_the_oldest_go(
    make: Callable[[int], DailyBackup], clock: ToldClock, folder: Path, tries: Tries
) -> None:
    strange = [
        "nintei.db",
        "nintei-20260101-000000.db.gz",
        "nintei-2026-old.db",
        "mine.db",
        "x-nintei-20260101-000000.db",
    ]
    write(folder, *strange, ".nintei-20260101-000000.db.abc123.part")
    write(folder / "nintei-20260101-000001.db")
    async with make(2).running():
        assert await tries.next() == "backup_created"
        for day in range(1, 4):
            assert await clock.waited_for() == NOON + day * DAY
            clock.advance(DAY - timedelta(seconds=1))
            assert tries.none()
            clock.advance(timedelta(seconds=1))
            assert await tries.next() == "backup_created"
    expected = ["nintei-20261126-120000.db", "nintei-20261127-120000.db", "nintei-20260101-000001.db", *strange]
    assert names(folder) == sorted(expected)
    connection = sqlite3.connect(folder / "nintei-20261127-120000.db")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


@pytest.mark.parametrize("keep", [1, 2, 5])
async def test_the_one_just_made_stays_beside_those_of_a_clock_that_was_ahead(
    make: Callable[[int], DailyBackup], folder: Path, tries: Tries, keep: int
) -> None:
    write(folder, *(f"nintei-2027010{day}-000000.db" for day in range(1, 4)))
    async with make(keep).running():
        assert await tries.next() == "backup_created"
    assert "nintei-20261124-120000.db" in names(folder)
    assert len(names(folder)) == min(keep, 4)


async def test_a_restart_makes_none_before_its_time(
    make: Callable[[int], DailyBackup], clock: ToldClock, folder: Path, tries: Tries
) -> None:
    async with make(5).running():
        assert await tries.next() == "backup_created"
        assert await clock.waited_for() == NOON + DAY
    for _ in range(3):
        clock.advance(timedelta(hours=1))
        async with make(5).running():
            assert await clock.waited_for() == NOON + DAY
    assert names(folder) == ["nintei-20261124-120000.db"]
    clock.advance(timedelta(days=10))
    async with make(5).running():
        assert await tries.next() == "backup_created"
    assert len(names(folder)) == 2


async def test_a_fault_is_logged_and_tried_again_an_hour_later(
    make: Callable[[int], DailyBackup], clock: ToldClock, folder: Path, tries: Tries
) -> None:
    get_in_the_way(folder)
    async with make(1).running():
        assert await tries.next() == "backup_failed"
        assert await clock.waited_for() == NOON + timedelta(hours=1)
        clock.advance(timedelta(minutes=59))
        assert tries.none()
        clock.advance(timedelta(minutes=1))
        assert await tries.next() == "backup_failed"
        drop(folder)
        assert await clock.waited_for() == NOON + timedelta(hours=2)
        clock.advance(timedelta(hours=1))
        assert await tries.next() == "backup_created"
    assert names(folder) == ["nintei-20261124-140000.db"]


@pytest.mark.parametrize(
    ("environ", "count", "where"),
    [
        ({}, 7, "data/backups"),
        ({"DATABASE_URL": "sqlite:////srv/bot.db"}, 7, "/srv/backups"),
        ({"BACKUP_KEEP": "0"}, 0, "data/backups"),
        ({"BACKUP_KEEP": "30", "BACKUP_FOLDER": "/mnt"}, 30, "/mnt"),
        ({"BACKUP_DAYS": "3"}, 3, "data/backups"),
        ({"BACKUP_DAYS": "0"}, 0, "data/backups"),
        ({"DATABASE_URL": "postgresql://x@y/z"}, 0, "data/backups"),
    ],
)
def test_what_is_made_unless_the_operator_says_otherwise(environ: dict[str, str], count: int, where: str) -> None:
    plan = plan_daily_backup(read_settings(environ))
    assert (plan.retention_count, plan.folder) == (count, Path(where))


async def test_none_is_made_where_it_would_fill_the_disk(
    make: Callable[[int], DailyBackup], clock: ToldClock, folder: Path, tries: Tries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily_backup, "free_disk_bytes", lambda _folder: 100_000)
    backup = make(1)
    async with backup.running():
        assert await tries.next() == "backup_failed"
        assert await clock.waited_for() == NOON + timedelta(hours=1)
    assert names(folder) == []
    assert backup.last_success_at is None


async def test_what_a_killed_backup_left_takes_no_room_from_the_next_one(
    make: Callable[[int], DailyBackup], folder: Path, tries: Tries, monkeypatch: pytest.MonkeyPatch
) -> None:
    unfinished = [f".nintei-20261123-120000.db.abc123.part{suffix}" for suffix in ("", "-journal")]
    write(folder, *unfinished)
    monkeypatch.setattr(
        daily_backup, "free_disk_bytes", lambda _folder: 0 if unfinished[0] in names(folder) else 10**12
    )
    async with make(1).running():
        assert await tries.next() == "backup_created"
    assert names(folder) == ["nintei-20261124-120000.db"]


async def test_what_a_killed_restore_left_is_deleted_a_day_later(
    make: Callable[[int], DailyBackup], tmp_path: Path, tries: Tries
) -> None:
    others = [".nintei.db.0123abcd.partly", ".other.db.0123abcd.part", "nintei.db.0123abcd.part"]
    old = [f".nintei.db.0123abcd.part{suffix}" for suffix in ("", "-wal", "-shm", "-journal")]
    for name in [*others, *old, ".nintei.db.89abcdef.part"]:
        (tmp_path / name).write_text("")
        written_at = (NOON - DAY - timedelta(seconds=1)).timestamp()
        os.utime(tmp_path / name, (written_at, written_at))
    written_at = (NOON - DAY + timedelta(seconds=1)).timestamp()  # a restore may be under way
    os.utime(tmp_path / ".nintei.db.89abcdef.part", (written_at, written_at))
    async with make(1).running():
        assert await tries.next() == "backup_created"
    assert [name for name in names(tmp_path) if "part" in name] == sorted([*others, ".nintei.db.89abcdef.part"])


async def test_the_last_success_is_known_after_a_restart(
    make: Callable[[int], DailyBackup], clock: ToldClock, tries: Tries
) -> None:
    for _ in range(2):
        backup = make(1)
        async with backup.running():
            assert await clock.waited_for() == NOON + DAY
        assert backup.last_success_at == NOON
    assert await tries.next() == "backup_created"
    assert tries.none()


async def test_none_is_kept_none_is_made(make: Callable[[int], DailyBackup], folder: Path, tries: Tries) -> None:
    async with make(0).running():
        pass
    assert names(folder) == []
    assert tries.none()


async def test_a_server_has_tools_of_its_own(database: Database, clock: ToldClock, folder: Path, tries: Tries) -> None:
    async with DailyBackup(database, clock, BackupPlan(None, folder, 3)).running():
        assert await tries.next() == "daily_backup_requires_sqlite"
    assert names(folder) == []


async def test_leaving_gives_up_the_one_under_way(
    make: Callable[[int], DailyBackup], folder: Path, monkeypatch: pytest.MonkeyPatch, tries: Tries
) -> None:
    began = asyncio.Event()
    loop = asyncio.get_running_loop()
    copy = daily_backup.create_backup

    def slow(file: Path, to: Path, cancel_check: CancelCheck) -> object:
        loop.call_soon_threadsafe(began.set)
        while not cancel_check.is_cancelled():
            pass
        return copy(file, to, cancel_check)

    monkeypatch.setattr(daily_backup, "create_backup", slow)
    async with make(1).running():
        await began.wait()
    await loop.shutdown_default_executor()
    assert names(folder) == []
    assert tries.none()
