"""The planned reminders of a thread, made equal to its plan, and the outcome of each. Table: `occurrences`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import repeat
from operator import attrgetter, itemgetter
from typing import Any, Final

from bot.domain.calendar import MICROSECOND, instant_from_micros, instant_to_micros
from bot.domain.reminders.contract_plan import WindowPlan
from bot.domain.reminders.load_spreading import MAX_EARLY
from bot.domain.reminders.plan import Reminder, ReminderKind
from bot.domain.types import MemberId, PlannedReminderId, ThreadId
from storage.database import Row, Select, Transaction, parse_all_rows
from storage.rows import RowParser
from storage.threads import Thread, thread_from_row


class ReminderOutcome(StrEnum):
    """How a planned reminder ended."""

    DELIVERED = "delivered"
    SUPERSEDED = "superseded"
    """The thread was answered, dismissed or changed, or a message undone, before the reminder was sent."""
    UNDELIVERABLE = "undeliverable"
    """Discord does not let the bot write to the member."""
    EXPIRED = "expired"
    """The bot could not send it in time."""


@dataclass(frozen=True, slots=True)
class MissedReminder:
    """A reminder that did not reach the member, who is notified of it at the next contact."""

    id: PlannedReminderId
    thread: Thread
    kind: ReminderKind
    closes_at: datetime
    outcome: ReminderOutcome


MAX_AFTER_OPENING: Final = timedelta(days=10)
"""Longer than from the opening of a window to its last reminder."""

_STORED: Final = (
    "FROM occurrences WHERE member_id = $1 AND thread_id = $2 AND state <> 'superseded'"
    " AND (state = 'planned' OR opened_at > $3)"
)
_COMPARED: Final = ("occurrence_id", "opened_at", "kind", "lead", "remind_at", "state", "delivery_id")
OPENING_AND_STATE: Final = itemgetter(_COMPARED.index("opened_at"), _COMPARED.index("state"))
"""When the window opened of a row of `reminders_to_compare_query`, and what became of the reminder."""

reminders_to_compare_query: Final = Select(_COMPARED, _STORED, list)
"""The planned reminders of a thread, and those that have ended of windows that opened after an instant.

