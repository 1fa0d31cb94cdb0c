"""Periodic tasks that one process runs for all. Table: `duties`, whose other rows `stored_values` has."""

from datetime import datetime, timedelta

from bot.domain.calendar import instant_from_micros, instant_to_micros
from storage.database import Executor, Transaction


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
    rows = await transaction.fetch(sql, task_name, instant_to_micros(now), instant_to_micros(now - interval))
    return bool(rows)


async def periodic_task_last_run_at(reader: Executor, task_name: str) -> datetime | None:
    """When the task was done last; None: never."""
    row = await reader.fetch_one("SELECT done_at FROM duties WHERE name = $1", task_name)
    return None if row is None else instant_from_micros(row[0])
