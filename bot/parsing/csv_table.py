"""CSV files that people hand in: read whole or refused, every bad row named by the line it starts on."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final, TypeVar

from bot.errors import InvalidInputError

ENCODINGS: Final = ("utf-8-sig", "cp932")
EXCERPT_LENGTH: Final = 40
"""Characters of a person's own words that an error repeats."""

_ESCAPED_FORMULA_RE: Final = re.compile(r"'+[=+\-@＝＋－＠\t\r]")
_FORMULA_RE: Final = re.compile(r"'*[=+\-@＝＋－＠\t\r]")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that cannot be read, by the line it starts on (the header is line 1)."""

    line: int
    reason: InvalidInputError


class TableError(InvalidInputError):
    """The file as a whole, or some rows of it, cannot be read; nothing was done with it."""

    def __init__(self, text: str, /, *, rows: tuple[RowError, ...] = (), **arguments: str) -> None:
        super().__init__(text, **arguments)
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Columns:
    """The names a header may have."""

    required: Sequence[str]
    optional: Sequence[str]


def parse_table(
    file: BinaryIO, columns: Columns, parse_row: Callable[[dict[str, str], int], _T], *, max_rows: int | None = None
) -> list[_T]:
    """Every row, in the file's order. `file` can be rewound: UTF-8 with or without BOM is tried, then CP932.

    `read_row` gets the stripped fields by name and the line they start on, and raises `InputError`.
    Of more than `most` rows none is kept. Raises `BadTableError`.
    """
    file.seek(0)
    if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        raise TableError("table-encoding")
    for encoding in ENCODINGS:
        file.seek(0)
        text = io.TextIOWrapper(file, encoding, newline="")
        try:
            return _read(text, columns, parse_row, max_rows)
        except UnicodeDecodeError:
            continue
        finally:
            text.detach()
    raise TableError("table-encoding")


def _read(
    lines: Iterator[str], columns: Columns, parse_row: Callable[[dict[str, str], int], _T], max_rows: int | None
) -> list[_T]:
    read: list[_T] = []
    bad: list[RowError] = []
    rows = _rows(lines, bad)
    header = [name.strip().casefold() for name in next(rows, (1, []))[1]]
    _check_header(header, columns)
    for line, row in rows:
        if max_rows is not None and len(read) + len(bad) >= max_rows:
            raise TableError("import-too-many-rows", max_rows=f"{max_rows:,}")
        try:
            read.append(parse_row(_fields(header, row), line))
        except InvalidInputError as reason:
            bad.append(RowError(line, reason))
    if bad:
        raise TableError("table-bad-rows", rows=tuple(bad))
    return read


def _rows(lines: Iterator[str], bad: list[RowError]) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it starts on; blank ones are left out."""
    reader = csv.reader(lines)
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
    """A cell that no spreadsheet runs: an apostrophe before what would start a formula."""
    return f"'{field}" if _FORMULA_RE.match(field) else field


def unescape_formula(field: str) -> str:
    """The field that `defused` was made from."""
    return field[1:] if _ESCAPED_FORMULA_RE.match(field) else field
