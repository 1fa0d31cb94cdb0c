"""SQLite through aiosqlite: one file, used by one process.

WAL, `synchronous=FULL` and foreign keys; one connection that writes and one that reads. A write begins with
`BEGIN IMMEDIATE`, because a deferred transaction that reads and then writes fails at once whatever the time-out. Each
connection serves one coroutine at a time: on a shared one, a rollback would discard what another coroutine inserted
(docs/platform-facts.md#sqlite).
"""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import aiosqlite

from bot.errors import StorageError
from storage.database import (
    MAX_INTEGRITY_ERRORS,
    MAX_KEPT_STATEMENTS,
    STREAM_ROWS,
    Database,
    Query,
    QueryResults,
    Row,
    Transaction,
    Value,
    stored_value,
)
from storage.engines.sqlite_connection import (
    BUSY_TIMEOUT,
    DRIVER_ERRORS,
    connect_to_file,
    create_private_file,
    ensure_own_database,
    raise_opening_errors,
    real_path,
    to_storage_error,
)

PURGE_TRIES: Final = 3
PURGE_PAUSE: Final = 1.0
"""Seconds between two tries."""

JSON_FUNCTIONS: Final = ("json_group_array", "json_array", "json")

sqlite3.register_adapter(datetime, stored_value)
sqlite3.register_adapter(date, stored_value)

_PLACEHOLDERS: Final = re.compile(r"\$(\d+)")
_ROW_LOCK_CLAUSES: Final = re.compile(r"\s+FOR (?:(?:NO KEY )?UPDATE|KEY SHARE)(?: SKIP LOCKED)?")


@lru_cache(MAX_KEPT_STATEMENTS)
def _to_sqlite_statement(sql: str) -> str:
    """Without its row locks, since one writer locks the whole file; `$2` as `?2`, which binds the second value."""
    return _PLACEHOLDERS.sub(r"?\1", _ROW_LOCK_CLAUSES.sub("", sql))


def _run_statements(
    connection: aiosqlite.Connection,
    waiting: Iterable[tuple[str, list[Sequence[Value]]]],
    sql: str,
    values: Sequence[Value],
) -> list[Row]:
    """In the connection's thread: run the waiting statements, then one more, whose rows are returned."""
    driver = connection._conn  # noqa: SLF001
    for waiting_sql, rows in waiting:
        if len(rows) == 1:
            driver.execute(_to_sqlite_statement(waiting_sql), rows[0])
        else:
            driver.executemany(_to_sqlite_statement(waiting_sql), rows)
    return driver.execute(_to_sqlite_statement(sql), values).fetchall()


class SQLiteTransaction(Transaction):
    """A transaction on one of the two connections."""

    json_functions = JSON_FUNCTIONS
    sql_now = "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)"

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._waiting: list[tuple[str, list[Sequence[Value]]]] = []
        """Statements without a result: they run with the next one, since each way to the connection's thread costs."""

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        waiting, self._waiting = self._waiting, []
        try:
            # aiosqlite has no call that runs several statements.
            return await self._connection._execute(_run_statements, self._connection, waiting, sql, values)  # type: ignore[no-any-return,no-untyped-call]  # noqa: SLF001
        except sqlite3.IntegrityError:
            raise  # a violated constraint is a fault of the program
        except DRIVER_ERRORS as error:
            raise to_storage_error(error) from error

    async def stream(self, sql: str, *values: Value) -> AsyncIterator[list[Row]]:
        if self._waiting:
            await self.fetch("SELECT 1")
        try:
            async with self._connection.execute(_to_sqlite_statement(sql), values) as cursor:
                while rows := await cursor.fetchmany(STREAM_ROWS):
                    yield [*rows]
        except sqlite3.Error as error:
            raise to_storage_error(error) from error

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """The statement runs with the next one, at the latest with the commit; with many rows it runs at once."""
        if bound := list(rows):
            self._waiting.append((sql, bound))
            if len(bound) > STREAM_ROWS:
                await self.fetch("SELECT 1")

    async def lock_and_query(self, locking: Query[Any], *queries: Query[Any]) -> QueryResults:
        """In one statement: there is one writer."""
        return await self.query_many(locking, *queries)

    async def columns(self, table: str) -> list[str]:
        return [row[1] for row in await self.fetch(f"PRAGMA table_info({table})")]

    async def lock(self, name: str) -> None:
        """Nothing to do: there is one writer."""

    async def last_generated_id(self, table: str, key: str) -> int:
        """The count that SQLite keeps; 0 for a table that may use an id again, which has none."""
        del key
        return await self.fetch_number("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = $1", table)

    async def set_last_generated_id(self, table: str, key: str, last_id: int) -> None:
        """Replace the count that SQLite keeps."""
        del key
        await self.fetch("DELETE FROM sqlite_sequence WHERE name = $1", table)
        await self.fetch("INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)", table, last_id)


