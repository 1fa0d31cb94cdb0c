"""Lead times: how long before a window closes its reminders go out. Reading and printing them."""

import re
from datetime import timedelta
from typing import Final

from bot.errors import InputError
from bot.reminders.writing import NONE_WORDS, half_width, shown

LONGEST: Final = timedelta(hours=24)
"""A lead time is shorter than the window itself."""
MOST: Final = 10

_NUMBER: Final = r"([0-9]{1,5})\s*"
_LEAD: Final = re.compile(
    rf"(?:{_NUMBER}(?:hours?|hrs?|h|時間)\s*)?"
    rf"(?:{_NUMBER}(?:minutes?|mins?|m|分)\s*)?"
    rf"(?:{_NUMBER}(?:seconds?|secs?|s|秒)\s*)?(?:前|before)?",
    re.IGNORECASE,
)


def parse_lead_times(text: str) -> tuple[timedelta, ...]:
    """Read `12h,4h,1h`, `1h30m`, `90m`, `12時間、30分`…: longest first, each once. Empty, `none` or `なし`: none.

    Raises `InputError` on what cannot be read, on a lead time of nothing or of 24 hours and more, and on more than ten.
    """
    plain = half_width(text).strip()
    if plain.lower() in NONE_WORDS:
        return ()
    leads = sorted({_lead(part) for part in re.split("[,、]", plain)}, reverse=True)
    if len(leads) > MOST:
        raise InputError("reminders-lead-times-many", count=len(leads), most=MOST)
    return tuple(leads)


def _lead(written: str) -> timedelta:
    found = _LEAD.fullmatch(written.strip().replace("時間半", "時間30分"))
    if found is None or not any(found.groups()):
        raise InputError("reminders-lead-time-unreadable", written=shown(written))
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    lead = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if not timedelta() < lead < LONGEST:
        raise InputError("reminders-lead-time-range", written=shown(written))
    return lead


def print_lead_times(leads: tuple[timedelta, ...]) -> str:
    """`12h,4h,1h30m`, empty for none: what `parse_lead_times` reads back."""
    return ",".join(map(_printed, leads))


def _printed(lead: timedelta) -> str:
    minutes, seconds = divmod(int(lead.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number)
