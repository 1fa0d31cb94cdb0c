"""The reply state of a thread: its exchanges and its reply window, both computed from the messages.

The exchanges are written and counted; storage/exchanges.py lists them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Any, Final

from bot.domain.calendar import instant_from_micros, instant_to_micros, lancers_date
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import REPLY_WINDOW, ThreadState, UnansweredMessages
from bot.domain.types import MemberId, MessageId, ThreadId
from storage import muted_clients
from storage.database import (
    Executor,
    Query,
    Row,
    Select,
    Transaction,
    columns_of_row_parser,
    insert_sql,
    parse_first_row,
    upsert_sql,
)
from storage.planned_reminders import MAX_AFTER_OPENING
from storage.threads import THREAD_COLUMNS, Thread, thread_from_row


@dataclass(frozen=True, slots=True)
class UnansweredThread:
    """A row of `windows` with its thread: the client's last messages are unanswered."""

    thread: Thread
    unanswered: UnansweredMessages
    window_id: MessageId
    """The window's identity: the id of its oldest unanswered message."""
    muted: bool = False
    """Whether the member wants no reminders of this client."""


ExchangeRow = tuple[int, ...]
"""The values of `_EXCHANGE_COLUMNS`."""

_EXCHANGE_COLUMNS: Final = ("asked_at", "newest_asked_at", "replied_at", "on_time", "on_time_by_newest")
_REPLIED_AT: Final = _EXCHANGE_COLUMNS.index("replied_at")
_DELETE_EXCHANGE: Final = "DELETE FROM exchanges WHERE member_id = $1 AND thread_id = $2 AND replied_at = $3"
_INSERT_EXCHANGE: Final = insert_sql("exchanges", ("member_id", "thread_id", *_EXCHANGE_COLUMNS))


def _exchange_rows(state: ThreadState) -> set[ExchangeRow]:
    """The row of each exchange."""
    return {
        (
            instant_to_micros(exchange.received_at),
            instant_to_micros(exchange.newest_received_at),
            instant_to_micros(exchange.replied_at),
            int(exchange.on_time),
            int(exchange.on_time_by_newest),
        )
        for exchange in state.exchanges
    }


EXCHANGES: Final = Select(_EXCHANGE_COLUMNS, "FROM exchanges WHERE member_id = $1 AND thread_id = $2", list)
"""The stored exchanges of a thread, as `ExchangeRow`s."""


def _unanswered_from_row(oldest_at: int, newest_at: int, reminds_from: int, dismissed: int) -> UnansweredMessages:
    return UnansweredMessages(
        instant_from_micros(oldest_at),
        instant_from_micros(newest_at),
        instant_from_micros(reminds_from),
        bool(dismissed),
    )


_WINDOW_COLUMNS: Final = columns_of_row_parser(_unanswered_from_row)
_UPSERT_WINDOW: Final = upsert_sql(
    "windows", ("member_id", "thread_id", *_WINDOW_COLUMNS), key=("member_id", "thread_id")
)


def _window_row(unanswered: UnansweredMessages) -> tuple[int, ...]:
    """The values of `_WINDOW_COLUMNS`."""
    return (
        instant_to_micros(unanswered.oldest),
        instant_to_micros(unanswered.newest),
        instant_to_micros(unanswered.window_opened_at),
        int(unanswered.dismissed),
    )


UNANSWERED: Final = Select(
    _WINDOW_COLUMNS, "FROM windows WHERE member_id = $1 AND thread_id = $2", parse_first_row(_unanswered_from_row)
)
"""What is stored as unanswered in a thread, dismissed or not."""


async def unanswered_messages_of_client(
    reader: Executor, member_id: MemberId, client_key: str
) -> dict[ThreadId, UnansweredMessages]:
    """What is stored as unanswered in the threads with a client."""
    rows = await reader.fetch(
        f"SELECT thread_id, {', '.join(_WINDOW_COLUMNS)} FROM threads JOIN windows USING (member_id, thread_id)"
        " WHERE member_id = $1 AND client_key = $2",
        member_id,
        client_key,
    )
    return {ThreadId(thread_id): _unanswered_from_row(*window) for thread_id, *window in rows}


