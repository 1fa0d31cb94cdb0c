"""A member's export: everything as JSON, messages and jobs as CSV; and the reader of that JSON."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from bot.domain.calendar import from_micros, to_micros
from bot.domain.certification.calibration import FIGURE_NAMES, DisplayedFigures
from bot.domain.certification.facts import ProfileItem
from bot.domain.certification.jobs import Evaluation, Job, JobOutcome
from bot.domain.messages import MessageSource, Precision
from bot.domain.names import clean_name, clean_title
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.domain.types import ContractMethod, Yen
from bot.errors import InvalidInputError
from bot.parsing.csv_table import escape_formula
from bot.parsing.jobs_csv import MAX_JOBS, format_evaluation

FORMAT: Final = "nintei"
VERSION: Final = 1
_TIMESTAMP_COLUMNS: Final = ("_at", "_from", "until", "_since")
"""Endings of the names of columns that contain instants, which are exported as ISO 8601."""

Rows = Mapping[str, Iterable[Mapping[str, Any]]]
"""The member's rows, by table."""


def to_json(tables: Rows, *, now: datetime) -> bytes:
    """All rows of all tables; instants as ISO 8601 in UTC."""
    return json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "exported_at": now.isoformat(),
            "tables": {table: [_json_row(row) for row in rows] for table, rows in tables.items()},
        },
        ensure_ascii=False,
        indent=1,
    ).encode()


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


def write_history_csv(tables: Rows, unnamed_label: str) -> bytes:
    """The messages as a history (docs/cli-reference.md#histories). `unnamed_label` names a thread without a client."""
    threads = {row["thread_id"]: row for row in tables["threads"]}
    rows = []
    for message in sorted(tables["messages"], key=lambda row: (row["sent_at"], row["message_id"])):
        thread = threads[message["thread_id"]]
        client, title = thread["client"] or "", thread["title"] or ""
        name = " / ".join(part for part in (client or f"{unnamed_label} {thread['thread_id']}", title) if part)
        if thread["unsorted"]:
            title = thread["title_key"]
        sent_at = from_micros(message["sent_at"]).isoformat()
        rows.append((name, message["direction"], sent_at, message["kind"], client, title))
    return _csv(("thread", "direction", "sent_at", "kind", "client", "title"), rows)


def jobs_csv(jobs: Iterable[Job]) -> bytes:
    """The jobs as a file that can be imported and judged."""
    return _csv(
        ("date", "method", "category", "reward", "outcome", "evaluation", "client", "count"),
        (
            (
                job.day.isoformat(),
                job.method.value,
                job.category,
                str(job.reward),
                job.outcome.value,
                format_evaluation(job.evaluation),
                job.client or "",
                str(job.count),
            )
            for job in jobs
        ),
    )


def _csv(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    """With a BOM, so that spreadsheets read it as UTF-8, and with formulas escaped."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([escape_formula(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportData:
    """The contents of an export; preferences as the columns of the table `members`."""

    messages: list[ImportedMessage]
    jobs: list[Job]
    profile: dict[ProfileItem, tuple[bool, date]]
    calibrations: list[DisplayedFigures]
    goal: tuple[str, Yen, str | None, date] | None
    member: dict[str, Any]


def parse_export(data: bytes) -> ExportData:
    """Read an export of this bot. Raises `InvalidInputError` for anything else."""
    try:
        export = json.loads(data)
        if not isinstance(export, dict) or export.get("format") != FORMAT:
            raise InvalidInputError("import-json")
        if export["version"] != VERSION:
            raise InvalidInputError("import-json-version", version=str(export["version"])[:20])
        return _parse_tables(export["tables"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise InvalidInputError("import-json") from error


def _parse_tables(tables: Mapping[str, Any]) -> ExportData:
    threads = {row["thread_id"]: row for row in tables["threads"]}
    goal = next(iter(tables["goals"]), None)
    return ExportData(
        messages=[_message(row, threads[row["thread_id"]]) for row in tables["messages"]],
        jobs=[_job(row) for row in tables["jobs"]],
        profile={
            ProfileItem(row["item"]): (bool(row["filled"]), date.fromisoformat(row["confirmed_on"]))
            for row in tables["profile_items"]
        },
        calibrations=[_displayed(row) for row in tables["calibrations"]],
        goal=None
        if goal is None
        else (
            clean_title(goal["category"]),
            Yen(_parse_int(goal["line"], 1)),
            goal["source"] and clean_title(goal["source"]),
            date.fromisoformat(goal["set_on"]),
        ),
        member=dict(next(iter(tables["members"]), {})),
    )


def _parse_timestamp(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return from_micros(to_micros(at))


def _parse_int(value: object, minimum: int, maximum: int = 10**12) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
        raise ValueError(value)
    return value


def _parse_source_key(value: object) -> str:
    """At most 100 characters that both databases can store as text."""
    key = str(value)[:100]
    if "\0" in key or not key.encode():
        raise ValueError(key)
    return key


def _clean_client(name: str | None) -> str | None:
    return clean_name(name) or None if name else None


def _message(row: Mapping[str, Any], thread: Mapping[str, Any]) -> ImportedMessage:
    direction, kind = Direction(row["direction"]), EventKind(row["kind"])
    if direction is Direction.RECEIVED and kind is not EventKind.MESSAGE:
        raise ValueError(kind)
    client = _clean_client(thread["client"])
    return ImportedMessage(
        client=client,
        title=clean_title(thread["title"]) or None if thread["title"] else None,
        entry=ThreadEvent(direction, kind, _parse_timestamp(row["sent_at"])),
        precision=Precision(row["exactness"]),
        source=MessageSource(row["source"]),
        source_key=_parse_source_key(row["source_key"]),
        looks_final=bool(row["closing"]),
        recorded_at=_parse_timestamp(row["recorded_at"]),
        unassigned=_parse_source_key(thread["title_key"]) if thread["unsorted"] or client is None else None,
    )


def _job(row: Mapping[str, Any]) -> Job:
    tenths, satisfied = row["stars"], row["satisfied"]
    evaluation = None
    if satisfied is not None:
        evaluation = Evaluation(None if tenths is None else _parse_int(tenths, 10, 50), bool(satisfied))
    return Job(
        day=date.fromisoformat(row["day"]),
        method=ContractMethod(row["method"]),
        category=clean_title(row["category"]),
        reward=Yen(_parse_int(row["reward"], 0)),
        outcome=JobOutcome(row["outcome"]),
        evaluation=evaluation,
        client=_clean_client(row["client"]),
        count=_parse_int(row["count"], 1, MAX_JOBS),
    )


def _displayed(row: Mapping[str, Any]) -> DisplayedFigures:
    if row["reply_rate_unit"] not in {None, 1, 10}:
        raise ValueError(row["reply_rate_unit"])
    figures = {name: None if row[name] is None else _parse_int(row[name], 0) for name in FIGURE_NAMES}
    return DisplayedFigures(on=date.fromisoformat(row["shown_on"]), **figures)
