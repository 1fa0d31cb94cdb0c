"""The application commands that were last sent to Discord, as a digest, and the ids that Discord gave them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.database import Executor, Transaction, upsert_sql


@dataclass(frozen=True, slots=True)
class SyncedCommands:
    """A row of `synced_commands`; the default is that of an application without one."""

    digest: str | None = None
    """Of the commands that were last sent."""
    ids: Mapping[str, int] = field(default_factory=dict)
    """Discord's ids by name ("job add" of a group)."""


async def find_synced_commands(reader: Executor, application_id: int) -> SyncedCommands:
    """What was last synced for an application."""
    sql = "SELECT digest, command_ids FROM synced_commands WHERE application_id = $1"
    row = await reader.fetch_one(sql, application_id)
    return SyncedCommands() if row is None else SyncedCommands(row[0], json.loads(row[1]))


async def save_synced_commands(
    transaction: Transaction, application_id: int, digest: str, ids: Mapping[str, int]
) -> None:
    """Store the digest of the commands that were sent, and their ids."""
    columns = ("application_id", "digest", "command_ids")
    sql = upsert_sql("synced_commands", columns, key=("application_id",))
    await transaction.fetch(sql, application_id, digest, json.dumps(ids, sort_keys=True))
