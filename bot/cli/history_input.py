"""The arguments that `standing`, `forecast` and `check` share: a history file, a time zone, a moment, an edition."""

import argparse
import io
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.cli.terminal import Parser
from bot.domain.calendar import MICROSECOND, ONE_DAY, lancers_date, lancers_midnight, year_before
from bot.domain.certification.calibration import MAX_REPLIES, DisplayedFigures, ensure_rate_is_possible
from bot.domain.certification.editions import EditionRules, get_edition
from bot.domain.certification.unseen_replies import UnseenReplies, find_unseen_replies
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import Exchange, ThreadState, UnansweredMessages, compute_thread_state
from bot.domain.text import cut_text, format_excerpt
from bot.domain.types import Edition
from bot.domain.zones import load_zone
from bot.errors import InvalidInputError
from bot.i18n.translations import Translations
from bot.parsing.csv_table import TableError
from bot.parsing.day import parse_day
from bot.parsing.displayed_figures import parse_percent
from bot.parsing.history_csv import parse_history, parse_iso_instant
from bot.settings import read_defaults

MAX_STREAM_BYTES: Final = 100_000_000
"""Of a pipe or a device; a file may be of any size."""

EARLIEST_INSTANT: Final = datetime(2, 1, 2, tzinfo=UTC)
LATEST_INSTANT: Final = datetime(9999, 12, 29, tzinfo=UTC)
"""Between the two, the year before an instant and the day after it have a date in every zone."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryInput:
    """A history at one moment; later rows are left out."""

    as_of: datetime
    zone: ZoneInfo
    rules: EditionRules
    thread_states: Mapping[str, ThreadState]
    """By the thread's name in the file."""
    displayed: DisplayedFigures | None = None
    """The reply rate that Lancers displayed."""
    on_other_sites: frozenset[str] = frozenset()
    """The threads whose replies count nowhere."""

    def format_instant(self, instant: datetime) -> str:
        """2026-11-23 14:30, in the history's zone."""
        return f"{instant.astimezone(self.zone):%Y-%m-%d %H:%M}"

    @property
    def waiting_threads(self) -> list[tuple[str, UnansweredMessages]]:
        """The threads that wait for a reply, with their name, by `due_at`."""
        waiting = [
            (name, thread.unanswered)
            for name, thread in self.thread_states.items()
            if thread.unanswered is not None and thread.is_waiting
        ]
        return sorted(waiting, key=lambda pair: (pair[1].due_at, pair[0]))

    @property
    def exchanges_in_year(self) -> list[tuple[str, Exchange]]:
        """The exchanges of the past year, with their thread's name, by `replied_at`."""
        return self.exchanges_since(year_before(self.as_of))

    def exchanges_since(self, start: datetime) -> list[tuple[str, Exchange]]:
        """The exchanges from an instant on, with their thread's name, by `replied_at`."""
        exchanges = [
            (name, exchange)
            for name, thread in self.thread_states.items()
            for exchange in thread.exchanges
            if exchange.replied_at >= start
        ]
        return sorted(exchanges, key=lambda pair: (pair[1].replied_at, pair[0]))

    @property
    def recorded_rate(self) -> ReplyRate:
        """The replies of the past year in the history alone."""
        return _rate_of_exchanges(exchange for _, exchange in self.exchanges_in_year)

    @property
    def rate(self) -> ReplyRate:
        """The reply rate of the past year, with the replies that are in the displayed figure and not in the history."""
        recorded, unseen = self.recorded_rate, self.unseen
        if unseen is None:
            return recorded
        still_counted = unseen.displayed.counted(exchange for _, exchange in self.exchanges_in_year)
        return unseen.add_to(recorded, self.as_of, self.rules.reply_rate, still_counted=len(still_counted))

    @property
    def unseen(self) -> UnseenReplies | None:
        """The replies of the displayed figure that the history does not have."""
        if self.displayed is None:
            return None
        replies = [exchange for thread in self.thread_states.values() for exchange in thread.exchanges]
        first_reply_at = min((exchange.replied_at for exchange in replies), default=None)
        return find_unseen_replies(self.displayed, _rate_of_exchanges(self.displayed.counted(replies)), first_reply_at)

    def displayed_figure_notes(self, texts: Translations) -> Iterator[str]:
        """What is to be known about the displayed figure: how much of it is estimated, or why nothing is."""
        if self.displayed is None:
            return
        rate, day = self.rate, self.displayed.on.isoformat()
        if self.displayed.on < lancers_date(year_before(self.as_of)):
            yield texts("displayed-too-old", day=day)
        elif rate.estimate is None:
            yield texts("displayed-all-recorded", day=day)
        else:
            yield texts("displayed-estimate", unseen=rate.estimate.unseen)

    def rate_notes(self, texts: Translations) -> Iterator[str]:
        """The notes on the displayed figure, and why an estimate is not judged."""
        yield from self.displayed_figure_notes(texts)
        if self.rate.is_undecided(self.rules.reply_rate):
            yield texts("displayed-not-judged")


def _rate_of_exchanges(exchanges: Iterable[Exchange]) -> ReplyRate:
    counted = list(exchanges)
    on_time = sum(exchange.on_time for exchange in counted)
    return ReplyRate(len(counted), on_time, sum(exchange.on_time_by_newest for exchange in counted) - on_time)


