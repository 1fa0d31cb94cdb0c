"""The one door to the database: a transaction that fetches. SQL is written once, with `$1` placeholders.

SQLite through aiosqlite: WAL, `synchronous=FULL`, foreign keys, one writer that begins with IMMEDIATE (a deferred
transaction that reads and then writes fails at once whatever the time-out) and one reader beside it. Each of the
two connections serves one coroutine at a time: on a shared one, one rollback would discard another's insert.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiosqlite

from bot.errors import StorageError
from bot.values import to_micros
from storage import erasures
from storage.migrations.run import migrate

Value = int | str | None
Row = Sequence[Any]
"""A row's columns in the order of the query; the module that wrote the query gives them their types."""

SCRUB_TRIES: Final = 3

BUSY_SECONDS: Final = 15
"""How long another program may hold the file before we say so."""


def _bind(values: Iterable[Value]) -> dict[str, Value]:
    """`$1` by its number: a sequence would be bound in order of appearance."""
    return {str(number): value for number, value in enumerate(values, start=1)}


def _told(fault: sqlite3.Error) -> StorageError:
    code = getattr(fault, "sqlite_errorcode", None)
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
            return StorageError("storage-failed", reason=str(fault))


class Transaction:
    """What happens between begin and commit."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        """Run one statement; the rows of a query or of `RETURNING`.

        Raises `StorageError` when the database refuses for a reason that a person can mend.
        """
        try:
            return list(await self._connection.execute_fetchall(sql, _bind(values)))
        except sqlite3.IntegrityError:
            raise  # a broken constraint is our fault, not the disk's
        except sqlite3.Error as fault:
            raise _told(fault) from fault

    async def fetch_one(self, sql: str, *values: Value) -> Row | None:
        """The first row, if any."""
        rows = await self.fetch(sql, *values)
        return rows[0] if rows else None

    async def columns(self, table: str) -> list[str]:
        """The names of a table's columns."""
        return [row[1] for row in await self.fetch(f"PRAGMA table_info({table})")]

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for every row, in one hop to the engine."""
        bound = [_bind(row) for row in rows]
        if not bound:
            return
        try:
            await self._connection.executemany(sql, bound)
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as fault:
            raise _told(fault) from fault


class Database:
    """One database, open. `write` for whatever changes, `read` for one consistent look."""

    def __init__(self, writer: aiosqlite.Connection, reader: aiosqlite.Connection, erasures: Path) -> None:
        self.erasures = erasures
        """Where erasures are noted, beside the database."""
        self._writer, self._reader = writer, reader
        self._writing, self._reading = asyncio.Lock(), asyncio.Lock()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A transaction that is durable when the block is left, and never was when the block raises."""
        async with self._writing, _transaction(self._writer, "BEGIN IMMEDIATE") as transaction:
            yield transaction

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """One snapshot of the database; waits for no writer."""
        async with self._reading, _transaction(self._reader, "BEGIN") as transaction:
            yield transaction

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        """One query on its own, in a single hop."""
        async with self._reading:
            return await Transaction(self._reader).fetch(sql, *values)

    async def scrub(self) -> None:
        """Leave nothing of what was deleted in the files: `secure_delete` has overwritten it, the log is emptied here.

        Raises `StorageError` when another program is reading and the log cannot be emptied now.
        """
        async with self._writing, self._reading:
            for _ in range(SCRUB_TRIES):
                [row] = await Transaction(self._writer).fetch("PRAGMA wal_checkpoint(TRUNCATE)")
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
    transaction = Transaction(connection)
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


def _sqlite_path(url: str) -> Path:
    scheme, separator, rest = url.partition(":///")
    if scheme != "sqlite" or not separator or not rest:
        raise StorageError("storage-address", address=url.rsplit("@", maxsplit=1)[-1])
    return Path(rest)


async def _connect(path: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
    try:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            await connection.execute_fetchall(f"PRAGMA {pragma}")
    except BaseException:
        await connection.close()
        raise
    return connection


async def open_database(url: str) -> Database:
    """Open `sqlite:///PATH` (made if missing) and bring it to the newest schema.

    Raises `StorageError` with a sentence when it cannot be opened, is damaged, full, or newer than this program.
    """
    path = _sqlite_path(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writer = await _connect(path)
    except OSError as fault:
        raise StorageError("storage-unopened", path=str(path), reason=fault.strerror or str(fault)) from fault
    except sqlite3.Error as fault:
        told = _told(fault)
        if told.text != "storage-failed":
            raise told from fault
        raise StorageError("storage-unopened", path=str(path), reason=str(fault)) from fault
    database = None
    try:
        database = Database(writer, await _connect(path), path.with_name(f"{path.name}.erasures"))
        await migrate(database)
        await _erase_again(database)
    except BaseException:
        await (database.close() if database else writer.close())
        raise
    return database


async def _erase_again(database: Database) -> None:
    """A restored backup may hold members who were erased after it was made."""
    gone = 0
    for member, at in await asyncio.to_thread(erasures.noted, database.erasures):
        async with database.write() as transaction:
            gone += len(
                await transaction.fetch(
                    "DELETE FROM members WHERE member_id = $1 AND joined_at <= $2 RETURNING member_id",
                    member,
                    to_micros(at),
                )
            )
    if gone:
        await database.scrub()
