"""`python -m bot rehearse`: a member's day on a Discord of this machine."""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.logs import set_up_logs
from bot.settings import read_settings
from bot.texts.catalogue import Texts

BEGIN: Final = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
"""A Tuesday morning; the same in every rehearsal, so that two of them read the same."""

_OF_DISCORD: Final = ("DISCORD_TOKEN", "DISCORD_API_URL", "DISCORD_GATEWAY_URL", "DATABASE_URL", "LOG_LEVEL")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", texts: Texts) -> None:
    """Add the command."""
    parser = commands.add_parser("rehearse", help=texts("cli-help-rehearse"), description=texts("cli-help-rehearse"))
    parser.add_argument("--interactive", action="store_true", help=texts("cli-help-interactive"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Texts) -> int:
    """Play the day, or let a person type."""
    asyncio.run(_rehearse(environ, texts, interactive=arguments.interactive))
    return 0


async def _rehearse(environ: Mapping[str, str], texts: Texts, *, interactive: bool) -> None:
    from bot.cli.rehearsal_day import play  # noqa: PLC0415 — what needs Discord's library is loaded when it is needed
    from bot.cli.rehearsal_prompt import prompt  # noqa: PLC0415 — as above

    async with _stage(environ, texts) as stage:
        await (prompt if interactive else play)(stage)


@asynccontextmanager
async def _stage(environ: Mapping[str, str], texts: Texts) -> AsyncIterator[Any]:
    """The bot, logged in to a Discord of this machine, with a database that is thrown away."""
    from bot import app  # noqa: PLC0415 — as above
    from bot.cli.stage import Stage  # noqa: PLC0415 — as above
    from bot.rehearsal.clock import RehearsalClock  # noqa: PLC0415 — as above
    from bot.rehearsal.server import StandIn  # noqa: PLC0415 — as above

    clock = RehearsalClock(BEGIN)
    with tempfile.TemporaryDirectory(prefix="nintei-") as folder:
        async with StandIn(clock) as discord:
            person = discord.add_person("mika", "ja" if texts.locale == "ja" else "en-US")
            here = {name: value for name, value in environ.items() if name not in _OF_DISCORD}
            here |= {
                "DISCORD_TOKEN": discord.token,
                "DISCORD_API_URL": discord.api_url,
                "DATABASE_URL": f"sqlite:///{Path(folder) / 'rehearsal.db'}",
                "DEFAULT_LOCALE": texts.locale,
                "LOG_LEVEL": "ERROR",
            }
            settings = read_settings(here)
            set_up_logs(settings)
            async with app.running(settings, clock) as bot:
                await discord.bot_ready()
                yield Stage(discord, clock, person, bot, texts, ZoneInfo(settings.defaults.timezone))
