"""Copy everything from one database to another, in batches that a crash does not undo, and compare row by row.

Rows are copied in the order of their primary keys, each batch in its own transaction: the target has exactly the rows
up to its last key, so an interrupted copy continues there. Until it has ended, a row in the table `moving` marks the
target as unfinished, and no bot opens it.
"""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import zip_longest
from typing import Final

import asyncpg

from bot.errors import StorageError
from storage import erased_members, processes
from storage.database import Database, Executor, Value, insert_sql, sql_placeholders

PRIMARY_KEYS: Final = {
    "members": ("member_id",),
    "muted_clients": ("muted_id",),
    "threads": ("thread_id",),
    "messages": ("message_id",),
    "exchanges": ("member_id", "thread_id", "replied_at"),
    "windows": ("member_id", "thread_id"),
    "snoozes": ("member_id", "thread_id", "reminds_from"),
    "drafts": ("draft_id",),
    "jobs": ("job_id",),
    "profile_items": ("member_id", "item"),
    "goals": ("member_id", "category"),
    "calibrations": ("member_id", "shown_on"),
    "inboxes": ("channel_id",),
    "changes": ("change_id",),
    "changed_messages": ("member_id", "change_id", "message_id"),
    "changed_threads": ("member_id", "change_id", "thread_id"),
    "deliveries": ("delivery_id",),
    "occurrences": ("occurrence_id",),
    "synced_commands": ("application_id",),
    "duties": ("name",),
    "operator_requests": ("request_id",),
    "announcement_recipients": ("request_id", "member_id"),
    "blocked_users": ("user_id",),
    "cards": ("discord_message_id",),
    "card_items": ("discord_message_id", "position"),
    "mail_addresses": ("member_id",),
    "mail_paths": ("path_id",),
    "unconfirmed_messages": ("member_id", "message_id"),
    "mail_days": ("member_id", "day"),
}
"""The tables that are copied, each after those it refers to, with their primary keys.

Not copied is what belongs to one database and its processes; erasures of the source are added to those of the target.
"""

TABLES_WITH_SEQUENCES: Final = (
    "muted_clients", "threads", "messages", "drafts", "jobs", "changes", "occurrences", "operator_requests",
    "mail_paths",
)  # fmt: skip
"""Those whose ids the database generates."""

PROCESS_TIMEOUT: Final = timedelta(seconds=30)
"""A bot without a heartbeat for so long is not running; it sends one every few seconds."""

BATCH_SIZE: Final = 2_000
"""Rows copied in one transaction."""

ProgressCallback = Callable[[str, int], None]
"""Called with a table and the number of its rows in the target."""


async def copy_database(
    source: Database, target: Database, *, origin: str, on_progress: ProgressCallback, batch_size: int = BATCH_SIZE
) -> dict[str, int]:
    """Copy and compare; the number of rows of each table. `origin` names the source, without a password.

    Raises `StorageError` when the target has other rows, a bot is running, or the two databases differ in the end.
    """
    for database in (source, target):
        await _ensure_no_running_bot(database)
    is_resumed = await _begin_database_copy(target, origin)
    row_counts = {}
    for table in PRIMARY_KEYS:
        row_counts[table] = await _copy_table(source, target, table, on_progress, batch_size, is_resumed=is_resumed)
    for table in PRIMARY_KEYS:
        await _compare_table(source, target, table, batch_size)
    last_ids = await _find_last_generated_ids(source)
    erased = await erased_members.load_erasures(source)
    async with target.write() as transaction:
        for table, last_id in last_ids.items():
            await transaction.set_last_generated_id(table, PRIMARY_KEYS[table][0], last_id)
        await erased_members.save_erasures(transaction, erased.values())
        await transaction.fetch("DELETE FROM moving")
        # What a bot that was started meanwhile writes is not copied; the target stays marked, to be copied again.
        await _ensure_no_running_bot(source)
    return row_counts


async def find_copy_origin(reader: Executor) -> str | None:
    """The source of an unfinished copy into this database; None when there is none."""
    return await reader.fetch_one_parsed(str, "SELECT origin FROM moving")


