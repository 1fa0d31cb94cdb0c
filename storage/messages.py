"""The messages of a member: when each was sent, and how precisely that is known. Their texts are not stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import starmap
from operator import attrgetter
from typing import Any, Final, NamedTuple

from bot.domain.messages import MessageSource, Precision
from bot.domain.reply.thread_state import Direction, ThreadEvent
from bot.domain.source_keys import source_key_base
from bot.domain.types import MemberId, MessageId, ThreadId
from storage.database import (
    Executor,
    Query,
    Select,
    Transaction,
    Value,
    insert_sql,
    parse_all_rows,
    parse_first_row,
    sql_placeholders,
    upsert_sql,
)
from storage.rows import RowParser

NEW_ID: Final = MessageId(0)
"""The id of a message before the database gives it one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A row of `messages`."""

    id: MessageId
    thread_id: ThreadId
    entry: ThreadEvent
    precision: Precision
    source: MessageSource
    source_key: str
    """Identifies the text or event that the message was read from; unique for a member."""
    recorded_at: datetime
    looks_final: bool = False
    """It reads like the end of a conversation."""


message_from_row: Final = RowParser(
    Message,
    id="message_id",
    entry=RowParser(ThreadEvent, at="sent_at"),
    precision="exactness",
    looks_final="closing",
)
"""The message of a row of `messages` or `changed_messages`."""
MESSAGE_COLUMNS: Final = message_from_row.columns
NewRow = tuple[Value, ...]
"""The values of `MESSAGE_COLUMNS` after the id."""


message_query: Final = Select(
    MESSAGE_COLUMNS, "FROM messages WHERE member_id = $1 AND message_id = $2", parse_first_row(message_from_row)
)
"""The message with an id, if it is the member's."""

thread_messages_query: Final = Select(
    MESSAGE_COLUMNS,
    "FROM messages WHERE member_id = $1 AND thread_id = $2 ORDER BY sent_at, message_id",
    parse_all_rows(message_from_row),
)
"""All messages of a thread, by time."""

HAS_KEY_BASE: Final = "source_key >= {base} AND source_key < {base} || 'g'"
"""Behind a base are a colon and hexadecimal digits, which come before "g" in every collation."""

_messages_with_key_base_query: Final = Select(
    MESSAGE_COLUMNS,
    f"FROM messages WHERE member_id = $1 AND {HAS_KEY_BASE.format(base='$2')}",
    parse_all_rows(message_from_row),
)
_SELECT: Final = f"SELECT {', '.join(MESSAGE_COLUMNS)} FROM messages WHERE member_id = $1"
_INSERT: Final = insert_sql("messages", ("member_id", *MESSAGE_COLUMNS[1:]))  # the database generates the id
_UPSERT: Final = (
    upsert_sql("messages", ("member_id", *MESSAGE_COLUMNS), key=("message_id",))
    + " WHERE messages.member_id = excluded.member_id"
)


async def add_message(transaction: Transaction, member_id: MemberId, message: Message) -> Message:
    """Record a message under a new id, which the result has; its key must be new to this member."""
    [row] = await transaction.fetch(f"{_INSERT} RETURNING message_id", member_id, *message_from_row.values(message)[1:])
    return replace(message, id=MessageId(row[0]))


async def upsert_messages(transaction: Transaction, member_id: MemberId, messages: Iterable[Message]) -> None:
    """Write messages with the ids they have; those that are recorded are replaced."""
    await transaction.execute_many(_UPSERT, [(member_id, *message_from_row.values(message)) for message in messages])


async def add_messages(transaction: Transaction, member_id: MemberId, rows: Iterable[NewRow]) -> None:
    """Record messages under new ids; one whose key is recorded already is skipped."""
    sql = f"{_INSERT} ON CONFLICT (member_id, source_key) DO NOTHING"
    await transaction.execute_many(sql, [(member_id, *row) for row in rows])


async def find_messages(
    transaction: Transaction, member_id: MemberId, message_ids: Sequence[MessageId]
) -> list[Message]:
    """The messages with these ids that are this member's."""
    rows = await transaction.fetch_for_ids(f"{_SELECT} AND message_id IN ({{ids}})", member_id, ids=message_ids)
    return list(starmap(message_from_row, rows))


def messages_of_key_query(member_id: MemberId, source_key: str) -> Query[list[Message]]:
    """The messages whose source keys are about the text or event of this one (bot/domain/source_keys.py)."""
    return _messages_with_key_base_query(member_id, source_key_base(source_key))


async def set_message_source_key(
    transaction: Transaction, member_id: MemberId, message_id: MessageId, source_key: str
) -> None:
    """Replace the source key by one that says more of the same message."""
    sql = "UPDATE messages SET source_key = $3 WHERE member_id = $1 AND message_id = $2"
    await transaction.execute(sql, member_id, message_id, source_key)


