"""`python -m bot backup FILE`: a copy of the database, while the bot runs."""

import argparse
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import StorageError
from bot.settings import read_settings
from bot.texts.catalogue import Texts

if TYPE_CHECKING:
    from storage.backups import Copied


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", texts: Texts) -> None:
    """Add the command."""
    words = texts("cli-help-backup")
    parser = commands.add_parser("backup", help=words, description=words)
    parser.add_argument("file", metavar="FILE", type=Path, help=texts("cli-help-backup-file"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Texts) -> int:
    """Copy, check, and tell what the copy holds."""
    from storage.backups import back_up  # noqa: PLC0415 — other commands do without a database
    from storage.opening import file_of, for_a_command  # noqa: PLC0415

    url, to = read_settings(environ).database_url, arguments.file
    database = file_of(url)
    if database is None:
        call = shlex.join(["pg_dump", "--format=custom", f"--file={to}", for_a_command(url)])
        raise StorageError("backup-other-tool", call=call)
    copied = back_up(database, to)
    print(texts("backup-done", path=str(to), size=megabytes(copied.size)))
    print(holds(copied, texts))
    return 0


def megabytes(size: int) -> str:
    """Bytes as a person reads them."""
    return f"{size / 1_000_000:,.1f} MB"


def holds(copied: "Copied", texts: Texts) -> str:
    """What is in a copy."""
    return texts(
        "backup-holds",
        step=copied.step,
        members=copied.members,
        threads=copied.threads,
        messages=copied.messages,
        newest="–" if copied.newest is None else f"{copied.newest:%Y-%m-%d %H:%M} UTC",
    )