async def save_thread_state(
    transaction: Transaction,
    member_id: MemberId,
    thread_id: ThreadId,
    state: ThreadState,
    *,
    exchanges: set[ExchangeRow],
    unanswered: UnansweredMessages | None,
) -> bool:
    """Replace the stored exchanges and window of a thread; rows that stay the same are not written.

    Returns whether an exchange was written or deleted.
    """
    computed = _exchange_rows(state)
    await transaction.execute_many(
        _DELETE_EXCHANGE, [(member_id, thread_id, row[_REPLIED_AT]) for row in exchanges - computed]
    )
    await transaction.execute_many(
        _INSERT_EXCHANGE, [(member_id, thread_id, *row) for row in sorted(computed - exchanges)]
    )
    if state.unanswered is None and unanswered is not None:
        await transaction.execute("DELETE FROM windows WHERE member_id = $1 AND thread_id = $2", member_id, thread_id)
    elif state.unanswered is not None and state.unanswered != unanswered:
        await transaction.execute(_UPSERT_WINDOW, member_id, thread_id, *_window_row(state.unanswered))
    return computed != exchanges


def is_thread_state_stale(
    state: ThreadState, *, exchanges: set[ExchangeRow], unanswered: UnansweredMessages | None
) -> bool:
    """Whether `save_thread_state` would change anything."""
    return exchanges != _exchange_rows(state) or unanswered != state.unanswered


async def save_thread_states(
    transaction: Transaction, member_id: MemberId, states: Mapping[ThreadId, ThreadState]
) -> None:
    """Replace the exchanges and the windows of many threads; exchanges that stay the same are not written."""
    thread_ids = list(states)
    sql = f"SELECT thread_id, {', '.join(_EXCHANGE_COLUMNS)} FROM exchanges WHERE member_id = $1"
    stored = set(
        map(tuple, await transaction.fetch_for_ids(f"{sql} AND thread_id IN ({{ids}})", member_id, ids=thread_ids))
    )
    computed = {(thread_id, *row) for thread_id, state in states.items() for row in _exchange_rows(state)}
    await transaction.execute_many(
        _DELETE_EXCHANGE, [(member_id, row[0], row[1 + _REPLIED_AT]) for row in stored - computed]
    )
    await transaction.execute_many(_INSERT_EXCHANGE, [(member_id, *row) for row in sorted(computed - stored)])
    await transaction.execute_many(
        "DELETE FROM windows WHERE member_id = $1 AND thread_id = $2",
        [(member_id, thread_id) for thread_id in thread_ids],
    )
    await transaction.execute_many(
        _UPSERT_WINDOW,
        [
            (member_id, thread_id, *_window_row(state.unanswered))
            for thread_id, state in states.items()
            if state.unanswered is not None
        ],
    )


def reply_count_columns(condition: str) -> tuple[str, str, str]:
    """The columns that `reply_rate_of_counts` reads, of a member's replies with a condition; `$1` is the member.

    Late replies, which are few, have indexes of their own.
    """
    count = f"SELECT count(*) FROM exchanges WHERE member_id = $1 AND {condition}"
    return f"({count})", f"({count} AND on_time = 0)", f"({count} AND on_time_by_newest = 0)"


def reply_rate_of_counts(replies: int, late: int, late_by_newest: int) -> ReplyRate:
    """The rate by the values of `reply_count_columns`."""
    return ReplyRate(replies, replies - late, ambiguous=late - late_by_newest)


async def reply_rate_of_threads(reader: Executor, member_id: MemberId, thread_ids: Sequence[ThreadId]) -> ReplyRate:
    """All replies of some threads."""
    sql = f"SELECT {', '.join(reply_count_columns('thread_id IN ({ids})'))}"
    rows = await reader.fetch_for_ids(sql, member_id, ids=thread_ids)
    return reply_rate_of_counts(*map(sum, zip(*rows, strict=True))) if rows else ReplyRate(0, 0, 0)


