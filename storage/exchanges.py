"""The exchanges of a member, by reply and by week, and the reply rate at one instant.

The rate is made of the recorded replies of the year, and of those from before the record. storage/reply_state.py writes
the exchanges.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from bot.domain.calendar import MICROSECOND, instant_from_micros, lancers_date, year_before
from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.unseen_replies import UnseenReplies, find_unseen_replies
from bot.domain.reply.reply_rate import RateRule, ReplyRate
from bot.domain.reply.thread_state import Exchange, ThreadState
from bot.domain.types import MemberId, MessageId
from storage.database import Executor, Query, Row, Transaction, parse_only_row
from storage.reply_state import WINDOW_COLUMNS, reply_count_columns, reply_rate_of_counts, unanswered_from_row
from storage.rows import RowParser
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


async def count_replies_by_week(
    reader: Executor, member_id: MemberId, start: datetime, end: datetime, *, last: datetime, count: int
) -> tuple[Week, ...]:
    """The replies between two instants, both included, in `count` weeks; the last one ends before `last`."""
    sql = (
        f"SELECT ($4 - replied_at - 1) / {WEEK // MICROSECOND}, count(*), count(*) FILTER (WHERE on_time = 1)"
        " FROM exchanges WHERE member_id = $1 AND replied_at BETWEEN $2 AND $3 GROUP BY 1"
    )
    rows = await reader.fetch(sql, member_id, start, end, last)
    by_age = {weeks_ago: Week(on_time, replies - on_time) for weeks_ago, replies, on_time in rows}
    return tuple(by_age.get(weeks_ago, Week(0, 0)) for weeks_ago in reversed(range(count)))


exchange_from_row: Final = RowParser(Exchange, received_at="asked_at", newest_received_at="newest_asked_at")
_exchange_in_thread_from_row: Final = RowParser(ExchangeInThread, thread=thread_from_row, exchange=exchange_from_row)


async def list_exchanges_between(
    transaction: Transaction, member_id: MemberId, start: datetime, end: datetime
) -> list[ExchangeInThread]:
    """The exchanges whose reply was sent between two instants, both included, the newest first."""
    sql = (
        f"SELECT {', '.join(_exchange_in_thread_from_row.columns)}"
        " FROM exchanges JOIN threads USING (member_id, thread_id)"
        " WHERE member_id = $1 AND replied_at BETWEEN $2 AND $3 ORDER BY replied_at DESC, thread_id"
    )
    return await transaction.fetch_parsed(_exchange_in_thread_from_row, sql, member_id, start, end)


_IS_SECOND: Final = (
    "EXISTS (SELECT 1 FROM messages AS first WHERE first.member_id = messages.member_id"
    " AND first.thread_id = messages.thread_id AND first.sent_at = messages.sent_at"
    " AND first.direction = messages.direction AND first.kind = messages.kind"
    " AND first.message_id < messages.message_id)"
)
"""Whether an equal message is before it."""
_STATE_COLUMNS: Final = (
    "message_id",
    f"CAST({_IS_SECOND} AS INTEGER)",
    *WINDOW_COLUMNS,
    *exchange_from_row.columns,
)
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


async def load_message_states(
    reader: Executor, member_id: MemberId, message_ids: Sequence[MessageId]
) -> dict[MessageId, MessageState]:
    """The state of each message."""
    states = {}
    for message_id, is_second, *row in await reader.fetch_for_ids(_STATE, member_id, ids=message_ids):
        unanswered, exchange = unanswered_from_row.parse_joined(row[:4]), exchange_from_row.parse_joined(row[4:7])
        state = ThreadState((exchange,) if exchange else (), unanswered)
        states[MessageId(message_id)] = MessageState(thread_from_row(*row[7:]), state, bool(is_second))
    return states


_OF_MEMBER: Final = "FROM exchanges WHERE member_id = $1"
_IN_YEAR: Final = "replied_at BETWEEN $2 AND $3"
_OF_DISPLAY: Final = "replied_at >= counted_from AND replied_at < counted_until"
_DISPLAY_COLUMNS: Final = ("shown_on", "reply_rate", "reply_rate_unit", "displayed_replies", "counted_until")
_DISPLAY: Final = (
    "SELECT shown_on, reply_rate, reply_rate_unit, replies AS displayed_replies, counted_from, counted_until"
    " FROM calibrations WHERE member_id = $1 AND shown_on <= $4 AND reply_rate IS NOT NULL AND replies IS NOT NULL"
    " ORDER BY shown_on DESC LIMIT 1"
)
"""The newest display of a reply rate with the number of its replies."""

_RATE_COLUMNS: Final = (
    *reply_count_columns(_IN_YEAR),
    *_DISPLAY_COLUMNS,
    *reply_count_columns(_OF_DISPLAY),
    f"(SELECT count(*) {_OF_MEMBER} AND {_OF_DISPLAY} AND {_IN_YEAR})",
    f"(SELECT min(replied_at) {_OF_MEMBER})",
)


@dataclass(frozen=True, slots=True)
class StoredRate:
    """What the rate at one instant is made of, whatever the edition, which may be read with it."""

    as_of: datetime
    recorded: ReplyRate
    """The recorded replies of the year alone."""
    unseen: UnseenReplies | None
    """The replies from before the record."""
    still_counted: int
    """The recorded replies that the display has counted, and that are of the year."""

    def judged_by(self, rule: RateRule) -> ReplyRate:
        """The rate of a member whose edition has this rule."""
        if self.unseen is None:
            return self.recorded
        return self.unseen.add_to(self.recorded, self.as_of, rule, still_counted=self.still_counted)


def _stored_rate_from_rows(as_of: datetime, rows: Sequence[Row]) -> StoredRate:
    [row] = rows
    counts, displayed, displayed_counts, (still_counted, first_reply_at) = row[:3], row[3:8], row[8:11], row[11:]
    shown_on, reply_rate, unit, replies, until = displayed
    unseen = None
    if shown_on is not None:
        figures = DisplayedFigures(
            on=date.fromisoformat(shown_on),
            at=instant_from_micros(until),
            reply_rate=reply_rate,
            reply_rate_unit=unit,
            replies=replies,
        )
        first_at = None if first_reply_at is None else instant_from_micros(first_reply_at)
        unseen = find_unseen_replies(figures, reply_rate_of_counts(*displayed_counts), first_at)
    return StoredRate(as_of, reply_rate_of_counts(*counts), unseen, still_counted)


def reply_rate_query(member_id: MemberId, now: datetime) -> Query[StoredRate]:
    """The replies of the year up to `now`, with those from before the record."""
    return Query(
        _RATE_COLUMNS,
        f"FROM (SELECT 1 AS one) AS member LEFT JOIN ({_DISPLAY}) AS display ON 1 = 1",
        (member_id, year_before(now), now, lancers_date(now)),
        partial(_stored_rate_from_rows, now),
    )


async def load_reply_rate(reader: Executor, member_id: MemberId, now: datetime, rule: RateRule) -> ReplyRate:
    """The rate of `reply_rate_query` alone."""
    return (await reader.query(reply_rate_query(member_id, now))).judged_by(rule)


def recorded_rate_between_query(member_id: MemberId, start: datetime, end: datetime) -> Query[ReplyRate]:
    """The recorded replies from `start` on and before `end`."""
    return Query(
        reply_count_columns("replied_at >= $2 AND replied_at < $3"),
        "",
        (member_id, start, end),
        parse_only_row(reply_rate_of_counts),
    )
