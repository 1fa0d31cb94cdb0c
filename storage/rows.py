"""Rows as instances of a dataclass, where each field is a column: read from a query, and written by a statement."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import date, datetime
from enum import StrEnum
from types import NoneType
from typing import Any, Generic, TypeVar, Union, get_args, get_type_hints

from bot.domain.calendar import instant_from_micros
from storage.database import Value

RowType = TypeVar("RowType")


class RowParser(Generic[RowType]):
    """Called with a row's values in the order of `columns`, it makes the dataclass of them.

    What a field is annotated with says how its column is stored: an instant in microseconds, a day as ISO text, an enum
    by its value, a truth as 0 or 1; everything else as it is, and so is NULL, which is None.
    """

    columns: tuple[str, ...]

    def __init__(self, row_type: type[RowType], **columns: Union[str, "RowParser[Any]"]) -> None:
        """`columns`: the names or SQL expressions of fields that are called otherwise than their columns.

        A field that is a dataclass itself has the parser of its columns.
        """
        self._row_type = row_type
        self._places: list[tuple[str, int | slice]] = []
        self._parsers: list[tuple[str, Callable[[Any], object]]] = []
        self._parts: dict[str, RowParser[Any]] = {}
        hints, names = get_type_hints(row_type), list[str]()
        for field in fields(row_type):  # type: ignore[arg-type]
            column, first = columns.get(field.name, field.name), len(names)
            if isinstance(column, RowParser):
                names += column.columns
                self._places.append((field.name, slice(first, len(names))))
                self._parts[field.name] = column
                self._parsers.append((field.name, column.parse_joined))
            else:
                names.append(column)
                self._places.append((field.name, first))
                if parse := _column_parser(hints[field.name]):
                    self._parsers.append((field.name, parse))
        self.columns = tuple(names)

    def __call__(self, *row: Any) -> RowType:
        values = {name: row[place] for name, place in self._places}
        for name, parse in self._parsers:
            if (value := values[name]) is not None:
                values[name] = parse(value)
        return self._row_type(**values)

    def parse_joined(self, part: Sequence[Any]) -> RowType | None:
        """A part of a row; None where all its columns are NULL, as those of a LEFT JOIN that has found none."""
        return None if set(part) == {None} else self(*part)

    def values(self, instance: RowType | None) -> list[Value]:
        """The values of `columns`, as a statement takes them; of no instance NULL for each of them."""
        if instance is None:
            return [None] * len(self.columns)
        values: list[Value] = []
        for name, place in self._places:
            value = getattr(instance, name)
            if isinstance(place, slice):
                values += self._parts[name].values(value)
            else:
                values.append(int(value) if isinstance(value, bool) else value)
        return values


def _column_parser(annotation: Any) -> Callable[[Any], object] | None:
    """How a value of this type is parsed; None: it is stored as it is."""
    [kind, *_] = [kind for kind in get_args(annotation) or (annotation,) if kind is not NoneType]
    if kind is datetime:
        return instant_from_micros
    if kind is date:
        return date.fromisoformat
    if kind is bool or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return kind
    return None
