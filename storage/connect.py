"""Open the database that `DATABASE_URL` names and bring it to the newest schema."""

import asyncio
from pathlib import Path
from typing import Final

from bot.domain.calendar import to_micros
from bot.errors import StorageError
from storage.admin import erasure_log
from storage.admin.copy_database import copy_origin
from storage.database import Database
from storage.engines import postgresql, sqlite
from storage.migrations.run import migrate

SQLITE: Final = "sqlite:///"


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite URL; None for another engine."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) and url != SQLITE else None


def display_url(url: str) -> str:
    """The URL without user and password; with the absolute path of a file."""
    file = sqlite_path(url)
    return f"{SQLITE}{file.resolve()}" if file else postgresql.display_url(url)


def url_without_password(url: str) -> str:
    """A server's URL for its command-line tools, which ask for the password."""
    return postgresql.without_password(url)


async def connect(url: str) -> Database:
    """Open `sqlite:///PATH` (made if missing) or `postgresql://…` with the schema it has.

    Raises `StorageError` when it cannot be opened, is damaged, or full.
    """
    if file := sqlite_path(url):
        return await sqlite.open_sqlite(file)
    if url.startswith(("postgresql://", "postgres://")):
        return await postgresql.open_postgresql(url)
    raise StorageError("storage-address", address=url.rsplit("@", maxsplit=1)[-1])


async def open_database(url: str, *, allow_unfinished_copy: bool = False) -> Database:
    """Open a database, bring it to the newest schema and erase again the members that the erasure log names.

    Raises `StorageError` when it cannot be opened, its schema is newer than this program's, or a copy into it has not
    ended (unless `allow_unfinished_copy`).
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
    if await copy_origin(database) is not None:
        raise StorageError("storage-move-unfinished")


async def _reapply_erasures(database: Database) -> None:
    """A restored backup may contain members who were erased after it was made."""
    erased = False
    for member_id, erased_at in await asyncio.to_thread(erasure_log.read, database.erasure_log_path):
        async with database.write() as transaction:
            delete = "DELETE FROM members WHERE member_id = $1 AND joined_at <= $2 RETURNING member_id"
            erased |= bool(await transaction.fetch(delete, member_id, to_micros(erased_at)))
    if erased:
        await database.purge_deleted_data()
