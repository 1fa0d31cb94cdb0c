"""SIGTERM, SIGHUP and Ctrl-C: the first asks the bot to stop, whatever it is doing; a second one ends it at once."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Final

import structlog

STOP_TIMEOUT: Final = 7.0
"""Seconds in which what is under way may be finished; then it is cancelled."""

CANCEL_TIMEOUT: Final = 1.0
"""Seconds in which what was cancelled may end."""

EXIT_TIMEOUT: Final = 9.0
"""Seconds from the signal to the end of the process, also when a thread or the event loop hangs."""

log = structlog.get_logger()


def hangup_signals() -> list[signal.Signals]:
    """SIGHUP, with which a terminal that is closed ends its programs; none where nohup has it ignored."""
    hangup: signal.Signals | None = getattr(signal, "SIGHUP", None)  # Windows has none
    return [] if hangup is None or signal.getsignal(hangup) is signal.SIG_IGN else [hangup]


class StopSignals:
    """`requested` is set by the first signal."""

    def __init__(self) -> None:
        self.requested = asyncio.Event()
        self._timer: threading.Timer | None = None

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Handle the signals while the block runs. In the main thread, with a running loop."""
        loop = asyncio.get_running_loop()

        def handle(number: int, _frame: FrameType | None) -> None:
            if self._timer is not None:
                exit_process(128 + number)
            self._timer = threading.Timer(EXIT_TIMEOUT, exit_process, (0,))
            self._timer.daemon = True
            self._timer.start()
            loop.call_soon_threadsafe(self.requested.set)

        numbers = (signal.SIGTERM, signal.SIGINT, *hangup_signals())
        earlier: dict[int, Any] = {number: signal.signal(number, handle) for number in numbers}
        try:
            yield
        finally:
            # After a signal the process ends, and a second one must end it while it still waits for a thread.
            if self._timer is None:
                for number, handler in earlier.items():
                    signal.signal(number, handler)

    def cancel_forced_exit(self) -> None:
        """Let the process end by itself: nothing hangs, so it need not be ended after `EXIT_TIMEOUT`."""
        if self._timer is not None:
            self._timer.cancel()


def exit_process(status: int) -> None:
    """End the process without waiting for any thread. What was committed is in the database."""
    # RuntimeError: the signal came while a line was being written, and Python refuses a flush inside of a write.
    with suppress(OSError, ValueError, RuntimeError):
        sys.stderr.flush()
    os._exit(status)


async def run_until_stopped(serving: "asyncio.Task[None]", signals: StopSignals, started: asyncio.Event) -> None:
    """Wait for a task. When the stop is requested, end it: at once during its start, else once it has ended by itself.

    Raises what the task raises.
    """
    requested = asyncio.create_task(signals.requested.wait())
    await asyncio.wait({serving, requested}, return_when=asyncio.FIRST_COMPLETED)
    requested.cancel()
    if not serving.done():
        log.info("stopping", during="operation" if started.is_set() else "start")
        if not started.is_set():
            serving.cancel()
        await asyncio.wait({serving}, timeout=STOP_TIMEOUT)
    if not serving.done():
        log.warning("stop_forced", seconds=STOP_TIMEOUT)
        serving.cancel()
        await asyncio.wait({serving}, timeout=CANCEL_TIMEOUT)
    if not serving.done():
        exit_process(0)
    if not serving.cancelled():
        serving.result()
