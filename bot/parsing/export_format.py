"""The files of a member's export: everything as JSON, messages and jobs as CSV."""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, TextIO

from bot.domain.calendar import instant_from_micros
from bot.domain.certification.jobs import Job
from bot.domain.names import thread_name_key
from bot.parsing.csv_table import escape_formula
from bot.parsing.jobs_csv import format_job_evaluation

FORMAT: Final = "nintei"
EXPORT_VERSION: Final = 1
_TIMESTAMP_COLUMNS: Final = ("_at", "_from", "until", "_since")
"""Endings of the names of columns that contain instants, which are exported as ISO 8601."""

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",\n    ", ": "))
"""The lines of a row are made by the separator: an encoder with `indent` is not the one written in C."""


class JsonWriter:
    """Writes all rows of all tables part by part; instants as ISO 8601 in UTC. `close` ends the text."""

    def __init__(self, file: TextIO, *, now: datetime) -> None:
        self._file = file
        self._separator = "\n"
        head = {"format": FORMAT, "version": EXPORT_VERSION, "exported_at": now.isoformat()}
        file.write(json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "tables": {')
        self._rows = 0
        self._columns: Sequence[str] = ()
        self._timestamps: Sequence[str] = ()

    def begin_table(self, table: str, columns: Sequence[str]) -> None:
        """End the table before, and begin this one: the rows that follow are of it."""
        self._end_table()
        self._file.write(f"{self._separator}  {json.dumps(table)}: [")
        self._separator, self._rows, self._columns = ",\n", 0, columns
        self._timestamps = [name for name in columns if name.endswith(_TIMESTAMP_COLUMNS)]

    def write_json_rows(self, rows: Iterable[Sequence[Any]]) -> None:
        """Further rows of the table."""
        plain = [self._row_as_json(row) for row in rows]
        if not plain:
            return
        # A value has no line break of its own, so this separator is only between rows.
        text = _ENCODER.encode(plain)[2:-2].replace("},\n    {", "\n   },\n   {\n    ")
        self._file.write(f"{',' if self._rows else ''}\n   {{\n    {text}\n   }}")
        self._rows += len(plain)

    def _row_as_json(self, row: Sequence[Any]) -> dict[str, Any]:
        plain = dict(zip(self._columns, row, strict=True))
        for name in self._timestamps:
            if plain[name] is not None:
                plain[name] = _format_exported_instant(plain[name])
        return plain

    def close(self) -> None:
        """Write the end."""
        self._end_table()
        self._file.write("\n }\n}")

    def _end_table(self) -> None:
        if self._columns:
            self._file.write("\n  ]" if self._rows else "]")


def _format_exported_instant(micros: int) -> str | int:
    """The instant in ISO 8601; one that no calendar has stays the number that is stored."""
    try:
        return instant_from_micros(micros).isoformat()
    except OverflowError:
        return micros


class CsvWriter:
    """Writes a table part by part: with a BOM, so that spreadsheets read UTF-8, and with formulas escaped."""

    def __init__(self, file: TextIO, header: Sequence[str]) -> None:
        self._writer = csv.writer(file)
        file.write("\ufeff")
        self._writer.writerow(header)
        self.rows = 0

    def write_csv_rows(self, rows: Iterable[Sequence[str]]) -> None:
        """Further rows."""
        for row in rows:
            self._writer.writerow(map(escape_formula, row))
            self.rows += 1


def export_history_row(row: Sequence[Any], unnamed_label: str, thread_ids: dict[str, int]) -> tuple[str, ...]:
    """The row of a message (docs/cli-reference.md#histories). `unnamed_label` names a thread without a client.

    Rows of the same name are one thread. So an unassigned thread has its id in its name, as has one whose name another
    thread of `thread_ids`, those written before by name, has.
    """
    thread_id, client, title, title_key, unassigned, direction, sent_at, kind, site = row
    client, title = client or "", title or ""
    name = " / ".join(part for part in (client or f"{unnamed_label} {thread_id}", title) if part)
    if client and (unassigned or thread_ids.setdefault(thread_name_key(name), thread_id) != thread_id):
        name = f"{name} #{thread_id}"
    return (
        name,
        direction,
        instant_from_micros(sent_at).isoformat(),
        kind,
        client,
        title_key if unassigned else title,
        site,
    )


def export_job_row(job: Job) -> tuple[str, ...]:
    """The row of a job, which can be imported and judged."""
    return (
        job.day.isoformat(),
        job.method.value,
        job.category,
        str(job.reward),
        job.outcome.value,
        format_job_evaluation(job.evaluation),
        job.client or "",
        str(job.count),
        "yes" if job.withheld else "",
    )
