"""Which interactions and direct messages were taken in hand, and by whom: by Discord's id."""

from datetime import timedelta
from typing import Final

from bot.domain.types import MICROSECOND
from storage.database import Database, Transaction

RETENTION: Final = timedelta(days=1)
"""An event comes twice within seconds, if ever."""


async def claim(database: Database, event_id: int, process: str, *, steal_from_dead: bool) -> bool:
    """Take an event in hand; whether it is this process's.

    `from_the_dead`: also what a process took that lives no more, for what must be done even if it was done before.
    """
    taken = await database.fetch(
        "INSERT INTO claimed_events (event_id, process_id) VALUES ($1, $2)"
        " ON CONFLICT (event_id) DO UPDATE SET process_id = excluded.process_id"
        " WHERE claimed_events.process_id = excluded.process_id OR ($3 = 1 AND NOT EXISTS"
        "  (SELECT 1 FROM processes WHERE processes.process_id = claimed_events.process_id))"
        " RETURNING event_id",
        event_id,
        process,
        int(steal_from_dead),
    )
    return bool(taken)


async def release(database: Database, event_id: int, process: str) -> None:
    """Let go of an event that this process holds."""
    await database.fetch("DELETE FROM claimed_events WHERE event_id = $1 AND process_id = $2", event_id, process)


async def purge(transaction: Transaction) -> None:
    """Forget what is old."""
    await transaction.fetch(
        f"DELETE FROM claimed_events WHERE claimed_at < {transaction.sql_now} - $1", RETENTION // MICROSECOND
    )
