"""The messages of a member: when each was sent, and how that is known. Never what it said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.certification.reply_clock import Direction, Entry, Kind
from bot.intake.sighting import Source
from bot.intake.when import Exactness
from bot.values import MemberId, MessageId, ThreadId, from_micros, to_micros
from storage.database import Row, Transaction


@dataclass(frozen=True, slots=True)
class Message:
    """One row."""

    id: MessageId
    thread_id: ThreadId
    entry: Entry
    exactness: Exactness
    source: Source
    key: str
    """The identity of what it was read from; a member has each only once."""
    recorded_at: datetime


_COLUMNS: Final = "message_id, thread_id, direction, kind, sent_at, exactness, source, source_key, recorded_at"


def _message(row: Row) -> Message:
    number, thread, direction, kind, sent_at, exactness, source, key, recorded_at = row
    return Message(
        MessageId(number),
        ThreadId(thread),
        Entry(Direction(direction), Kind(kind), from_micros(sent_at)),
        Exactness(exactness),
        Source(source),
        key,
        from_micros(recorded_at),
    )


async def add(
    transaction: Transaction,
    member: MemberId,
    thread: ThreadId,
    entry: Entry,
    *,
    exactness: Exactness,
    source: Source,
    key: str,
    now: datetime,
) -> Message:
    """Record one; its key must be new to this member."""
    row = await transaction.fetch_one(
        "INSERT INTO messages"
        " (member_id, thread_id, direction, kind, sent_at, exactness, source, source_key, recorded_at)"
        f" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING {_COLUMNS}",
        member,
        thread,
        entry.direction,
        entry.kind,
        to_micros(entry.at),
        exactness,
        source,
        key,
        to_micros(now),
    )
    assert row is not None, "an insert returns its row"  # noqa: S101 — narrows the type
    return _message(row)


async def find(transaction: Transaction, member: MemberId, message: MessageId) -> Message | None:
    """The message, if it is this member's."""
    row = await transaction.fetch_one(
        f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 AND message_id = $2", member, message
    )
    return _message(row) if row else None


async def find_by_key(transaction: Transaction, member: MemberId, key: str) -> Message | None:
    """The message that was read from the same thing."""
    row = await transaction.fetch_one(
        f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 AND source_key = $2", member, key
    )
    return _message(row) if row else None


async def of_thread(transaction: Transaction, member: MemberId, thread: ThreadId) -> list[Message]:
    """All of a thread, by time."""
    rows = await transaction.fetch(
        f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 AND thread_id = $2 ORDER BY sent_at, message_id",
        member,
        thread,
    )
    return [_message(row) for row in rows]


async def change(transaction: Transaction, member: MemberId, changed: Message) -> None:
    """Put a message right: its thread, direction, time and what that was read from."""
    await transaction.fetch(
        "UPDATE messages SET thread_id = $3, direction = $4, kind = $5, sent_at = $6, exactness = $7, source = $8,"
        " recorded_at = $9 WHERE member_id = $1 AND message_id = $2",
        member,
        changed.id,
        changed.thread_id,
        changed.entry.direction,
        changed.entry.kind,
        to_micros(changed.entry.at),
        changed.exactness,
        changed.source,
        to_micros(changed.recorded_at),
    )


async def remove(transaction: Transaction, member: MemberId, message: MessageId) -> None:
    """Undo a record; the same thing forwarded again is new."""
    await transaction.fetch("DELETE FROM messages WHERE member_id = $1 AND message_id = $2", member, message)
