"""When a member sleeps, as spans between instants."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

BEFORE_QUIET: Final = timedelta(minutes=30)
"""How long before the quiet hours the evening's word goes out (issue: 30 minutes before they start)."""

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local times between which nothing is sent; over midnight when `start` lies after `end`. Never equal."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class QuietSpan:
    """One night of quiet hours: `start` belongs to it, `end` does not."""

    start: datetime
    end: datetime

    @property
    def evening(self) -> datetime:
        """The moment before it when what it hides is told, in what is left of the day if that is short."""
        awake = DAY - (self.end - self.start)
        return self.start - min(BEFORE_QUIET, awake / 2)


def last_span(instant: datetime, quiet_hours: QuietHours, zone: tzinfo) -> QuietSpan:
    """The quiet span around `instant`, or the last one before it."""
    today = instant.astimezone(zone).date()
    over_midnight = quiet_hours.start > quiet_hours.end
    span = None
    for day in (today - 2 * DAY, today - DAY, today):
        start = datetime.combine(day, quiet_hours.start, zone)
        end = datetime.combine(day + DAY if over_midnight else day, quiet_hours.end, zone)
        if start <= instant or span is None:
            span = QuietSpan(start.astimezone(instant.tzinfo), end.astimezone(instant.tzinfo))
    assert span is not None, "three days hold a start"  # noqa: S101 — narrows the type
    return span


def span_around(instant: datetime, quiet_hours: QuietHours | None, zone: tzinfo) -> QuietSpan | None:
    """The quiet span that `instant` falls in, if any."""
    if quiet_hours is None:
        return None
    span = last_span(instant, quiet_hours, zone)
    return span if span.start <= instant < span.end else None
