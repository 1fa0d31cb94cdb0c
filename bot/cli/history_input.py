"""What the commands that judge a history share: the file, the zone and the moment."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
    """A history as it stood at one moment."""

    as_of: datetime
    zone: ZoneInfo
    rules: EditionRules
    thread_states: Mapping[str, ThreadState]
    """By the thread's name in the file."""

    @property
    def exchanges_in_year(self) -> list[tuple[str, Exchange]]:
        """The exchanges that count, by `replied_at`."""
        start = year_before(self.as_of)
        counted = [
            (thread, each)
            for thread, clock in self.thread_states.items()
            for each in clock.exchanges
            if each.replied_at >= start
        ]
        return sorted(counted, key=lambda each: (each[1].replied_at, each[0]))

    @property
    def rate(self) -> ReplyRate:
        exchanges = self.exchanges_in_year
        on_time = sum(each.on_time for _, each in exchanges)
        return ReplyRate(len(exchanges), on_time, sum(each.on_time_by_newest for _, each in exchanges) - on_time)


def add_history_options(parser: argparse.ArgumentParser, texts: Translations) -> None:
    """The file, the moment, the zone and the edition."""
    parser.add_argument("history", metavar="HISTORY.csv", help=texts("cli-help-history"))
    parser.add_argument("--as-of", metavar="INSTANT", help=texts("cli-help-as-of"))
    parser.add_argument("--edition", help=texts("cli-help-edition"))
    parser.add_argument("--timezone", metavar="ZONE", help=texts("cli-help-timezone"))
    parser.add_argument("--json", action="store_true", help=texts("cli-help-json"))


def parse_options(arguments: argparse.Namespace, environ: Mapping[str, str]) -> HistoryInput:
    """The history that the options name; rows after the moment are ignored. Raises `InputError`."""
    defaults = read_defaults(environ)
    zone = _parse_timezone(arguments.timezone or defaults.timezone)
    as_of = _parse_as_of(arguments.as_of, zone)
    rules = get_edition(Edition(arguments.edition or defaults.edition))
    threads = parse_file(arguments.history, lambda file: parse_history(file, zone))
    clocks = {
        thread: compute_thread_state(entry for entry in entries if entry.at <= as_of)
        for thread, entries in threads.items()
    }
    return HistoryInput(as_of, zone, rules, clocks)


def _parse_timezone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise InvalidInputError("choices-zone-unknown", written=name[:60]) from fault


def _parse_as_of(written: str | None, zone: ZoneInfo) -> datetime:
    if written is None:
        return datetime.now(UTC)
    try:
        return parse_instant(written.strip(), zone)
    except InvalidInputError as fault:
        raise InvalidInputError("cli-as-of", written=written[:60]) from fault


def parse_file(path: str, parse: Callable[[BinaryIO], _T]) -> _T:
    """What `read` makes of a file. Raises `InputError`."""
    try:
        with Path(path).open("rb") as file:
            return parse(file)
    except TableError:
        raise
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
        raise InvalidInputError("cli-file", path=path[:200], reason=reason) from fault


def utc(instant: datetime) -> str:
    """ISO 8601 in UTC."""
    return instant.astimezone(UTC).isoformat()


def percent(rate: ReplyRate) -> float | None:
    """Floored to one decimal; None without replies."""
    return None if rate.permille is None else rate.permille / 10


def percent_text(rate: ReplyRate) -> str:
    """The same for people."""
    return "–" if rate.permille is None else f"{rate.permille // 10}.{rate.permille % 10} %"
