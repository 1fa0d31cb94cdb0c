"""The reminders of a reply window and their times: a pure function of the window and the member's preferences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from bot.domain.reminders.quiet_hours import QuietHours
from bot.domain.reminders.quiet_spans import (
    QuietSpan,
    last_begun_quiet_span,
    next_morning,
    next_quiet_span,
    quiet_spans_around,
)

CLOSES_SOON_AFTER_QUIET: Final = timedelta(hours=1)
"""A window that closes sooner than this after the quiet hours is reminded of before them, too."""

DELAY_AFTER_CLOSE: Final = timedelta(seconds=1)
"""At `closes_at` itself a reply is still on time; from so long after it, a card shows that it no longer is."""

MIN_GAP: Final = timedelta(minutes=90)
"""The least time between the MORNING reminder of a window and its LEAD reminders."""


class ReminderKind(StrEnum):
    """The reason why a reminder is sent."""

    LEAD = "lead"
    """A lead time before the window closes."""
    OVERNIGHT = "overnight"
    """The window closes in the quiet hours or soon after: sent before them, instead of all lead times."""
    MORNING = "morning"
    """On the list at the end of the quiet hours, instead of the lead times that follow, except the last one."""
    SNOOZED = "snoozed"
    """The member pressed "later"."""
    CLOSED = "closed"
    """The window has closed: no reply and a new thread do not change the rate. No message is sent for it alone before
    the next morning: an earlier one to the member takes it along."""
    UNANSWERED = "unanswered"
    """Under contract, and unanswered for 96 hours. This and the next two: bot/domain/reminders/contract_plan.py."""
    CLIENT_SILENT = "client_silent"
    """Under contract, and the client has not replied for seven days."""
    CONTACT_REQUEST = "contact_request"
    """A lead time before the window of a contact request closes."""


CONTRACT_REMINDER_KINDS: Final = frozenset(
    {ReminderKind.UNANSWERED, ReminderKind.CLIENT_SILENT, ReminderKind.CONTACT_REQUEST}
)
"""Kinds that are about no reply window."""


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

    A window has at most one OVERNIGHT, one MORNING and one CLOSED; their lead is zero.
    """

    kind: ReminderKind
    lead: timedelta
    remind_at: datetime


def night_windows_span(instant: datetime, preferences: ReminderPreferences) -> tuple[datetime, datetime] | None:
    """The span in which windows close that OVERNIGHT announces for the coming night; None without quiet hours."""
    if preferences.quiet_hours is None:
        return None
    night = next_quiet_span(instant, preferences.quiet_hours, preferences.zone)
    return night.start, night.end + CLOSES_SOON_AFTER_QUIET


def plan_reminders(
    opened_at: datetime,
    closes_at: datetime,
    preferences: ReminderPreferences,
    *,
    notify_when_closed: bool,
    known_at: datetime | None = None,
    snooze: Snooze | None = None,
) -> tuple[Reminder, ...]:
    """Every reminder of one window, by `remind_at`, past ones included.

    All of them are outside the quiet hours and before the close, except that CLOSED comes after the close, and SNOOZED
    at the time to which the member agreed. A snooze replaces what is planned at the same instant.
    `known_at` is when the window was recorded, if that was after it opened: nothing is planned before that.
    """
    # In UTC: arithmetic on an instant in a member's zone would be done on the wall clock.
    opened_at, closes_at = opened_at.astimezone(UTC), closes_at.astimezone(UTC)
    zone = preferences.zone
    nights = quiet_spans_around(closes_at, preferences.quiet_hours, zone)
    planned = _plan_before_close(max(opened_at, known_at or opened_at), closes_at, preferences.lead_times, nights)
    if snooze is not None and snooze.until < closes_at:
        until = snooze.until.astimezone(UTC)
        for at in [*planned]:
            if snooze.asked_at <= at < until:
                del planned[at]
        planned[until] = Reminder(ReminderKind.SNOOZED, closes_at - until, until)
    if notify_when_closed:
        remind_at = next_morning(closes_at, nights, zone)
        planned[remind_at] = Reminder(ReminderKind.CLOSED, timedelta(), remind_at)
    return tuple(planned[at] for at in sorted(planned) if at >= opened_at)


def _plan_before_close(
    known_at: datetime, closes_at: datetime, lead_times: Iterable[timedelta], nights: Sequence[QuietSpan]
) -> dict[datetime, Reminder]:
    """LEAD, OVERNIGHT and MORNING by `remind_at`; `nights` are those around the close, none without quiet hours."""
    leads: dict[datetime, Reminder] = {}
    for lead in lead_times:
        remind_at = closes_at - lead
        night = last_begun_quiet_span(nights, remind_at)
        if remind_at > known_at and (night is None or remind_at >= night.end):
            leads[remind_at] = Reminder(ReminderKind.LEAD, lead, remind_at)
    night = last_begun_quiet_span(nights, closes_at)
    if night is None:
        return leads
    if closes_at < night.end + CLOSES_SOON_AFTER_QUIET:
        if night.notify_before > known_at:
            return {night.notify_before: Reminder(ReminderKind.OVERNIGHT, timedelta(), night.notify_before)}
        leads = {}
    return _replace_leads_by_morning(leads, night.end) if known_at < night.end < closes_at else leads


def _replace_leads_by_morning(leads: dict[datetime, Reminder], morning: datetime) -> dict[datetime, Reminder]:
    """MORNING instead of the lead times from then on but the last; it stands for those hidden by quiet hours, too."""
    last = max(leads, default=morning)
    for at in sorted(leads):
        if morning - MIN_GAP <= at < morning:
            return leads
        if at >= morning and (at != last or at <= morning + MIN_GAP):
            del leads[at]
    leads[morning] = Reminder(ReminderKind.MORNING, timedelta(), morning)
    return leads


def without_muted_reminders(
    reminders: Sequence[Reminder], muted_since: datetime, snooze: Snooze | None
) -> tuple[Reminder, ...]:
    """What is left of the reminders of a muted client's window: one that the member has asked for since then."""
    if snooze is None or snooze.asked_at < muted_since:
        return ()
    return tuple(reminder for reminder in reminders if reminder.kind is ReminderKind.SNOOZED)
