"""Which of a member's planned reminders one direct message takes: what is due, and what would soon follow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.reminders.plan import ReminderKind
from bot.domain.types import PlannedReminderId, ThreadId

TAKE_ALONG: Final = timedelta(minutes=120)
"""A message takes along the lead times of other windows that are due within so long."""

MAX_WINDOWS: Final = 8
"""Windows that a message has room for; with more due, it counts those that it does not show."""

MAY_BE_EARLY: Final = (ReminderKind.LEAD, ReminderKind.OVERNIGHT)
"""What load spreading may send before its time. The others are due at an instant that the member chose, or at the end
of the quiet hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingReminder:
    """A planned reminder that no delivery has yet."""

    id: PlannedReminderId
    window: tuple[ThreadId, datetime]
    """The thread, and when the window opened."""
    closes_at: datetime
    kind: ReminderKind
    remind_at: datetime


def choose_reminders_for_message(
    waiting: Iterable[WaitingReminder], *, now: datetime, early_until: datetime
) -> list[PlannedReminderId]:
    """The reminders that the next message to one member contains; none if none is due.

    They are everything that is due, and what may be early up to `early_until`; then, while there is room, the notices
    of windows that have closed and the next lead time of each other window within `TAKE_ALONG`. A lead time of a window
    that the message shows for another reason stays, unless it shows the morning list, which stands for all of them.
    """
    due: list[WaitingReminder] = []
    closed: list[WaitingReminder] = []
    following: list[WaitingReminder] = []
    for reminder in sorted(waiting, key=lambda reminder: (reminder.remind_at, reminder.id)):
        if reminder.remind_at <= now or (reminder.kind in MAY_BE_EARLY and reminder.remind_at <= early_until):
            due.append(reminder)
        elif reminder.kind is ReminderKind.CLOSED and reminder.closes_at < now:
            closed.append(reminder)
        elif reminder.kind is ReminderKind.LEAD and reminder.remind_at <= now + TAKE_ALONG:
            following.append(reminder)
    if not due:
        return []
    shown = {reminder.window for reminder in due}
    listed = {reminder.window for reminder in due if reminder.kind is ReminderKind.MORNING}
    chosen = due.copy()
    for reminder in (*closed, *following):
        if reminder.window in listed:
            chosen.append(reminder)
        elif reminder.window not in shown and len(shown) < MAX_WINDOWS:
            shown.add(reminder.window)
            chosen.append(reminder)
    return [reminder.id for reminder in chosen]
