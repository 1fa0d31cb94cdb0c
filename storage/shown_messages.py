"""Messages that a card shows, with what the record says of them now: their window, exchange, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Final

from bot.domain.calendar import MICROSECOND
from bot.domain.messages import MessageSource, Precision
from bot.domain.reply.contracts import CONTACT_WINDOW
from bot.domain.reply.thread_state import Direction, EventKind, Exchange, UnansweredMessages
from bot.domain.types import MemberId, MessageId
from storage.database import Executor, Query, Row, Select, sql_placeholders
from storage.exchanges import exchange_from_row
from storage.planned_reminders import TAKEN_ALONG
from storage.reply_state import unanswered_from_row
from storage.rows import RowParser
from storage.threads import Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMessage:
    """A message that a card shows, as the record has it now."""

    message_id: MessageId
    thread: Thread
    direction: Direction
    kind: EventKind
    sent_at: datetime
    source: MessageSource
    precision: Precision
    unanswered: UnansweredMessages | None
    """What is unanswered in its thread, if the message belongs to that or is one of the member's."""
    exchange: Exchange | None
    """The exchange that it belongs to."""
    ending_id: MessageId | None
    """The reply or the dismissal that ended its window."""
    ending_kind: str
    ending_at: datetime | None
    snoozed_until: datetime | None
    received_since: bool
    """Whether the client has written after it."""
    request_opened_at: datetime | None
    """Of a contact request, when its window began."""
    reminder_instants: int
    """Differs where the reminders before its window closes come at other instants, as when another message takes one
    along; not where one was sent at its own instant."""
    is_unconfirmed: bool
    """Whether it was recorded from a mail on a path that the member has not confirmed."""


