"""Writes of an import: its messages in batches of threads, and the member's profile and settings."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.types import ThreadId
from bot.parsing.day import parse_day
from bot.parsing.export_format import ExportData, ImportedMessage
from bot.parsing.history_csv import parse_instant
from bot.services.bulk_changes import BulkLimits
from bot.services.preference_changes import WRITTEN_PREFERENCES, PreferenceChanges, validate_changes
from bot.services.record_transaction import RecordTransaction
from storage import members, messages, profile, threads
from storage.members import Badge, Member
from storage.messages import NEW_ID, Message
from storage.profile import ConfirmedProfile, Goal
from storage.threads import ThreadIdentity, ThreadKey


@dataclass(frozen=True, slots=True)
class ThreadChunk:
    """Rows of one thread. The thread's derived state is written with its last rows."""

    thread_key: ThreadKey
    rows: Sequence[ImportedMessage]
    is_last: bool


def batches(new: Mapping[ThreadKey, Sequence[ImportedMessage]], limits: BulkLimits) -> Iterator[list[ThreadChunk]]:
    """Split the new messages by thread into batches of limited rows and threads."""
    batch: list[ThreadChunk] = []
    rows_left = limits.batch_rows
    for thread_key, rows in new.items():
        start = 0
        while start < len(rows):
            end = start + rows_left
            chunk = ThreadChunk(thread_key, rows[start:end], is_last=end >= len(rows))
            batch.append(chunk)
            start += len(chunk.rows)
            rows_left -= len(chunk.rows)
            if not rows_left or len(batch) == limits.batch_threads:
                yield batch
                batch, rows_left = [], limits.batch_rows
    if batch:
        yield batch


async def write_batch(record: RecordTransaction, batch: Sequence[ThreadChunk], source_keys: Counter[str]) -> None:
    """Write a batch and derive the threads that it completes. `source_keys` counts the keys made by this import."""
    transaction, member_id = record.transaction, record.member_id
    identities = [_thread_identity(chunk) for chunk in batch]
    await threads.get_or_create_many(transaction, member_id, identities, now=record.now)
    ids = await threads.ids_by_key(transaction, member_id, [chunk.thread_key for chunk in batch])
    newest_id = await messages.newest_id(transaction, member_id)
    new = [_message(row, ids[chunk.thread_key], source_keys, record.now) for chunk in batch for row in chunk.rows]
    await messages.add_many(transaction, member_id, new)
    record.undo_snapshots.update(dict.fromkeys(await messages.ids_after(transaction, member_id, newest_id)))
    await record.recompute_threads(*(ids[chunk.thread_key] for chunk in batch if chunk.is_last))


def _thread_identity(chunk: ThreadChunk) -> ThreadIdentity:
    first = chunk.rows[0]
    unassigned = first.unassigned is not None
    return ThreadIdentity(first.client, None if unassigned else first.title, *chunk.thread_key, unassigned=unassigned)


def _message(row: ImportedMessage, thread_id: ThreadId, source_keys: Counter[str], now: datetime) -> Message:
    source_key = row.source_key
    if source_key is None:
        # A count distinguishes equal rows of one import, and its time those of another import.
        base = f"row:{thread_id}:{row.entry.direction}:{row.entry.kind}:{row.entry.at.isoformat()}"
        source_keys[base] += 1
        source_key = f"{base}:{now.isoformat()}:{source_keys[base]}"
    return Message(
        id=NEW_ID,
        thread_id=thread_id,
        entry=row.entry,
        precision=row.precision,
        source=row.source,
        source_key=source_key,
        recorded_at=row.recorded_at or now,
        looks_final=row.looks_final,
    )


async def restore_profile_and_settings(record: RecordTransaction, imported: ExportData) -> None:
    """Restore the profile and the settings, where the member has set nothing since."""
    transaction, member_id = record.transaction, record.member_id
    items = {item: ConfirmedProfile(filled, on) for item, (filled, on) in imported.profile.items()}
    await profile.restore_profile(transaction, member_id, items)
    stored_days = {displayed.on for displayed in await transaction.query(profile.calibrations(member_id))}
    for displayed in imported.calibrations:
        if displayed.on not in stored_days:
            await profile.add_calibration(transaction, member_id, displayed)
    if imported.goal is not None and await transaction.query(profile.goal(member_id)) is None:
        await profile.set_goal(transaction, member_id, Goal(*imported.goal))
    member = await members.get_or_create(transaction, member_id, now=record.now)
    restored = validate_changes(member, _imported_settings(member, imported.member))
    login = imported.member.get("last_login")
    if member.last_login is None and login is not None:
        restored = replace(restored, last_login=parse_day(str(login), now=record.now))
    await members.update_preferences(transaction, restored)


def _imported_settings(member: Member, imported: dict[str, Any]) -> PreferenceChanges:
    """The imported settings that the member has not set."""

    def setting(name: str, current: object) -> str | None:
        value = imported.get(name)
        return None if value is None or current is not None else str(value)[:200]

    badge = setting("badge", None if member.badge is Badge.UNKNOWN else member.badge)
    since = imported.get("badge_since")
    written: dict[str, Any] = {name: setting(name, getattr(member, name)) for name in WRITTEN_PREFERENCES}
    return PreferenceChanges(
        **written,
        badge=Badge(badge) if badge in set(Badge) else None,
        badge_since=parse_instant(str(since), UTC) if since is not None else None,
        keep_history=True if imported.get("keeps_history") == 1 else None,
    )
