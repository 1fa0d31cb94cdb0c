"""The open contact requests (連絡催促) of a member, which are rows of `messages` (bot/domain/reply/contracts.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from bot.domain.calendar import instant_from_micros
from bot.domain.reply.contracts import CONTACT_WINDOW, open_contact_request
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.domain.types import MemberId, MessageId
from storage.database import Query, Row, Select
from storage.threads import THREAD_COLUMNS, Thread, thread_from_row


@dataclass(frozen=True, slots=True)
class ContactRequest:
    """One that is neither answered by a reply nor marked as done; `message_id` is its first mail."""

    thread: Thread
    message_id: MessageId
    opened_at: datetime

    @property
    def closes_at(self) -> datetime:
        """Until when Lancers waits."""
        return self.opened_at + CONTACT_WINDOW


def _contact_requests_from_rows(rows: Sequence[Row]) -> list[ContactRequest]:
    requests: list[ContactRequest] = []
    # Sorted here: with ORDER BY, SQLite reads all messages by thread instead of the index of these few.
    in_order = sorted(rows, key=lambda row: (row[2], row[1], row[0]))
    for _, grouped in groupby(in_order, key=lambda row: row[2]):
        of_thread = list(grouped)
        opened_at = open_contact_request(
            ThreadEvent(Direction.RECEIVED, EventKind.CONTACT_REQUEST, instant_from_micros(row[1])) for row in of_thread
        )
        requests += [_contact_request_from_row(*row) for row in of_thread if instant_from_micros(row[1]) == opened_at][
            :1
        ]
    return sorted(requests, key=lambda request: request.opened_at)


_OPEN: Final = Select(
    ("messages.message_id", "messages.sent_at", *THREAD_COLUMNS),
    "FROM messages JOIN threads USING (member_id, thread_id)"
    " WHERE member_id = $1 AND messages.kind = 'contact_request' AND site = 'lancers'"
    " AND NOT EXISTS (SELECT 1 FROM messages AS later WHERE later.member_id = $1"
    "  AND later.thread_id = messages.thread_id AND later.sent_at >= messages.sent_at"
    "  AND later.direction = 'sent' AND later.kind IN ('message', 'contacted'))",
    _contact_requests_from_rows,
)


def open_contact_requests(member_id: MemberId) -> Query[list[ContactRequest]]:
    """All of a member, the one that closes first at the beginning."""
    return _OPEN(member_id)


def _contact_request_from_row(message_id: int, sent_at: int, *thread: Any) -> ContactRequest:
    return ContactRequest(thread_from_row(*thread), MessageId(message_id), instant_from_micros(sent_at))
