"""The threads of a member: the conversations with clients, by client and title."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.text import HIRAGANA_SYLLABLES, KATAKANA_SYLLABLES
from bot.domain.types import MemberId, Site, ThreadId
from storage.database import Executor, Select, Transaction, Value, insert_sql, parse_first_row, sql_placeholders
from storage.rows import RowParser


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A row of `threads`. `client` None: not known yet; `title`: the job's name, or the member's own name for it."""

    id: ThreadId
    client: str | None
    title: str | None
    unassigned: bool
    """It contains one forwarded message whose client or thread the member has not named yet."""
    contract_at: datetime | None = None
    """When the member said that the work is under contract."""
    site: Site = Site.LANCERS
    page: str | None = None
    """The path of the conversation's page on www.lancers.jp."""

    @property
    def under_contract(self) -> bool:
        """Whether its work has begun on Lancers, where a long silence can end it (`bot.domain.reply.contracts`)."""
        return self.contract_at is not None and self.site is Site.LANCERS

    @property
    def counts_in_rate(self) -> bool:
        """Whether its replies count in the reply rate."""
        return self.site is Site.LANCERS


@dataclass(frozen=True, slots=True)
class ThreadIdentity:
    """The names of a thread as displayed, and the keys that identify it."""

    client: str | None
    title: str | None
    client_key: str
    title_key: str
    unassigned: bool = False


ThreadKey = tuple[str, str]
"""The client's key and the title's, which identify a thread of a member."""

ThreadOwner = tuple[MemberId, ThreadId]
"""A thread and its member."""


thread_from_row: Final = RowParser(Thread, id="thread_id", unassigned="unsorted")
THREAD_COLUMNS: Final = thread_from_row.columns
_SELECT: Final = f"SELECT {', '.join(THREAD_COLUMNS)} FROM threads WHERE member_id = $1"
thread_query: Final = Select(
    THREAD_COLUMNS, "FROM threads WHERE member_id = $1 AND thread_id = $2", parse_first_row(thread_from_row)
)
"""The thread with an id, if it is the member's."""

_thread_identity_from_row: Final = RowParser(ThreadIdentity, unassigned="unsorted")
_INSERT: Final = insert_sql("threads", ("member_id", *_thread_identity_from_row.columns, "used_at"))

# A thread whose messages were all deleted or moved remains only for its reminders, and is not offered.
_HAS_MESSAGES: Final = (
    "EXISTS (SELECT 1 FROM messages WHERE messages.member_id = $1 AND messages.thread_id = threads.thread_id)"
)


async def get_or_create_thread(
    transaction: Transaction, member_id: MemberId, identity: ThreadIdentity, *, now: datetime
) -> Thread:
    """The thread of this identity, added if it is new; it counts as used now."""
    [row] = await transaction.fetch(
        f"{_INSERT} ON CONFLICT (member_id, client_key, title_key) DO UPDATE SET used_at = excluded.used_at"
        f" RETURNING {', '.join(THREAD_COLUMNS)}",
        member_id,
        *_thread_identity_from_row.values(identity),
        now,
    )
    return thread_from_row(*row)


async def create_missing_threads(
    transaction: Transaction, member_id: MemberId, identities: Iterable[ThreadIdentity], *, now: datetime
) -> None:
    """Add the threads of these identities that are new."""
    sql = f"{_INSERT} ON CONFLICT (member_id, client_key, title_key) DO NOTHING"
    await transaction.execute_many(
        sql, [(member_id, *_thread_identity_from_row.values(identity), now) for identity in identities]
    )


async def list_threads_of_client(
    reader: Executor, member_id: MemberId, client_key: str, *, with_unassigned: bool = False
) -> list[Thread]:
    """The assigned threads with a client, the last used first; or also those of single messages."""
    condition = "" if with_unassigned else " AND unsorted = 0"
    # By an expression: for a column, SQLite would read all threads in the order of the index that has it.
    sql = f"{_SELECT} AND client_key = $2{condition} AND {_HAS_MESSAGES} ORDER BY -used_at, -thread_id"
    return await reader.fetch_parsed(thread_from_row, sql, member_id, client_key)


