"""Copies of SQLite's file: made while the bot runs, checked before they count, and put in the place of the file.

A copy is of one moment: a read transaction is held on the file, which in WAL holds up no writer. It is made under
another name, and gets its own only when it is whole and on the disk.
"""

import os
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from bot.domain.types import from_micros
from bot.errors import StorageError
from storage.engines.sqlite import translate_errors
from storage.migrations.run import latest_version

PAGES_PER_STEP: Final = 1_000
"""Copied before looking whether to stop."""

PROGRESS_INTERVAL: Final = 100_000
"""Run by SQLite before looking whether to stop: some hundredths of a second."""

LOCK_TIMEOUT: Final = 2.0
"""Seconds to wait for a file that another program holds."""

SIDECAR_SUFFIXES: Final = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file."""

IsCancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """A whole copy."""

    size: int
    """Bytes."""
    schema_version: int
    """Its schema."""
    members: int
    threads: int
    messages: int
    newest_message_at: datetime | None
    """When its newest message was recorded."""


class BackupCancelledError(Exception):
    """The copy was given up because the bot stops."""


def _not_cancelled() -> bool:
    return False


def create_backup(database: Path, to: Path, *, is_cancelled: IsCancelled = _not_cancelled) -> BackupInfo:
    """Copy a database, perhaps one in use, to a new file that only its owner can read.

    Raises `StorageError`; then there is no new file. Blocks: for a thread.
    """
    if to.exists():
        raise StorageError("backup-exists", path=str(to))
    if not database.is_file():
        raise StorageError("backup-missing", path=str(database))
    with _verified_copy(f"file:{quote(str(database))}?mode=rw", database, to, is_cancelled) as (temp_path, copied):
        if to.exists():
            raise StorageError("backup-exists", path=str(to))
        _publish(temp_path, to)
    return copied


def restore(copy: Path, database: Path, *, now: datetime) -> tuple[BackupInfo, Path | None]:
    """Put a copy in the place of a database that nobody uses; what it holds, and where the old one is kept.

    Raises `StorageError` for a copy that is damaged, newer than this program or none of ours, and when a bot runs;
    then everything is as it was. Blocks: for a thread.
    """
    database = database.resolve()  # a link to it stays one
    if not copy.is_file():
        raise StorageError("restore-missing", path=str(copy))
    if database.exists() and copy.samefile(database):
        raise StorageError("restore-same")
    # A copy without a log of its own needs no locks, and nothing is left beside it.
    how = "mode=ro" if copy.with_name(f"{copy.name}-wal").exists() else "immutable=1"
    with _verified_copy(f"file:{quote(str(copy))}?{how}", copy, database, _not_cancelled) as (temp_path, copied):
        if copied.schema_version > (newest := latest_version(multi_process=False)):
            raise StorageError("restore-newer", step=str(copied.schema_version), newest=str(newest))
        with _exclusive_lock(database):
            _copy_ownership(temp_path, database)
            kept = _move_aside(database, now)
            _publish(temp_path, database)
    return copied, kept


@contextmanager
def _verified_copy(
    source: str, display_name: Path, to: Path, is_cancelled: IsCancelled
) -> Iterator[tuple[Path, BackupInfo]]:
    """A checked copy beside where it is to go, removed in the end if it went nowhere."""
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{to.name}.", suffix=".part", dir=to.parent)
        os.close(handle)
    except OSError as fault:
        raise StorageError("backup-unwritable", path=str(to), reason=fault.strerror or str(fault)) from fault
    temp_path = Path(name)
    try:
        with _translate_errors(display_name):
            _copy(source, temp_path, is_cancelled)
            copied = _verify(temp_path, display_name, is_cancelled)
        yield temp_path, copied
    except OSError as fault:
        raise StorageError("backup-unwritable", path=str(to), reason=fault.strerror or str(fault)) from fault
    finally:
        for end in ("", *SIDECAR_SUFFIXES):
            temp_path.with_name(f"{temp_path.name}{end}").unlink(missing_ok=True)


@contextmanager
def _translate_errors(display_name: Path) -> Iterator[None]:
    """What SQLite refuses, as a sentence."""
    try:
        yield
    except sqlite3.Error as fault:
        if getattr(fault, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise BackupCancelledError from fault
        sentence = translate_errors(fault)
        if sentence.message_id == "storage-damaged":
            raise StorageError("backup-damaged", path=str(display_name)) from fault
        raise sentence from fault


def _open(address: str) -> sqlite3.Connection:
    return sqlite3.connect(address, uri=True, timeout=LOCK_TIMEOUT, isolation_level=None)


def _copy(source: str, temp_path: Path, is_cancelled: IsCancelled) -> None:
    def check_cancelled(_status: int, _remaining: int, _total: int) -> None:
        if is_cancelled():
            raise BackupCancelledError

    with closing(_open(source)) as here, closing(_open(f"file:{quote(str(temp_path))}")) as there:
        here.execute("BEGIN")
        here.execute("SELECT count(*) FROM sqlite_master")  # from now on it is one moment
        here.backup(there, pages=PAGES_PER_STEP, progress=check_cancelled)
        there.execute("PRAGMA journal_mode = DELETE")  # one file, readable wherever it is kept


def _verify(temp_path: Path, display_name: Path, is_cancelled: IsCancelled) -> BackupInfo:
    with closing(_open(f"file:{quote(str(temp_path))}")) as copy:
        copy.set_progress_handler(is_cancelled, PROGRESS_INTERVAL)
        tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"migrations", "members", "threads", "messages"} <= tables:
            raise StorageError("backup-not-ours", path=str(display_name))
        whole = copy.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
        if not whole or copy.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise StorageError("backup-damaged", path=str(display_name))
        [step] = copy.execute("SELECT coalesce(max(step), 0) FROM migrations").fetchone()
        [members] = copy.execute("SELECT count(*) FROM members").fetchone()
        [threads] = copy.execute("SELECT count(*) FROM threads").fetchone()
        messages, newest = copy.execute("SELECT count(*), max(recorded_at) FROM messages").fetchone()
    return BackupInfo(
        temp_path.stat().st_size, step, members, threads, messages, None if newest is None else from_micros(newest)
    )


def _publish(temp_path: Path, to: Path) -> None:
    """Give the copy its name, durably."""
    _fsync(temp_path)
    temp_path.replace(to)
    with suppress(OSError):  # not every file system keeps its folders so
        _fsync(to.parent)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _exclusive_lock(database: Path) -> Iterator[None]:
    """Hold a file alone, its log emptied into it. Whoever has it open in WAL, even idle, is in the way of that."""
    if not database.exists():
        yield
        return
    with closing(_open(f"file:{quote(str(database))}?mode=rw")) as old:
        try:
            old.execute("PRAGMA journal_mode = DELETE")
            old.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as fault:
            sentence = translate_errors(fault)
            if sentence.message_id == "storage-busy":
                raise StorageError("restore-running") from fault
            if sentence.message_id != "storage-damaged":
                raise sentence from fault
            # Damaged, it is what is to be replaced: kept as it is, with its log.
        yield


def _move_aside(database: Path, now: datetime) -> Path | None:
    """Give the old file another name beside it. Until the copy takes its place it has both, where that can be."""
    kept = database.with_name(f"{database.name}.before-restore-{now:%Y%m%d-%H%M%S}")
    if kept.exists():
        raise StorageError("backup-exists", path=str(kept))
    for end in SIDECAR_SUFFIXES:  # left by a damaged one only; beside another file it would be taken for that one's
        with suppress(FileNotFoundError):
            database.with_name(f"{database.name}{end}").rename(kept.with_name(f"{kept.name}{end}"))
    if not database.exists():
        return None
    try:
        kept.hardlink_to(database)
    except OSError:
        database.rename(kept)
    return kept


def _copy_ownership(temp_path: Path, database: Path) -> None:
    """The bot must be able to open it, whoever restores: owner and mode are those of what it replaces."""
    if not database.exists():
        return
    old = database.stat()
    temp_path.chmod(stat.S_IMODE(old.st_mode))
    if (old.st_uid, old.st_gid) != (os.getuid(), os.getgid()):
        with suppress(PermissionError):
            os.chown(temp_path, old.st_uid, old.st_gid)