That instant is `MAX_AFTER_OPENING` ago: no window that opened before it can have any still to come.
"""

TAKEN_ALONG: Final = (
    f"(occurrences.state = 'delivered' AND occurrences.settled_at < occurrences.remind_at - {MAX_EARLY // MICROSECOND})"
)
"""Whether a reminder was sent with a message about another window, before its own instant."""

locked_reminders_to_compare_query: Final = Select(_COMPARED, f"{_STORED} FOR UPDATE", list)
"""The same, locked: a dispatcher that is claiming these rows is waited for, so that their new state is seen."""


def unsent_reminders_from_rows(stored: Iterable[Row]) -> tuple[Reminder, ...]:
    """The reminders among the rows of `reminders_to_compare_query` that are not sent yet, by time."""
    return _sorted_reminders_from_rows(
        (kind, lead, remind_at) for _, _, kind, lead, remind_at, state, _ in stored if state in {"planned", "claimed"}
    )


def planned_from_rows(stored: Iterable[Row], opened_at: datetime) -> tuple[Reminder, ...]:
    """The reminders of one window among the same rows that are planned and that no dispatcher has claimed."""
    opened_micros = instant_to_micros(opened_at)
    return _sorted_reminders_from_rows(
        (kind, lead, remind_at)
        for _, of_window, kind, lead, remind_at, state, _ in stored
        if state == "planned" and of_window == opened_micros
    )


def _sorted_reminders_from_rows(rows: Iterable[Sequence[Any]]) -> tuple[Reminder, ...]:
    """The reminders of kinds, leads and instants."""
    reminders = [
        Reminder(ReminderKind(kind), lead * MICROSECOND, instant_from_micros(remind_at))
        for kind, lead, remind_at in rows
    ]
    return tuple(sorted(reminders, key=attrgetter("remind_at")))


_PlanChanges = tuple[list[int], list[tuple[int, int]], list[tuple[int, int, str, int, int]]]
"""Superseded: ids. Moved: ids and new instants. Added: opening and close of the window, kinds, leads and instants."""


def _compare_reminders_with_plan(
    rows: Iterable[Row], plans: Iterable[WindowPlan], now: int, *, skip_tried: bool
) -> _PlanChanges:
    """What makes the rows of `reminders_to_compare_query` equal to the plans of the open windows; instants in µs."""
    missing: dict[tuple[int, str, int], int] = {}
    closes_at: dict[tuple[int, str, int], int] = {}
    for plan in plans:
        for reminder in plan.reminders:
            key = instant_to_micros(plan.opened_at), str(reminder.kind), reminder.lead // MICROSECOND
            missing[key], closes_at[key] = instant_to_micros(reminder.remind_at), instant_to_micros(plan.closes_at)
    superseded: list[int] = []
    moved: list[tuple[int, int]] = []
    for reminder_id, opened_at, kind, lead, remind_at, state, delivery_id in rows:
        planned_at = missing.get((opened_at, kind, lead))
        if state != "planned" or planned_at == remind_at or (skip_tried and delivery_id is not None):
            missing.pop((opened_at, kind, lead), None)
        elif planned_at is None or (delivery_id is not None and planned_at > now):
            # One that was tried belongs to its delivery: at another time it is another reminder.
            superseded.append(reminder_id)
        elif planned_at <= now:  # other quiet hours would have had it sent already
            del missing[opened_at, kind, lead]
        else:
            del missing[opened_at, kind, lead]
            moved.append((reminder_id, planned_at))
    if not missing:
        return superseded, moved, []
    added = [
        (key[0], closes_at[key], key[1], key[2], remind_at) for key, remind_at in missing.items() if remind_at > now
    ]
    return superseded, moved, added


_KIND_LEAD_TIME: Final = itemgetter(2, 3, 4)
"""Of what is added, the values for `_sorted_reminders_from_rows`."""
_SUPERSEDE: Final = (
    "UPDATE occurrences SET state = 'superseded', settled_at = $3 WHERE member_id = $1 AND occurrence_id = $2"
)
_MOVE: Final = "UPDATE occurrences SET remind_at = $3, try_at = $3 WHERE member_id = $1 AND occurrence_id = $2"
_PLAN: Final = (
    "INSERT INTO occurrences (member_id, thread_id, opened_at, closes_at, kind, lead, remind_at, try_at, state)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 'planned')"
)


async def sync_planned_reminders(
    transaction: Transaction,
    member_id: MemberId,
    thread_id: ThreadId,
    plans: Iterable[WindowPlan],
    *,
    stored: Sequence[Row],
    now: datetime,
) -> tuple[Reminder, ...]:
    """Make the planned reminders of a thread those of its plans. Returns those that are not sent yet, by time.

    Stored ones that are not in the plan are superseded, new ones are added unless their instant has passed. Those that
    have an outcome stay as they are, and so do those whose new instant has passed and claimed ones: the dispatcher
    checks these again before it sends them.
    `stored`: the rows of `reminders_to_compare_query`, locked.
    """
    now_micros = instant_to_micros(now)
    superseded, moved, added = _compare_reminders_with_plan(stored, plans, now_micros, skip_tried=False)
    await transaction.execute_many(_SUPERSEDE, zip(repeat(member_id), superseded, repeat(now_micros), strict=False))
    if moved:
        await transaction.execute_many(_MOVE, [(member_id, reminder_id, remind_at) for reminder_id, remind_at in moved])
    if added:
        await transaction.execute_many(_PLAN, [(member_id, thread_id, *row) for row in added])
    new_instants, still_planned = dict(moved), list(map(_KIND_LEAD_TIME, added))
    for reminder_id, _, kind, lead, remind_at, state, _ in stored:
        if reminder_id in new_instants:
            still_planned.append((kind, lead, new_instants[reminder_id]))
        elif state in {"planned", "claimed"} and reminder_id not in superseded:
            still_planned.append((kind, lead, remind_at))
    return _sorted_reminders_from_rows(still_planned)


def is_reminder_plan_stale(plans: Iterable[WindowPlan], *, stored: Sequence[Row], now: datetime) -> bool:
    """Whether `sync_planned_reminders` would change a reminder that was not tried; deliveries settle the others."""
    return any(_compare_reminders_with_plan(stored, plans, instant_to_micros(now), skip_tried=True))


async def find_threads_with_planned_reminders(
    transaction: Transaction, member_id: MemberId, thread_ids: Sequence[ThreadId]
) -> set[ThreadId]:
    """Those of some threads that have a reminder that is not sent yet."""
    sql = (
        "SELECT DISTINCT thread_id FROM occurrences WHERE member_id = $1 AND thread_id IN ({ids})"
        " AND state IN ('planned', 'claimed')"
    )
    rows = await transaction.fetch_for_ids(sql, member_id, ids=thread_ids)
    return {ThreadId(row[0]) for row in rows}


_missed_reminder_from_row: Final = RowParser(
    MissedReminder, id="occurrence_id", outcome="state", thread=thread_from_row
)


unnotified_missed_query: Final = Select(
    _missed_reminder_from_row.columns,
    "FROM occurrences JOIN threads USING (member_id, thread_id) WHERE member_id = $1"
    " AND state IN ('undeliverable', 'expired') AND told_at IS NULL"
    " AND NOT (state = 'expired' AND EXISTS (SELECT 1 FROM occurrences AS close WHERE close.member_id = $1"
    "  AND close.thread_id = occurrences.thread_id AND close.opened_at = occurrences.opened_at"
    "  AND close.kind = 'closed' AND close.state IN ('planned', 'claimed')))"
    " ORDER BY closes_at, occurrence_id",
    parse_all_rows(_missed_reminder_from_row),
)
"""The missed reminders of a member, of which they were not notified yet.

Those of a window whose closing message is still to be sent are left out: it will name them.
"""


async def mark_reminders_notified(
    transaction: Transaction, member_id: MemberId, reminders: Iterable[MissedReminder], *, now: datetime
) -> None:
    """Note that the member was notified of these."""
    sql = "UPDATE occurrences SET told_at = $3 WHERE member_id = $1 AND occurrence_id = $2"
    await transaction.execute_many(sql, [(member_id, reminder.id, now) for reminder in reminders])
