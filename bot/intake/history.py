"""HISTORY.csv: `thread,direction,sent_at` and optionally `kind`, one message a row (COMMAND_LINE.md, History)."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import BinaryIO, Final

from bot.certification.reply_clock import Direction, Entry, Kind
from bot.errors import InputError

REQUIRED: Final = ("thread", "direction", "sent_at")
KNOWN: Final = (*REQUIRED, "kind")
ENCODINGS: Final = ("utf-8-sig", "cp932")
SHOWN: Final = 40

# Date and time both: a date alone is a bad row.
_CLOCK: Final = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?"
_ISO: Final = re.compile(rf"\d{{4}}-\d{{2}}-\d{{2}}[Tt ]{_CLOCK}(?:[Zz]|[+-]\d{{2}}:?\d{{2}})?")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read, by the line it starts on (the header is line 1)."""

    line: int
    reason: InputError


class BadHistoryError(InputError):
    """The file as a whole, or some rows of it, cannot be read; nothing was judged."""

    def __init__(self, text: str, /, *, rows: tuple[BadRow, ...] = (), **arguments: str) -> None:
        super().__init__(text, **arguments)
        self.rows = rows


def read_history(file: BinaryIO, zone: tzinfo) -> dict[str, list[Entry]]:
    """The entries of each thread; the file's order never matters. Raises `BadHistoryError`.

    `file` can be rewound. A time without an offset was read from a clock in `zone`.
    """
    for encoding in ENCODINGS:
        file.seek(0)
        text = io.TextIOWrapper(file, encoding, newline="")
        try:
            return _read(text, zone)
        except UnicodeDecodeError:
            continue
        finally:
            text.detach()
    raise BadHistoryError("history-encoding")


def _read(lines: Iterator[str], zone: tzinfo) -> dict[str, list[Entry]]:
    threads: dict[str, list[Entry]] = defaultdict(list)
    bad: list[BadRow] = []
    rows = _rows(lines, bad)
    header = [name.strip().casefold() for name in next(rows, (1, []))[1]]
    _check_header(header)
    for line, row in rows:
        try:
            thread, entry = _entry(header, row, zone)
        except InputError as reason:
            bad.append(BadRow(line, reason))
        else:
            threads[thread].append(entry)
    if bad:
        raise BadHistoryError("history-bad-rows", rows=tuple(bad))
    return dict(threads)


def _rows(lines: Iterator[str], bad: list[BadRow]) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it starts on; blank ones are left out."""
    reader = csv.reader(lines)
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            bad.append(BadRow(line, InputError("history-row-unreadable")))
        else:
            if any(field.strip() for field in row):
                yield line, row
        line = reader.line_num + 1


def _check_header(header: list[str]) -> None:
    for name in REQUIRED:
        if name not in header:
            raise BadHistoryError("history-header-missing", column=name)
    for name in header:
        if header.count(name) > 1:
            raise BadHistoryError("history-header-twice", column=name[:SHOWN])
        if name not in KNOWN:
            raise BadHistoryError("history-header-unknown", column=name[:SHOWN])


def _entry(header: list[str], row: list[str], zone: tzinfo) -> tuple[str, Entry]:
    if any("\0" in field for field in row):
        raise InputError("history-row-unreadable")
    if len(row) != len(header):
        raise InputError("history-row-fields", found=str(len(row)), wanted=str(len(header)))
    fields = dict(zip(header, (field.strip() for field in row), strict=True))
    if not fields["thread"]:
        raise InputError("history-thread-empty")
    try:
        direction = Direction(fields["direction"].casefold())
    except ValueError as fault:
        raise InputError("history-direction", written=fields["direction"][:SHOWN]) from fault
    return fields["thread"], Entry(
        direction, _kind(direction, fields.get("kind", "")), read_instant(fields["sent_at"], zone)
    )


def _kind(direction: Direction, written: str) -> Kind:
    """A received row's kind is ignored."""
    if direction is Direction.RECEIVED or not written:
        return Kind.MESSAGE
    try:
        return Kind(written.casefold())
    except ValueError as fault:
        raise InputError("history-kind", written=written[:SHOWN]) from fault


def read_instant(written: str, zone: tzinfo) -> datetime:
    """An ISO 8601 instant in UTC; without an offset in `zone`, a repeated local time being the earlier one.

    Raises `InputError` for a date alone, a local time that the clocks skip, and anything else.
    """
    shown = written[:SHOWN]
    if not _ISO.fullmatch(written) or not written.isascii():
        raise InputError("history-instant", written=shown)
    try:
        read = datetime.fromisoformat(written.replace(",", "."))
        if read.tzinfo is not None:
            return read.astimezone(UTC)
        at = read.replace(tzinfo=zone).astimezone(UTC)
        back = at.astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError) as fault:
        raise InputError("history-instant", written=shown) from fault
    if back != read:
        raise InputError("history-instant-skipped", written=shown)
    return at
