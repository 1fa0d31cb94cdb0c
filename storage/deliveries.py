"""Claiming what is due, and marking what became of it. The database is the truth; everything else is a doorbell."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.reminders.plan import ReminderKind
from bot.values import DeliveryId, MemberId, OccurrenceId, ThreadId, from_micros, to_micros
from storage.database import Row, Transaction
from storage.occurrences import Outcome
from storage.threads import Thread, thread_from

TOGETHER: Final = timedelta(minutes=10)
"""Occurrences of one member this near to each other are one direct message."""

WINDOWS_A_DELIVERY: Final = 4
"""A card holds 40 components; a window takes up to nine: a text, two rows and six buttons."""

MEMBERS_A_CLAIM: Final = 50
"""About a second's worth under Discord's limit."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One delivery that this process may send until its lease ends."""

    delivery_id: DeliveryId
    member_id: MemberId
    attempts: int
    """Tries before this one; more than none may have arrived."""


@dataclass(frozen=True, slots=True)
class Look:
    """One occurrence of a delivery as the database has it now."""

    occurrence_id: OccurrenceId
    thread: Thread
    opened_at: datetime
    closes_at: datetime
    kind: ReminderKind
    remind_at: datetime
    still_waits: bool
    """The same window is still open for reminders: unanswered, not dismissed, no newer one."""


async def release(transaction: Transaction, *, now: datetime) -> None:
    """Give back what a process claimed and did not finish before its lease ended."""
    await transaction.fetch(
        "UPDATE occurrences SET state = 'planned', claimed_until = NULL"
        " WHERE state = 'claimed' AND claimed_until <= $1",
        to_micros(now),
    )


async def claim(transaction: Transaction, *, now: datetime, lease: timedelta) -> list[Claimed]:
    """Claim what is due, grouped into deliveries that are committed with their occurrences.

    Taken along: what the same member is to hear within ten minutes, but no closed message, which is never early.
    A try that failed or was cut off goes out again as the delivery it was.
    """
    rows = await transaction.fetch(
        "UPDATE occurrences SET state = 'claimed', claimed_until = $3 WHERE state = 'planned'"
        " AND (try_at <= $1 OR (try_at <= $2 AND kind <> 'closed' AND delivery_id IS NULL))"
        " AND member_id IN (SELECT member_id FROM occurrences"
        f"  WHERE state = 'planned' AND try_at <= $1 ORDER BY try_at LIMIT {MEMBERS_A_CLAIM})"
        " RETURNING occurrence_id, member_id, thread_id, closes_at, delivery_id",
        to_micros(now),
        to_micros(now + TOGETHER),
        to_micros(now + lease),
    )
    fresh: dict[MemberId, list[Row]] = defaultdict(list)
    again: set[int] = set()
    for row in rows:
        if row[4] is None:
            fresh[MemberId(row[1])].append(row)
        else:
            again.add(row[4])
    claimed = [await _again(transaction, number) for number in sorted(again)]
    for member, occurrences in fresh.items():
        claimed += [await _new(transaction, member, together, now=now) for together in _deliveries(occurrences)]
    return claimed


def _deliveries(occurrences: Iterable[Row]) -> Iterator[list[Row]]:
    """Share out one member's occurrences, the most urgent windows first, each window whole."""
    windows: dict[ThreadId, list[Row]] = defaultdict(list)
    for row in sorted(occurrences, key=lambda row: (row[3], row[0])):
        windows[ThreadId(row[2])].append(row)
    shared = list(windows.values())
    for start in range(0, len(shared), WINDOWS_A_DELIVERY):
        yield [row for window in shared[start : start + WINDOWS_A_DELIVERY] for row in window]


async def _new(transaction: Transaction, member: MemberId, occurrences: Iterable[Row], *, now: datetime) -> Claimed:
    row = await transaction.fetch_one(
        "INSERT INTO deliveries (member_id, created_at) VALUES ($1, $2) RETURNING delivery_id", member, to_micros(now)
    )
    assert row is not None, "an insert returns its row"  # noqa: S101 — narrows the type
    await transaction.execute_many(
        "UPDATE occurrences SET delivery_id = $3 WHERE member_id = $1 AND occurrence_id = $2",
        [(member, occurrence[0], row[0]) for occurrence in occurrences],
    )
    return Claimed(DeliveryId(row[0]), member, 0)


