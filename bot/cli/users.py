"""`python -m bot erase ID`, `block ID` and `unblock ID`: the running bot erases, blocks or unblocks a Discord user."""

import argparse
import asyncio
from collections.abc import Mapping

from bot.cli.operator import operator_database, parse_user_id, submit_operator_request
from bot.cli.terminal import Subcommands, add_command_parser
from bot.i18n.translations import Translations
from bot.settings import read_settings

NAMES = ("erase", "block", "unblock")


def add_parser(commands: Subcommands, texts: Translations) -> None:
    """Add the commands."""
    for name in NAMES:
        parser = add_command_parser(commands, name, texts(f"cli-help-{name}"), run)
        parser.set_defaults(kind=name)
        parser.add_argument("id", metavar="ID", help=texts("cli-help-user-id"))
        parser.add_argument("--wait", action="store_true", help=texts("cli-help-wait"))


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Add the request, and with `--wait` print its outcome."""
    return asyncio.run(_submit_user_request(arguments, environ, texts))


async def _submit_user_request(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    from storage.operator_requests import OperatorRequestKind  # noqa: PLC0415 — other commands do without a database

    user_id, settings = parse_user_id(arguments.id), read_settings(environ)
    async with operator_database(settings) as database:
        kind = OperatorRequestKind(arguments.kind)
        status, request = await submit_operator_request(database, settings, texts, kind, user_id, wait=arguments.wait)
    if request is not None:
        print(texts(f"operator-outcome-{request.outcome}"))
    return status
