"""Quiet hours as members write them: reading and printing the local times between which no reminder is sent."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

from bot.domain.text import NONE_WORDS, format_excerpt, to_half_width
from bot.errors import InvalidInputError

_CLOCK: Final = r"([0-9]{1,2})\s*(?:[:時]\s*(?:([0-9]{1,2})\s*分?)?)?"
_SPAN: Final = re.compile(rf"{_CLOCK}\s*(?:から|to|[-‐‑–—―−ー~〜])\s*{_CLOCK}\s*(?:まで)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local times; over midnight when `start` is later than `end`. The two are never equal."""

    start: time
    end: time


def parse_quiet_hours(text: str) -> QuietHours | None:
    """Read `23:00-07:00`, `23時〜7時`, `22:30から6時半まで` and the like; empty, `none` or `なし`: None.

    24:00 is midnight. Raises `InvalidInputError` for anything else, and for a start that equals its end.
    """
    plain = to_half_width(text).strip().replace("時半", "時30分")
    if plain.lower() in NONE_WORDS:
        return None
    match = _SPAN.fullmatch(plain)
    if match is None:
        raise InvalidInputError("reminders-quiet-hours-unreadable", written=format_excerpt(text))
    start_hour, start_minute, end_hour, end_minute = (int(part or 0) for part in match.groups())
    try:
        start, end = _time_of_quiet_hours(start_hour, start_minute), _time_of_quiet_hours(end_hour, end_minute)
    except ValueError:
        raise InvalidInputError("reminders-quiet-hours-unreadable", written=format_excerpt(text)) from None
    if start == end:
        raise InvalidInputError("reminders-quiet-hours-no-span", written=format_excerpt(text))
    return QuietHours(start, end)


def _time_of_quiet_hours(hour: int, minute: int) -> time:
    return time() if (hour, minute) == (24, 0) else time(hour, minute)


def format_quiet_hours(quiet_hours: QuietHours | None) -> str:
    """`23:00-07:00`, empty for none; `parse_quiet_hours` reads it back, to the minute."""
    return f"{quiet_hours.start:%H:%M}-{quiet_hours.end:%H:%M}" if quiet_hours else ""
