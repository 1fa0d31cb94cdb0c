"""The state of everything that a card shows: of each of its messages, the reply window that it belongs to."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.reminders.plan import DELAY_AFTER_CLOSE, ReminderKind
from bot.domain.reply.contracts import CONTACT_WINDOW
from bot.domain.reply.thread_state import Direction, EventKind, UnansweredMessages, Verdict
from bot.domain.types import MessageId, UndoStepId
from bot.services.members import Preferences
from storage import cards
from storage.cards import CardContent, CardItem, CardKind, StoredCard
from storage.shown_messages import ShownMessage
from storage.threads import Thread


class WindowStatus(StrEnum):
    """The state of a message, or of the reply window that is named by it."""

    OPEN = "open"
    CLOSED = "closed"
    """Nothing was replied, and the 24 hours are over."""
    ANSWERED = "answered"
    DISMISSED = "dismissed"
    IN_NEW_THREAD = "new-thread"
    """The member wrote in a new thread instead."""
    SENT = "sent"
    """It is a message of the member's."""
    REQUESTED = "requested"
    """A contact request that is open."""
    REQUEST_OVERDUE = "request-overdue"
    """The same, and the time that it leaves is over."""
    REQUEST_ENDED = "request-ended"
    """A contact request that the member has replied to, or done otherwise."""
    SILENT = "silent"
    """A message of the member's in a thread under contract, to which the client has not replied."""
    REMOVED = "removed"
    """It is not recorded any more."""


