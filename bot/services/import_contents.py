"""The contents of an imported file, packed: `import_process` reads them, the bot gets them."""

import pickle
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.certification.jobs import Job
from bot.domain.names import client_key, title_key
from bot.parsing.export_reader import ExportData, ImportedMessage
from bot.parsing.import_file import ImportProblem, parse_import_file
from storage.threads import ThreadKey

PART_ROWS: Final = 500
"""Rows that are packed, and unpacked, together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportContents:
    """The contents of a file. Its messages are packed, since there can be 200,000 of them."""

    parts: Sequence[bytes]
    """The messages; those of one thread adjoin."""
    message_count: int
    jobs: list[Job]
    export: ExportData | None
    """Without its messages and jobs."""
    problems: list[ImportProblem]
    problem_count: int
    skipped: int


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file to read."""

    name: str
    data: bytes
    now: datetime
    zone: ZoneInfo


def read_contents(file: ImportFile) -> ImportContents:
    """Read a file. Raises `InvalidInputError`."""
    data = parse_import_file(file.name, file.data, now=file.now, zone=file.zone)
    if data.export is not None:
        data.export.messages.clear()
        data.export.jobs.clear()
    by_thread: defaultdict[ThreadKey, list[ImportedMessage]] = defaultdict(list)
    thread_key = thread_key_reader()
    for row in data.messages:
        by_thread[thread_key(row)].append(row)
    return ImportContents(
        parts=list(pack(row for rows in by_thread.values() for row in rows)),
        message_count=len(data.messages),
        jobs=data.jobs,
        export=data.export,
        problems=data.problems,
        problem_count=data.problem_count,
        skipped=data.skipped,
    )


def thread_key_reader() -> Callable[[ImportedMessage], ThreadKey]:
    """A function that gives the identity of a row's thread. The names of a thread are normalized once for all rows."""

    @cache
    def normalize(client: str | None, title: str | None, unassigned: str | None) -> ThreadKey:
        return client_key(client or ""), title_key(title or "") if unassigned is None else unassigned

    return lambda row: normalize(row.client, row.title, row.unassigned)


def pack(rows: Iterable[ImportedMessage], part_rows: int = PART_ROWS) -> Iterator[bytes]:
    """The rows in compressed parts."""
    part: list[ImportedMessage] = []
    for row in rows:
        part.append(row)
        if len(part) == part_rows:
            yield zlib.compress(pickle.dumps(part), 1)
            part = []
    if part:
        yield zlib.compress(pickle.dumps(part), 1)


def unpack(part: bytes) -> list[ImportedMessage]:
    """The rows of a part that `pack` made."""
    rows: list[ImportedMessage] = pickle.loads(zlib.decompress(part))  # noqa: S301 — made by this program
    return rows
