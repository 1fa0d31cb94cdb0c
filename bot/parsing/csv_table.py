"""CSV files that people import: read whole or refused, with every bad row named by the line on which it starts."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final, TypeVar

from bot.domain.text import EXCERPT_LENGTH
from bot.errors import InvalidInputError
from bot.parsing.table_text import TableText, UnknownCharsetError

_ESCAPED_FORMULA_RE: Final = re.compile(r"'+[=+\-@＝＋－＠\t\r]")
_FORMULA_RE: Final = re.compile(r"'*[=+\-@＝＋－＠\t\r]")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that cannot be read, and the line on which it starts (the header is line 1)."""

    line: int
    reason: InvalidInputError


class TableError(InvalidInputError):
    """The file, or some of its rows, cannot be read; nothing was imported."""

    def __init__(self, message_id: str, /, *, rows: tuple[RowError, ...] = (), **arguments: str) -> None:
        super().__init__(message_id, **arguments)
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Columns:
    """The names that a header can contain."""

    required: Sequence[str]
    optional: Sequence[str]


def parse_table(
    file: BinaryIO, columns: Columns, parse_row: Callable[[dict[str, str], int], _T], *, max_rows: int | None = None
) -> list[_T]:
    """Every row, in the file's order. `file` can be rewound. Fields are separated by commas, or by tabs throughout.

    `parse_row` gets the stripped fields by name and the line on which the row starts, and raises `InvalidInputError`.
    A file of more than `max_rows` rows is refused. Raises `TableError`.
    """
    try:
        text = TableText(file)
        try:
            return _parse_lines(text, columns, parse_row, max_rows)
        finally:
            text.detach()
    except (UnicodeDecodeError, UnknownCharsetError) as error:
        raise TableError("table-encoding") from error


def _parse_lines(
    lines: TableText, columns: Columns, parse_row: Callable[[dict[str, str], int], _T], max_rows: int | None
) -> list[_T]:
    parsed: list[_T] = []
    bad: list[RowError] = []
    rows = _rows(lines, bad)
    header = [name.strip().casefold() for name in next(rows, (1, []))[1]]
    _check_header(header, columns)
    for line, row in rows:
        if max_rows is not None and len(parsed) + len(bad) >= max_rows:
            raise TableError("import-too-many-rows", most=f"{max_rows:,}")
        try:
            parsed.append(parse_row(_fields(header, row), line))
        except InvalidInputError as error:
            bad.append(RowError(line, error))
    if bad:
        raise TableError("table-bad-rows", rows=tuple(bad))
    return parsed


def _rows(lines: TableText, bad: list[RowError]) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, and the line on which it starts; unreadable rows are added to `bad`."""
    reader = csv.reader(lines, delimiter=lines.delimiter)
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            bad.append(RowError(line, InvalidInputError("table-row-unreadable")))
        else:
            if any(field.strip() for field in row):
                yield line, row
        line = reader.line_num + 1


def _check_header(header: Sequence[str], columns: Columns) -> None:
    required, optional = ",".join(columns.required), ",".join(columns.optional)
    for name in columns.required:
        if name not in header:
            raise TableError("table-header-missing", column=name, required=required, optional=optional)
    for name in header:
        if header.count(name) > 1:
            raise TableError("table-header-twice", column=name[:EXCERPT_LENGTH])
        if name not in {*columns.required, *columns.optional}:
            raise TableError("table-header-unknown", column=name[:EXCERPT_LENGTH], known=f"{required},{optional}")


def _fields(header: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    if any("\0" in field for field in row):
        raise InvalidInputError("table-row-unreadable")
    if len(row) != len(header):
        raise InvalidInputError("table-row-fields", found=str(len(row)), wanted=str(len(header)))
    return {name: unescape_formula(field.strip()) for name, field in zip(header, row, strict=True)}


def escape_formula(field: str) -> str:
    """The field with an apostrophe before it if a spreadsheet would run it as a formula."""
    return f"'{field}" if _FORMULA_RE.match(field) else field


def unescape_formula(field: str) -> str:
    """The reverse of `escape_formula`."""
    return field[1:] if _ESCAPED_FORMULA_RE.match(field) else field
