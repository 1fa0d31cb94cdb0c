"""The reminders of a thread under contract, and of a contact request, none of them in the quiet hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.reminders.plan import CLOSES_SOON_AFTER_QUIET, Reminder, ReminderKind, ReminderPreferences
from bot.domain.reminders.quiet_spans import quiet_span_containing
from bot.domain.reply.contracts import (
    CONTACT_WINDOW,
    SILENCE_LIMIT,
    client_silent_since,
    find_contact_request_opening,
    wrote_in_new_thread,
)
from bot.domain.reply.thread_state import ThreadEvent, UnansweredMessages

UNANSWERED_AFTER: Final = timedelta(hours=96)
"""How long after the oldest unanswered message the member is told what 連絡催促 is."""

CONTACT_LEADS: Final = (timedelta(hours=72), timedelta(hours=24), timedelta(hours=4))
"""How long before the window of a contact request closes its reminders are sent."""

NOTICE_TTL: Final = timedelta(days=7)
"""How long the notice of a silent client is still sent where it could not be sent at its time."""


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """The reminders of one window; `opened_at` and their kind and lead identify them in their thread."""

    opened_at: datetime
    closes_at: datetime
    reminders: tuple[Reminder, ...]
    """By `remind_at`."""


def plan_contract_reminders(
    entries: Sequence[ThreadEvent], unanswered: UnansweredMessages | None, preferences: ReminderPreferences
) -> list[WindowPlan]:
    """The reminders of a thread under contract, also of one that needs no reply: a long silence can end the work.

    A message in a new thread ends a silence as a reply does.
    """
    plans: list[WindowPlan] = []
    if unanswered is not None and not wrote_in_new_thread(entries, unanswered.oldest):
        closes_at = unanswered.oldest.astimezone(UTC) + SILENCE_LIMIT
        lead = SILENCE_LIMIT - UNANSWERED_AFTER
        plans.append(
            _plan_window_reminders(ReminderKind.UNANSWERED, unanswered.oldest, closes_at, (lead,), preferences)
        )
    silent_since = client_silent_since(entries)
    if silent_since is not None:
        closes_at = silent_since.astimezone(UTC) + SILENCE_LIMIT + NOTICE_TTL
        plans.append(
            _plan_window_reminders(ReminderKind.CLIENT_SILENT, silent_since, closes_at, (NOTICE_TTL,), preferences)
        )
    return plans


def plan_contact_request_reminders(
    entries: Sequence[ThreadEvent], preferences: ReminderPreferences
) -> list[WindowPlan]:
    """The reminders of the thread's open contact request; none without one."""
    opened_at = find_contact_request_opening(entries)
    if opened_at is None:
        return []
    closes_at = opened_at.astimezone(UTC) + CONTACT_WINDOW
    return [_plan_window_reminders(ReminderKind.CONTACT_REQUEST, opened_at, closes_at, CONTACT_LEADS, preferences)]


def _plan_window_reminders(
    kind: ReminderKind,
    opened_at: datetime,
    closes_at: datetime,
    leads: Sequence[timedelta],
    preferences: ReminderPreferences,
) -> WindowPlan:
    """A reminder for each lead time; of several at one instant the one nearest to the close."""
    opened_at = opened_at.astimezone(UTC)
    planned: dict[datetime, Reminder] = {}
    for lead in leads:
        remind_at = _move_outside_quiet_hours(closes_at - lead, closes_at, preferences)
        if remind_at > opened_at:
            planned[remind_at] = Reminder(kind, lead, remind_at)
    return WindowPlan(opened_at, closes_at, tuple(planned[at] for at in sorted(planned)))


def _move_outside_quiet_hours(at: datetime, closes_at: datetime, preferences: ReminderPreferences) -> datetime:
    """An instant in the quiet hours becomes their end, or where that is late for the close, the evening before."""
    night = quiet_span_containing(at, preferences.quiet_hours, preferences.zone)
    if night is None:
        return at
    return night.end if night.end + CLOSES_SOON_AFTER_QUIET <= closes_at else night.notify_before
