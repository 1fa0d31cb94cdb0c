"""One interface to both databases: SQL is written once, and an engine runs it.

    Executor                what can run statements: fetch and query, each in several forms
    ├── Transaction         between begin and commit; also execute, execute_many, columns, lock
    └── Database            an open database; also write, dry_run, read, long_read, try_lock, notify, listen

    Database is implemented by engines/sqlite.py (one file, one process)
                           and engines/postgresql.py (one server, any number of processes).

**Statements** are PostgreSQL's SQL as far as SQLite understands it: `$1` placeholders, `RETURNING`, `ON CONFLICT`.
`FOR UPDATE`, `FOR KEY SHARE` and `SKIP LOCKED` stand in the statement; SQLite, with one writer, gets none of them.

**Transactions.** `async with database.write() as transaction:` commits when the block ends and rolls back when it
raises; `dry_run()` is always rolled back. `read()` is one snapshot and waits for no writer; `long_read()` is one for
a query that takes long, and delays no other reader. A statement that needs no transaction of its own runs on the
database itself: `database.fetch(…)`.

**Rows and columns.** A `RowParser` (storage/rows.py) makes a dataclass of a row, and a query takes its columns from
there, so that their positions are written once: `SELECT {", ".join(thread_from_row.columns)} …`, then
`fetch_parsed(thread_from_row, …)`. Where fields differ from the columns, a function whose parameters are named after
the columns takes its place (`columns_of_row_parser`). `insert_sql` and `upsert_sql` write the placeholders, and
`RowParser.values` are the values for them. An instant or a day is given to a statement as it is (`stored_value`).

**Queries.** A `Query` is a SELECT with the function that reads its rows, a `Select` one without its values. `query`
runs one; `query_many` runs several as a single statement, because a call to the engine costs more than most queries
do, and all see the same moment.

**Between processes.** `Transaction.lock(name)` waits for a named lock and has it until the transaction ends;
`Database.try_lock(name)` says at once whether this process has got one. `notify` sends a short text to the other
processes, `listen` receives theirs; texts may be lost, so whoever listens also polls.

**Errors.** `StorageError` when the database is unreachable, busy, full, read-only, damaged or refuses the statement; it
names a text for a person. A violated constraint is a fault of the program: the driver's own error passes through.
"""

import inspect
import json
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import starmap
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar, Final, Generic, Literal, Protocol, TypeVar

from bot.domain.calendar import instant_to_micros
from bot.errors import StorageError

Value = int | str | date | None
"""What a placeholder is given. An instant, which is a `datetime`, is stored in microseconds, a day as ISO text."""
Row = Sequence[Any]
"""A row's values in the order of the query's columns; the function that reads it gives them their types."""

Engine = Literal["sqlite", "postgresql"]

MAX_PARAMS: Final = 500
"""Ids in one `IN (…)`: both engines limit the placeholders of a statement."""

MAX_KEPT_STATEMENTS: Final = 512
"""Texts of statements that are kept once they were made: a list of ids makes another text for each length."""

MAX_INTEGRITY_ERRORS: Final = 5

STREAM_ROWS: Final = 500
"""Rows of one part of a query that is read in parts."""

MIGRATIONS_TABLE: Final = "CREATE TABLE migrations (step INTEGER PRIMARY KEY)"
"""By this statement, which SQLite stores as it is, a file is known to be this program's."""


def stored_value(value: Value) -> int | str | None:
    """A value as the engines store it."""
    if isinstance(value, datetime):
        return instant_to_micros(value)
    return value.isoformat() if isinstance(value, date) else value


def columns_of_row_parser(parse_row: Callable[..., object]) -> tuple[str, ...]:
    """The names of the parameters of a function that parses rows: the columns of the rows, in their order.

    A last parameter `*rest` is left out: it stands for the columns of another function.
    """
    parameters = inspect.signature(parse_row).parameters.values()
    return tuple(parameter.name for parameter in parameters if parameter.kind is not parameter.VAR_POSITIONAL)


def sql_placeholders(values: Collection[object], first: int = 1) -> str:
    """`$2, $3, $4` for three values, when `first` is 2."""
    return ", ".join(map("${}".format, range(first, first + len(values))))


def sql_assignments(columns: Iterable[str], first: int) -> str:
    """`a = $2, b = $3`, when `first` is 2."""
    return ", ".join(f"{column} = ${number}" for number, column in enumerate(columns, start=first))


