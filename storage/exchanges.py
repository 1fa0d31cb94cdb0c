"""The exchanges of a member, by reply and by week. storage/reply_state.py writes them, and counts their rate."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import starmap
from typing import Any, Final

from bot.domain.calendar import MICROSECOND, from_micros, to_micros
from bot.domain.reply.thread_state import Exchange
from bot.domain.types import MemberId
from storage.database import Executor, Transaction, columns_of
from storage.threads import THREAD_COLUMNS, Thread, thread_from

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


async def weeks(
    reader: Executor, member_id: MemberId, start: datetime, end: datetime, *, last: datetime, count: int
) -> tuple[Week, ...]:
    """The replies between two instants, both included, in `count` weeks; the last one ends before `last`."""
    sql = (
        f"SELECT ($4 - replied_at - 1) / {WEEK // MICROSECOND}, count(*), count(*) FILTER (WHERE on_time = 1)"
        " FROM exchanges WHERE member_id = $1 AND replied_at BETWEEN $2 AND $3 GROUP BY 1"
    )
    rows = await reader.fetch(sql, member_id, to_micros(start), to_micros(end), to_micros(last))
    by_age = {weeks_ago: Week(on_time, replies - on_time) for weeks_ago, replies, on_time in rows}
    return tuple(by_age.get(weeks_ago, Week(0, 0)) for weeks_ago in reversed(range(count)))


def _exchange_from_row(asked_at: int, newest_asked_at: int, replied_at: int, *thread: Any) -> ExchangeInThread:
    exchange = Exchange(from_micros(asked_at), from_micros(newest_asked_at), from_micros(replied_at))
    return ExchangeInThread(thread_from(*thread), exchange)


_EXCHANGE_AND_THREAD_COLUMNS: Final = (*columns_of(_exchange_from_row), *THREAD_COLUMNS)


async def list_between(
    transaction: Transaction, member_id: MemberId, start: datetime, end: datetime
) -> list[ExchangeInThread]:
    """The exchanges whose reply was sent between two instants, both included, the newest first."""
    sql = (
        f"SELECT {', '.join(_EXCHANGE_AND_THREAD_COLUMNS)} FROM exchanges JOIN threads USING (member_id, thread_id)"
        " WHERE member_id = $1 AND replied_at BETWEEN $2 AND $3 ORDER BY replied_at DESC, thread_id"
    )
    rows = await transaction.fetch(sql, member_id, to_micros(start), to_micros(end))
    return list(starmap(_exchange_from_row, rows))
