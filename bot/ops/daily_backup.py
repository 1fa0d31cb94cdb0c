"""A backup a day, and the oldest beyond the number deleted. What fails is logged and tried again an hour later."""

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
from storage.admin.backup import BackupCancelledError, create_backup
from storage.database import Database

RUN_NAME: Final = "backup"
DAILY: Final = timedelta(days=1)
RETRY_INTERVAL: Final = timedelta(hours=1)
"""After one that failed."""

_BACKUP_FILE_RE: Final = re.compile(r"nintei-\d{8}-\d{6}\.db", re.ASCII)
_UNFINISHED: Final = re.compile(r"\.nintei-\d{8}-\d{6}\.db\.\w+\.part(?:-\w+)?", re.ASCII)

log = structlog.get_logger()


def daily_backups(folder: Path) -> list[Path]:
    """Those there are, the oldest first; other files in the folder are not ours."""
    if not folder.is_dir():
        return []
    return sorted(each for each in folder.iterdir() if _BACKUP_FILE_RE.fullmatch(each.name) and each.is_file())


class DailyBackup:
    """One long-lived task. SQLite's file belongs to one process; a server has tools of its own."""

    def __init__(
        self, database: Database, clock: Clock, *, file: Path | None, folder: Path, retention_count: int
    ) -> None:
        self._database = database
        self._clock = clock
        self._file = file
        self._folder = folder
        self._keep = retention_count
        self._stop = threading.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Go on while the block runs. On leaving, one that is under way is given up."""
        if not self._keep:
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
            except (StorageError, OSError) as fault:
                log.warning("backup_failed", error=fault.message_id if isinstance(fault, StorageError) else str(fault))
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
        to = self._folder / f"nintei-{now:%Y%m%d-%H%M%S}.db"
        copied = await asyncio.to_thread(create_backup, file, to, is_cancelled=self._stop.is_set)
        async with self._database.write() as transaction:
            await periodic_runs.claim_if_due(transaction, RUN_NAME, timedelta(), now=now)
        gone = await asyncio.to_thread(self._drop_old)
        log.info("backup_created", size_bytes=copied.size, deleted_backups=gone)

    def _drop_old(self) -> int:
        every = daily_backups(self._folder)
        old = every[: -self._keep]
        # What a crash left unfinished goes, too: another one is never under way.
        left = [each for each in self._folder.iterdir() if _UNFINISHED.fullmatch(each.name)]
        for each in [*old, *left]:
            each.unlink(missing_ok=True)
        return len(old)
