"""The application commands that were last sent to Discord, as a digest."""

from storage.database import Executor, Transaction, upsert_sql


async def get_digest(reader: Executor, application_id: int) -> str | None:
    """The digest of the commands that were last sent for an application."""
    row = await reader.fetch_one("SELECT digest FROM synced_commands WHERE application_id = $1", application_id)
    return None if row is None else str(row[0])


async def save_digest(transaction: Transaction, application_id: int, digest: str) -> None:
    """Store the digest of the commands that were sent."""
    sql = upsert_sql("synced_commands", ("application_id", "digest"), key=("application_id",))
    await transaction.fetch(sql, application_id, digest)
