"""A history as CSV: `thread,direction,sent_at` and, if wanted, `kind`, `client` and `title` (DESIGN.md §5).

The rules for encodings, blank lines, bad rows and instants are those of COMMAND_LINE.md, History.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import BinaryIO, Final

from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.domain.text import EXCERPT_LENGTH
from bot.errors import InvalidInputError
from bot.parsing.csv_table import Columns, parse_table

COLUMNS: Final = Columns(("thread", "direction", "sent_at"), ("kind", "client", "title"))

# Date and time both: a date alone is a bad row.
_CLOCK: Final = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?"
_ISO: Final = re.compile(rf"\d{{4}}-\d{{2}}-\d{{2}}[Tt ]{_CLOCK}(?:[Zz]|[+-]\d{{2}}:?\d{{2}})?")


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One row. `client` and `title` are what the file names beside the thread, "" where it does not."""

    thread: str
    entry: ThreadEvent
    client: str
    title: str
    line: int


def parse_history(file: BinaryIO, zone: tzinfo) -> dict[str, list[ThreadEvent]]:
    """The entries of each thread; the file's order never matters. Raises `BadTableError`."""
    threads: dict[str, list[ThreadEvent]] = defaultdict(list)
    for row in parse_history_rows(file, zone):
        threads[row.thread].append(row.entry)
    return dict(threads)


def parse_history_rows(file: BinaryIO, zone: tzinfo, *, max_rows: int | None = None) -> list[HistoryRow]:
    """Every row; a time without an offset was read from a clock in `zone`. Raises `BadTableError`."""
    return parse_table(file, COLUMNS, lambda fields, line: _row(fields, line, zone), max_rows=max_rows)


def _row(fields: dict[str, str], line: int, zone: tzinfo) -> HistoryRow:
    if not fields["thread"]:
        raise InvalidInputError("history-thread-empty")
    try:
        direction = Direction(fields["direction"].casefold())
    except ValueError as fault:
        raise InvalidInputError("history-direction", written=fields["direction"][:EXCERPT_LENGTH]) from fault
    entry = ThreadEvent(direction, _kind(direction, fields.get("kind", "")), parse_instant(fields["sent_at"], zone))
    return HistoryRow(fields["thread"], entry, fields.get("client", ""), fields.get("title", ""), line)


def _kind(direction: Direction, text: str) -> EventKind:
    """A received row's kind is ignored."""
    if direction is Direction.RECEIVED or not text:
        return EventKind.MESSAGE
    try:
        return EventKind(text.casefold())
    except ValueError as fault:
        raise InvalidInputError("history-kind", written=text[:EXCERPT_LENGTH]) from fault


def parse_instant(text: str, zone: tzinfo) -> datetime:
    """An ISO 8601 instant in UTC; without an offset in `zone`, a repeated local time being the earlier one.

    Raises `InputError` for a date alone, a local time that the clocks skip, and anything else.
    """
    shown = text[:EXCERPT_LENGTH]
    if not _ISO.fullmatch(text) or not text.isascii():
        raise InvalidInputError("history-instant", written=shown)
    try:
        read = datetime.fromisoformat(text.replace(",", "."))
        if read.tzinfo is not None:
            return read.astimezone(UTC)
        at = read.replace(tzinfo=zone).astimezone(UTC)
        back = at.astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError) as fault:
        raise InvalidInputError("history-instant", written=shown) from fault
    if back != read:
        raise InvalidInputError("history-instant-skipped", written=shown)
    return at
