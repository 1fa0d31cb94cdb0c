"""compose.yaml, with its anchors and merges resolved."""

from typing import Any

import yaml

from bot.ops.stop_signals import EXIT_TIMEOUT
from tests.helpers.machine import ROOT

LONGEST_STOP = EXIT_TIMEOUT + 1
"""Seconds, whatever hangs."""


def compose() -> dict[str, Any]:
    """The whole parsed file."""
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8")))


def bots() -> dict[str, dict[str, Any]]:
    """The services that run our image."""
    return {name: each for name, each in compose()["services"].items() if each["image"] == "nintei"}


def seconds(written: str) -> float:
    """The seconds of a duration such as `60s`."""
    assert written.endswith("s")
    return float(written.removesuffix("s"))
