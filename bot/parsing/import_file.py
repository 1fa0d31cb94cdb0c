"""A file that a member imports: CSV of messages or jobs, mails, our own export, or a zip of these.

It is read whole before anything is written. What may not be trusted is the sender's word on sizes: every member of a
zip is read up to a limit, whatever its header says.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Final

from bot.domain.certification.jobs import Job
from bot.domain.messages import ClientMessage, MessageSource, ParsedTime, Precision
from bot.domain.names import UNASSIGNED_PREFIX, clean_name, clean_title
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.errors import InvalidInputError
from bot.parsing import jobs_csv as job_table
from bot.parsing.csv_table import RowError, TableError
from bot.parsing.export_format import ExportData, ImportedMessage, parse_export
from bot.parsing.history_csv import parse_history_rows
from bot.parsing.incoming import MAX_BYTES as MOST_MAIL
from bot.parsing.incoming import Attachment, IncomingMessage
from bot.parsing.message import parse_message

MAX_BYTES: Final = 25 * 1024 * 1024
"""Of one file, unpacked."""
MAX_UNPACKED_BYTES: Final = 100 * 1024 * 1024
"""Of all files in a zip."""
MAX_FILES: Final = 5000
MAX_ROWS: Final = 200_000
MAX_JOB_ROWS: Final = 20_000
KINDS: Final = (".csv", ".json", ".eml")


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """A row, or a whole file, that cannot be read; nothing is imported then. `line` 0: the file."""

    file: str
    line: int
    reason: InvalidInputError


@dataclass(slots=True)
class ImportData:
    """Everything that was read."""

    messages: list[ImportedMessage] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    export: ExportData | None = None
    problems: list[ImportProblem] = field(default_factory=list)
    skipped: int = 0
    """Files that hold no client's message: other mails, other kinds of files."""


def parse_import_file(name: str, data: bytes, *, now: datetime, zone: tzinfo) -> ImportData:
    """Read a file by its name and content. Raises `InputError` for a file that is none of these, or too large."""
    if len(data) > MAX_BYTES:
        raise InvalidInputError("import-large", most=f"{MAX_BYTES // 1024 // 1024}")
    bundle = ImportData()
    if name.casefold().endswith(".zip"):
        for each, content in _zip_members(data):
            _read_one(bundle, each, content, now, zone, single_file=False)
    elif name.casefold().endswith(KINDS):
        _read_one(bundle, name, data, now, zone, single_file=True)
    else:
        raise InvalidInputError("import-kind", name=name[:60])
    if any(each.entry.at > now for each in bundle.messages):
        bundle.problems.append(ImportProblem(name, 0, InvalidInputError("import-future")))
    if len(bundle.messages) + len(bundle.jobs) > MAX_ROWS:
        raise InvalidInputError("import-many", most=f"{MAX_ROWS:,}")
    if len(bundle.jobs) > MAX_JOB_ROWS:
        raise InvalidInputError("limits-jobs", most=f"{MAX_JOB_ROWS:,}")
    return bundle


def _zip_members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Each file of a zip, read no further than the limits go."""
    left = MAX_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            files = [each for each in packed.infolist() if not each.is_dir()]
            if len(files) > MAX_FILES:
                raise InvalidInputError("import-many-files", most=f"{MAX_FILES:,}")
            for each in files:
                if each.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                    raise InvalidInputError("import-zip")  # others unpack at a cost that the packed file names itself
                with packed.open(each) as file:
                    content = file.read(min(MAX_BYTES, left) + 1)
                if len(content) > min(MAX_BYTES, left):
                    raise InvalidInputError("import-bomb", most=f"{MAX_BYTES // 1024 // 1024}")
                left -= len(content)
                yield each.filename, content
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as fault:
        # RuntimeError: it asks for a password.
        raise InvalidInputError("import-zip") from fault


def _read_one(bundle: ImportData, name: str, data: bytes, now: datetime, zone: tzinfo, *, single_file: bool) -> None:
    kind = name.casefold().rpartition(".")[2]
    try:
        match kind:
            case "csv":
                _read_csv(bundle, name, data, now, zone)
            case "json":
                bundle.export = parse_export(data)
                bundle.messages += bundle.export.messages
                bundle.jobs += bundle.export.jobs
            case "eml":
                _read_mail(bundle, name, data, now, zone)
            case _:
                bundle.skipped += 1
    except TableError as fault:
        rows = fault.rows or (RowError(0, InvalidInputError(fault.message_id, **fault.arguments)),)
        bundle.problems += [ImportProblem(name, each.line, each.reason) for each in rows]
    except InvalidInputError as fault:
        if single_file:
            raise
        bundle.problems.append(ImportProblem(name, 0, fault))


def _read_csv(bundle: ImportData, name: str, data: bytes, now: datetime, zone: tzinfo) -> None:
    """Messages or jobs, as the header says."""
    header = data[:4096].split(b"\n", 1)[0].lower()
    if b"thread" not in header and b"method" in header:
        bundle.jobs += job_table.parse_jobs(io.BytesIO(data), now=now, max_rows=MAX_ROWS)
        return
    for row in parse_history_rows(io.BytesIO(data), zone, max_rows=MAX_ROWS):
        unsorted = row.title if row.title.startswith(UNASSIGNED_PREFIX) else None
        client = clean_name(row.client or ("" if unsorted else row.thread)) or None
        if client is None and unsorted is None:
            bundle.problems.append(ImportProblem(name, row.line, InvalidInputError("history-thread-empty")))
        elif row.entry.at > now:
            bundle.problems.append(ImportProblem(name, row.line, InvalidInputError("import-future")))
        else:
            title = None if unsorted else clean_title(row.title) or None
            bundle.messages.append(
                ImportedMessage(
                    client, title, row.entry, Precision.SECOND, MessageSource.IMPORTED, None, unassigned=unsorted
                )
            )


def _read_mail(bundle: ImportData, name: str, data: bytes, now: datetime, zone: tzinfo) -> None:
    """A notification of a client's message; anything else is skipped."""
    if len(data) > MOST_MAIL:
        raise InvalidInputError("intake-large-file", name=name[:60])
    parcel = IncomingMessage(name, "", (), (), (Attachment(name, len(data), data),))
    for finding in parse_message(parcel, now=now, zone=zone):
        match finding:
            case ClientMessage(client=str(client), time=ParsedTime(at, precision)) if client:
                entry = ThreadEvent(Direction.RECEIVED, EventKind.MESSAGE, at)
                named = (clean_name(client), clean_title(finding.title or "") or None)
                key, final = finding.source_key, finding.looks_final
                bundle.messages.append(ImportedMessage(*named, entry, precision, MessageSource.IMPORTED, key, final))
            case _:
                bundle.skipped += 1
