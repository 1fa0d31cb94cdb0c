"""`python -m bot members`: how many members there are, without a name or an id. Only reads."""

import argparse
import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.cli.operator import operator_database
from bot.cli.terminal import Subcommands, add_command_parser, display_width, pad_left, pad_right, print_json
from bot.i18n.translations import Translations
from bot.settings import read_settings

if TYPE_CHECKING:
    from storage.stats import MemberCounts


def add_parser(commands: Subcommands, texts: Translations) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "members", texts("cli-help-members"), run)
    parser.add_argument("--json", action="store_true", help=texts("cli-help-json"))


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Count, and print a line for each number."""
    counts = asdict(asyncio.run(_count_members(environ)))
    if arguments.json:
        print_json(counts)
        return 0
    labels = {name: texts(f"members-{name}") for name in counts}
    columns = max(map(display_width, labels.values()))
    for name, number in counts.items():
        print(f"{pad_right(labels[name], columns)}  {pad_left(f'{number:,}', 9)}")
    return 0


async def _count_members(environ: Mapping[str, str]) -> "MemberCounts":
    from storage import stats  # noqa: PLC0415 — other commands do without a database

    async with operator_database(read_settings(environ)) as database:
        return await stats.count_members(database, now=datetime.now(UTC))
