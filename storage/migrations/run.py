"""Bring a database to the newest schema: numbered SQL files, each step and its record in one transaction.

A number means the same schema on both engines; a PostgreSQL database begins with step 4.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.errors import StorageError
from storage.database import Database, Transaction

SCRIPTS_DIR: Final = Path(__file__).parent


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def scripts_for(*, multi_process: bool) -> dict[int, Path]:
    """The steps of the engine, by number."""
    folder = SCRIPTS_DIR / ("postgresql" if multi_process else "sqlite")
    return {int(file.name[:4]): file for file in sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))}


def latest_version(*, multi_process: bool) -> int:
    """The schema that this program works with."""
    return max(scripts_for(multi_process=multi_process))


async def schema_version(database: Database) -> int | None:
    """The schema that a database has; None: it is none of ours, or empty."""
    async with database.read() as transaction:
        if not await transaction.columns("migrations"):
            return None
        return max(await _applied_versions(transaction), default=None)


async def _applied_versions(transaction: Transaction) -> set[int]:
    return {row[0] for row in await transaction.fetch("SELECT step FROM migrations")}


async def migrate(database: Database) -> None:
    """Run what is missing. Raises `StorageError` on a database from a newer program, leaving it untouched."""
    steps = scripts_for(multi_process=database.multi_process)
    async with database.write() as transaction:
        await transaction.lock("migrations")
        if not await transaction.columns("migrations"):
            await transaction.fetch("CREATE TABLE migrations (step INTEGER PRIMARY KEY)")
        done = await _applied_versions(transaction)
    if unknown := done - steps.keys():
        raise StorageError("storage-newer", step=str(max(unknown)), newest=str(max(steps)))
    for step in sorted(steps.keys() - done):
        async with database.write() as transaction:
            await transaction.lock("migrations")
            if step in await _applied_versions(transaction):
                continue  # another process was faster
            for statement in _statements(steps[step].read_text(encoding="utf-8")):
                await transaction.fetch(statement)
            await transaction.fetch("INSERT INTO migrations (step) VALUES ($1)", step)
