"""The results of deliveries: the outcomes of their reminders, and the windows and cards that their messages show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.calendar import instant_from_micros
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
    """A digest of the state in which its windows were drawn (`StoredCard.shown`)."""
    new_channel_id: int | None = None
    """Its channel, where it was not stored before that the member's messages arrive there."""


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """The result of one try to send a delivery."""

    claimed: ClaimedDelivery
    outcomes: tuple[tuple[ClaimedReminder, ReminderOutcome], ...]
    not_due_yet: tuple[ClaimedReminder, ...] = ()
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
    return await reader.fetch_one_parsed(
        instant_from_micros,
        "SELECT max(opened_at) FROM occurrences JOIN deliveries USING (member_id, delivery_id)"
        " WHERE member_id = $1 AND thread_id = $2 AND discord_message_id = $3",
        member_id,
        thread_id,
        discord_message_id,
    )


async def save_delivery_results(transaction: Transaction, results: Sequence[DeliveryResult], *, now: datetime) -> None:
    """Store the results of tries: outcomes, the id and channel of the message, or when the delivery is tried again.

    A delivered message is stored even if another process has the claim by now; every other result only while this
    process has it. A closing message also notifies of the reminders that were missed before it in its window.
    """
    sent = [(result.claimed, result.sent, result) for result in results if result.sent is not None]
    # First, since it locks the rows of members, which other transactions do before they lock those of reminders.
    await cards.save_cards(
        transaction,
        [
            (
                claimed.member_id,
                message.discord_message_id,
                None,
                _card_content_of_delivery(result, now),
                # Not known after a retry: an earlier try may have arrived, with more windows.
                cards.CHANGED if claimed.attempts else message.card_state,
            )
            for claimed, message, result in sent
        ],
        check_at=now + cards.FIRST_CHECK_AFTER,
    )
    await cards.mark_cards_changed_by_deliveries(transaction, sorted(_changed_threads(results, now)), now=now)
    await _save_outcomes(transaction, results, now)
    await transaction.execute_many(
        "UPDATE deliveries SET discord_message_id = $3 WHERE member_id = $1 AND delivery_id = $2",
        [(claimed.member_id, claimed.delivery_id, message.discord_message_id) for claimed, message, _ in sent],
    )
    for claimed, message, _ in sent:
        if message.new_channel_id is not None:
            await members.mark_dm_open(transaction, claimed.member_id, message.new_channel_id)
    await transaction.execute_many(
        "UPDATE occurrences SET state = 'planned', claimed_until = NULL, try_at = $4"
        " WHERE member_id = $1 AND delivery_id = $2 AND claimed_until = $3",
        [(*_claim_values(result), result.retry_at) for result in results if result.retry_at is not None],
    )


def _claim_values(result: DeliveryResult) -> tuple[Value, ...]:
    """Member, delivery, and the end of its lease, which tells this claim from a later one of the same delivery."""
    claimed = result.claimed
    return claimed.member_id, claimed.delivery_id, claimed.lease_until


def _changed_threads(results: Iterable[DeliveryResult], now: datetime) -> set[tuple[MemberId, ThreadId, int]]:
    """The threads whose other cards change: a receipt names the instants of the plan, a card of a window its snooze."""
    return {
        (result.claimed.member_id, reminder.thread.id, result.sent.discord_message_id if result.sent else 0)
        for result in results
        for reminder, outcome in result.outcomes
        if reminder.kind is ReminderKind.SNOOZED
        or (outcome is ReminderOutcome.DELIVERED and reminder.remind_at > now + MAX_EARLY)
    }


async def _save_outcomes(transaction: Transaction, results: Sequence[DeliveryResult], now: datetime) -> None:
    """Store how reminders ended, release those that get another delivery, and mark what was missed as notified."""
    await transaction.execute_many(
        "UPDATE occurrences SET state = $5, settled_at = $6, claimed_until = NULL"
        " WHERE member_id = $1 AND occurrence_id = $4 AND delivery_id = $2"
        " AND (claimed_until = $3 OR ($5 = 'delivered' AND state IN ('planned', 'claimed')))",
        [
            (*_claim_values(result), reminder.planned_reminder_id, outcome, now)
            for result in results
            for reminder, outcome in result.outcomes
        ],
    )
    await transaction.execute_many(
        "UPDATE occurrences SET state = 'planned', claimed_until = NULL, delivery_id = NULL, try_at = remind_at"
        " WHERE member_id = $1 AND occurrence_id = $4 AND delivery_id = $2 AND claimed_until = $3",
        [
            (*_claim_values(result), reminder.planned_reminder_id)
            for result in results
            for reminder in result.not_due_yet
        ],
    )
    await transaction.execute_many(
        "UPDATE occurrences SET told_at = $4 WHERE member_id = $1 AND thread_id = $2 AND opened_at = $3"
        " AND state IN ('undeliverable', 'expired') AND told_at IS NULL",
        [
            (result.claimed.member_id, reminder.thread.id, reminder.opened_at, now)
            for result in results
            for reminder, outcome in result.outcomes
            if outcome is ReminderOutcome.DELIVERED and reminder.kind is ReminderKind.CLOSED
        ],
    )


def _card_content_of_delivery(result: DeliveryResult, now: datetime) -> CardContent:
    """The windows that a sent delivery shows."""
    shown = shown_reminders((reminder for reminder, _ in result.outcomes), now=now)
    items = (CardItem(reminder.window_id, reminder.thread.id, reminder.kind) for reminder in shown)
    return CardContent(kind=CardKind.REMINDER, items=tuple(items)[:MAX_CARD_ITEMS])
