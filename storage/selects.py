"""SELECT statements that are written once, as constants, and the ways to read their rows.

THREAD = Select(THREAD_COLUMNS, "FROM threads WHERE member_id = $1 AND thread_id = $2", first(thread_from))
thread = await reader.query(THREAD(member_id, thread_id))
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import Generic, TypeVar

from storage.database import Query, Row, Value

Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Select(Generic[Result_co]):
    """A query without its values. Called with a value for each placeholder it is a `Query`."""

    columns: tuple[str, ...]
    source: str
    """The statement from `FROM` on."""
    read: Callable[[Sequence[Row]], Result_co]

    def __call__(self, *values: Value) -> Query[Result_co]:
        return Query(self.columns, self.source, values, self.read)


def first(reader: Callable[..., Result]) -> Callable[[Sequence[Row]], Result | None]:
    """Read the first row, if there is one."""

    def read(rows: Sequence[Row]) -> Result | None:
        return reader(*rows[0]) if rows else None

    return read


def every(reader: Callable[..., Result]) -> Callable[[Sequence[Row]], list[Result]]:
    """Read all rows."""

    def read(rows: Sequence[Row]) -> list[Result]:
        return list(starmap(reader, rows))

    return read
