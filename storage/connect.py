"""Opening the database that `DATABASE_URL` names, at the newest schema."""

import asyncio
from pathlib import Path
from typing import Final

from bot.domain.types import to_micros
from bot.errors import StorageError
from storage.admin import erasure_log
from storage.admin.copy_database import is_unfinished
from storage.database import Database
from storage.engines import postgresql, sqlite
from storage.migrations.run import migrate

SQLITE: Final = "sqlite:///"


def sqlite_path(url: str) -> Path | None:
    """SQLite's file; None for another engine."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) and url != SQLITE else None


def display_url(url: str) -> str:
    """The address without who connects, and without a password; of a file its whole path."""
    file = sqlite_path(url)
    return f"{SQLITE}{file.resolve()}" if file else postgresql.display_url(url)


def url_without_password(url: str) -> str:
    """A server's address as its own tools take it; they ask for the password."""
    return postgresql.without_password(url)


async def connect(url: str) -> Database:
    """Open `sqlite:///PATH` (made if missing) or `postgresql://…`, whatever schema it has.

    Raises `StorageError` with a sentence when it cannot be opened, is damaged, or full.
    """
    if file := sqlite_path(url):
        return await sqlite.open_sqlite(file)
    if url.startswith(("postgresql://", "postgres://")):
        return await postgresql.open_postgresql(url)
    raise StorageError("storage-address", address=url.rsplit("@", maxsplit=1)[-1])


async def open_database(url: str, *, allow_unfinished_copy: bool = False) -> Database:
    """Open it and bring it to the newest schema.

    Raises `StorageError` also when it is newer than this program, or when a move into it has not ended.
    """
    database = await connect(url)
    try:
        await migrate(database)
        if not allow_unfinished_copy:
            await _ensure_copy_finished(database)
        await _reapply_erasures(database)
    except BaseException:
        await database.close()
        raise
    return database


async def _ensure_copy_finished(database: Database) -> None:
    async with database.read() as transaction:
        if await is_unfinished(transaction) is not None:
            raise StorageError("storage-move-unfinished")


async def _reapply_erasures(database: Database) -> None:
    """A restored backup may hold members who were erased after it was made."""
    gone = 0
    for member, at in await asyncio.to_thread(erasure_log.read, database.erasure_log_path):
        async with database.write() as transaction:
            gone += len(
                await transaction.fetch(
                    "DELETE FROM members WHERE member_id = $1 AND joined_at <= $2 RETURNING member_id",
                    member,
                    to_micros(at),
                )
            )
    if gone:
        await database.purge_deleted_data()
