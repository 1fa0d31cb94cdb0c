"""Between the erasures in the database and the notes outside of it: whichever lacks something gets it from the other.

After a restored backup the database lacks erasures, after a full disk the file does. Nothing here raises because of a
single member or note: the bot starts, and what could not be done is tried again.
"""

import asyncio
from pathlib import Path
from typing import Final

import structlog

from bot.domain.types import MemberId
from bot.errors import StorageError
from storage import erased_members, member_data
from storage.admin import erasure_log
from storage.database import Database
from storage.erased_members import Erasure

NOTES_PER_STEP: Final = 1_000
"""Notes written, and marked as written, at once."""

log = structlog.get_logger()


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
    recorded = await erased_members.members_recorded_since_erasure(database, newer)
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
        return await asyncio.to_thread(erasure_log.read_erasure_log, path)
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
            await asyncio.to_thread(erasure_log.add_erasure_notes, database.erasure_log_path, step)
            async with database.write() as transaction:
                await erased_members.mark_erasures_noted(transaction, step)
    except OSError as error:
        log.warning("erasure_notes_not_written", error_type=type(error).__name__)
    except StorageError as error:
        log.warning("erasure_notes_not_written", error=error.message_id)
