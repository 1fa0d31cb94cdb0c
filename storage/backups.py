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
from storage.engines.sqlite import told
from storage.migrations.run import newest_step

PAGES: Final = 1_000
"""Copied before looking whether to stop."""

INSTRUCTIONS: Final = 100_000
"""Run by SQLite before looking whether to stop: some hundredths of a second."""

PATIENCE: Final = 2.0
"""Seconds to wait for a file that another program holds."""

BESIDE: Final = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file."""

Stopped = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Copied:
    """A whole copy."""

    size: int
    """Bytes."""
    step: int
    """Its schema."""
    members: int
    threads: int
    messages: int
    newest: datetime | None
    """When its newest message was recorded."""


class StoppedError(Exception):
    """The copy was given up because the bot stops."""


def _never() -> bool:
    return False


def back_up(database: Path, to: Path, *, stopped: Stopped = _never) -> Copied:
    """Copy a database, perhaps one in use, to a new file that only its owner can read.

    Raises `StorageError`; then there is no new file. Blocks: for a thread.
    """
    if to.exists():
        raise StorageError("backup-exists", path=str(to))
    if not database.is_file():
        raise StorageError("backup-missing", path=str(database))
    with _whole_copy(f"file:{quote(str(database))}?mode=rw", database, to, stopped) as (part, copied):
        if to.exists():
            raise StorageError("backup-exists", path=str(to))
        _put(part, to)
    return copied


def restore(copy: Path, database: Path, *, now: datetime) -> tuple[Copied, Path | None]:
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
    with _whole_copy(f"file:{quote(str(copy))}?{how}", copy, database, _never) as (part, copied):
        if copied.step > (newest := newest_step(shared=False)):
            raise StorageError("restore-newer", step=str(copied.step), newest=str(newest))
        with _nobody_uses(database):
            _as_before(part, database)
            kept = _keep(database, now)
            _put(part, database)
    return copied, kept


@contextmanager
def _whole_copy(source: str, shown: Path, to: Path, stopped: Stopped) -> Iterator[tuple[Path, Copied]]:
    """A checked copy beside where it is to go, removed in the end if it went nowhere."""
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{to.name}.", suffix=".part", dir=to.parent)
        os.close(handle)
    except OSError as fault:
        raise StorageError("backup-unwritable", path=str(to), reason=fault.strerror or str(fault)) from fault
    part = Path(name)
    try:
        with _said(shown):
            _copy(source, part, stopped)
            copied = _examine(part, shown, stopped)
        yield part, copied
    except OSError as fault:
        raise StorageError("backup-unwritable", path=str(to), reason=fault.strerror or str(fault)) from fault
    finally:
        for end in ("", *BESIDE):
            part.with_name(f"{part.name}{end}").unlink(missing_ok=True)


@contextmanager
def _said(shown: Path) -> Iterator[None]:
    """What SQLite refuses, as a sentence."""
    try:
        yield
    except sqlite3.Error as fault:
        if getattr(fault, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise StoppedError from fault
        sentence = told(fault)
        if sentence.message_id == "storage-damaged":
            raise StorageError("backup-damaged", path=str(shown)) from fault
        raise sentence from fault


def _open(address: str) -> sqlite3.Connection:
    return sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)


def _copy(source: str, part: Path, stopped: Stopped) -> None:
    def look(_status: int, _remaining: int, _total: int) -> None:
        if stopped():
            raise StoppedError

    with closing(_open(source)) as here, closing(_open(f"file:{quote(str(part))}")) as there:
        here.execute("BEGIN")
        here.execute("SELECT count(*) FROM sqlite_master")  # from now on it is one moment
        here.backup(there, pages=PAGES, progress=look)
        there.execute("PRAGMA journal_mode = DELETE")  # one file, readable wherever it is kept


def _examine(part: Path, shown: Path, stopped: Stopped) -> Copied:
    with closing(_open(f"file:{quote(str(part))}")) as copy:
        copy.set_progress_handler(stopped, INSTRUCTIONS)
        tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"migrations", "members", "threads", "messages"} <= tables:
            raise StorageError("backup-not-ours", path=str(shown))
        whole = copy.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
        if not whole or copy.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise StorageError("backup-damaged", path=str(shown))
        [step] = copy.execute("SELECT coalesce(max(step), 0) FROM migrations").fetchone()
        [members] = copy.execute("SELECT count(*) FROM members").fetchone()
        [threads] = copy.execute("SELECT count(*) FROM threads").fetchone()
        messages, newest = copy.execute("SELECT count(*), max(recorded_at) FROM messages").fetchone()
    return Copied(
        part.stat().st_size, step, members, threads, messages, None if newest is None else from_micros(newest)
    )


def _put(part: Path, to: Path) -> None:
    """Give the copy its name, durably."""
    _to_disk(part)
    part.replace(to)
    with suppress(OSError):  # not every file system keeps its folders so
        _to_disk(to.parent)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _nobody_uses(database: Path) -> Iterator[None]:
    """Hold a file alone, its log emptied into it. Whoever has it open in WAL, even idle, is in the way of that."""
    if not database.exists():
        yield
        return
    with closing(_open(f"file:{quote(str(database))}?mode=rw")) as old:
        try:
            old.execute("PRAGMA journal_mode = DELETE")
            old.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as fault:
            sentence = told(fault)
            if sentence.message_id == "storage-busy":
                raise StorageError("restore-running") from fault
            if sentence.message_id != "storage-damaged":
                raise sentence from fault
            # Damaged, it is what is to be replaced: kept as it is, with its log.
        yield


def _keep(database: Path, now: datetime) -> Path | None:
    """Give the old file another name beside it. Until the copy takes its place it has both, where that can be."""
    kept = database.with_name(f"{database.name}.before-restore-{now:%Y%m%d-%H%M%S}")
    if kept.exists():
        raise StorageError("backup-exists", path=str(kept))
    for end in BESIDE:  # left by a damaged one only; beside another file it would be taken for that one's
        with suppress(FileNotFoundError):
            database.with_name(f"{database.name}{end}").rename(kept.with_name(f"{kept.name}{end}"))
    if not database.exists():
        return None
    try:
        kept.hardlink_to(database)
    except OSError:
        database.rename(kept)
    return kept


def _as_before(part: Path, database: Path) -> None:
    """The bot must be able to open it, whoever restores: owner and mode are those of what it replaces."""
    if not database.exists():
        return
    old = database.stat()
    part.chmod(stat.S_IMODE(old.st_mode))
    if (old.st_uid, old.st_gid) != (os.getuid(), os.getgid()):
        with suppress(PermissionError):
            os.chown(part, old.st_uid, old.st_gid)
