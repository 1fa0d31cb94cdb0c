"""The threads of a member: which client, which job."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.values import MemberId, ThreadId, to_micros
from storage.database import Row, Transaction


@dataclass(frozen=True, slots=True)
class Thread:
    """One conversation. `client` None: not told yet; `title`: the job's name, or the member's own word for it."""

    id: ThreadId
    client: str | None
    title: str | None
    unsorted: bool
    """Holds one forward whose client or thread the member has not told yet."""


@dataclass(frozen=True, slots=True)
class ThreadName:
    """What a thread is called, and what it is matched by."""

    client: str | None
    title: str | None
    client_key: str
    title_key: str
    unsorted: bool = False


_COLUMNS: Final = "thread_id, client, title, unsorted"

# A thread whose messages were all undone or moved is only kept for the history of its reminders.
_USED: Final = (
    "EXISTS (SELECT 1 FROM messages WHERE messages.member_id = $1 AND messages.thread_id = threads.thread_id)"
)


def thread_from(row: Row) -> Thread:
    """A thread from its columns `thread_id, client, title, unsorted`."""
    number, client, title, unsorted = row
    return Thread(ThreadId(number), client, title, bool(unsorted))


async def find(transaction: Transaction, member: MemberId, thread: ThreadId) -> Thread | None:
    """The thread, if it is this member's."""
    row = await transaction.fetch_one(
        f"SELECT {_COLUMNS} FROM threads WHERE member_id = $1 AND thread_id = $2", member, thread
    )
    return thread_from(row) if row else None


async def enter(transaction: Transaction, member: MemberId, name: ThreadName, *, now: datetime) -> Thread:
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
        int(name.unsorted),
        to_micros(now),
    )
    assert row is not None, "an upsert returns its row"  # noqa: S101 — narrows the type
    return thread_from(row)


async def of_client(transaction: Transaction, member: MemberId, client_key: str) -> list[Thread]:
    """The sorted threads with a client, the most recently used first."""
    rows = await transaction.fetch(
        f"SELECT {_COLUMNS} FROM threads WHERE member_id = $1 AND client_key = $2 AND unsorted = 0 AND {_USED}"
        " ORDER BY used_at DESC, thread_id DESC",
        member,
        client_key,
    )
    return [thread_from(row) for row in rows]


async def of_client_in_all(transaction: Transaction, member: MemberId, thread: ThreadId) -> list[Thread]:
    """Every thread with the client of this one, those without messages included."""
    rows = await transaction.fetch(
        f"SELECT {_COLUMNS} FROM threads WHERE member_id = $1"
        " AND client_key = (SELECT client_key FROM threads WHERE member_id = $1 AND thread_id = $2)",
        member,
        thread,
    )
    return [thread_from(row) for row in rows]


async def recent(transaction: Transaction, member: MemberId, *, limit: int, containing: str = "") -> list[Thread]:
    """The sorted threads last used, newest first; `containing` is part of a client's key."""
    rows = await transaction.fetch(
        f"SELECT {_COLUMNS} FROM threads WHERE member_id = $1 AND unsorted = 0 AND client IS NOT NULL"
        f" AND instr(client_key, $3) > 0 AND {_USED} ORDER BY used_at DESC, thread_id DESC LIMIT $2",
        member,
        limit,
        containing,
    )
    return [thread_from(row) for row in rows]


async def enter_many(transaction: Transaction, member: MemberId, names: Iterable[ThreadName], *, now: datetime) -> None:
    """Make the threads of these names that are new."""
    await transaction.execute_many(
        "INSERT INTO threads (member_id, client, title, client_key, title_key, unsorted, used_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (member_id, client_key, title_key) DO NOTHING",
        [
            (member, name.client, name.title, name.client_key, name.title_key, int(name.unsorted), to_micros(now))
            for name in names
        ],
    )


async def places(transaction: Transaction, member: MemberId) -> list[tuple[ThreadId, tuple[str, str]]]:
    """What each thread is matched by: the client's key and the title's."""
    rows = await transaction.fetch("SELECT thread_id, client_key, title_key FROM threads WHERE member_id = $1", member)
    return [(ThreadId(number), (client, title)) for number, client, title in rows]
