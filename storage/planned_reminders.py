"""The planned reminders of a thread, kept equal to the plan; and what became of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.reminders.plan import Reminder, ReminderKind
from bot.domain.types import MICROSECOND, MemberId, OccurrenceId, ThreadId, from_micros, to_micros
from storage.database import MAX_PARAMS, Executor, Query, Row, Transaction, placeholders
from storage.threads import Thread, thread_from


class ReminderOutcome(StrEnum):
    """What an occurrence ended in."""

    DELIVERED = "delivered"
    SUPERSEDED = "superseded"
    """Answered, dismissed, undone or changed meanwhile."""
    UNDELIVERABLE = "undeliverable"
    """Discord does not let the bot write to the member."""
    EXPIRED = "expired"
    """Its moment passed."""


@dataclass(frozen=True, slots=True)
class MissedReminder:
    """A reminder that did not reach the member, to be told at the next contact."""

    id: OccurrenceId
    thread: Thread
    closes_at: datetime
    outcome: ReminderOutcome


@dataclass(frozen=True, slots=True)
class _PlanDiff:
    """Between what is planned of a thread and its plan; false when there is none."""

    dropped: list[int]
    moved: list[tuple[int, int]]
    missing: list[tuple[str, int, int]]

    def __bool__(self) -> bool:
        return bool(self.dropped or self.moved or self.missing)


Window = tuple[datetime, datetime]
"""When it opens and when it closes."""

_OF_PLAN: Final = (
    "occurrence_id, opened_at, kind, lead, remind_at, state, delivery_id FROM occurrences"
    " WHERE member_id = $1 AND thread_id = $2 AND state <> 'superseded' AND (state = 'planned' OR opened_at = $3)"
)


def _diff(rows: Iterable[Row], opened: int | None, planned: Iterable[Reminder], now_micros: int) -> _PlanDiff:
    plan = {(opened, str(each.kind), each.lead // MICROSECOND): to_micros(each.remind_at) for each in planned}
    kept: set[tuple[int | None, str, int]] = set()
    dropped: list[int] = []
    moved: list[tuple[int, int]] = []
    for number, window_opened, kind, lead, remind_at, state, delivery in rows:
        key = (window_opened, kind, lead)
        moves_to = plan.get(key)
        if state != "planned" or moves_to == remind_at:
            kept.add(key)
        elif moves_to is None or moves_to <= now_micros or delivery is not None:
            # One that was tried belongs to its delivery; at another time it is another occurrence.
            dropped.append(number)
        else:
            kept.add(key)
            moved.append((number, moves_to))
    missing = [
        (kind, lead, remind_at)
        for (_, kind, lead), remind_at in plan.items()
        if (opened, kind, lead) not in kept and remind_at > now_micros
    ]
    return _PlanDiff(dropped, moved, missing)


async def sync_plan(
    transaction: Transaction,
    member: MemberId,
    thread: ThreadId,
    window: Window | None,
    planned: Iterable[Reminder],
    *,
    now: datetime,
) -> None:
    """Make the planned occurrences of a thread those of its plan.

    What is planned and not wanted is superseded. What is wanted and new is planned unless its moment has passed.
    What has an outcome already stays as it is, and what is claimed is the dispatcher's, which looks once more.
    """
    opened, closes = (to_micros(window[0]), to_micros(window[1])) if window else (None, None)
    now_micros = to_micros(now)
    rows = await transaction.fetch(
        f"SELECT {_OF_PLAN} FOR UPDATE",  # what the dispatcher is just claiming is looked at once it has
        member,
        thread,
        opened,
    )
    difference = _diff(rows, opened, planned, now_micros)
    await transaction.execute_many(
        "UPDATE occurrences SET state = 'superseded', settled_at = $3 WHERE member_id = $1 AND occurrence_id = $2",
        [(member, number, now_micros) for number in difference.dropped],
    )
    await transaction.execute_many(
        "UPDATE occurrences SET remind_at = $3, try_at = $3 WHERE member_id = $1 AND occurrence_id = $2",
        [(member, number, moves_to) for number, moves_to in difference.moved],
    )
    await transaction.execute_many(
        "INSERT INTO occurrences"
        " (member_id, thread_id, opened_at, closes_at, kind, lead, remind_at, try_at, state)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 'planned')",
        [(member, thread, opened, closes, *each) for each in difference.missing],
    )


async def is_stale(
    reader: Executor,
    member: MemberId,
    thread: ThreadId,
    window: Window | None,
    planned: Iterable[Reminder],
    *,
    now: datetime,
) -> bool:
    """Whether `reconcile` would change anything; what was tried once is the dispatcher's, as what is claimed."""
    opened = to_micros(window[0]) if window else None
    rows = await reader.fetch(f"SELECT {_OF_PLAN}", member, thread, opened)
    untried = [(*row[:5], "claimed" if row[6] is not None else row[5], row[6]) for row in rows]
    return bool(_diff(untried, opened, planned, to_micros(now)))


async def planned_for(transaction: Transaction, member: MemberId, thread: ThreadId) -> tuple[Reminder, ...]:
    """What is still to come in a thread, by time."""
    rows = await transaction.fetch(
        "SELECT kind, lead, remind_at FROM occurrences"
        " WHERE member_id = $1 AND thread_id = $2 AND state IN ('planned', 'claimed') ORDER BY remind_at",
        member,
        thread,
    )
    return tuple(
        Reminder(ReminderKind(kind), lead * MICROSECOND, from_micros(now_micros)) for kind, lead, now_micros in rows
    )


async def threads_with_plans(transaction: Transaction, member: MemberId, numbers: Sequence[ThreadId]) -> set[ThreadId]:
    """Those of some threads in which a reminder is still to come."""
    found: set[ThreadId] = set()
    for start in range(0, len(numbers), MAX_PARAMS):
        some = numbers[start : start + MAX_PARAMS]
        rows = await transaction.fetch(
            "SELECT DISTINCT thread_id FROM occurrences"
            f" WHERE member_id = $1 AND thread_id IN ({placeholders(some, 2)})"
            " AND state IN ('planned', 'claimed')",
            member,
            *some,
        )
        found |= {ThreadId(row[0]) for row in rows}
    return found


def unannounced_missed(member: MemberId) -> Query[list[MissedReminder]]:
    """What did not reach the member and was not told yet; nothing of a window whose closed message is still to come."""
    return Query(
        "SELECT occurrences.thread_id, client, title, unsorted, occurrence_id, closes_at, state"
        " FROM occurrences JOIN threads USING (member_id, thread_id) WHERE occurrences.member_id = $1"
        " AND state IN ('undeliverable', 'expired') AND told_at IS NULL"
        " AND NOT (state = 'expired' AND EXISTS (SELECT 1 FROM occurrences AS close WHERE close.member_id = $1"
        "  AND close.thread_id = occurrences.thread_id AND close.opened_at = occurrences.opened_at"
        "  AND close.kind = 'closed' AND close.state IN ('planned', 'claimed')))"
        " ORDER BY closes_at, occurrence_id",
        (member,),
        7,
        lambda rows: [
            MissedReminder(OccurrenceId(row[4]), thread_from(row[:4]), from_micros(row[5]), ReminderOutcome(row[6]))
            for row in rows
        ],
    )


async def mark_notified(
    transaction: Transaction, member: MemberId, missed: Iterable[MissedReminder], *, now: datetime
) -> None:
    """The member has heard of these."""
    await transaction.execute_many(
        "UPDATE occurrences SET told_at = $3 WHERE member_id = $1 AND occurrence_id = $2",
        [(member, each.id, to_micros(now)) for each in missed],
    )
