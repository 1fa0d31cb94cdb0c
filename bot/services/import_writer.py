"""Writes of an import: its messages in batches of threads, and the member's profile and settings."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, starmap
from typing import Any

import structlog

from bot.domain.certification.facts import ProfileStatement
from bot.domain.certification.jobs import category_key
from bot.domain.names import client_key
from bot.domain.types import Site, ThreadId
from bot.errors import InvalidInputError
from bot.parsing.export_reader import ExportData, ImportedMessage
from bot.services.bulk_changes import BulkLimits
from bot.services.import_contents import thread_key_reader, unpack
from bot.services.preference_changes import WRITTEN_PREFERENCES, PreferenceChanges, save_preferences, validate_changes
from bot.services.profile import MAX_GOALS
from bot.services.record_transaction import RecordTransaction
from storage import members, messages, muted_clients, profile, reply_state, threads
from storage.members import Badge, Member
from storage.messages import NEW_ID, Message
from storage.profile import ConfirmedProfile, Goal
from storage.threads import ThreadIdentity, ThreadKey

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ThreadChunk:
    """Rows of one thread. The thread's derived state is written with its last rows."""

    thread_key: ThreadKey
    rows: Sequence[ImportedMessage]
    is_last: bool


def batches(parts: Iterable[bytes], limits: BulkLimits) -> Iterator[list[ThreadChunk]]:
    """Split the packed messages by thread into batches of limited rows and threads."""
    batch: list[ThreadChunk] = []
    rows_left = limits.batch_rows
    all_rows = (row for part in parts for row in unpack(part))
    for key, adjoining in groupby(all_rows, thread_key_reader()):
        rows = list(adjoining)
        start = 0
        while start < len(rows):
            end = start + rows_left
            chunk = ThreadChunk(key, rows[start:end], is_last=end >= len(rows))
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
    await threads.create_missing(transaction, member_id, identities, now=record.now)
    ids = await threads.ids_by_key(transaction, member_id, [chunk.thread_key for chunk in batch])
    await _restore_marks(record, [(ids[chunk.thread_key], row) for chunk in batch for row in chunk.rows])
    newest_id = await messages.newest_id(transaction, member_id)
    new = [
        _message_of_row(row, ids[chunk.thread_key], source_keys, record.now) for chunk in batch for row in chunk.rows
    ]
    await messages.add_many(transaction, member_id, new)
    record.undo_snapshots.update(dict.fromkeys(await messages.ids_after(transaction, member_id, newest_id)))
    await record.recompute_threads(*(ids[chunk.thread_key] for chunk in batch if chunk.is_last))
    counts = await transaction.query(reply_state.member_counts(member_id, record.now))
    if counts.open_windows > record.max_open_windows:
        raise InvalidInputError("limits-open", most=record.max_open_windows)


async def _restore_marks(record: RecordTransaction, imported: Iterable[tuple[ThreadId, ImportedMessage]]) -> None:
    """Site, contract and page of threads, where the member has said nothing of them since."""
    marks = {
        thread_id: row
        for thread_id, row in imported
        if row.site is not Site.LANCERS or row.contract_at is not None or row.page is not None
    }
    for thread_id, row in marks.items():
        thread = await threads.find(record.transaction, record.member_id, thread_id)
        if thread is not None and thread.counts and thread.contract_at is None:
            marked = replace(thread, site=row.site, contract_at=row.contract_at, page=thread.page or row.page)
            await threads.save_marks(record.transaction, record.member_id, [marked])


def _thread_identity(chunk: ThreadChunk) -> ThreadIdentity:
    first = chunk.rows[0]
    unassigned = first.unassigned is not None
    return ThreadIdentity(first.client, None if unassigned else first.title, *chunk.thread_key, unassigned=unassigned)


def _message_of_row(row: ImportedMessage, thread_id: ThreadId, source_keys: Counter[str], now: datetime) -> Message:
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
    """Restore the profile and the settings, where the member has set nothing since, with what follows from them.

    A setting that cannot be read here is left out: the bot that exported it may have known other zones or editions.
    """
    transaction, member_id = record.transaction, record.member_id
    items: dict[ProfileStatement, ConfirmedProfile] = {
        item: ConfirmedProfile(filled, on) for item, (filled, on) in imported.profile.items()
    }
    await profile.restore_profile(transaction, member_id, items)
    stored_days = {displayed.on for displayed in await transaction.query(profile.calibrations(member_id))}
    for displayed in imported.calibrations:
        if displayed.on not in stored_days:
            await profile.save_calibration(transaction, member_id, displayed)
    categories = {category_key(goal.category) for goal in await transaction.query(profile.goals(member_id))}
    for goal in starmap(Goal, imported.goals):
        if category_key(goal.category) not in categories and len(categories) < MAX_GOALS:
            categories.add(category_key(goal.category))
            await profile.set_goal(transaction, member_id, goal)
    for client, muted_at in imported.muted_clients:
        if key := client_key(client):
            await muted_clients.add(transaction, member_id, client, key, now=muted_at)
    member = await members.get_or_create(transaction, member_id, now=record.now)
    restored = validate_changes(member, _imported_settings(member, imported.member))
    login = imported.member.get("last_login")
    if member.last_login is None and login is not None:
        restored = members.with_choices(restored, last_login=login)
    await save_preferences(transaction, restored, record.defaults, now=record.now)


def _imported_settings(member: Member, imported: dict[str, Any]) -> PreferenceChanges:
    """The imported settings that the member has not set."""

    def setting(name: str, current: object) -> str | None:
        value = imported.get(name)
        return None if value is None or current is not None else str(value)[:200]

    badge = setting("badge", None if member.badge is Badge.UNKNOWN else member.badge)
    written: dict[str, Any] = {name: setting(name, getattr(member, name)) for name in WRITTEN_PREFERENCES}
    written = {name: text for name, text in written.items() if text is not None and _is_readable(member, name, text)}
    return PreferenceChanges(
        **written,
        badge=Badge(badge) if badge in set(Badge) else None,
        badge_since=imported.get("badge_since"),
        rank_on=imported.get("rank_on"),
        keep_history=True if imported.get("keeps_history") == 1 else None,
    )


def _is_readable(member: Member, name: str, text: str) -> bool:
    change: dict[str, Any] = {name: text}
    try:
        validate_changes(member, PreferenceChanges(**change))
    except InvalidInputError:
        log.info("imported_setting_left_out", setting=name, member_id=member.id)
        return False
    return True
