"""Claiming what is due, and marking what became of it. The database is the truth; everything else is a doorbell."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.reminders.plan import ReminderKind
from bot.domain.types import MICROSECOND, DeliveryId, MemberId, OccurrenceId, ThreadId, from_micros, to_micros
from storage.database import Executor, Row, Transaction
from storage.planned_reminders import ReminderOutcome
from storage.threads import Thread, thread_from

GROUPING_WINDOW: Final = timedelta(minutes=10)
"""Occurrences of one member this near to each other are one direct message."""

MAX_ITEMS_PER_DELIVERY: Final = 3
"""A card holds 40 components; a window takes ten: a line, a text, two rows and six buttons."""

MAX_MEMBERS_PER_CLAIM: Final = 50
"""Members, and deliveries tried again: about a second's worth under Discord's limit."""

MAX_CLOCK_SKEW: Final = timedelta(minutes=5)
"""Longer than any lease, by more than the clocks of two processes differ."""

MAX_REMINDERS_PER_CLAIM: Final = 200
"""However many windows one member has, a claim stays small; the rest is claimed next."""


# A closed message tells that something is over, and "later" was agreed on: neither is ever early.
_MAY_BE_EARLY: Final = "kind NOT IN ('closed', 'snoozed')"


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """One delivery that this process may send until its lease ends."""

    delivery_id: DeliveryId
    member_id: MemberId
    created_at: datetime
    attempts: int
    """Tries before this one; more than none may have arrived."""
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class ClaimedReminder:
    """One occurrence of a delivery as the database has it now."""

    occurrence_id: OccurrenceId
    thread: Thread
    opened_at: datetime
    closes_at: datetime
    kind: ReminderKind
    remind_at: datetime
    window_still_open: bool
    """The same window is still there for reminders: unanswered, not dismissed, no newer one."""
    superseded_by_later: bool
    """A later reminder of the same window is due or went out in a delivery of its own."""


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What became of one try."""

    claimed: ClaimedDelivery
    outcomes: tuple[tuple[ClaimedReminder, ReminderOutcome], ...]
    discord_message_id: int | None = None
    retry_at: datetime | None = None
    """When the same delivery is tried again."""


async def release_expired_claims(transaction: Transaction, *, now: datetime) -> None:
    """Give back what a process claimed and did not finish before its lease ended.

    A lease that ends later than any lasts was given by a clock that has been set back since.
    """
    await transaction.fetch(
        "UPDATE occurrences SET state = 'planned', claimed_until = NULL"
        " WHERE state = 'claimed' AND (claimed_until <= $1 OR claimed_until > $2)",
        to_micros(now),
        to_micros(now + MAX_CLOCK_SKEW),
    )


async def count_due_per_step(transaction: Transaction, *, now: datetime, step: timedelta, steps: int) -> list[int]:
    """How many occurrences fall due in each step from now, those of the past in the first."""
    rows = await transaction.fetch(
        "SELECT CASE WHEN try_at < $1 THEN 0 ELSE (try_at - $1) / $2 END AS step, count(*) FROM occurrences"
        " WHERE state = 'planned' AND delivery_id IS NULL AND try_at < $1 + $2 * $3 GROUP BY step",
        to_micros(now),
        step // MICROSECOND,
        steps,
    )
    counts = {row[0]: row[1] for row in rows}
    return [counts.get(number, 0) for number in range(steps)]


async def has_due_by(transaction: Transaction, until: datetime, count: int) -> bool:
    """Whether at least so many are due by an instant."""
    [row] = await transaction.fetch(
        "SELECT count(*) FROM (SELECT 1 FROM occurrences WHERE state = 'planned' AND delivery_id IS NULL"
        "  AND try_at <= $1 LIMIT $2) AS due",
        to_micros(until),
        count,
    )
    return int(row[0]) >= count


async def claim(
    transaction: Transaction, *, now: datetime, lease: timedelta, ahead: timedelta = timedelta()
) -> list[ClaimedDelivery]:
    """Claim what is due, grouped into deliveries that are committed with their occurrences.

    Those of one member stand in the order they should go out, the most urgent window first. `ahead`: how far ahead
    of its moment what may go early is claimed, too.
    """
    again = await _claim_again(transaction, now, now + lease)
    return again + await _claim_new(transaction, now, now + lease, now + ahead)


