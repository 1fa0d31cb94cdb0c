"""What the engine itself finds wrong with a database, and how big it is."""

from typing import Final

from storage.admin.copy_database import PRIMARY_KEYS
from storage.database import Database

MAX_REPORTED: Final = 5
"""Faults that are named."""


async def integrity_errors(database: Database) -> list[str]:
    """In the engine's words; none when it is whole. Reads everything, and waits for no writer."""
    if database.multi_process:
        return await _faults_of_server(database)
    found = [str(row[0]) for row in await database.fetch(f"PRAGMA integrity_check({MAX_REPORTED})") if row[0] != "ok"]
    for table, row, parent, _ in await database.fetch("PRAGMA foreign_key_check"):
        found.append(f"{table} {row}: {parent} is missing")
        if len(found) >= MAX_REPORTED:
            break
    return found


async def _faults_of_server(database: Database) -> list[str]:
    """Indexes and constraints that the server does not trust; a page that cannot be read is its error."""
    async with database.read() as transaction:
        indexes = await transaction.fetch(
            "SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
            " WHERE NOT indisvalid AND relnamespace = CAST(current_schema() AS regnamespace)"
        )
        constraints = await transaction.fetch(
            "SELECT conname FROM pg_constraint"
            " WHERE NOT convalidated AND connamespace = CAST(current_schema() AS regnamespace)"
        )
        for table in PRIMARY_KEYS:
            await transaction.fetch(f"SELECT count(*) FROM {table} AS read WHERE CAST(read AS TEXT) IS NULL")
    return [str(row[0]) for row in (*indexes, *constraints)][:MAX_REPORTED]


async def size(database: Database) -> int:
    """Bytes, without SQLite's log."""
    if database.multi_process:
        [[found]] = await database.fetch("SELECT pg_database_size(current_database())")
        return int(found)
    [[pages]] = await database.fetch("PRAGMA page_count")
    [[bytes_]] = await database.fetch("PRAGMA page_size")
    return int(pages) * int(bytes_)
