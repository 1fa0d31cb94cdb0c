"""The ids that stand in addresses and requests."""

from typing import Final

MAX_ID_DIGITS: Final = 20
"""A snowflake is a number of 64 bits."""


def parse_id(text: str) -> int | None:
    """The number in an address; None if it cannot be an id."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MAX_ID_DIGITS else None