async def _again(transaction: Transaction, number: int) -> Claimed:
    row = await transaction.fetch_one(
        "UPDATE deliveries SET attempts = attempts + 1 WHERE delivery_id = $1 RETURNING member_id, attempts", number
    )
    assert row is not None, "occurrences refer to it"  # noqa: S101 — narrows the type
    return Claimed(DeliveryId(number), MemberId(row[0]), row[1])


async def look(transaction: Transaction, claimed: Claimed) -> list[Look]:
    """Each claimed occurrence of a delivery, looked at once more; the most urgent first."""
    rows = await transaction.fetch(
        "SELECT occurrences.thread_id, client, title, unsorted, occurrence_id, opened_at, closes_at, kind, remind_at,"
        " EXISTS (SELECT 1 FROM windows WHERE windows.member_id = $1 AND windows.thread_id = occurrences.thread_id"
        "  AND dismissed = 0 AND reminds_from = opened_at)"
        " FROM occurrences JOIN threads USING (member_id, thread_id)"
        " WHERE occurrences.member_id = $1 AND delivery_id = $2 AND state = 'claimed'"
        " ORDER BY closes_at, occurrences.thread_id, remind_at",
        claimed.member_id,
        claimed.delivery_id,
    )
    return [
        Look(
            OccurrenceId(row[4]),
            thread_from(row[:4]),
            from_micros(row[5]),
            from_micros(row[6]),
            ReminderKind(row[7]),
            from_micros(row[8]),
            bool(row[9]),
        )
        for row in rows
    ]


async def settle(
    transaction: Transaction, member: MemberId, occurrences: Iterable[Look], outcome: Outcome, *, now: datetime
) -> None:
    """Mark the one outcome. A closed message that arrived also tells of what was missed before it in its window."""
    looks = list(occurrences)
    await transaction.execute_many(
        "UPDATE occurrences SET state = $3, settled_at = $4, claimed_until = NULL"
        " WHERE member_id = $1 AND occurrence_id = $2 AND state = 'claimed'",
        [(member, each.occurrence_id, outcome, to_micros(now)) for each in looks],
    )
    if outcome is Outcome.DELIVERED:
        await transaction.execute_many(
            "UPDATE occurrences SET told_at = $4 WHERE member_id = $1 AND thread_id = $2 AND opened_at = $3"
            " AND state IN ('undeliverable', 'expired') AND told_at IS NULL",
            [
                (member, each.thread.id, to_micros(each.opened_at), to_micros(now))
                for each in looks
                if each.kind is ReminderKind.CLOSED
            ],
        )


async def delivered(transaction: Transaction, claimed: Claimed, discord_message_id: int) -> None:
    """Keep which direct message it became."""
    await transaction.fetch(
        "UPDATE deliveries SET discord_message_id = $3 WHERE member_id = $1 AND delivery_id = $2",
        claimed.member_id,
        claimed.delivery_id,
        discord_message_id,
    )


async def put_off(transaction: Transaction, claimed: Claimed, until: datetime) -> None:
    """Try the same delivery again later."""
    await transaction.fetch(
        "UPDATE occurrences SET state = 'planned', claimed_until = NULL, try_at = $3"
        " WHERE member_id = $1 AND delivery_id = $2 AND state = 'claimed'",
        claimed.member_id,
        claimed.delivery_id,
        to_micros(until),
    )


async def next_try(transaction: Transaction) -> datetime | None:
    """When the next occurrence is to be tried, or a lease ends."""
    row = await transaction.fetch_one(
        "SELECT min(at) FROM (SELECT min(try_at) AS at FROM occurrences WHERE state = 'planned'"
        " UNION ALL SELECT min(claimed_until) AS at FROM occurrences WHERE state = 'claimed') AS instants"
    )
    return None if row is None or row[0] is None else from_micros(row[0])
