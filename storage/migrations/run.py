"""Bring a database to the newest schema: numbered SQL files, each step and its record in one transaction."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import StorageError

if TYPE_CHECKING:
    from storage.database import Database

STEPS = Path(__file__).parent / "sqlite"


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


async def migrate(database: "Database") -> None:
    """Run what is missing. Raises `StorageError` on a database from a newer program, leaving it untouched."""
    steps = {int(file.name[:4]): file for file in STEPS.glob("[0-9][0-9][0-9][0-9]_*.sql")}
    async with database.write() as transaction:
        await transaction.fetch("CREATE TABLE IF NOT EXISTS migrations (step INTEGER PRIMARY KEY) STRICT")
        done = {row[0] for row in await transaction.fetch("SELECT step FROM migrations")}
    if unknown := done - steps.keys():
        raise StorageError("storage-newer", step=str(max(unknown)), newest=str(max(steps)))
    for step in sorted(steps.keys() - done):
        async with database.write() as transaction:
            for statement in _statements(steps[step].read_text(encoding="utf-8")):
                await transaction.fetch(statement)
            await transaction.fetch("INSERT INTO migrations (step) VALUES ($1)", step)