# The reply that ended an exchange, or the first decision after the message that no reply is needed. On another site,
# which has no exchanges, whichever comes first; of a contact request, what ends it.
_ENDING: Final = (
    "(SELECT {column} FROM messages AS ending WHERE ending.member_id = messages.member_id"
    " AND ending.thread_id = messages.thread_id AND ending.direction = 'sent' AND ending.sent_at >= messages.sent_at"
    " AND CASE WHEN messages.kind = 'contact_request' THEN ending.kind IN ('message', 'contacted')"
    "  WHEN exchanges.replied_at IS NULL THEN ending.kind IN ('new_thread', 'dismissed')"
    "   OR (threads.site <> 'lancers' AND ending.kind = 'message')"
    "  ELSE ending.kind = 'message' AND ending.sent_at = exchanges.replied_at END"
    " ORDER BY ending.sent_at, ending.message_id LIMIT 1)"
)
_REQUESTS_UNTIL_MESSAGE: Final = (
    "FROM messages AS requests WHERE requests.member_id = messages.member_id"
    " AND requests.thread_id = messages.thread_id AND requests.kind = 'contact_request'"
    " AND requests.sent_at <= messages.sent_at"
)
_shown_message_from_row: Final = RowParser(
    ShownMessage,
    thread=RowParser(Thread, id="threads.thread_id", unassigned="unsorted"),
    unanswered=unanswered_from_row,
    exchange=exchange_from_row,
    message_id="messages.message_id",
    kind="messages.kind",
    precision="exactness",
    ending_id=_ENDING.format(column="ending.message_id"),
    ending_kind=f"coalesce({_ENDING.format(column='ending.kind')}, '')",
    ending_at=_ENDING.format(column="ending.sent_at"),
    snoozed_until=(
        "(SELECT min(remind_at) FROM occurrences WHERE occurrences.member_id = messages.member_id"
        " AND occurrences.thread_id = messages.thread_id AND occurrences.kind = 'snoozed'"
        " AND occurrences.state IN ('planned', 'claimed'))"
    ),
    received_since=(
        "EXISTS (SELECT 1 FROM messages AS later WHERE later.member_id = messages.member_id"
        " AND later.thread_id = messages.thread_id AND later.sent_at > messages.sent_at"
        " AND later.direction = 'received' AND later.kind = 'message')"
    ),
    request_opened_at=(
        # As `find_contact_request_opening` says it, of the thread up to the message.
        "CASE WHEN messages.kind = 'contact_request' THEN (WITH RECURSIVE opened (at) AS ("
        f" SELECT min(requests.sent_at) {_REQUESTS_UNTIL_MESSAGE} AND requests.sent_at >"
        "  coalesce((SELECT max(ending.sent_at) FROM messages AS ending WHERE ending.member_id = messages.member_id"
        "  AND ending.thread_id = messages.thread_id AND ending.sent_at < messages.sent_at"
        "  AND ending.direction = 'sent' AND ending.kind IN ('message', 'contacted')), 0)"
        f" UNION ALL SELECT (SELECT min(requests.sent_at) {_REQUESTS_UNTIL_MESSAGE}"
        f"  AND requests.sent_at > opened.at + {CONTACT_WINDOW // MICROSECOND}) FROM opened WHERE opened.at IS NOT NULL"
        ") SELECT max(at) FROM opened) END"
    ),
    reminder_instants=(
        "(SELECT CAST(coalesce(sum(remind_at), 0) AS BIGINT) FROM occurrences"
        " WHERE occurrences.member_id = messages.member_id AND occurrences.thread_id = messages.thread_id"
        " AND occurrences.opened_at = windows.reminds_from AND occurrences.kind <> 'closed'"
        f" AND occurrences.state <> 'superseded' AND NOT {TAKEN_ALONG})"
    ),
    is_unconfirmed=(
        "EXISTS (SELECT 1 FROM unconfirmed_messages WHERE unconfirmed_messages.member_id = messages.member_id"
        " AND unconfirmed_messages.message_id = messages.message_id)"
    ),
)
_OF_MEMBER: Final = (
    "FROM messages JOIN threads ON threads.member_id = messages.member_id AND threads.thread_id = messages.thread_id"
    " LEFT JOIN windows ON windows.member_id = messages.member_id AND windows.thread_id = messages.thread_id"
    "  AND (messages.direction = 'sent' OR"
    "   (messages.kind = 'message' AND messages.sent_at BETWEEN windows.oldest_at AND windows.newest_at))"
    " LEFT JOIN exchanges ON exchanges.member_id = messages.member_id AND exchanges.thread_id = messages.thread_id"
    "  AND messages.kind = 'message' AND CASE WHEN messages.direction = 'sent'"
    "   THEN messages.sent_at = exchanges.replied_at"
    "   ELSE messages.sent_at BETWEEN exchanges.asked_at AND exchanges.newest_asked_at END"
    " WHERE messages.member_id = $1 AND messages.message_id IN"
)


def _shown_messages_by_id(rows: Sequence[Row]) -> dict[MessageId, ShownMessage]:
    return {message.message_id: message for message in starmap(_shown_message_from_row, rows)}


messages_on_card_query: Final = Select(
    _shown_message_from_row.columns,
    f"{_OF_MEMBER} (SELECT message_id FROM card_items WHERE member_id = $1 AND discord_message_id = $2)",
    _shown_messages_by_id,
)
"""The messages on a member's stored card, given by Discord's id, that are recorded, as they are now."""


def shown_messages_query(member_id: MemberId, message_ids: Sequence[MessageId]) -> Query[dict[MessageId, ShownMessage]]:
    """Those of up to `MAX_PARAMS` messages that are recorded, as they are now."""
    source = f"{_OF_MEMBER} ({sql_placeholders(message_ids, 2) or 'NULL'})"
    return Query(_shown_message_from_row.columns, source, (member_id, *message_ids), _shown_messages_by_id)


async def load_shown_messages(
    reader: Executor, member_id: MemberId, message_ids: Sequence[MessageId]
) -> dict[MessageId, ShownMessage]:
    """The present state of those messages that are recorded. There may be any number: a reminder has many windows."""
    sql = f"SELECT {', '.join(_shown_message_from_row.columns)} {_OF_MEMBER} ({{ids}})"
    return _shown_messages_by_id(await reader.fetch_for_ids(sql, member_id, ids=message_ids))
