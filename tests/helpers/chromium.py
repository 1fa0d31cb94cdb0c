"""Debian's chromium, for the browser tests and the pictures."""

import os
import shutil
from pathlib import Path

# A sandbox needs rights that a container lacks; the rest keeps chromium from asking the network for anything.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
MISSING = "no chromium: apt install chromium, or name one in CHROMIUM"


def chromium_path() -> str | None:
    """The path of the browser; None where it is not installed."""
    places = [os.environ.get("CHROMIUM"), "/usr/bin/chromium", shutil.which("chromium")]
    return next((place for place in places if place and Path(place).exists()), None)
