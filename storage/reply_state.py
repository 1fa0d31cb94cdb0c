"""The reply state of a thread: its exchanges and its reply window, both computed from the messages.

The exchanges are written and counted; storage/exchanges.py lists them, storage/waiting_threads.py the windows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.calendar import instant_to_micros, lancers_date
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import REPLY_WINDOW, ThreadState, UnansweredMessages
from bot.domain.types import MemberId, ThreadId
from storage.database import (
    Executor,
    Query,
    Select,
    Transaction,
    insert_sql,
    parse_first_row,
    parse_only_row,
    upsert_sql,
)
from storage.rows import RowParser

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


exchanges_query: Final = Select(_EXCHANGE_COLUMNS, "FROM exchanges WHERE member_id = $1 AND thread_id = $2", list)
"""The stored exchanges of a thread, as `ExchangeRow`s."""


unanswered_from_row: Final = RowParser(
    UnansweredMessages, oldest="oldest_at", newest="newest_at", window_opened_at="reminds_from"
)
WINDOW_COLUMNS: Final = unanswered_from_row.columns
_UPSERT_WINDOW: Final = upsert_sql(
    "windows", ("member_id", "thread_id", *WINDOW_COLUMNS), key=("member_id", "thread_id")
)


unanswered_query: Final = Select(
    WINDOW_COLUMNS, "FROM windows WHERE member_id = $1 AND thread_id = $2", parse_first_row(unanswered_from_row)
)
"""What is stored as unanswered in a thread, dismissed or not."""


async def load_unanswered_messages_of_client(
    reader: Executor, member_id: MemberId, client_key: str
) -> dict[ThreadId, UnansweredMessages]:
    """What is stored as unanswered in the threads with a client."""
    rows = await reader.fetch(
        f"SELECT thread_id, {', '.join(WINDOW_COLUMNS)} FROM threads JOIN windows USING (member_id, thread_id)"
        " WHERE member_id = $1 AND client_key = $2",
        member_id,
        client_key,
    )
    return {ThreadId(thread_id): unanswered_from_row(*window) for thread_id, *window in rows}


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
        await transaction.execute(_UPSERT_WINDOW, member_id, thread_id, *unanswered_from_row.values(state.unanswered))
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
            (member_id, thread_id, *unanswered_from_row.values(state.unanswered))
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


async def load_reply_rate_of_threads(
    reader: Executor, member_id: MemberId, thread_ids: Sequence[ThreadId]
) -> ReplyRate:
    """All replies of some threads."""
    sql = f"SELECT {', '.join(reply_count_columns('thread_id IN ({ids})'))}"
    rows = await reader.fetch_for_ids(sql, member_id, ids=thread_ids)
    return reply_rate_of_counts(*map(sum, zip(*rows, strict=True))) if rows else ReplyRate(0, 0, 0)


@dataclass(frozen=True, slots=True)
class LimitCounts:
    """The numbers of a member that are compared with the limits of their records, at one instant."""

    open_windows: int
    """Windows that wait for a reply and have not closed."""
    records: int
    """Records of the day."""


_limit_counts_query: Final = Select(
    ("count(*)", "coalesce((SELECT counted FROM members WHERE member_id = $1 AND counted_on = $3), 0)"),
    "FROM windows WHERE member_id = $1 AND dismissed = 0 AND reminds_from > $2",
    parse_only_row(LimitCounts),
)


def limit_counts_query(member_id: MemberId, now: datetime) -> Query[LimitCounts]:
    """Count the windows that are open at `now`, and the records of that day."""
    return _limit_counts_query(member_id, now - REPLY_WINDOW, lancers_date(now))
