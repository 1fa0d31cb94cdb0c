"""The planned reminders of a thread, kept equal to the plan; and what became of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.reminders.plan import Reminder, ReminderKind
from bot.values import MICROSECOND, MemberId, OccurrenceId, ThreadId, from_micros, to_micros
from storage.database import Transaction
from storage.threads import Thread, thread_from


class Outcome(StrEnum):
    """What an occurrence ended in."""

    DELIVERED = "delivered"
    SUPERSEDED = "superseded"
    """Answered, dismissed, undone or changed meanwhile."""
    UNDELIVERABLE = "undeliverable"
    """Discord does not let the bot write to the member."""
    EXPIRED = "expired"
    """Its moment passed."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A reminder that did not reach the member, to be told at the next contact."""

    id: OccurrenceId
    thread: Thread
    closes_at: datetime
    outcome: Outcome


async def reconcile(
    transaction: Transaction,
    member: MemberId,
    thread: ThreadId,
    window: tuple[datetime, datetime] | None,
    wanted: Iterable[Reminder],
    *,
    now: datetime,
) -> None:
    """Make the planned occurrences of a thread those of its plan.

    What is planned and not wanted is superseded. What is wanted and new is planned unless its moment has passed.
    What has an outcome already stays as it is, and what is claimed is the dispatcher's, which looks once more.
    """
    opened, closes = (to_micros(window[0]), to_micros(window[1])) if window else (None, None)
    plan = {(opened, str(each.kind), each.lead // MICROSECOND): to_micros(each.remind_at) for each in wanted}
    rows = await transaction.fetch(
        "SELECT occurrence_id, opened_at, kind, lead, remind_at, state, delivery_id FROM occurrences"
        " WHERE member_id = $1 AND thread_id = $2 AND state <> 'superseded' AND (state = 'planned' OR opened_at = $3)",
        member,
        thread,
        opened,
    )
    at = to_micros(now)
    kept: set[tuple[int | None, str, int]] = set()
    dropped: list[int] = []
    moved: list[tuple[int, int]] = []
    for number, window_opened, kind, lead, remind_at, state, delivery in rows:
        key = (window_opened, kind, lead)
        moves_to = plan.get(key)
        if state != "planned" or moves_to == remind_at:
            kept.add(key)
        elif moves_to is None or moves_to <= at or delivery is not None:
            # One that was tried belongs to its delivery; at another time it is another occurrence.
            dropped.append(number)
        else:
            kept.add(key)
            moved.append((number, moves_to))
    await transaction.execute_many(
        "UPDATE occurrences SET state = 'superseded', settled_at = $3 WHERE member_id = $1 AND occurrence_id = $2",
        [(member, number, at) for number in dropped],
    )
    await transaction.execute_many(
        "UPDATE occurrences SET remind_at = $3, try_at = $3 WHERE member_id = $1 AND occurrence_id = $2",
        [(member, number, moves_to) for number, moves_to in moved],
    )
    await transaction.execute_many(
        "INSERT INTO occurrences"
        " (member_id, thread_id, opened_at, closes_at, kind, lead, remind_at, try_at, state)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 'planned')",
        [
            (member, thread, opened, closes, kind, lead, remind_at)
            for (_, kind, lead), remind_at in plan.items()
            if (opened, kind, lead) not in kept and remind_at > at
        ],
    )


async def planned_for(transaction: Transaction, member: MemberId, thread: ThreadId) -> tuple[Reminder, ...]:
    """What is still to come in a thread, by time."""
    rows = await transaction.fetch(
        "SELECT kind, lead, remind_at FROM occurrences"
        " WHERE member_id = $1 AND thread_id = $2 AND state IN ('planned', 'claimed') ORDER BY remind_at",
        member,
        thread,
    )
    return tuple(Reminder(ReminderKind(kind), lead * MICROSECOND, from_micros(at)) for kind, lead, at in rows)


async def threads_with_plans(transaction: Transaction, member: MemberId) -> set[ThreadId]:
    """The threads in which a reminder is still to come."""
    rows = await transaction.fetch(
        "SELECT DISTINCT thread_id FROM occurrences WHERE member_id = $1 AND state IN ('planned', 'claimed')", member
    )
    return {ThreadId(row[0]) for row in rows}


async def missed(transaction: Transaction, member: MemberId) -> list[Missed]:
    """What did not reach the member and was not told yet; nothing of a window whose closed message is still to come."""
    rows = await transaction.fetch(
        "SELECT occurrences.thread_id, client, title, unsorted, occurrence_id, closes_at, state"
        " FROM occurrences JOIN threads USING (member_id, thread_id) WHERE occurrences.member_id = $1"
        " AND state IN ('undeliverable', 'expired') AND told_at IS NULL"
        " AND NOT (state = 'expired' AND EXISTS (SELECT 1 FROM occurrences AS close WHERE close.member_id = $1"
        "  AND close.thread_id = occurrences.thread_id AND close.opened_at = occurrences.opened_at"
        "  AND close.kind = 'closed' AND close.state IN ('planned', 'claimed')))"
        " ORDER BY closes_at, occurrence_id",
        member,
    )
    return [Missed(OccurrenceId(row[4]), thread_from(row[:4]), from_micros(row[5]), Outcome(row[6])) for row in rows]


async def told(transaction: Transaction, member: MemberId, missed: Iterable[Missed], *, now: datetime) -> None:
    """The member has heard of these."""
    await transaction.execute_many(
        "UPDATE occurrences SET told_at = $3 WHERE member_id = $1 AND occurrence_id = $2",
        [(member, each.id, to_micros(now)) for each in missed],
    )
