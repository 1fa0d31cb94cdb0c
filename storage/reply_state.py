"""What the reply clock made of each thread: its exchanges and its window. Always a function of the messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.reminders.plan import Snooze
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import Exchange, ThreadState, UnansweredMessages
from bot.domain.types import MICROSECOND, MemberId, ThreadId, from_micros, to_micros
from storage.database import MAX_PARAMS, Executor, Query, Row, Transaction, placeholders
from storage.threads import Thread, thread_from

WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thread whose last word is the client's and was not dismissed."""

    thread: Thread
    unanswered: UnansweredMessages


@dataclass(frozen=True, slots=True)
class YearlyReplies:
    """The replies of a year in both readings; `newest_on_time` counts from the newest unanswered message."""

    rate: ReplyRate
    newest_on_time: int


_INSERT_EXCHANGE: Final = (
    "INSERT INTO exchanges (member_id, thread_id, asked_at, newest_asked_at, replied_at, on_time, on_time_by_newest)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)"
)


async def save_thread_state(transaction: Transaction, member: MemberId, thread: ThreadId, clock: ThreadState) -> None:
    """Replace what is derived of a thread; rows that stay the same are left alone."""
    stored, wanted = await _exchanges_of(transaction, member, thread), _rows(clock)
    await transaction.execute_many(
        "DELETE FROM exchanges WHERE member_id = $1 AND thread_id = $2 AND replied_at = $3",
        [(member, thread, row[2]) for row in stored - wanted],
    )
    await transaction.execute_many(_INSERT_EXCHANGE, [(member, thread, *row) for row in wanted - stored])
    await _write_window(transaction, member, thread, clock.unanswered)


async def is_stale(transaction: Transaction, member: MemberId, thread: ThreadId, clock: ThreadState) -> bool:
    """Whether `write` would change anything."""
    if await _exchanges_of(transaction, member, thread) != _rows(clock):
        return True
    return await unanswered(transaction, member, thread) != clock.unanswered


async def _exchanges_of(transaction: Transaction, member: MemberId, thread: ThreadId) -> set[tuple[int, ...]]:
    rows = await transaction.fetch(
        "SELECT asked_at, newest_asked_at, replied_at, on_time, on_time_by_newest FROM exchanges"
        " WHERE member_id = $1 AND thread_id = $2",
        member,
        thread,
    )
    return {tuple(row) for row in rows}


async def save_thread_states(
    transaction: Transaction, member: MemberId, states: Mapping[ThreadId, ThreadState]
) -> None:
    """Replace what is derived of many threads."""
    for table in ("exchanges", "windows"):
        await transaction.execute_many(
            f"DELETE FROM {table} WHERE member_id = $1 AND thread_id = $2", [(member, number) for number in states]
        )
    await transaction.execute_many(
        _INSERT_EXCHANGE,
        [(member, number, *row) for number, clock in states.items() for row in _rows(clock)],
    )
    await transaction.execute_many(
        "INSERT INTO windows (member_id, thread_id, oldest_at, newest_at, reminds_from, dismissed)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        [
            (
                member,
                number,
                to_micros(open_.oldest),
                to_micros(open_.newest),
                to_micros(open_.window_opened_at),
                int(open_.dismissed),
            )
            for number, clock in states.items()
            if (open_ := clock.unanswered) is not None
        ],
    )


def _rows(clock: ThreadState) -> set[tuple[int, ...]]:
    """The columns of each exchange behind whose and which thread's it is."""
    return {
        (
            to_micros(each.received_at),
            to_micros(each.newest_received_at),
            to_micros(each.replied_at),
            int(each.on_time),
            int(each.on_time_by_newest),
        )
        for each in clock.exchanges
    }


async def _write_window(
    transaction: Transaction, member: MemberId, thread: ThreadId, unanswered: UnansweredMessages | None
) -> None:
    if unanswered is None:
        await transaction.fetch("DELETE FROM windows WHERE member_id = $1 AND thread_id = $2", member, thread)
        return
    await transaction.fetch(
        "INSERT INTO windows (member_id, thread_id, oldest_at, newest_at, reminds_from, dismissed)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (member_id, thread_id) DO UPDATE SET"
        " oldest_at = excluded.oldest_at, newest_at = excluded.newest_at,"
        " reminds_from = excluded.reminds_from, dismissed = excluded.dismissed",
        member,
        thread,
        to_micros(unanswered.oldest),
        to_micros(unanswered.newest),
        to_micros(unanswered.window_opened_at),
        int(unanswered.dismissed),
    )


def reply_rate_between(member: MemberId, start: datetime, end: datetime) -> Query[YearlyReplies]:
    """Count the replies between two instants, both included."""
    return Query(
        "SELECT count(*), count(*) FILTER (WHERE on_time = 1), count(*) FILTER (WHERE on_time_by_newest = 1)"
        " FROM exchanges WHERE member_id = $1 AND replied_at BETWEEN $2 AND $3",
        (member, to_micros(start), to_micros(end)),
        3,
        _year,
    )


def _year(rows: Sequence[Row]) -> YearlyReplies:
    [(replies, on_time, newest)] = rows
    return YearlyReplies(ReplyRate(replies, on_time, ambiguous=newest - on_time), newest)


@dataclass(frozen=True, slots=True)
class Week:
    """How many replies of seven days were on time by the strict reading, and how many late."""

    on_time: int
    late: int


