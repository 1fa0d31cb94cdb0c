"""The exchanges of a member, by reply and by week. storage/reply_state.py writes them, and counts their rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import starmap
from typing import Any, Final

from bot.domain.calendar import MICROSECOND, instant_from_micros, instant_to_micros
from bot.domain.reply.thread_state import Exchange, ThreadState, UnansweredMessages
from bot.domain.types import MemberId, MessageId
from storage.database import Executor, Transaction, columns_of_row_parser
from storage.threads import THREAD_COLUMNS, Thread, thread_from_row

WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ExchangeInThread:
    """A row of `exchanges` with its thread."""

    thread: Thread
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Week:
    """The replies of seven days that were on time by the strict reading, and those that were late."""

    on_time: int
    late: int


async def replies_by_week(
    reader: Executor, member_id: MemberId, start: datetime, end: datetime, *, last: datetime, count: int
) -> tuple[Week, ...]:
    """The replies between two instants, both included, in `count` weeks; the last one ends before `last`."""
    sql = (
        f"SELECT ($4 - replied_at - 1) / {WEEK // MICROSECOND}, count(*), count(*) FILTER (WHERE on_time = 1)"
        " FROM exchanges WHERE member_id = $1 AND replied_at BETWEEN $2 AND $3 GROUP BY 1"
    )
    rows = await reader.fetch(sql, member_id, instant_to_micros(start), instant_to_micros(end), instant_to_micros(last))
    by_age = {weeks_ago: Week(on_time, replies - on_time) for weeks_ago, replies, on_time in rows}
    return tuple(by_age.get(weeks_ago, Week(0, 0)) for weeks_ago in reversed(range(count)))


def _exchange_from_row(asked_at: int, newest_asked_at: int, replied_at: int, *thread: Any) -> ExchangeInThread:
    exchange = Exchange(
        instant_from_micros(asked_at), instant_from_micros(newest_asked_at), instant_from_micros(replied_at)
    )
    return ExchangeInThread(thread_from_row(*thread), exchange)


_EXCHANGE_AND_THREAD_COLUMNS: Final = (*columns_of_row_parser(_exchange_from_row), *THREAD_COLUMNS)


async def list_exchanges_between(
    transaction: Transaction, member_id: MemberId, start: datetime, end: datetime
) -> list[ExchangeInThread]:
    """The exchanges whose reply was sent between two instants, both included, the newest first."""
    sql = (
        f"SELECT {', '.join(_EXCHANGE_AND_THREAD_COLUMNS)} FROM exchanges JOIN threads USING (member_id, thread_id)"
        " WHERE member_id = $1 AND replied_at BETWEEN $2 AND $3 ORDER BY replied_at DESC, thread_id"
    )
    rows = await transaction.fetch(sql, member_id, instant_to_micros(start), instant_to_micros(end))
    return list(starmap(_exchange_from_row, rows))


_IS_SECOND: Final = (
    "EXISTS (SELECT 1 FROM messages AS first WHERE first.member_id = messages.member_id"
    " AND first.thread_id = messages.thread_id AND first.sent_at = messages.sent_at"
    " AND first.direction = messages.direction AND first.kind = messages.kind"
    " AND first.message_id < messages.message_id)"
)
"""Whether an equal message is before it."""
_STATE_COLUMNS: Final = (
    "message_id", f"CAST({_IS_SECOND} AS INTEGER)", "oldest_at", "newest_at", "reminds_from", "dismissed", "asked_at",
    "newest_asked_at", "replied_at",
)  # fmt: skip
# Exchanges of a thread do not overlap: a message is in the first one whose reply is not before it, or in none. By the
# column without its plus sign, SQLite would read all messages of the member.
_STATE: Final = (
    f"SELECT {', '.join((*_STATE_COLUMNS, *(f'threads.{column}' for column in THREAD_COLUMNS)))}"
    " FROM messages JOIN threads ON threads.member_id = messages.member_id AND threads.thread_id = messages.thread_id"
    " LEFT JOIN windows ON windows.member_id = messages.member_id AND windows.thread_id = messages.thread_id"
    " LEFT JOIN exchanges ON exchanges.member_id = messages.member_id AND exchanges.thread_id = messages.thread_id"
    "  AND exchanges.replied_at = (SELECT min(later.replied_at) FROM exchanges AS later"
    "   WHERE later.member_id = messages.member_id AND later.thread_id = messages.thread_id"
    "   AND later.replied_at >= messages.sent_at)"
    " WHERE message_id IN ({ids}) AND +messages.member_id = $1"
)


@dataclass(frozen=True, slots=True)
class MessageState:
    """What is needed to explain how a message counts."""

    thread: Thread
    state: ThreadState
    """Of the thread's state what may be about the message: one exchange, the window."""
    is_second: bool
    """Whether an equal message is before it in its thread."""


async def reply_states_of_messages(
    reader: Executor, member_id: MemberId, message_ids: Sequence[MessageId]
) -> dict[MessageId, MessageState]:
    """The state of each message."""
    states = {}
    for message_id, is_second, *row in await reader.fetch_for_ids(_STATE, member_id, ids=message_ids):
        window, exchange, thread = row[:4], row[4:7], row[7:]
        unanswered = None
        if window[0] is not None:
            oldest, newest, opened = map(instant_from_micros, window[:3])
            unanswered = UnansweredMessages(oldest, newest, opened, dismissed=bool(window[3]))
        exchanges = () if exchange[0] is None else (Exchange(*map(instant_from_micros, exchange)),)
        state = ThreadState(exchanges, unanswered)
        states[MessageId(message_id)] = MessageState(thread_from_row(*thread), state, bool(is_second))
    return states
