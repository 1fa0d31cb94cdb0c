"""A file that a member imports: CSV of messages or jobs, mails, an export of this bot, or a zip of these.

A file is read whole before anything is written.
"""

import io
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cache
from itertools import pairwise
from operator import attrgetter
from typing import Final, TypeVar

from bot.domain.calendar import ensure_lancers_instant_possible
from bot.domain.certification.jobs import Job
from bot.domain.messages import ClientMessage, MessageSource, ParsedTime, Precision
from bot.domain.names import clean_name, clean_title
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.domain.text import cut_text
from bot.errors import InvalidInputError
from bot.parsing.csv_table import RowError, TableError, csv_header_names
from bot.parsing.export_reader import ExportData, ImportedMessage, WrittenThread, parse_export
from bot.parsing.file_kind import import_file_name
from bot.parsing.history_csv import HISTORY_COLUMNS, parse_history_rows
from bot.parsing.history_threads import HistoryThreads, NamesByClientAndTitle
from bot.parsing.incoming import MAX_ATTACHMENT_BYTES, Attachment, IncomingMessage
from bot.parsing.jobs_csv import JOB_COLUMNS, parse_jobs
from bot.parsing.mail_files import is_mail_file, split_mailbox
from bot.parsing.message import parse_message
from bot.parsing.zip_files import ZipLimits, read_zip

MAX_IMPORT_BYTES: Final = 25 * 1024 * 1024
"""The size of one file, unpacked."""
MAX_UNPACKED_BYTES: Final = 100 * 1024 * 1024
"""The size of all files in a zip together, unpacked."""
MAX_IMPORT_FILES: Final = 5000
MAX_ROWS: Final = 200_000
MAX_JOB_ROWS: Final = 20_000
MAX_PROBLEMS: Final = 100
"""Rows that cannot be read and are named; further ones are counted."""
KINDS: Final = (".csv", ".tsv", ".json", ".eml", ".emlx", ".mbox", ".mbx")
IMPORT_ZIP_LIMITS: Final = ZipLimits(
    max_files=MAX_IMPORT_FILES, max_file_bytes=MAX_IMPORT_BYTES, max_total_bytes=MAX_UNPACKED_BYTES
)

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """A row, or a whole file, that cannot be read; nothing is imported then. `line` 0: the file."""

    file: str
    line: int
    reason: InvalidInputError


@dataclass(slots=True, kw_only=True)
class ImportData:
    """The contents of an imported file."""

    messages: list[ImportedMessage] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    export: ExportData | None = None
    problems: list[ImportProblem] = field(default_factory=list)
    """The first `MAX_PROBLEMS` of them."""
    problem_count: int = 0
    skipped: int = 0
    """Files without a client's message: other mails, other kinds of files."""
    thread_names: NamesByClientAndTitle = field(default_factory=dict)
    """Of the threads in its tables."""

    def add_problem(self, file: str, line: int, reason: InvalidInputError) -> None:
        """Count a problem, and keep it if it is among the first."""
        self.problem_count += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(ImportProblem(file, line, reason))


def parse_import_file(name: str, data: bytes, *, now: datetime, zone: tzinfo, max_rows: int = MAX_ROWS) -> ImportData:
    """Read a file by its name and content. Raises `InvalidInputError` for one of another kind, or too large."""
    if len(data) > MAX_IMPORT_BYTES:
        raise InvalidInputError("import-too-large", most=f"{MAX_IMPORT_BYTES // 1024 // 1024}")
    imported = ImportData()
    if name.casefold().endswith(".zip"):
        ends: list[tuple[int, int]] = []
        for member_name, content in read_zip(data, IMPORT_ZIP_LIMITS):
            file_name = import_file_name(member_name, "", content)
            _parse_import_content(imported, file_name, content, now, zone, single_file=False, max_rows=max_rows)
            ends.append((len(imported.messages), len(imported.jobs)))
        _leave_out_rows_of_several_files(imported, ends)
    elif name.casefold().endswith(KINDS):
        _parse_import_content(imported, name, data, now, zone, single_file=True, max_rows=max_rows)
    else:
        raise InvalidInputError("import-unsupported", name=cut_text(name, 60))
    if len(imported.messages) + len(imported.jobs) > max_rows:
        raise InvalidInputError("import-too-many-rows", most=f"{max_rows:,}")
    if len(imported.jobs) > MAX_JOB_ROWS:
        raise InvalidInputError("limits-jobs", most=f"{MAX_JOB_ROWS:,}")
    return imported


