"""The nights of a member: each span of quiet hours as two instants, also where a clock change lies in it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from bot.domain.calendar import ONE_DAY
from bot.domain.reminders.quiet_hours import QuietHours

BEFORE_QUIET: Final = timedelta(minutes=30)
"""The reminder about a night goes out this long before it starts."""

MORNING: Final = time(7)
"""When the morning begins for a member without quiet hours."""


@dataclass(frozen=True, slots=True)
class QuietSpan:
    """One night of quiet hours, in UTC: `start` belongs to it, `end` does not."""

    start: datetime
    end: datetime
    notify_before: datetime
    """When reminders are sent that the span would delay; never in the span before, however long that is."""


def quiet_span_at_or_before(instant: datetime, quiet_hours: QuietHours, zone: tzinfo) -> QuietSpan:
    """The quiet span that contains `instant`, or the last one before it.

    A boundary that a clock change skips or repeats makes its span longer: it starts at the earlier reading and ends at
    the later one. Adjoining spans are one.
    """
    today = instant.astimezone(zone).date()
    nights = ONE_DAY if quiet_hours.start > quiet_hours.end else timedelta()
    spans: list[QuietSpan] = []
    for number in range(-3, 2):
        day = today + number * ONE_DAY
        start = min(_possible_instants(day, quiet_hours.start, zone))
        end = max(_possible_instants(day + nights, quiet_hours.end, zone))
        notify_before = start - BEFORE_QUIET
        if spans and start <= spans[-1].end:
            spans.append(replace(spans.pop(), end=end))
        elif start <= instant:
            spans.append(QuietSpan(start, end, max(notify_before, spans[-1].end) if spans else notify_before))
    return spans[-1]


def _possible_instants(day: date, at: time, zone: tzinfo) -> tuple[datetime, datetime]:
    local = datetime.combine(day, at, zone)
    return local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC)


def quiet_span_containing(instant: datetime, quiet_hours: QuietHours | None, zone: tzinfo) -> QuietSpan | None:
    """The quiet span that contains `instant`, if any."""
    if quiet_hours is None:
        return None
    span = quiet_span_at_or_before(instant, quiet_hours, zone)
    return span if instant < span.end else None


def next_quiet_span(instant: datetime, quiet_hours: QuietHours, zone: tzinfo) -> QuietSpan:
    """The first quiet span that starts after `instant`."""
    today = instant.astimezone(zone).date()
    for number in range(4):
        start = min(_possible_instants(today + number * ONE_DAY, quiet_hours.start, zone))
        span = quiet_span_at_or_before(start, quiet_hours, zone)
        if span.start > instant:
            return span
    raise AssertionError


def next_morning(instant: datetime, quiet_hours: QuietHours | None, zone: tzinfo) -> datetime:
    """The first end of quiet hours after `instant`; without quiet hours the next 07:00 in the zone."""
    today = instant.astimezone(zone).date()
    for number in range(4):
        day = today + number * ONE_DAY
        if quiet_hours is None:
            morning = max(_possible_instants(day, MORNING, zone))
        else:
            morning = quiet_span_at_or_before(
                max(_possible_instants(day, quiet_hours.end, zone)), quiet_hours, zone
            ).end
        if morning > instant:
            return morning
    raise AssertionError
