"""PostgreSQL through asyncpg: one server, any number of processes.

Transactions that write are READ COMMITTED and lock the rows that their changes depend on: one that changes a member's
records first locks that member's row (`members.get_or_create_member`), and a claim locks the reminders it claims and
skips those that another process has locked (docs/platform-facts.md#postgresql).
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import asyncpg
import structlog

from bot.errors import StorageError
from storage.database import MAX_INTEGRITY_ERRORS, STREAM_ROWS, Database, Row, Transaction, Value, stored_value

Connection = Any
"""A connection of the pool; asyncpg is not typed."""

MAX_PORT: Final = 65_535
MAX_CONNECTIONS: Final = 10
"""Of one process, where no more than two imports are written at once."""

IMPORT_CONNECTIONS: Final = 2
"""That an import keeps for its locks; its batches, and everything else, need others."""

OTHER_CONNECTIONS: Final = 6
CONNECT_TIMEOUT: Final = 15.0
"""Seconds to wait for a free connection, or for a row that another transaction has locked."""

CHANNEL: Final = "nintei"
"""The channel of `NOTIFY`."""

RECONNECT_DELAY: Final = 2.0
"""Seconds before a lost connection that listens is opened again."""

ERASURES_FOLDER: Final = Path("data")

JSON_FUNCTIONS: Final = ("json_agg", "json_build_array", "")

SETTINGS: Final = {
    "application_name": "nintei",
    "jit": "off",
    "lock_timeout": f"{CONNECT_TIMEOUT:.0f}s",
    # The locks of a process that was stopped or cut off are released.
    "idle_in_transaction_session_timeout": "20s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}

CONNECTION_ERRORS: Final = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
"""Errors of asyncpg when the connection is lost, also during an operation, or cannot be made."""

REFUSALS: Final = (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError, ValueError)
"""The server answers, and will answer so again; ValueError: the URL cannot be read."""

log = structlog.get_logger()


@contextmanager
def _raise_storage_errors(connection: Connection = None) -> Iterator[None]:
    """Raise the errors of the server and of the connection to it as `StorageError`.

    `connection`: the one on which a statement runs. What asyncpg refuses while it is open, such as a number of values
    that is not the statement's, is a fault of the statement.
    """
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError:
        raise  # a violated constraint is a fault of the program
    except asyncpg.PostgresError as error:
        raise _to_storage_error(error) from error
    except CONNECTION_ERRORS as error:
        if isinstance(error, asyncpg.InterfaceError) and connection is not None and _is_open(connection):
            raise StorageError("storage-failed", reason=str(error.args[0])) from error
        raise StorageError("storage-unreachable") from error


def _is_open(connection: Connection) -> bool:
    """Whether a connection of the pool has not been lost: the pool takes back one that has."""
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:
        return False


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
    """A transaction, or single statements, on one connection of the pool."""

    json_functions = JSON_FUNCTIONS
    sql_now = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        with _raise_storage_errors(self._connection):
            return list(await self._connection.fetch(sql, *map(stored_value, values)))

    async def stream(self, sql: str, *values: Value) -> AsyncIterator[list[Row]]:
        with _raise_storage_errors(self._connection):
            cursor = await self._connection.cursor(sql, *map(stored_value, values))
            while rows := list(await cursor.fetch(STREAM_ROWS)):
                yield rows

    async def execute_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        bound = [tuple(map(stored_value, row)) for row in rows]
        if bound:
            with _raise_storage_errors(self._connection):
                await self._connection.executemany(sql, bound)

    async def columns(self, table: str) -> list[str]:
        return await self.fetch_parsed(
            str,
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
            table,
        )

    async def lock(self, name: str) -> None:
        """An advisory lock of this transaction."""
        await self.fetch("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name)

    async def last_generated_id(self, table: str, key: str) -> int:
        """The last value of the key's sequence."""
        last_value = "coalesce(pg_sequence_last_value(CAST(pg_get_serial_sequence($1, $2) AS regclass)), 0)"
        return await self.fetch_number(f"SELECT {last_value}", table, key)

    async def set_last_generated_id(self, table: str, key: str, last_id: int) -> None:
        """Set the key's sequence."""
        await self.fetch("SELECT setval(CAST(pg_get_serial_sequence($1, $2) AS regclass), $3)", table, key, last_id)


