"""PostgreSQL through asyncpg: one server, any number of processes.

Transactions that write are READ COMMITTED and lock what they go by: a change of a member's record begins with that
member's row (`storage.members.meet`), a claim takes the occurrences it claims and leaves those that another one holds.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg
import structlog

from bot.errors import StorageError
from storage.database import Database, JsonAggregation, Row, Transaction, Value

Connection = Any
"""One of the pool's; asyncpg is not typed."""

CONNECTIONS: Final = 10
CONNECT_TIMEOUT: Final = 15.0
"""Seconds to wait for a free connection, or for a row that somebody else holds."""

CHANNEL: Final = "nintei"
RECONNECT_DELAY: Final = 2.0
"""Seconds before a lost ear is opened anew."""

JSON_AGGREGATION: Final = JsonAggregation("json_agg", "json_build_array")

SETTINGS: Final = {
    "application_name": "nintei",
    "jit": "off",
    "lock_timeout": f"{CONNECT_TIMEOUT:.0f}s",
    # What a process that was stopped or cut off holds is given back.
    "idle_in_transaction_session_timeout": "20s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}

CONNECTION_ERRORS: Final = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
"""What asyncpg raises when the connection is gone, cut in the middle of an operation, or does not come about."""

log = structlog.get_logger()


@contextmanager
def _translate_errors() -> Iterator[None]:
    """What the server or the way to it refuses, as a sentence."""
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError:
        raise  # a broken constraint is our fault
    except asyncpg.PostgresError as error:
        raise _to_storage_error(error) from error
    except CONNECTION_ERRORS as error:
        raise StorageError("storage-unreachable") from error


def _to_storage_error(error: asyncpg.PostgresError) -> StorageError:
    state = str(getattr(error, "sqlstate", "") or "")
    match state[:2], state:
        case "53", "53100" | "53200":
            return StorageError("storage-full")
        case (("53" | "08" | "57"), _):
            return StorageError("storage-unreachable")
        case "55" | "40", _:
            return StorageError("storage-busy")
        case _, "25006" | "42501":
            return StorageError("storage-read-only")
        case _, "XX001" | "XX002":
            return StorageError("storage-damaged")
        case _:
            return StorageError("storage-failed", reason=f"{state} {error}".strip())


class PostgreSQLTransaction(Transaction):
    """On one connection of the pool."""

    json_aggregation = JSON_AGGREGATION
    sql_now = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        """Run one statement."""
        with _translate_errors():
            return list(await self._connection.fetch(sql, *values))

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for every row."""
        bound = list(rows)
        if bound:
            with _translate_errors():
                await self._connection.executemany(sql, bound)

    async def columns(self, table: str) -> list[str]:
        """The names of a table's columns."""
        rows = await self.fetch(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
            table,
        )
        return [row[0] for row in rows]

    async def lock(self, what: str) -> None:
        """An advisory lock of this transaction."""
        await self.fetch("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", what)


class PostgreSQL(Database):
    """One server's database, through a pool."""

    json_aggregation = JSON_AGGREGATION
    multi_process = True

    def __init__(self, url: str, pool: Any, erasures: Path) -> None:
        self.erasure_log_path = erasures
        self._url = url
        self._pool = pool
        self._sender_id = secrets.token_hex(4)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """READ COMMITTED: each statement sees what is committed, and waits for a row that somebody changes."""
        with self._timed("write"):
            async with self._connection() as connection, _transaction(connection) as transaction:
                yield transaction

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """One snapshot."""
        snapshot = {"isolation": "repeatable_read", "readonly": True}
        with self._timed("read"):
            async with self._connection() as connection, _transaction(connection, **snapshot) as transaction:
                yield transaction

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        """One query on its own."""
        with self._timed("statement"):
            async with self._connection() as connection:
                return await PostgreSQLTransaction(connection).fetch(sql, *values)

    @asynccontextmanager
    async def try_lock(self, what: str) -> AsyncIterator[bool]:
        """An advisory lock: the server gives it back when the connection ends, however it ends."""
        async with self._connection() as connection:
            session = PostgreSQLTransaction(connection)
            [[mine]] = await session.fetch("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", what)
            try:
                yield mine
            finally:
                if mine:
                    with suppress(StorageError):  # the connection is gone, and the lock with it
                        await session.fetch("SELECT pg_advisory_unlock(hashtextextended($1, 0))", what)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        with _translate_errors():
            connection = await self._pool.acquire(timeout=CONNECT_TIMEOUT)
        try:
            yield connection
        finally:
            with suppress(StorageError), _translate_errors():  # what could not be given back is closed
                await self._pool.release(connection)

    async def notify(self, word: str) -> None:
        """NOTIFY."""
        await self.fetch("SELECT pg_notify($1, $2)", CHANNEL, f"{self._sender_id} {word}")

    @asynccontextmanager
    async def listen(self, heard: Callable[[str], None]) -> AsyncIterator[None]:
        """LISTEN, on a connection of its own that is opened anew when it is lost."""
        first = asyncio.Event()
        listening = asyncio.create_task(self._listen(heard, first), name="ear")
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await first.wait()
            yield
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _listen(self, heard: Callable[[str], None], first: asyncio.Event) -> None:
        def hear(_connection: object, _process: int, _channel: str, payload: object) -> None:
            voice, _, word = str(payload).partition(" ")
            if voice != self._sender_id:
                heard(word)

        while True:
            try:
                connection = await asyncpg.connect(self._url, timeout=CONNECT_TIMEOUT, server_settings=SETTINGS)
                lost = asyncio.Event()
                connection.add_termination_listener(lambda _connection, lost=lost: lost.set())
                try:
                    await connection.add_listener(CHANNEL, hear)
                    first.set()
                    await lost.wait()
                finally:
                    with suppress(asyncpg.PostgresError, *CONNECTION_ERRORS):
                        await connection.close(timeout=1)
            except (asyncpg.PostgresError, *CONNECTION_ERRORS) as error:
                first.set()
                log.warning("database_ear_lost", fault=type(error).__name__)
            await asyncio.sleep(RECONNECT_DELAY)

    async def purge_deleted_data(self) -> None:
        """Free what was deleted for being overwritten. The server's own log forgets in its own time."""
        await self.fetch("VACUUM")

    async def close(self) -> None:
        """Let what is under way finish, then close."""
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await self._pool.close()
        except (asyncpg.PostgresError, *CONNECTION_ERRORS):
            self._pool.terminate()


@asynccontextmanager
async def _transaction(connection: Connection, **options: Any) -> AsyncIterator[Transaction]:
    under_way = connection.transaction(**options)
    with _translate_errors():
        await under_way.start()
    try:
        yield PostgreSQLTransaction(connection)
    except BaseException:
        with suppress(StorageError), _translate_errors():  # a connection that is gone has rolled back
            await under_way.rollback()
        raise
    with _translate_errors():
        await under_way.commit()


async def _no_reset(_connection: object) -> None:
    """A connection is given back as it was taken: nothing here outlives its transaction but locks, which are let go."""


def display_url(url: str) -> str:
    """The address without who connects, and without a password."""
    parts = urlsplit(url)
    hosts = parse_qs(parts.query).get("host", [parts.netloc.rsplit("@", maxsplit=1)[-1]])
    return f"postgresql://{','.join(hosts)}{parts.path}"


def without_password(url: str) -> str:
    """The address with who connects."""
    parts = urlsplit(url)
    who, at, where = parts.netloc.rpartition("@")
    options = [(name, value) for name, value in parse_qsl(parts.query) if "password" not in name]
    return urlunsplit(parts._replace(netloc=f"{who.partition(':')[0]}{at}{where}", query=urlencode(options)))


async def open_postgresql(url: str) -> PostgreSQL:
    """Connect. Raises `StorageError` with a sentence when it cannot be reached or lets nobody in."""
    try:
        pool = await asyncpg.create_pool(
            url, min_size=0, max_size=CONNECTIONS, timeout=CONNECT_TIMEOUT, reset=_no_reset, server_settings=SETTINGS
        )
        await pool.release(await pool.acquire())
    except (asyncpg.PostgresError, *CONNECTION_ERRORS, ValueError) as error:
        reason = str(error) or type(error).__name__
        raise StorageError("storage-server-unopened", address=display_url(url), reason=reason) from error
    name = urlsplit(url).path.strip("/") or "postgresql"
    return PostgreSQL(url, pool, Path("data") / f"{name}.erasures")
