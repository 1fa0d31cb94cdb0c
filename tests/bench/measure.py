"""Measuring: separate processes, their CPU and memory, and the ratio of two measurements taken in turn."""

import asyncio
import json
import os
import statistics
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.fake_discord.server import FakeDiscord
from bot.fake_discord.state import Message
from bot.fake_discord.validation import walk_components
from tests.helpers.machine import ROOT
from tests.helpers.preloaded import PreloadedProcess


@dataclass(frozen=True)
class Row:
    """One line of the table. `ratio` is ours to the peer's; `reach` is at most, or at least, what it should be."""

    name: str
    unit: str
    ours: float
    peer: float | None = None
    ratio: float | None = None
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the figure reaches its limit; None without a limit."""
        if self.ratio is None or (self.at_most is None and self.at_least is None):
            return None
        return (self.at_most is None or self.ratio <= self.at_most) and (
            self.at_least is None or self.ratio >= self.at_least
        )

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "met": self.met}


def high_water_mark(process: Path) -> float:
    """MiB that were resident at the most, of a process in `/proc`."""
    lines = (process / "status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024


@dataclass(frozen=True)
class Running:
    """A process under measurement."""

    pid: int

    def cpu(self) -> float:
        """Seconds of CPU used so far by all its threads, to the nanosecond (Linux)."""
        used = 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            used += int((task / "schedstat").read_text().split()[0])
        return used / 1e9

    def memory(self) -> float:
        """MiB that are resident."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) / 1024


async def start(arguments: Sequence[str], environ: Mapping[str, str]) -> Process | PreloadedProcess:
    """Python with these arguments."""
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, env=environ, stdout=asyncio.subprocess.DEVNULL
    )


@asynccontextmanager
async def process(discord: FakeDiscord, *command: str, **environ: str) -> AsyncIterator[Running]:
    """Python with these arguments, against a Discord, until the block ends."""
    told = {
        **os.environ,
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "LOG_LEVEL": "ERROR",
        "DEFAULT_LOCALE": "ja",
        "PICTURES": "off",  # drawing would be measured with what it has nothing to do with
        **environ,
    }
    started = await start(command, told)
    try:
        await discord.wait_for_bot()
        yield Running(started.pid)
    finally:
        started.terminate()
        await started.wait()


def bot(discord: FakeDiscord, url: str, **environ: str):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """The bot on a database."""
    return process(discord, "-m", "bot", "run", DATABASE_URL=url, BACKUP_KEEP="0", **environ)


async def in_turn(rounds: int, *measures: Callable[[], Awaitable[float]]) -> list[list[float]]:
    """Each once in every round, so that what disturbs the machine disturbs all; the first round warms up."""
    found: list[list[float]] = [[] for _ in measures]
    for number in range(rounds + 1):
        for place, measure in enumerate(measures):
            value = await measure()
            if number:
                found[place].append(value)
    return found


def ratio(ours: Sequence[float], peer: Sequence[float]) -> float:
    """The median of the ratios of the rounds."""
    return statistics.median(one / other for one, other in zip(ours, peer, strict=True))


def texts_and_labels(card: Message) -> str:
    """What a card says and the labels of its buttons, as JSON: for BARE_CARD of a bare bot."""
    nodes = list(walk_components(card.body["components"]))
    return json.dumps([[node[key] for node in nodes if key in node] for key in ("content", "label")])
