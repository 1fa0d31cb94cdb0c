"""The arguments that `standing`, `forecast` and `check` share: a history file, a time zone, a moment, an edition."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.calendar import year_before
from bot.domain.certification.editions import EditionRules, get_edition
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import Exchange, ThreadState, compute_thread_state
from bot.domain.types import Edition
from bot.errors import InvalidInputError
from bot.i18n.translations import Translations
from bot.parsing.csv_table import TableError
from bot.parsing.history_csv import parse_history, parse_instant
from bot.settings import read_defaults

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class HistoryInput:
    """A history at one moment; later rows are left out."""

    as_of: datetime
    zone: ZoneInfo
    rules: EditionRules
    thread_states: Mapping[str, ThreadState]
    """By the thread's name in the file."""
    on_other_sites: frozenset[str]
    """The threads whose replies count nowhere."""

    @property
    def exchanges_in_year(self) -> list[tuple[str, Exchange]]:
        """The exchanges of the past year, with their thread's name, by `replied_at`."""
        start = year_before(self.as_of)
        exchanges = [
            (name, exchange)
            for name, thread in self.thread_states.items()
            for exchange in thread.exchanges
            if exchange.replied_at >= start
        ]
        return sorted(exchanges, key=lambda pair: (pair[1].replied_at, pair[0]))

    @property
    def rate(self) -> ReplyRate:
        exchanges = [exchange for _, exchange in self.exchanges_in_year]
        on_time = sum(exchange.on_time for exchange in exchanges)
        by_newest = sum(exchange.on_time_by_newest for exchange in exchanges)
        return ReplyRate(len(exchanges), on_time, by_newest - on_time)


def add_history_options(parser: argparse.ArgumentParser, texts: Translations) -> None:
    """Add the file, the moment, the zone, the edition and `--json`."""
    parser.add_argument("history", metavar="HISTORY.csv", help=texts("cli-help-history"))
    parser.add_argument("--as-of", metavar="INSTANT", help=texts("cli-help-as-of"))
    parser.add_argument("--edition", help=texts("cli-help-edition"))
    parser.add_argument("--timezone", metavar="ZONE", help=texts("cli-help-timezone"))
    parser.add_argument("--json", action="store_true", help=texts("cli-help-json"))


def parse_options(arguments: argparse.Namespace, environ: Mapping[str, str]) -> HistoryInput:
    """Read the history that the options name; rows after the moment are ignored. Raises `InvalidInputError`."""
    defaults = read_defaults(environ)
    zone = _parse_timezone(arguments.timezone or defaults.timezone)
    as_of = _parse_as_of(arguments.as_of, zone)
    rules = get_edition(Edition(arguments.edition or defaults.edition))
    history = parse_file(arguments.history, lambda file: parse_history(file, zone))
    states = {
        thread: compute_thread_state(entry for entry in entries if entry.at <= as_of)
        for thread, entries in history.threads.items()
    }
    states |= {thread: replace(states[thread], exchanges=()) for thread in history.on_other_sites}
    return HistoryInput(as_of, zone, rules, states, history.on_other_sites)


def _parse_timezone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInputError("cli-timezone", written=name[:60]) from error


def _parse_as_of(text: str | None, zone: ZoneInfo) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        return parse_instant(text.strip(), zone)
    except InvalidInputError as error:
        raise InvalidInputError("cli-as-of", written=text[:60]) from error


def parse_file(path: str, parse: Callable[[BinaryIO], _T]) -> _T:
    """Parse a file. Raises `InvalidInputError` when it cannot be read, `TableError` for bad rows."""
    try:
        with Path(path).open("rb") as file:
            return parse(file)
    except TableError:
        raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InvalidInputError("cli-file", path=path[:200], reason=reason) from error


def utc(instant: datetime) -> str:
    """Format an instant as ISO 8601 in UTC."""
    return instant.astimezone(UTC).isoformat()
