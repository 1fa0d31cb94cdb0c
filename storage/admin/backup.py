"""Backups of a SQLite file: make and check one while the bot runs, and put one in the place of the database.

A backup shows one moment: it is copied within a read transaction, which in WAL delays no writer. It is written under a
temporary name, and gets its own name when it has been checked and is on the disk.
"""

import errno
import os
import secrets
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from bot.domain.calendar import instant_from_micros
from bot.domain.types import MemberId
from bot.errors import StorageError
from storage.admin import erasure_log
from storage.admin.durable_rename import rename_durably
from storage.admin.file_lock import hold_database_lock
from storage.engines.sqlite import erasure_log_path
from storage.engines.sqlite_connection import DRIVER_ERRORS, real_path, to_storage_error
from storage.erased_members import Erasure
from storage.migrations.run import latest_schema_version

LOCK_TIMEOUT: Final = 2.0
"""Seconds to wait for a file that another program has locked."""

IDS_LEFT_OUT: Final = 1_000_000
"""Of each table in a restored database: more than are given out between two backups."""

SIDECAR_SUFFIXES: Final = ("-wal", "-shm", "-journal")
"""The files that SQLite makes beside a database."""


@dataclass(frozen=True, slots=True)
class CancelCheck:
    """Whether a backup is to be abandoned, and how often that is asked."""

    is_cancelled: Callable[[], bool] = lambda: False
    pages_per_step: int = 1_000
    """Pages copied in between."""
    instructions_per_step: int = 100_000
    """SQLite's instructions in between, while it is checked: some hundredths of a second."""


NEVER_CANCELLED: Final = CancelCheck()


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupInfo:
    """What a checked backup contains."""

    size: int
    """Bytes."""
    schema_version: int
    members: int
    threads: int
    messages: int
    newest_message_at: datetime | None
    """When its newest message was recorded."""


class BackupCancelledError(Exception):
    """The backup was abandoned because the bot stops."""


def create_backup(database: Path, to: Path, cancel_check: CancelCheck = NEVER_CANCELLED) -> BackupInfo:
    """Copy a database, which may be in use, to a new file that only its owner can read. Blocks: run it in a thread.

    Raises `StorageError`, and `BackupCancelledError` once it is cancelled; then there is no new file.
    """
    if os.path.lexists(to):  # a link to nothing too: it may name a disk that is not there now
        raise StorageError("backup-exists", path=str(to))
    if not database.is_file():
        raise StorageError("backup-missing", path=str(database))
    is_writable = os.access(database, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
    source = _file_address(database, "?mode=rw" if is_writable else _read_only_options(database))
    with _verified_backup_copy(source, database, to, cancel_check) as (temp_path, info):
        if os.path.lexists(to):  # written meanwhile by another process
            raise StorageError("backup-exists", path=str(to))
        rename_durably(temp_path, to)
    return info


def restore_backup(backup: Path, database: Path, *, now: datetime) -> tuple[BackupInfo, Path | None]:
    """Replace a database that is not in use by a backup; its contents, and the path of the old database.

    Raises `StorageError` when the backup is damaged, newer than this program or another program's file, and when a bot
    is running; then nothing has changed. Blocks: run it in a thread.
    """
    notes = erasure_log_path(database)  # beside a symbolic link, as for the bot
    database = real_path(database)  # a symbolic link stays a symbolic link
    if not backup.is_file():
        raise StorageError("restore-missing", path=str(backup))
    if database.exists() and not database.is_file():  # a device would be replaced by a file for every program
        reason = os.strerror(errno.EISDIR if database.is_dir() else errno.EINVAL)
        raise StorageError("storage-unopened", path=str(database), reason=reason)
    if database.exists() and backup.samefile(database):
        raise StorageError("restore-same")
    source = _file_address(backup, _read_only_options(backup))
    with _verified_backup_copy(source, backup, database, NEVER_CANCELLED) as (temp_path, info):
        if info.schema_version > (newest := latest_schema_version("sqlite")):
            raise StorageError("restore-newer", step=str(info.schema_version), newest=str(newest))
        with _raise_storage_errors(backup):
            _skip_ids_given_since_backup(temp_path)
        with hold_database_lock(database, "restore-running"), _lock_database_file(database) as replaced:
            if replaced is not None:
                _write_missing_erasure_notes(replaced, notes)
            _copy_ownership(temp_path, database)
            old_path = _move_old_database_aside(database, now)
            rename_durably(temp_path, database)
    return info, old_path


@contextmanager
def _verified_backup_copy(
    source: str, display_name: Path, to: Path, cancel_check: CancelCheck
) -> Iterator[tuple[Path, BackupInfo]]:
    """Copy to a temporary file beside `to` and check it; the file is removed at the end unless it was renamed."""
    # Named before it is made, so that it is removed at whatever moment the process is asked to end.
    temp_path = to.parent / f".{to.name}.{secrets.token_hex(4)}.part"
    try:
        to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(temp_path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        with _raise_storage_errors(display_name):
            _copy_snapshot(source, temp_path, cancel_check)
            info = _summarize_intact_backup(temp_path, display_name, cancel_check)
        yield temp_path, info
    except OSError as error:
        raise StorageError("backup-unwritable", path=str(to), reason=error.strerror or str(error)) from error
    finally:
        for suffix in ("", *SIDECAR_SUFFIXES):
            with suppress(OSError):  # where none could be made, there is none
                temp_path.with_name(f"{temp_path.name}{suffix}").unlink()


@contextmanager
def _raise_storage_errors(display_name: Path) -> Iterator[None]:
    """Raise the errors of SQLite as `StorageError` or `BackupCancelledError`."""
    try:
        yield
    except DRIVER_ERRORS as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise BackupCancelledError from error
        storage_error = to_storage_error(error)
        if storage_error.message_id == "storage-damaged":
            raise StorageError("backup-damaged", path=str(display_name)) from error
        raise storage_error from error


def _file_address(path: Path, options: str = "") -> str:
    """SQLite's address of a file. Its name need not be UTF-8, and `//` at its beginning names no other machine."""
    return f"file://{quote(os.fsencode(path.absolute()))}{options}"


def _read_only_options(path: Path) -> str:
    """A file without a write-ahead log that nobody writes to needs no locks, and SQLite makes no files beside it."""
    return "?mode=ro" if path.with_name(f"{path.name}-wal").exists() else "?immutable=1"


def _connect_to_file(address: str) -> sqlite3.Connection:
    return sqlite3.connect(address, uri=True, timeout=LOCK_TIMEOUT, isolation_level=None)


def _copy_snapshot(source: str, temp_path: Path, cancel_check: CancelCheck) -> None:
    def ensure_not_cancelled(_status: int, _remaining: int, _total: int) -> None:
        if cancel_check.is_cancelled():
            raise BackupCancelledError

    with (
        closing(_connect_to_file(source)) as original,
        closing(_connect_to_file(_file_address(temp_path))) as copy,
    ):
        original.execute("BEGIN")
        original.execute("SELECT count(*) FROM sqlite_master")  # the first read begins the snapshot
        original.backup(copy, pages=cancel_check.pages_per_step, progress=ensure_not_cancelled)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, which opens on a read-only file system too


def _summarize_intact_backup(temp_path: Path, display_name: Path, cancel_check: CancelCheck) -> BackupInfo:
    """Raise `StorageError` for a copy that is damaged or not of this program; else say what it contains."""
    with closing(_connect_to_file(_file_address(temp_path))) as copy:
        copy.set_progress_handler(cancel_check.is_cancelled, cancel_check.instructions_per_step)
        tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"migrations", "members", "threads", "messages"} <= tables:
            raise StorageError("backup-not-ours", path=str(display_name))
        is_whole = copy.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
        if not is_whole or copy.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise StorageError("backup-damaged", path=str(display_name))
        [step] = copy.execute("SELECT coalesce(max(step), 0) FROM migrations").fetchone()
        [members] = copy.execute("SELECT count(*) FROM members").fetchone()
        [threads] = copy.execute("SELECT count(*) FROM threads").fetchone()
        messages, newest = copy.execute("SELECT count(*), max(recorded_at) FROM messages").fetchone()
    return BackupInfo(
        size=temp_path.stat().st_size,
        schema_version=step,
        members=members,
        threads=threads,
        messages=messages,
        newest_message_at=None if newest is None else instant_from_micros(newest),
    )


def _skip_ids_given_since_backup(temp_path: Path) -> None:
    """Let the database give out no id that it gave out after the backup: buttons of cards name what is lost by it."""
    with closing(_connect_to_file(_file_address(temp_path))) as copy:
        if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone():
            copy.execute("UPDATE sqlite_sequence SET seq = seq + ?", (IDS_LEFT_OUT,))
            copy.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT name, ? FROM sqlite_master WHERE type = 'table'"
                " AND sql LIKE '%AUTOINCREMENT%' AND name NOT IN (SELECT name FROM sqlite_sequence)",
                (IDS_LEFT_OUT,),
            )


