"""The contents of an imported file, packed: `import_process` reads them, the bot gets them.

A message is a tuple of what is stored of it, and its thread is written once for many of them: 100,000 rows are packed
and unpacked several times on their way.
"""

import pickle
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from itertools import chain, islice, starmap
from operator import attrgetter
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.calendar import instant_to_micros
from bot.domain.certification.jobs import Job
from bot.domain.messages import MessageSource, Precision
from bot.domain.reply.thread_state import Direction, EventKind
from bot.parsing.export_reader import ExportData, ImportedMessage, WrittenThread
from bot.parsing.import_file import ImportProblem, parse_import_file
from storage.threads import ThreadIdentity, ThreadKey

PART_ROWS: Final = 500
"""Rows that are packed, and unpacked, together."""


@dataclass(frozen=True, slots=True)
class ImportedThread:
    """A thread with messages to record."""

    identity: ThreadIdentity
    marks: WrittenThread | None
    """Where site, contract or page are said of it."""


ImportedRow = tuple[ImportedThread, str, str, int, str, str, str | None, int | None, int]
"""One message to record: its thread, and `storage.messages.MESSAGE_COLUMNS` after the thread.

Without `source_key` it is identified by its thread, direction, kind and time; without `recorded_at` it is recorded when
it is imported.
"""


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


def read_import_contents(file: ImportFile) -> ImportContents:
    """Read a file. Raises `InvalidInputError`."""
    data = parse_import_file(file.name, file.data, now=file.now, zone=file.zone)
    if data.export is not None:
        data.export.messages.clear()
        data.export.jobs.clear()
    by_thread: defaultdict[ThreadKey, list[ImportedMessage]] = defaultdict(list)
    key_of = cache(attrgetter("key"))  # only as long as this file is read: its names are the member's
    for row in data.messages:
        by_thread[key_of(row.thread)].append(row)
    return ImportContents(
        parts=list(pack_rows(chain.from_iterable(starmap(_imported_rows, by_thread.items())))),
        message_count=len(data.messages),
        jobs=data.jobs,
        export=data.export,
        problems=data.problems,
        problem_count=data.problem_count,
        skipped=data.skipped,
    )


def _imported_thread(key: ThreadKey, rows: Sequence[ImportedMessage]) -> ImportedThread:
    """The thread of some messages: by the names in the first one, and the marks of the last one that has some."""
    first = rows[0].thread
    unassigned = first.unassigned is not None
    identity = ThreadIdentity(first.client, None if unassigned else first.title, *key, unassigned=unassigned)
    return ImportedThread(identity, next((row.thread for row in reversed(rows) if row.thread.is_marked), None))


_WORDS: Final[dict[StrEnum, str]] = {
    word: word.value for words in (Direction, EventKind, Precision, MessageSource) for word in words
}
"""What is stored for each; `value` itself takes longer."""


def _imported_rows(key: ThreadKey, messages: Sequence[ImportedMessage]) -> Iterator[ImportedRow]:
    thread = _imported_thread(key, messages)
    for _, entry, precision, source, source_key, looks_final, recorded_at in messages:
        yield (
            thread,
            _WORDS[entry.direction],
            _WORDS[entry.kind],
            instant_to_micros(entry.at),
            _WORDS[precision],
            _WORDS[source],
            source_key,
            None if recorded_at is None else instant_to_micros(recorded_at),
            int(looks_final),
        )


def pack_rows(rows: Iterable[ImportedRow]) -> Iterator[bytes]:
    """The rows in compressed parts."""
    rows = iter(rows)
    while part := list(islice(rows, PART_ROWS)):
        yield zlib.compress(pickle.dumps(part), 1)


def unpack_rows(part: bytes) -> list[ImportedRow]:
    """The rows of a part that `pack_rows` made."""
    rows: list[ImportedRow] = pickle.loads(zlib.decompress(part))  # noqa: S301 — made by this program
    return rows
