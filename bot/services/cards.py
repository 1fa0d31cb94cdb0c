"""The state of everything that a card shows, and the cards that are to be edited because it changed."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Final

from bot.domain.reminders.plan import DELAY_AFTER_CLOSE, OF_CONTRACTS, ReminderKind
from bot.domain.reply.contracts import CONTACT_WINDOW
from bot.domain.reply.thread_state import Direction, EventKind, UnansweredMessages, Verdict
from bot.domain.types import MemberId, MessageId, UndoStepId
from bot.services.members import Preferences, effective_preferences
from bot.services.receipt_building import load_receipts
from bot.services.results import Receipt
from bot.settings import MemberDefaults
from storage import cards, members, shown_messages, undo_log
from storage.cards import Card, CardContent, CardItem, CardKind
from storage.database import Database, Executor, Transaction
from storage.shown_messages import ShownMessage
from storage.threads import Thread

_MESSAGE_ID: Final = attrgetter("message_id")


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
    unanswered: UnansweredMessages | None = None
    """Of an open or closed window."""
    ended_at: datetime | None = None
    """When it was answered or dismissed."""
    ending_id: MessageId | None = None
    """The reply or dismissal, which can be undone."""
    verdict: Verdict | None = None
    """Of the reply."""
    snoozed_until: datetime | None = None
    """Until when, later than now, a reminder that the member asked for is waited for."""
    reminder_instants: int = 0
    """See `ShownMessage`."""
    reminder_kind: ReminderKind | None = None
    request_closes_at: datetime | None = None
    """Until when Lancers waits, of an open contact request."""
    is_unconfirmed: bool = False
    """See `ShownMessage`."""
    others_due_at: datetime | None = None
    """Of a message of the member's, until when to reply to what waits in its thread."""
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
        """The same for messages of one reply window, as where threads were merged: its state and buttons are shared."""
        if self.thread is None or (self.unanswered is None and self.ending_id is None):
            return (self.message_id,)
        return self.thread.id, self.contract_notice, self.unanswered, self.ending_id

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

    card: Card
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
        unchanged = not self.card.shown and not self.card.revision
        return self.card.shown == self.state or (unchanged and all(map(_is_window_as_sent, self.windows)))

    def next_change_at(self, now: datetime) -> datetime | None:
        """When the first open window closes."""
        return _next_change_at(self.windows, now)

    @property
    def content(self) -> CardContent:
        """What the card is built from, with the threads in which its messages are now."""
        content = self.card.content
        items = tuple(
            CardItem(item.message_id, window.thread.id if window.thread else item.thread_id, item.reminder_kind)
            for item, window in zip(content.items, self.windows, strict=True)
        )
        return CardContent(kind=content.kind, items=items, page=content.page, draft_id=content.draft_id)


def _is_window_as_sent(window: ShownWindow) -> bool:
    """Whether a window is still as the reminder showed it: open, or closed where it said so."""
    if window.reminder_kind in OF_CONTRACTS:
        return window.contract_notice is window.reminder_kind
    expected = WindowStatus.CLOSED if window.reminder_kind is ReminderKind.CLOSED else WindowStatus.OPEN
    return window.status is expected and window.snoozed_until is None