async def _claim_again(transaction: Transaction, now: datetime, until: datetime) -> list[ClaimedDelivery]:
    """A try that failed or was cut off goes out again as the delivery it was, whole."""
    rows = await transaction.fetch(
        "UPDATE occurrences SET state = 'claimed', claimed_until = $2 WHERE state = 'planned' AND delivery_id IN"
        " (SELECT delivery_id FROM deliveries WHERE delivery_id IN"
        "   (SELECT delivery_id FROM occurrences WHERE state = 'planned' AND delivery_id IS NOT NULL AND try_at <= $1"
        f"   ORDER BY try_at LIMIT {MAX_MEMBERS_PER_CLAIM}) FOR UPDATE SKIP LOCKED)"
        " RETURNING delivery_id",
        to_micros(now),
        to_micros(until),
    )
    claimed = sorted({row[0] for row in rows})
    if not claimed:
        return []
    rows = await transaction.fetch(
        "UPDATE deliveries SET attempts = attempts + 1"
        f" WHERE delivery_id IN ({', '.join(f'${place}' for place in range(1, len(claimed) + 1))})"
        " RETURNING delivery_id, member_id, created_at, attempts",
        *claimed,
    )
    return [
        ClaimedDelivery(DeliveryId(delivery), MemberId(member), from_micros(created_at), attempts, until)
        for delivery, member, created_at, attempts in sorted(rows, key=lambda row: row[0])
    ]


async def _claim_new(
    transaction: Transaction, now: datetime, until: datetime, ahead: datetime
) -> list[ClaimedDelivery]:
    """Taken along: what the same member is to hear within ten minutes, but no closed message, which is never early."""
    rows = await transaction.fetch(
        "UPDATE occurrences SET state = 'claimed', claimed_until = $3 WHERE occurrence_id IN"
        " (SELECT occurrence_id FROM occurrences WHERE state = 'planned' AND delivery_id IS NULL"
        "   AND (try_at <= $1 OR (try_at <= $2 AND kind <> 'closed')) AND member_id IN"
        "   (SELECT member_id FROM occurrences WHERE state = 'planned' AND delivery_id IS NULL"
        f"    AND (try_at <= $1 OR (try_at <= $4 AND {_MAY_BE_EARLY})) ORDER BY try_at LIMIT {MAX_MEMBERS_PER_CLAIM})"
        f"  ORDER BY try_at LIMIT {MAX_REMINDERS_PER_CLAIM} FOR UPDATE SKIP LOCKED)"
        " RETURNING occurrence_id, member_id, thread_id, closes_at",
        to_micros(now),
        to_micros(now + GROUPING_WINDOW),
        to_micros(until),
        to_micros(ahead),
    )
    by_member: dict[MemberId, list[Row]] = defaultdict(list)
    for row in rows:
        by_member[MemberId(row[1])].append(row)
    # A delivery bears the number of one of its occurrences: none is ever in two.
    shared = {
        min(row[0] for row in together): (member, together)
        for member, occurrences in by_member.items()
        for together in _deliveries(occurrences)
    }
    await transaction.execute_many(
        "INSERT INTO deliveries (delivery_id, member_id, created_at) VALUES ($1, $2, $3)",
        [(number, member, to_micros(now)) for number, (member, _) in shared.items()],
    )
    await transaction.execute_many(
        "UPDATE occurrences SET delivery_id = $3 WHERE member_id = $1 AND occurrence_id = $2",
        [(member, row[0], number) for number, (member, together) in shared.items() for row in together],
    )
    return [ClaimedDelivery(DeliveryId(number), member, now, 0, until) for number, (member, _) in shared.items()]


def _deliveries(occurrences: Iterable[Row]) -> Iterator[list[Row]]:
    """Share out one member's occurrences, the most urgent windows first, each window whole."""
    windows: dict[tuple[ThreadId, int], list[Row]] = defaultdict(list)
    for row in sorted(occurrences, key=lambda row: (row[3], row[0])):
        windows[ThreadId(row[2]), row[3]].append(row)
    shared = list(windows.values())
    for start in range(0, len(shared), MAX_ITEMS_PER_DELIVERY):
        yield [row for window in shared[start : start + MAX_ITEMS_PER_DELIVERY] for row in window]


