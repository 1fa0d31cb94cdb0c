"""systemd's notification protocol: readiness, the end, and the watchdog. Without systemd nothing happens.

https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress


def notify_systemd(state: str) -> None:
    """Tell systemd, for example `READY=1`."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(state.encode(), f"\0{address[1:]}" if address.startswith("@") else address)


def watchdog_interval() -> float | None:
    """Seconds between two watchdog notifications, half of systemd's limit; None where it has set no watchdog."""
    microseconds, process = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", "")
    is_meant = microseconds.isdecimal() and int(microseconds) > 0 and process in {"", str(os.getpid())}
    return int(microseconds) / 2_000_000 if is_meant else None


@asynccontextmanager
async def reporting_to_systemd(is_alive: Callable[[], bool]) -> AsyncIterator[None]:
    """Tell systemd that the bot is ready, that it lives while `is_alive` says so, and that it stops."""
    interval = watchdog_interval()
    watchdog = None if interval is None else asyncio.create_task(_notify_watchdog(is_alive, interval), name="watchdog")
    notify_systemd("READY=1")
    try:
        yield
    finally:
        notify_systemd("STOPPING=1")
        if watchdog is not None:
            watchdog.cancel()


async def _notify_watchdog(is_alive: Callable[[], bool], interval: float) -> None:
    while True:
        if is_alive():
            notify_systemd("WATCHDOG=1")
        await asyncio.sleep(interval)
