"""The second deadline of a thread under contract: 連絡催促, which either side may request after seven silent days.

Lancers then sets 168 hours for a message; silence after that pays out or cancels the work (docs/domain-facts.md,
official 2024-10). None of this is part of the reply rate.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent

SILENCE_LIMIT: Final = timedelta(hours=168)
"""After so long without a message the other side may apply for 連絡催促."""

CONTACT_WINDOW: Final = timedelta(hours=168)
"""How long Lancers waits for a message after 連絡催促."""


def find_contact_request_opening(entries: Iterable[ThreadEvent]) -> datetime | None:
    """When the window of the thread's open contact request began; None without one.

    A reply ends it, and so does the member's word that it is done. A further mail within the window is about the same
    request; one that comes later opens another window.
    """
    opened_at: datetime | None = None
    for entry in sorted(entries, key=lambda entry: (entry.at, entry.direction is Direction.SENT)):
        if entry.kind is EventKind.CONTACT_REQUEST:
            if opened_at is None or entry.at > opened_at + CONTACT_WINDOW:
                opened_at = entry.at
        elif entry.direction is Direction.SENT and entry.kind in {EventKind.MESSAGE, EventKind.CONTACTED}:
            opened_at = None
    return opened_at


def client_silent_since(entries: Iterable[ThreadEvent]) -> datetime | None:
    """The oldest message of the member that the client has not replied to; None where the client wrote last."""
    silent_since: datetime | None = None
    messages = (entry for entry in entries if entry.kind is EventKind.MESSAGE)
    for entry in sorted(messages, key=lambda entry: (entry.at, entry.direction is Direction.SENT)):
        if entry.direction is Direction.RECEIVED:
            silent_since = None
        elif silent_since is None:
            silent_since = entry.at
    return silent_since


def wrote_in_new_thread(entries: Iterable[ThreadEvent], oldest: datetime) -> bool:
    """Whether the member wrote in a new thread since the oldest unanswered message, which ends a silence too."""
    return any(entry.kind is EventKind.NEW_THREAD and entry.at >= oldest for entry in entries)