WINDOW_ID: Final = (
    "(SELECT min(messages.message_id) FROM messages WHERE messages.member_id = windows.member_id"
    " AND messages.thread_id = windows.thread_id AND messages.sent_at = windows.oldest_at"
    " AND messages.direction = 'received' AND messages.kind = 'message')"
)
"""The identity of a row of `windows`: the id of its oldest unanswered message."""


def _unanswered_thread_from_row(window_id: int, muted: int, *columns: Any) -> UnansweredThread:
    thread, window = columns[: len(THREAD_COLUMNS)], columns[len(THREAD_COLUMNS) :]
    return UnansweredThread(
        thread_from_row(*thread), _unanswered_from_row(*window), MessageId(window_id), muted=bool(muted)
    )


_EXPRESSIONS: Final = {"window_id": WINDOW_ID, "muted": f"EXISTS (SELECT 1 {muted_clients.OF_THREAD})"}
_UNANSWERED_COLUMNS: Final = (
    *(_EXPRESSIONS[column] for column in columns_of_row_parser(_unanswered_thread_from_row)),
    *THREAD_COLUMNS,
    *_WINDOW_COLUMNS,
)
_FROM_WINDOWS: Final = "FROM windows JOIN threads USING (member_id, thread_id) WHERE member_id = $1"


@dataclass(frozen=True, slots=True)
class WaitingCounts:
    """How many threads of a member wait for a reply, by when the reply is due."""

    overdue: int
    """Due before the instant asked for."""
    closing: int
    """Due from then on, but before a later instant."""
    total: int
    overdue_clients: int = 0
    """The different clients of the overdue ones, as far as they are named."""
    clients: int = 0
    """The different clients of all, as far as they are named."""

    @property
    def are_clients(self) -> bool:
        """Whether each thread is known to be with another client: they can be counted as clients."""
        return is_one_thread_per_client(self.total, self.clients)

    @property
    def are_overdue_clients(self) -> bool:
        """As `are_clients`, of the overdue ones alone."""
        return is_one_thread_per_client(self.overdue, self.overdue_clients)


def is_one_thread_per_client(threads: int, clients: int) -> bool:
    """Whether each of some threads is with another client; a single one is, whether its client is named or not."""
    return threads <= max(clients, 1)


COUNT_CLIENTS: Final = "count(DISTINCT CASE WHEN client IS NOT NULL THEN client_key END)"
"""How many clients some rows of `threads` are with; nobody knows whose the others are."""


def count_waiting_threads(
    member_id: MemberId,
    now: datetime,
    until: datetime,
    *,
    closing_from: datetime | None = None,
    on_other_sites: bool = False,
) -> Query[WaitingCounts]:
    """The threads that wait for a reply: overdue at `now`, due between `now` or `closing_from` and `until`, and all.

    `on_other_sites`: only those on other sites than Lancers, which are few.
    """
    condition = " AND thread_id IN (SELECT thread_id FROM threads WHERE member_id = $1 AND site <> 'lancers')"
    return Query(
        (
            "count(*) FILTER (WHERE oldest_at < $2)",
            "count(*) FILTER (WHERE oldest_at BETWEEN $4 AND $3)",
            "count(*)",
            f"{COUNT_CLIENTS} FILTER (WHERE oldest_at < $2)",
            COUNT_CLIENTS,
        ),
        f"{_FROM_WINDOWS} AND dismissed = 0{condition if on_other_sites else ''}",
        (
            member_id,
            instant_to_micros(now - REPLY_WINDOW),
            instant_to_micros(until - REPLY_WINDOW) - 1,
            instant_to_micros((closing_from or now) - REPLY_WINDOW),
        ),
        lambda rows: WaitingCounts(*rows[0]),
    )