class PostgreSQL(Database):
    """A database of a server, through a pool of connections."""

    json_functions = JSON_FUNCTIONS
    engine = "postgresql"
    multi_process = True

    def __init__(self, url: str, pool: Any, erasure_log_path: Path, reconnect_delay: float) -> None:
        self.erasure_log_path = erasure_log_path
        self._url = url
        self._pool = pool
        self._reconnect_delay = reconnect_delay
        self._sender_id = secrets.token_hex(4)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """READ COMMITTED: each statement sees what is committed, and waits for a row that another one changes."""
        with self._report_errors_and_duration("write"):
            async with self._acquired_connection() as connection, _postgresql_transaction(connection) as transaction:
                yield transaction

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        snapshot = {"isolation": "repeatable_read", "readonly": True}
        with self._report_errors_and_duration("read"):
            async with (
                self._acquired_connection() as connection,
                _postgresql_transaction(connection, **snapshot) as transaction,
            ):
                yield transaction

    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        with self._report_errors_and_duration("statement"):
            async with self._acquired_connection() as connection:
                return await PostgreSQLTransaction(connection).fetch(sql, *values)

    @asynccontextmanager
    async def try_lock(self, name: str) -> AsyncIterator[bool]:
        """An advisory lock: the server releases it when the connection ends, however it ends.

        Who has it keeps a connection of the pool; who does not get it keeps none.
        """
        async with self._acquired_connection() as connection:
            [[acquired]] = await _run_lock_statement(connection, "pg_try_advisory_lock", name)
            if acquired:
                try:
                    yield True
                finally:
                    with suppress(StorageError):  # the connection is lost, and the lock with it
                        await _run_lock_statement(connection, "pg_advisory_unlock", name)
        if not acquired:
            yield False

    @asynccontextmanager
    async def _acquired_connection(self) -> AsyncIterator[Connection]:
        with _raise_storage_errors():
            connection = await self._pool.acquire(timeout=CONNECT_TIMEOUT)
        try:
            yield connection
        finally:
            with suppress(StorageError), _raise_storage_errors():  # the pool closes one that it cannot take back
                await self._pool.release(connection)

    async def notify(self, text: str) -> None:
        """NOTIFY, with the sender's id before the text."""
        await self.fetch("SELECT pg_notify($1, $2)", CHANNEL, f"{self._sender_id} {text}")

    @asynccontextmanager
    async def listen(self, on_notification: Callable[[str], None]) -> AsyncIterator[None]:
        """LISTEN, on a connection of its own that is opened again when it is lost."""
        tried = asyncio.Event()
        task = asyncio.create_task(self._listen(on_notification, tried), name="notifications")
        try:
            with suppress(TimeoutError):  # it goes on trying
                async with asyncio.timeout(CONNECT_TIMEOUT):
                    await tried.wait()
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _listen(self, on_notification: Callable[[str], None], tried: asyncio.Event) -> None:
        """Listen until cancelled. `tried` is set once the first connection listens or has failed."""

        def receive(_connection: object, _process: int, _channel: str, payload: object) -> None:
            sender_id, _, text = str(payload).partition(" ")
            if sender_id != self._sender_id:
                on_notification(text)

        while True:
            try:
                connection = await asyncpg.connect(self._url, timeout=CONNECT_TIMEOUT, server_settings=SETTINGS)
                lost = asyncio.Event()
                connection.add_termination_listener(lambda _connection, lost=lost: lost.set())
                try:
                    await connection.add_listener(CHANNEL, receive)
                    tried.set()
                    await lost.wait()
                finally:
                    with suppress(asyncpg.PostgresError, *CONNECTION_ERRORS):
                        await connection.close(timeout=1)
            except (asyncpg.PostgresError, *CONNECTION_ERRORS) as error:
                tried.set()
                log.warning("database_listener_lost", error_type=type(error).__name__)
            await asyncio.sleep(self._reconnect_delay)

    async def purge_deleted_data(self) -> None:
        """Free the space of deleted rows. The server drops its own log according to its settings."""
        self.needs_purge = True
        await self.fetch("VACUUM")
        self.needs_purge = False

    async def integrity_errors(self, tables: Iterable[str]) -> list[str]:
        """Indexes and constraints that the server marks as invalid; an unreadable page raises `StorageError`."""
        async with self.read() as transaction:
            indexes = await transaction.fetch(
                "SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
                " WHERE NOT indisvalid AND relnamespace = CAST(current_schema() AS regnamespace)"
            )
            constraints = await transaction.fetch(
                "SELECT conname FROM pg_constraint"
                " WHERE NOT convalidated AND connamespace = CAST(current_schema() AS regnamespace)"
            )
            for table in tables:
                await transaction.fetch(f"SELECT count(*) FROM {table} AS read WHERE CAST(read AS TEXT) IS NULL")
        return [str(row[0]) for row in (*indexes, *constraints)][:MAX_INTEGRITY_ERRORS]

    async def size(self) -> int:
        """Bytes of the whole database."""
        return await self.fetch_number("SELECT pg_database_size(current_database())")

    async def close(self) -> None:
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await self._pool.close()
        except (asyncpg.PostgresError, *CONNECTION_ERRORS):
            self._pool.terminate()


