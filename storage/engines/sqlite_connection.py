"""Opening SQLite's file: its mode, whether it is ours, its pragmas, and the driver's errors as `StorageError`."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

import aiosqlite

from bot.errors import StorageError
from storage.database import MIGRATIONS_TABLE

BUSY_TIMEOUT: Final = 15
"""Seconds to wait for a file that another program has locked."""

BUSY_RETRY_SECONDS: Final = 0.1

DRIVER_ERRORS: Final = (sqlite3.Error, UnicodeDecodeError)
"""Errors of the engine; the second one where a damaged file makes it speak of something that is no text."""


def to_storage_error(error: sqlite3.Error | UnicodeDecodeError) -> StorageError:
    """The `StorageError` for an error of SQLite."""
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(error, UnicodeDecodeError) or (code is None and isinstance(error, sqlite3.OperationalError)):
        code = sqlite3.SQLITE_CORRUPT  # what is stored is no text; the message quotes it
    match code & 0xFF if isinstance(code, int) else None:  # the primary code
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return StorageError("storage-full")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StorageError("storage-busy")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StorageError("storage-read-only")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return StorageError("storage-damaged")
        case _:
            return StorageError("storage-failed", reason=str(error))


async def connect_to_file(path: Path, busy_timeout: float = BUSY_TIMEOUT) -> aiosqlite.Connection:
    """Connect to a database file, with the bot's pragmas and PostgreSQL's functions. Raises `StorageError`."""
    with raise_opening_errors(path):
        connection = await aiosqlite.connect(path, isolation_level=None, timeout=busy_timeout)
    try:
        with raise_opening_errors(path):
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
                await connection.execute_fetchall(f"PRAGMA {pragma}")
            await connection.create_function("strpos", 2, _sql_strpos, deterministic=True)
            await connection.create_function("translate", 3, _sql_translate, deterministic=True)
    except BaseException:
        await connection.close()
        raise
    return connection


def _sql_strpos(text: str, part: str) -> int:
    """PostgreSQL's strpos: where a part begins, counted from 1; 0 when the text does not contain it."""
    return text.find(part) + 1


def _sql_translate(text: str, letters: str, others: str) -> str:
    """PostgreSQL's translate: each of `letters` becomes the one at its place in `others`."""
    return text.translate(_sql_translation_table(letters, others))


@cache
def _sql_translation_table(letters: str, others: str) -> dict[int, int]:
    return str.maketrans(letters, others)


def real_path(path: Path) -> Path:
    """The file behind symbolic links. Links in a loop stay a link: opening it is an error with a sentence."""
    return Path(os.path.realpath(path))


def create_private_file(path: Path) -> None:
    """Create the file and its folder for this user alone; one that exists keeps its mode, and SQLite's log gets it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(real_path(path), os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


@contextmanager
def raise_opening_errors(path: Path) -> Iterator[None]:
    """Raise what keeps a file from being opened as `StorageError`."""
    try:
        yield
    except OSError as error:
        raise StorageError("storage-unopened", path=str(path), reason=error.strerror or str(error)) from error
    except DRIVER_ERRORS as error:
        storage_error = to_storage_error(error)
        if storage_error.message_id != "storage-failed":
            raise storage_error from error
        raise StorageError("storage-unopened", path=str(path), reason=str(error)) from error


async def ensure_own_database(path: Path, busy_timeout: float) -> None:
    """Raise `StorageError` when the file is another program's database, before anything in it is changed.

    A file that cannot be opened fails here, too: aiosqlite would leave a thread that outlives the event loop.
    Waiting for a locked file can be cancelled, which a thread could not.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + busy_timeout
    while True:
        try:
            tables = await asyncio.to_thread(_read_table_definitions, path)
            break
        except sqlite3.OperationalError as error:
            if to_storage_error(error).message_id != "storage-busy" or loop.time() >= deadline:
                raise
        await asyncio.sleep(BUSY_RETRY_SECONDS)
    if tables and tables.get("migrations") != MIGRATIONS_TABLE:
        raise StorageError("storage-foreign", path=str(path))


def _read_table_definitions(path: Path) -> dict[str, str]:
    """The tables with the SQL that made them. Raises at once when the file is locked."""
    with closing(sqlite3.connect(path, timeout=0)) as connection:
        return dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
