"""The bot as a process of its own against the stand-in, and how much CPU it has used."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.rehearsal.server import StandIn

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class BotProcess:
    """A running bot."""

    pid: int

    def cpu(self) -> float:
        """Seconds of CPU used so far by all its threads, to the nanosecond (Linux)."""
        used = 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            used += int((task / "schedstat").read_text().split()[0])
        return used / 1e9


@asynccontextmanager
async def bot_process(discord: StandIn, database: Path) -> AsyncIterator[BotProcess]:
    """Start it, wait until it is there, and stop it in the end."""
    environ = {
        **os.environ,
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "DATABASE_URL": f"sqlite:///{database}",
        "LOG_LEVEL": "WARNING",
        "DEFAULT_LOCALE": "ja",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT, env=environ, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await discord.bot_ready()
        yield BotProcess(process.pid)
    finally:
        process.terminate()
        await process.wait()
