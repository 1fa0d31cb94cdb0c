"""The messages in the pipes between the bot and the drawing process: each is preceded by its length."""

from typing import Final

LENGTH_PREFIX_SIZE: Final = 4
"""Bytes of the length, big-endian."""


def frame_worker_message(data: bytes) -> bytes:
    """The data, preceded by its length."""
    return len(data).to_bytes(LENGTH_PREFIX_SIZE) + data
