"""SQLite through aiosqlite: one file, used by one process.

WAL, `synchronous=FULL`, foreign keys, one writer that begins with IMMEDIATE (a deferred transaction that reads and
then writes fails at once whatever the time-out) and one reader beside it. Each of the two connections serves one
coroutine at a time: on a shared one, one rollback would discard another's insert.
"""

import asyncio
import os
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

import aiosqlite

from bot.errors import StorageError
from storage.database import Database, JsonAggregation, Row, Transaction, Value

PURGE_TRIES: Final = 3

BUSY_TIMEOUT: Final = 15
"""How long another program may hold the file before we say so."""

JSON_AGGREGATION: Final = JsonAggregation("json_group_array", "json_array")

_ROW_LOCK_CLAUSES: Final = re.compile(r"\s+FOR (?:NO KEY )?UPDATE(?: SKIP LOCKED)?")


@cache
def _strip_row_locks(sql: str) -> str:
    """The one writer holds everything there is to lock."""
    return _ROW_LOCK_CLAUSES.sub("", sql)


def _bind(values: Iterable[Value]) -> dict[str, Value]:
    """`$1` by its number: a sequence would be bound in order of appearance."""
    return {str(number): value for number, value in enumerate(values, start=1)}


def translate_errors(error: sqlite3.Error) -> StorageError:
    """What SQLite refuses, as a sentence."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    match primary:
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


class SQLiteTransaction(Transaction):
    """On one of the two connections."""

    json_aggregation = JSON_AGGREGATION
    sql_now = "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)"

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        """Run one statement."""
        try:
            return list(await self._connection.execute_fetchall(_strip_row_locks(sql), _bind(values)))
        except sqlite3.IntegrityError:
            raise  # a broken constraint is our fault, not the disk's
        except sqlite3.Error as error:
            raise translate_errors(error) from error

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for every row."""
        bound = [_bind(row) for row in rows]
        if not bound:
            return
        try:
            await self._connection.executemany(_strip_row_locks(sql), bound)
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            raise translate_errors(error) from error

    async def columns(self, table: str) -> list[str]:
        """The names of a table's columns."""
        return [row[1] for row in await self.fetch(f"PRAGMA table_info({table})")]

    async def lock(self, what: str) -> None:
        """The one writer holds everything."""


class SQLite(Database):
    """One file, open."""

    json_aggregation = JSON_AGGREGATION
    multi_process = False

    def __init__(self, writer: aiosqlite.Connection, reader: aiosqlite.Connection, path: Path) -> None:
        self.erasure_log_path = path.with_name(f"{path.name}.erasures")
        self._path = path
        self._writer, self._reader = writer, reader
        self._writing, self._reading = asyncio.Lock(), asyncio.Lock()
        self._under_way: set[str] = set()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """One after the other."""
        with self._timed("write"):
            async with self._writing, _transaction(self._writer, "BEGIN IMMEDIATE") as transaction:
                yield transaction

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """One snapshot."""
        with self._timed("read"):
            async with self._reading, _transaction(self._reader, "BEGIN") as transaction:
                yield transaction

    @asynccontextmanager
    async def long_read(self) -> AsyncIterator[Transaction]:
        """On a connection of its own: the one reader serves everybody else meanwhile."""
        connection = await _connect(self._path)
        try:
            async with _transaction(connection, "BEGIN") as transaction:
                yield transaction
        finally:
            await connection.close()

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        """One query on its own."""
        with self._timed("statement"):
            async with self._reading:
                return await SQLiteTransaction(self._reader).fetch(sql, *values)

    @asynccontextmanager
    async def try_lock(self, what: str) -> AsyncIterator[bool]:
        """There is no other process; the same process asks twice only when told to."""
        mine = what not in self._under_way
        if mine:
            self._under_way.add(what)
        try:
            yield mine
        finally:
            if mine:
                self._under_way.discard(what)

    async def notify(self, word: str) -> None:
        """There is nobody to tell."""

    @asynccontextmanager
    async def listen(self, heard: Callable[[str], None]) -> AsyncIterator[None]:
        """Nobody says anything."""
        del heard
        yield

    async def purge_deleted_data(self) -> None:
        """`secure_delete` has overwritten what was deleted; the log is emptied here."""
        async with self._writing, self._reading:
            for _ in range(PURGE_TRIES):
                [row] = await SQLiteTransaction(self._writer).fetch("PRAGMA wal_checkpoint(TRUNCATE)")
                if not row[0]:
                    return
        raise StorageError("storage-scrub-waits")

    async def close(self) -> None:
        """Let what is under way finish, then close."""
        async with self._writing, self._reading:
            await self._reader.close()
            await self._writer.close()


@asynccontextmanager
async def _transaction(connection: aiosqlite.Connection, begin: str) -> AsyncIterator[Transaction]:
    transaction = SQLiteTransaction(connection)
    try:
        await transaction.fetch(begin)
        yield transaction
        await transaction.fetch("COMMIT")
    except BaseException:
        # A cancelled caller must not leave the connection inside its transaction for the next one.
        await asyncio.shield(_roll_back(connection))
        raise


async def _roll_back(connection: aiosqlite.Connection) -> None:
    # Asked for in the connection's own thread, after whatever a cancelled caller still has in its queue.
    await connection.execute("SELECT 1")
    if connection.in_transaction:
        await connection.rollback()


async def _connect(path: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT)
    try:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            await connection.execute_fetchall(f"PRAGMA {pragma}")
        await connection.create_function("strpos", 2, _strpos, deterministic=True)
        await connection.create_function("translate", 3, _translate, deterministic=True)
    except BaseException:
        await connection.close()
        raise
    return connection


def _strpos(text: str, part: str) -> int:
    """As PostgreSQL has it: where a part begins, from 1; 0: nowhere."""
    return text.find(part) + 1


def _translate(text: str, letters: str, others: str) -> str:
    """As PostgreSQL has it: each letter becomes the one in its place among the others."""
    return text.translate(_translation_table(letters, others))


@cache
def _translation_table(letters: str, others: str) -> dict[int, int]:
    return str.maketrans(letters, others)


def _make_private(path: Path) -> None:
    """A new file, and a folder made for it, are for this user alone; the log beside it takes after the file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


async def open_sqlite(path: Path) -> SQLite:
    """Open a file, made if missing. Raises `StorageError` with a sentence when it cannot be opened or is damaged."""
    try:
        _make_private(path)
        writer = await _connect(path)
    except OSError as error:
        raise StorageError("storage-unopened", path=str(path), reason=error.strerror or str(error)) from error
    except sqlite3.Error as error:
        sentence = translate_errors(error)
        if sentence.message_id != "storage-failed":
            raise sentence from error
        raise StorageError("storage-unopened", path=str(path), reason=str(error)) from error
    try:
        return SQLite(writer, await _connect(path), path)
    except BaseException:
        await writer.close()
        raise
