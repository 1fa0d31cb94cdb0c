"""The repository's folder, and what tests take from the machine that they run on."""

import socket
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]

HEED_SIGNALS = """
import os, signal, sys
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
    signal.signal(number, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
"""A program that runs Python with its arguments; nohup and the background of a script ignore some signals."""


def free_port() -> int:
    """Return a TCP port of the loopback interface on which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class MachineClock:
    """A clock for the fake Discord that goes by the machine's time, as a bot in another process does."""

    def now(self) -> datetime:
        """Return the time of the machine, in UTC."""
        return datetime.now(UTC)
