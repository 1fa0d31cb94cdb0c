"""compose.yaml, with its anchors and merges resolved."""

from typing import Any

import yaml

from bot.discord_app import client
from bot.discord_app.timeouts import DEFAULT_TIMEOUTS
from tests.helpers.machine import ROOT

LONGEST_STOP = 2 * DEFAULT_TIMEOUTS.request + 2 * client.SHUTDOWN_GRACE_SECONDS
"""Seconds: with a Discord that does not answer a channel is opened and a reminder sent, then what members did and
receipts have their time."""


def compose() -> dict[str, Any]:
    """All of it."""
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8")))


def bots() -> dict[str, dict[str, Any]]:
    """The services that run our image."""
    return {name: each for name, each in compose()["services"].items() if each["image"] == "nintei"}


def seconds(written: str) -> float:
    """What `60s` means."""
    assert written.endswith("s")
    return float(written.removesuffix("s"))
