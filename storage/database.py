"""The one door to the database: a transaction that fetches. SQL is written once, for both engines.

It is PostgreSQL's SQL as far as SQLite understands it: `$1` placeholders, `RETURNING`, `ON CONFLICT`. The words of
locking (`FOR UPDATE SKIP LOCKED`) stand in the query; on SQLite, which has one writer, they are left out.

    Database                engines/sqlite.py       one file, one process
                            engines/postgresql.py   one server, any number of processes
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar, Final, Generic, TypeVar

Value = int | str | None
Row = Sequence[Any]
"""A row's columns in the order of the query; the module that wrote the query gives them their types."""


MAX_PARAMS: Final = 500
"""Values that one statement compares with at most: engines know limits."""


def placeholders(values: Sequence[Value], first: int) -> str:
    """`$2, $3, $4` for so many values, from the placeholder `first` on."""
    return ", ".join(f"${place}" for place in range(first, first + len(values)))


Answer = TypeVar("Answer")
Answer_co = TypeVar("Answer_co", covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class Query(Generic[Answer_co]):
    """One query, and how its rows are read: asked alone, or together with others in a single statement."""

    sql: str
    values: tuple[Value, ...]
    columns: int
    read: Callable[[Sequence[Row]], Answer_co]


class QueryResults:
    """What was asked together: of one moment."""

    def __init__(self, found: dict[Query[Any], Any]) -> None:
        self._found = found

    def __getitem__(self, question: Query[Answer]) -> Answer:
        answer: Answer = self._found[question]
        return answer


@dataclass(frozen=True, slots=True)
class JsonAggregation:
    """An engine's words for making one value of rows."""

    rows: str
    row: str


@cache
def _combine(json_aggregation: JsonAggregation, asked: tuple[tuple[str, int, int], ...]) -> str:
    """One statement of several queries (each with its values' number and its columns'): a column of JSON for each."""
    parts, gathered, first = [], [], 0
    for place, (sql, values, columns) in enumerate(asked):
        names = ", ".join(f"c{number}" for number in range(columns))
        moved = re.sub(r"\$(\d+)", lambda found, first=first: f"${int(found[1]) + first}", sql)  # type: ignore[misc]
        parts.append(f"q{place} ({names}) AS ({moved})")
        gathered.append(f"(SELECT {json_aggregation.rows}({json_aggregation.row}({names})) FROM q{place})")
        first += values
    return f"WITH {', '.join(parts)} SELECT {', '.join(gathered)}"


class Executor(ABC):
    """What can be asked: a transaction, or the database itself, for one question on its own in a single hop."""

    json_aggregation: ClassVar[JsonAggregation]

    @abstractmethod
    async def fetch(self, sql: str, *values: Value) -> list[Row]:
        """Run one statement; the rows of a query or of `RETURNING`.

        Raises `StorageError` when the database refuses for a reason that a person can mend.
        """

    async def fetch_one(self, sql: str, *values: Value) -> Row | None:
        """The first row, if any."""
        rows = await self.fetch(sql, *values)
        return rows[0] if rows else None

    async def query(self, question: Query[Answer]) -> Answer:
        """One question. Raises as `fetch` does."""
        return question.read(await self.fetch(question.sql, *question.values))

    async def query_many(self, *questions: Query[Any]) -> QueryResults:
        """Several questions of one moment, in one statement: each hop to an engine costs more than most queries do.

        Raises as `fetch` does.
        """
        sql = _combine(self.json_aggregation, tuple((each.sql, len(each.values), each.columns) for each in questions))
        [row] = await self.fetch(sql, *(value for each in questions for value in each.values))
        return QueryResults(
            {each: each.read(json.loads(rows) if rows else []) for each, rows in zip(questions, row, strict=True)}
        )


class Transaction(Executor):
    """What happens between begin and commit."""

    sql_now: ClassVar[str]
    """SQL for the database's own present instant, in microseconds since 1970: the same for every process."""

    @abstractmethod
    async def execute_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for every row, in one hop to the engine."""

    @abstractmethod
    async def columns(self, table: str) -> list[str]:
        """The names of a table's columns; none of a table that is not there."""

    @abstractmethod
    async def lock(self, name: str) -> None:
        """Wait until no other transaction holds this word, and hold it until this one ends."""


class Database(Executor):
    """One database, open. `write` for whatever changes, `read` for one consistent look."""

    multi_process: bool
    """Whether other processes may use it at the same time."""

    erasure_log_path: Path
    """Where erasures are noted: beside the database, not in it."""

    on_timing: Callable[[str, float], None] | None = None
    """Hears how many seconds it took, from the wish to the commit: `write`, `read`, or a `statement` on its own."""

    @contextmanager
    def _timed(self, kind: str) -> Iterator[None]:
        began = perf_counter()
        try:
            yield
        finally:
            if self.on_timing is not None:
                self.on_timing(kind, perf_counter() - began)

    @abstractmethod
    def write(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction that is durable when the block is left, and never was when the block raises."""

    @abstractmethod
    def read(self) -> AbstractAsyncContextManager[Transaction]:
        """One snapshot of the database; waits for no writer."""

    def long_read(self) -> AbstractAsyncContextManager[Transaction]:
        """One snapshot for a look that takes long: nobody else's waits for it."""
        return self.read()

    @abstractmethod
    def try_lock(self, name: str) -> AbstractAsyncContextManager[bool]:
        """Whether this process is the only one to do something while the block runs. A dead process holds nothing."""

    @abstractmethod
    async def notify(self, channel: str) -> None:
        """Say something to the other processes that use this database."""

    @abstractmethod
    def listen(self, on_notification: Callable[[str], None]) -> AbstractAsyncContextManager[None]:
        """Call `heard` with each word that another process says, while the block runs. Words may be lost."""

    @abstractmethod
    async def purge_deleted_data(self) -> None:
        """Leave nothing of what was deleted in the files, as far as the engine can.

        Raises `StorageError` when it cannot be done now.
        """

    @abstractmethod
    async def close(self) -> None:
        """Let what is under way finish, then close."""