async def load_claimed(reader: Executor, claimed: ClaimedDelivery, *, now: datetime) -> list[ClaimedReminder]:
    """Each claimed occurrence of a delivery, looked at once more; the most urgent first."""
    rows = await reader.fetch(
        "SELECT occurrences.thread_id, client, title, unsorted, occurrence_id, opened_at, closes_at, kind, remind_at,"
        " EXISTS (SELECT 1 FROM windows WHERE windows.member_id = $1 AND windows.thread_id = occurrences.thread_id"
        "  AND dismissed = 0 AND reminds_from = opened_at),"
        " EXISTS (SELECT 1 FROM occurrences AS later WHERE later.member_id = $1"
        "  AND later.thread_id = occurrences.thread_id AND later.opened_at = occurrences.opened_at"
        "  AND later.remind_at > occurrences.remind_at AND coalesce(later.delivery_id, 0) <> $2"
        "  AND (later.state IN ('claimed', 'delivered') OR (later.state = 'planned' AND later.remind_at <= $3)))"
        " FROM occurrences JOIN threads USING (member_id, thread_id)"
        " WHERE occurrences.member_id = $1 AND delivery_id = $2 AND state = 'claimed'"
        " ORDER BY closes_at, occurrences.thread_id, remind_at",
        claimed.member_id,
        claimed.delivery_id,
        to_micros(now),
    )
    return [
        ClaimedReminder(
            OccurrenceId(row[4]),
            thread_from(row[:4]),
            from_micros(row[5]),
            from_micros(row[6]),
            ReminderKind(row[7]),
            from_micros(row[8]),
            bool(row[9]),
            bool(row[10]),
        )
        for row in rows
    ]


async def save_results(transaction: Transaction, ends: Sequence[DeliveryResult], *, now: datetime) -> None:
    """Mark what became of deliveries: outcomes, the direct message each became, or when it is tried again.

    What arrived has arrived, whoever may try it again by now; all else is only marked by whoever holds the claim.
    A closed message that arrived also tells of what was missed before it in its window.
    """
    at = to_micros(now)
    await transaction.execute_many(
        "UPDATE occurrences SET state = $3, settled_at = $4, claimed_until = NULL"
        " WHERE member_id = $1 AND occurrence_id = $2 AND delivery_id = $5"
        " AND (claimed_until = $6 OR ($3 = 'delivered' AND state IN ('planned', 'claimed')))",
        [
            (each.claimed.member_id, look.occurrence_id, outcome, at, each.claimed.delivery_id, _lease(each))
            for each in ends
            for look, outcome in each.outcomes
        ],
    )
    await transaction.execute_many(
        "UPDATE occurrences SET told_at = $4 WHERE member_id = $1 AND thread_id = $2 AND opened_at = $3"
        " AND state IN ('undeliverable', 'expired') AND told_at IS NULL",
        [
            (each.claimed.member_id, look.thread.id, to_micros(look.opened_at), at)
            for each in ends
            for look, outcome in each.outcomes
            if outcome is ReminderOutcome.DELIVERED and look.kind is ReminderKind.CLOSED
        ],
    )
    await transaction.execute_many(
        "UPDATE deliveries SET discord_message_id = $3 WHERE member_id = $1 AND delivery_id = $2",
        [
            (each.claimed.member_id, each.claimed.delivery_id, each.discord_message_id)
            for each in ends
            if each.discord_message_id is not None
        ],
    )
    await transaction.execute_many(
        "UPDATE occurrences SET state = 'planned', claimed_until = NULL, try_at = $3"
        " WHERE member_id = $1 AND delivery_id = $2 AND claimed_until = $4",
        [
            (each.claimed.member_id, each.claimed.delivery_id, to_micros(each.retry_at), _lease(each))
            for each in ends
            if each.retry_at is not None
        ],
    )


def _lease(end: DeliveryResult) -> int:
    """By it a claim is known from a later one of the same delivery."""
    return to_micros(end.claimed.lease_until)


async def next_attempt_at(transaction: Transaction) -> datetime | None:
    """When the next occurrence is to be tried, or a lease ends."""
    row = await transaction.fetch_one(
        "SELECT min(at) FROM (SELECT min(try_at) AS at FROM occurrences WHERE state = 'planned'"
        " UNION ALL SELECT min(claimed_until) AS at FROM occurrences WHERE state = 'claimed') AS instants"
    )
    return None if row is None or row[0] is None else from_micros(row[0])
