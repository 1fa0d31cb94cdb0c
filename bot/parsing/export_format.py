"""What a member takes along: everything about them as JSON, messages and jobs as CSV; and reading the JSON again."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.facts import ProfileItem
from bot.domain.certification.jobs import Evaluation, Job, JobOutcome
from bot.domain.messages import MessageSource, Precision
from bot.domain.names import clean_name, clean_title
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.domain.types import ContractMethod, Yen, from_micros, to_micros
from bot.errors import InvalidInputError
from bot.parsing.csv_table import escape_formula
from bot.parsing.jobs_csv import MAX_JOBS, format_evaluation

FORMAT: Final = "nintei"
VERSION: Final = 1
_TIMESTAMP_COLUMNS: Final = ("_at", "_from", "until", "_since")
"""How the names of columns end that hold instants; they are told as ISO 8601."""

Rows = Mapping[str, Iterable[Mapping[str, Any]]]


def to_json(tables: Rows, *, now: datetime) -> bytes:
    """Every row of every table; instants as ISO 8601 in UTC."""
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
    return {
        name: from_micros(value).isoformat() if name.endswith(_TIMESTAMP_COLUMNS) and isinstance(value, int) else value
        for name, value in row.items()
    }


def history_csv(tables: Rows, unnamed_label: str) -> bytes:
    """The messages as DESIGN.md §5 describes them. `nobody`: what a thread without a client is called."""
    threads = {row["thread_id"]: row for row in tables["threads"]}
    rows = []
    for message in sorted(tables["messages"], key=lambda row: (row["sent_at"], row["message_id"])):
        thread = threads[message["thread_id"]]
        client, title = thread["client"] or "", thread["title"] or ""
        name = " / ".join(each for each in (client or f"{unnamed_label} {thread['thread_id']}", title) if each)
        if thread["unsorted"]:
            title = thread["title_key"]
        at = from_micros(message["sent_at"]).isoformat()
        rows.append((name, message["direction"], at, message["kind"], client, title))
    return _csv(("thread", "direction", "sent_at", "kind", "client", "title"), rows)


def jobs_csv(jobs: Iterable[Job]) -> bytes:
    """The jobs, as they can be imported and judged."""
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
    """With a BOM, so that spreadsheets read it as UTF-8, and nothing in it that they would run."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([escape_formula(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


@dataclass(frozen=True, slots=True)
class ImportedMessage:
    """One message to record."""

    client: str | None
    title: str | None
    entry: ThreadEvent
    exactness: Precision
    source: MessageSource
    key: str | None
    """Its identity where it has one; None: it is known by its thread, direction and time alone."""
    closing: bool = False
    recorded_at: datetime | None = None
    unassigned: str | None = None
    """The name of the unsorted thread it lay in: one forward whose client or thread was never told."""


@dataclass(frozen=True, slots=True)
class ExportData:
    """What an export gives back; preferences as they are written in the settings."""

    messages: list[ImportedMessage]
    jobs: list[Job]
    profile: dict[ProfileItem, tuple[bool, date]]
    calibrations: list[DisplayedFigures]
    goal: tuple[str, Yen, str | None, date] | None
    member: dict[str, Any]


def parse_export(data: bytes) -> ExportData:
    """Read our own export again. Raises `InputError` for anything that is none."""
    try:
        read = json.loads(data)
        if not isinstance(read, dict) or read.get("format") != FORMAT:
            raise InvalidInputError("import-json")
        if read["version"] != VERSION:
            raise InvalidInputError("import-json-version", version=str(read["version"])[:20])
        return _parse_tables(read["tables"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as fault:
        raise InvalidInputError("import-json") from fault


def _parse_tables(tables: Mapping[str, Any]) -> ExportData:
    threads = {row["thread_id"]: row for row in tables["threads"]}
    goal = next(iter(tables["goals"]), None)
    return ExportData(
        [_message(row, threads[row["thread_id"]]) for row in tables["messages"]],
        [_job(row) for row in tables["jobs"]],
        {
            ProfileItem(row["item"]): (bool(row["filled"]), date.fromisoformat(row["confirmed_on"]))
            for row in tables["profile_items"]
        },
        [_displayed(row) for row in tables["calibrations"]],
        None
        if goal is None
        else (
            clean_title(goal["category"]),
            Yen(_parse_int(goal["line"], 1)),
            goal["source"] and clean_title(goal["source"]),
            date.fromisoformat(goal["set_on"]),
        ),
        dict(next(iter(tables["members"]), {})),
    )


def _parse_timestamp(written: str) -> datetime:
    at = datetime.fromisoformat(written)
    if at.tzinfo is None:
        raise ValueError(written)
    return from_micros(to_micros(at))


def _parse_int(value: object, minimum: int, maximum: int = 10**12) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
        raise ValueError(value)
    return value


def _parse_source_key(value: object) -> str:
    """What a database can keep as text."""
    key = str(value)[:100]
    if "\0" in key or not key.encode():
        raise ValueError(key)
    return key


def _message(row: Mapping[str, Any], thread: Mapping[str, Any]) -> ImportedMessage:
    direction, kind = Direction(row["direction"]), EventKind(row["kind"])
    if direction is Direction.RECEIVED and kind is not EventKind.MESSAGE:
        raise ValueError(kind)
    client = clean_name(thread["client"]) or None if thread["client"] else None
    title = clean_title(thread["title"]) or None if thread["title"] else None
    return ImportedMessage(
        client,
        title,
        ThreadEvent(direction, kind, _parse_timestamp(row["sent_at"])),
        Precision(row["exactness"]),
        MessageSource(row["source"]),
        _parse_source_key(row["source_key"]),
        bool(row["closing"]),
        _parse_timestamp(row["recorded_at"]),
        _parse_source_key(thread["title_key"]) if thread["unsorted"] or client is None else None,
    )


def _job(row: Mapping[str, Any]) -> Job:
    tenths, satisfied = row["stars"], row["satisfied"]
    given = None
    if satisfied is not None:
        given = Evaluation(None if tenths is None else _parse_int(tenths, 10, 50), bool(satisfied))
    return Job(
        date.fromisoformat(row["day"]),
        ContractMethod(row["method"]),
        clean_title(row["category"]),
        Yen(_parse_int(row["reward"], 0)),
        JobOutcome(row["outcome"]),
        given,
        clean_name(row["client"]) or None if row["client"] else None,
        _parse_int(row["count"], 1, MAX_JOBS),
    )


def _displayed(row: Mapping[str, Any]) -> DisplayedFigures:
    figures = (
        None if row[name] is None else _parse_int(row[name], 0)
        for name in (
            "reply_rate", "reply_rate_unit", "replies", "completion_rate", "task_approval", "satisfaction",
            "evaluation", "earnings",
        )
    )  # fmt: skip
    if row["reply_rate_unit"] not in {None, 1, 10}:
        raise ValueError(row["reply_rate_unit"])
    return DisplayedFigures(date.fromisoformat(row["shown_on"]), *figures)
