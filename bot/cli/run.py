"""`python -m bot run`: the bot on Discord."""

import argparse
import asyncio
from collections.abc import Mapping

from bot.cli.terminal import Subcommands, add_command, report_misspelt_settings
from bot.i18n.translations import Translations
from bot.settings import read_secret, read_settings


def add_parser(commands: Subcommands, texts: Translations) -> None:
    """Add the command."""
    add_command(commands, "run", texts("cli-help-run"), run)


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Run until SIGTERM or SIGINT."""
    from bot import app  # noqa: PLC0415 — discord.py takes half a second, and other commands do without it

    del arguments, texts
    asyncio.run(app.run(read_settings(environ)))
    return 0


def run_or_demo(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Run the bot if a token is set, else the rehearsal in a browser: the program without a command."""
    if read_secret(environ, "DISCORD_TOKEN"):
        return run(arguments, environ, texts)
    from bot.cli.demo import command  # noqa: PLC0415 — as in run

    report_misspelt_settings(texts)
    print(texts("cli-rehearsing"))
    return command.serve(environ, texts)
