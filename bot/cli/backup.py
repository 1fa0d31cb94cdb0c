"""`python -m bot backup FILE`: a copy of the database, while the bot runs."""

import argparse
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.terminal import Subcommands, add_command_parser
from bot.errors import StorageError
from bot.i18n.translations import Translations
from bot.settings import read_settings

if TYPE_CHECKING:
    from storage.admin.backup import BackupInfo


def add_parser(commands: Subcommands, texts: Translations) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "backup", texts("cli-help-backup"), run)
    parser.add_value("file", texts("cli-help-backup-file"), "FILE")


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Copy the database, check the copy, and print what it contains."""
    from storage.admin.backup import create_backup  # noqa: PLC0415 — other commands do without a database
    from storage.connect import database_url_without_password, sqlite_path  # noqa: PLC0415

    url, target = read_settings(environ).database_url, Path(arguments.file)
    database = sqlite_path(url)
    if database is None:
        call = shlex.join(["pg_dump", "--format=custom", f"--file={target}", database_url_without_password(url)])
        raise StorageError("backup-other-tool", call=call)
    info = create_backup(database, target)
    print(texts("backup-done", path=str(target), size=f"{info.size / 1_000_000:,.1f} MB"))
    print(describe_backup(info, texts))
    return 0


def describe_backup(info: "BackupInfo", texts: Translations) -> str:
    """A sentence that says what a backup contains."""
    return texts(
        "backup-holds",
        step=info.schema_version,
        members=info.members,
        threads=info.threads,
        messages=info.messages,
        newest="–" if info.newest_message_at is None else f"{info.newest_message_at:%Y-%m-%d %H:%M} UTC",
    )
