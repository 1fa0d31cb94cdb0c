"""Daily backups of the SQLite database. A failed one is logged and tried again an hour later."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from bot.clock import Clock
from bot.errors import StorageError
from storage import periodic_runs
from storage.admin.backup import BackupCancelledError, CancelCheck, create_backup
from storage.database import Database

RUN_NAME: Final = "backup"
DAILY: Final = timedelta(days=1)
RETRY_INTERVAL: Final = timedelta(hours=1)
"""After a failed backup."""

_BACKUP_FILE_RE: Final = re.compile(r"nintei-\d{8}-\d{6}\.db", re.ASCII)
_UNFINISHED_FILE_RE: Final = re.compile(r"\.nintei-\d{8}-\d{6}\.db\.\w+\.part(?:-\w+)?", re.ASCII)

log = structlog.get_logger()


def daily_backups(folder: Path) -> list[Path]:
    """The folder's daily backups, the oldest first; files with other names are ignored."""
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if _BACKUP_FILE_RE.fullmatch(file.name) and file.is_file())


class DailyBackup:
    """Makes the backups in one task and deletes the oldest. Not for PostgreSQL, which has tools of its own."""

    def __init__(
        self, database: Database, clock: Clock, *, file: Path | None, folder: Path, retention_count: int
    ) -> None:
        self._database = database
        self._clock = clock
        self._file = file
        self._folder = folder
        self._retention_count = retention_count
        self._stop = threading.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Make backups while the block runs. On leaving it, a backup under way is cancelled."""
        if not self._retention_count:
            yield
            return
        if self._file is None:
            log.warning("daily_backup_requires_sqlite", instead="pg_dump")
            yield
            return
        task = asyncio.create_task(self._run(self._file), name="daily backup")
        try:
            yield
        finally:
            self._stop.set()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self, file: Path) -> None:
        while True:
            try:
                await self._clock.wait_until(await self._due_at())
                await self._make(file)
            except BackupCancelledError:
                return
            except (StorageError, OSError) as error:
                log.warning("backup_failed", error=error.message_id if isinstance(error, StorageError) else str(error))
                await self._clock.wait_until(self._clock.now() + RETRY_INTERVAL)
            except Exception:
                log.exception("backup_failed")
                await self._clock.wait_until(self._clock.now() + RETRY_INTERVAL)

    async def _due_at(self) -> datetime:
        now = self._clock.now()
        last = await periodic_runs.last_run_at(self._database, RUN_NAME)
        return now if last is None or last > now else last + DAILY

    async def _make(self, file: Path) -> None:
        now = self._clock.now()
        target = self._folder / f"nintei-{now:%Y%m%d-%H%M%S}.db"
        backup = await asyncio.to_thread(create_backup, file, target, CancelCheck(self._stop.is_set))
        async with self._database.write() as transaction:
            await periodic_runs.claim_if_due(transaction, RUN_NAME, timedelta(), now=now)
        deleted = await asyncio.to_thread(self._delete_old)
        log.info("backup_created", size_bytes=backup.size, deleted_backups=deleted)

    def _delete_old(self) -> int:
        old = daily_backups(self._folder)[: -self._retention_count]
        # Unfinished files of a crash are deleted, too: no other backup is under way.
        unfinished = [file for file in self._folder.iterdir() if _UNFINISHED_FILE_RE.fullmatch(file.name)]
        for file in [*old, *unfinished]:
            file.unlink(missing_ok=True)
        return len(old)
