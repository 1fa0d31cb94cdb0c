"""The processes that share a database: who lives, and who holds the gateway connection of which shard.

A lease is a process's last sign of life. Instants are the database's own, so no two machines need agree on the time.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.domain.types import MICROSECOND
from storage.database import Transaction

IDENTIFY_INTERVAL: Final = timedelta(seconds=5)
"""Discord lets a bot identify once in so long (max_concurrency 1)."""


@dataclass(frozen=True, slots=True)
class ProcessAssignment:
    """A process among the living."""

    process_count: int
    """How many there are, this one included."""
    shards: frozenset[int]
    """Those whose gateway connection is this process's to hold."""


async def heartbeat(transaction: Transaction, process: str, *, shards: int, lease_ttl: timedelta) -> ProcessAssignment:
    """Renew this process's lease, bury those whose lease has ended, and take shards that nobody holds.

    Nobody takes more than an even share, and whoever holds more gives the rest back.
    """
    await transaction.lock("processes")
    clock = transaction.sql_now
    await transaction.fetch(
        f"INSERT INTO processes (process_id, seen_at) VALUES ($1, {clock})"
        " ON CONFLICT (process_id) DO UPDATE SET seen_at = excluded.seen_at",
        process,
    )
    # Their shards become nobody's with them.
    await transaction.fetch(f"DELETE FROM processes WHERE seen_at < {clock} - $1", lease_ttl // MICROSECOND)
    [[living]] = await transaction.fetch("SELECT count(*) FROM processes")
    await transaction.execute_many(
        "INSERT INTO shards (shard_id) VALUES ($1) ON CONFLICT DO NOTHING", [(number,) for number in range(shards)]
    )
    held = await transaction.fetch("SELECT shard_id FROM shards WHERE process_id = $1 ORDER BY shard_id", process)
    share = -(-shards // living)
    mine = [row[0] for row in held if row[0] < shards]
    await transaction.execute_many(
        "UPDATE shards SET process_id = NULL WHERE shard_id = $1",
        [(row[0],) for row in held if row[0] not in mine[:share]],
    )
    taken = await transaction.fetch(
        "UPDATE shards SET process_id = $1 WHERE shard_id IN"
        " (SELECT shard_id FROM shards WHERE process_id IS NULL AND shard_id < $2 ORDER BY shard_id LIMIT $3)"
        " RETURNING shard_id",
        process,
        shards,
        max(0, share - len(mine)),
    )
    return ProcessAssignment(living, frozenset(mine[:share]) | {row[0] for row in taken})


async def any_alive(transaction: Transaction, lease_ttl: timedelta) -> bool:
    """Whether a process lives; one that died leaves its row behind until the next one comes."""
    clock = transaction.sql_now
    return bool(
        await transaction.fetch(f"SELECT 1 FROM processes WHERE seen_at > {clock} - $1", lease_ttl // MICROSECOND)
    )


async def leave(transaction: Transaction, process: str) -> None:
    """Give everything back."""
    await transaction.lock("processes")
    await transaction.fetch("DELETE FROM processes WHERE process_id = $1", process)


async def try_identify_slot(transaction: Transaction, shard: int) -> bool:
    """Whether Discord lets this shard identify now; if so, it is taken to do it."""
    await transaction.lock("identify")
    taken = await transaction.fetch(
        f"UPDATE shards SET identified_at = {transaction.sql_now} WHERE shard_id = $1 AND NOT EXISTS"
        f" (SELECT 1 FROM shards AS others WHERE others.identified_at > {transaction.sql_now} - $2) RETURNING shard_id",
        shard,
        IDENTIFY_INTERVAL // MICROSECOND,
    )
    return bool(taken)
