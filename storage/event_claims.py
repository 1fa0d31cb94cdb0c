"""The interactions and direct messages that a process has claimed, so that no other one handles them too."""

from datetime import timedelta
from typing import Final

from bot.domain.calendar import MICROSECOND
from storage.database import Database, Transaction

RETENTION: Final = timedelta(days=1)
"""How long a claim is stored; an event arrives twice within seconds, if ever."""


async def claim_event(database: Database, event_id: int, process_id: str, *, steal_from_dead: bool) -> bool:
    """Claim an event by Discord's id; whether it is this process's to handle.

    `steal_from_dead`: also one that a dead process has claimed; for events that must be handled, even twice.
    """
    sql = (
        "INSERT INTO claimed_events (event_id, process_id) VALUES ($1, $2)"
        " ON CONFLICT (event_id) DO UPDATE SET process_id = excluded.process_id"
        " WHERE claimed_events.process_id = excluded.process_id OR ($3 = 1 AND NOT EXISTS"
        "  (SELECT 1 FROM processes WHERE processes.process_id = claimed_events.process_id))"
        " RETURNING event_id"
    )
    return bool(await database.fetch(sql, event_id, process_id, int(steal_from_dead)))


async def claim_event_for_good(database: Database, event_id: int, process_id: str) -> bool:
    """Claim an event that is handled once at most, also after a crash; False when it was claimed before."""
    sql = (
        "INSERT INTO claimed_events (event_id, process_id) VALUES ($1, $2)"
        " ON CONFLICT (event_id) DO NOTHING RETURNING event_id"
    )
    async with database.write() as transaction:
        return bool(await transaction.fetch(sql, event_id, process_id))


async def release_event(database: Database, event_id: int, process_id: str) -> None:
    """Give up a claim of this process."""
    await database.fetch("DELETE FROM claimed_events WHERE event_id = $1 AND process_id = $2", event_id, process_id)


async def purge_event_claims(transaction: Transaction) -> None:
    """Delete claims older than `RETENTION`."""
    sql = f"DELETE FROM claimed_events WHERE claimed_at < {transaction.sql_now} - $1"
    await transaction.fetch(sql, RETENTION // MICROSECOND)
