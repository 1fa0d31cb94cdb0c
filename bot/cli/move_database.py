"""`python -m bot move-database FROM TO`: everything from one database to another, SQLite or PostgreSQL, either way."""

import argparse
import asyncio
import sys
from collections.abc import Mapping

from bot.errors import StorageError
from bot.texts.catalogue import Texts


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", texts: Texts) -> None:
    """Add the command."""
    words = texts("cli-help-move")
    parser = commands.add_parser("move-database", help=words, description=words)
    parser.add_argument("source", metavar="FROM", help=texts("cli-help-move-from"))
    parser.add_argument("target", metavar="TO", help=texts("cli-help-move-to"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Texts) -> int:
    """Move, and tell how far it is where somebody watches."""
    del environ
    from storage.opening import file_of, place  # noqa: PLC0415 — other commands do without a database

    source, target = arguments.source.strip(), arguments.target.strip()
    file = file_of(source)
    if file is not None and not file.is_file():
        raise StorageError("storage-move-missing", path=str(file))
    if place(source) == place(target):
        raise StorageError("storage-move-same")
    moved = asyncio.run(_move(source, target, texts))
    for table, rows in moved.items():
        print(texts("move-table", table=table, rows=rows))
    print(texts("move-done"))
    return 0


async def _move(source: str, target: str, texts: Texts) -> dict[str, int]:
    from storage import erasures  # noqa: PLC0415 — other commands do without a database
    from storage.moving import move  # noqa: PLC0415
    from storage.opening import open_database, place  # noqa: PLC0415

    def tell(table: str, rows: int) -> None:
        if sys.stderr.isatty():
            print(texts("move-table", table=table, rows=rows), end="\r", file=sys.stderr)

    old = await open_database(source)
    try:
        new = await open_database(target, for_a_move=True)
        try:
            await asyncio.to_thread(erasures.carry_over, old.erasures, new.erasures)
            return await move(old, new, origin=place(source), tell=tell)
        finally:
            await new.close()
    finally:
        await old.close()
