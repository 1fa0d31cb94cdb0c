"""The threads of a member: which client, which job."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.text import HIRAGANA, KATAKANA
from bot.domain.types import MemberId, ThreadId, to_micros
from storage.database import Executor, Row, Transaction


@dataclass(frozen=True, slots=True)
class Thread:
    """One conversation. `client` None: not told yet; `title`: the job's name, or the member's own word for it."""

    id: ThreadId
    client: str | None
    title: str | None
    unassigned: bool
    """Holds one forward whose client or thread the member has not told yet."""


@dataclass(frozen=True, slots=True)
class ThreadIdentity:
    """What a thread is called, and what it is matched by."""

    client: str | None
    title: str | None
    client_key: str
    title_key: str
    unassigned: bool = False


_COLUMNS: Final = "thread_id, client, title, unsorted"

# A thread whose messages were all undone or moved is only kept for the history of its reminders.
_HAS_MESSAGES: Final = (
    "EXISTS (SELECT 1 FROM messages WHERE messages.member_id = $1 AND messages.thread_id = threads.thread_id)"
)


def thread_from(row: Row) -> Thread:
    """A thread from its columns `thread_id, client, title, unsorted`."""
    after_id, client, title, unassigned = row
    return Thread(ThreadId(after_id), client, title, bool(unassigned))


async def find(transaction: Transaction, member: MemberId, thread: ThreadId) -> Thread | None:
    """The thread, if it is this member's."""
    row = await transaction.fetch_one(
        f"SELECT {_COLUMNS} FROM threads WHERE member_id = $1 AND thread_id = $2", member, thread
    )
    return thread_from(row) if row else None


async def get_or_create(transaction: Transaction, member: MemberId, name: ThreadIdentity, *, now: datetime) -> Thread:
    """The thread of that name, made if it is new."""
    row = await transaction.fetch_one(
        "INSERT INTO threads (member_id, client, title, client_key, title_key, unsorted, used_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (member_id, client_key, title_key) DO UPDATE SET used_at = excluded.used_at"
        f" RETURNING {_COLUMNS}",
        member,
        name.client,
        name.title,
        name.client_key,
        name.title_key,
        int(name.unassigned),
        to_micros(now),
    )
    assert row is not None, "an upsert returns its row"  # noqa: S101 — narrows the type
    return thread_from(row)


async def list_of_client(transaction: Transaction, member: MemberId, client_key: str) -> list[Thread]:
    """The sorted threads with a client, the most recently used first."""
    rows = await transaction.fetch(
        f"SELECT {_COLUMNS} FROM threads WHERE member_id = $1 AND client_key = $2 AND unsorted = 0 AND {_HAS_MESSAGES}"
        " ORDER BY used_at DESC, thread_id DESC",
        member,
        client_key,
    )
    return [thread_from(row) for row in rows]


async def list_of_same_client(transaction: Transaction, member: MemberId, thread: ThreadId) -> list[Thread]:
    """Every thread with the client of this one, those without messages included."""
    rows = await transaction.fetch(
        f"SELECT {_COLUMNS} FROM threads WHERE member_id = $1"
        " AND client_key = (SELECT client_key FROM threads WHERE member_id = $1 AND thread_id = $2)",
        member,
        thread,
    )
    return [thread_from(row) for row in rows]


async def recent(transaction: Transaction, member: MemberId, *, limit: int) -> list[Thread]:
    """The sorted threads last used, newest first."""
    rows = await transaction.fetch(
        f"SELECT {_COLUMNS} FROM threads WHERE member_id = $1 AND unsorted = 0 AND client IS NOT NULL"
        f" AND {_HAS_MESSAGES} ORDER BY used_at DESC, thread_id DESC LIMIT $2",
        member,
        limit,
    )
    return [thread_from(row) for row in rows]


# One spelling of each client and of each title, the last used first.
_NAMES: Final = (
    "SELECT {name} FROM (SELECT {name}, used_at, thread_id,"
    " row_number() OVER (PARTITION BY {name}_key ORDER BY used_at DESC, thread_id DESC) AS place FROM threads"
    f" WHERE member_id = $1 AND unsorted = 0 AND {{name}} IS NOT NULL AND {_HAS_MESSAGES}{{found}}) AS named"
    " WHERE place = 1 ORDER BY used_at DESC, thread_id DESC LIMIT $2"
)
_CLIENTS: Final = _NAMES.format(name="client", found="")
_CLIENTS_WITH: Final = _NAMES.format(name="client", found=" AND strpos(translate(client_key, $4, $5), $3) > 0")
_TITLES: Final = _NAMES.format(
    name="title",
    found=" AND strpos(translate(title_key, $4, $5), $3) > 0 AND strpos(translate(client_key, $4, $5), $6) > 0",
)


