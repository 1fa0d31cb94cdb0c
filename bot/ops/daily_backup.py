"""Daily backups of the SQLite database. A failed one is logged and tried again an hour later."""

import asyncio
import os
import re
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from bot.clock import Clock
from bot.errors import StorageError
from bot.instrumentation import NULL_METRICS, Metrics
from bot.ops.disk import free_disk_bytes
from bot.settings import Settings
from storage import periodic_runs
from storage.admin.backup import BackupCancelledError, CancelCheck, create_backup
from storage.connect import database_file_exists, sqlite_path
from storage.database import Database
from storage.engines.sqlite import erasure_log_path

RUN_NAME: Final = "backup"
DAILY: Final = timedelta(days=1)
FREE_FACTOR: Final = 2
"""How many times the size of the database has to be free for a backup: what is left, members' records need."""
DEFAULT_RETENTION_COUNT: Final = 7
DEFAULT_FOLDER: Final = "backups"
"""Beside the database."""
RETRY_INTERVAL: Final = timedelta(hours=1)
"""After a failed backup."""

_BACKUP_FILE_RE: Final = re.compile(r"nintei-\d{8}-\d{6}\.db", re.ASCII)
_UNFINISHED_FILE_RE: Final = re.compile(r"\.nintei-\d{8}-\d{6}\.db\.\w+\.part(?:-\w+)?", re.ASCII)
_UNFINISHED_RESTORE_ENDING: Final = r"\.[0-9a-f]{8}\.part(?:-\w+)?"
UNFINISHED_RESTORE_RETENTION: Final = timedelta(days=1)
"""An older file belongs to no `restore` that is under way."""

log = structlog.get_logger()


def list_daily_backups(folder: Path) -> list[Path]:
    """The folder's daily backups, the oldest first; files with other names are ignored."""
    return _list_files(folder, _BACKUP_FILE_RE)


def _list_files(folder: Path, name_re: re.Pattern[str]) -> list[Path]:
    if not os.path.isdir(folder):  # noqa: PTH112 — `Path.is_dir` raises where it may not look
        return []
    return sorted(file for file in folder.iterdir() if name_re.fullmatch(file.name) and file.is_file())


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """What the settings say about daily backups."""

    file: Path | None
    """The database; None on PostgreSQL, which has tools of its own."""
    folder: Path
    retention_count: int
    """How many are kept; 0: none is made."""


def plan_daily_backup(settings: Settings) -> BackupPlan:
    """The operator's choice; without one, seven beside a SQLite file, but none older than `/erase` tells members."""
    file = sqlite_path(settings.database_url)
    folder = settings.backup_folder or (file.parent if file else Path("data")) / DEFAULT_FOLDER
    default = min(DEFAULT_RETENTION_COUNT, settings.defaults.backup_retention_days) if file else 0
    return BackupPlan(file, folder, default if settings.backup_keep is None else settings.backup_keep)


def is_database_lost(plan: BackupPlan) -> bool:
    """Whether a SQLite file is missing or empty, while backups or notes of erasures show that there was one."""
    if plan.file is None or (database_file_exists(plan.file) and plan.file.stat().st_size):
        return False
    backups: list[Path] = []
    with suppress(OSError):  # a folder that may not be read; `doctor` says so
        backups = list_daily_backups(plan.folder)
    return bool(backups) or erasure_log_path(plan.file).exists()


class DailyBackup:
    """Makes the backups in one task and deletes the oldest. Not for PostgreSQL, which has tools of its own."""

    def __init__(self, database: Database, clock: Clock, plan: BackupPlan, metrics: Metrics = NULL_METRICS) -> None:
        self.enabled: Final = plan.file is not None and plan.retention_count > 0
        self.last_success_at: datetime | None = None
        self._metrics = metrics
        self._database = database
        self._clock = clock
        self._plan = plan
        self._stop = threading.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Make backups while the block runs. On leaving it, a backup under way is cancelled."""
        if self._plan.file is None and self._plan.retention_count:
            log.warning("daily_backup_requires_sqlite", instead="pg_dump")
        if self._plan.file is None or not self._plan.retention_count:
            yield
            return
        task = asyncio.create_task(self._backup_loop(self._plan.file), name="daily backup")
        try:
            yield
        finally:
            self._stop.set()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _backup_loop(self, file: Path) -> None:
        while True:
            try:
                await self._clock.wait_until(await self._next_backup_at())
                await self._make_backup(file)
                continue
            except BackupCancelledError:
                return
            except (StorageError, OSError) as error:
                log.warning("backup_failed", error=error.message_id if isinstance(error, StorageError) else str(error))
            except Exception:
                log.exception("backup_failed")
            self._metrics.count("backups", "failed")
            await self._clock.wait_until(self._clock.now() + RETRY_INTERVAL)

    async def _next_backup_at(self) -> datetime:
        now = self._clock.now()
        last = await periodic_runs.find_last_run_of_periodic_task(self._database, RUN_NAME)
        if last is None or last > now:
            return now
        self.last_success_at = last
        return last + DAILY

    async def _make_backup(self, file: Path) -> None:
        now, folder = self._clock.now(), self._plan.folder
        await asyncio.to_thread(self._delete_unfinished_files, file, now)  # the new backup needs their room
        if await asyncio.to_thread(free_disk_bytes, folder) < FREE_FACTOR * await self._database.size():
            raise StorageError("backup-no-room", path=str(folder))
        target = folder / f"nintei-{now:%Y%m%d-%H%M%S}.db"
        backup = await asyncio.to_thread(create_backup, file, target, CancelCheck(self._stop.is_set))
        async with self._database.write() as transaction:
            await periodic_runs.save_run_of_periodic_task(transaction, RUN_NAME, now=now)
        self.last_success_at = now
        self._metrics.count("backups", "succeeded")
        deleted = await asyncio.to_thread(self._delete_old_backups, target)
        log.info("backup_created", size_bytes=backup.size, deleted_backups=deleted)

    def _delete_unfinished_files(self, database: Path, now: datetime) -> None:
        """Delete what killed backups and restores left. No other backup is under way; a restore may be."""
        database = database.resolve()
        restore_re = re.compile(rf"\.{re.escape(database.name)}{_UNFINISHED_RESTORE_ENDING}", re.ASCII)
        old_before = (now - UNFINISHED_RESTORE_RETENTION).timestamp()
        unfinished = _list_files(self._plan.folder, _UNFINISHED_FILE_RE)
        unfinished += [file for file in _list_files(database.parent, restore_re) if file.stat().st_mtime < old_before]
        for file in unfinished:
            with suppress(OSError):  # the backup may succeed all the same
                file.unlink()

    def _delete_old_backups(self, newest: Path) -> int:
        """Delete the oldest, but never the one just made: a clock that was wrong has named others after the future."""
        others = [file for file in list_daily_backups(self._plan.folder) if file != newest]
        old = others[: max(len(others) + 1 - self._plan.retention_count, 0)]
        for file in old:
            file.unlink(missing_ok=True)
        return len(old)