def _leave_out_rows_of_several_files(imported: ImportData, ends: Iterable[tuple[int, int]]) -> None:
    """Keep once what several files of a zip hold: the tables of an export hold what its JSON holds.

    `ends`: the numbers of messages and jobs up to the end of each file. Messages with a source key, which no table has,
    are compared by it when they are written: all of them stay here.
    """
    key_of = cache(attrgetter("key"))

    def identify_row_of_table(row: ImportedMessage) -> Hashable:
        return key_of(row.thread), row.entry

    def identify(row: ImportedMessage) -> Hashable:
        return identify_row_of_table(row) if row.source_key is None else id(row)

    with_key = {row.source_key: row for row in imported.messages if row.source_key is not None}
    seen: Counter[Hashable] = Counter(map(identify_row_of_table, with_key.values()))
    seen_jobs: Counter[Hashable] = Counter()
    messages: list[ImportedMessage] = []
    jobs: list[Job] = []
    for (first, first_job), (end, end_job) in pairwise([(0, 0), *ends]):
        messages += _take_rows_not_seen(imported.messages[first:end], identify, seen)
        jobs += _take_rows_not_seen(imported.jobs[first_job:end_job], lambda job: job, seen_jobs)
    imported.messages, imported.jobs = messages, jobs


def _take_rows_not_seen(
    rows: Iterable[_Row], identify: Callable[[_Row], Hashable], seen: Counter[Hashable]
) -> list[_Row]:
    """The rows of a file that no file before it has; they are seen from then on. Equal rows of one file are several."""
    counts: Counter[Hashable] = Counter()
    new = []
    for row in rows:
        identity = identify(row)
        counts[identity] += 1
        if counts[identity] > seen[identity]:
            new.append(row)
    for identity, count in counts.items():
        seen[identity] = max(seen[identity], count)
    return new


def _parse_import_content(
    imported: ImportData, name: str, data: bytes, now: datetime, zone: tzinfo, *, single_file: bool, max_rows: int
) -> None:
    try:
        match name.casefold().rpartition(".")[2]:
            case "csv" | "tsv":
                _parse_import_csv(imported, name, data, now, zone, max_rows=max_rows)
            case "json":
                export = imported.export = parse_export(
                    data,
                    now=now,
                    on_bad_row=lambda table, number, error: imported.add_problem(f"{name} {table}", number, error),
                )
                imported.messages += export.messages
                imported.jobs += export.jobs
            case _ if is_mail_file(name, data):
                for mail in split_mailbox(data):
                    _parse_import_mail(imported, name, mail, now, zone)
            case _:
                imported.skipped += 1
    except InvalidInputError as error:
        bad_rows = error.rows if isinstance(error, TableError) else ()
        reason = InvalidInputError(error.message_id, **error.arguments)
        if single_file and not bad_rows:
            raise reason from error
        for bad_row in bad_rows or (RowError(0, reason),):
            imported.add_problem(name, bad_row.line, bad_row.reason)
        if isinstance(error, TableError):
            imported.problem_count += max(0, error.row_count - len(bad_rows))


def _parse_import_csv(
    imported: ImportData, name: str, data: bytes, now: datetime, zone: tzinfo, *, max_rows: int
) -> None:
    """Messages or jobs, depending on the header. Raises `InvalidInputError` where it is that of neither."""
    header = csv_header_names(data)
    if not HISTORY_COLUMNS.are_meant_by(header):
        if not JOB_COLUMNS.are_meant_by(header):
            raise (
                InvalidInputError("table-unknown")
                if data.strip()
                else InvalidInputError("parsing-file-empty", name=cut_text(name, 60))
            )
        imported.jobs += parse_jobs(io.BytesIO(data), now=now, max_rows=max_rows, max_errors=MAX_PROBLEMS)
        return
    rows = parse_history_rows(io.BytesIO(data), zone, max_rows=max_rows, max_errors=MAX_PROBLEMS)
    threads = HistoryThreads(rows, imported.thread_names)
    for row in rows:
        try:
            thread = threads.thread_of(row)
            ensure_lancers_instant_possible(row.entry.at, now)
            message = ImportedMessage(thread, row.entry, Precision.SECOND, MessageSource.IMPORTED, None)
            imported.messages.append(message)
        except InvalidInputError as error:
            imported.add_problem(name, row.line, error)


def _parse_import_mail(imported: ImportData, name: str, data: bytes, now: datetime, zone: tzinfo) -> None:
    """A notification of a client's message; any other mail is skipped."""
    if len(data) > MAX_ATTACHMENT_BYTES:
        raise InvalidInputError("parsing-file-too-large", name=cut_text(name, 60))
    mail = IncomingMessage(name, "", (), (Attachment(name, len(data), data),))
    for item in parse_message(mail, now=now, zone=zone):
        match item:
            case ClientMessage(client=str(client), time=ParsedTime(at, precision)) if client:
                ensure_lancers_instant_possible(at, now)
                message = ImportedMessage(
                    thread=WrittenThread(clean_name(client), clean_title(item.title or "") or None),
                    entry=ThreadEvent(Direction.RECEIVED, EventKind.MESSAGE, at),
                    precision=precision,
                    source=MessageSource.IMPORTED,
                    source_key=item.source_key,
                    looks_final=item.looks_final,
                )
                imported.messages.append(message)
            case _:
                imported.skipped += 1