def add_history_options(parser: Parser, texts: Translations) -> None:
    """Add the file, the moment, the zone, the edition and `--json`."""
    parser.add_value("history", texts("cli-help-history"), "HISTORY.csv")
    parser.add_value("--as-of", texts("cli-help-as-of"), "INSTANT")
    parser.add_value("--edition", texts("cli-help-edition"))
    parser.add_value("--timezone", texts("cli-help-timezone"), "ZONE")
    parser.add_value("--displayed", texts("cli-help-displayed"), "PERCENT")
    parser.add_value("--displayed-replies", texts("cli-help-displayed-replies"), "N")
    parser.add_value("--displayed-on", texts("cli-help-displayed-on"), "DATE")
    parser.add_argument("--json", action="store_true", help=texts("cli-help-json"))


def load_history_input(arguments: argparse.Namespace, environ: Mapping[str, str]) -> HistoryInput:
    """Read the history that the options name; rows after the moment are ignored. Raises `InvalidInputError`."""
    defaults = read_defaults(environ)
    zone = _parse_timezone(arguments.timezone or defaults.timezone)
    as_of = _parse_as_of(arguments.as_of, zone)
    rules = get_edition(Edition(arguments.edition or defaults.edition))
    history = parse_input_file(arguments.history, lambda file: parse_history(file, zone))
    states = {
        thread: compute_thread_state(entry for entry in entries if entry.at <= as_of)
        for thread, entries in history.threads.items()
    }
    states |= {thread: replace(states[thread], exchanges=()) for thread in history.on_other_sites}
    displayed = _parse_displayed_figure(arguments, as_of, zone)
    return HistoryInput(
        as_of=as_of,
        zone=zone,
        rules=rules,
        thread_states=states,
        displayed=displayed,
        on_other_sites=history.on_other_sites,
    )


def _parse_displayed_figure(arguments: argparse.Namespace, as_of: datetime, zone: ZoneInfo) -> DisplayedFigures | None:
    """The displayed figure, if one is given. Raises `InvalidInputError`, also where no replies have such a rate."""
    written = (arguments.displayed, arguments.displayed_replies, arguments.displayed_on)
    if all(text is None for text in written):
        return None
    if any(text is None for text in written):
        raise InvalidInputError("cli-displayed-incomplete")
    permille, unit = parse_percent(arguments.displayed)
    replies = parse_whole_number(arguments.displayed_replies, 1, MAX_REPLIES, "--displayed-replies")
    until = _parse_displayed_on(arguments.displayed_on, as_of, zone)
    day = lancers_date(until - MICROSECOND)
    if day > lancers_date(as_of):
        raise InvalidInputError("cli-displayed-future", day=day)
    displayed = DisplayedFigures(
        on=day,
        at=min(until, as_of + MICROSECOND),  # rows exactly at that moment count
        reply_rate=permille,
        reply_rate_unit=unit,
        replies=replies,
    )
    ensure_rate_is_possible(displayed)
    return displayed


def _parse_displayed_on(text: str, as_of: datetime, zone: ZoneInfo) -> datetime:
    """The instant before which replies are in the displayed figure: the end of a day in Tokyo, or a time of it."""
    if ":" in text:
        return _ensure_in_calendar(parse_iso_instant(text.strip(), zone), text)
    day = parse_day(text, now=as_of)
    return _ensure_in_calendar(lancers_midnight(day), text) + ONE_DAY


def parse_whole_number(text: str, minimum: int, maximum: int, option: str) -> int:
    """A whole number within limits. Raises `InvalidInputError`."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and minimum <= int(text) <= maximum):  # noqa: PLR2004
        raise InvalidInputError(
            "cli-whole", option=option, written=format_excerpt(text), least=str(minimum), most=str(maximum)
        )
    return int(text)


def _parse_timezone(name: str) -> ZoneInfo:
    try:
        return load_zone(name)
    except ZoneInfoNotFoundError as error:
        raise InvalidInputError("cli-timezone", written=format_excerpt(name)) from error


def _parse_as_of(text: str | None, zone: ZoneInfo) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        return _ensure_in_calendar(parse_iso_instant(text.strip(), zone), text)
    except InvalidInputError as error:
        raise InvalidInputError("cli-as-of", written=format_excerpt(text)) from error


def _ensure_in_calendar(at: datetime, text: str) -> datetime:
    """The instant, unless it lies at an end of the calendar. Raises `InvalidInputError`."""
    if not EARLIEST_INSTANT <= at <= LATEST_INSTANT:
        raise InvalidInputError("history-instant", written=format_excerpt(text))
    return at


def parse_input_file(path: str, parse: Callable[[BinaryIO], _T]) -> _T:
    """Parse a file. Raises `InvalidInputError` when it cannot be read, `TableError` for bad rows."""
    try:
        with Path(path).open("rb") as file:
            return parse(file if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else _read_stream(file))
    except TableError:
        raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InvalidInputError("cli-file", path=cut_text(path, 200), reason=reason) from error


def _read_stream(file: BinaryIO) -> BinaryIO:
    """What a pipe or a device gives, to be rewound. Raises `InvalidInputError` where it does not end."""
    content = file.read(MAX_STREAM_BYTES + 1)
    if len(content) > MAX_STREAM_BYTES:
        raise InvalidInputError("cli-stream-long", most=MAX_STREAM_BYTES // 1_000_000)
    return io.BytesIO(content)


def format_utc(instant: datetime) -> str:
    """Format an instant as ISO 8601 in UTC."""
    return instant.astimezone(UTC).isoformat()
