"""Deliveries: claim the reminders that are due, and read them. Tables: `deliveries` and `occurrences`.

A delivery is one direct message for one or more planned reminders of a member. It is committed before it is sent, and
its outcome at once after that, by storage/delivery_results.py (docs/platform-facts.md#what-a-killed-process-loses).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.calendar import MICROSECOND, instant_from_micros
from bot.domain.reminders.merging import MAY_BE_EARLY, TAKE_ALONG, WaitingReminder, choose_reminders_for_message
from bot.domain.reminders.plan import CONTRACT_REMINDER_KINDS, ReminderKind
from bot.domain.reply.thread_state import REPLY_WINDOW
from bot.domain.types import DeliveryId, MemberId, MessageId, PlannedReminderId, ThreadId
from storage import muted_clients
from storage.database import Executor, Transaction, sql_placeholders
from storage.rows import RowParser
from storage.threads import Thread, thread_from_row
from storage.waiting_threads import COUNT_CLIENTS, WINDOW_ID, WaitingCounts, count_clients_sql

MAX_MEMBERS_PER_CLAIM: Final = 50
"""Members, and also deliveries tried again: what Discord allows in a second (docs/platform-facts.md#rate-limits)."""

MAX_CLOCK_SKEW: Final = timedelta(minutes=5)
"""Longer than a lease plus the difference between the clocks of two processes."""

_CONTRACT_REMINDER_KINDS: Final = ", ".join(f"'{kind}'" for kind in sorted(CONTRACT_REMINDER_KINDS))
_MAY_BE_EARLY: Final = "kind IN ({})".format(", ".join(f"'{kind}'" for kind in MAY_BE_EARLY))


_URGENCY: Final = "min(CASE kind WHEN 'closed' THEN 1 ELSE 0 END), min(CASE WHEN kind <> 'closed' THEN closes_at END)"
"""Of members due at one instant, as at the end of quiet hours, first the one whose window closes first."""


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
    """The identity of the thread's window: the id of its oldest unanswered message; 0 when nothing is unanswered.

    Of a silent client the member's oldest message without a reply, and of a contact request its own.
    """
    window_still_open: bool
    """Its reply window is still the thread's: neither answered nor dismissed nor muted, and no newer one was opened."""
    superseded_by_later: bool
    """A later reminder of the same window is due or was sent in another delivery."""
    waiting: WaitingCounts
    """The member's threads that wait for a reply."""


async def release_expired_reminder_claims(transaction: Transaction, *, now: datetime) -> None:
    """Return reminders to `planned` whose lease ended before the process that claimed them stored a result.

    A lease that ends further in the future than any can was given by a clock that has been set back since.
    """
    sql = (
        "UPDATE occurrences SET state = 'planned', claimed_until = NULL"
        " WHERE state = 'claimed' AND (claimed_until <= $1 OR claimed_until > $2)"
    )
    await transaction.fetch(sql, now, now + MAX_CLOCK_SKEW)


async def count_due_members_per_step(
    transaction: Transaction, *, now: datetime, step: timedelta, steps: int
) -> list[int]:
    """The number of members with a reminder that becomes due in each step from now on; overdue ones are in the first.

    All of a member's reminders of one step are sent in one message.
    """
    sql = (
        "SELECT step, count(*) FROM (SELECT DISTINCT member_id,"
        "  CASE WHEN try_at < $1 THEN 0 ELSE (try_at - $1) / $2 END AS step FROM occurrences"
        "  WHERE state = 'planned' AND delivery_id IS NULL AND try_at < $1 + $2 * $3) AS due GROUP BY step"
    )
    rows = await transaction.fetch(sql, now, step // MICROSECOND, steps)
    counts = dict(map(tuple, rows))
    return [counts.get(number, 0) for number in range(steps)]


async def has_due_reminders_by(transaction: Transaction, until: datetime, count: int) -> bool:
    """Whether at least `count` reminders are due by an instant."""
    sql = (
        "SELECT count(*) FROM (SELECT 1 FROM occurrences WHERE state = 'planned' AND delivery_id IS NULL"
        "  AND try_at <= $1 LIMIT $2) AS due"
    )
    return await transaction.fetch_number(sql, until, count) >= count


async def claim_deliveries(
    transaction: Transaction,
    *,
    now: datetime,
    lease: timedelta,
    ahead: timedelta = timedelta(),
    busy: Collection[MemberId] = (),
) -> list[ClaimedDelivery]:
    """Claim due reminders until `lease` has passed, grouped into deliveries.

    Members take turns: of each at most one delivery to be tried again and one new delivery, and nothing of those in
    `busy`, whose claim is still being worked on. `ahead`: how long before its time a reminder that may be early is
    claimed too.
    """
    retried = await _claim_deliveries_to_retry(transaction, now, now + lease, busy)
    return retried + await _claim_new_deliveries(transaction, now, now + lease, now + ahead, busy)


async def _claim_deliveries_to_retry(
    transaction: Transaction, now: datetime, lease_until: datetime, busy: Collection[MemberId]
) -> list[ClaimedDelivery]:
    """Claim the deliveries whose try failed or was interrupted, with the same reminders as before."""
    sql = (
        "UPDATE occurrences SET state = 'claimed', claimed_until = $2 WHERE state = 'planned' AND delivery_id IN"
        " (SELECT delivery_id FROM deliveries WHERE delivery_id IN"
        "   (SELECT min(delivery_id) FROM occurrences WHERE state = 'planned' AND delivery_id IS NOT NULL"
        f"   AND try_at <= $1{_sql_unless_busy(busy, 3)} GROUP BY member_id"
        f"   ORDER BY min(try_at) LIMIT {MAX_MEMBERS_PER_CLAIM}) FOR UPDATE SKIP LOCKED)"
        " RETURNING delivery_id"
    )
    rows = await transaction.fetch(sql, now, lease_until, *busy)
    if not rows:
        return []
    delivery_ids = sorted({row[0] for row in rows})
    rows = await transaction.fetch(
        f"UPDATE deliveries SET attempts = attempts + 1 WHERE delivery_id IN ({sql_placeholders(delivery_ids)})"
        " RETURNING delivery_id, member_id, created_at, attempts",
        *delivery_ids,
    )
    return [
        ClaimedDelivery(
            DeliveryId(delivery_id), MemberId(member_id), instant_from_micros(created_at), attempts, lease_until
        )
        for delivery_id, member_id, created_at, attempts in sorted(map(tuple, rows))
    ]


def _sql_unless_busy(busy: Collection[MemberId], first: int) -> str:
    return f" AND member_id NOT IN ({sql_placeholders(busy, first)})" if busy else ""


async def _claim_new_deliveries(
    transaction: Transaction,
    now: datetime,
    lease_until: datetime,
    early_until: datetime,
    busy: Collection[MemberId],
) -> list[ClaimedDelivery]:
    """Claim for each member what the next message takes (`choose_reminders_for_message`)."""
    sql = (
        "SELECT member_id FROM occurrences WHERE state = 'planned' AND delivery_id IS NULL"
        f" AND (try_at <= $1 OR (try_at <= $2 AND {_MAY_BE_EARLY})){_sql_unless_busy(busy, 3)}"
        f" GROUP BY member_id ORDER BY min(try_at), {_URGENCY}, member_id LIMIT {MAX_MEMBERS_PER_CLAIM}"
    )
    rows = await transaction.fetch(sql, now, early_until, *busy)
    if not rows:
        return []
    member_ids = [MemberId(row[0]) for row in rows]
    waiting = await _load_waiting_reminders(transaction, member_ids, now)
    # The id of a delivery is that of its first reminder: no reminder is in two, so no id is given twice.
    chosen = {
        DeliveryId(reminder_ids[0]): (member_id, reminder_ids)
        for member_id in member_ids
        if (reminder_ids := choose_reminders_for_message(waiting.get(member_id, ()), now=now, early_until=early_until))
    }
    await transaction.execute_many(
        "INSERT INTO deliveries (delivery_id, member_id, created_at) VALUES ($1, $2, $3)",
        [(delivery_id, member_id, now) for delivery_id, (member_id, _) in chosen.items()],
    )
    await transaction.execute_many(
        "UPDATE occurrences SET state = 'claimed', claimed_until = $4, delivery_id = $3"
        " WHERE member_id = $1 AND occurrence_id = $2",
        [
            (member_id, reminder_id, delivery_id, lease_until)
            for delivery_id, (member_id, reminder_ids) in chosen.items()
            for reminder_id in reminder_ids
        ],
    )
    return [
        ClaimedDelivery(delivery_id, member_id, now, 0, lease_until) for delivery_id, (member_id, _) in chosen.items()
    ]


async def _load_waiting_reminders(
    transaction: Transaction, member_ids: Sequence[MemberId], now: datetime
) -> Mapping[MemberId, Sequence[WaitingReminder]]:
    """What members' next messages may take, locked; not what another transaction works on."""
    rows = await transaction.fetch_for_ids(
        "SELECT member_id, occurrence_id, thread_id, opened_at, closes_at, kind, try_at FROM occurrences"
        " WHERE state = 'planned' AND delivery_id IS NULL AND (try_at <= $1 OR (kind = 'closed' AND closes_at < $2))"
        " AND member_id IN ({ids}) FOR UPDATE SKIP LOCKED",
        now + TAKE_ALONG,
        now,
        ids=member_ids,
    )
    waiting: dict[MemberId, list[WaitingReminder]] = defaultdict(list)
    for member_id, reminder_id, thread_id, opened_at, closes_at, kind, try_at in rows:
        waiting[MemberId(member_id)].append(
            WaitingReminder(
                id=PlannedReminderId(reminder_id),
                window=(ThreadId(thread_id), instant_from_micros(opened_at)),
                closes_at=instant_from_micros(closes_at),
                kind=ReminderKind(kind),
                remind_at=instant_from_micros(try_at),
            )
        )
    return waiting


_WINDOW_OF_THREAD: Final = "FROM windows WHERE windows.member_id = $1 AND windows.thread_id = occurrences.thread_id"
_SINCE_OPENING: Final = (
    "FROM messages WHERE messages.member_id = $1 AND messages.thread_id = occurrences.thread_id"
    " AND messages.sent_at >= opened_at"
)
_AT_OPENING: Final = f"{_SINCE_OPENING} AND messages.sent_at = opened_at"
_WAITING: Final = "FROM windows WHERE windows.member_id = $1 AND dismissed = 0"
_OVERDUE: Final = f"{_WAITING} AND oldest_at < $4"
_claimed_reminder_from_row: Final = RowParser(
    ClaimedReminder,
    planned_reminder_id="occurrence_id",
    thread=thread_from_row,
    window_id=(
        "coalesce(CASE kind"
        f" WHEN 'client_silent' THEN (SELECT min(messages.message_id) {_AT_OPENING} AND direction = 'sent'"
        f" AND messages.kind = 'message') WHEN 'contact_request' THEN (SELECT min(messages.message_id) {_AT_OPENING}"
        f" AND messages.kind = 'contact_request') ELSE (SELECT {WINDOW_ID} {_WINDOW_OF_THREAD}) END, 0)"
    ),
    window_still_open=(
        "CASE kind"
        f" WHEN 'unanswered' THEN contract_at IS NOT NULL AND site = 'lancers' AND EXISTS (SELECT 1 {_WINDOW_OF_THREAD}"
        f"  AND oldest_at = opened_at) AND NOT EXISTS (SELECT 1 {_SINCE_OPENING} AND messages.kind = 'new_thread')"
        " WHEN 'client_silent' THEN contract_at IS NOT NULL AND site = 'lancers'"
        f" AND EXISTS (SELECT 1 {_AT_OPENING} AND direction = 'sent' AND messages.kind = 'message')"
        f" AND NOT EXISTS (SELECT 1 {_SINCE_OPENING} AND sent_at > opened_at AND direction = 'received'"
        "  AND messages.kind = 'message')"
        f" WHEN 'contact_request' THEN site = 'lancers' AND EXISTS (SELECT 1 {_AT_OPENING}"
        "  AND messages.kind = 'contact_request') AND NOT EXISTS"
        f" (SELECT 1 {_SINCE_OPENING} AND direction = 'sent' AND messages.kind IN ('message', 'contacted'))"
        f" ELSE EXISTS (SELECT 1 {_WINDOW_OF_THREAD} AND dismissed = 0 AND reminds_from = opened_at) END"
        f" AND (kind = 'snoozed' OR NOT EXISTS (SELECT 1 {muted_clients.OF_THREAD}))"
    ),
    superseded_by_later=(
        "EXISTS (SELECT 1 FROM occurrences AS later WHERE later.member_id = $1"
        " AND later.thread_id = occurrences.thread_id AND later.opened_at = occurrences.opened_at"
        " AND later.remind_at > occurrences.remind_at AND coalesce(later.delivery_id, 0) <> $2"
        f" AND (later.kind = occurrences.kind OR (later.kind NOT IN ({_CONTRACT_REMINDER_KINDS})"
        f"  AND occurrences.kind NOT IN ({_CONTRACT_REMINDER_KINDS})))"
        # One that an earlier message took along was delivered before this one was due: it does not stand for it.
        " AND (later.state = 'claimed' OR (later.state = 'delivered' AND later.settled_at >= occurrences.remind_at)"
        "  OR (later.state = 'planned' AND later.remind_at <= $3)))"
    ),
    waiting=RowParser(
        WaitingCounts,
        overdue=f"(SELECT count(*) {_OVERDUE})",
        closing="0",
        total=f"(SELECT count(*) {_WAITING})",
        overdue_clients=count_clients_sql(" AND oldest_at < $4"),
        clients=COUNT_CLIENTS,
    ),
)
_LOAD_CLAIMED: Final = (
    f"SELECT {', '.join(_claimed_reminder_from_row.columns)} FROM occurrences JOIN threads USING (member_id, thread_id)"
    " WHERE member_id = $1 AND delivery_id = $2 AND state = 'claimed' ORDER BY closes_at, thread_id, remind_at"
)


async def load_claimed_reminders(reader: Executor, claimed: ClaimedDelivery, *, now: datetime) -> list[ClaimedReminder]:
    """The claimed reminders of a delivery as they are now; the most urgent first."""
    return await reader.fetch_parsed(
        _claimed_reminder_from_row, _LOAD_CLAIMED, claimed.member_id, claimed.delivery_id, now, now - REPLY_WINDOW
    )


async def next_delivery_attempt_at(reader: Executor, *, busy: Collection[MemberId] = ()) -> datetime | None:
    """When the next reminder is to be tried, or a lease ends; None when there is neither. Without those of `busy`."""
    unless_busy = _sql_unless_busy(busy, 1)
    return await reader.fetch_one_parsed(
        instant_from_micros,
        f"SELECT min(at) FROM (SELECT min(try_at) AS at FROM occurrences WHERE state = 'planned'{unless_busy}"
        " UNION ALL SELECT min(claimed_until) AS at FROM occurrences WHERE state = 'claimed') AS instants",
        *busy,
    )
