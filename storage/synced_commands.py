"""Which commands Discord was told last."""

from storage.database import Transaction


async def get_digest(transaction: Transaction, application_id: int) -> str | None:
    """What was synced last for an application."""
    row = await transaction.fetch_one("SELECT digest FROM synced_commands WHERE application_id = $1", application_id)
    return None if row is None else str(row[0])


async def save_digest(transaction: Transaction, application_id: int, digest: str) -> None:
    """Remember what was synced."""
    await transaction.fetch(
        "INSERT INTO synced_commands (application_id, digest) VALUES ($1, $2)"
        " ON CONFLICT (application_id) DO UPDATE SET digest = excluded.digest",
        application_id,
        digest,
    )
