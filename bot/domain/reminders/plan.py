"""The reminders of a reply window and their times: a pure function of the window and the member's preferences."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from bot.domain.reminders.quiet_hours import QuietHours
from bot.domain.reminders.quiet_spans import quiet_span_at_or_before, quiet_span_containing

CLOSES_SOON_AFTER_QUIET: Final = timedelta(hours=1)
"""A window that closes at most this long after the quiet hours gets a reminder before them, too."""

DELAY_AFTER_CLOSE: Final = timedelta(seconds=1)
"""At `closes_at` itself a reply is still on time; the message about the close is sent when it no longer is."""


class ReminderKind(StrEnum):
    """The reason why a reminder is sent."""

    LEAD = "lead"
    """A lead time before the window closes."""
    OVERNIGHT = "overnight"
    """The window closes in the quiet hours or soon after: sent before them, instead of the reminders in them."""
    SNOOZED = "snoozed"
    """The member pressed "later"."""
    CLOSED = "closed"
    """The window has closed: no reply and a new thread do not change the rate."""


@dataclass(frozen=True, slots=True)
class ReminderPreferences:
    """The member's choices, or the operator's defaults."""

    lead_times: tuple[timedelta, ...]
    quiet_hours: QuietHours | None
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Snooze:
    """The member pressed "later" at `asked_at`; the next reminder is sent at `until`."""

    asked_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Reminder:
    """One planned reminder. `kind` and `lead` identify it within its window; it is sent at `remind_at`.

    A window has at most one OVERNIGHT and one CLOSED; their lead is zero.
    """

    kind: ReminderKind
    lead: timedelta
    remind_at: datetime


def plan_reminders(
    opened_at: datetime,
    closes_at: datetime,
    preferences: ReminderPreferences,
    *,
    notify_when_closed: bool,
    snooze: Snooze | None = None,
) -> tuple[Reminder, ...]:
    """Every reminder of one window, by `remind_at`, past ones included.

    All of them are outside the quiet hours and before the close, except that CLOSED comes after the close, and SNOOZED
    at the time to which the member agreed. Of several at one instant the one nearest to the close is planned.
    """
    # In UTC: arithmetic on an instant in a member's zone would be done on the wall clock.
    opened_at, closes_at = opened_at.astimezone(UTC), closes_at.astimezone(UTC)
    planned = _plan_before_close(closes_at, preferences)
    if snooze is not None and snooze.until < closes_at:
        until = snooze.until.astimezone(UTC)
        planned = {at: reminder for at, reminder in planned.items() if not snooze.asked_at <= at < until}
        planned[until] = Reminder(ReminderKind.SNOOZED, closes_at - until, until)
    if notify_when_closed:
        closed_at = closes_at + DELAY_AFTER_CLOSE
        span = quiet_span_containing(closed_at, preferences.quiet_hours, preferences.zone)
        remind_at = span.end if span else closed_at
        planned[remind_at] = Reminder(ReminderKind.CLOSED, timedelta(), remind_at)
    return tuple(planned[at] for at in sorted(planned) if at >= opened_at)


def _plan_before_close(closes_at: datetime, preferences: ReminderPreferences) -> dict[datetime, Reminder]:
    """The reminders of the lead times and OVERNIGHT, by `remind_at`."""
    quiet_hours, zone = preferences.quiet_hours, preferences.zone
    night = quiet_span_at_or_before(closes_at, quiet_hours, zone) if quiet_hours else None
    if night is not None and closes_at > night.end + CLOSES_SOON_AFTER_QUIET:
        night = None
    planned: dict[datetime, Reminder] = {}
    for lead in sorted(preferences.lead_times, reverse=True):
        span = quiet_span_containing(closes_at - lead, quiet_hours, zone)
        if span is None or span != night:
            remind_at = span.notify_before if span else closes_at - lead
            planned[remind_at] = Reminder(ReminderKind.LEAD, lead, remind_at)
    if night is not None:
        planned[night.notify_before] = Reminder(ReminderKind.OVERNIGHT, timedelta(), night.notify_before)
    return planned
