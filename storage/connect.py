"""Open the database that `DATABASE_URL` names and bring it to the newest schema."""

import os
from pathlib import Path
from typing import Final

from bot.errors import StorageError
from storage import periodic_runs
from storage.admin.copy_database import find_copy_origin
from storage.admin.erasure_log import repeat_erasures
from storage.database import Database, Executor
from storage.engines import postgresql, sqlite
from storage.engines.sqlite_connection import real_path
from storage.migrations.run import list_missing_migrations, run_migration, run_missing_migrations

SQLITE: Final = "sqlite:///"
MEMORY: Final = ":memory:"


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite URL; None for another engine, and where it names none, such as "" and "folder/"."""
    path = url.removeprefix(SQLITE)
    is_whole = not path.startswith(("~", "$")) and not path.endswith("/")  # nothing here replaces ~ or $HOME
    return Path(path) if url.startswith(SQLITE) and is_whole and Path(path).name not in {"", ".."} else None


def database_file_exists(file: Path) -> bool:
    """Whether there is such a file. Raises `StorageError` where this user may not look."""
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise StorageError("storage-unopened", path=str(file), reason=reason) from error
    return True


def ensure_database_url_valid(url: str) -> None:
    """Raise `StorageError` for a URL that names no database which outlives the program; its text shows no password."""
    if (file := sqlite_path(url)) is not None:
        if str(file) == MEMORY:
            raise StorageError("storage-memory")
    elif url.startswith(("postgresql://", "postgres://")):
        postgresql.ensure_postgresql_url_valid(url)
    else:
        scheme, separator, _ = url.partition(":")
        raise StorageError("storage-address", address=f"{scheme[:20]}:…" if separator else "…")


def display_database_url(url: str) -> str:
    """The URL without user and password; with the absolute path of a file.

    Raises `StorageError` as `ensure_database_url_valid`.
    """
    ensure_database_url_valid(url)
    file = sqlite_path(url)
    if file is None:
        return postgresql.display_postgresql_url(url)
    return SQLITE + os.fsencode(real_path(file)).decode(errors="backslashreplace")  # a name need not be UTF-8


def database_url_without_password(url: str) -> str:
    """A server's URL for its command-line tools, which ask for the password.

    Raises `StorageError` as `ensure_database_url_valid`.
    """
    ensure_database_url_valid(url)
    return postgresql.postgresql_url_without_password(url)


async def connect(url: str, *, erasures_folder: Path = postgresql.ERASURES_FOLDER, import_slots: int = 0) -> Database:
    """Open `sqlite:///PATH` (made if missing) or `postgresql://…` with the schema it has.

    `erasures_folder`: where the erasures of a PostgreSQL database are noted; those of a file are noted beside it.
    `import_slots`: imports that may be written at once, for each of which a pool has connections.
    Raises `StorageError` when it cannot be opened, is damaged, or full.
    """
    ensure_database_url_valid(url)
    if file := sqlite_path(url):
        return await sqlite.open_sqlite(file)
    return await postgresql.open_postgresql(url, erasures_folder, import_slots=import_slots)


async def open_database(
    url: str,
    *,
    erasures_folder: Path = postgresql.ERASURES_FOLDER,
    allow_unfinished_copy: bool = False,
    import_slots: int = 0,
) -> Database:
    """Open a database, bring it to the newest schema and erase again the members who came back with a backup.

    `import_slots`: as for `connect`.
    Raises `StorageError` when it cannot be opened, its schema is newer than this program's, or a copy into it has not
    ended (unless `allow_unfinished_copy`: then nobody is erased, since nothing but a copy goes on in it).
    """
    database = await connect(url, erasures_folder=erasures_folder, import_slots=import_slots)
    try:
        await run_missing_migrations(database)
        if not allow_unfinished_copy:
            await _ensure_copy_finished(database)
            await repeat_erasures(database)
    except BaseException:
        await database.close()
        raise
    return database


async def dry_run_database_start(database: Database) -> None:
    """Do what a start would do with the database, and roll it back. Raises `StorageError` as the start would."""
    async with database.dry_run() as transaction:
        for step in await list_missing_migrations(transaction, database.engine):
            await run_migration(transaction, database.engine, step)
        await _ensure_copy_finished(transaction)
        await periodic_runs.update_probe_row(transaction)


async def _ensure_copy_finished(reader: Executor) -> None:
    if await find_copy_origin(reader) is not None:
        raise StorageError("storage-move-unfinished")
