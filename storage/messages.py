"""The messages of a member: when each was sent, and how that is known. Never what it said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.messages import MessageSource, Precision
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.domain.types import MemberId, MessageId, ThreadId, from_micros, to_micros
from storage.database import MAX_PARAMS, Executor, Row, Transaction, Value, placeholders


@dataclass(frozen=True, slots=True)
class Message:
    """One row."""

    id: MessageId
    thread_id: ThreadId
    entry: ThreadEvent
    precision: Precision
    source: MessageSource
    source_key: str
    """The identity of what it was read from; a member has each only once."""
    recorded_at: datetime
    looks_final: bool = False
    """Reads like the end of a conversation."""


_STATE: Final = "thread_id, direction, kind, sent_at, exactness, source, source_key, recorded_at, closing"
_COLUMNS: Final = f"message_id, {_STATE}"


def to_row(message: Message) -> tuple[Value, ...]:
    """The columns behind `message_id`."""
    return (
        message.thread_id,
        message.entry.direction,
        message.entry.kind,
        to_micros(message.entry.at),
        message.precision,
        message.source,
        message.source_key,
        to_micros(message.recorded_at),
        int(message.looks_final),
    )


def from_row(row: Row) -> Message:
    """A message from its columns, `message_id` first."""
    after_id, thread, direction, kind, sent_at, precision, source, key, recorded_at, closing = row
    return Message(
        MessageId(after_id),
        ThreadId(thread),
        ThreadEvent(Direction(direction), EventKind(kind), from_micros(sent_at)),
        Precision(precision),
        MessageSource(source),
        key,
        from_micros(recorded_at),
        bool(closing),
    )


async def add(
    transaction: Transaction,
    member: MemberId,
    thread: ThreadId,
    entry: ThreadEvent,
    *,
    precision: Precision,
    source: MessageSource,
    key: str,
    now: datetime,
    closing: bool = False,
) -> Message:
    """Record one; its key must be new to this member."""
    new = Message(MessageId(0), thread, entry, precision, source, key, now, closing)
    row = await transaction.fetch_one(
        f"INSERT INTO messages (member_id, {_STATE}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        f" RETURNING {_COLUMNS}",
        member,
        *to_row(new),
    )
    assert row is not None, "an insert returns its row"  # noqa: S101 — narrows the type
    return from_row(row)


async def upsert(transaction: Transaction, member: MemberId, messages: Iterable[Message]) -> None:
    """Make these messages as they are here, those that are missing included."""
    await transaction.execute_many(
        f"INSERT INTO messages (member_id, message_id, {_STATE})"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        " ON CONFLICT (message_id) DO UPDATE SET"
        f" {', '.join(f'{name} = excluded.{name}' for name in _STATE.split(', '))}"
        " WHERE messages.member_id = excluded.member_id",
        [(member, message.id, *to_row(message)) for message in messages],
    )


async def add_many(transaction: Transaction, member: MemberId, messages: Iterable[Message]) -> None:
    """Record many at once, but those whose key is there; their ids are given by the database."""
    await transaction.execute_many(
        f"INSERT INTO messages (member_id, {_STATE}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " ON CONFLICT (member_id, source_key) DO NOTHING",
        [(member, *to_row(message)) for message in messages],
    )


async def find(transaction: Transaction, member: MemberId, message: MessageId) -> Message | None:
    """The message, if it is this member's."""
    row = await transaction.fetch_one(
        f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 AND message_id = $2", member, message
    )
    return from_row(row) if row else None


async def find_many(transaction: Transaction, member: MemberId, message_ids: Sequence[MessageId]) -> list[Message]:
    """Those of these numbers that are recorded; `MANY` at most."""
    if not message_ids:
        return []
    rows = await transaction.fetch(
        f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 AND message_id IN ({placeholders(message_ids, 2)})",
        member,
        *message_ids,
    )
    return [from_row(row) for row in rows]


async def find_by_key(transaction: Transaction, member: MemberId, key: str) -> Message | None:
    """The message that was read from the same thing."""
    row = await transaction.fetch_one(
        f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 AND source_key = $2", member, key
    )
    return from_row(row) if row else None


async def list_in_thread(transaction: Transaction, member: MemberId, thread: ThreadId) -> list[Message]:
    """All of a thread, by time."""
    rows = await transaction.fetch(
        f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 AND thread_id = $2 ORDER BY sent_at, message_id",
        member,
        thread,
    )
    return [from_row(row) for row in rows]


async def list_in_threads(transaction: Transaction, member: MemberId, message_ids: Sequence[ThreadId]) -> list[Message]:
    """All of some threads, by time."""
    found: list[Message] = []
    for start in range(0, len(message_ids), MAX_PARAMS):
        some = message_ids[start : start + MAX_PARAMS]
        rows = await transaction.fetch(
            f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 AND thread_id IN ({placeholders(some, 2)})"
            " ORDER BY sent_at, message_id",
            member,
            *some,
        )
        found += map(from_row, rows)
    return found


async def page(transaction: Transaction, member: MemberId, *, limit: int, offset: int = 0) -> list[Message]:
    """The member's messages, the newest first."""
    rows = await transaction.fetch(
        f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1"
        " ORDER BY sent_at DESC, message_id DESC LIMIT $2 OFFSET $3",
        member,
        limit,
        offset,
    )
    return [from_row(row) for row in rows]


async def count(transaction: Transaction, member: MemberId) -> int:
    """How many there are."""
    row = await transaction.fetch_one("SELECT count(*) FROM messages WHERE member_id = $1", member)
    return int(row[0]) if row else 0


async def list_all(transaction: Transaction, member: MemberId) -> list[Message]:
    """All of a member, by time."""
    rows = await transaction.fetch(
        f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 ORDER BY sent_at, message_id", member
    )
    return [from_row(row) for row in rows]


async def list_after(reader: Executor, member: MemberId, after_id: MessageId, *, limit: int) -> list[Message]:
    """Some of those recorded after one, in the order of their numbers."""
    rows = await reader.fetch(
        f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 AND message_id > $2 ORDER BY message_id LIMIT $3",
        member,
        after_id,
        limit,
    )
    return [from_row(row) for row in rows]


async def newest_id(transaction: Transaction, member: MemberId) -> MessageId:
    """The number of the last one recorded; 0 without any."""
    row = await transaction.fetch_one("SELECT max(message_id) FROM messages WHERE member_id = $1", member)
    return MessageId(row[0] or 0) if row else MessageId(0)


async def ids_after(transaction: Transaction, member: MemberId, after_id: MessageId) -> list[MessageId]:
    """Those recorded after one."""
    rows = await transaction.fetch(
        "SELECT message_id FROM messages WHERE member_id = $1 AND message_id > $2", member, after_id
    )
    return [MessageId(row[0]) for row in rows]


async def remove(transaction: Transaction, member: MemberId, message_ids: Iterable[MessageId]) -> None:
    """As if they had never been recorded; the same thing forwarded again is new."""
    await transaction.execute_many(
        "DELETE FROM messages WHERE member_id = $1 AND message_id = $2",
        [(member, after_id) for after_id in message_ids],
    )