def card_state_digest(kind: CardKind, windows: Iterable[ShownWindow]) -> str:
    """The same for the same state: names, statuses and instants. Only receipts name the reminders to come."""
    facts = [
        (
            window.message_id,
            window.status,
            window.thread and (window.thread.client, window.thread.title, window.thread.unassigned),
            window.thread and (window.thread.contract_at, window.thread.site, window.thread.page),
            window.request_closes_at,
            window.unanswered and (window.unanswered.due_at, window.unanswered.window_closes_at),
            window.ended_at,
            window.verdict,
            window.snoozed_until,
            window.reminder_instants if kind is CardKind.RECEIPT else 0,
            # Of most messages nothing is added: the state of cards stored by earlier versions stays the same.
            *(("unconfirmed",) if kind is CardKind.RECEIPT and window.is_unconfirmed else ()),
            *((window.others_due_at,) if kind is CardKind.RECEIPT and window.others_due_at else ()),
        )
        for window in windows
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def _next_change_at(windows: Sequence[ShownWindow], now: datetime) -> datetime | None:
    """When the first open window closes, which changes its card though nothing is recorded."""
    closing = [
        window.unanswered.window_closes_at
        for window in windows
        if window.status is WindowStatus.OPEN and window.unanswered is not None
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
    others_due_at = None
    if message.direction is Direction.SENT and unanswered is not None:
        others_due_at, unanswered = None if unanswered.dismissed else unanswered.due_at, None
    is_waiting = unanswered is not None and not unanswered.dismissed
    is_requested = message.kind is EventKind.CONTACT_REQUEST and message.ending_id is None
    if message.kind is EventKind.CONTACT_REQUEST:
        status = WindowStatus.REQUESTED if is_requested else WindowStatus.REQUEST_ENDED
        notice = ReminderKind.CONTACT_REQUEST if is_requested else None
    elif message.direction is Direction.SENT:
        status = WindowStatus.SENT
        is_silent = item.reminder_kind is ReminderKind.CLIENT_SILENT and not message.received_since
        if is_silent and message.thread.under_contract:
            status, notice = WindowStatus.SILENT, ReminderKind.CLIENT_SILENT
    elif unanswered is not None and is_waiting:
        status = WindowStatus.CLOSED if now > unanswered.window_closes_at else WindowStatus.OPEN
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
        unanswered=unanswered if is_waiting else None,
        ended_at=None if is_waiting else message.ending_at,
        ending_id=None if is_waiting or message.direction is Direction.SENT else message.ending_id,
        verdict=exchange.verdict if exchange else None,
        snoozed_until=message.snoozed_until if status is WindowStatus.OPEN and is_snoozed else None,
        reminder_instants=message.reminder_instants if status is WindowStatus.OPEN else 0,
        reminder_kind=item.reminder_kind,
        is_unconfirmed=message.is_unconfirmed,
        others_due_at=others_due_at,
        contract_notice=notice,
        request_closes_at=message.request_opened_at + CONTACT_WINDOW
        if is_requested and message.request_opened_at is not None
        else None,
    )


class CardService:
    """Reads and stores cards; the record itself is not changed."""

    def __init__(self, database: Database, defaults: MemberDefaults) -> None:
        self._database = database
        self._defaults = defaults
        self.being_pressed: set[int] = set()
        """Discord's ids of the cards whose press is being handled in this process: its answer edits them."""

    async def is_shown(self, member_id: MemberId, message_id: MessageId) -> bool:
        """Whether a card shows this message."""
        return await cards.is_message_on_card(self._database, member_id, message_id)

    async def has_open_question(self, member_id: MemberId, source_key: str) -> bool:
        """Whether a card asks a question about the item with this key that is not answered yet."""
        return await cards.has_card_with_question(self._database, member_id, source_key)

    async def load_windows(
        self, member_id: MemberId, items: Sequence[CardItem], *, now: datetime
    ) -> tuple[ShownWindow, ...]:
        """The state of some items of a card."""
        return await _load_shown_windows(self._database, member_id, items, now)

    async def find(
        self, member_id: MemberId, discord_message_id: int, preferences: Preferences, *, now: datetime
    ) -> ShownCard | None:
        """The member's card that is this message."""
        find_card = cards.BY_ID(member_id, discord_message_id)
        find_shown = shown_messages.ON_CARD(member_id, discord_message_id)
        results = await self._database.query_many(find_card, find_shown)
        card = results[find_card]
        if card is None:
            return None
        return ShownCard(card, _shown_windows(card.content.items, results[find_shown], now), preferences)

    async def reload(self, card: Card, *, now: datetime) -> ShownCard:
        """The present state of what a card shows."""
        async with self._database.read() as transaction:
            find_member, find_newest = members.find(card.member_id), undo_log.LATEST(card.member_id)
            results = await transaction.query_many(find_member, find_newest)
            windows = await _load_shown_windows(transaction, card.member_id, card.content.items, now)
            preferences, newest = effective_preferences(results[find_member], self._defaults), results[find_newest]
            return ShownCard(card, windows, preferences, newest.id if newest else None)

    async def save(
        self,
        member_id: MemberId,
        discord_message_id: int,
        channel_id: int,
        content: CardContent,
        *,
        is_new: bool = True,
        now: datetime,
    ) -> None:
        """Store a card that was sent just now, or replaced another one, unless the member was erased meanwhile.

        It shows the record as it was at `content.as_of`, None: at `now`. If anything but its own messages
        (`content.recorded_at`) was recorded since, it is soon compared with the record.
        """
        async with self._database.write() as transaction:
            find_newest = undo_log.NEWEST(member_id, len(content.recorded_at) + 1)  # one that is not its own
            find_shown = shown_messages.shown_messages_with_ids(member_id, [*map(_MESSAGE_ID, content.items)])
            # The member is locked, so that what is recorded after this marks the card.
            results = await transaction.lock_and_query(members.find_locked(member_id), find_newest, find_shown)
            as_of = content.as_of or now
            missed = [at for step in results[find_newest] if (at := step.at) > as_of and at not in content.recorded_at]
            windows = _shown_windows(content.items, results[find_shown], as_of)
            shown, check_at = card_state_digest(content.kind, windows), _next_change_at(windows, now)
            # What was erased meanwhile is gone, though no step says so.
            is_removed = WindowStatus.REMOVED in {window.status for window in windows}
            if not content.says_undone and (is_removed or missed):
                shown, check_at = cards.CHANGED, now + cards.FIRST_CHECK_AFTER
            card = (member_id, discord_message_id, channel_id, content, shown)
            await cards.save_cards(transaction, [card], check_at=check_at)
            if not is_new:
                await cards.delete_card_items_from(transaction, discord_message_id, len(content.items))

    async def save_shown(self, shown: ShownCard, *, now: datetime) -> None:
        """Store that a card shows the state that was read, since a press was answered with it."""
        async with self._database.write() as transaction:
            await cards.save_shown_card_state(transaction, shown.card, shown.state, now=now)

    async def claim_due(self, *, now: datetime, lease: timedelta) -> list[Card]:
        """Claim cards that are to be compared with the record."""
        async with self._database.write() as transaction:
            return await cards.claim_due_cards(transaction, now=now, lease=lease, busy=self.being_pressed)

    async def finish(self, shown: ShownCard, content: CardContent | None = None, *, now: datetime) -> None:
        """Store that a claimed card shows the present state; `content`: what it shows if it was edited, else None."""
        async with self._database.write() as transaction:
            card, is_changed = shown.card, False
            if content is not None and content != shown.content:
                shown, is_changed = await _load_edited_card(transaction, shown, content, now=now)
            await cards.finish_card_check(
                transaction,
                card,
                shown.content,
                shown=cards.CHANGED if is_changed else shown.state,
                edited=content is not None,
                next_check_at=now + cards.MIN_EDIT_INTERVAL if is_changed else shown.next_change_at(now),
                now=now,
            )

    async def retry(self, card: Card, *, at: datetime) -> None:
        """Compare a claimed card again at an instant."""
        async with self._database.write() as transaction:
            await cards.retry_card_check(transaction, card, at=at)

    async def forget(self, card: Card) -> None:
        """Edit a card no more."""
        async with self._database.write() as transaction:
            await cards.delete_card(transaction, card.discord_message_id)

    async def next_check_at(self) -> datetime | None:
        """When the next card is to be compared."""
        return await cards.next_card_check_at(self._database)

    async def load_receipts(self, shown: ShownCard, *, now: datetime) -> list[Receipt]:
        """The receipts, as of now, of the messages on a card that are recorded. Writes nothing."""
        recorded = [(window.message_id, window.thread.id) for window in shown.windows if window.thread is not None]
        async with self._database.read() as transaction:
            return await load_receipts(transaction, shown.card.member_id, recorded, shown.preferences, now=now)


async def _load_edited_card(
    transaction: Transaction, shown: ShownCard, content: CardContent, *, now: datetime
) -> tuple[ShownCard, bool]:
    """A card that shows other windows since it was edited, and whether the record has changed since it was read.

    The member stays locked, so that what is recorded after this marks the card. The windows that it showed before stay
    behind the others: an undo brings them back.
    """
    member_id, as_of = shown.card.member_id, content.as_of or now
    ids = {item.message_id for item in content.items}
    ended = (item for item in shown.content.items if item.message_id not in ids)
    items = (*content.items, *ended)[: cards.MAX_CARD_ITEMS]
    find_newest = undo_log.LATEST(member_id)
    find_shown = shown_messages.shown_messages_with_ids(member_id, [*map(_MESSAGE_ID, items)])
    results = await transaction.lock_and_query(members.find_locked(member_id), find_newest, find_shown)
    newest_step_id = newest.id if (newest := results[find_newest]) else None
    edited = ShownCard(
        replace(shown.card, content=replace(content, items=items)),
        _shown_windows(items, results[find_shown], as_of),
        shown.preferences,
    )
    return edited, newest_step_id != shown.newest_step_id


async def _load_shown_windows(
    reader: Executor, member_id: MemberId, items: Sequence[CardItem], now: datetime
) -> tuple[ShownWindow, ...]:
    return _shown_windows(
        items, await shown_messages.load_shown_messages(reader, member_id, [*map(_MESSAGE_ID, items)]), now
    )


def _shown_windows(
    items: Sequence[CardItem], shown: Mapping[MessageId, ShownMessage], now: datetime
) -> tuple[ShownWindow, ...]:
    return tuple(_shown_window(item, shown.get(item.message_id), now) for item in items)