async def clients(transaction: Transaction, member: MemberId, *, search: str, limit: int) -> list[str]:
    """The clients whose name holds what is sought, whatever the kana."""
    if not search:
        rows = await transaction.fetch(_CLIENTS, member, limit)
    else:
        rows = await transaction.fetch(_CLIENTS_WITH, member, limit, search, KATAKANA, HIRAGANA)
    return [row[0] for row in rows]


async def titles(transaction: Transaction, member: MemberId, *, search: str, client: str, limit: int) -> list[str]:
    """The titles that hold what is sought, of the clients whose name holds `client`."""
    rows = await transaction.fetch(_TITLES, member, limit, search, KATAKANA, HIRAGANA, client)
    return [row[0] for row in rows]


async def touch(transaction: Transaction, member: MemberId, thread: ThreadId, *, now: datetime) -> None:
    """Something was recorded in a thread: it is offered first."""
    await transaction.fetch(
        "UPDATE threads SET used_at = $3 WHERE member_id = $1 AND thread_id = $2 AND used_at < $3",
        member,
        thread,
        to_micros(now),
    )


async def get_or_create_many(
    transaction: Transaction, member: MemberId, names: Iterable[ThreadIdentity], *, now: datetime
) -> None:
    """Make the threads of these names that are new."""
    await transaction.execute_many(
        "INSERT INTO threads (member_id, client, title, client_key, title_key, unsorted, used_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (member_id, client_key, title_key) DO NOTHING",
        [
            (member, name.client, name.title, name.client_key, name.title_key, int(name.unassigned), to_micros(now))
            for name in names
        ],
    )


async def keys_after(
    reader: Executor, member: MemberId, *, after: ThreadId, limit: int
) -> list[tuple[ThreadId, tuple[str, str]]]:
    """What some threads are matched by: the client's key and the title's. In the order of their numbers."""
    rows = await reader.fetch(
        "SELECT thread_id, client_key, title_key FROM threads WHERE member_id = $1 AND thread_id > $2"
        " ORDER BY thread_id LIMIT $3",
        member,
        after,
        limit,
    )
    return [(ThreadId(after_id), (client, title)) for after_id, client, title in rows]


ThreadOwner = tuple[MemberId, ThreadId]
"""A thread and whose it is."""


async def list_after(reader: Executor, after_id: int, *, limit: int) -> list[ThreadOwner]:
    """The next threads of all members, by number."""
    rows = await reader.fetch(
        "SELECT member_id, thread_id FROM threads WHERE thread_id > $1 ORDER BY thread_id LIMIT $2", after_id, limit
    )
    return [(MemberId(row[0]), ThreadId(row[1])) for row in rows]


async def list_by_next_reminder(reader: Executor, *, limit: int) -> list[ThreadOwner]:
    """The threads of all members whose reminders come next."""
    rows = await reader.fetch(
        "SELECT member_id, thread_id FROM occurrences WHERE state = 'planned' AND delivery_id IS NULL"
        " ORDER BY try_at LIMIT $1",
        limit,
    )
    return [(MemberId(row[0]), ThreadId(row[1])) for row in rows]


async def id_range(reader: Executor) -> tuple[int, int]:
    """The lowest and the highest number of a thread; 0 without any."""
    [row] = await reader.fetch("SELECT coalesce(min(thread_id), 0), coalesce(max(thread_id), 0) FROM threads")
    return int(row[0]), int(row[1])


async def numbers(
    transaction: Transaction, member: MemberId, matched: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], ThreadId]:
    """The threads that are matched so; `MANY` halves at most."""
    values = [each for place in matched for each in place]
    pairs = ", ".join(f"(${place}, ${place + 1})" for place in range(2, 2 + len(values), 2))
    rows = await transaction.fetch(
        "SELECT thread_id, client_key, title_key FROM threads WHERE member_id = $1"
        f" AND (client_key, title_key) IN (VALUES {pairs})",
        member,
        *values,
    )
    return {(client, title): ThreadId(after_id) for after_id, client, title in rows}
