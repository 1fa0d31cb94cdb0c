"""CSV files that people import: read whole or refused, with every bad row named by the line on which it starts."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final, TypeVar

from bot.domain.text import format_excerpt, without_invisible
from bot.errors import InvalidInputError
from bot.parsing.charset import decode_bytes
from bot.parsing.table_text import FIELD_DELIMITERS, TableText, UnknownCharsetError, find_header_line

MAX_ROW_LENGTH: Final = 100_000
"""Characters of one row, however many lines it has."""

_HEAD_BYTES: Final = 4096
"""The part of a file in which its header is looked for."""

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

    def __init__(
        self, message_id: str, /, *, rows: tuple[RowError, ...] = (), row_count: int = 0, **arguments: str
    ) -> None:
        super().__init__(message_id, **arguments)
        self.rows = rows
        self.row_count = row_count
        """The number of bad rows, also those that are not in `rows`."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The names that a header can contain."""

    required: tuple[str, ...]
    optional: tuple[str, ...]

    def are_meant_by(self, header: frozenset[str]) -> bool:
        """Whether a header has at least half of the required names: such a table is one of these with a mistake."""
        return 2 * len(header.intersection(self.required)) >= len(self.required)

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, in the order of an export."""
        return (*self.required, *self.optional)


def csv_header_names(data: bytes) -> frozenset[str]:
    """The names in the header of a table's content, whatever it is; however they are separated."""
    header = find_header_line(decode_bytes(data[:_HEAD_BYTES]))
    return frozenset(field.strip().strip('"').casefold() for field in re.split(f"[{FIELD_DELIMITERS}]", header))


def parse_csv_table(
    file: BinaryIO,
    columns: Columns,
    parse_row: Callable[[dict[str, str], int], _T],
    *,
    max_rows: int | None,
    max_errors: int | None = None,
) -> list[_T]:
    """Every row, in the file's order. `file` can be rewound. Fields are separated by commas, tabs or semicolons.

    `parse_row` gets the stripped fields by name and the line on which the row starts, and raises `InvalidInputError`.
    A file of more than `max_rows` rows is refused. Of the bad rows the first `max_errors` are kept, the others counted.
    Raises `TableError`.
    """
    try:
        text = TableText(file)
        try:
            return _parse_csv_rows(text, columns, parse_row, max_rows, max_errors)
        finally:
            text.detach()
    except (UnicodeDecodeError, UnknownCharsetError) as error:
        raise TableError("table-encoding") from error


def _parse_csv_rows(
    text: TableText,
    columns: Columns,
    parse_row: Callable[[dict[str, str], int], _T],
    max_rows: int | None,
    max_errors: int | None,
) -> list[_T]:
    parsed: list[_T] = []
    bad: list[RowError] = []
    bad_count = 0
    rows = _read_csv_rows(text)
    _, first = next(rows, (0, None))
    header = [without_invisible(name).strip().casefold() for name in first or ()]
    _ensure_csv_header_valid(header, columns)
    for number, (line, row) in enumerate(rows):
        if max_rows is not None and number >= max_rows:
            raise TableError("import-too-many-rows", most=f"{max_rows:,}")
        try:
            parsed.append(parse_row(_fields_by_name(header, row), line))
        except InvalidInputError as error:
            bad_count += 1
            if max_errors is None or len(bad) < max_errors:
                bad.append(RowError(line, error))
    if bad:
        raise TableError("table-bad-rows", rows=tuple(bad), row_count=bad_count)
    return parsed


class _LimitedLines:
    """The lines of a file for the CSV reader, which would read a row of any length and any number of fields.

    A row that is longer than `MAX_ROW_LENGTH` is an error, after which the next line can be read.
    """

    def __init__(self, text: TableText) -> None:
        self._text = text
        self._row_length = 0
        self.number = 0
        """Lines read so far."""

    def begin_row(self) -> None:
        """Count the length of a row anew: the next line is its first."""
        self._row_length = 0

    def __iter__(self) -> "_LimitedLines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(MAX_ROW_LENGTH)
        if not line:
            raise StopIteration
        self.number += 1
        self._row_length += len(line)
        rest = line
        while len(rest) == MAX_ROW_LENGTH and not rest.endswith(("\n", "\r")):
            self._row_length += MAX_ROW_LENGTH
            rest = self._text.readline(MAX_ROW_LENGTH)
        if self._row_length > MAX_ROW_LENGTH:
            raise csv.Error
        return line


def _read_csv_rows(text: TableText) -> Iterator[tuple[int, list[str] | None]]:
    """Each row that is not blank, and the line on which it starts; None for a row that cannot be read."""
    lines = _LimitedLines(text)
    reader = csv.reader(lines, delimiter=text.delimiter)
    while True:
        lines.begin_row()
        line = lines.number + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, None
        else:
            if "".join(row).strip():
                yield line, row


def _ensure_csv_header_valid(header: Sequence[str], columns: Columns) -> None:
    required, optional = ",".join(columns.required), ",".join(columns.optional)
    for name in columns.required:
        if name not in header:
            raise TableError("table-header-missing", column=name, required=required, optional=optional)
    if "" in header:
        raise TableError("table-header-blank")
    for name, count in Counter(header).items():
        if count > 1:
            raise TableError("table-header-twice", column=format_excerpt(name))
        if name not in columns.names:
            raise TableError("table-header-unknown", column=format_excerpt(name), known=",".join(columns.names))


def _fields_by_name(header: Sequence[str], row: Sequence[str] | None) -> dict[str, str]:
    if row is None or "\0" in (text := "".join(row)):
        raise InvalidInputError("table-row-unreadable")
    if len(row) != len(header):
        raise InvalidInputError("table-row-fields", found=len(row), wanted=len(header))
    fields = map(str.strip, row)
    if "'" in text:
        fields = map(unescape_formula, fields)
    return dict(zip(header, fields, strict=True))


def escape_formula(field: str) -> str:
    """The field with an apostrophe before it if a spreadsheet would run it as a formula."""
    return f"'{field}" if _FORMULA_RE.match(field) else field


def unescape_formula(field: str) -> str:
    """The reverse of `escape_formula`."""
    return field[1:] if field.startswith("'") and _ESCAPED_FORMULA_RE.match(field) else field
