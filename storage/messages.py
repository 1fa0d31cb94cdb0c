"""The messages of a member: when each was sent, and how that is known. Never what it said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.domain.types import MemberId, MessageId, ThreadId, from_micros, to_micros
from bot.intake.sighting import Source
from bot.intake.when import Exactness
from storage.database import MANY, Reader, Row, Transaction, Value, listed


@dataclass(frozen=True, slots=True)
class Message:
    """One row."""

    id: MessageId
    thread_id: ThreadId
    entry: ThreadEvent
    exactness: Exactness
    source: Source
    key: str
    """The identity of what it was read from; a member has each only once."""
    recorded_at: datetime
    closing: bool = False
    """Reads like the end of a conversation."""


_STATE: Final = "thread_id, direction, kind, sent_at, exactness, source, source_key, recorded_at, closing"
_COLUMNS: Final = f"message_id, {_STATE}"


def values_of(message: Message) -> tuple[Value, ...]:
    """The columns behind `message_id`."""
    return (
        message.thread_id,
        message.entry.direction,
        message.entry.kind,
        to_micros(message.entry.at),
        message.exactness,
        message.source,
        message.key,
        to_micros(message.recorded_at),
        int(message.closing),
    )


def message_from(row: Row) -> Message:
    """A message from its columns, `message_id` first."""
    number, thread, direction, kind, sent_at, exactness, source, key, recorded_at, closing = row
    return Message(
        MessageId(number),
        ThreadId(thread),
        ThreadEvent(Direction(direction), EventKind(kind), from_micros(sent_at)),
        Exactness(exactness),
        Source(source),
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
    exactness: Exactness,
    source: Source,
    key: str,
    now: datetime,
    closing: bool = False,
) -> Message:
    """Record one; its key must be new to this member."""
    new = Message(MessageId(0), thread, entry, exactness, source, key, now, closing)
    row = await transaction.fetch_one(
        f"INSERT INTO messages (member_id, {_STATE}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        f" RETURNING {_COLUMNS}",
        member,
        *values_of(new),
    )
    assert row is not None, "an insert returns its row"  # noqa: S101 — narrows the type
    return message_from(row)


async def put(transaction: Transaction, member: MemberId, messages: Iterable[Message]) -> None:
    """Make these messages as they are here, those that are missing included."""
    await transaction.execute_many(
        f"INSERT INTO messages (member_id, message_id, {_STATE})"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        " ON CONFLICT (message_id) DO UPDATE SET"
        f" {', '.join(f'{name} = excluded.{name}' for name in _STATE.split(', '))}"
        " WHERE messages.member_id = excluded.member_id",
        [(member, message.id, *values_of(message)) for message in messages],
    )


async def add_many(transaction: Transaction, member: MemberId, messages: Iterable[Message]) -> None:
    """Record many at once, but those whose key is there; their ids are given by the database."""
    await transaction.execute_many(
        f"INSERT INTO messages (member_id, {_STATE}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " ON CONFLICT (member_id, source_key) DO NOTHING",
        [(member, *values_of(message)) for message in messages],
    )


async def find(transaction: Transaction, member: MemberId, message: MessageId) -> Message | None:
    """The message, if it is this member's."""
    row = await transaction.fetch_one(
        f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 AND message_id = $2", member, message
    )
    return message_from(row) if row else None


async def with_numbers(transaction: Transaction, member: MemberId, numbers: Sequence[MessageId]) -> list[Message]:
    """Those of these numbers that are recorded; `MANY` at most."""
    if not numbers:
        return []
    rows = await transaction.fetch(
        f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 AND message_id IN ({listed(numbers, 2)})",
        member,
        *numbers,
    )
    return [message_from(row) for row in rows]


async def find_by_key(transaction: Transaction, member: MemberId, key: str) -> Message | None:
    """The message that was read from the same thing."""
    row = await transaction.fetch_one(
        f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 AND source_key = $2", member, key
    )
    return message_from(row) if row else None


async def of_thread(transaction: Transaction, member: MemberId, thread: ThreadId) -> list[Message]:
    """All of a thread, by time."""
    rows = await transaction.fetch(
        f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 AND thread_id = $2 ORDER BY sent_at, message_id",
        member,
        thread,
    )
    return [message_from(row) for row in rows]


async def of_threads(transaction: Transaction, member: MemberId, numbers: Sequence[ThreadId]) -> list[Message]:
    """All of some threads, by time."""
    found: list[Message] = []
    for start in range(0, len(numbers), MANY):
        some = numbers[start : start + MANY]
        rows = await transaction.fetch(
            f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 AND thread_id IN ({listed(some, 2)})"
            " ORDER BY sent_at, message_id",
            member,
            *some,
        )
        found += map(message_from, rows)
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
    return [message_from(row) for row in rows]


async def count(transaction: Transaction, member: MemberId) -> int:
    """How many there are."""
    row = await transaction.fetch_one("SELECT count(*) FROM messages WHERE member_id = $1", member)
    return int(row[0]) if row else 0


async def everything(transaction: Transaction, member: MemberId) -> list[Message]:
    """All of a member, by time."""
    rows = await transaction.fetch(
        f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 ORDER BY sent_at, message_id", member
    )
    return [message_from(row) for row in rows]


async def after(reader: Reader, member: MemberId, number: MessageId, *, limit: int) -> list[Message]:
    """Some of those recorded after one, in the order of their numbers."""
    rows = await reader.fetch(
        f"SELECT {_COLUMNS} FROM messages WHERE member_id = $1 AND message_id > $2 ORDER BY message_id LIMIT $3",
        member,
        number,
        limit,
    )
    return [message_from(row) for row in rows]


async def newest_id(transaction: Transaction, member: MemberId) -> MessageId:
    """The number of the last one recorded; 0 without any."""
    row = await transaction.fetch_one("SELECT max(message_id) FROM messages WHERE member_id = $1", member)
    return MessageId(row[0] or 0) if row else MessageId(0)


async def ids_after(transaction: Transaction, member: MemberId, number: MessageId) -> list[MessageId]:
    """Those recorded after one."""
    rows = await transaction.fetch(
        "SELECT message_id FROM messages WHERE member_id = $1 AND message_id > $2", member, number
    )
    return [MessageId(row[0]) for row in rows]


async def remove(transaction: Transaction, member: MemberId, gone: Iterable[MessageId]) -> None:
    """As if they had never been recorded; the same thing forwarded again is new."""
    await transaction.execute_many(
        "DELETE FROM messages WHERE member_id = $1 AND message_id = $2", [(member, number) for number in gone]
    )
