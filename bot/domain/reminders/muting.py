"""The reminders of a muted client."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.reminders.plan import Reminder, ReminderKind, Snooze


def without_muted_reminders(
    reminders: Sequence[Reminder], muted_since: datetime, snooze: Snooze | None
) -> tuple[Reminder, ...]:
    """What is left of the reminders of a muted client's window: one that the member has asked for since then."""
    if snooze is None or snooze.asked_at < muted_since:
        return ()
    return tuple(reminder for reminder in reminders if reminder.kind is ReminderKind.SNOOZED)
