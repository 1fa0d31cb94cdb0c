"""Moving everything from one database to another: in steps that a crash does not undo, and compared row by row.

Rows are copied in the order of their keys, each step in a transaction of its own: what the target holds already is
exactly what lies before its last key, so a move that was cut off goes on there. Until it has ended the target bears a
mark, and no bot opens it.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count
from typing import Final

from bot.errors import StorageError
from storage import processes
from storage.database import Database, Transaction, Value

PRIMARY_KEYS: Final = {
    "members": ("member_id",),
    "threads": ("thread_id",),
    "messages": ("message_id",),
    "exchanges": ("member_id", "thread_id", "replied_at"),
    "windows": ("member_id", "thread_id"),
    "snoozes": ("member_id", "thread_id", "reminds_from"),
    "drafts": ("draft_id",),
    "jobs": ("job_id",),
    "profile_items": ("member_id", "item"),
    "goals": ("member_id",),
    "calibrations": ("member_id", "shown_on"),
    "inboxes": ("channel_id",),
    "changes": ("change_id",),
    "changed_messages": ("member_id", "change_id", "message_id"),
    "deliveries": ("delivery_id",),
    "occurrences": ("occurrence_id",),
    "synced_commands": ("application_id",),
    "duties": ("name",),
}
"""What is moved, each table behind those it refers to, with its primary key."""

TABLES_WITH_SEQUENCES: Final = ("threads", "messages", "drafts", "jobs", "changes", "occurrences")
"""Those that number their rows by themselves."""

NOT_COPIED: Final = ("migrations", "processes", "shards", "claimed_events", "moving")
"""What belongs to one database and its processes."""

PROCESS_TIMEOUT: Final = timedelta(seconds=30)
"""A bot gives a sign of life every few seconds."""

BATCH_SIZE: Final = 2_000
"""Rows of a transaction."""

ProgressCallback = Callable[[str, int], None]
"""Called with a table and how many of its rows are in the target."""


async def copy_database(
    source: Database, target: Database, *, origin: str, on_progress: ProgressCallback
) -> dict[str, int]:
    """Copy and compare; the rows of each table. `origin` names the source, without a password.

    Raises `StorageError` when the target holds something else, a bot is running, or the two differ in the end.
    """
    for database in (source, target):
        await _ensure_no_running_bot(database)
    await _begin(target, origin)
    moved = {}
    for table, key in PRIMARY_KEYS.items():
        moved[table] = await _copy(source, target, table, key, on_progress)
    for table, key in PRIMARY_KEYS.items():
        await _compare(source, target, table, key)
    numbers = await _sequence_values(source)
    async with target.write() as transaction:
        await _reset_sequences(transaction, numbers, shared=target.multi_process)
        await transaction.fetch("DELETE FROM moving")
    return moved


async def is_unfinished(transaction: Transaction) -> str | None:
    """Where a move into this database comes from that has not ended."""
    row = await transaction.fetch_one("SELECT origin FROM moving")
    return None if row is None else str(row[0])


async def _ensure_no_running_bot(database: Database) -> None:
    async with database.read() as transaction:
        if await processes.any_alive(transaction, PROCESS_TIMEOUT):
            raise StorageError("storage-move-running")


async def _begin(target: Database, origin: str) -> None:
    async with target.write() as transaction:
        await transaction.lock("moving")
        begun = await is_unfinished(transaction)
        if begun is None:
            for table in PRIMARY_KEYS:
                if await transaction.fetch(f"SELECT 1 FROM {table} LIMIT 1"):
                    raise StorageError("storage-move-not-empty", table=table)
            await transaction.fetch("INSERT INTO moving (one, origin) VALUES (1, $1)", origin)
        elif begun != origin:
            raise StorageError("storage-move-other", origin=begun)


async def _after(
    database: Database, table: str, key: Sequence[str], columns: Sequence[str], last: Sequence[Value] | None
) -> list[tuple[Value, ...]]:
    """The next rows behind a key."""
    keys, places = ", ".join(key), ", ".join(f"${place}" for place in range(1, len(key) + 1))
    behind = "" if last is None else f" WHERE ({keys}) > ({places})"
    rows = await database.fetch(
        f"SELECT {', '.join(columns)} FROM {table}{behind} ORDER BY {keys} LIMIT {BATCH_SIZE}", *(last or ())
    )
    return [tuple(row) for row in rows]


async def _copy(
    source: Database, target: Database, table: str, key: Sequence[str], on_progress: ProgressCallback
) -> int:
    async with target.read() as transaction:
        columns = await transaction.columns(table)
        [[done]] = await transaction.fetch(f"SELECT count(*) FROM {table}")
        backwards = ", ".join(f"{name} DESC" for name in key)
        last = await transaction.fetch_one(f"SELECT {', '.join(key)} FROM {table} ORDER BY {backwards} LIMIT 1")
    insert = (
        f"INSERT INTO {table} ({', '.join(columns)})"
        f" VALUES ({', '.join(f'${place}' for place in range(1, len(columns) + 1))})"
    )
    places = [columns.index(name) for name in key]
    behind = None if last is None else tuple(last)
    while rows := await _after(source, table, key, columns, behind):
        async with target.write() as transaction:
            await transaction.execute_many(insert, rows)
        behind = tuple(rows[-1][place] for place in places)
        done += len(rows)
        on_progress(table, done)
    return int(done)


async def _compare(source: Database, target: Database, table: str, key: Sequence[str]) -> None:
    async with target.read() as transaction:
        columns = await transaction.columns(table)
    places = [columns.index(name) for name in key]
    last: Sequence[Value] | None = None
    while True:
        here = await _after(source, table, key, columns, last)
        there = await _after(target, table, key, columns, last)
        if here != there:
            number = next(each for each in count() if each >= min(len(here), len(there)) or here[each] != there[each])
            row = (here if number < len(here) else there)[number]
            named = ", ".join(f"{columns[place]} {row[place]}" for place in places)
            raise StorageError("storage-move-differs", table=table, row=named)
        if not here:
            return
        last = tuple(here[-1][place] for place in places)


async def _sequence_values(source: Database) -> dict[str, int]:
    """The last number each table gave out: buttons and nonces name them, so none is given out again."""
    if source.multi_process:
        given = "SELECT coalesce(pg_sequence_last_value(CAST(pg_get_serial_sequence($1, $2) AS regclass)), 0)"
    else:  # the tables that may use a number again keep no count
        given = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = $1 AND $2 = $2"
    found = {}
    for table in TABLES_WITH_SEQUENCES:
        [key] = PRIMARY_KEYS[table]
        [[last]] = await source.fetch(given, table, key)
        [[highest]] = await source.fetch(f"SELECT coalesce(max({key}), 0) FROM {table}")
        found[table] = max(int(last), int(highest))
    return found


async def _reset_sequences(transaction: Transaction, numbers: dict[str, int], *, shared: bool) -> None:
    for table, last in numbers.items():
        if not last:
            continue
        if shared:
            await transaction.fetch(
                "SELECT setval(CAST(pg_get_serial_sequence($1, $2) AS regclass), $3)",
                table,
                PRIMARY_KEYS[table][0],
                last,
            )
        else:
            await transaction.fetch("DELETE FROM sqlite_sequence WHERE name = $1", table)
            await transaction.fetch("INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)", table, last)