_STATUS_BY_ENDING: Final[dict[str, WindowStatus]] = {
    EventKind.MESSAGE: WindowStatus.ANSWERED,
    EventKind.NEW_THREAD: WindowStatus.IN_NEW_THREAD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownWindow:
    """A message or window on a card, as it is now."""

    message_id: MessageId
    status: WindowStatus
    thread: Thread | None
    """None: the message is not recorded any more."""
    message: ShownMessage | None = None
    """What the record has of it; None: it is not recorded any more."""
    sent_at: datetime | None = None
    """When the message was sent; None: it is not recorded any more."""
    unanswered: UnansweredMessages | None = None
    """What is unanswered in an open or closed window."""
    ended_at: datetime | None = None
    """When it was answered or dismissed."""
    ending_id: MessageId | None = None
    """The reply or dismissal, which can be undone."""
    verdict: Verdict | None = None
    """How the reply counts."""
    snoozed_until: datetime | None = None
    """Until when, later than now, a reminder that the member asked for is waited for."""
    reminder_instants: int = 0
    """See `ShownMessage`."""
    reminder_kind: ReminderKind | None = None
    request_closes_at: datetime | None = None
    """Until when Lancers waits, of an open contact request."""
    is_unconfirmed: bool = False
    """See `ShownMessage`."""
    others: UnansweredMessages | None = None
    """Where the card shows a message of the member's: what waits in its thread."""
    have_others_closed: bool = False
    """Whether their last window has closed."""
    replied_to_at: datetime | None = None
    """Where the card shows a reply: the time of the oldest message that it answered."""
    contract_notice: ReminderKind | None = None
    """What it is reminded of besides a reply, if that still holds."""

    @property
    def is_waiting(self) -> bool:
        """Whether a reply is still to be sent, on time or late."""
        return self.status in {WindowStatus.OPEN, WindowStatus.CLOSED}

    @property
    def has_ended(self) -> bool:
        """Whether it was a reply window, which was answered or dismissed."""
        return self.status in {WindowStatus.ANSWERED, WindowStatus.DISMISSED, WindowStatus.IN_NEW_THREAD}

    @property
    def identity(self) -> tuple[object, ...]:
        """The same for messages of one reply window, as where threads were merged: its state and buttons are shared.

        A notice under contract is about the same window, and has its buttons.
        """
        if self.thread is None or (self.unanswered is None and self.ending_id is None):
            return (self.message_id,)
        return self.thread.id, self.unanswered, self.ending_id

    @property
    def under_contract(self) -> bool:
        """Whether the work of its thread has begun (`Thread.under_contract`)."""
        return self.thread is not None and self.thread.under_contract

    @property
    def counts_in_rate(self) -> bool:
        """Whether a reply in its thread counts in the reply rate."""
        return self.thread is None or self.thread.counts_in_rate


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A stored card, and the state of what it shows."""

    card: StoredCard
    windows: tuple[ShownWindow, ...]
    preferences: Preferences
    newest_step_id: UndoStepId | None = None
    """The newest step of the member's record when it was read for an edit: another one may have changed any window."""

    @property
    def state(self) -> str:
        """A digest of what the card has to show."""
        return card_state_digest(self.card.content.kind, self.windows)

    @property
    def is_current(self) -> bool:
        """Whether the message shows the present state."""
        if (draft_id := self.card.content.draft_id) is not None:
            return draft_id != cards.ENDED
        return self.card.shown == self.state

    @property
    def content(self) -> CardContent:
        """What the card is built from, with the threads in which its messages are now."""
        content = self.card.content
        items = tuple(
            CardItem(item.message_id, window.thread.id if window.thread else item.thread_id, item.reminder_kind)
            for item, window in zip(content.items, self.windows, strict=True)
        )
        return CardContent(kind=content.kind, items=items, page=content.page, draft_id=content.draft_id)


def card_state_digest(kind: CardKind, windows: Iterable[ShownWindow]) -> str:
    """A digest of what a card shows, the same for the same state. The reminders to come count on receipts alone."""
    facts = [
        (
            window.message_id,
            window.status,
            window.thread and (window.thread.client, window.thread.title, window.thread.unassigned),
            window.thread and (window.thread.contract_at, window.thread.site, window.thread.page),
            window.request_closes_at,
            window.unanswered and (window.unanswered.due_at, window.unanswered.newest_window_closes_at),
            window.ended_at,
            window.verdict,
            window.snoozed_until,
            window.reminder_instants if kind is CardKind.RECEIPT else 0,
            # What only receipts show: the state of other cards stored by earlier versions stays the same.
            *(
                (
                    window.sent_at,
                    window.replied_to_at,
                    window.others
                    and (window.others.due_at, window.others.newest_window_closes_at, window.have_others_closed),
                    window.is_unconfirmed,
                )
                if kind is CardKind.RECEIPT
                else ()
            ),
        )
        for window in windows
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def next_card_change_at(windows: Sequence[ShownWindow], now: datetime) -> datetime | None:
    """When the first window closes that is shown as open, which changes the card though nothing is recorded."""
    closing = [
        window.unanswered.newest_window_closes_at
        for window in windows
        if window.status is WindowStatus.OPEN and window.unanswered is not None
    ]
    closing += [
        window.others.newest_window_closes_at
        for window in windows
        if window.others is not None and not window.have_others_closed
    ]
    requests = [window.request_closes_at for window in windows if window.request_closes_at is not None]
    closing += [closes_at for closes_at in requests if closes_at >= now]
    return max(min(closing) + DELAY_AFTER_CLOSE, now) if closing else None


def _shown_window(item: CardItem, message: ShownMessage | None, now: datetime) -> ShownWindow:
    if message is None:
        return ShownWindow(
            message_id=item.message_id,
            status=WindowStatus.REMOVED,
            thread=None,
            reminder_kind=item.reminder_kind,
        )
    notice = None
    unanswered, exchange = message.unanswered, message.exchange
    others = None
    if message.direction is Direction.SENT and unanswered is not None:
        others, unanswered = None if unanswered.dismissed else unanswered, None
    is_waiting = unanswered is not None and not unanswered.dismissed
    is_requested = message.kind is EventKind.CONTACT_REQUEST and message.ending_id is None
    request_closes_at = None
    if is_requested and message.request_opened_at is not None:
        request_closes_at = message.request_opened_at + CONTACT_WINDOW
    if message.kind is EventKind.CONTACT_REQUEST:
        status = WindowStatus.REQUESTED if is_requested else WindowStatus.REQUEST_ENDED
        if request_closes_at is not None and now > request_closes_at:
            status = WindowStatus.REQUEST_OVERDUE
        notice = ReminderKind.CONTACT_REQUEST if is_requested else None
    elif message.direction is Direction.SENT:
        status = WindowStatus.SENT
        is_silent = item.reminder_kind is ReminderKind.CLIENT_SILENT and not message.received_since
        if is_silent and message.thread.under_contract:
            status, notice = WindowStatus.SILENT, ReminderKind.CLIENT_SILENT
    elif unanswered is not None and is_waiting:
        status = WindowStatus.CLOSED if now > unanswered.newest_window_closes_at else WindowStatus.OPEN
    else:
        ending = EventKind.MESSAGE if exchange is not None else message.ending_kind
        status = _STATUS_BY_ENDING.get(ending, WindowStatus.DISMISSED)
    is_snoozed = message.snoozed_until is not None and message.snoozed_until > now
    is_unanswered = status in {WindowStatus.OPEN, WindowStatus.CLOSED, WindowStatus.DISMISSED}
    if item.reminder_kind is ReminderKind.UNANSWERED and is_unanswered and message.thread.under_contract:
        notice = ReminderKind.UNANSWERED
    return ShownWindow(
        message_id=item.message_id,
        status=status,
        thread=message.thread,
        message=message,
        sent_at=message.sent_at,
        unanswered=unanswered if is_waiting else None,
        ended_at=None if is_waiting else message.ending_at,
        ending_id=None if is_waiting or message.direction is Direction.SENT else message.ending_id,
        verdict=exchange.verdict if exchange else None,
        snoozed_until=message.snoozed_until if status is WindowStatus.OPEN and is_snoozed else None,
        reminder_instants=message.reminder_instants if status is WindowStatus.OPEN or others is not None else 0,
        reminder_kind=item.reminder_kind,
        is_unconfirmed=message.is_unconfirmed,
        others=others,
        have_others_closed=others is not None and now > others.newest_window_closes_at,
        replied_to_at=exchange.received_at if exchange and message.direction is Direction.SENT else None,
        contract_notice=notice,
        request_closes_at=request_closes_at,
    )


def shown_windows(
    items: Sequence[CardItem], shown: Mapping[MessageId, ShownMessage], now: datetime
) -> tuple[ShownWindow, ...]:
    """The state of a card's items, as `shown` was read from the record."""
    return tuple(_shown_window(item, shown.get(item.message_id), now) for item in items)


def without_repeated_windows(windows: Iterable[ShownWindow]) -> tuple[ShownWindow, ...]:
    """Windows that are one as the first of them, with its notice under contract if another one has it."""
    first: dict[tuple[object, ...], ShownWindow] = {}
    for window in windows:
        shown = first.setdefault(window.identity, window)
        if shown.contract_notice is None:
            first[window.identity] = replace(shown, contract_notice=window.contract_notice)
    return tuple(first.values())
