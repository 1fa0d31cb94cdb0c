"""The open contact requests (連絡催促) of a member, which are rows of `messages` (bot/domain/reply/contracts.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, starmap
from operator import attrgetter
from typing import Final

from bot.domain.reply.contracts import CONTACT_WINDOW, find_contact_request_opening
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.domain.types import MessageId
from storage.database import Row, Select
from storage.rows import RowParser
from storage.threads import Thread, thread_from_row


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


_contact_request_from_row: Final = RowParser(
    ContactRequest, thread=thread_from_row, message_id="messages.message_id", opened_at="messages.sent_at"
)


def _contact_requests_from_rows(rows: Sequence[Row]) -> list[ContactRequest]:
    """Of the mails of a thread, the first one of the request that is open."""
    opened: list[ContactRequest] = []
    # Sorted here: with ORDER BY, SQLite reads all messages by thread instead of the index of these few.
    mails = sorted(starmap(_contact_request_from_row, rows), key=attrgetter("thread.id", "opened_at", "message_id"))
    for _, grouped in groupby(mails, key=attrgetter("thread.id")):
        of_thread = list(grouped)
        opened_at = find_contact_request_opening(
            ThreadEvent(Direction.RECEIVED, EventKind.CONTACT_REQUEST, mail.opened_at) for mail in of_thread
        )
        opened += [mail for mail in of_thread if mail.opened_at == opened_at][:1]
    return sorted(opened, key=attrgetter("opened_at"))


open_contact_requests_query: Final = Select(
    _contact_request_from_row.columns,
    "FROM messages JOIN threads USING (member_id, thread_id)"
    " WHERE member_id = $1 AND messages.kind = 'contact_request' AND site = 'lancers'"
    " AND NOT EXISTS (SELECT 1 FROM messages AS later WHERE later.member_id = $1"
    "  AND later.thread_id = messages.thread_id AND later.sent_at >= messages.sent_at"
    "  AND later.direction = 'sent' AND later.kind IN ('message', 'contacted'))",
    _contact_requests_from_rows,
)
"""All of a member, the one that closes first at the beginning."""
