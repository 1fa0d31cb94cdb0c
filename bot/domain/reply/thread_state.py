"""The 24-hour clock of one thread: its messages, in any order, become exchanges and a window.

A reply answers every unanswered received message of its thread at once. It is judged from the oldest of
them (the strict reading) and from the newest; Lancers has never said which one it uses (FACTS.md §1,
"assumed"). Both readings are kept, and where they differ the exchange is ambiguous.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final

REPLY_WINDOW: Final = timedelta(hours=24)
"""24 elapsed hours, both ends inclusive (以内): exactly 24:00:00 is on time. FACTS.md §1, assumed."""


class Direction(StrEnum):
    """From the member's view."""

    RECEIVED = "received"
    SENT = "sent"


class EventKind(StrEnum):
    """What a sent entry was; a received one is always a message."""

    MESSAGE = "message"
    NEW_THREAD = "new_thread"
    """The member wrote in a new thread instead: no reply, but this thread waits no longer."""
    DISMISSED = "dismissed"
    """The member decided that no reply is needed."""


class Verdict(StrEnum):
    """How an exchange counts."""

    ON_TIME = "on_time"
    LATE = "late"
    AMBIGUOUS = "ambiguous"
    """Late from the oldest unanswered message, on time from the newest."""


@dataclass(frozen=True, slots=True)
class ThreadEvent:
    """One thing that happened in a thread, at an instant."""

    direction: Direction
    kind: EventKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """Received message(s) and the reply that answered them."""

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
    """The client's last word(s) that no reply has answered yet, dismissed or not."""

    oldest: datetime
    newest: datetime
    window_opened_at: datetime
    """The message that opened the newest window: one that comes after a window closed opens another."""
    dismissed: bool

    @property
    def due_at(self) -> datetime:
        """Until then a reply is on time by the strict reading."""
        return self.oldest + REPLY_WINDOW

    @property
    def window_closes_at(self) -> datetime:
        """The end of the window that reminders speak of; `due_at` unless an earlier window has closed."""
        return self.window_opened_at + REPLY_WINDOW


@dataclass(frozen=True, slots=True)
class ThreadState:
    """What a thread's messages come to."""

    exchanges: tuple[Exchange, ...]
    """By `replied_at`."""
    unanswered: UnansweredMessages | None

    @property
    def is_waiting(self) -> bool:
        """The last word is the client's and was not dismissed."""
        return self.unanswered is not None and not self.unanswered.dismissed


class _SortOrder(IntEnum):
    """At equal instants: received, then sent, then what dismisses (COMMAND_LINE.md, History)."""

    RECEIVED = 0
    SENT = 1
    DISMISSING = 2


def _rank(entry: ThreadEvent) -> _SortOrder:
    if entry.direction is Direction.RECEIVED:
        return _SortOrder.RECEIVED
    return _SortOrder.SENT if entry.kind is EventKind.MESSAGE else _SortOrder.DISMISSING


def compute_thread_state(entries: Iterable[ThreadEvent]) -> ThreadState:
    """Read one thread. The order of `entries` never matters; reading more of them is the only way to change it.

    A second own message with nothing unanswered before it answers nothing and counts nowhere. After a
    dismissal the messages stay unanswered, until the client writes again, which starts afresh.
    """
    exchanges: list[Exchange] = []
    received: list[datetime] = []
    dismissed = False
    for entry in sorted(entries, key=lambda entry: (entry.at, _rank(entry))):
        match _rank(entry):
            case _SortOrder.RECEIVED if dismissed:
                received, dismissed = [entry.at], False
            case _SortOrder.RECEIVED:
                received.append(entry.at)
            case _SortOrder.SENT if received:
                exchanges.append(Exchange(received[0], received[-1], entry.at))
                received, dismissed = [], False
            case _SortOrder.DISMISSING if received:
                dismissed = True
            case _:
                pass
    return ThreadState(tuple(exchanges), _unanswered(received, dismissed=dismissed))


def _unanswered(received: Sequence[datetime], *, dismissed: bool) -> UnansweredMessages | None:
    if not received:
        return None
    reminds_from = received[0]
    for at in received:
        if at > reminds_from + REPLY_WINDOW:
            reminds_from = at
    return UnansweredMessages(received[0], received[-1], reminds_from, dismissed)