def waiting_threads(
    member_id: MemberId, *, limit: int, offset: int = 0, due_from: datetime | None = None
) -> Query[list[UnansweredThread]]:
    """Some of the threads that wait for a reply, the most urgent first; `due_from`: without those due before it."""
    oldest_from = 0 if due_from is None else instant_to_micros(due_from - REPLY_WINDOW)
    return Query(
        _UNANSWERED_COLUMNS,
        f"{_FROM_WINDOWS} AND dismissed = 0 AND oldest_at >= $2 ORDER BY oldest_at, thread_id LIMIT $3 OFFSET $4",
        (member_id, oldest_from, limit, offset),
        lambda rows: list(starmap(_unanswered_thread_from_row, rows)),
    )


_OPEN: Final = f"{_FROM_WINDOWS} AND dismissed = 0 AND oldest_at >= $2 ORDER BY oldest_at, thread_id LIMIT $3 OFFSET $4"
_OVERDUE: Final = (
    f"{_FROM_WINDOWS} AND dismissed = 0 AND oldest_at < $2 ORDER BY oldest_at DESC, thread_id LIMIT $3 OFFSET $4"
)


def overdue_threads(member_id: MemberId, *, now: datetime, limit: int) -> Query[list[UnansweredThread]]:
    """Some of the threads whose deadline has passed, the newest first."""
    return Query(
        _UNANSWERED_COLUMNS,
        _OVERDUE,
        (member_id, instant_to_micros(now - REPLY_WINDOW), limit, 0),
        lambda rows: list(starmap(_unanswered_thread_from_row, rows)),
    )


async def waiting_threads_by_deadline(
    reader: Executor, member_id: MemberId, counts: WaitingCounts, *, now: datetime, limit: int, offset: int
) -> list[UnansweredThread]:
    """Some of the threads that wait for a reply: those still open by deadline, then overdue ones, newest first.

    `counts`: how many wait at `now`. Each part is read in the order of an index, so that no more rows are read.
    """
    still_open = counts.total - counts.overdue
    open_rows = max(min(limit, still_open - offset), 0)
    parts = ((_OPEN, open_rows, offset), (_OVERDUE, limit - open_rows, max(offset - still_open, 0)))
    rows: list[Row] = []
    for source, most, start in parts:
        if most > 0:
            sql = f"SELECT {', '.join(_UNANSWERED_COLUMNS)} {source}"
            rows += await reader.fetch(sql, member_id, instant_to_micros(now - REPLY_WINDOW), most, start)
    return list(starmap(_unanswered_thread_from_row, rows))


async def threads_closing_between(
    reader: Executor, member_id: MemberId, start: datetime, end: datetime, *, limit: int
) -> list[Thread]:
    """The threads that wait for a reply and whose window closes between two instants, the end not included."""
    rows = await reader.fetch(
        f"SELECT {', '.join(THREAD_COLUMNS)} FROM windows JOIN threads USING (member_id, thread_id)"
        " WHERE member_id = $1 AND dismissed = 0 AND reminds_from >= $2 AND reminds_from < $3"
        " ORDER BY reminds_from, thread_id LIMIT $4",
        member_id,
        instant_to_micros(start - REPLY_WINDOW),
        instant_to_micros(end - REPLY_WINDOW),
        limit,
    )
    return list(starmap(thread_from_row, rows))


async def find_open_window(reader: Executor, member_id: MemberId, thread_id: ThreadId) -> UnansweredThread | None:
    """The window of a thread, dismissed or not."""
    row = await reader.fetch_one(
        f"SELECT {', '.join(_UNANSWERED_COLUMNS)} {_FROM_WINDOWS} AND thread_id = $2", member_id, thread_id
    )
    return _unanswered_thread_from_row(*row) if row else None


@dataclass(frozen=True, slots=True)
class LimitCounts:
    """The numbers of a member that are compared with the limits of their records, at one instant."""

    open_windows: int
    """Windows that wait for a reply and have not closed."""
    records: int
    """Records of the day."""


