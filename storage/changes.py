"""The steps of a member's corrections: each message as it was before, so that the newest step can be undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.values import ChangeId, MemberId, MessageId, from_micros, to_micros
from storage.database import Transaction
from storage.messages import Message, message_from, values_of


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `what` names it as in the texts."""

    id: ChangeId
    what: str
    at: datetime


_STATE: Final = "thread_id, direction, kind, sent_at, exactness, source, source_key, recorded_at, closing"


async def keep(
    transaction: Transaction, member: MemberId, what: str, before: Mapping[MessageId, Message | None], *, now: datetime
) -> None:
    """Keep a step."""
    row = await transaction.fetch_one(
        "INSERT INTO changes (member_id, what, changed_at) VALUES ($1, $2, $3) RETURNING change_id",
        member,
        what,
        to_micros(now),
    )
    assert row is not None, "an insert returns its row"  # noqa: S101 — narrows the type
    await transaction.execute_many(
        f"INSERT INTO changed_messages (member_id, change_id, message_id, {_STATE})"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        [
            (member, row[0], number, *((None,) * 9 if message is None else values_of(message)))
            for number, message in before.items()
        ],
    )


async def newest(transaction: Transaction, member: MemberId) -> Step | None:
    """The step that would be undone."""
    row = await transaction.fetch_one(
        "SELECT change_id, what, changed_at FROM changes WHERE member_id = $1 ORDER BY change_id DESC LIMIT 1", member
    )
    return Step(ChangeId(row[0]), row[1], from_micros(row[2])) if row else None


async def size(transaction: Transaction, member: MemberId, step: ChangeId) -> int:
    """How many messages a step changed."""
    row = await transaction.fetch_one(
        "SELECT count(*) FROM changed_messages WHERE member_id = $1 AND change_id = $2", member, step
    )
    return int(row[0]) if row else 0


async def before(transaction: Transaction, member: MemberId, step: ChangeId) -> dict[MessageId, Message | None]:
    """Each message of a step as it was."""
    rows = await transaction.fetch(
        f"SELECT message_id, {_STATE} FROM changed_messages WHERE member_id = $1 AND change_id = $2", member, step
    )
    return {MessageId(row[0]): None if row[1] is None else message_from(row) for row in rows}


async def drop(transaction: Transaction, member: MemberId, step: ChangeId) -> None:
    """It was undone."""
    await transaction.fetch("DELETE FROM changes WHERE member_id = $1 AND change_id = $2", member, step)
