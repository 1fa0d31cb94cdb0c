"""A lock on a SQLite file, held by a process for as long as it may write: the bot, `restore` and `move-database`.

It lies beside the database in a hidden file, which `rm nintei.db*` leaves. The kernel frees
it when the process ends, however it ends. The file also says which file the bot has opened, for `doctor`.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.errors import StorageError
from storage.engines.sqlite import file_identity
from storage.engines.sqlite_connection import real_path


def database_lock_path(database: Path) -> Path:
    """Where the lock of a database lies; the same for every link to the database."""
    resolved = real_path(database)
    return resolved.with_name(f".{resolved.name}.lock")


@contextmanager
def hold_database_lock(database: Path | None, message_id: str = "storage-in-use") -> Iterator[None]:
    """Hold the lock while the block runs. None is a database of a server, which serves several processes.

    Raises `StorageError` with `message_id` when another process has it.
    """
    if database is None:
        yield
        return
    path = database_lock_path(database)
    try:
        handle = _open_and_lock(path)
    except BlockingIOError as error:
        raise StorageError(message_id, path=str(database)) from error
    except OSError as error:
        raise StorageError("storage-unopened", path=str(database), reason=error.strerror or str(error)) from error
    try:
        yield
    finally:
        with suppress(OSError):  # a folder that cannot be written any more: the lock ends with the handle
            if _is_file_at_path(handle, path):
                path.unlink()
        os.close(handle)


def _open_and_lock(path: Path) -> int:
    """The handle of the locked file. Raises `BlockingIOError` when another process has the lock."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_file_at_path(handle, path):
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # whoever had it has removed it meanwhile


def _is_file_at_path(handle: int, path: Path) -> bool:
    """Whether the opened file is still the one at the path."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(handle), path.stat())
    return False


def is_database_in_use(database: Path) -> bool:
    """Whether a process has the lock. Changes nothing."""
    try:
        handle = os.open(database_lock_path(database), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def note_opened_database_file(database: Path) -> None:
    """Write down which file was opened, for `is_opened_database_there`. Only for who has the lock."""
    database_lock_path(database).write_text(file_identity(database) or "", encoding="ascii")


def is_opened_database_there(database: Path) -> bool:
    """Whether the file that the running bot opened is still the one at this path; true when no bot runs."""
    if not is_database_in_use(database):
        return True
    noted = database_lock_path(database).read_text(encoding="ascii").strip()
    return not noted or noted == file_identity(database)
