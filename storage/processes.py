"""The processes that share a database, and which of them has the gateway connection of which shard.

A process is alive while its last heartbeat is younger than the lease. Instants are the database's own, so that the
clocks of the machines need not agree. An instant in the future was stored before the database's clock was set back.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.calendar import MICROSECOND
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class ProcessAssignment:
    """What a process learns from its heartbeat."""

    process_count: int
    """Living processes, this one included."""
    shards: frozenset[int]
    """The shards whose gateway connections this process has."""
    other_shard_counts: frozenset[int] = frozenset()
    """Numbers of shards that living processes were started with, other than this one's."""


def new_process_id(shards: int) -> str:
    """The id of a process that begins. It tells the others with how many shards the process was started."""
    return f"{secrets.token_hex(8)}/{shards}"


async def renew_process_lease(
    transaction: Transaction, process_id: str, *, shards: int, lease_ttl: timedelta
) -> ProcessAssignment:
    """Renew this process's lease, delete processes whose lease has ended, and take free shards.

    A process takes at most an even share, and gives back what it has above that.
    """
    await transaction.lock("processes")
    await transaction.fetch(
        f"INSERT INTO processes (process_id, seen_at) VALUES ($1, {transaction.sql_now})"
        " ON CONFLICT (process_id) DO UPDATE SET seen_at = excluded.seen_at",
        process_id,
    )
    # Whether a process with a heartbeat in the future is alive shows within one lease from now.
    await transaction.fetch(
        f"UPDATE processes SET seen_at = {transaction.sql_now} WHERE seen_at > {transaction.sql_now}"
    )
    # A foreign key frees their shards.
    sql = f"DELETE FROM processes WHERE seen_at < {transaction.sql_now} - $1"
    await transaction.fetch(sql, lease_ttl // MICROSECOND)
    process_ids = [str(row[0]) for row in await transaction.fetch("SELECT process_id FROM processes")]
    process_count = len(process_ids)
    shard_counts = {
        int(count) for _, _, count in (process_id.partition("/") for process_id in process_ids) if count.isdecimal()
    }
    sql = "INSERT INTO shards (shard_id) VALUES ($1) ON CONFLICT DO NOTHING"
    await transaction.execute_many(sql, [(shard_id,) for shard_id in range(shards)])
    rows = await transaction.fetch("SELECT shard_id FROM shards WHERE process_id = $1 ORDER BY shard_id", process_id)
    share = -(-shards // process_count)
    kept = [row[0] for row in rows if row[0] < shards][:share]
    sql = "UPDATE shards SET process_id = NULL WHERE shard_id = $1"
    await transaction.execute_many(sql, [(row[0],) for row in rows if row[0] not in kept])
    sql = (
        "UPDATE shards SET process_id = $1 WHERE shard_id IN"
        " (SELECT shard_id FROM shards WHERE process_id IS NULL AND shard_id < $2 ORDER BY shard_id LIMIT $3)"
        " RETURNING shard_id"
    )
    taken = await transaction.fetch(sql, process_id, shards, share - len(kept))
    shard_ids = frozenset(kept) | {row[0] for row in taken}
    return ProcessAssignment(process_count, shard_ids, frozenset(shard_counts - {shards}))


async def is_any_process_alive(transaction: Transaction, lease_ttl: timedelta) -> bool:
    """Whether a process is alive; the row of a dead one stays until another process sends a heartbeat."""
    now = transaction.sql_now
    sql = f"SELECT 1 FROM processes WHERE seen_at > {now} - $1 AND seen_at < {now} + $1"
    return bool(await transaction.fetch(sql, lease_ttl // MICROSECOND))


async def remove_process(transaction: Transaction, process_id: str) -> None:
    """Remove this process; its shards become free."""
    await transaction.lock("processes")
    await transaction.fetch("DELETE FROM processes WHERE process_id = $1", process_id)


async def claim_identify_slot(transaction: Transaction, shard_id: int, interval: timedelta) -> bool:
    """Whether this shard may identify now; if so, the time is stored and no other shard may for the interval."""
    await transaction.lock("identify")
    now = transaction.sql_now
    sql = (
        f"UPDATE shards SET identified_at = {now} WHERE shard_id = $1 AND NOT EXISTS (SELECT 1 FROM shards AS others"
        f" WHERE others.identified_at > {now} - $2 AND others.identified_at < {now} + $2) RETURNING shard_id"
    )
    taken = await transaction.fetch(sql, shard_id, interval // MICROSECOND)
    return bool(taken)
