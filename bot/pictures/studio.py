"""Where pictures are drawn: off the event loop, by a process of their own, one at a time, each once.

A process that is started and spoken to by pipes, rather than a pool: it can be ended at once whatever it is doing, it
does not import the bot again, and it ends by itself with the bot, however that ends.
"""

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from bot.pictures.panels import Panel
from bot.pictures.pipe import LENGTH, framed

KEPT: Final = 256
"""Pictures in memory, about 30 kB each."""

MOST_WAITING: Final = 4
"""Pictures that are drawn or wait for it; more are not begun."""

PATIENCE: Final = 20.0
"""Seconds for one picture, the start of the process included, which at the first time looks for the system's fonts."""

IDLE: Final = 600.0
"""Seconds after which a process with nothing to draw gives its memory back."""

REST: Final = 60.0
"""Seconds without pictures after one could not be drawn twice: whatever is wrong, the bot does not pay for it."""

SECRETS: Final = {"DISCORD_TOKEN", "DATABASE_URL"}

log = structlog.get_logger()


class Studio:
    """Draws, and remembers what it drew."""

    def __init__(self, *, patience: float = PATIENCE, idle: float = IDLE, kept: int = KEPT) -> None:
        self._patience = patience
        self._idle = idle
        self._most_kept = kept
        self._kept: OrderedDict[Panel, bytes] = OrderedDict()
        self._drawing: dict[Panel, asyncio.Task[bytes | None]] = {}
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._leaving: asyncio.TimerHandle | None = None
        self._resting_until = 0.0
        self._closed = False

    @property
    def busy(self) -> bool:
        """No further picture would be begun."""
        return len(self._drawing) >= MOST_WAITING

    @property
    def pid(self) -> int | None:
        """The process that draws, if there is one."""
        return self._process.pid if self._process else None

    def ready(self, panel: Panel) -> bytes | None:
        """A picture that was drawn before."""
        if panel in self._kept:
            self._kept.move_to_end(panel)
        return self._kept.get(panel)

    async def draw(self, panel: Panel) -> bytes | None:
        """A picture; None if it cannot be drawn now. Two who ask for the same one wait for one drawing."""
        if (drawn := self.ready(panel)) is not None:
            return drawn
        task = self._drawing.get(panel)
        if task is None:
            if self._closed or self.busy or asyncio.get_running_loop().time() < self._resting_until:
                return None
            task = self._drawing[panel] = asyncio.create_task(self._draw(panel), name="picture")
            task.add_done_callback(lambda _: self._drawing.pop(panel, None))
        # Whoever waits may be cancelled; the other one, and the cache, still get it.
        return await asyncio.shield(task)

    async def _draw(self, panel: Panel) -> bytes | None:
        async with self._turn:
            for _ in range(2):
                try:
                    async with asyncio.timeout(self._patience):
                        drawn = await self._ask(panel)
                except (OSError, EOFError, TimeoutError) as fault:
                    log.warning("picture_failed", panel=type(panel).__name__, fault=type(fault).__name__)
                    await self._end()
                    if isinstance(fault, TimeoutError):
                        break
                else:
                    if drawn:
                        self._keep(panel, drawn)
                    else:
                        log.warning("picture_failed", panel=type(panel).__name__)
                    return drawn or None
            self._resting_until = asyncio.get_running_loop().time() + REST
            return None

    async def _ask(self, panel: Panel) -> bytes:
        """Have it drawn by the process, started if need be."""
        if self._leaving is not None:
            self._leaving.cancel()
        if self._process is None or self._process.returncode is not None:
            self._process = await _start()
        there = self._process
        assert there.stdin is not None, "a pipe"  # noqa: S101 — narrows the type
        assert there.stdout is not None, "a pipe"  # noqa: S101 — as above
        there.stdin.write(framed(pickle.dumps(panel)))
        await there.stdin.drain()
        drawn = await there.stdout.readexactly(int.from_bytes(await there.stdout.readexactly(LENGTH)))
        self._leaving = asyncio.get_running_loop().call_later(self._idle, _kill, there)
        return drawn

    def _keep(self, panel: Panel, drawn: bytes) -> None:
        self._kept[panel] = drawn
        while len(self._kept) > self._most_kept:
            self._kept.popitem(last=False)

    async def _end(self) -> None:
        there, self._process = self._process, None
        if self._leaving is not None:
            self._leaving.cancel()
        if there is not None:
            _kill(there)
            await there.communicate()  # its pipes are closed, too

    async def close(self) -> None:
        """End at once; what is being drawn is given up."""
        self._closed = True
        drawing = list(self._drawing.values())
        for task in drawing:
            task.cancel()
        await asyncio.gather(*drawing, return_exceptions=True)
        await self._end()


async def _start() -> Process:
    root = str(Path(__file__).parents[2])
    environ = {name: value for name, value in os.environ.items() if name not in SECRETS}
    environ["PYTHONPATH"] = os.pathsep.join([root, *filter(None, [environ.get("PYTHONPATH")])])
    environ["OPENBLAS_NUM_THREADS"] = "1"  # drawing multiplies no matrices; each thread would take memory
    return await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "bot.pictures.worker", stdin=PIPE, stdout=PIPE, env=environ
    )


def _kill(there: Process) -> None:
    with suppress(ProcessLookupError):
        there.kill()
