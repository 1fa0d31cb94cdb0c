"""Threads with a stored reply window: those that wait for a reply, were dismissed, or have reminders to come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.calendar import MICROSECOND
from bot.domain.reply.thread_state import REPLY_WINDOW, UnansweredMessages
from bot.domain.types import MemberId, MessageId, ThreadId, UndoStepId
from storage import muted_clients
from storage.database import Executor, Query, Transaction, parse_all_rows, parse_only_row
from storage.planned_reminders import MAX_AFTER_OPENING
from storage.reply_state import unanswered_from_row
from storage.rows import RowParser
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


WINDOW_ID: Final = (
    "(SELECT min(messages.message_id) FROM messages WHERE messages.member_id = windows.member_id"
    " AND messages.thread_id = windows.thread_id AND messages.sent_at = windows.oldest_at"
    " AND messages.direction = 'received' AND messages.kind = 'message')"
)
"""The identity of a row of `windows`: the id of its oldest unanswered message."""


_unanswered_thread_from_row: Final = RowParser(
    UnansweredThread,
    thread=thread_from_row,
    unanswered=unanswered_from_row,
    window_id=WINDOW_ID,
    muted=f"EXISTS (SELECT 1 {muted_clients.OF_THREAD})",
)
_UNANSWERED_COLUMNS: Final = _unanswered_thread_from_row.columns
_parse_unanswered_threads: Final = parse_all_rows(_unanswered_thread_from_row)

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
    """The different clients of the overdue ones, as far as they are named; of `MAX_THREADS_COUNTED_AS_CLIENTS`."""
    clients: int = 0
    """The different clients of all, as far as they are named; of `MAX_THREADS_COUNTED_AS_CLIENTS`."""

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


MAX_THREADS_COUNTED_AS_CLIENTS: Final = 100
"""Clients are counted of so many threads. Of more of them a text counts conversations, whosever they are."""


def count_clients_sql(condition: str) -> str:
    """How many clients the waiting threads of `$1` with a condition are with; nobody knows whose those without are.

    With more than `MAX_THREADS_COUNTED_AS_CLIENTS` threads it is fewer than these, so that counting takes no longer.
    """
    return (
        "(SELECT count(DISTINCT CASE WHEN client IS NOT NULL THEN client_key END) FROM (SELECT client, client_key"
        f" {_FROM_WINDOWS} AND dismissed = 0{condition} LIMIT {MAX_THREADS_COUNTED_AS_CLIENTS}) AS counted)"
    )


COUNT_CLIENTS: Final = count_clients_sql("")
_COUNT_OVERDUE_CLIENTS: Final = count_clients_sql(" AND oldest_at < $2")


def waiting_counts_query(
    member_id: MemberId,
    now: datetime,
    until: datetime,
    *,
    closing_from: datetime | None = None,
    on_other_sites: bool = False,
) -> Query[WaitingCounts]:
    """The threads that wait for a reply: overdue at `now`, due between `now` or `closing_from` and `until`, and all.

    `on_other_sites`: only those on other sites than Lancers, which are few; their clients are not counted.
    """
    condition = " AND thread_id IN (SELECT thread_id FROM threads WHERE member_id = $1 AND site <> 'lancers')"
    return Query(
        (
            "count(*) FILTER (WHERE oldest_at < $2)",
            "count(*) FILTER (WHERE oldest_at BETWEEN $4 AND $3)",
            "count(*)",
            *(("0", "0") if on_other_sites else (_COUNT_OVERDUE_CLIENTS, COUNT_CLIENTS)),
        ),
        f"FROM windows WHERE member_id = $1 AND dismissed = 0{condition if on_other_sites else ''}",
        (
            member_id,
            now - REPLY_WINDOW,
            until - REPLY_WINDOW - MICROSECOND,
            (closing_from or now) - REPLY_WINDOW,
        ),
        parse_only_row(WaitingCounts),
    )


def waiting_threads_query(
    member_id: MemberId, *, limit: int, offset: int = 0, due_from: datetime
) -> Query[list[UnansweredThread]]:
    """Some of the threads that wait for a reply and are not due before an instant, the most urgent first."""
    return Query(
        _UNANSWERED_COLUMNS,
        f"{_FROM_WINDOWS} AND dismissed = 0 AND oldest_at >= $2 ORDER BY oldest_at, thread_id LIMIT $3 OFFSET $4",
        (member_id, due_from - REPLY_WINDOW, limit, offset),
        _parse_unanswered_threads,
    )


def overdue_threads_query(
    member_id: MemberId, *, now: datetime, limit: int, offset: int = 0
) -> Query[list[UnansweredThread]]:
    """Some of the threads whose deadline has passed, the newest first."""
    return Query(
        _UNANSWERED_COLUMNS,
        f"{_FROM_WINDOWS} AND dismissed = 0 AND oldest_at < $2 ORDER BY oldest_at DESC, thread_id LIMIT $3 OFFSET $4",
        (member_id, now - REPLY_WINDOW, limit, offset),
        _parse_unanswered_threads,
    )


async def list_waiting_threads_by_deadline(
    reader: Executor, member_id: MemberId, counts: WaitingCounts, *, now: datetime, limit: int, offset: int
) -> list[UnansweredThread]:
    """Some of the threads that wait for a reply: those still open by deadline, then overdue ones, newest first.

    `counts`: how many wait at `now`. Each part is read in the order of an index, so that no more rows are read.
    """
    still_open = counts.total - counts.overdue
    open_rows = max(min(limit, still_open - offset), 0)
    found: list[UnansweredThread] = []
    if open_rows > 0:
        found += await reader.query(waiting_threads_query(member_id, limit=open_rows, offset=offset, due_from=now))
    if limit > open_rows:
        start = max(offset - still_open, 0)
        found += await reader.query(overdue_threads_query(member_id, now=now, limit=limit - open_rows, offset=start))
    return found


async def list_threads_closing_between(
    reader: Executor, member_id: MemberId, start: datetime, end: datetime, *, limit: int
) -> list[Thread]:
    """The threads that wait for a reply and whose window closes between two instants, the end not included.

    Those of muted clients are left out.
    """
    return await reader.fetch_parsed(
        thread_from_row,
        f"SELECT {', '.join(THREAD_COLUMNS)} FROM windows JOIN threads USING (member_id, thread_id)"
        " WHERE member_id = $1 AND dismissed = 0 AND reminds_from >= $2 AND reminds_from < $3"
        f" AND NOT EXISTS (SELECT 1 {muted_clients.OF_THREAD}) ORDER BY reminds_from, thread_id LIMIT $4",
        member_id,
        start - REPLY_WINDOW,
        end - REPLY_WINDOW,
        limit,
    )


async def count_windows_without_reminder(
    reader: Executor, member_id: MemberId, step_id: UndoStepId, *, now: datetime
) -> int:
    """How many open windows of threads to which a step added messages close without a reminder before.

    Those of muted clients are left out.
    """
    return await reader.fetch_number(
        f"SELECT count(*) {_FROM_WINDOWS} AND dismissed = 0 AND reminds_from >= $2"
        f" AND NOT EXISTS (SELECT 1 {muted_clients.OF_THREAD})"
        " AND NOT EXISTS (SELECT 1 FROM occurrences WHERE occurrences.member_id = windows.member_id"
        "  AND occurrences.thread_id = windows.thread_id AND opened_at = reminds_from"
        "  AND kind IN ('lead', 'overnight', 'morning', 'snoozed') AND state IN ('planned', 'claimed', 'delivered'))"
        " AND EXISTS (SELECT 1 FROM messages JOIN changed_messages USING (member_id, message_id)"
        "  WHERE messages.member_id = windows.member_id AND messages.thread_id = windows.thread_id"
        "  AND change_id = $3)",
        member_id,
        now - REPLY_WINDOW,
        step_id,
    )


async def find_open_window(reader: Executor, member_id: MemberId, thread_id: ThreadId) -> UnansweredThread | None:
    """The window of a thread, dismissed or not."""
    return await reader.fetch_one_parsed(
        _unanswered_thread_from_row,
        f"SELECT {', '.join(_UNANSWERED_COLUMNS)} {_FROM_WINDOWS} AND thread_id = $2",
        member_id,
        thread_id,
    )


async def find_waiting_thread(reader: Executor, member_id: MemberId, thread_id: ThreadId) -> UnansweredThread | None:
    """One thread, if it waits for a reply."""
    window = await find_open_window(reader, member_id, thread_id)
    return None if window is None or window.unanswered.dismissed else window


async def list_waiting_threads_of_client(
    reader: Executor, member_id: MemberId, client_key: str
) -> list[UnansweredThread]:
    """The assigned threads with a client that wait for a reply, the last used first."""
    return await reader.query(
        Query(
            _UNANSWERED_COLUMNS,
            f"{_FROM_WINDOWS} AND dismissed = 0 AND unsorted = 0 AND client_key = $2 ORDER BY -used_at, -thread_id",
            (member_id, client_key),
            _parse_unanswered_threads,
        )
    )


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


async def list_thread_ids_with_reminders(
    reader: Executor, member_id: MemberId, *, now: datetime, after: ThreadId, limit: int
) -> list[ThreadId]:
    """The next threads behind an id that may have reminders to come by the member's preferences, by id."""
    return await reader.fetch_parsed(
        ThreadId,
        f"SELECT thread_id FROM ({_NEXT_REMINDED}) AS reminded ORDER BY thread_id LIMIT $4",
        member_id,
        now - MAX_AFTER_OPENING,
        after,
        limit,
    )


async def list_thread_ids_with_reminders_of_client(
    reader: Executor, member_id: MemberId, client_key: str, *, now: datetime, limit: int
) -> list[ThreadId]:
    """As `list_thread_ids_with_reminders`, the threads with a client."""
    return await reader.fetch_parsed(
        ThreadId,
        "SELECT thread_id FROM threads WHERE member_id = $1 AND client_key = $3"
        f" AND thread_id IN ({' UNION '.join(_REMINDED)}) ORDER BY thread_id LIMIT $4",
        member_id,
        now - MAX_AFTER_OPENING,
        client_key,
        limit,
    )


async def list_dismissed_threads(
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
    rows = await transaction.fetch(sql, member_id, due_before - REPLY_WINDOW, limit)
    return _parse_unanswered_threads(rows)
