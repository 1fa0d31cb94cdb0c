"""What is done once in a while for all processes together."""

from datetime import datetime, timedelta

from bot.domain.types import from_micros, to_micros
from storage.database import Executor, Transaction


async def claim_if_due(transaction: Transaction, task_name: str, interval: timedelta, *, now: datetime) -> bool:
    """Whether it is time for a duty; if so, it counts as done with this transaction."""
    done = await transaction.fetch(
        "INSERT INTO duties (name, done_at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at"
        " WHERE duties.done_at <= $3 OR duties.done_at > $2 RETURNING name",
        task_name,
        to_micros(now),
        to_micros(now - interval),
    )
    return bool(done)


async def last_run_at(reader: Executor, task_name: str) -> datetime | None:
    """When it was done last."""
    row = await reader.fetch_one("SELECT done_at FROM duties WHERE name = $1", task_name)
    return None if row is None else from_micros(row[0])
