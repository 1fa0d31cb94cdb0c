"""A bot's first start sends its commands to Discord, which takes as long as all else. Most tests are of a later start."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.fake_discord.clock import ManualClock
from bot.fake_discord.server import FakeDiscord
from tests.helpers.servers import make_migrated_file
from tests.helpers.stage import NOON, Stage


@dataclass(frozen=True)
class FirstStart:
    """What it leaves."""

    commands: list[dict[str, Any]]
    """Those that Discord has."""
    application_id: int
    digest: str
    command_ids: str
    """As the database has them."""

    async def repeat(self, stage: Stage) -> None:
        """Leave the same on a stage whose bot was not started yet."""
        bot_id = stage.discord.state.bot.id
        stage.discord.state.commands = [{**each, "application_id": str(bot_id)} for each in self.commands]
        sql, row = "INSERT INTO synced_commands VALUES ($1, $2, $3)", (bot_id, self.digest, self.command_ids)
        if stage.database_url.startswith("sqlite"):  # a thread for one row would take as long as half of a start
            with closing(sqlite3.connect(stage.database, isolation_level=None)) as connection:
                connection.execute(sql.replace("$", "?"), row)
        else:
            await stage.rows(sql, *row)


def start_once(folder: Path) -> FirstStart:
    """Start a bot and stop it, a day before the tests: the ids that Discord gives then are none of theirs."""

    async def start() -> FirstStart:
        clock = ManualClock(NOON - timedelta(days=1))
        async with FakeDiscord(clock) as discord:
            database_url = await make_migrated_file(folder / "nintei.db")
            stage = Stage(
                discord, clock, database_url, {"PICTURES": "off", "BACKUP_KEEP": "0"}, discord.add_user("mika")
            )
            async with stage.open_bot():
                pass
            [row] = await stage.rows("SELECT application_id, digest, command_ids FROM synced_commands")
            return FirstStart(discord.state.commands, *row)

    return asyncio.run(start())
