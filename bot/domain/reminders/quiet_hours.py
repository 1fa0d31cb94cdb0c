"""When a member sleeps: quiet hours as people write them, and the nights they make between instants."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from bot.domain.text import NONE_WORDS, excerpt, half_width
from bot.errors import InvalidInputError

BEFORE_QUIET: Final = timedelta(minutes=30)
"""How long before the quiet hours the evening's word goes out (issue: 30 minutes before they start)."""

DAY: Final = timedelta(days=1)

_CLOCK: Final = r"([0-9]{1,2})\s*(?:[:時]\s*(?:([0-9]{1,2})\s*分?)?)?"
_SPAN: Final = re.compile(rf"{_CLOCK}\s*(?:から|to|[-‐‑–—―−ー~〜])\s*{_CLOCK}\s*(?:まで)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local times between which nothing is sent; over midnight when `start` lies after `end`. Never equal."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class QuietSpan:
    """One night of quiet hours, in UTC: `start` belongs to it, `end` does not."""

    start: datetime
    end: datetime
    notify_before: datetime
    """The moment before it when what it hides is told; never in the night before, however long that is."""


def quiet_span_at_or_before(instant: datetime, quiet_hours: QuietHours, zone: tzinfo) -> QuietSpan:
    """The quiet span around `instant`, or the last one before it.

    A boundary that a clock change skips or repeats makes its night longer: it starts at the earlier reading and
    ends at the later one. Nights that touch are one.
    """
    today = instant.astimezone(zone).date()
    over_midnight = DAY if quiet_hours.start > quiet_hours.end else timedelta()
    found: list[QuietSpan] = []
    for day in (today + number * DAY for number in range(-3, 2)):
        start = min(_possible_instants(day, quiet_hours.start, zone))
        end = max(_possible_instants(day + over_midnight, quiet_hours.end, zone))
        evening = start - BEFORE_QUIET
        if found and start <= found[-1].end:
            found.append(replace(found.pop(), end=end))
        elif start <= instant:
            found.append(QuietSpan(start, end, max(evening, found[-1].end) if found else evening))
    return found[-1]


def _possible_instants(day: date, at: time, zone: tzinfo) -> Iterator[datetime]:
    return (datetime.combine(day, at.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1))


def quiet_span_containing(instant: datetime, quiet_hours: QuietHours | None, zone: tzinfo) -> QuietSpan | None:
    """The quiet span that `instant` falls in, if any."""
    if quiet_hours is None:
        return None
    span = quiet_span_at_or_before(instant, quiet_hours, zone)
    return span if instant < span.end else None


def parse_quiet_hours(text: str) -> QuietHours | None:
    """Read `23:00-07:00`, `23時〜7時`, `22:30から6時半まで`…; empty, `none` or `なし`: None.

    24:00 is midnight. Raises `InputError` on anything else, and on a start that is its own end.
    """
    plain = half_width(text).strip().replace("時半", "時30分")
    if plain.lower() in NONE_WORDS:
        return None
    found = _SPAN.fullmatch(plain)
    if found is None:
        raise InvalidInputError("reminders-quiet-hours-unreadable", written=excerpt(text))
    start_hour, start_minute, end_hour, end_minute = (int(part or 0) for part in found.groups())
    try:
        start, end = _time(start_hour, start_minute), _time(end_hour, end_minute)
    except ValueError:
        raise InvalidInputError("reminders-quiet-hours-unreadable", written=excerpt(text)) from None
    if start == end:
        raise InvalidInputError("reminders-quiet-hours-no-span", written=excerpt(text))
    return QuietHours(start, end)


def _time(hour: int, minute: int) -> time:
    return time() if (hour, minute) == (24, 0) else time(hour, minute)


def format_quiet_hours(quiet_hours: QuietHours | None) -> str:
    """`23:00-07:00`, empty for none: what `parse_quiet_hours` reads back, to the minute."""
    return f"{quiet_hours.start:%H:%M}-{quiet_hours.end:%H:%M}" if quiet_hours else ""