async def weeks(
    reader: Executor, member: MemberId, start: datetime, end: datetime, *, last: datetime, count: int
) -> tuple[Week, ...]:
    """The replies between two instants, both included, in so many weeks; the last one ends before `last`."""
    rows = await reader.fetch(
        f"SELECT ($4 - replied_at - 1) / {WEEK // MICROSECOND}, count(*), count(*) FILTER (WHERE on_time = 1)"
        " FROM exchanges WHERE member_id = $1 AND replied_at BETWEEN $2 AND $3 GROUP BY 1",
        member,
        to_micros(start),
        to_micros(end),
        to_micros(last),
    )
    found = {ago: Week(on_time, replies - on_time) for ago, replies, on_time in rows}
    return tuple(found.get(ago, Week(0, 0)) for ago in reversed(range(count)))


async def reply_rate_of_threads(reader: Executor, member: MemberId, numbers: Sequence[ThreadId]) -> ReplyRate:
    """The replies of some threads, of all times."""
    replies = on_time = newest = 0
    for start in range(0, len(numbers), MAX_PARAMS):
        some = numbers[start : start + MAX_PARAMS]
        [row] = await reader.fetch(
            "SELECT count(*), count(*) FILTER (WHERE on_time = 1), count(*) FILTER (WHERE on_time_by_newest = 1)"
            f" FROM exchanges WHERE member_id = $1 AND thread_id IN ({placeholders(some, 2)})",
            member,
            *some,
        )
        replies, on_time, newest = replies + row[0], on_time + row[1], newest + row[2]
    return ReplyRate(replies, on_time, newest - on_time)


def waiting(member: MemberId) -> Query[list[Waiting]]:
    """What waits, the most urgent first."""
    return Query(
        "SELECT windows.thread_id, client, title, unsorted, oldest_at, newest_at, reminds_from"
        " FROM windows JOIN threads USING (member_id, thread_id)"
        " WHERE windows.member_id = $1 AND dismissed = 0 ORDER BY oldest_at, windows.thread_id",
        (member,),
        7,
        lambda rows: [_waiting(row, dismissed=False) for row in rows],
    )


def _waiting(row: Row, *, dismissed: bool) -> Waiting:
    unanswered = UnansweredMessages(from_micros(row[4]), from_micros(row[5]), from_micros(row[6]), dismissed=dismissed)
    return Waiting(thread_from(row[:4]), unanswered)


async def snooze(
    transaction: Transaction, member: MemberId, thread: ThreadId, reminds_from: datetime, snoozed: Snooze
) -> None:
    """Keep what the member asked for with "later", for that window alone."""
    await transaction.fetch(
        "INSERT INTO snoozes (member_id, thread_id, reminds_from, asked_at, until) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (member_id, thread_id, reminds_from) DO UPDATE SET"
        " asked_at = excluded.asked_at, until = excluded.until",
        member,
        thread,
        to_micros(reminds_from),
        to_micros(snoozed.asked_at),
        to_micros(snoozed.until),
    )


async def get_snooze(
    transaction: Transaction, member: MemberId, thread: ThreadId, reminds_from: datetime
) -> Snooze | None:
    """What the member asked for in that window."""
    row = await transaction.fetch_one(
        "SELECT asked_at, until FROM snoozes WHERE member_id = $1 AND thread_id = $2 AND reminds_from = $3",
        member,
        thread,
        to_micros(reminds_from),
    )
    return Snooze(from_micros(row[0]), from_micros(row[1])) if row else None


async def dismissed(transaction: Transaction, member: MemberId, *, limit: int) -> list[Waiting]:
    """Threads that wait no longer though the client's last word is unanswered, the newest first.

    A further message in one of them, more than 24 hours after it, counts as a late reply.
    """
    rows = await transaction.fetch(
        "SELECT windows.thread_id, client, title, unsorted, oldest_at, newest_at, reminds_from"
        " FROM windows JOIN threads USING (member_id, thread_id)"
        " WHERE windows.member_id = $1 AND dismissed = 1 ORDER BY newest_at DESC, windows.thread_id LIMIT $2",
        member,
        limit,
    )
    return [_waiting(row, dismissed=True) for row in rows]


async def unanswered(transaction: Transaction, member: MemberId, number: ThreadId) -> UnansweredMessages | None:
    """What of a thread is unanswered, dismissed or not."""
    row = await transaction.fetch_one(
        "SELECT oldest_at, newest_at, reminds_from, dismissed FROM windows WHERE member_id = $1 AND thread_id = $2",
        member,
        number,
    )
    if row is None:
        return None
    return UnansweredMessages(from_micros(row[0]), from_micros(row[1]), from_micros(row[2]), bool(row[3]))


@dataclass(frozen=True, slots=True)
class ExchangeInThread:
    """An exchange with its thread."""

    thread: Thread
    exchange: Exchange


async def exchanges(
    transaction: Transaction, member: MemberId, start: datetime, end: datetime
) -> list[ExchangeInThread]:
    """The exchanges whose reply lies between two instants, both included, the newest first."""
    rows = await transaction.fetch(
        "SELECT exchanges.thread_id, client, title, unsorted, asked_at, newest_asked_at, replied_at"
        " FROM exchanges JOIN threads USING (member_id, thread_id)"
        " WHERE exchanges.member_id = $1 AND replied_at BETWEEN $2 AND $3"
        " ORDER BY replied_at DESC, exchanges.thread_id",
        member,
        to_micros(start),
        to_micros(end),
    )
    return [
        ExchangeInThread(thread_from(row[:4]), Exchange(from_micros(row[4]), from_micros(row[5]), from_micros(row[6])))
        for row in rows
    ]


async def first_reply_at(reader: Executor, member: MemberId) -> datetime | None:
    """When the record of replies begins."""
    row = await reader.fetch_one("SELECT min(replied_at) FROM exchanges WHERE member_id = $1", member)
    return from_micros(row[0]) if row and row[0] is not None else None
