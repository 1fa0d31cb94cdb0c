"""The process that reads an imported file: the file comes in through standard input, what is in it goes out.

It may use a limited amount of memory and ends after the one file, so whatever a file is made of, the bot's own memory
does not grow with it and none stays in use.
"""

import os
import pickle
import signal
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.certification.jobs import Job
from bot.domain.names import client_key, title_key
from bot.errors import InvalidInputError
from bot.parsing.export_format import ExportData, ImportedMessage
from bot.parsing.import_file import ImportProblem, parse_import_file
from storage.threads import ThreadKey

MAX_MEMORY: Final = 1024**3
"""Bytes of address space, of which the interpreter and its libraries take about a tenth."""

PART_ROWS: Final = 500
"""Rows that are packed, and unpacked, together."""

NICE_LEVEL: Final = 10
"""Added to the niceness: reading has a lower priority than the bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadImport:
    """What is in a file. Its messages are packed, since there can be 200,000 of them."""

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
class ReadRequest:
    """A file to read."""

    name: str
    data: bytes
    now: datetime
    zone: ZoneInfo


def read_import(request: ReadRequest) -> ReadImport:
    """Read a file. Raises `InvalidInputError`."""
    data = parse_import_file(request.name, request.data, now=request.now, zone=request.zone)
    if data.export is not None:
        data.export.messages.clear()
        data.export.jobs.clear()
    by_thread: defaultdict[ThreadKey, list[ImportedMessage]] = defaultdict(list)
    key_of = cache(thread_key)  # most rows name the same few threads
    for row in data.messages:
        by_thread[key_of(row.client, row.title, row.unassigned)].append(row)
    return ReadImport(
        parts=list(pack(row for rows in by_thread.values() for row in rows)),
        message_count=len(data.messages),
        jobs=data.jobs,
        export=data.export,
        problems=data.problems,
        problem_count=data.problem_count,
        skipped=data.skipped,
    )


def thread_key(client: str | None, title: str | None, unassigned: str | None) -> ThreadKey:
    """The identity of the thread to which a row belongs."""
    return client_key(client or ""), title_key(title or "") if unassigned is None else unassigned


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


def main() -> None:
    """Read one file; its contents, or the `InvalidInputError`, are written to standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole process group; the bot ends this process
    os.nice(NICE_LEVEL)
    with suppress(ImportError):  # there is no such limit on Windows
        import resource  # noqa: PLC0415 — as above

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    answer: ReadImport | InvalidInputError
    try:
        answer = read_import(pickle.load(sys.stdin.buffer))  # noqa: S301 — from the process that started this one
    except InvalidInputError as error:
        answer = error
    except MemoryError:
        answer = InvalidInputError("import-unread")
    pickle.dump(answer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
