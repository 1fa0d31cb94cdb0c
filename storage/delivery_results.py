"""The results of deliveries: the outcomes of their reminders, and the windows and cards that their messages show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.calendar import instant_from_micros, instant_to_micros
from bot.domain.reminders.load_spreading import MAX_EARLY
from bot.domain.reminders.plan import CONTRACT_REMINDER_KINDS, ReminderKind
from bot.domain.types import MemberId, ThreadId
from storage import cards, members
from storage.cards import MAX_CARD_ITEMS, CardContent, CardItem, CardKind
from storage.database import Executor, Transaction, Value
from storage.deliveries import ClaimedDelivery, ClaimedReminder
from storage.planned_reminders import ReminderOutcome


@dataclass(frozen=True, slots=True)
class SentReminder:
    """The message of a delivery."""

    discord_message_id: int
    card_state: str
    """A digest of the state in which its windows were drawn (`Card.shown`)."""
    new_channel_id: int | None = None
    """Its channel, where it was not stored before that the member's messages arrive there."""


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """The result of one try to send a delivery."""

    claimed: ClaimedDelivery
    outcomes: tuple[tuple[ClaimedReminder, ReminderOutcome], ...]
    postponed: tuple[ClaimedReminder, ...] = ()
    """Reminders that the delivery took along before they were due, and that get another one then."""
    sent: SentReminder | None = None
    retry_at: datetime | None = None
    """When the delivery is tried again; None: not again."""


def shown_reminders(reminders: Iterable[ClaimedReminder], *, now: datetime) -> list[ClaimedReminder]:
    """One reminder for each window that a delivery shows: the newest, but none that is still to come if one is due.

    Open windows come first, those that close soonest at the top; then those that have closed.
    """
    shown: dict[tuple[ThreadId, ReminderKind | None], ClaimedReminder] = {}
    for reminder in reminders:
        key = reminder.thread.id, reminder.kind if reminder.kind in CONTRACT_REMINDER_KINDS else None
        if key not in shown or reminder.remind_at <= now:
            shown[key] = reminder
    return sorted(shown.values(), key=lambda reminder: (reminder.closes_at < now, reminder.closes_at))


async def find_shown_window_opening(
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
    return None if opened_at is None else instant_from_micros(opened_at)


async def save_delivery_results(transaction: Transaction, results: Sequence[DeliveryResult], *, now: datetime) -> None:
    """Store the results of tries: outcomes, the id and channel of the message, or when the delivery is tried again.

    A delivered message is stored even if another process has the claim by now; every other result only while this
    process has it. A closing message also notifies of the reminders that were missed before it in its window.
    """
    now_micros = instant_to_micros(now)
    settled: list[tuple[Value, ...]] = []
    notified: list[tuple[Value, ...]] = []
    sent: list[tuple[Value, ...]] = []
    retried: list[tuple[Value, ...]] = []
    postponed: list[tuple[Value, ...]] = []
    for result in results:
        member_id, delivery_id = result.claimed.member_id, result.claimed.delivery_id
        lease_until = instant_to_micros(
            result.claimed.lease_until
        )  # tells this claim from a later one of the same delivery
        for reminder, outcome in result.outcomes:
            reminder_id = reminder.planned_reminder_id
            settled.append((member_id, reminder_id, outcome, now_micros, delivery_id, lease_until))
            if outcome is ReminderOutcome.DELIVERED and reminder.kind is ReminderKind.CLOSED:
                notified.append((member_id, reminder.thread.id, instant_to_micros(reminder.opened_at), now_micros))
        postponed += [
            (member_id, reminder.planned_reminder_id, delivery_id, lease_until) for reminder in result.postponed
        ]
        if result.sent is not None:
            sent.append((member_id, delivery_id, result.sent.discord_message_id))
        if result.retry_at is not None:
            retried.append((member_id, delivery_id, instant_to_micros(result.retry_at), lease_until))
    # First, since it locks the rows of members, which other transactions do before they lock those of reminders.
    await cards.save_cards(
        transaction,
        [
            (
                result.claimed.member_id,
                result.sent.discord_message_id,
                None,
                _card_content_of_delivery(result, now),
                # Not known after a retry: an earlier try may have arrived, with more windows.
                cards.CHANGED if result.claimed.attempts else result.sent.card_state,
            )
            for result in results
            if result.sent is not None
        ],
        check_at=now + cards.FIRST_CHECK_AFTER,
    )
    # Receipts name the instants of the plan, and every card of a window names its snooze.
    changed = {
        (result.claimed.member_id, reminder.thread.id, result.sent.discord_message_id if result.sent else 0)
        for result in results
        for reminder, outcome in result.outcomes
        if reminder.kind is ReminderKind.SNOOZED
        or (outcome is ReminderOutcome.DELIVERED and reminder.remind_at > now + MAX_EARLY)
    }
    await cards.mark_cards_changed_by_deliveries(transaction, sorted(changed), now=now)
    await transaction.execute_many(
        "UPDATE occurrences SET state = $3, settled_at = $4, claimed_until = NULL"
        " WHERE member_id = $1 AND occurrence_id = $2 AND delivery_id = $5"
        " AND (claimed_until = $6 OR ($3 = 'delivered' AND state IN ('planned', 'claimed')))",
        settled,
    )
    await transaction.execute_many(
        "UPDATE occurrences SET state = 'planned', claimed_until = NULL, delivery_id = NULL, try_at = remind_at"
        " WHERE member_id = $1 AND occurrence_id = $2 AND delivery_id = $3 AND claimed_until = $4",
        postponed,
    )
    await transaction.execute_many(
        "UPDATE occurrences SET told_at = $4 WHERE member_id = $1 AND thread_id = $2 AND opened_at = $3"
        " AND state IN ('undeliverable', 'expired') AND told_at IS NULL",
        notified,
    )
    await transaction.execute_many(
        "UPDATE deliveries SET discord_message_id = $3 WHERE member_id = $1 AND delivery_id = $2", sent
    )
    for result in results:
        if result.sent is not None and result.sent.new_channel_id is not None:
            await members.mark_dm_open(transaction, result.claimed.member_id, result.sent.new_channel_id)
    await transaction.execute_many(
        "UPDATE occurrences SET state = 'planned', claimed_until = NULL, try_at = $3"
        " WHERE member_id = $1 AND delivery_id = $2 AND claimed_until = $4",
        retried,
    )


def _card_content_of_delivery(result: DeliveryResult, now: datetime) -> CardContent:
    """The windows that a sent delivery shows."""
    shown = shown_reminders((reminder for reminder, _ in result.outcomes), now=now)
    items = (CardItem(reminder.window_id, reminder.thread.id, reminder.kind) for reminder in shown)
    return CardContent(kind=CardKind.REMINDER, items=tuple(items)[:MAX_CARD_ITEMS])
