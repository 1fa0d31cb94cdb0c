"""The undo log: for each step of a member's changes, every changed message as it was before it.

Tables: `changes` has the steps, `changed_messages` the messages, `changed_threads` the marks of threads: contract, site
and page.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.source_keys import source_key_base
from bot.domain.types import MemberId, MessageId, ThreadId, UndoStepId
from storage.database import (
    Executor,
    Select,
    Transaction,
    Value,
    insert_sql,
    parse_all_rows,
    parse_first_row,
    sql_placeholders,
)
from storage.messages import HAS_KEY_BASE, MESSAGE_COLUMNS, Message, message_from_row
from storage.rows import RowParser
from storage.threads import THREAD_COLUMNS, Thread, thread_from_row, thread_mark_values


@dataclass(frozen=True, slots=True)
class UndoStep:
    """A row of `changes`."""

    id: UndoStepId
    kind: str
    """The column `what`: the name of the kind of change in the texts."""
    at: datetime


Snapshots = Mapping[MessageId, Message | None]
"""Messages by id, as they were before a step; None: the step added the message."""

_MARKS: Final = ("contract_at", "site", "page")
_THREAD_COLUMNS: Final = ("member_id", "change_id", "thread_id", *_MARKS)
_OF_STEP: Final = "WHERE member_id = $1 AND change_id = $2"
_INSERT_MESSAGE: Final = insert_sql("changed_messages", ("member_id", "change_id", *MESSAGE_COLUMNS))
_INSERT_STEP: Final = "INSERT INTO changes (member_id, what, changed_at, under_way) VALUES ($1, $2, $3, $4)"
_INSERT_INTO_NEWEST: Final = (
    f"INSERT INTO changed_messages (member_id, change_id, {', '.join(MESSAGE_COLUMNS)})"
    f" VALUES ($1, (SELECT max(change_id) FROM changes WHERE member_id = $1), {sql_placeholders(MESSAGE_COLUMNS, 2)})"
)
_INSERT_THREAD_INTO_NEWEST: Final = (
    "INSERT INTO changed_threads (member_id, change_id, thread_id, contract_at, site, page)"
    " VALUES ($1, (SELECT max(change_id) FROM changes WHERE member_id = $1), $2, $3, $4, $5)"
)


def _snapshots_to_rows(snapshots: Snapshots, *first_values: Value) -> Iterator[tuple[Value, ...]]:
    """The values of `MESSAGE_COLUMNS` for each message, behind `first_values`; of one that was added its id alone."""
    for message_id, message in snapshots.items():
        yield *first_values, message_id, *message_from_row.values(message)[1:]


async def begin_undo_step(transaction: Transaction, member_id: MemberId, kind: str, *, now: datetime) -> UndoStepId:
    """Store a step without messages. It is in progress: it takes several transactions and cannot be undone yet."""
    [row] = await transaction.fetch(f"{_INSERT_STEP} RETURNING change_id", member_id, kind, now, 1)
    return UndoStepId(row[0])


async def add_undo_step(
    transaction: Transaction,
    member_id: MemberId,
    kind: str,
    snapshots: Snapshots,
    marked: Sequence[Thread],
    *,
    now: datetime,
) -> None:
    """Store a step with its messages and marked threads, as they were before it. The member must be locked."""
    await transaction.execute(_INSERT_STEP, member_id, kind, now, 0)
    await transaction.execute_many(_INSERT_INTO_NEWEST, _snapshots_to_rows(snapshots, member_id))
    if marked:
        values = [(member_id, thread.id, *thread_mark_values(thread)) for thread in marked]
        await transaction.execute_many(_INSERT_THREAD_INTO_NEWEST, values)


async def append_to_undo_step(
    transaction: Transaction, member_id: MemberId, step_id: UndoStepId, snapshots: Snapshots
) -> None:
    """Add messages to a step, as they were before it."""
    await transaction.execute_many(_INSERT_MESSAGE, _snapshots_to_rows(snapshots, member_id, step_id))


async def append_marks_to_undo_step(
    transaction: Transaction, member_id: MemberId, step_id: UndoStepId, thread: Thread
) -> None:
    """Add the marks of a thread to a step, as they were before it; those that it has stay."""
    await transaction.execute(
        f"{insert_sql('changed_threads', _THREAD_COLUMNS)} ON CONFLICT DO NOTHING",
        member_id,
        step_id,
        thread.id,
        *thread_mark_values(thread),
    )


async def append_added_to_undo_step(
    transaction: Transaction, member_id: MemberId, step_id: UndoStepId, after_id: MessageId
) -> None:
    """Add to a step the messages that were added after the one with this id."""
    await transaction.execute(
        "INSERT INTO changed_messages (member_id, change_id, message_id)"
        " SELECT member_id, CAST($2 AS BIGINT), message_id FROM messages WHERE member_id = $1 AND message_id > $3",
        member_id,
        step_id,
        after_id,
    )


_undo_step_from_row: Final = RowParser(UndoStep, id="change_id", kind="what", at="changed_at")
_STEP_COLUMNS: Final = _undo_step_from_row.columns
_NEWEST_FIRST: Final = "FROM changes WHERE member_id = $1 AND under_way = 0 ORDER BY change_id DESC"

latest_step_query: Final = Select(_STEP_COLUMNS, f"{_NEWEST_FIRST} LIMIT 1", parse_first_row(_undo_step_from_row))
"""The step that would be undone next; None without any."""

newest_steps_query: Final = Select(_STEP_COLUMNS, f"{_NEWEST_FIRST} LIMIT $2", parse_all_rows(_undo_step_from_row))
"""The newest steps, at most as many as the second value, the newest first."""


async def find_undo_step_that_added(reader: Executor, member_id: MemberId, message_id: MessageId) -> UndoStepId:
    """The step that recorded a message."""
    sql = "SELECT min(change_id) FROM changed_messages WHERE member_id = $1 AND message_id = $2"
    return UndoStepId(await reader.fetch_number(sql, member_id, message_id))


async def count_undo_step_messages(reader: Executor, member_id: MemberId, step_id: UndoStepId) -> int:
    """The number of messages that a step changed."""
    return await reader.fetch_number(f"SELECT count(*) FROM changed_messages {_OF_STEP}", member_id, step_id)


async def has_undo_step_changed(
    reader: Executor, member_id: MemberId, step_id: UndoStepId, message_ids: Collection[MessageId]
) -> bool:
    """Whether a step changed one of these messages."""
    sql = f"SELECT 1 FROM changed_messages {_OF_STEP} AND message_id IN ({sql_placeholders(message_ids, 3) or 'NULL'})"
    return bool(await reader.fetch(f"{sql} LIMIT 1", member_id, step_id, *message_ids))


async def load_undo_step_snapshots(transaction: Transaction, member_id: MemberId, step_id: UndoStepId) -> Snapshots:
    """The messages of a step as they were before it."""
    sql = f"SELECT {', '.join(MESSAGE_COLUMNS)} FROM changed_messages {_OF_STEP}"
    rows = await transaction.fetch(sql, member_id, step_id)
    return {MessageId(row[0]): None if row[1] is None else message_from_row(*row) for row in rows}


async def list_threads_marked_by_undo_step(
    transaction: Transaction, member_id: MemberId, step_id: UndoStepId
) -> list[Thread]:
    """The threads whose marks a step changed, with their marks as they were before it."""
    columns = (f"{'changed_threads' if name in _MARKS else 'threads'}.{name}" for name in THREAD_COLUMNS)
    return await transaction.fetch_parsed(
        thread_from_row,
        f"SELECT {', '.join(columns)} FROM changed_threads JOIN threads USING (member_id, thread_id) {_OF_STEP}",
        member_id,
        step_id,
    )


async def restore_marks_of_undo_step(
    transaction: Transaction, member_id: MemberId, step_id: UndoStepId, thread_ids: Sequence[ThreadId]
) -> None:
    """Give those of some threads whose marks a step changed the marks that they had before it."""
    marks = ", ".join(f"{name} = changed_threads.{name}" for name in _MARKS)
    await transaction.fetch_for_ids(
        f"UPDATE threads SET {marks} FROM changed_threads WHERE threads.member_id = $1"
        " AND changed_threads.member_id = threads.member_id AND changed_threads.change_id = $2"
        " AND changed_threads.thread_id = threads.thread_id AND threads.thread_id IN ({ids})",
        member_id,
        step_id,
        ids=thread_ids,
    )


async def find_deleted_message(reader: Executor, member_id: MemberId, message_id: MessageId) -> Message | None:
    """A message as it was before the newest step that deleted it alone."""
    columns = ", ".join(f"changed_messages.{column}" for column in MESSAGE_COLUMNS)
    return await reader.fetch_one_parsed(
        message_from_row,
        f"SELECT {columns} FROM changes JOIN changed_messages USING (member_id, change_id)"
        " WHERE member_id = $1 AND what = 'deleted' AND message_id = $2 ORDER BY change_id DESC LIMIT 1",
        member_id,
        message_id,
    )


async def list_source_keys_changed_since(
    reader: Executor, member_id: MemberId, source_key: str, since: datetime
) -> list[str]:
    """The source keys, about the text or event of this one, of what was changed or deleted since."""
    return await reader.fetch_parsed(
        str,
        "SELECT source_key FROM changes JOIN changed_messages USING (member_id, change_id)"
        f" WHERE member_id = $1 AND changed_at > $2 AND {HAS_KEY_BASE.format(base='$3')}",
        member_id,
        since,
        source_key_base(source_key),
    )


async def reopen_undo_step(transaction: Transaction, member_id: MemberId, step_id: UndoStepId) -> None:
    """Mark a step as in progress: it is undone in several transactions."""
    await transaction.fetch(f"UPDATE changes SET under_way = 1 {_OF_STEP}", member_id, step_id)


async def finish_undo_step(transaction: Transaction, member_id: MemberId, step_id: UndoStepId) -> None:
    """Mark a step as complete."""
    await transaction.fetch(f"UPDATE changes SET under_way = 0 {_OF_STEP}", member_id, step_id)


async def is_undo_step_in_progress(reader: Executor, member_id: MemberId, step_id: UndoStepId) -> bool:
    """Whether a step exists and is in progress."""
    return bool(await reader.fetch(f"SELECT 1 FROM changes {_OF_STEP} AND under_way = 1", member_id, step_id))


async def list_undo_steps_in_progress(reader: Executor) -> list[tuple[MemberId, UndoStepId, str]]:
    """Every step in progress, of all members, with its kind: a process works on it, or died before its end."""
    rows = await reader.fetch("SELECT member_id, change_id, what FROM changes WHERE under_way = 1 ORDER BY change_id")
    return [(MemberId(member_id), UndoStepId(step_id), kind) for member_id, step_id, kind in rows]


async def list_message_ids_of_undo_step(
    transaction: Transaction, member_id: MemberId, step_id: UndoStepId, *, limit: int
) -> list[MessageId]:
    """The ids of some messages of a step."""
    sql = f"SELECT message_id FROM changed_messages {_OF_STEP} ORDER BY message_id LIMIT $3"
    return await transaction.fetch_parsed(MessageId, sql, member_id, step_id, limit)


async def list_thread_ids_of_undo_step(reader: Executor, member_id: MemberId, step_id: UndoStepId) -> list[ThreadId]:
    """The ids of the threads to which the messages of a step belong now."""
    sql = (
        "SELECT DISTINCT messages.thread_id FROM changed_messages JOIN messages USING (member_id, message_id)"
        f" {_OF_STEP} ORDER BY 1"
    )
    return await reader.fetch_parsed(ThreadId, sql, member_id, step_id)


async def remove_messages_from_undo_step(
    transaction: Transaction, member_id: MemberId, step_id: UndoStepId, message_ids: Iterable[MessageId]
) -> None:
    """Remove messages from a step, because they have been restored to their states before it."""
    sql = f"DELETE FROM changed_messages {_OF_STEP} AND message_id = $3"
    await transaction.execute_many(sql, [(member_id, step_id, message_id) for message_id in message_ids])


async def remove_messages_from_steps_in_progress(
    transaction: Transaction, member_id: MemberId, message_ids: Collection[MessageId]
) -> None:
    """Remove messages from the steps that are in progress: they stay when these are rolled back."""
    in_progress = await transaction.fetch(
        "SELECT change_id FROM changes WHERE member_id = $1 AND under_way = 1", member_id
    )
    for [step_id] in in_progress:
        await remove_messages_from_undo_step(transaction, member_id, UndoStepId(step_id), message_ids)


async def delete_undo_step(transaction: Transaction, member_id: MemberId, step_id: UndoStepId) -> None:
    """Delete a step, because it was undone."""
    await transaction.fetch(f"DELETE FROM changes {_OF_STEP}", member_id, step_id)
