"""Lead times, the times before a window closes at which its reminders are sent: reading and printing them."""

import re
from datetime import timedelta
from typing import Final

from bot.domain.text import NONE_WORDS, format_excerpt, to_half_width
from bot.errors import InvalidInputError

MAX_LEAD: Final = timedelta(hours=24)
"""Not included: a lead time is shorter than the window."""
MAX_LEADS: Final = 10

_NUMBER: Final = r"([0-9]{1,5})\s*"
_LEAD: Final = re.compile(
    rf"(?:{_NUMBER}(?:hours?|hrs?|h|時間)\s*)?"
    rf"(?:{_NUMBER}(?:minutes?|mins?|m|分)\s*)?"
    rf"(?:{_NUMBER}(?:seconds?|secs?|s|秒)\s*)?(?:前|before)?",
    re.IGNORECASE,
)


def parse_lead_times(text: str) -> tuple[timedelta, ...]:
    """Read `12h,4h,1h`, `1h30m`, `90m`, `12時間、30分` and the like: longest first, each once. `none` or `なし`: none.

    Raises `InvalidInputError` for anything else, a lead time of zero or of 24 hours and more, and more than ten.
    """
    plain = to_half_width(text).strip()
    if plain.lower() in NONE_WORDS:
        return ()
    leads = sorted({_parse_lead_time(part) for part in re.split("[,、]", plain)}, reverse=True)
    if len(leads) > MAX_LEADS:
        raise InvalidInputError("reminders-lead-times-many", count=len(leads), most=MAX_LEADS)
    return tuple(leads)


def _parse_lead_time(text: str) -> timedelta:
    match = _LEAD.fullmatch(text.strip().replace("時間半", "時間30分"))
    if match is None or not any(match.groups()):
        raise InvalidInputError("reminders-lead-time-unreadable", written=format_excerpt(text))
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    lead = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if not timedelta() < lead < MAX_LEAD:
        raise InvalidInputError("reminders-lead-time-range", written=format_excerpt(text))
    return lead


def format_lead_times(leads: tuple[timedelta, ...]) -> str:
    """`12h,4h,1h30m`, empty for none: `parse_lead_times` reads it back."""
    return ",".join(map(_format_lead_time, leads))


def _format_lead_time(lead: timedelta) -> str:
    minutes, seconds = divmod(int(lead.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number)
