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

from bot.pictures.models import PictureModel
from bot.pictures.worker_protocol import LENGTH_PREFIX, frame_message

CACHE_SIZE: Final = 256
"""Pictures in memory, about 30 kB each."""

MAX_QUEUED: Final = 4
"""Pictures that are drawn or wait for it; more are not begun."""

DRAW_TIMEOUT: Final = 20.0
"""Seconds for one picture, the start of the process included, which at the first time looks for the system's fonts."""

IDLE_SHUTDOWN: Final = 600.0
"""Seconds after which a process with nothing to draw gives its memory back."""

FAILURE_COOLDOWN: Final = 60.0
"""Seconds without pictures after one could not be drawn twice: whatever is wrong, the bot does not pay for it."""

SECRET_ENV_NAMES: Final = {"DISCORD_TOKEN", "DATABASE_URL"}

log = structlog.get_logger()


class PictureRenderer:
    """Draws, and remembers what it drew."""

    def __init__(
        self, *, draw_timeout: float = DRAW_TIMEOUT, idle: float = IDLE_SHUTDOWN, cache_size: int = CACHE_SIZE
    ) -> None:
        self._patience = draw_timeout
        self._idle = idle
        self._most_kept = cache_size
        self._kept: OrderedDict[PictureModel, bytes] = OrderedDict()
        self._drawing: dict[PictureModel, asyncio.Task[bytes | None]] = {}
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._leaving: asyncio.TimerHandle | None = None
        self._resting_until = 0.0
        self._closed = False

    @property
    def busy(self) -> bool:
        """No further picture would be begun."""
        return len(self._drawing) >= MAX_QUEUED

    @property
    def pid(self) -> int | None:
        """The process that draws, if there is one."""
        return self._process.pid if self._process else None

    def cached(self, model: PictureModel) -> bytes | None:
        """A picture that was drawn before."""
        if model in self._kept:
            self._kept.move_to_end(model)
        return self._kept.get(model)

    async def draw(self, model: PictureModel) -> bytes | None:
        """A picture; None if it cannot be drawn now. Two who ask for the same one wait for one drawing."""
        if (drawn := self.cached(model)) is not None:
            return drawn
        task = self._drawing.get(model)
        if task is None:
            if self._closed or self.busy or asyncio.get_running_loop().time() < self._resting_until:
                return None
            task = self._drawing[model] = asyncio.create_task(self._draw(model), name="picture")
            task.add_done_callback(lambda _: self._drawing.pop(model, None))
        # Whoever waits may be cancelled; the other one, and the cache, still get it.
        return await asyncio.shield(task)

    async def _draw(self, model: PictureModel) -> bytes | None:
        async with self._turn:
            for _ in range(2):
                try:
                    async with asyncio.timeout(self._patience):
                        drawn = await self._ask(model)
                except (OSError, EOFError, TimeoutError) as fault:
                    log.warning("picture_failed", panel=type(model).__name__, fault=type(fault).__name__)
                    await self._stop_worker()
                    if isinstance(fault, TimeoutError):
                        break
                else:
                    if drawn:
                        self._cache(model, drawn)
                    else:
                        log.warning("picture_failed", panel=type(model).__name__)
                    return drawn or None
            self._resting_until = asyncio.get_running_loop().time() + FAILURE_COOLDOWN
            return None

    async def _ask(self, model: PictureModel) -> bytes:
        """Have it drawn by the process, started if need be."""
        if self._leaving is not None:
            self._leaving.cancel()
        if self._process is None or self._process.returncode is not None:
            self._process = await _start()
        process = self._process
        assert process.stdin is not None, "a pipe"  # noqa: S101 — narrows the type
        assert process.stdout is not None, "a pipe"  # noqa: S101 — as above
        process.stdin.write(frame_message(pickle.dumps(model)))
        await process.stdin.drain()
        drawn = await process.stdout.readexactly(int.from_bytes(await process.stdout.readexactly(LENGTH_PREFIX)))
        self._leaving = asyncio.get_running_loop().call_later(self._idle, _kill, process)
        return drawn

    def _cache(self, model: PictureModel, drawn: bytes) -> None:
        self._kept[model] = drawn
        while len(self._kept) > self._most_kept:
            self._kept.popitem(last=False)

    async def _stop_worker(self) -> None:
        process, self._process = self._process, None
        if self._leaving is not None:
            self._leaving.cancel()
        if process is not None:
            _kill(process)
            await process.communicate()  # its pipes are closed, too

    async def close(self) -> None:
        """End at once; what is being drawn is given up."""
        self._closed = True
        drawing = list(self._drawing.values())
        for task in drawing:
            task.cancel()
        await asyncio.gather(*drawing, return_exceptions=True)
        await self._stop_worker()


async def _start() -> Process:
    root = str(Path(__file__).parents[2])
    environ = {name: value for name, value in os.environ.items() if name not in SECRET_ENV_NAMES}
    environ["PYTHONPATH"] = os.pathsep.join([root, *filter(None, [environ.get("PYTHONPATH")])])
    environ["OPENBLAS_NUM_THREADS"] = "1"  # drawing multiplies no matrices; each thread would take memory
    return await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "bot.pictures.worker", stdin=PIPE, stdout=PIPE, env=environ
    )


def _kill(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
