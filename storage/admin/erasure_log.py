"""The notes of erasures: a file outside of the database, so that a restored backup does not bring the erased back.

A line has a member's id, the instant in microseconds and, since schema 7, the newest Discord message that is not read
again; nothing else, and one line a member. Lines older than any backup are removed. Several processes may share the
file: whoever changes it has it locked.

Between the erasures in the database and the notes, whichever lacks something gets it from the other: after a restored
backup the database lacks erasures, after a full disk the file does. Nothing of that raises because of a single member
or note: the bot starts, and what could not be done is tried again.
"""

import asyncio
import fcntl
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import Final

import structlog

from bot.domain.calendar import instant_from_micros, instant_to_micros
from bot.domain.types import MemberId
from bot.errors import StorageError
from storage import erased_members, member_data
from storage.admin.durable_rename import rename_durably
from storage.database import Database
from storage.discord_ids import message_id_at
from storage.erased_members import Erasure

_LINE_RE: Final = re.compile(r"([0-9]{1,19}) ([0-9]{1,19})(?: ([0-9]{1,19}))?")
_MAX_ID: Final = 2**63 - 1
_MAX_TIMESTAMP: Final = instant_to_micros(datetime(9999, 1, 1, tzinfo=UTC))

NOTES_PER_STEP: Final = 1_000
"""Notes written, and marked as written, at once."""

log = structlog.get_logger()


def read_erasure_log(path: Path) -> dict[MemberId, Erasure]:
    """The newest erasure of each member; none without a file. Lines cut off by a power failure are skipped.

    Raises `OSError` when the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    return _merge_erasures({}, _parse_notes(lines))


def _parse_notes(lines: Iterable[str]) -> Iterator[Erasure]:
    for line in lines:
        if match := _LINE_RE.fullmatch(line):
            erased_at = instant_from_micros(min(int(match[2]), _MAX_TIMESTAMP))
            newest = message_id_at(erased_at) if match[3] is None else min(int(match[3]), _MAX_ID)
            yield Erasure(MemberId(min(int(match[1]), _MAX_ID)), erased_at, newest)


def add_erasure_notes(path: Path, erasures: Iterable[Erasure]) -> None:
    """Note erasures durably, in place of earlier ones of the same members. Raises `OSError`."""
    erasures = list(erasures)
    with _open_log_locked(path) as file:
        stored = read_erasure_log(path)
        if any(erasure.member_id in stored for erasure in erasures):
            _rewrite_log_file(path, _merge_erasures(stored, erasures))
        else:
            _append_log_lines(file, "".join(map(_format_note, erasures)))


def _format_note(erasure: Erasure) -> str:
    return f"{erasure.member_id} {instant_to_micros(erasure.erased_at)} {erasure.last_read_message_id}\n"


def _merge_erasures(stored: Mapping[MemberId, Erasure], erasures: Iterable[Erasure]) -> dict[MemberId, Erasure]:
    """The newest erasure of each member."""
    merged = dict(stored)
    for erasure in erasures:
        known = merged.get(erasure.member_id, erasure)
        merged[erasure.member_id] = max(known, erasure, key=attrgetter("erased_at", "last_read_message_id"))
    return merged


def copy_erasure_log(path: Path, to: Path) -> None:
    """Add the notes of one log to another one."""
    if erasures := read_erasure_log(path):
        add_erasure_notes(to, erasures.values())


def prune_erasure_log(path: Path, before: datetime) -> None:
    """Remove the notes of erasures before an instant: every backup was made after them. Raises `OSError`."""
    if not any(erasure.erased_at < before for erasure in read_erasure_log(path).values()):
        return
    with _open_log_locked(path):
        stored = read_erasure_log(path)
        _rewrite_log_file(path, {key: erasure for key, erasure in stored.items() if erasure.erased_at >= before})


@contextmanager
def _open_log_locked(path: Path) -> Iterator[int]:
    """Open the file, made if missing, for this process alone; the descriptor appends."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(file), path.stat()):
                    yield file
                    return
        finally:
            os.close(file)
        # Another process has put a new file in its place meanwhile.


