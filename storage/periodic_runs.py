"""The table `duties`: when periodic tasks ran last, values of the whole database, and the row of the write probe.

A row of a task has its name and the instant at which it was done. A value has a row whose column `name` has the name
and the value, "NAME: VALUE", and `done_at` the instant at which it was stored.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.domain.calendar import instant_from_micros
from storage.database import Database, Executor, Transaction, sql_placeholders, upsert_sql


async def claim_periodic_task_if_due(
    transaction: Transaction, task_name: str, interval: timedelta, *, now: datetime
) -> bool:
    """Whether a task is due. If so, it counts as done when this transaction commits.

    A last run in the future was stored by a clock that has been set back since: then the task is due too.
    """
    sql = (
        "INSERT INTO duties (name, done_at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at"
        " WHERE duties.done_at <= $3 OR duties.done_at > $2 RETURNING name"
    )
    return bool(await transaction.fetch(sql, task_name, now, now - interval))


async def is_periodic_task_due(reader: Executor, task_name: str, interval: timedelta, *, now: datetime) -> bool:
    """Whether a task is due, as for `claim_periodic_task_if_due`."""
    last = await find_last_run_of_periodic_task(reader, task_name)
    return last is None or last <= now - interval or last > now


async def save_run_of_periodic_task(transaction: Transaction, task_name: str, *, now: datetime) -> None:
    """Store that a task was done."""
    sql = upsert_sql("duties", ("name", "done_at"), key=("name",))
    await transaction.fetch(sql, task_name, now)


async def find_last_run_of_periodic_task(reader: Executor, task_name: str) -> datetime | None:
    """When the task was done last; None: never."""
    return await reader.fetch_one_parsed(instant_from_micros, "SELECT done_at FROM duties WHERE name = $1", task_name)


_NAME_BEGINS: Final = "substr(name, 1, $1) = $2"


async def load_stored_value(reader: Executor, name: str) -> str | None:
    """The value stored under a name; None: there is none."""
    prefix = f"{name}: "
    row = await reader.fetch_one(f"SELECT name FROM duties WHERE {_NAME_BEGINS}", len(prefix), prefix)
    return None if row is None else str(row[0]).removeprefix(prefix)


async def are_values_stored(reader: Executor, values: Mapping[str, str]) -> bool:
    """Whether each of these names is stored with the value beside it."""
    names = [f"{name}: {value}" for name, value in values.items()]
    sql = f"SELECT count(*) FROM duties WHERE name IN ({sql_placeholders(names)})"
    return await reader.fetch_number(sql, *names) == len(names)


async def save_stored_value(transaction: Transaction, name: str, value: str, *, now: datetime) -> None:
    """Store a value under a name, in place of the one before."""
    prefix = f"{name}: "
    await transaction.fetch(f"DELETE FROM duties WHERE {_NAME_BEGINS}", len(prefix), prefix)
    sql = upsert_sql("duties", ("name", "done_at"), key=("name",))  # another process may store the same value
    await transaction.fetch(sql, f"{prefix}{value}", now)


async def update_probe_row(transaction: Transaction) -> None:
    """Change a row. Raises `StorageError` when nothing can be written.

    Beginning a transaction also succeeds on a read-only file.
    """
    await transaction.fetch(
        f"INSERT INTO duties (name, done_at) VALUES ('probe', {transaction.sql_now})"
        " ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at"
    )


async def commit_probe_row(database: Database) -> None:
    """Change a row and commit. Raises `StorageError` when nothing can be written."""
    async with database.write() as transaction:
        await update_probe_row(transaction)