class SQLite(Database):
    """One open file."""

    json_functions = JSON_FUNCTIONS
    engine = "sqlite"
    multi_process = False

    def __init__(
        self,
        writer: aiosqlite.Connection,
        reader: aiosqlite.Connection,
        path: Path,
        *,
        needs_purge: bool = False,
    ) -> None:
        self.needs_purge = needs_purge
        self.purge_pause = PURGE_PAUSE
        self.erasure_log_path = erasure_log_path(path)
        self._path = path
        self._writer, self._reader = writer, reader
        self._writer_lock, self._reader_lock = asyncio.Lock(), asyncio.Lock()
        self._named_locks: set[str] = set()
        files = path, (real := real_path(path)).with_name(f"{real.name}-wal")
        self._opened_files = {file: identity for file in files if (identity := file_identity(file))}

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """One transaction after the other."""
        with self._report_errors_and_duration("write"):
            async with self._writer_lock:
                try:
                    async with _sqlite_transaction(self._writer, "BEGIN IMMEDIATE") as transaction:
                        yield transaction
                        self.ensure_file_unchanged()
                except StorageError:
                    self.ensure_file_unchanged()  # which says more than what failed because of it
                    raise

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        with self._report_errors_and_duration("read"):
            async with self._reader_lock, _sqlite_transaction(self._reader, "BEGIN") as transaction:
                yield transaction

    @asynccontextmanager
    async def long_read(self) -> AsyncIterator[Transaction]:
        """On a connection of its own: the one reader serves other queries meanwhile."""
        with self._report_errors_and_duration(None):
            self.ensure_file_unchanged()
            connection = await connect_to_file(self._path)
            try:
                async with _sqlite_transaction(connection, "BEGIN") as transaction:
                    yield transaction
            finally:
                await connection.close()

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        with self._report_errors_and_duration("statement"):
            async with self._reader_lock:
                return await SQLiteTransaction(self._reader).fetch(sql, *values)

    @asynccontextmanager
    async def try_lock(self, name: str) -> AsyncIterator[bool]:
        """Only this process can have it already."""
        acquired = name not in self._named_locks
        if acquired:
            self._named_locks.add(name)
        try:
            yield acquired
        finally:
            if acquired:
                self._named_locks.discard(name)

    async def notify(self, text: str) -> None:
        """Nothing to do: there is no other process."""

    @asynccontextmanager
    async def listen(self, on_notification: Callable[[str], None]) -> AsyncIterator[None]:
        """Nothing to do: there is no other process."""
        del on_notification
        yield

    def ensure_file_unchanged(self) -> None:
        """Compare the file and its log with those that were opened: SQLite goes on writing without noticing."""
        for file, identity in self._opened_files.items():
            if file_identity(file) != identity:
                raise StorageError("storage-file-lost", path=str(self._path))

    async def purge_deleted_data(self) -> None:
        """Empty the write-ahead log; in the file itself `secure_delete` has overwritten what was deleted.

        An export, a backup and other programs read the log, and nobody else's transaction waits until they have ended.
        """
        self.needs_purge = True
        for number in range(PURGE_TRIES):
            if number:
                await asyncio.sleep(self.purge_pause)
            try:
                async with self._writer_lock, self._reader_lock:
                    is_empty = await self._writer._execute(_empty_log, self._writer)  # type: ignore[no-untyped-call]  # noqa: SLF001
            except DRIVER_ERRORS as error:
                raise to_storage_error(error) from error
            if is_empty:
                self.needs_purge = False
                return
        raise StorageError("storage-scrub-waits")

    async def integrity_errors(self, tables: Iterable[str]) -> list[str]:
        """SQLite checks the whole file by itself."""
        del tables
        checks = await self.fetch(f"PRAGMA integrity_check({MAX_INTEGRITY_ERRORS})")
        errors = [str(row[0]) for row in checks if row[0] != "ok"]
        for table, rowid, parent, _ in await self.fetch("PRAGMA foreign_key_check"):
            errors.append(f"{table} {rowid}: {parent} is missing")
        return errors[:MAX_INTEGRITY_ERRORS]

    async def size(self) -> int:
        """Bytes of the file's pages."""
        return await self.fetch_number("PRAGMA page_count") * await self.fetch_number("PRAGMA page_size")

    async def close(self) -> None:
        async with self._writer_lock, self._reader_lock:
            await self._reader.close()
            await self._writer.close()


