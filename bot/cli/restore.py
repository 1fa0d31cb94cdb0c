"""`python -m bot restore FILE`: replace the database by a backup; the old one is kept under another name."""

import argparse
import shlex
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cli.backup import describe_backup
from bot.cli.terminal import Subcommands, add_command_parser
from bot.errors import StorageError
from bot.i18n.translations import Translations
from bot.settings import read_settings


def add_parser(commands: Subcommands, texts: Translations) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "restore", texts("cli-help-restore"), run)
    parser.add_value("file", texts("cli-help-restore-file"), "FILE")


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Check the backup, put it in the database's place, and print what it contains."""
    from storage.admin.backup import restore_backup  # noqa: PLC0415 — other commands do without a database
    from storage.connect import database_url_without_password, sqlite_path  # noqa: PLC0415

    settings, file = read_settings(environ), Path(arguments.file)
    database = sqlite_path(settings.database_url)
    if database is None:
        address = database_url_without_password(settings.database_url)
        call = shlex.join(["pg_restore", "--clean", "--if-exists", f"--dbname={address}", str(file)])
        raise StorageError("restore-other-tool", call=call)
    now = datetime.now(UTC)
    backup, replaced = restore_backup(file, database, now=now)
    print(texts("restore-done", path=str(database), file=str(file)))
    print(describe_backup(backup, texts))
    if replaced is not None:
        print(texts("restore-kept", path=str(replaced)))
    days = settings.defaults.backup_retention_days
    if backup.newest_message_at is not None and backup.newest_message_at < now - timedelta(days=days):
        print(texts("restore-old", days=days))
    return 0
