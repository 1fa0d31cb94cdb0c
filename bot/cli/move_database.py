"""`python -m bot move-database FROM TO`: copy everything from one database to another, SQLite or PostgreSQL."""

import argparse
import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.cli.terminal import Subcommands, add_command_parser
from bot.errors import StorageError
from bot.i18n.translations import Translations
from bot.settings import read_settings


def add_parser(commands: Subcommands, texts: Translations) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "move-database", texts("cli-help-move"), run)
    parser.add_value("source", texts("cli-help-move-from"), "FROM")
    parser.add_value("target", texts("cli-help-move-to"), "TO")


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Copy all rows; print the progress if stderr is a terminal, and the number of rows by table at the end."""
    from storage.admin.file_lock import hold_database_lock  # noqa: PLC0415 — other commands do without a database
    from storage.connect import display_database_url, sqlite_path  # noqa: PLC0415

    source, target = arguments.source.strip(), arguments.target.strip()
    for name, url in (("FROM", source), ("TO", target)):
        _ensure_database_argument_valid(name, url)
    file = sqlite_path(source)
    if file is not None and not file.is_file():
        raise StorageError("storage-move-missing", path=str(file))
    if display_database_url(source) == display_database_url(target):
        raise StorageError("storage-move-same")
    with (
        hold_database_lock(file, "storage-move-running"),
        hold_database_lock(sqlite_path(target), "storage-move-running"),
    ):
        copied = asyncio.run(
            _copy_rows_and_erasure_notes(source, target, read_settings(environ).erasures_folder, texts)
        )
    for table, rows in copied.items():
        print(texts("move-table", table=table, rows=rows))
    print(texts("move-done"))
    return 0


def _ensure_database_argument_valid(name: str, url: str) -> None:
    """Raise `StorageError` with the argument's name; the errors of other commands name the setting."""
    from storage.connect import ensure_database_url_valid  # noqa: PLC0415 — as above

    try:
        ensure_database_url_valid(url)
    except StorageError as error:
        raise StorageError("storage-move-address", name=name) from error


async def _copy_rows_and_erasure_notes(
    source: str, target: str, erasures_folder: Path, texts: Translations
) -> dict[str, int]:
    from storage.admin import erasure_log  # noqa: PLC0415 — other commands do without a database
    from storage.admin.copy_database import copy_database  # noqa: PLC0415
    from storage.connect import display_database_url, open_database  # noqa: PLC0415

    def print_progress(table: str, rows: int) -> None:
        if sys.stderr.isatty():
            print(texts("move-table", table=table, rows=rows), end="\r", file=sys.stderr)

    source_database = await open_database(source, erasures_folder=erasures_folder)
    try:
        target_database = await open_database(target, erasures_folder=erasures_folder, allow_unfinished_copy=True)
        try:
            await asyncio.to_thread(
                erasure_log.copy_erasure_log, source_database.erasure_log_path, target_database.erasure_log_path
            )
            return await copy_database(
                source_database, target_database, origin=display_database_url(source), on_progress=print_progress
            )
        finally:
            await target_database.close()
    finally:
        await source_database.close()