def insert_sql(table: str, columns: Collection[str]) -> str:
    """`INSERT INTO table (a, b) VALUES ($1, $2)`."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({sql_placeholders(columns)})"


def upsert_sql(table: str, columns: Collection[str], key: Collection[str]) -> str:
    """An insert that replaces all other columns of the row with the same key."""
    replaced = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in key)
    return f"{insert_sql(table, columns)} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {replaced}"


Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class Query(Generic[Result_co]):
    """A SELECT and how its rows are read. Two queries are equal only when they are the same object."""

    columns: tuple[str, ...]
    """Names or expressions, which may have placeholders."""
    source: str
    """The statement from `FROM` on."""
    values: tuple[Value, ...]
    read: Callable[[Sequence[Row]], Result_co]


@dataclass(frozen=True, slots=True)
class Select(Generic[Result_co]):
    """A query that is written once, as a constant. Called with a value for each placeholder it is a `Query`."""

    columns: tuple[str, ...]
    source: str
    """The statement from `FROM` on."""
    read: Callable[[Sequence[Row]], Result_co]

    def __call__(self, *values: Value) -> Query[Result_co]:
        return Query(self.columns, self.source, values, self.read)


def parse_first_row(parse_row: Callable[..., Result]) -> Callable[[Sequence[Row]], Result | None]:
    """Parse the first row, if there is one."""

    def read(rows: Sequence[Row]) -> Result | None:
        return parse_row(*rows[0]) if rows else None

    return read


def parse_only_row(parse_row: Callable[..., Result]) -> Callable[[Sequence[Row]], Result]:
    """Parse the one row of a query that counts or sums."""

    def read(rows: Sequence[Row]) -> Result:
        [row] = rows
        return parse_row(*row)

    return read


def parse_all_rows(parse_row: Callable[..., Result]) -> Callable[[Sequence[Row]], list[Result]]:
    """Parse all rows."""

    def read(rows: Sequence[Row]) -> list[Result]:
        return list(starmap(parse_row, rows))

    return read


class QueryResults(Protocol):
    """The results of `query_many`, by query."""

    def __getitem__(self, query: Query[Result], /) -> Result: ...


@lru_cache(MAX_KEPT_STATEMENTS)
def _combine_queries(
    json_functions: tuple[str, str, str], queries: tuple[tuple[tuple[str, ...], str, int], ...]
) -> str:
    """One statement of several queries (columns, source, number of values): an array of JSON with the rows of each."""
    rows_as_json, row_as_json, as_json = json_functions
    expressions, results, first = [], [], 0
    for number, (columns, source, values) in enumerate(queries):
        names = ", ".join(f"c{column}" for column in range(len(columns)))
        sql = f"SELECT {', '.join(columns)} {source}"
        shifted = re.sub(r"\$(\d+)", lambda match, first=first: f"${int(match[1]) + first}", sql)  # type: ignore[misc]
        expressions.append(f"q{number} ({names}) AS ({shifted})")
        results.append(f"{as_json}((SELECT {rows_as_json}({row_as_json}({names})) FROM q{number}))")
        first += values
    return f"WITH {', '.join(expressions)} SELECT {row_as_json}({', '.join(results)})"


class Executor(ABC):
    """Runs statements: a transaction, or the database itself for a single statement."""

    json_functions: ClassVar[tuple[str, str, str]]
    """The engine's SQL functions that make JSON of several rows, of one row, and of a text that is JSON."""

    @abstractmethod
    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        """Run one statement; the rows of a query or of `RETURNING`. Raises `StorageError`."""

    async def fetch_one(self, sql: str, *values: Value) -> Row | None:
        """The first row, if any. Raises `StorageError`."""
        rows = await self.fetch(sql, *values)
        return rows[0] if rows else None

    async def fetch_parsed(self, parse_row: Callable[..., Result], sql: str, *values: Value) -> list[Result]:
        """Run one statement, and parse its rows. Raises `StorageError`."""
        return list(starmap(parse_row, await self.fetch(sql, *values)))

    async def fetch_one_parsed(self, parse_row: Callable[..., Result], sql: str, *values: Value) -> Result | None:
        """Parse the first row; None without one, or where it begins with NULL. Raises `StorageError`."""
        row = await self.fetch_one(sql, *values)
        return None if row is None or row[0] is None else parse_row(*row)

    async def fetch_number(self, sql: str, *values: Value) -> int:
        """The one number that a query finds. Raises `StorageError`."""
        [[number]] = await self.fetch(sql, *values)
        return int(number)

    async def fetch_for_ids(self, sql: str, *values: Value, ids: Sequence[int]) -> list[Row]:
        """Run a query that has `IN ({ids})`, with at most `MAX_PARAMS` ids at a time; the rows of all."""
        rows: list[Row] = []
        for start in range(0, len(ids), MAX_PARAMS):
            batch = ids[start : start + MAX_PARAMS]
            rows += await self.fetch(sql.format(ids=sql_placeholders(batch, len(values) + 1)), *values, *batch)
        return rows

    async def query(self, query: Query[Result]) -> Result:
        """Run one query. Raises `StorageError`."""
        rows = await self.fetch(f"SELECT {', '.join(query.columns)} {query.source}", *query.values)
        return query.read(rows)

    async def query_many(self, *queries: Query[Any]) -> QueryResults:
        """Run several queries, or none, as one statement: one call to the engine, one moment. Raises `StorageError`."""
        results: dict[Query[Any], Any] = {}
        if not queries:
            return results
        parts: list[tuple[tuple[str, ...], str, int]] = []
        values: list[Value] = []
        for query in queries:
            parts.append((query.columns, query.source, len(query.values)))
            values += query.values
        [[answer]] = await self.fetch(_combine_queries(self.json_functions, tuple(parts)), *values)
        for query, rows in zip(queries, json.loads(answer), strict=True):
            results[query] = query.read(rows or [])
        return results


