"""Which reminders a window gets, and when: always a function of the window and the member's preferences."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from bot.domain.reminders.quiet_hours import QuietHours, quiet_span_at_or_before, quiet_span_containing
from bot.errors import NotAllowedError

CLOSES_SOON_AFTER_QUIET: Final = timedelta(hours=1)
"""A window that closes this soon after the quiet hours is announced before them, too."""

DELAY_AFTER_CLOSE: Final = timedelta(seconds=1)
"""At `closes_at` itself a reply is still on time; the closed message speaks when it no longer is."""

SNOOZE: Final = timedelta(hours=1)


class ReminderKind(StrEnum):
    """Why a reminder is sent."""

    LEAD = "lead"
    """A lead time before the window closes."""
    OVERNIGHT = "overnight"
    """The window closes while the member sleeps: told before the quiet hours start, in place of what they hide."""
    SNOOZED = "snoozed"
    """The member pressed "later"."""
    CLOSED = "closed"
    """The window has closed: the two neutral ways on."""


@dataclass(frozen=True, slots=True)
class ReminderPreferences:
    """What a member chose, or the operator's defaults."""

    lead_times: tuple[timedelta, ...]
    quiet_hours: QuietHours | None
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Snooze:
    """The member pressed "later" at `asked_at`, and wants the next word at `until`."""

    asked_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Reminder:
    """One occurrence as planned. `kind` and `lead` name it within its window; `remind_at` is when it goes out.

    A window has one OVERNIGHT and one CLOSED at most; their lead is zero.
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
    """Every reminder of one window, by `remind_at`, whether past or to come (who stores them drops what is past).

    All of it outside the nights and before the close, but that CLOSED comes after it, and SNOOZED when the member
    agreed to it. Of several at one instant the one nearest to the close stands for all.
    """
    # In UTC: arithmetic on an instant in a member's zone would move the hands of the clock.
    opened_at, closes_at = opened_at.astimezone(UTC), closes_at.astimezone(UTC)
    planned = {each.remind_at: each for each in _before_close(closes_at, preferences)}
    if snooze is not None and snooze.until < closes_at:
        until = snooze.until.astimezone(UTC)
        planned = {at: each for at, each in planned.items() if not snooze.asked_at <= at < until}
        planned[until] = Reminder(ReminderKind.SNOOZED, closes_at - until, until)
    if notify_when_closed:
        closed = _closed(closes_at, preferences)
        planned[closed.remind_at] = closed
    return tuple(planned[at] for at in sorted(planned) if at >= opened_at)


def _before_close(closes_at: datetime, preferences: ReminderPreferences) -> Iterator[Reminder]:
    """Longest lead time first."""
    quiet_hours, zone = preferences.quiet_hours, preferences.zone
    night = quiet_span_at_or_before(closes_at, quiet_hours, zone) if quiet_hours else None
    overnight = night is not None and closes_at <= night.end + CLOSES_SOON_AFTER_QUIET
    for lead in sorted(preferences.lead_times, reverse=True):
        remind_at = closes_at - lead
        span = quiet_span_containing(remind_at, quiet_hours, zone)
        if span is None:
            yield Reminder(ReminderKind.LEAD, lead, remind_at)
        elif not (overnight and span == night):
            yield Reminder(ReminderKind.LEAD, lead, span.notify_before)
    if overnight and night is not None:
        yield Reminder(ReminderKind.OVERNIGHT, timedelta(), night.notify_before)


def _closed(closes_at: datetime, preferences: ReminderPreferences) -> Reminder:
    remind_at = closes_at + DELAY_AFTER_CLOSE
    night = quiet_span_containing(remind_at, preferences.quiet_hours, preferences.zone)
    return Reminder(ReminderKind.CLOSED, timedelta(), night.end if night else remind_at)


def snooze_until(now: datetime, closes_at: datetime, preferences: ReminderPreferences) -> datetime:
    """When "later" comes: in 1 h or half of what remains, whichever is shorter, in whole seconds.

    Not in quiet hours that begin meanwhile (then just before them); a member who presses it inside them is awake.
    Raises `RefusedError` when the window has closed.
    """
    now, closes_at = now.astimezone(UTC), closes_at.astimezone(UTC)
    if now >= closes_at:
        raise NotAllowedError("reminders-snooze-closed")
    until = now + min(SNOOZE, (closes_at - now) / 2)
    night = quiet_span_containing(until, preferences.quiet_hours, preferences.zone)
    if night is not None and now < night.start:
        until = night.start - min(timedelta(minutes=1), (night.start - now) / 2)
    return until.replace(microsecond=0) if until.replace(microsecond=0) > now else until
