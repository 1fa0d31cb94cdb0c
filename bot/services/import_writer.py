"""What an import writes: its messages in batches of whole threads, and what the member declared and chose."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from bot.domain.types import MessageId, ThreadId
from bot.parsing.day import parse_day
from bot.parsing.export_format import ExportData, ImportedMessage
from bot.parsing.history_csv import parse_instant
from bot.services.bulk_changes import BATCH_ROWS
from bot.services.preference_changes import PreferenceChanges, validate_changes
from bot.services.record_transaction import RecordTransaction
from storage import members, messages, profile, threads
from storage.members import Badge, Member
from storage.messages import Message
from storage.profile import ConfirmedProfile, Goal
from storage.threads import ThreadIdentity

THREADS_PER_BATCH: Final = 100
"""In one batch."""

ThreadKey = tuple[str, str]
"""What a thread is matched by: the client's key and the title's."""


@dataclass(frozen=True, slots=True)
class ThreadChunk:
    """Rows of one thread. What is derived of a thread is written with its last rows."""

    thread_key: ThreadKey
    rows: Sequence[ImportedMessage]
    is_last: bool


def batches(new: Mapping[ThreadKey, Sequence[ImportedMessage]]) -> Iterator[list[ThreadChunk]]:
    """Few rows and few threads at a time."""
    batch: list[ThreadChunk] = []
    room = BATCH_ROWS
    for place, rows in new.items():
        start = 0
        while start < len(rows):
            piece = ThreadChunk(place, rows[start : start + room], is_last=start + room >= len(rows))
            batch.append(piece)
            start += len(piece.rows)
            room -= len(piece.rows)
            if not room or len(batch) == THREADS_PER_BATCH:
                yield batch
                batch, room = [], BATCH_ROWS
    if batch:
        yield batch


async def write_batch(desk: RecordTransaction, batch: Sequence[ThreadChunk], keys: Counter[str]) -> None:
    """Write it, and derive the threads that are whole with it. `keys` are those given out by this import."""
    transaction, member = desk.transaction, desk.member
    await threads.get_or_create_many(
        transaction, member, [_thread_identity(message) for message in batch], now=desk.now
    )
    numbers = await threads.ids_by_key(transaction, member, [message.thread_key for message in batch])
    newest = await messages.newest_id(transaction, member)
    await messages.add_many(
        transaction,
        member,
        [_message(row, numbers[message.thread_key], keys, desk.now) for message in batch for row in message.rows],
    )
    desk.undo_snapshots.update(dict.fromkeys(await messages.ids_after(transaction, member, newest)))
    await desk.recompute_threads([numbers[message.thread_key] for message in batch if message.is_last])


def _thread_identity(piece: ThreadChunk) -> ThreadIdentity:
    first = piece.rows[0]
    unsorted = first.unassigned is not None
    return ThreadIdentity(first.client, None if unsorted else first.title, *piece.thread_key, unassigned=unsorted)


def _message(message: ImportedMessage, thread: ThreadId, keys: Counter[str], now: datetime) -> Message:
    key = message.source_key
    if key is None:
        # Equal rows of one file are told apart by their place; the time of the import keeps those of another apart.
        same = f"row:{thread}:{message.entry.direction}:{message.entry.kind}:{message.entry.at.isoformat()}"
        keys[same] += 1
        key = f"{same}:{now.isoformat()}:{keys[same]}"
    return Message(
        id=MessageId(0),
        thread_id=thread,
        entry=message.entry,
        precision=message.precision,
        source=message.source,
        source_key=key,
        recorded_at=message.recorded_at or now,
        looks_final=message.looks_final,
    )


async def restore_profile_and_settings(desk: RecordTransaction, imported: ExportData) -> None:
    """What the member declared and chose, where nothing newer is known here."""
    transaction, member = desk.transaction, desk.member
    items = {item: ConfirmedProfile(filled, on) for item, (filled, on) in imported.profile.items()}
    await profile.restore_profile(transaction, member, items)
    is_present = {message.on for message in await transaction.query(profile.calibrations(member))}
    for displayed in imported.calibrations:
        if displayed.on not in is_present:
            await profile.add_calibration(transaction, member, displayed)
    if imported.goal is not None and await transaction.query(profile.goal(member)) is None:
        await profile.set_goal(transaction, member, Goal(*imported.goal))
    row = await members.get_or_create(transaction, member, now=desk.now)
    restored = validate_changes(row, _choices(row, imported.member))
    login = imported.member.get("last_login")
    if row.last_login is None and login is not None:
        restored = replace(restored, last_login=parse_day(str(login), now=desk.now))
    await members.update_preferences(transaction, restored)


def _choices(row: Member, imported: dict[str, Any]) -> PreferenceChanges:
    """What was chosen there and not here."""

    def of(name: str, is_present: object) -> str | None:
        value = imported.get(name)
        return None if value is None or is_present is not None else str(value)[:200]

    badge = of("badge", None if row.badge is Badge.UNKNOWN else row.badge)
    since = imported.get("badge_since")
    return PreferenceChanges(
        locale=of("locale", row.locale),
        timezone=of("timezone", row.timezone),
        edition=of("edition", row.edition),
        lead_times=of("lead_times", row.lead_times),
        quiet_hours=of("quiet_hours", row.quiet_hours),
        review_day=of("review_day", row.review_day),
        digest=of("digest", row.digest),
        badge=Badge(badge) if badge in set(Badge) else None,
        badge_since=parse_instant(str(since), UTC) if since is not None else None,
        keep_history=True if imported.get("keeps_history") == 1 else None,
    )
