"""Has pictures drawn by a separate process, one at a time, and caches them.

The process is started with pipes instead of a process pool: it can be killed whatever it is doing, it does not import
the bot a second time, and it ends with the bot however the bot ends.
"""

import asyncio
import pickle
from asyncio.subprocess import Process
from collections import OrderedDict
from typing import Final

import structlog

from bot.child_process import kill_process, start_module
from bot.pictures.models import PictureModel
from bot.pictures.worker_protocol import LENGTH_PREFIX_SIZE, frame_worker_message

CACHE_SIZE: Final = 256
"""Pictures in memory, about 30 kB each."""

MAX_QUEUED: Final = 4
"""Pictures being drawn or waiting for it; further ones are refused."""

DRAW_TIMEOUT: Final = 20.0
"""Seconds for one picture. The first one includes the start of the process, which may search the system's fonts."""

IDLE_SHUTDOWN: Final = 600.0
"""Seconds without work after which the process is ended to free its memory."""

FAILURE_COOLDOWN: Final = 60.0
"""Seconds without pictures after one failed twice, so that a broken installation does not slow the bot down."""

MAX_ATTEMPTS: Final = 2

OPENBLAS_THREADS: Final = "1"
"""No matrices are multiplied; each further thread would take memory."""

log = structlog.get_logger()


class PictureRenderer:
    """Draws pictures and caches them. Times are in seconds."""

    def __init__(self, *, idle_shutdown: float = IDLE_SHUTDOWN, cache_size: int = CACHE_SIZE) -> None:
        self.draw_timeout = DRAW_TIMEOUT
        self.failure_cooldown = FAILURE_COOLDOWN
        self._idle_shutdown = idle_shutdown
        self._cache_size = cache_size
        self._cache: OrderedDict[PictureModel, bytes] = OrderedDict()
        self._drawing: dict[PictureModel, asyncio.Task[bytes | None]] = {}
        self._worker_lock = asyncio.Lock()
        self._process: Process | None = None
        self._idle_timer: asyncio.TimerHandle | None = None
        self._failed_at: float | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The id of the drawing process, if there is one."""
        return self._process.pid if self._process else None

    def cached(self, model: PictureModel) -> bytes | None:
        """The PNG file, if it was drawn before."""
        if model in self._cache:
            self._cache.move_to_end(model)
        return self._cache.get(model)

    async def draw(self, model: PictureModel) -> bytes | None:
        """The PNG file, or None if it cannot be drawn now. Equal models are drawn once."""
        if (png := self.cached(model)) is not None:
            return png
        task = self._drawing.get(model)
        if task is None:
            if self._closed or len(self._drawing) >= MAX_QUEUED or self._is_cooling_down():
                return None
            task = self._drawing[model] = asyncio.create_task(self._draw_in_worker(model), name="picture")
            task.add_done_callback(lambda _: self._drawing.pop(model, None))
        # If this caller is cancelled, the others and the cache still get the picture.
        return await asyncio.shield(task)

    def _is_cooling_down(self) -> bool:
        if self._failed_at is None:
            return False
        return asyncio.get_running_loop().time() < self._failed_at + self.failure_cooldown

    async def _draw_in_worker(self, model: PictureModel) -> bytes | None:
        async with self._worker_lock:
            for _ in range(MAX_ATTEMPTS):
                try:
                    async with asyncio.timeout(self.draw_timeout):
                        png = await self._request_picture_from_worker(model)
                except (OSError, EOFError, TimeoutError) as error:
                    log.warning("picture_failed", picture=type(model).__name__, error_type=type(error).__name__)
                    await self._stop_worker()
                    if isinstance(error, TimeoutError):
                        break
                else:
                    if not png:
                        log.warning("picture_failed", picture=type(model).__name__)
                        return None
                    self._cache[model] = png
                    while len(self._cache) > self._cache_size:
                        self._cache.popitem(last=False)
                    return png
            self._failed_at = asyncio.get_running_loop().time()
            return None

    async def _request_picture_from_worker(self, model: PictureModel) -> bytes:
        """The worker's answer; empty if it could not draw the picture. Starts the worker if none runs."""
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        if self._process is None or self._process.returncode is not None:
            self._process = await start_module("bot.pictures.worker", OPENBLAS_NUM_THREADS=OPENBLAS_THREADS)
        process = self._process
        assert process.stdin is not None, "a pipe"  # noqa: S101 — narrows the type
        assert process.stdout is not None, "a pipe"  # noqa: S101 — as above
        process.stdin.write(frame_worker_message(pickle.dumps(model)))
        await process.stdin.drain()
        length = int.from_bytes(await process.stdout.readexactly(LENGTH_PREFIX_SIZE))
        png = await process.stdout.readexactly(length)
        self._idle_timer = asyncio.get_running_loop().call_later(self._idle_shutdown, kill_process, process)
        return png

    async def _stop_worker(self) -> None:
        process, self._process = self._process, None
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        if process is not None:
            kill_process(process)
            await process.communicate()  # closes its pipes

    async def close(self) -> None:
        """Stop at once; pictures that are being drawn are given up."""
        self._closed = True
        tasks = list(self._drawing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._stop_worker()