def _append_log_lines(file: int, lines: str) -> None:
    size = os.fstat(file).st_size
    if size and os.pread(file, 1, size - 1) != b"\n":
        lines = f"\n{lines}"  # after a line that a power failure cut off
    _write_all_bytes(file, lines)
    os.fsync(file)


def _write_all_bytes(file: int, text: str) -> None:
    data = memoryview(text.encode("ascii"))
    while data:
        data = data[os.write(file, data) :]


def _rewrite_log_file(path: Path, erasures: Mapping[MemberId, Erasure]) -> None:
    """Replace the file durably, with the one that was locked still open."""
    new_path = path.with_suffix(f"{path.suffix}.new")
    file = os.open(new_path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        _write_all_bytes(file, "".join(map(_format_note, erasures.values())))
    finally:
        os.close(file)
    rename_durably(new_path, path)


async def repeat_erasures(database: Database) -> None:
    """Erase again who came back with a restored backup, and write the notes that are missing.

    Raises `StorageError` only when the database cannot be read.
    """
    await _store_noted_erasures(database)
    erased = 0
    for member_id in await erased_members.list_returned_members(database):
        erased += await _erase_member_again(database, member_id)
    if erased:
        log.info("erasures_repeated", members=erased)
        try:
            await database.purge_deleted_data()
        except StorageError as error:
            log.warning("deleted_data_not_purged", error=error.message_id)
    await write_missing_erasure_notes(database)


async def _store_noted_erasures(database: Database) -> None:
    """Store the erasures that only the file knows.

    An erasure after which its member went on recording was refused, by a version that wrote the note first.
    """
    notes = await _read_erasure_notes(database.erasure_log_path)
    if not notes:
        return
    stored = await erased_members.load_erasures(database)
    newer = [
        note
        for member_id, note in notes.items()
        if (known := stored.get(member_id)) is None or known.erased_at < note.erased_at
    ]
    if not newer:
        return
    recorded = await erased_members.list_members_recorded_since_erasure(database, newer)
    for member_id in sorted(recorded):
        log.warning("erasure_note_ignored", member_id=member_id)
    try:
        async with database.write() as transaction:
            await erased_members.save_erasures(
                transaction, [note for note in newer if note.member_id not in recorded], noted=True
            )
    except StorageError as error:
        log.warning("erasure_notes_not_read", error=error.message_id)


async def _read_erasure_notes(path: Path) -> dict[MemberId, Erasure]:
    try:
        return await asyncio.to_thread(read_erasure_log, path)
    except OSError as error:
        log.warning("erasure_notes_not_read", error_type=type(error).__name__)
        return {}


async def _erase_member_again(database: Database, member_id: MemberId) -> bool:
    try:
        async with database.write() as transaction:
            await member_data.erase_member(transaction, member_id)
    except Exception as error:  # noqa: BLE001 — whatever it is, the member stays hidden and everybody else is served
        log.warning("erasure_not_repeated", member_id=member_id, error_type=type(error).__name__)
        return False
    return True


async def write_missing_erasure_notes(database: Database) -> None:
    """Write the notes of erasures that have none yet. What fails is logged, and tried again by the next call."""
    try:
        missing = await erased_members.list_erasures_without_note(database)
        for start in range(0, len(missing), NOTES_PER_STEP):
            step = missing[start : start + NOTES_PER_STEP]
            await asyncio.to_thread(add_erasure_notes, database.erasure_log_path, step)
            async with database.write() as transaction:
                await erased_members.mark_erasures_noted(transaction, step)
    except OSError as error:
        log.warning("erasure_notes_not_written", error_type=type(error).__name__)
    except StorageError as error:
        log.warning("erasure_notes_not_written", error=error.message_id)
