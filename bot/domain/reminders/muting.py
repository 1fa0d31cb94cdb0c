"""The reminders of a muted client."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.reminders.plan import Reminder, ReminderKind, Snooze


def without_muted(
    reminders: Sequence[Reminder], muted_since: datetime | None, snooze: Snooze | None
) -> tuple[Reminder, ...]:
    """The reminders of a window; of a muted client's only one that the member has asked for since then."""
    if muted_since is None:
        return tuple(reminders)
    if snooze is None or snooze.asked_at < muted_since:
        return ()
    return tuple(reminder for reminder in reminders if reminder.kind is ReminderKind.SNOOZED)
