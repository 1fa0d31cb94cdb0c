"""Which reminders a window gets, and when: always a function of the window and the member's preferences."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum


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
class QuietHours:
    """Local times between which nothing is sent; `start` may lie after `end` (over midnight)."""

    start: time
    end: time


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
    """One occurrence as planned. `lead` names it within its window; `remind_at` is when it goes out."""

    kind: ReminderKind
    lead: timedelta
    remind_at: datetime


def plan(
    opened_at: datetime,
    closes_at: datetime,
    preferences: ReminderPreferences,
    *,
    announce_close: bool,
    snooze: Snooze | None = None,
) -> tuple[Reminder, ...]:
    """Every reminder of one window, by `remind_at`, whether past or to come (who stores them drops what is past)."""
    raise NotImplementedError
