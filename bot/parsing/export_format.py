"""A member's export: everything as JSON, messages and jobs as CSV; and the reader of that JSON."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TextIO, TypeVar

from bot.domain.calendar import from_micros, to_micros
from bot.domain.certification.calibration import FIGURE_NAMES, MAX_REPLIES, DisplayedFigures
from bot.domain.certification.facts import ProfileItem
from bot.domain.certification.jobs import Evaluation, Job, JobOutcome
from bot.domain.messages import MessageSource, Precision
from bot.domain.names import clean_name, clean_title
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.domain.types import ContractMethod, Yen
from bot.errors import InvalidInputError
from bot.parsing.amount import MAX_AMOUNT
from bot.parsing.csv_table import escape_formula
from bot.parsing.day import check_day, check_instant
from bot.parsing.jobs_csv import MAX_JOBS, format_evaluation
from bot.parsing.json_scanner import JsonScanner

FORMAT: Final = "nintei"
VERSION: Final = 1
MAX_HEAD_KEYS: Final = 20
MAX_BAD_ROWS: Final = 100
"""Rows that are named; further ones are counted."""
_TIMESTAMP_COLUMNS: Final = ("_at", "_from", "until", "_since")
"""Endings of the names of columns that contain instants, which are exported as ISO 8601."""

HISTORY_HEADER: Final = ("thread", "direction", "sent_at", "kind", "client", "title")
JOBS_HEADER: Final = ("date", "method", "category", "reward", "outcome", "evaluation", "client", "count")


class JsonWriter:
    """Writes all rows of all tables part by part; instants as ISO 8601 in UTC. `close` ends the text."""

    def __init__(self, file: TextIO, *, now: datetime) -> None:
        self._file = file
        self._separator = "\n"
        head = {"format": FORMAT, "version": VERSION, "exported_at": now.isoformat()}
        file.write(json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "tables": {')
        self._rows = 0
        self._columns: Sequence[str] | None = None

    def begin_table(self, table: str, columns: Sequence[str]) -> None:
        """The rows that follow are of this table."""
        self._end_table()
        self._file.write(f"{self._separator}  {json.dumps(table)}: [")
        self._separator, self._rows, self._columns = ",\n", 0, columns

    def write_rows(self, rows: Iterable[Sequence[Any]]) -> None:
        """Further rows of the table."""
        assert self._columns is not None, "a table was begun"  # noqa: S101 — narrows the type
        for row in rows:
            plain = _json_row(dict(zip(self._columns, row, strict=True)))
            text = json.dumps(plain, ensure_ascii=False, indent=1).replace("\n", "\n   ")
            self._file.write(f"{',' if self._rows else ''}\n   {text}")
            self._rows += 1

    def close(self) -> None:
        """Write the end."""
        self._end_table()
        self._file.write("\n }\n}")

    def _end_table(self) -> None:
        if self._columns is not None:
            self._file.write("\n  ]" if self._rows else "]")


def _json_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _json_value(name, value) for name, value in row.items()}


def _json_value(name: str, value: Any) -> Any:
    """Instants are written in ISO 8601; one that no calendar has stays the number that is stored."""
    if not (name.endswith(_TIMESTAMP_COLUMNS) and isinstance(value, int)):
        return value
    try:
        return from_micros(value).isoformat()
    except OverflowError:
        return value


class CsvWriter:
    """Writes a table part by part: with a BOM, so that spreadsheets read UTF-8, and with formulas escaped."""

    def __init__(self, file: TextIO, header: Sequence[str]) -> None:
        self._writer = csv.writer(file)
        file.write("\ufeff")
        self._writer.writerow(header)
        self.rows = 0

    def write_rows(self, rows: Iterable[Sequence[str]]) -> None:
        """Further rows."""
        for row in rows:
            self._writer.writerow(map(escape_formula, row))
            self.rows += 1


def history_row(row: Sequence[Any], unnamed_label: str) -> tuple[str, ...]:
    """The row of a message (docs/cli-reference.md#histories). `unnamed_label` names a thread without a client."""
    thread_id, client, title, title_key, unassigned, direction, sent_at, kind = row
    client, title = client or "", title or ""
    name = " / ".join(part for part in (client or f"{unnamed_label} {thread_id}", title) if part)
    return name, direction, from_micros(sent_at).isoformat(), kind, client, title_key if unassigned else title


def job_row(job: Job) -> tuple[str, ...]:
    """The row of a job, which can be imported and judged."""
    return (
        job.day.isoformat(),
        job.method.value,
        job.category,
        str(job.reward),
        job.outcome.value,
        format_evaluation(job.evaluation),
        job.client or "",
        str(job.count),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedMessage:
    """One message to record."""

    client: str | None
    title: str | None
    entry: ThreadEvent
    precision: Precision
    source: MessageSource
    source_key: str | None
    """The message's identity; None: it is identified by its thread, direction and time."""
    looks_final: bool = False
    recorded_at: datetime | None = None
    unassigned: str | None = None
    """The title key of its thread, if that has one forwarded message whose client or thread is not known."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row with a date or a figure outside its limits; the first row of a table is 1."""

    table: str
    number: int
    reason: InvalidInputError


@dataclass(frozen=True, slots=True)
class _ThreadNames:
    """The cleaned names of a thread, as in `ImportedMessage`."""

    client: str | None
    title: str | None
    unassigned: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportData:
    """The contents of an export; preferences as the columns of the table `members`."""

    messages: list[ImportedMessage]
    jobs: list[Job]
    profile: dict[ProfileItem, tuple[bool, date]]
    calibrations: list[DisplayedFigures]
    goal: tuple[str, Yen, str | None, date] | None
    member: dict[str, Any]
    bad_rows: list[BadRow]
    """The first `MAX_BAD_ROWS` rows that cannot be imported."""
    bad_row_count: int


def parse_export(data: bytes, *, now: datetime) -> ExportData:
    """Read an export of this bot, row by row. Raises `InvalidInputError` for anything else.

    A row with a date or a figure outside its limits is one of `bad_rows`.
    """
    try:
        text = data.decode("utf-8-sig")
        del data
        scanner = JsonScanner(text)
        head: dict[str, object] = {}
        positions: dict[str, int] = {}
        for key in scanner.read_keys():
            if key != "tables":
                head[key] = scanner.value()
                if len(head) > MAX_HEAD_KEYS:
                    raise InvalidInputError("import-json")
                continue
            for table in scanner.read_keys():
                positions[table] = scanner.position
                scanner.skip_rows()
        scanner.end()
        if head.get("format") != FORMAT:
            raise InvalidInputError("import-json")
        if head["version"] != VERSION:
            raise InvalidInputError("import-json-version", version=str(head["version"])[:20])
        return _parse_tables(lambda table: JsonScanner(text, positions[table]).rows(), now)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise InvalidInputError("import-json") from error


_Result = TypeVar("_Result")


def _parse_tables(rows_of: Callable[[str], Iterator[Any]], now: datetime) -> ExportData:
    bad: list[BadRow] = []
    bad_count = 0

    def read(table: str, parse: Callable[[Any], _Result]) -> Iterator[_Result]:
        nonlocal bad_count
        for number, row in enumerate(rows_of(table), start=1):
            try:
                yield parse(row)
            except InvalidInputError as error:
                bad_count += 1
                if len(bad) < MAX_BAD_ROWS:
                    bad.append(BadRow(table, number, error))

    threads = {
        row["thread_id"]: _ThreadNames(
            _clean_client(row["client"]),
            clean_title(row["title"]) or None if row["title"] else None,
            _parse_source_key(row["title_key"]) if row["unsorted"] or not _clean_client(row["client"]) else None,
        )
        for row in rows_of("threads")
    }
    return ExportData(
        messages=list(read("messages", lambda row: _message(row, threads[row["thread_id"]], now))),
        jobs=list(read("jobs", lambda row: _job(row, now))),
        profile=dict(
            read(
                "profile_items",
                lambda row: (ProfileItem(row["item"]), (bool(row["filled"]), _day(row["confirmed_on"], now))),
            )
        ),
        calibrations=list(read("calibrations", lambda row: _displayed(row, now))),
        goal=next(read("goals", lambda row: _goal(row, now)), None),
        member=next(read("members", lambda row: _member(row, now)), {}),
        bad_rows=bad,
        bad_row_count=bad_count,
    )


def _day(text: str, now: datetime) -> date:
    return check_day(date.fromisoformat(text), now)


def _parse_timestamp(text: str, now: datetime) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return check_instant(from_micros(to_micros(at)), now)


def _figure(row: Mapping[str, Any], name: str, minimum: int, maximum: int) -> int:
    value = row[name]
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(name)
    if not minimum <= value <= maximum:
        raise InvalidInputError("import-figure", name=name)
    return value


def _parse_source_key(value: object) -> str:
    """At most 100 characters that both databases can store as text."""
    key = str(value)[:100]
    if "\0" in key or not key.encode():
        raise ValueError(key)
    return key


def _member(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The settings without the dates that cannot be read: such a value can be stored, and its default holds."""
    settings = dict(row)
    for name, check in (("last_login", _day), ("badge_since", _parse_timestamp)):
        try:
            if settings.get(name) is not None:
                check(settings[name], now)
        except (ValueError, TypeError):
            del settings[name]
    return settings


def _goal(row: Mapping[str, Any], now: datetime) -> tuple[str, Yen, str | None, date]:
    return (
        clean_title(row["category"]),
        Yen(_figure(row, "line", 1, MAX_AMOUNT)),
        row["source"] and clean_title(row["source"]),
        _day(row["set_on"], now),
    )


def _clean_client(name: str | None) -> str | None:
    return clean_name(name) or None if name else None


def _message(row: Mapping[str, Any], thread: _ThreadNames, now: datetime) -> ImportedMessage:
    direction, kind = Direction(row["direction"]), EventKind(row["kind"])
    if direction is Direction.RECEIVED and kind is not EventKind.MESSAGE:
        raise ValueError(kind)
    return ImportedMessage(
        client=thread.client,
        title=thread.title,
        entry=ThreadEvent(direction, kind, _parse_timestamp(row["sent_at"], now)),
        precision=Precision(row["exactness"]),
        source=MessageSource(row["source"]),
        source_key=_parse_source_key(row["source_key"]),
        looks_final=bool(row["closing"]),
        recorded_at=_parse_timestamp(row["recorded_at"], now),
        unassigned=thread.unassigned,
    )


def _job(row: Mapping[str, Any], now: datetime) -> Job:
    tenths, satisfied = row["stars"], row["satisfied"]
    evaluation = None
    if satisfied is not None:
        evaluation = Evaluation(None if tenths is None else _figure(row, "stars", 10, 50), bool(satisfied))
    return Job(
        day=_day(row["day"], now),
        method=ContractMethod(row["method"]),
        category=clean_title(row["category"]),
        reward=Yen(_figure(row, "reward", 0, MAX_AMOUNT)),
        outcome=JobOutcome(row["outcome"]),
        evaluation=evaluation,
        client=_clean_client(row["client"]),
        count=_figure(row, "count", 1, MAX_JOBS),
    )


_FIGURE_LIMITS: Final = {
    "reply_rate": (0, 1000),
    "reply_rate_unit": (1, 10),
    "replies": (0, MAX_REPLIES),
    "completion_rate": (0, 1000),
    "task_approval": (0, 1000),
    "satisfaction": (0, 1000),
    "evaluation": (100, 500),
    "earnings": (0, MAX_AMOUNT),
}
"""As `/calibrate` accepts them."""


def _displayed(row: Mapping[str, Any], now: datetime) -> DisplayedFigures:
    if row["reply_rate_unit"] not in {None, 1, 10}:
        raise ValueError(row["reply_rate_unit"])
    figures = {name: None if row[name] is None else _figure(row, name, *_FIGURE_LIMITS[name]) for name in FIGURE_NAMES}
    return DisplayedFigures(on=_day(row["shown_on"], now), **figures)
