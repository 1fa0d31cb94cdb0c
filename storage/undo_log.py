"""The steps of a member's corrections: each message as it was before, so that the newest step can be undone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.types import MemberId, MessageId, ThreadId, UndoStepId, from_micros, to_micros
from storage.database import Executor, Transaction
from storage.messages import Message, from_row, to_row


@dataclass(frozen=True, slots=True)
class UndoStep:
    """One step; `what` names it as in the texts."""

    id: UndoStepId
    kind: str
    at: datetime


_STATE: Final = "thread_id, direction, kind, sent_at, exactness, source, source_key, recorded_at, closing"


async def save(
    transaction: Transaction, member: MemberId, kind: str, before: Mapping[MessageId, Message | None], *, now: datetime
) -> None:
    """Keep a step."""
    await append(transaction, member, await begin(transaction, member, kind, now=now, under_way=False), before)


async def begin(
    transaction: Transaction, member: MemberId, kind: str, *, now: datetime, under_way: bool = True
) -> UndoStepId:
    """A step without its messages. `under_way`: it takes several transactions, and until `finish` nobody undoes it."""
    row = await transaction.fetch_one(
        "INSERT INTO changes (member_id, what, changed_at, under_way) VALUES ($1, $2, $3, $4) RETURNING change_id",
        member,
        kind,
        to_micros(now),
        int(under_way),
    )
    assert row is not None, "an insert returns its row"  # noqa: S101 — narrows the type
    return UndoStepId(row[0])


async def append(
    transaction: Transaction, member: MemberId, step: UndoStepId, before: Mapping[MessageId, Message | None]
) -> None:
    """Messages of a step, as they were before it."""
    await transaction.execute_many(
        f"INSERT INTO changed_messages (member_id, change_id, message_id, {_STATE})"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        [
            (member, step, number, *((None,) * 9 if message is None else to_row(message)))
            for number, message in before.items()
        ],
    )


async def latest(transaction: Transaction, member: MemberId) -> UndoStep | None:
    """The step that would be undone."""
    row = await transaction.fetch_one(
        "SELECT change_id, what, changed_at FROM changes WHERE member_id = $1 AND under_way = 0"
        " ORDER BY change_id DESC LIMIT 1",
        member,
    )
    return UndoStep(UndoStepId(row[0]), row[1], from_micros(row[2])) if row else None


async def size(transaction: Transaction, member: MemberId, step: UndoStepId) -> int:
    """How many messages a step changed."""
    row = await transaction.fetch_one(
        "SELECT count(*) FROM changed_messages WHERE member_id = $1 AND change_id = $2", member, step
    )
    return int(row[0]) if row else 0


async def snapshots(transaction: Transaction, member: MemberId, step: UndoStepId) -> dict[MessageId, Message | None]:
    """Each message of a step as it was."""
    rows = await transaction.fetch(
        f"SELECT message_id, {_STATE} FROM changed_messages WHERE member_id = $1 AND change_id = $2", member, step
    )
    return {MessageId(row[0]): None if row[1] is None else from_row(row) for row in rows}


async def reopen(transaction: Transaction, member: MemberId, step: UndoStepId) -> None:
    """It is being taken back, in several transactions."""
    await transaction.fetch("UPDATE changes SET under_way = 1 WHERE member_id = $1 AND change_id = $2", member, step)


async def finish(transaction: Transaction, member: MemberId, step: UndoStepId) -> None:
    """All of it is there."""
    await transaction.fetch("UPDATE changes SET under_way = 0 WHERE member_id = $1 AND change_id = $2", member, step)


async def is_in_progress(transaction: Transaction, member: MemberId, step: UndoStepId) -> bool:
    """Whether a step is there and has not ended."""
    return bool(
        await transaction.fetch(
            "SELECT 1 FROM changes WHERE member_id = $1 AND change_id = $2 AND under_way = 1", member, step
        )
    )


async def list_in_progress(reader: Executor) -> list[tuple[MemberId, UndoStepId]]:
    """Every step that has not ended: somebody is at it, or died over it."""
    rows = await reader.fetch("SELECT member_id, change_id FROM changes WHERE under_way = 1 ORDER BY change_id")
    return [(MemberId(member), UndoStepId(step)) for member, step in rows]


async def added(transaction: Transaction, member: MemberId, step: UndoStepId, *, limit: int) -> list[MessageId]:
    """Some of the messages that a step added."""
    rows = await transaction.fetch(
        "SELECT message_id FROM changed_messages WHERE member_id = $1 AND change_id = $2 ORDER BY message_id LIMIT $3",
        member,
        step,
        limit,
    )
    return [MessageId(row[0]) for row in rows]


async def threads_of(reader: Executor, member: MemberId, step: UndoStepId) -> list[ThreadId]:
    """The threads in which messages of a step are recorded now."""
    rows = await reader.fetch(
        "SELECT DISTINCT messages.thread_id FROM changed_messages JOIN messages USING (member_id, message_id)"
        " WHERE member_id = $1 AND change_id = $2 ORDER BY 1",
        member,
        step,
    )
    return [ThreadId(row[0]) for row in rows]


async def remove_messages(
    transaction: Transaction, member: MemberId, step: UndoStepId, message_ids: Iterable[MessageId]
) -> None:
    """These messages of a step are as they were before it."""
    await transaction.execute_many(
        "DELETE FROM changed_messages WHERE member_id = $1 AND change_id = $2 AND message_id = $3",
        [(member, step, number) for number in message_ids],
    )


async def drop(transaction: Transaction, member: MemberId, step: UndoStepId) -> None:
    """It was undone."""
    await transaction.fetch("DELETE FROM changes WHERE member_id = $1 AND change_id = $2", member, step)
