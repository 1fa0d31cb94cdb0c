"""Periodic tasks that one process runs for all. Table: `duties`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.domain.calendar import from_micros, to_micros
from storage.database import Executor, Transaction, placeholders, upsert_sql


async def claim_if_due(transaction: Transaction, task_name: str, interval: timedelta, *, now: datetime) -> bool:
    """Whether a task is due. If so, it counts as done when this transaction commits.

    A last run in the future was stored by a clock that has been set back since: then the task is due too.
    """
    sql = (
        "INSERT INTO duties (name, done_at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at"
        " WHERE duties.done_at <= $3 OR duties.done_at > $2 RETURNING name"
    )
    rows = await transaction.fetch(sql, task_name, to_micros(now), to_micros(now - interval))
    return bool(rows)


async def last_run_at(reader: Executor, task_name: str) -> datetime | None:
    """When the task was done last; None: never."""
    row = await reader.fetch_one("SELECT done_at FROM duties WHERE name = $1", task_name)
    return None if row is None else from_micros(row[0])


_NAME_BEGINS: Final = "substr(name, 1, $1) = $2"


async def load_value(reader: Executor, name: str) -> str | None:
    """The value stored under a name; None: there is none."""
    prefix = f"{name}: "
    row = await reader.fetch_one(f"SELECT name FROM duties WHERE {_NAME_BEGINS}", len(prefix), prefix)
    return None if row is None else str(row[0]).removeprefix(prefix)


async def has_values(reader: Executor, values: Mapping[str, str]) -> bool:
    """Whether each of these names has its value."""
    names = [f"{name}: {value}" for name, value in values.items()]
    [[count]] = await reader.fetch(f"SELECT count(*) FROM duties WHERE name IN ({placeholders(names)})", *names)
    return int(count) == len(names)


async def save_value(transaction: Transaction, name: str, value: str, *, now: datetime) -> None:
    """Store a value under a name, in place of the one before."""
    prefix = f"{name}: "
    await transaction.fetch(f"DELETE FROM duties WHERE {_NAME_BEGINS}", len(prefix), prefix)
    sql = upsert_sql("duties", ("name", "done_at"), key=("name",))  # another process may store the same value
    await transaction.fetch(sql, f"{prefix}{value}", to_micros(now))