def _limit_counts_from_rows(rows: Sequence[Row]) -> LimitCounts:
    [[open_windows, records]] = rows
    return LimitCounts(open_windows, records or 0)


_COUNTS: Final = Select(
    ("count(*)", "(SELECT counted FROM members WHERE member_id = $1 AND counted_on = $3)"),
    "FROM windows WHERE member_id = $1 AND dismissed = 0 AND reminds_from > $2",
    _limit_counts_from_rows,
)


def count_towards_limits(member_id: MemberId, now: datetime) -> Query[LimitCounts]:
    """Count the windows that are open at `now`, and the records of that day."""
    return _COUNTS(member_id, instant_to_micros(now - REPLY_WINDOW), lancers_date(now).isoformat())


async def find_waiting_thread(reader: Executor, member_id: MemberId, thread_id: ThreadId) -> UnansweredThread | None:
    """One thread, if it waits for a reply."""
    window = await find_open_window(reader, member_id, thread_id)
    return None if window is None or window.unanswered.dismissed else window


_REMINDED: Final = (
    "SELECT thread_id FROM windows WHERE member_id = $1 AND dismissed = 0 AND reminds_from > $2",
    "SELECT thread_id FROM threads WHERE member_id = $1 AND contract_at IS NOT NULL",
    "SELECT thread_id FROM messages WHERE member_id = $1 AND kind = 'contact_request'",
)
"""The threads that wait for a reply, or are under contract, or have a contact request. Each has an index of its own."""

_NEXT_REMINDED: Final = " UNION ".join(
    f"SELECT thread_id FROM ({threads} AND thread_id > $3 ORDER BY thread_id LIMIT $4) AS next" for threads in _REMINDED
)
"""Those behind an id: no more of each kind are read than are wanted."""


async def thread_ids_with_reminders(
    reader: Executor, member_id: MemberId, *, now: datetime, after: ThreadId, limit: int
) -> list[ThreadId]:
    """The next threads behind an id that may have reminders to come by the member's preferences, by id."""
    rows = await reader.fetch(
        f"SELECT thread_id FROM ({_NEXT_REMINDED}) AS reminded ORDER BY thread_id LIMIT $4",
        member_id,
        instant_to_micros(now - MAX_AFTER_OPENING),
        after,
        limit,
    )
    return [ThreadId(row[0]) for row in rows]


async def thread_ids_with_reminders_of_client(
    reader: Executor, member_id: MemberId, client_key: str, *, now: datetime, limit: int
) -> list[ThreadId]:
    """As `thread_ids_with_reminders`, the threads with a client."""
    rows = await reader.fetch(
        "SELECT thread_id FROM threads WHERE member_id = $1 AND client_key = $3"
        f" AND thread_id IN ({' UNION '.join(_REMINDED)}) ORDER BY thread_id LIMIT $4",
        member_id,
        instant_to_micros(now - MAX_AFTER_OPENING),
        client_key,
        limit,
    )
    return [ThreadId(row[0]) for row in rows]


async def dismissed_threads(
    transaction: Transaction, member_id: MemberId, *, due_before: datetime, limit: int
) -> list[UnansweredThread]:
    """The threads that were dismissed while a message was unanswered that was due before an instant, the newest first.

    A further message of the member in one of them, more than 24 hours after it, counts as a late reply
    (docs/domain-facts.md#uncounted-messages).
    """
    sql = (
        f"SELECT {', '.join(_UNANSWERED_COLUMNS)} {_FROM_WINDOWS} AND dismissed = 1"
        " AND oldest_at < $2 ORDER BY newest_at DESC, thread_id LIMIT $3"
    )
    rows = await transaction.fetch(sql, member_id, instant_to_micros(due_before - REPLY_WINDOW), limit)
    return list(starmap(_unanswered_thread_from_row, rows))