async def _ensure_no_running_bot(database: Database) -> None:
    async with database.read() as transaction:
        if await processes.is_any_process_alive(transaction, PROCESS_TIMEOUT):
            raise StorageError("storage-move-running")


async def _begin_database_copy(target: Database, origin: str) -> bool:
    """Mark the target as unfinished. Returns whether it was: an earlier copy into it was cut off."""
    async with target.write() as transaction:
        await transaction.lock("moving")
        unfinished_origin = await find_copy_origin(transaction)
        if unfinished_origin is None:
            for table in PRIMARY_KEYS:
                if await transaction.fetch(f"SELECT 1 FROM {table} LIMIT 1"):
                    raise StorageError("storage-move-not-empty", table=table)
            await transaction.fetch("INSERT INTO moving (one, origin) VALUES (1, $1)", origin)
        elif unfinished_origin != origin:
            raise StorageError("storage-move-other", origin=unfinished_origin)
    return unfinished_origin is not None


async def _next_row_batch(
    database: Database, table: str, columns: Sequence[str], last: Sequence[Value] | None, limit: int
) -> list[tuple[Value, ...]]:
    """The rows after a key; the first ones for None."""
    keys = ", ".join(PRIMARY_KEYS[table])
    condition = "" if last is None else f" WHERE ({keys}) > ({sql_placeholders(PRIMARY_KEYS[table])})"
    rows = await database.fetch(
        f"SELECT {', '.join(columns)} FROM {table}{condition} ORDER BY {keys} LIMIT {limit}", *(last or ())
    )
    return [tuple(row) for row in rows]


async def _copy_table(
    source: Database, target: Database, table: str, on_progress: ProgressCallback, batch_size: int, *, is_resumed: bool
) -> int:
    key = PRIMARY_KEYS[table]
    async with target.read() as transaction:
        columns = await transaction.columns(table)
        copied = await transaction.fetch_number(f"SELECT count(*) FROM {table}")
        descending = ", ".join(f"{name} DESC" for name in key)
        last = await transaction.fetch_one(f"SELECT {', '.join(key)} FROM {table} ORDER BY {descending} LIMIT 1")
    last_key = None if last is None else tuple(last)
    while rows := await _next_row_batch(source, table, columns, last_key, batch_size):
        try:
            async with target.write() as transaction:
                await transaction.execute_many(insert_sql(table, columns), rows)
        except (sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError) as error:
            # What was copied before need not fit to what was written since.
            raise StorageError("storage-move-changed" if is_resumed else "storage-move-broken", table=table) from error
        last_key = tuple(rows[-1][columns.index(name)] for name in key)
        copied += len(rows)
        on_progress(table, copied)
    return copied


async def _compare_table(source: Database, target: Database, table: str, batch_size: int) -> None:
    async with target.read() as transaction:
        columns = await transaction.columns(table)
    indexes = [columns.index(name) for name in PRIMARY_KEYS[table]]
    last_key: Sequence[Value] | None = None
    while True:
        source_rows = await _next_row_batch(source, table, columns, last_key, batch_size)
        target_rows = await _next_row_batch(target, table, columns, last_key, batch_size)
        for source_row, target_row in zip_longest(source_rows, target_rows):
            if source_row != target_row:
                row = source_row or target_row
                row_key = ", ".join(f"{columns[index]} {row[index]}" for index in indexes)
                raise StorageError("storage-move-differs", table=table, row=row_key)
        if not source_rows:
            return
        last_key = tuple(source_rows[-1][index] for index in indexes)


async def _find_last_generated_ids(source: Database) -> dict[str, int]:
    """The last id of each table that has given out one: buttons and nonces name ids, so none is given out again."""
    last_ids = {}
    async with source.read() as transaction:
        for table in TABLES_WITH_SEQUENCES:
            [key] = PRIMARY_KEYS[table]
            highest = await transaction.fetch_number(f"SELECT coalesce(max({key}), 0) FROM {table}")
            if last_id := max(await transaction.last_generated_id(table, key), highest):
                last_ids[table] = last_id
    return last_ids
