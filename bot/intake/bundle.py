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
from bot.domain.names import UNASSIGNED_PREFIX, clean_name, clean_title
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.errors import InvalidInputError
from bot.intake import jobs as job_table
from bot.intake.export import Imported, Takeout, read_takeout
from bot.intake.history import read_history_rows
from bot.intake.parcel import MOST_BYTES as MOST_MAIL
from bot.intake.parcel import Attachment, Parcel
from bot.intake.reader import read
from bot.intake.sighting import Sighting, Source
from bot.intake.table import BadRow, BadTableError
from bot.intake.when import Exactness

MOST_BYTES: Final = 25 * 1024 * 1024
"""Of one file, unpacked."""
MOST_UNPACKED: Final = 100 * 1024 * 1024
"""Of all files in a zip."""
MOST_FILES: Final = 5000
MOST_ROWS: Final = 200_000
MOST_JOB_ROWS: Final = 20_000
KINDS: Final = (".csv", ".json", ".eml")


@dataclass(frozen=True, slots=True)
class BadFile:
    """A row, or a whole file, that cannot be read; nothing is imported then. `line` 0: the file."""

    file: str
    line: int
    reason: InvalidInputError


@dataclass(slots=True)
class Bundle:
    """Everything that was read."""

    messages: list[Imported] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    takeout: Takeout | None = None
    bad: list[BadFile] = field(default_factory=list)
    skipped: int = 0
    """Files that hold no client's message: other mails, other kinds of files."""


def read_bundle(name: str, data: bytes, *, now: datetime, zone: tzinfo) -> Bundle:
    """Read a file by its name and content. Raises `InputError` for a file that is none of these, or too large."""
    if len(data) > MOST_BYTES:
        raise InvalidInputError("import-large", most=f"{MOST_BYTES // 1024 // 1024}")
    bundle = Bundle()
    if name.casefold().endswith(".zip"):
        for each, content in _unpacked(data):
            _read_one(bundle, each, content, now, zone, alone=False)
    elif name.casefold().endswith(KINDS):
        _read_one(bundle, name, data, now, zone, alone=True)
    else:
        raise InvalidInputError("import-kind", name=name[:60])
    if any(each.entry.at > now for each in bundle.messages):
        bundle.bad.append(BadFile(name, 0, InvalidInputError("import-future")))
    if len(bundle.messages) + len(bundle.jobs) > MOST_ROWS:
        raise InvalidInputError("import-many", most=f"{MOST_ROWS:,}")
    if len(bundle.jobs) > MOST_JOB_ROWS:
        raise InvalidInputError("limits-jobs", most=f"{MOST_JOB_ROWS:,}")
    return bundle


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Each file of a zip, read no further than the limits go."""
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            files = [each for each in packed.infolist() if not each.is_dir()]
            if len(files) > MOST_FILES:
                raise InvalidInputError("import-many-files", most=f"{MOST_FILES:,}")
            for each in files:
                if each.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                    raise InvalidInputError("import-zip")  # others unpack at a cost that the packed file names itself
                with packed.open(each) as file:
                    content = file.read(min(MOST_BYTES, left) + 1)
                if len(content) > min(MOST_BYTES, left):
                    raise InvalidInputError("import-bomb", most=f"{MOST_BYTES // 1024 // 1024}")
                left -= len(content)
                yield each.filename, content
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as fault:
        # RuntimeError: it asks for a password.
        raise InvalidInputError("import-zip") from fault


def _read_one(bundle: Bundle, name: str, data: bytes, now: datetime, zone: tzinfo, *, alone: bool) -> None:
    kind = name.casefold().rpartition(".")[2]
    try:
        match kind:
            case "csv":
                _read_csv(bundle, name, data, now, zone)
            case "json":
                bundle.takeout = read_takeout(data)
                bundle.messages += bundle.takeout.messages
                bundle.jobs += bundle.takeout.jobs
            case "eml":
                _read_mail(bundle, name, data, now, zone)
            case _:
                bundle.skipped += 1
    except BadTableError as fault:
        rows = fault.rows or (BadRow(0, InvalidInputError(fault.message_id, **fault.arguments)),)
        bundle.bad += [BadFile(name, each.line, each.reason) for each in rows]
    except InvalidInputError as fault:
        if alone:
            raise
        bundle.bad.append(BadFile(name, 0, fault))


def _read_csv(bundle: Bundle, name: str, data: bytes, now: datetime, zone: tzinfo) -> None:
    """Messages or jobs, as the header says."""
    header = data[:4096].split(b"\n", 1)[0].lower()
    if b"thread" not in header and b"method" in header:
        bundle.jobs += job_table.read_jobs(io.BytesIO(data), most=MOST_ROWS)
        return
    for row in read_history_rows(io.BytesIO(data), zone, most=MOST_ROWS):
        unsorted = row.title if row.title.startswith(UNASSIGNED_PREFIX) else None
        client = clean_name(row.client or ("" if unsorted else row.thread)) or None
        if client is None and unsorted is None:
            bundle.bad.append(BadFile(name, row.line, InvalidInputError("history-thread-empty")))
        elif row.entry.at > now:
            bundle.bad.append(BadFile(name, row.line, InvalidInputError("import-future")))
        else:
            title = None if unsorted else clean_title(row.title) or None
            bundle.messages.append(
                Imported(client, title, row.entry, Exactness.SECOND, Source.IMPORTED, None, unsorted=unsorted)
            )


def _read_mail(bundle: Bundle, name: str, data: bytes, now: datetime, zone: tzinfo) -> None:
    """A notification of a client's message; anything else is skipped."""
    if len(data) > MOST_MAIL:
        raise InvalidInputError("intake-large-file", name=name[:60])
    parcel = Parcel(name, "", (), (), (Attachment(name, len(data), data),))
    for finding in read(parcel, now=now, zone=zone):
        match finding:
            case Sighting(client, job, moment, _, key, closing) if client and moment:
                entry = ThreadEvent(Direction.RECEIVED, EventKind.MESSAGE, moment.at)
                named = (clean_name(client), clean_title(job or "") or None)
                bundle.messages.append(Imported(*named, entry, moment.exactness, Source.IMPORTED, key, closing))
            case _:
                bundle.skipped += 1