@asynccontextmanager
async def _postgresql_transaction(connection: Connection, **options: Any) -> AsyncIterator[Transaction]:
    transaction = connection.transaction(**options)
    with _raise_storage_errors():
        await transaction.start()
    try:
        yield PostgreSQLTransaction(connection)
    except BaseException:
        with suppress(StorageError), _raise_storage_errors():  # a lost connection has rolled back
            await transaction.rollback()
        raise
    with _raise_storage_errors():
        await transaction.commit()


async def _run_lock_statement(connection: Connection, function: str, name: str) -> list[Row]:
    """Call a function of the server's locks. Cancelled meanwhile, the connection is ended, which may have the lock."""
    try:
        return await PostgreSQLTransaction(connection).fetch(f"SELECT {function}(hashtextextended($1, 0))", name)
    except BaseException:
        with suppress(asyncpg.InterfaceError):  # the pool has taken a lost one back
            connection.terminate()
        raise


async def _skip_connection_reset(_connection: object) -> None:
    """Return a connection to the pool without a reset: nothing outlives its transaction but locks, released above."""


def ensure_postgresql_url_valid(url: str) -> None:
    """Raise `StorageError` when a user or password is not percent-encoded, or a port is no port.

    What is not encoded would be read as another part of the URL. The error quotes nothing of it.
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that are no address
        raise StorageError("storage-password-unescaped") from None
    hosts = parts.netloc.rpartition("@")[2]
    ports = [host.rpartition(":")[2] for host in hosts.split(",") if ":" in host and not host.endswith("]")]
    if (
        parts.netloc.count("@") > 1
        or "@" in parts.path
        or ("@" in parts.query and "@" not in parts.netloc)
        or "#" in url
        or not all(port.isascii() and port.isdecimal() for port in ports if port)
    ):
        raise StorageError("storage-password-unescaped")
    ports += parse_qs(parts.query).get("port", [])
    if not all(port.isdecimal() and len(port) < 6 and 1 <= int(port) <= MAX_PORT for port in ports if port):  # noqa: PLR2004
        raise StorageError("storage-port", most=f"{MAX_PORT:,}")


def display_postgresql_url(url: str) -> str:
    """The URL without user and password."""
    parts = urlsplit(url)
    hosts = parse_qs(parts.query).get("host", [parts.netloc.rsplit("@", maxsplit=1)[-1]])
    return f"postgresql://{','.join(hosts)}{parts.path}"


def postgresql_url_without_password(url: str) -> str:
    """The URL with its user and without its password."""
    parts = urlsplit(url)
    credentials, at, host = parts.netloc.rpartition("@")
    options = [(name, value) for name, value in parse_qsl(parts.query) if "password" not in name]
    address = f"{parts.scheme}://{credentials.partition(':')[0]}{at}{host}{parts.path}"
    return f"{address}?{urlencode(options)}" if options else address


async def open_postgresql(
    url: str,
    erasures_folder: Path = ERASURES_FOLDER,
    reconnect_delay: float = RECONNECT_DELAY,
    max_connections: int | None = None,
    import_slots: int = 0,
) -> PostgreSQL:
    """Connect. Erasures are noted in the folder, in a file named after the database.

    `import_slots`: imports that may be written at once.
    Raises `StorageError` when the server cannot be reached or refuses the connection.
    """
    try:
        pool = await asyncpg.create_pool(
            url,
            min_size=0,
            max_size=max_connections or max(MAX_CONNECTIONS, OTHER_CONNECTIONS + IMPORT_CONNECTIONS * import_slots),
            timeout=CONNECT_TIMEOUT,
            reset=_skip_connection_reset,
            server_settings=SETTINGS,
        )
        await pool.release(await pool.acquire())
    except REFUSALS as error:
        # Python's own errors quote the part of the URL that could not be read.
        is_quoting = not isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError)
        reason = type(error).__name__ if is_quoting else str(error)
        raise StorageError("storage-server-refused", address=display_postgresql_url(url), reason=reason) from error
    except (asyncpg.PostgresError, *CONNECTION_ERRORS) as error:
        reason = str(error) or type(error).__name__
        raise StorageError("storage-server-unopened", address=display_postgresql_url(url), reason=reason) from error
    name = urlsplit(url).path.strip("/") or "postgresql"
    return PostgreSQL(url, pool, erasures_folder / f"{name}.erasures", reconnect_delay)
