"""Bring a database to the newest schema: numbered SQL files, each run and recorded in one transaction.

A number means the same schema on both engines; a PostgreSQL database begins with step 4. A published file is never
edited, not even a comment: SQLite stores the comments inside `CREATE TABLE`.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Final

from bot.errors import StorageError
from storage.database import MIGRATIONS_TABLE, Database, Engine, Transaction
from storage.migrations.name_keys import refold_name_keys

SCRIPTS_DIR: Final = Path(__file__).parent
_RECOMPUTATIONS: Final[dict[int, Callable[[Transaction], Awaitable[None]]]] = {11: refold_name_keys}
"""What a step computes after its statements, in the same transaction."""


def _split_sql_statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def list_migration_scripts(engine: Engine) -> dict[int, Path]:
    """The SQL files of an engine, by step."""
    return {int(file.name[:4]): file for file in sorted((SCRIPTS_DIR / engine).glob("[0-9][0-9][0-9][0-9]_*.sql"))}


def latest_schema_version(engine: Engine) -> int:
    """The schema version that this program works with."""
    return max(list_migration_scripts(engine))


async def load_schema_version(database: Database) -> int | None:
    """The schema version of a database; None when it is empty or another program's. Raises `StorageError`."""
    async with database.read() as transaction:
        if not await transaction.columns("migrations"):
            return None
        return max(await _load_applied_versions(transaction), default=None)


async def _load_applied_versions(transaction: Transaction) -> set[int]:
    return {row[0] for row in await transaction.fetch("SELECT step FROM migrations")}


async def run_missing_migrations(database: Database) -> None:
    """Run those that are missing. Raises `StorageError`, and changes nothing, where a newer program has run others."""
    async with database.write() as transaction:
        missing = await list_missing_migrations(transaction, database.engine)
    for step in missing:
        async with database.write() as transaction:
            if step in await list_missing_migrations(transaction, database.engine):  # else another process was faster
                await run_migration(transaction, database.engine, step)


async def list_missing_migrations(transaction: Transaction, engine: Engine) -> list[int]:
    """The numbers of those that a start would run. Raises `StorageError` when the database is of a newer program."""
    await transaction.lock("migrations")
    if not await transaction.columns("migrations"):
        await transaction.fetch(MIGRATIONS_TABLE)
    steps, applied = list_migration_scripts(engine).keys(), await _load_applied_versions(transaction)
    if unknown := applied - steps:
        raise StorageError("storage-newer", step=str(max(unknown)), newest=str(max(steps)))
    return sorted(steps - applied)


async def run_migration(transaction: Transaction, engine: Engine, step: int) -> None:
    """Run the one of this number. Raises `StorageError` when rows of a damaged file contradict their constraints."""
    try:
        for statement in _split_sql_statements(list_migration_scripts(engine)[step].read_text(encoding="utf-8")):
            await transaction.fetch(statement)
        if step in _RECOMPUTATIONS:
            await _RECOMPUTATIONS[step](transaction)
    except sqlite3.IntegrityError as error:
        raise StorageError("storage-damaged") from error
    await transaction.fetch("INSERT INTO migrations (step) VALUES ($1)", step)
