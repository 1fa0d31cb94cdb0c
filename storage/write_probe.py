"""A write that shows whether the database can be written: beginning a transaction also succeeds on a read-only file.

Table: `duties`, one row, which is overwritten.
"""

from storage.database import Database, Transaction


async def update_probe_row(transaction: Transaction) -> None:
    """Change a row. Raises `StorageError` when nothing can be written."""
    await transaction.fetch(
        f"INSERT INTO duties (name, done_at) VALUES ('probe', {transaction.sql_now})"
        " ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at"
    )


async def commit_probe_row(database: Database) -> None:
    """Change a row and commit. Raises `StorageError` when nothing can be written."""
    async with database.write() as transaction:
        await update_probe_row(transaction)