def _empty_log(connection: aiosqlite.Connection) -> bool:
    """In the connection's thread: empty the write-ahead log. False, at once, where somebody reads it."""
    driver = connection._conn  # noqa: SLF001
    [[timeout]] = driver.execute("PRAGMA busy_timeout").fetchall()
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        [[is_busy, *_]] = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return not is_busy
    finally:
        driver.execute(f"PRAGMA busy_timeout = {timeout}")


def file_identity(path: Path) -> str | None:
    """Which file lies at a path, whatever it contains; None for none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return f"{status.st_dev}:{status.st_ino}"


@asynccontextmanager
async def _sqlite_transaction(connection: aiosqlite.Connection, begin: str) -> AsyncIterator[Transaction]:
    transaction = SQLiteTransaction(connection)
    try:
        await transaction.execute(begin)
        yield transaction
        await transaction.fetch("COMMIT")
    except BaseException:
        # A cancelled caller must not leave the connection inside its transaction for the next one. It may be cancelled
        # again while it waits here: the rollback is then in the queue of the connection's thread, in one piece behind
        # the caller's own statements and before those of the next one.
        await asyncio.shield(connection._execute(_roll_back, connection))  # type: ignore[no-untyped-call]  # noqa: SLF001
        raise


def _roll_back(connection: aiosqlite.Connection) -> None:
    """In the connection's thread: roll back the transaction, unless its commit has ended it or it never began."""
    driver = connection._conn  # noqa: SLF001
    if driver.in_transaction:
        driver.rollback()


def erasure_log_path(path: Path) -> Path:
    """The log of erased members beside a database file."""
    return path.with_name(f"{path.name}.erasures")


def _has_log(path: Path) -> bool:
    """Whether a process that was killed has left a write-ahead log, in which deleted data may be."""
    real = real_path(path)
    try:
        return real.with_name(f"{real.name}-wal").stat().st_size > 0
    except FileNotFoundError:
        return False


async def open_sqlite(path: Path, busy_timeout: float = BUSY_TIMEOUT) -> SQLite:
    """Open a file, made if missing. Raises `StorageError` when it cannot be opened, is damaged or another program's."""
    with raise_opening_errors(path):
        is_log_left = _has_log(path)
        create_private_file(path)
        await ensure_own_database(path, busy_timeout)
    writer = await connect_to_file(path, busy_timeout)
    try:
        return SQLite(writer, await connect_to_file(path, busy_timeout), path, needs_purge=is_log_left)
    except BaseException:
        await writer.close()
        raise
