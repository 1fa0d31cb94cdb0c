"""`python -m bot move-database FROM TO`: everything from one database to another, SQLite or PostgreSQL, either way."""

import argparse
import asyncio
import sys
from collections.abc import Mapping

from bot.errors import StorageError
from bot.i18n.translations import Translations


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", texts: Translations) -> None:
    """Add the command."""
    words = texts("cli-help-move")
    parser = commands.add_parser("move-database", help=words, description=words)
    parser.add_argument("source", metavar="FROM", help=texts("cli-help-move-from"))
    parser.add_argument("target", metavar="TO", help=texts("cli-help-move-to"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Move, and tell how far it is where somebody watches."""
    del environ
    from storage.connect import display_url, sqlite_path  # noqa: PLC0415 — other commands do without a database

    source, target = arguments.source.strip(), arguments.target.strip()
    file = sqlite_path(source)
    if file is not None and not file.is_file():
        raise StorageError("storage-move-missing", path=str(file))
    if display_url(source) == display_url(target):
        raise StorageError("storage-move-same")
    moved = asyncio.run(_copy(source, target, texts))
    for table, rows in moved.items():
        print(texts("move-table", table=table, rows=rows))
    print(texts("move-done"))
    return 0


async def _copy(source: str, target: str, texts: Translations) -> dict[str, int]:
    from storage.admin import erasure_log  # noqa: PLC0415 — other commands do without a database
    from storage.admin.copy_database import copy_database  # noqa: PLC0415
    from storage.connect import display_url, open_database  # noqa: PLC0415

    def print_progress(table: str, rows: int) -> None:
        if sys.stderr.isatty():
            print(texts("move-table", table=table, rows=rows), end="\r", file=sys.stderr)

    old = await open_database(source)
    try:
        new = await open_database(target, allow_unfinished_copy=True)
        try:
            await asyncio.to_thread(erasure_log.copy_log, old.erasure_log_path, new.erasure_log_path)
            return await copy_database(old, new, origin=display_url(source), on_progress=print_progress)
        finally:
            await new.close()
    finally:
        await old.close()
