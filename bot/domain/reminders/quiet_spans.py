"""The nights of a member: each span of quiet hours as two instants, also where a clock change lies in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from bot.domain.calendar import ONE_DAY
from bot.domain.reminders.quiet_hours import QuietHours

BEFORE_QUIET: Final = timedelta(minutes=30)
"""The reminder about a night goes out this long before it starts."""

MORNING: Final = time(7)
"""When the morning begins for a member without quiet hours."""

MAX_REMEMBERED_DAYS: Final = 256
"""Days, each with quiet hours and a zone, whose nights are remembered: most members have the operator's defaults."""


@dataclass(frozen=True, slots=True)
class QuietSpan:
    """One night of quiet hours, in UTC: `start` belongs to it, `end` does not."""

    start: datetime
    end: datetime
    notify_before: datetime
    """When reminders are sent that the span would delay; never in the span before, however long that is."""


def quiet_spans_around(instant: datetime, quiet_hours: QuietHours | None, zone: tzinfo) -> Sequence[QuietSpan]:
    """The quiet spans from two days before `instant` to two days after it, in order; none without quiet hours.

    A boundary that a clock change skips or repeats makes its span longer: it starts at the earlier reading and ends at
    the later one. Adjoining spans are one.
    """
    return () if quiet_hours is None else _quiet_spans_around_day(instant.astimezone(zone).date(), quiet_hours, zone)


@lru_cache(MAX_REMEMBERED_DAYS)
def _quiet_spans_around_day(today: date, quiet_hours: QuietHours, zone: tzinfo) -> tuple[QuietSpan, ...]:
    nights = ONE_DAY if quiet_hours.start > quiet_hours.end else timedelta()
    spans: list[QuietSpan] = []
    for number in range(-3, 4):
        day = today + number * ONE_DAY
        start = min(_possible_instants(day, quiet_hours.start, zone))
        end = max(_possible_instants(day + nights, quiet_hours.end, zone))
        notify_before = start - BEFORE_QUIET
        if spans and start <= spans[-1].end:
            spans.append(replace(spans.pop(), end=end))
        else:
            spans.append(QuietSpan(start, end, max(notify_before, spans[-1].end) if spans else notify_before))
    return tuple(spans)


def quiet_spans_in_window(
    opens_at: datetime, closes_at: datetime, quiet_hours: QuietHours | None, zone: tzinfo
) -> list[QuietSpan]:
    """The quiet spans that overlap a reply window, the last ones first."""
    spans = quiet_spans_around(closes_at, quiet_hours, zone)
    return [span for span in reversed(spans) if span.start < closes_at and span.end > opens_at]


def last_begun_quiet_span(nights: Sequence[QuietSpan], instant: datetime) -> QuietSpan | None:
    """Of the nights around, the one that contains `instant` or else the last one before it; None of none."""
    for night in reversed(nights):
        if night.start <= instant:
            return night
    return None


def _possible_instants(day: date, at: time, zone: tzinfo) -> tuple[datetime, datetime]:
    local = datetime.combine(day, at, zone)
    return local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC)


def quiet_span_containing(instant: datetime, quiet_hours: QuietHours | None, zone: tzinfo) -> QuietSpan | None:
    """The quiet span that contains `instant`, if any."""
    night = last_begun_quiet_span(quiet_spans_around(instant, quiet_hours, zone), instant)
    return night if night is not None and instant < night.end else None


def next_quiet_span(instant: datetime, quiet_hours: QuietHours, zone: tzinfo) -> QuietSpan:
    """The first quiet span that starts after `instant`."""
    return next(span for span in quiet_spans_around(instant, quiet_hours, zone) if span.start > instant)


def next_morning(instant: datetime, nights: Sequence[QuietSpan], zone: tzinfo) -> datetime:
    """The first end of the nights around `instant` that is after it; without nights the next 07:00 in the zone."""
    for night in nights:
        if night.end > instant:
            return night.end
    today = instant.astimezone(zone).date()
    mornings = (max(_possible_instants(today + number * ONE_DAY, MORNING, zone)) for number in range(3))
    return next(morning for morning in mornings if morning > instant)
