"""What the bot and the process that draws agree on: whatever goes through the pipes is preceded by its length."""

from typing import Final

LENGTH_PREFIX: Final = 4
"""Bytes."""


def frame_message(data: bytes) -> bytes:
    """The data behind its length."""
    return len(data).to_bytes(LENGTH_PREFIX) + data
