"""What the reply clock made of each thread: its exchanges and its window. Always a function of the messages."""

from dataclasses import dataclass
from datetime import datetime

from bot.certification.reply_clock import Exchange, ThreadClock, Unanswered
from bot.certification.reply_rate import ReplyRate
from bot.reminders.plan import Snooze
from bot.values import MemberId, ThreadId, from_micros, to_micros
from storage.database import Transaction
from storage.threads import Thread, thread_from


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thread whose last word is the client's and was not dismissed."""

    thread: Thread
    unanswered: Unanswered


@dataclass(frozen=True, slots=True)
class YearOfReplies:
    """The replies of a year in both readings; `newest_on_time` counts from the newest unanswered message."""

    rate: ReplyRate
    newest_on_time: int


async def write(transaction: Transaction, member: MemberId, thread: ThreadId, clock: ThreadClock) -> None:
    """Replace what is derived of a thread; rows that stay the same are left alone."""
    stored = {
        (row[0], row[1], row[2])
        for row in await transaction.fetch(
            "SELECT asked_at, newest_asked_at, replied_at FROM exchanges WHERE member_id = $1 AND thread_id = $2",
            member,
            thread,
        )
    }
    wanted = {_instants(exchange): exchange for exchange in clock.exchanges}
    await transaction.execute_many(
        "DELETE FROM exchanges WHERE member_id = $1 AND thread_id = $2 AND replied_at = $3",
        [(member, thread, replied_at) for _, _, replied_at in stored - wanted.keys()],
    )
    await transaction.execute_many(
        "INSERT INTO exchanges"
        " (member_id, thread_id, asked_at, newest_asked_at, replied_at, on_time, on_time_by_newest)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [
            (member, thread, *instants, int(exchange.on_time), int(exchange.on_time_by_newest))
            for instants, exchange in wanted.items()
            if instants not in stored
        ],
    )
    await _write_window(transaction, member, thread, clock.unanswered)


def _instants(exchange: Exchange) -> tuple[int, int, int]:
    return to_micros(exchange.asked_at), to_micros(exchange.newest_asked_at), to_micros(exchange.replied_at)


async def _write_window(
    transaction: Transaction, member: MemberId, thread: ThreadId, unanswered: Unanswered | None
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
        to_micros(unanswered.reminds_from),
        int(unanswered.dismissed),
    )


async def year(transaction: Transaction, member: MemberId, start: datetime, end: datetime) -> YearOfReplies:
    """Count the replies between two instants, both included."""
    row = await transaction.fetch_one(
        "SELECT count(*), coalesce(sum(on_time), 0), coalesce(sum(on_time_by_newest), 0)"
        " FROM exchanges WHERE member_id = $1 AND replied_at BETWEEN $2 AND $3",
        member,
        to_micros(start),
        to_micros(end),
    )
    assert row is not None, "an aggregate has a row"  # noqa: S101 — narrows the type
    replies, on_time, newest = row
    return YearOfReplies(ReplyRate(replies, on_time, ambiguous=newest - on_time), newest)


async def waiting(transaction: Transaction, member: MemberId) -> list[Waiting]:
    """What waits, the most urgent first."""
    rows = await transaction.fetch(
        "SELECT windows.thread_id, client, title, unsorted, oldest_at, newest_at, reminds_from"
        " FROM windows JOIN threads USING (member_id, thread_id)"
        " WHERE windows.member_id = $1 AND dismissed = 0 ORDER BY oldest_at, windows.thread_id",
        member,
    )
    return [
        Waiting(
            thread_from(row[:4]),
            Unanswered(from_micros(row[4]), from_micros(row[5]), from_micros(row[6]), dismissed=False),
        )
        for row in rows
    ]


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


async def snoozed(
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