async def list_threads_of_clients(reader: Executor, member_id: MemberId, client_keys: Sequence[str]) -> list[Thread]:
    """The assigned threads with some clients, at most `MAX_PARAMS` less one, the last used first."""
    if not client_keys:
        return []
    keys = sql_placeholders(client_keys, 2)
    sql = f"{_SELECT} AND client_key IN ({keys}) AND unsorted = 0 AND {_HAS_MESSAGES} ORDER BY -used_at, -thread_id"
    return await reader.fetch_parsed(thread_from_row, sql, member_id, *client_keys)


async def list_threads_of_same_client(
    transaction: Transaction, member_id: MemberId, thread_id: ThreadId
) -> list[Thread]:
    """Every thread with the client of this one, also those without messages."""
    sql = f"{_SELECT} AND client_key = (SELECT client_key FROM threads WHERE member_id = $1 AND thread_id = $2)"
    return await transaction.fetch_parsed(thread_from_row, sql, member_id, thread_id)


async def list_recent_threads(reader: Executor, member_id: MemberId, *, limit: int) -> list[Thread]:
    """The assigned threads, the last used first."""
    sql = (
        f"{_SELECT} AND unsorted = 0 AND client IS NOT NULL AND {_HAS_MESSAGES}"
        " ORDER BY used_at DESC, thread_id DESC LIMIT $2"
    )
    return await reader.fetch_parsed(thread_from_row, sql, member_id, limit)


MAX_SEARCHED: Final = 2000
"""Threads among which a completion searches: those used last."""

# One spelling of each client or title, the last used first.
_NAMES: Final = (
    "SELECT {name} FROM (SELECT {name}, used_at, thread_id,"
    " row_number() OVER (PARTITION BY {name}_key ORDER BY used_at DESC, thread_id DESC) AS place FROM"
    f" (SELECT * FROM threads WHERE member_id = $1 ORDER BY used_at DESC, thread_id DESC LIMIT {MAX_SEARCHED})"
    " AS threads"
    f" WHERE member_id = $1 AND unsorted = 0 AND {{name}} IS NOT NULL AND {_HAS_MESSAGES}{{condition}}) AS named"
    " WHERE place = 1 ORDER BY used_at DESC, thread_id DESC LIMIT $2"
)
_CLIENTS: Final = _NAMES.format(name="client", condition="")
_MATCHING_CLIENTS: Final = _NAMES.format(name="client", condition=" AND strpos(translate(client_key, $4, $5), $3) > 0")
_MATCHING_TITLES: Final = _NAMES.format(
    name="title",
    condition=" AND strpos(translate(title_key, $4, $5), $3) > 0 AND strpos(translate(client_key, $4, $5), $6) > 0",
)


async def search_clients(reader: Executor, member_id: MemberId, *, search: str, limit: int) -> list[str]:
    """The clients whose key contains `search`, in hiragana or katakana; all for an empty one."""
    if not search:
        rows = await reader.fetch(_CLIENTS, member_id, limit)
    else:
        rows = await reader.fetch(_MATCHING_CLIENTS, member_id, limit, search, KATAKANA_SYLLABLES, HIRAGANA_SYLLABLES)
    return [row[0] for row in rows]


async def search_thread_titles(
    reader: Executor, member_id: MemberId, *, search: str, client: str, limit: int
) -> list[str]:
    """The titles whose key contains `search`, of the clients whose key contains `client`."""
    return await reader.fetch_parsed(
        str, _MATCHING_TITLES, member_id, limit, search, KATAKANA_SYLLABLES, HIRAGANA_SYLLABLES, client
    )


async def mark_thread_used(
    transaction: Transaction, member_id: MemberId, thread_id: ThreadId, *, now: datetime
) -> None:
    """Note that the thread was used, so that it is offered first."""
    sql = "UPDATE threads SET used_at = $3 WHERE member_id = $1 AND thread_id = $2 AND used_at < $3"
    await transaction.execute(sql, member_id, thread_id, now)


