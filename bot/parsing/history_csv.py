"""A history as CSV: `thread,direction,sent_at` and optionally `kind`, `client`, `title`, `site`.

docs/cli-reference.md#histories has the rules for encodings, blank lines, bad rows and instants.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache, partial
from typing import BinaryIO, Final, NamedTuple

from bot.domain.names import thread_name_key
from bot.domain.reply.thread_state import APART_FROM_REPLIES, Direction, EventKind, ThreadEvent
from bot.domain.text import format_excerpt
from bot.domain.types import Site
from bot.errors import InvalidInputError
from bot.parsing.csv_table import Columns, parse_csv_table

HISTORY_COLUMNS: Final = Columns(("thread", "direction", "sent_at"), ("kind", "client", "title", "site"))

MAX_KEPT_NAMES: Final = 10_000
"""Names that are folded or cleaned once for all rows of a thread."""
MAX_KEPT_WORDS: Final = 100
"""Pairs of direction and kind that are read once: a file has few, but what is written as a kind may be anything."""

# Date and time both: a date alone is a bad row.
_CLOCK: Final = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?"
_SITES: Final = {
    "": Site.LANCERS,
    "lancers": Site.LANCERS,
    "ランサーズ": Site.LANCERS,
    "other": Site.OTHER,
    "ランサーズ以外": Site.OTHER,
}

_ISO: Final = re.compile(rf"\d{{4}}-\d{{2}}-\d{{2}}[Tt ]{_CLOCK}(?:[Zz]|[+-]\d{{2}}(?::?\d{{2}})?)?")
_SPREADSHEET: Final = re.compile(r"(\d{4})([/-])(\d{1,2})\2(\d{1,2}) (\d{1,2})(:[0-5]\d(?::[0-5]\d)?)", re.ASCII)
"""2026/11/22 8:05 or 2026-11-22 8:05, as a spreadsheet writes an ISO 8601 time that it has read."""


class HistoryRow(NamedTuple):
    """One row. `client` and `title` are "" where the file has no such column or value."""

    thread: str
    thread_key: str
    """Rows with the same one are of one thread."""
    entry: ThreadEvent
    client: str
    title: str
    line: int
    site: Site


@dataclass(frozen=True, slots=True)
class History:
    """The entries of each thread, and the threads on another site, whose replies count nowhere.

    A thread is named as in its first row.
    """

    threads: dict[str, list[ThreadEvent]]
    on_other_sites: frozenset[str]


def parse_history(file: BinaryIO, zone: tzinfo) -> History:
    """A history; the order of the rows makes no difference. Raises `TableError`."""
    threads: dict[str, list[ThreadEvent]] = defaultdict(list)
    names: dict[str, str] = {}
    rows = parse_history_rows(file, zone)
    for row in rows:
        threads[names.setdefault(row.thread_key, row.thread)].append(row.entry)
    return History(dict(threads), frozenset(names[row.thread_key] for row in rows if row.site is not Site.LANCERS))


def parse_history_rows(
    file: BinaryIO, zone: tzinfo, *, max_rows: int | None = None, max_errors: int | None = None
) -> list[HistoryRow]:
    """Every row; a time without an offset is a local time in `zone`. Raises `TableError`."""
    key_of = lru_cache(MAX_KEPT_NAMES)(thread_name_key)  # only as long as this file is read: its names are the member's
    parse_row = partial(_parse_history_row, zone=zone, key_of=key_of)
    return parse_csv_table(file, HISTORY_COLUMNS, parse_row, max_rows=max_rows, max_errors=max_errors)


def _parse_history_row(fields: dict[str, str], line: int, zone: tzinfo, key_of: Callable[[str], str]) -> HistoryRow:
    thread_key = key_of(fields["thread"])
    if not thread_key:
        raise InvalidInputError("history-thread-empty")
    direction, kind = _parse_direction_and_kind(fields["direction"], fields.get("kind", ""))
    at = parse_iso_instant(fields["sent_at"], zone, repeated_is_later=direction is Direction.SENT)
    entry = ThreadEvent(direction, kind, at)
    site = _SITES.get(fields.get("site", "").casefold())
    if site is None:
        raise InvalidInputError("history-site", written=format_excerpt(fields["site"]))
    return HistoryRow(
        fields["thread"], thread_key, entry, fields.get("client", ""), fields.get("title", ""), line, site
    )


@lru_cache(MAX_KEPT_WORDS)
def _parse_direction_and_kind(direction_text: str, kind_text: str) -> tuple[Direction, EventKind]:
    """The direction and the kind of a row."""
    try:
        direction = Direction(direction_text.casefold())
    except ValueError as error:
        raise InvalidInputError("history-direction", written=format_excerpt(direction_text)) from error
    return direction, _parse_event_kind(direction, kind_text)


def _parse_event_kind(direction: Direction, text: str) -> EventKind:
    """The kind of a sent row; that of a received row is ignored."""
    if direction is Direction.RECEIVED or not text:
        return EventKind.MESSAGE
    try:
        kind = EventKind(text.casefold())
    except ValueError:
        kind = EventKind.CONTACTED
    if kind in APART_FROM_REPLIES:  # a history holds what the reply rate is made of
        raise InvalidInputError("history-kind", written=format_excerpt(text))
    return kind


def parse_iso_instant(text: str, zone: tzinfo, *, repeated_is_later: bool = False) -> datetime:
    """An ISO 8601 instant in UTC; without an offset it is a local time in `zone`.

    A local time that the clocks repeat is the earlier one, or the later one on demand.
    The forms that spreadsheets write are read, too.
    Raises `InvalidInputError` for a date alone, a local time that does not exist, and anything else.
    """
    original = text
    if " " in text and (match := _SPREADSHEET.fullmatch(text)):
        year, _, month, day, hour, rest = match.groups()
        text = f"{year}-{month:0>2}-{day:0>2} {hour:0>2}{rest}"
    if not _ISO.fullmatch(text) or not text.isascii():
        raise InvalidInputError("history-instant", written=format_excerpt(original))
    try:
        parsed = datetime.fromisoformat(text.upper().replace(",", "."))
        if parsed.tzinfo is not None:
            return parsed.astimezone(UTC)
        at = parsed.replace(tzinfo=zone, fold=int(repeated_is_later)).astimezone(UTC)
        local = at.astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise InvalidInputError("history-instant", written=format_excerpt(original)) from error
    if local != parsed:
        raise InvalidInputError("history-instant-skipped", written=format_excerpt(original))
    return at