@contextmanager
def _lock_database_file(database: Path) -> Iterator[sqlite3.Connection | None]:
    """Lock a file and write its log into it. Raises `StorageError` when another program has it open, even idle."""
    if not database.exists():
        yield None
        return
    with closing(_connect_to_file(_file_address(database, "?mode=rw"))) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except DRIVER_ERRORS as error:
            storage_error = to_storage_error(error)
            if storage_error.message_id == "storage-busy":
                raise StorageError("restore-running") from error
            if storage_error.message_id != "storage-damaged":
                raise storage_error from error
            # A damaged file is why there is a restore: it is left as it is, with its log.
        yield connection


def _write_missing_erasure_notes(replaced: sqlite3.Connection, notes: Path) -> None:
    """Write the notes of erasures that a killed bot had not written: with the database they would be lost."""
    with suppress(sqlite3.Error):  # an older schema, or a damaged file
        rows = replaced.execute("SELECT member_id, erased_at, handled_id FROM erasures WHERE noted = 0").fetchall()
        if missing := [
            Erasure(MemberId(member_id), instant_from_micros(at), message_id) for member_id, at, message_id in rows
        ]:
            erasure_log.add_erasure_notes(notes, missing)


def _move_old_database_aside(database: Path, now: datetime) -> Path | None:
    """Give the old file a second name, which is returned; it loses the first one when the copy takes it."""
    old_path = database.with_name(f"{database.name}.before-restore-{now:%Y%m%d-%H%M%S}")
    if old_path.exists():
        raise StorageError("backup-exists", path=str(old_path))
    for suffix in SIDECAR_SUFFIXES:  # only a damaged file leaves them; SQLite would apply them to the new file
        with suppress(FileNotFoundError):
            database.with_name(f"{database.name}{suffix}").rename(old_path.with_name(f"{old_path.name}{suffix}"))
    if not database.exists():
        return None
    try:
        old_path.hardlink_to(database)
    except OSError:  # a file system without hard links
        database.rename(old_path)
    return old_path


def _copy_ownership(temp_path: Path, database: Path) -> None:
    """Take over owner and mode of the old file, so that the bot can open it whoever restored it."""
    if not database.exists():
        return
    old = database.stat()
    temp_path.chmod(stat.S_IMODE(old.st_mode))
    if (old.st_uid, old.st_gid) != (os.getuid(), os.getgid()):
        with suppress(PermissionError):
            os.chown(temp_path, old.st_uid, old.st_gid)