class Transaction(Executor):
    """The statements between begin and commit."""

    sql_now: ClassVar[str]
    """SQL for the database's own present instant, in microseconds since 1970: the same for every process."""

    @abstractmethod
    def stream(self, sql: str, *values: Value) -> AsyncIterator[list[Row]]:
        """Run one query; its rows in parts of up to `STREAM_ROWS`, so that few are in memory. Raises `StorageError`."""

    @abstractmethod
    async def execute_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for every row, in one call to the engine.

        Raises `StorageError`; SQLite runs it together with the next statement, at the latest with the commit, and
        raises then.
        """

    async def execute(self, sql: str, *values: Value) -> None:
        """Run one statement whose result nobody needs. Raises `StorageError`, as `execute_many` does."""
        await self.execute_many(sql, [values])

    async def lock_and_query(self, locking: Query[Any], *queries: Query[Any]) -> QueryResults:
        """Run a query that locks its rows, then others, which see what was committed until the lock was given."""
        locked, results = await self.query(locking), await self.query_many(*queries)
        return {locking: locked, **{query: results[query] for query in queries}}

    @abstractmethod
    async def columns(self, table: str) -> list[str]:
        """The names of a table's columns; none if there is no such table."""

    @abstractmethod
    async def lock(self, name: str) -> None:
        """Wait until no other transaction has this lock, and have it until this one ends."""

    @abstractmethod
    async def last_generated_id(self, table: str, key: str) -> int:
        """The highest id that the engine remembers to have given to a row of a table; 0 for none."""

    @abstractmethod
    async def set_last_generated_id(self, table: str, key: str, last_id: int) -> None:
        """Make the next generated id of a table `last_id + 1`."""


class _DryRunEndedError(Exception):
    """Rolls a transaction back that did nothing wrong."""


class Database(Executor):
    """One open database: `write` to change something, `read` for one snapshot."""

    engine: ClassVar[Engine]

    multi_process: ClassVar[bool]
    """Whether several processes may use the database at the same time."""

    erasure_log_path: Path
    """Where erasures are noted: beside the database, not in it."""

    needs_purge: bool = False
    """Whether deleted data may be left in the files, so that it is to be purged once more."""

    on_timing: Callable[[str, float], None] | None = None
    """Called with `write`, `read` or `statement` and the seconds it took, waiting and commit included."""

    on_error: Callable[[str], None] | None = None
    """Called with the text's id of each `StorageError` that ends a transaction or a statement."""

    @contextmanager
    def _report_errors_and_duration(self, kind: str | None) -> Iterator[None]:
        """Report an error of the block, and how long the block took; the latter not where `kind` is None."""
        began = perf_counter()
        try:
            yield
        except StorageError as error:
            if self.on_error is not None:
                self.on_error(error.message_id)
            raise
        finally:
            if self.on_timing is not None and kind is not None:
                self.on_timing(kind, perf_counter() - began)

    @abstractmethod
    def write(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction: durable once the block has ended, rolled back when the block raises. Raises `StorageError`."""

    @asynccontextmanager
    async def dry_run(self) -> AsyncIterator[Transaction]:
        """A transaction that is always rolled back: it shows whether its statements succeed. Raises `StorageError`."""
        with suppress(_DryRunEndedError):
            async with self.write() as transaction:
                yield transaction
                raise _DryRunEndedError

    @abstractmethod
    def read(self) -> AbstractAsyncContextManager[Transaction]:
        """One snapshot of the database; waits for no writer. Raises `StorageError`."""

    def long_read(self) -> AbstractAsyncContextManager[Transaction]:
        """One snapshot for queries that take long; delays no other reader. Raises `StorageError`."""
        return self.read()

    @abstractmethod
    def try_lock(self, name: str) -> AbstractAsyncContextManager[bool]:
        """Whether this process has the lock while the block runs. It is released when the process dies."""

    @abstractmethod
    async def notify(self, text: str) -> None:
        """Send a text to the other processes that use this database. Raises `StorageError`."""

    @abstractmethod
    def listen(self, on_notification: Callable[[str], None]) -> AbstractAsyncContextManager[None]:
        """Call `on_notification` with each text of another process while the block runs. Texts may be lost."""

    def ensure_file_unchanged(self) -> None:
        """Raise `StorageError` once the database's file was removed or replaced: what is written would be lost.

        A server's database has no file of ours.
        """

    @abstractmethod
    async def purge_deleted_data(self) -> None:
        """Remove deleted data from the files, as far as the engine can. Raises `StorageError` when it cannot now."""

    @abstractmethod
    async def integrity_errors(self, tables: Iterable[str]) -> list[str]:
        """Up to `MAX_INTEGRITY_ERRORS` faults in the engine's words; none when the database is whole.

        Reads everything and waits for no writer. `tables`: those to read where the engine checks only its indexes.
        Raises `StorageError` when something cannot be read.
        """

    @abstractmethod
    async def size(self) -> int:
        """Bytes, without the engine's log."""

    @abstractmethod
    async def close(self) -> None:
        """Let running statements finish, then close."""
