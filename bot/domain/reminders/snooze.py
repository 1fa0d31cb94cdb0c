"""Snoozing a window: the choices, and the time of the next reminder."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.reminders.plan import ReminderPreferences
from bot.domain.reminders.quiet_spans import next_morning, quiet_span_containing, quiet_spans_around
from bot.errors import NotAllowedError

SNOOZE: Final = timedelta(hours=1)


class SnoozeChoice(StrEnum):
    """How long a member snoozes a window; a word of `custom_id`."""

    HALF_HOUR = "half-hour"
    TWO_HOURS = "two-hours"
    TOMORROW_MORNING = "tomorrow-morning"


def snooze_options(
    now: datetime, closes_at: datetime, preferences: ReminderPreferences
) -> tuple[tuple[SnoozeChoice, datetime], ...]:
    """The choices before the close with the time of the next reminder, in UTC; none for a closed window.

    The morning is the end of the next quiet hours, or 07:00 in the member's zone without quiet hours.
    """
    now = now.astimezone(UTC)
    nights = quiet_spans_around(now, preferences.quiet_hours, preferences.zone)
    options = (
        (SnoozeChoice.HALF_HOUR, now + timedelta(minutes=30)),
        (SnoozeChoice.TWO_HOURS, now + timedelta(hours=2)),
        (SnoozeChoice.TOMORROW_MORNING, next_morning(now, nights, preferences.zone)),
    )
    return tuple((choice, until) for choice, until in options if until < closes_at)


def snooze_until(now: datetime, closes_at: datetime, preferences: ReminderPreferences) -> datetime:
    """The time of the next reminder after "later", a button of a former version, in whole seconds.

    It is in 1 h, or in half of what remains if that is shorter. Where quiet hours begin meanwhile it is just before
    them; a member who presses the button inside them is awake. Raises `NotAllowedError` when the window has closed.
    """
    now, closes_at = now.astimezone(UTC), closes_at.astimezone(UTC)
    if now >= closes_at:
        raise NotAllowedError("reminders-snooze-closed")
    until = now + min(SNOOZE, (closes_at - now) / 2)
    span = quiet_span_containing(until, preferences.quiet_hours, preferences.zone)
    if span is not None and now < span.start:
        until = span.start - min(timedelta(minutes=1), (span.start - now) / 2)
    return until.replace(microsecond=0) if until.replace(microsecond=0) > now else until