async def list_thread_keys_after(
    reader: Executor, member_id: MemberId, *, after: ThreadId, limit: int
) -> list[tuple[ThreadId, ThreadKey]]:
    """The member's next threads with higher ids than this one, by id, with their keys."""
    sql = (
        "SELECT thread_id, client_key, title_key FROM threads WHERE member_id = $1 AND thread_id > $2"
        " ORDER BY thread_id LIMIT $3"
    )
    rows = await reader.fetch(sql, member_id, after, limit)
    return [(ThreadId(thread_id), (client_key, title_key)) for thread_id, client_key, title_key in rows]


async def list_threads_after(reader: Executor, after_id: int, *, limit: int) -> list[ThreadOwner]:
    """The next threads of all members with higher ids than this one, by id."""
    sql = "SELECT member_id, thread_id FROM threads WHERE thread_id > $1 ORDER BY thread_id LIMIT $2"
    rows = await reader.fetch(sql, after_id, limit)
    return [(MemberId(member_id), ThreadId(thread_id)) for member_id, thread_id in rows]


async def list_threads_by_next_reminder(reader: Executor, *, limit: int) -> list[ThreadOwner]:
    """The threads of all members whose reminders are due next."""
    rows = await reader.fetch(
        "SELECT member_id, thread_id FROM occurrences WHERE state = 'planned' AND delivery_id IS NULL"
        " ORDER BY try_at LIMIT $1",
        limit,
    )
    return [(MemberId(member_id), ThreadId(thread_id)) for member_id, thread_id in rows]


async def find_thread_id_range(reader: Executor) -> tuple[int, int]:
    """The lowest and the highest thread id; 0 without any."""
    [[lowest, highest]] = await reader.fetch(
        "SELECT coalesce(min(thread_id), 0), coalesce(max(thread_id), 0) FROM threads"
    )
    return int(lowest), int(highest)


async def find_thread_ids_by_key(
    transaction: Transaction, member_id: MemberId, keys: Sequence[ThreadKey]
) -> dict[ThreadKey, ThreadId]:
    """The ids of the threads that have these keys; at most half of `MAX_PARAMS` keys."""
    values = [value for key in keys for value in key]
    pairs = ", ".join(f"(${number}, ${number + 1})" for number in range(2, 2 + len(values), 2))
    sql = (
        "SELECT thread_id, client_key, title_key FROM threads WHERE member_id = $1"
        f" AND (client_key, title_key) IN (VALUES {pairs})"
    )
    rows = await transaction.fetch(sql, member_id, *values)
    return {(client_key, title_key): ThreadId(thread_id) for thread_id, client_key, title_key in rows}


async def save_thread_marks(transaction: Transaction, member_id: MemberId, marked: Iterable[Thread]) -> None:
    """Store what the member has said of some threads: contract, site and page."""
    sql = "UPDATE threads SET contract_at = $3, site = $4, page = $5 WHERE member_id = $1 AND thread_id = $2"
    await transaction.execute_many(sql, [(member_id, thread.id, *thread_mark_values(thread)) for thread in marked])


def thread_mark_values(thread: Thread) -> tuple[Value, ...]:
    """The columns `contract_at`, `site` and `page`."""
    return thread.contract_at, thread.site, thread.page


async def find_sites_of_special_threads(
    reader: Executor, member_id: MemberId, thread_ids: Sequence[ThreadId]
) -> dict[ThreadId, Site]:
    """Those of some threads that cannot be derived from their messages' reply windows alone, with their sites.

    Those on Lancers are under contract, or have a contact request.
    """
    rows = await reader.fetch_for_ids(
        "SELECT thread_id, site FROM threads WHERE member_id = $1 AND (site <> 'lancers' OR contract_at IS NOT NULL"
        " OR thread_id IN (SELECT messages.thread_id FROM messages WHERE messages.member_id = $1"
        "  AND messages.kind = 'contact_request')) AND thread_id IN ({ids})",
        member_id,
        ids=thread_ids,
    )
    return {ThreadId(thread_id): Site(site) for thread_id, site in rows}


async def has_thread_under_contract(reader: Executor, member_id: MemberId) -> bool:
    """Whether a thread with messages is under contract."""
    sql = f"{_SELECT} AND contract_at IS NOT NULL AND site = 'lancers' AND {_HAS_MESSAGES} LIMIT 1"
    return bool(await reader.fetch(sql, member_id))
