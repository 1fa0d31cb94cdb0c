"""Time zones by their IANA names."""

from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.text import format_excerpt
from bot.errors import InvalidInputError

MACHINE_ZONES: Final = frozenset({"localtime", "Factory"})
"""Names whose meaning depends on the machine: they are no zone of a member."""


MAX_NAME_LENGTH: Final = 64
"""The longest name has 32 characters; over one of many folders Python's library recurses without end."""


def load_zone(name: str) -> ZoneInfo:
    """The zone of that exact name. Raises `ZoneInfoNotFoundError`."""
    try:
        if len(name) <= MAX_NAME_LENGTH:
            return ZoneInfo(name)
    except (ValueError, OSError):  # a name may also be a folder, or no path at all
        pass
    raise ZoneInfoNotFoundError(format_excerpt(name))


def parse_zone_name(name: str) -> ZoneInfo:
    """The zone of that exact name. Raises `InvalidInputError` for one that this machine does not know."""
    if name not in MACHINE_ZONES:
        try:
            return load_zone(name)
        except ZoneInfoNotFoundError:
            pass
    raise InvalidInputError("preference-zone-unknown", written=format_excerpt(name))
