"""The state of one thread: its messages, in any order, become exchanges and a reply window.

A reply answers every unanswered received message of its thread at once. It is judged from the oldest of them (the
strict reading) and from the newest; Lancers has not said which one it uses (docs/domain-facts.md#reply-window,
assumed). Both readings are computed, and where they differ the exchange is ambiguous.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from functools import cache
from typing import Final

REPLY_WINDOW: Final = timedelta(hours=24)
"""24 elapsed hours, both ends included: exactly 24:00:00 is on time (docs/domain-facts.md#reply-window, assumed)."""


class Direction(StrEnum):
    """The direction of a message, from the member's view."""

    RECEIVED = "received"
    SENT = "sent"


class EventKind(StrEnum):
    """The kind of an entry; a received one is a message or a contact request."""

    MESSAGE = "message"
    NEW_THREAD = "new_thread"
    """The member wrote in a new thread instead: no reply, but this one needs none any more."""
    DISMISSED = "dismissed"
    """The member decided that no reply is needed."""
    CONTACT_REQUEST = "contact_request"
    """A received mail: the client applied for 連絡催促 (bot/domain/reply/contracts.py). Nobody replies to it."""
    CONTACTED = "contacted"
    """The member has done what a contact request asks for."""


APART_FROM_REPLIES: Final = frozenset({EventKind.CONTACT_REQUEST, EventKind.CONTACTED})
"""Kinds that are no messages, replies or decisions about one: they never enter exchanges or reply windows."""


class Verdict(StrEnum):
    """How an exchange counts in the reply rate."""

    ON_TIME = "on_time"
    LATE = "late"
    AMBIGUOUS = "ambiguous"
    """Late from the oldest unanswered message, on time from the newest."""


@dataclass(frozen=True, slots=True)
class ThreadEvent:
    """One entry of a thread: a message or a decision about the thread, at an instant."""

    direction: Direction
    kind: EventKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """Received messages and the reply that answered them."""

    received_at: datetime
    """The oldest unanswered message."""
    newest_received_at: datetime
    replied_at: datetime

    @property
    def on_time(self) -> bool:
        """By the strict reading."""
        return self.replied_at - self.received_at <= REPLY_WINDOW

    @property
    def on_time_by_newest(self) -> bool:
        return self.replied_at - self.newest_received_at <= REPLY_WINDOW

    @property
    def verdict(self) -> Verdict:
        if self.on_time:
            return Verdict.ON_TIME
        return Verdict.AMBIGUOUS if self.on_time_by_newest else Verdict.LATE


@dataclass(frozen=True, slots=True)
class UnansweredMessages:
    """The received messages that no reply has answered yet, dismissed or not."""

    oldest: datetime
    newest: datetime
    window_opened_at: datetime
    """When the newest window was opened: a message that comes after a window closed opens another."""
    dismissed: bool

    @property
    def due_at(self) -> datetime:
        """A reply up to this instant is on time by the strict reading."""
        return self.oldest + REPLY_WINDOW

    @property
    def newest_window_closes_at(self) -> datetime:
        """The end of the newest window; it is `due_at` unless an earlier window has closed."""
        return self.window_opened_at + REPLY_WINDOW


@dataclass(frozen=True, slots=True)
class ThreadState:
    """The exchanges of a thread, and what is unanswered in it."""

    exchanges: tuple[Exchange, ...]
    """Ordered by `replied_at`."""
    unanswered: UnansweredMessages | None
    has_contact_requests: bool = False
    """Whether there was 連絡催促 in it (bot/domain/reply/contracts.py)."""

    @property
    def is_waiting(self) -> bool:
        """Whether a message is unanswered and was not dismissed."""
        return self.unanswered is not None and not self.unanswered.dismissed


class _SortOrder(IntEnum):
    """The order at equal instants: received, then sent, then dismissed (docs/cli-reference.md#histories)."""

    RECEIVED = 0
    SENT = 1
    DISMISSING = 2
    APART = 3


def entry_sort_key(entry: ThreadEvent) -> tuple[datetime, IntEnum]:
    """The order of a thread's entries."""
    return entry.at, _order_at_equal_instants(entry.direction, entry.kind)


@cache
def _order_at_equal_instants(direction: Direction, kind: EventKind) -> _SortOrder:
    if kind in APART_FROM_REPLIES:
        return _SortOrder.APART
    if direction is Direction.RECEIVED:
        return _SortOrder.RECEIVED
    return _SortOrder.SENT if kind is EventKind.MESSAGE else _SortOrder.DISMISSING


def compute_thread_state(entries: Iterable[ThreadEvent]) -> ThreadState:
    """The state of a thread; the order of `entries` makes no difference.

    A second sent message with nothing unanswered before it answers nothing (docs/domain-facts.md#uncounted-messages).
    After a dismissal the messages stay unanswered until the client writes again; then only the new ones are.
    """
    exchanges: list[Exchange] = []
    received: list[datetime] = []
    dismissed = False
    has_contact_requests = False
    for at, order in sorted(map(entry_sort_key, entries)):
        match order:
            case _SortOrder.RECEIVED if dismissed:
                received, dismissed = [at], False
            case _SortOrder.RECEIVED:
                received.append(at)
            case _SortOrder.SENT if received:
                exchanges.append(Exchange(received[0], received[-1], at))
                received, dismissed = [], False
            case _SortOrder.DISMISSING if received:
                dismissed = True
            case _SortOrder.APART:
                has_contact_requests = True
            case _:
                pass
    return ThreadState(tuple(exchanges), _unanswered_messages(received, dismissed=dismissed), has_contact_requests)


def _unanswered_messages(received: Sequence[datetime], *, dismissed: bool) -> UnansweredMessages | None:
    if not received:
        return None
    window_opened_at = received[0]
    for at in received:
        if at > window_opened_at + REPLY_WINDOW:
            window_opened_at = at
    return UnansweredMessages(received[0], received[-1], window_opened_at, dismissed)


class EntryVerdict(StrEnum):
    """How one entry of a thread was taken into account."""

    ON_TIME = "on_time"
    LATE = "late"
    AMBIGUOUS = "ambiguous"
    WAITING = "waiting"
    """Received and not answered yet."""
    DISMISSED = "dismissed"
    """Received; no reply was needed. A later reply would still be judged against it."""
    NOT_COUNTED = "nowhere"
    """Sent with nothing unanswered before it; received, dismissed, and superseded by a newer message; or no message."""
    DISMISSAL = "dismissal"
    """"No reply needed", or a message in a new thread: no reply."""


@dataclass(frozen=True, slots=True)
class EntryExplanation:
    """How an entry counted, and by which exchange or unanswered messages."""

    verdict: EntryVerdict
    exchange: Exchange | None = None
    unanswered: UnansweredMessages | None = None


def explain_entry(state: ThreadState, entry: ThreadEvent, *, is_second: bool = False) -> EntryExplanation:
    """How an entry of the thread was taken into account.

    `is_second`: an equal one is before it. Of several replies at one instant only the first ends the exchange.
    """
    if entry.kind in APART_FROM_REPLIES:
        return EntryExplanation(EntryVerdict.NOT_COUNTED)
    sent = entry.direction is Direction.SENT
    if sent and entry.kind is not EventKind.MESSAGE:
        return EntryExplanation(EntryVerdict.DISMISSAL)
    if sent and is_second:
        return EntryExplanation(EntryVerdict.NOT_COUNTED)
    for exchange in state.exchanges:
        answered = exchange.received_at <= entry.at <= exchange.newest_received_at
        if exchange.replied_at == entry.at if sent else answered:
            return EntryExplanation(EntryVerdict(exchange.verdict.value), exchange)
    unanswered = state.unanswered
    if not sent and unanswered is not None and unanswered.oldest <= entry.at <= unanswered.newest:
        verdict = EntryVerdict.DISMISSED if unanswered.dismissed else EntryVerdict.WAITING
        return EntryExplanation(verdict, unanswered=unanswered)
    return EntryExplanation(EntryVerdict.NOT_COUNTED)
