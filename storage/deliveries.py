"""Deliveries: claim the reminders that are due, and store the outcome. Tables: `deliveries` and `occurrences`.

A delivery is one direct message for one or more planned reminders of a member. It is committed before it is sent, and
its outcome at once after that (docs/platform-facts.md#what-a-killed-process-loses).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, starmap
from typing import Any, Final

from bot.domain.calendar import MICROSECOND, from_micros, to_micros
from bot.domain.reminders.plan import ReminderKind
from bot.domain.types import DeliveryId, MemberId, MessageId, PlannedReminderId, ThreadId
from storage import cards, muted_clients
from storage.cards import CardContent, CardItem, CardKind
from storage.database import Executor, Row, Transaction, Value, columns_of, placeholders
from storage.planned_reminders import ReminderOutcome
from storage.reply_state import WINDOW_ID
from storage.threads import THREAD_COLUMNS, Thread, thread_from

GROUPING_WINDOW: Final = timedelta(minutes=10)
"""Reminders of one member that are due within so long are sent in one direct message."""

MAX_ITEMS_PER_DELIVERY: Final = 3
"""A message has at most 40 components; a window takes ten: a line, a text, two rows and six buttons."""

MAX_MEMBERS_PER_CLAIM: Final = 50
"""Members, and also deliveries tried again: what Discord allows in a second (docs/platform-facts.md#rate-limits)."""

MAX_CLOCK_SKEW: Final = timedelta(minutes=5)
"""Longer than a lease plus the difference between the clocks of two processes."""

MAX_REMINDERS_PER_MEMBER: Final = 24
"""Of one member in one claim. The rest is claimed in later ones, so that members take turns, and a member's deliveries,
which Discord takes at about one a second, are sent before the lease ends."""

# A closing message says that the window is over, and the member chose the time of a snoozed one: neither is sent early.
_MAY_BE_EARLY: Final = "kind NOT IN ('closed', 'snoozed')"


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that this process may send until its lease ends."""

    delivery_id: DeliveryId
    member_id: MemberId
    created_at: datetime
    attempts: int
    """Tries before this one. After more than none, the message may have arrived."""
    lease_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedReminder:
    """A planned reminder of a claimed delivery."""

    planned_reminder_id: PlannedReminderId
    thread: Thread
    opened_at: datetime
    closes_at: datetime
    kind: ReminderKind
    remind_at: datetime
    window_id: MessageId
    """The identity of the thread's window: the id of its oldest unanswered message; 0 when nothing is unanswered."""
    window_still_open: bool
    """Its reply window is still the thread's: neither answered nor dismissed nor muted, and no newer one was opened."""
    superseded_by_later: bool
    """A later reminder of the same window is due or was sent in another delivery."""


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """The result of one try to send a delivery."""

    claimed: ClaimedDelivery
    outcomes: tuple[tuple[ClaimedReminder, ReminderOutcome], ...]
    discord_message_id: int | None = None
    retry_at: datetime | None = None
    """When the delivery is tried again; None: not again."""


async def release_expired_claims(transaction: Transaction, *, now: datetime) -> None:
    """Return reminders to `planned` whose lease ended before the process that claimed them stored a result.

    A lease that ends further in the future than any can was given by a clock that has been set back since.
    """
    sql = (
        "UPDATE occurrences SET state = 'planned', claimed_until = NULL"
        " WHERE state = 'claimed' AND (claimed_until <= $1 OR claimed_until > $2)"
    )
    await transaction.fetch(sql, to_micros(now), to_micros(now + MAX_CLOCK_SKEW))


async def count_due_per_step(transaction: Transaction, *, now: datetime, step: timedelta, steps: int) -> list[int]:
    """The number of reminders that become due in each step from now on; the overdue ones count in the first."""
    sql = (
        "SELECT CASE WHEN try_at < $1 THEN 0 ELSE (try_at - $1) / $2 END AS step, count(*) FROM occurrences"
        " WHERE state = 'planned' AND delivery_id IS NULL AND try_at < $1 + $2 * $3 GROUP BY step"
    )
    rows = await transaction.fetch(sql, to_micros(now), step // MICROSECOND, steps)
    counts = dict(map(tuple, rows))
    return [counts.get(number, 0) for number in range(steps)]


async def has_due_by(transaction: Transaction, until: datetime, count: int) -> bool:
    """Whether at least `count` reminders are due by an instant."""
    sql = (
        "SELECT count(*) FROM (SELECT 1 FROM occurrences WHERE state = 'planned' AND delivery_id IS NULL"
        "  AND try_at <= $1 LIMIT $2) AS due"
    )
    [[due]] = await transaction.fetch(sql, to_micros(until), count)
    return int(due) >= count


async def claim(
    transaction: Transaction,
    *,
    now: datetime,
    lease: timedelta,
    ahead: timedelta = timedelta(),
    busy: Collection[MemberId] = (),
) -> list[ClaimedDelivery]:
    """Claim due reminders until `lease` has passed, grouped into deliveries.

    Members take turns: of each at most one delivery to be tried again and `MAX_REMINDERS_PER_MEMBER` reminders, and
    nothing of those in `busy`, whose claim is still being worked on. The deliveries of one member are in the order in
    which to send them, the most urgent window first. `ahead`: how long before its time a reminder that may be early is
    claimed too.
    """
    retried = await _claim_retries(transaction, now, now + lease, busy)
    return retried + await _claim_new(transaction, now, now + lease, now + ahead, busy)


async def _claim_retries(
    transaction: Transaction, now: datetime, lease_until: datetime, busy: Collection[MemberId]
) -> list[ClaimedDelivery]:
    """Claim the deliveries whose try failed or was interrupted, with the same reminders as before."""
    sql = (
        "UPDATE occurrences SET state = 'claimed', claimed_until = $2 WHERE state = 'planned' AND delivery_id IN"
        " (SELECT delivery_id FROM deliveries WHERE delivery_id IN"
        "   (SELECT min(delivery_id) FROM occurrences WHERE state = 'planned' AND delivery_id IS NOT NULL"
        f"   AND try_at <= $1{_unless_busy(busy, 3)} GROUP BY member_id"
        f"   ORDER BY min(try_at) LIMIT {MAX_MEMBERS_PER_CLAIM}) FOR UPDATE SKIP LOCKED)"
        " RETURNING delivery_id"
    )
    rows = await transaction.fetch(sql, to_micros(now), to_micros(lease_until), *busy)
    if not rows:
        return []
    delivery_ids = sorted({row[0] for row in rows})
    rows = await transaction.fetch(
        f"UPDATE deliveries SET attempts = attempts + 1 WHERE delivery_id IN ({placeholders(delivery_ids)})"
        " RETURNING delivery_id, member_id, created_at, attempts",
        *delivery_ids,
    )
    return [
        ClaimedDelivery(DeliveryId(delivery_id), MemberId(member_id), from_micros(created_at), attempts, lease_until)
        for delivery_id, member_id, created_at, attempts in sorted(map(tuple, rows))
    ]


def _unless_busy(busy: Collection[MemberId], first: int) -> str:
    return f" AND member_id NOT IN ({placeholders(busy, first)})" if busy else ""


async def _claim_new(
    transaction: Transaction,
    now: datetime,
    lease_until: datetime,
    early_until: datetime,
    busy: Collection[MemberId],
) -> list[ClaimedDelivery]:
    """Claim due reminders, with the member's others of the next `GROUPING_WINDOW` except closing messages."""
    sql = (
        "SELECT member_id FROM occurrences WHERE state = 'planned' AND delivery_id IS NULL"
        f" AND (try_at <= $1 OR (try_at <= $2 AND {_MAY_BE_EARLY})){_unless_busy(busy, 3)}"
        f" GROUP BY member_id ORDER BY min(try_at), member_id LIMIT {MAX_MEMBERS_PER_CLAIM}"
    )
    due_members = await transaction.fetch(sql, to_micros(now), to_micros(early_until), *busy)
    if not due_members:
        return []
    first_of_each = " UNION ALL ".join(
        "SELECT occurrence_id FROM (SELECT occurrence_id FROM occurrences WHERE state = 'planned'"
        f" AND delivery_id IS NULL AND member_id = ${number} AND (try_at <= $1 OR (try_at <= $2 AND kind <> 'closed'))"
        f" ORDER BY try_at, occurrence_id LIMIT {MAX_REMINDERS_PER_MEMBER}) AS of_member"
        for number in range(4, 4 + len(due_members))
    )
    sql = (
        "UPDATE occurrences SET state = 'claimed', claimed_until = $3 WHERE occurrence_id IN"
        f" (SELECT occurrence_id FROM occurrences WHERE occurrence_id IN ({first_of_each})"
        "  AND state = 'planned' AND delivery_id IS NULL FOR UPDATE SKIP LOCKED)"
        " RETURNING occurrence_id, member_id, thread_id, closes_at"
    )
    member_ids = [row[0] for row in due_members]
    rows = await transaction.fetch(
        sql, to_micros(now), to_micros(now + GROUPING_WINDOW), to_micros(lease_until), *member_ids
    )
    if not rows:
        return []
    by_member: dict[MemberId, list[Row]] = defaultdict(list)
    for row in rows:
        by_member[MemberId(row[1])].append(row)
    # The id of a delivery is that of one of its reminders: no reminder is in two, so no id is given twice.
    groups = {min(ids): (member_id, ids) for member_id, due in by_member.items() for ids in _group_by_delivery(due)}
    await transaction.execute_many(
        "INSERT INTO deliveries (delivery_id, member_id, created_at) VALUES ($1, $2, $3)",
        [(delivery_id, member_id, to_micros(now)) for delivery_id, (member_id, _) in groups.items()],
    )
    await transaction.execute_many(
        "UPDATE occurrences SET delivery_id = $3 WHERE member_id = $1 AND occurrence_id = $2",
        [
            (member_id, reminder_id, delivery_id)
            for delivery_id, (member_id, reminder_ids) in groups.items()
            for reminder_id in reminder_ids
        ],
    )
    return [
        ClaimedDelivery(DeliveryId(delivery_id), member_id, now, 0, lease_until)
        for delivery_id, (member_id, _) in groups.items()
    ]


def _group_by_delivery(rows: Iterable[Row]) -> Iterator[list[int]]:
    """The reminder ids of one member's deliveries: the most urgent windows first, never a part of a window."""
    windows: dict[tuple[int, int], list[int]] = defaultdict(list)
    for occurrence_id, _, thread_id, closes_at in sorted(rows, key=lambda row: (row[3], row[0])):
        windows[thread_id, closes_at].append(occurrence_id)
    reminder_ids = list(windows.values())
    for start in range(0, len(reminder_ids), MAX_ITEMS_PER_DELIVERY):
        yield [*chain(*reminder_ids[start : start + MAX_ITEMS_PER_DELIVERY])]


def _claimed_reminder(
    occurrence_id: int,
    opened_at: int,
    closes_at: int,
    kind: str,
    remind_at: int,
    window_id: int | None,
    window_still_open: int,
    superseded_by_later: int,
    *thread: Any,
) -> ClaimedReminder:
    return ClaimedReminder(
        planned_reminder_id=PlannedReminderId(occurrence_id),
        thread=thread_from(*thread),
        opened_at=from_micros(opened_at),
        closes_at=from_micros(closes_at),
        kind=ReminderKind(kind),
        remind_at=from_micros(remind_at),
        window_id=MessageId(window_id or 0),
        window_still_open=bool(window_still_open),
        superseded_by_later=bool(superseded_by_later),
    )


_EXPRESSIONS: Final = {
    "window_id": (
        f"(SELECT {WINDOW_ID} FROM windows WHERE windows.member_id = $1 AND windows.thread_id = occurrences.thread_id)"
    ),
    "window_still_open": (
        "EXISTS (SELECT 1 FROM windows WHERE windows.member_id = $1 AND windows.thread_id = occurrences.thread_id"
        " AND dismissed = 0 AND reminds_from = opened_at)"
        f" AND (kind = 'snoozed' OR NOT EXISTS (SELECT 1 {muted_clients.OF_THREAD}))"
    ),
    "superseded_by_later": (
        "EXISTS (SELECT 1 FROM occurrences AS later WHERE later.member_id = $1"
        " AND later.thread_id = occurrences.thread_id AND later.opened_at = occurrences.opened_at"
        " AND later.remind_at > occurrences.remind_at AND coalesce(later.delivery_id, 0) <> $2"
        " AND (later.state IN ('claimed', 'delivered') OR (later.state = 'planned' AND later.remind_at <= $3)))"
    ),
}
_LOAD_CLAIMED: Final = (
    f"SELECT {', '.join(_EXPRESSIONS.get(column, column) for column in columns_of(_claimed_reminder))},"
    f" {', '.join(THREAD_COLUMNS)} FROM occurrences JOIN threads USING (member_id, thread_id)"
    " WHERE member_id = $1 AND delivery_id = $2 AND state = 'claimed' ORDER BY closes_at, thread_id, remind_at"
)


async def load_claimed(reader: Executor, claimed: ClaimedDelivery, *, now: datetime) -> list[ClaimedReminder]:
    """The claimed reminders of a delivery as they are now; the most urgent first."""
    rows = await reader.fetch(_LOAD_CLAIMED, claimed.member_id, claimed.delivery_id, to_micros(now))
    return list(starmap(_claimed_reminder, rows))


async def shown_window_opening(
    reader: Executor, member_id: MemberId, thread_id: ThreadId, discord_message_id: int
) -> datetime | None:
    """When the window of a thread opened that a delivered message showed; None if it showed none of that thread."""
    [[opened_at]] = await reader.fetch(
        "SELECT max(opened_at) FROM occurrences JOIN deliveries USING (member_id, delivery_id)"
        " WHERE member_id = $1 AND thread_id = $2 AND discord_message_id = $3",
        member_id,
        thread_id,
        discord_message_id,
    )
    return None if opened_at is None else from_micros(opened_at)


async def save_results(transaction: Transaction, results: Sequence[DeliveryResult], *, now: datetime) -> None:
    """Store the results of tries: outcomes, the id of the direct message, or when the delivery is tried again.

    A delivered message is stored even if another process has the claim by now; every other result only while this
    process has it. A closing message also notifies of the reminders that were missed before it in its window.
    """
    now_micros = to_micros(now)
    settled: list[tuple[Value, ...]] = []
    announced: list[tuple[Value, ...]] = []
    sent: list[tuple[Value, ...]] = []
    retried: list[tuple[Value, ...]] = []
    for result in results:
        member_id, delivery_id = result.claimed.member_id, result.claimed.delivery_id
        lease_until = to_micros(result.claimed.lease_until)  # tells this claim from a later one of the same delivery
        for reminder, outcome in result.outcomes:
            reminder_id = reminder.planned_reminder_id
            settled.append((member_id, reminder_id, outcome, now_micros, delivery_id, lease_until))
            if outcome is ReminderOutcome.DELIVERED and reminder.kind is ReminderKind.CLOSED:
                announced.append((member_id, reminder.thread.id, to_micros(reminder.opened_at), now_micros))
        if result.discord_message_id is not None:
            sent.append((member_id, delivery_id, result.discord_message_id))
        if result.retry_at is not None:
            retried.append((member_id, delivery_id, to_micros(result.retry_at), lease_until))
    # First, since it locks the rows of members, which other transactions do before they lock those of reminders.
    await cards.save_many(
        transaction,
        [
            (result.claimed.member_id, result.discord_message_id, None, _card_content(result), "")
            for result in results
            if result.discord_message_id is not None
        ],
        now=now,
    )
    await transaction.execute_many(
        "UPDATE occurrences SET state = $3, settled_at = $4, claimed_until = NULL"
        " WHERE member_id = $1 AND occurrence_id = $2 AND delivery_id = $5"
        " AND (claimed_until = $6 OR ($3 = 'delivered' AND state IN ('planned', 'claimed')))",
        settled,
    )
    await transaction.execute_many(
        "UPDATE occurrences SET told_at = $4 WHERE member_id = $1 AND thread_id = $2 AND opened_at = $3"
        " AND state IN ('undeliverable', 'expired') AND told_at IS NULL",
        announced,
    )
    await transaction.execute_many(
        "UPDATE deliveries SET discord_message_id = $3 WHERE member_id = $1 AND delivery_id = $2", sent
    )
    await transaction.execute_many(
        "UPDATE occurrences SET state = 'planned', claimed_until = NULL, try_at = $3"
        " WHERE member_id = $1 AND delivery_id = $2 AND claimed_until = $4",
        retried,
    )


def _card_content(result: DeliveryResult) -> CardContent:
    """The windows that a sent delivery shows, the newest reminder of each."""
    newest = {reminder.thread.id: reminder for reminder, _ in result.outcomes}
    items = (CardItem(reminder.window_id, reminder.thread.id, reminder.kind) for reminder in newest.values())
    return CardContent(CardKind.REMINDER, tuple(items))


async def next_attempt_at(reader: Executor, *, busy: Collection[MemberId] = ()) -> datetime | None:
    """When the next reminder is to be tried, or a lease ends; None when there is neither. Without those of `busy`."""
    unless_busy = _unless_busy(busy, 1)
    [[next_at]] = await reader.fetch(
        f"SELECT min(at) FROM (SELECT min(try_at) AS at FROM occurrences WHERE state = 'planned'{unless_busy}"
        " UNION ALL SELECT min(claimed_until) AS at FROM occurrences WHERE state = 'claimed') AS instants",
        *busy,
    )
    return None if next_at is None else from_micros(next_at)
