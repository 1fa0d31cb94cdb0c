"""What stays to come where other quiet hours or another zone put all that is left of a plan into the past."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.calendar import MICROSECOND
from bot.domain.reminders.contract_plan import WindowPlan
from bot.domain.reminders.plan import CONTRACT_REMINDER_KINDS, Reminder, ReminderKind, ReminderPreferences
from bot.domain.reminders.quiet_spans import quiet_span_containing


def keep_reminder_to_come(
    plan: WindowPlan, waiting: Sequence[Reminder], preferences: ReminderPreferences, *, now: datetime
) -> WindowPlan:
    """The plan, with a later instant for what would be lost: the evening card of a night that now begins in 15 minutes.

    `waiting`: what is planned so far for the window. Whatever of it the new plan has in the past stays to come; so does
    the last of what comes before the close, of the notice after it, or of a kind about a contract, in place of others.
    It comes at the instant of what was planned, or, where that is in the quiet hours now, at once or at their end; no
    longer where that is after the close. The instants of lead times do not depend on quiet hours.
    """
    reminders: list[Reminder] = []
    for index, reminder in enumerate(plan.reminders):
        group = _group(reminder.kind)
        instants: list[datetime] = []
        if reminder.remind_at <= now and reminder.kind not in {ReminderKind.LEAD, ReminderKind.SNOOZED}:
            is_last = all(_group(following.kind) is not group for following in plan.reminders[index + 1 :])
            alike = [other for other in waiting if _group(other.kind) is group]
            instants = [other.remind_at for other in alike if is_last or other.kind is reminder.kind]
        if not instants:
            reminders.append(reminder)
            continue
        remind_at = _outside_quiet_hours(min(instants), preferences, now=now)
        if group is ReminderKind.CLOSED or remind_at < plan.closes_at:
            reminders.append(replace(reminder, remind_at=remind_at))
    return replace(plan, reminders=tuple(reminders))


def _group(kind: ReminderKind) -> ReminderKind | None:
    """Of which kinds one stands for another: all that come before the close of a reply window."""
    return kind if kind is ReminderKind.CLOSED or kind in CONTRACT_REMINDER_KINDS else None


def _outside_quiet_hours(at: datetime, preferences: ReminderPreferences, *, now: datetime) -> datetime:
    """An instant that is not in the quiet hours; instead of one that is, the present or the end of them."""
    if quiet_span_containing(at, preferences.quiet_hours, preferences.zone) is None:
        return at
    span = quiet_span_containing(now, preferences.quiet_hours, preferences.zone)
    return now + MICROSECOND if span is None else span.end