async def find_last_recorded_message_of_sources(
    reader: Executor, member_id: MemberId, sources: Sequence[MessageSource]
) -> Message | None:
    """The message recorded last of those that were read from one of these sources."""
    return await reader.fetch_one_parsed(
        message_from_row,
        f"{_SELECT} AND source IN ({sql_placeholders(sources, 2)}) ORDER BY recorded_at DESC, message_id DESC LIMIT 1",
        member_id,
        *sources,
    )


async def find_last_recorded_unassigned_message(
    reader: Executor, member_id: MemberId, since: datetime
) -> Message | None:
    """The message recorded last of those whose client or thread nobody has named, if that was not before `since`."""
    return await reader.fetch_one_parsed(
        message_from_row,
        f"{_SELECT} AND recorded_at >= $2 AND direction = 'received' AND thread_id IN (SELECT thread_id FROM threads"
        " WHERE member_id = $1 AND unsorted = 1) ORDER BY recorded_at DESC, message_id DESC LIMIT 1",
        member_id,
        since,
    )


async def find_messages_typed_since(
    transaction: Transaction,
    member_id: MemberId,
    direction: Direction,
    since: datetime,
    *,
    thread_id: ThreadId | None,
    unassigned_client_key: str,
) -> list[Message]:
    """The messages that the member typed since then, in a thread or in a client's unassigned ones; newest first."""
    rows = await transaction.fetch(
        f"{_SELECT} AND recorded_at >= $2 AND source = 'written' AND direction = $3 AND kind = 'message'"
        " AND thread_id IN (SELECT CAST($4 AS BIGINT) UNION SELECT thread_id FROM threads"
        "  WHERE member_id = $1 AND client_key = $5 AND unsorted = 1)",
        member_id,
        since,
        direction,
        thread_id or 0,
        unassigned_client_key or "-",
    )
    # Sorted here: with ORDER BY, SQLite reads all messages of the member in that order.
    return sorted(starmap(message_from_row, rows), key=attrgetter("id"), reverse=True)


EventRow = Sequence[Any]
"""The columns `thread_id`, `direction`, `kind` and `sent_at`."""


async def list_message_rows_in_threads(
    transaction: Transaction, member_id: MemberId, thread_ids: Sequence[ThreadId]
) -> Sequence[EventRow]:
    """What the states of some threads are computed from."""
    sql = "SELECT thread_id, direction, kind, sent_at FROM messages WHERE member_id = $1 AND thread_id IN ({ids})"
    return await transaction.fetch_for_ids(sql, member_id, ids=thread_ids)


async def list_messages_page(
    transaction: Transaction, member_id: MemberId, *, limit: int, offset: int
) -> list[Message]:
    """The member's messages, the newest first."""
    sql = f"{_SELECT} ORDER BY sent_at DESC, message_id DESC LIMIT $2 OFFSET $3"
    return await transaction.fetch_parsed(message_from_row, sql, member_id, limit, offset)


async def count_messages(reader: Executor, member_id: MemberId) -> int:
    """The number of the member's messages."""
    return await reader.fetch_number("SELECT count(*) FROM messages WHERE member_id = $1", member_id)


async def count_messages_in_thread(reader: Executor, member_id: MemberId, thread_id: ThreadId) -> int:
    """The number of a thread's messages."""
    return await reader.fetch_number(
        "SELECT count(*) FROM messages WHERE member_id = $1 AND thread_id = $2", member_id, thread_id
    )


async def count_replies_since(reader: Executor, member_id: MemberId, at: datetime) -> int:
    """How many replies the member sent after an instant."""
    replies = "direction = 'sent' AND kind = 'message'"
    sql = f"SELECT count(*) FROM messages WHERE member_id = $1 AND sent_at > $2 AND {replies}"
    return await reader.fetch_number(sql, member_id, at)


class RecordedRow(NamedTuple):
    """What tells a recorded message from others."""

    message_id: int
    thread_id: int
    direction: str
    kind: str
    sent_at: int
    source_key: str


async def list_message_rows_after(
    reader: Executor, member_id: MemberId, after_id: int, *, limit: int
) -> list[RecordedRow]:
    """The next messages with higher ids than this one, by id."""
    return await reader.fetch_parsed(
        RecordedRow,
        f"SELECT {', '.join(RecordedRow._fields)} FROM messages WHERE member_id = $1 AND message_id > $2"
        " ORDER BY message_id LIMIT $3",
        member_id,
        after_id,
        limit,
    )


async def find_highest_message_id(transaction: Transaction, member_id: MemberId) -> MessageId:
    """The highest id of the member's messages; 0 without any."""
    sql = "SELECT coalesce(max(message_id), 0) FROM messages WHERE member_id = $1"
    return MessageId(await transaction.fetch_number(sql, member_id))


async def delete_messages(transaction: Transaction, member_id: MemberId, message_ids: Iterable[MessageId]) -> None:
    """Delete messages; the same text forwarded again is recorded again."""
    sql = "DELETE FROM messages WHERE member_id = $1 AND message_id = $2"
    await transaction.execute_many(sql, [(member_id, message_id) for message_id in message_ids])
