"""`python -m bot run`: the bot on Discord."""

import argparse
import asyncio
from collections.abc import Mapping
from typing import Final

from bot.cli.terminal import (
    Subcommands,
    add_command_parser,
    format_terminal_error,
    print_error,
    report_misspelt_settings,
)
from bot.errors import DiscordError, StorageError
from bot.i18n.translations import Translations
from bot.settings import read_secret_setting, read_settings

EXIT_TEMPORARY: Final = 75
"""The exit status where Discord or the database cannot be used now, and a later start can succeed (`EX_TEMPFAIL` in
sysexits.h). Errors that the operator has to correct first end with 2, as in every command."""

TEMPORARY_ERRORS: Final = frozenset(
    {
        "discord-refused",
        "discord-unreachable",
        "storage-busy",
        "storage-full",
        "storage-in-use",
        "storage-server-unopened",
        "storage-unreachable",
    }
)


def add_parser(commands: Subcommands, texts: Translations) -> None:
    """Add the command."""
    add_command_parser(commands, "run", texts("cli-help-run"), run)


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Run until SIGTERM or SIGINT."""
    from bot import app  # noqa: PLC0415 — discord.py takes half a second, and other commands do without it

    del arguments
    settings = read_settings(environ)
    try:
        asyncio.run(app.run_until_signal(settings))
    except (DiscordError, StorageError) as error:
        if error.message_id not in TEMPORARY_ERRORS:
            raise
        print_error(format_terminal_error(error, texts), as_json=settings.log_format == "json")
        return EXIT_TEMPORARY
    return 0


def run_or_demo(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Run the bot if a token is set, else the rehearsal in a browser: the program without a command."""
    if read_secret_setting(environ, "DISCORD_TOKEN"):
        return run(arguments, environ, texts)
    from bot.cli.demo import command  # noqa: PLC0415 — as in run

    report_misspelt_settings(texts)
    print(texts("cli-rehearsing"))
    return command.serve_demo(environ, texts)
