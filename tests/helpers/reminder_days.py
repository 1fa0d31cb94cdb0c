"""Days of a member as the plan and the merging of reminders play them: which messages are sent, without sending any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.reminders.merging import WaitingReminder, choose_reminders_for_message
from bot.domain.reminders.plan import ReminderKind, ReminderPreferences, plan_reminders
from bot.domain.reply.thread_state import REPLY_WINDOW
from bot.domain.types import PlannedReminderId, ThreadId

SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class SentMessage:
    """One direct message: the windows by number, each with the kinds of its reminders."""

    at: datetime
    windows: Mapping[int, frozenset[ReminderKind]]


def play(
    received: Sequence[datetime],
    preferences: ReminderPreferences,
    *,
    replied: Sequence[datetime | None] | None = None,
) -> list[SentMessage]:
    """The messages about windows that open at `received`; each answered at its instant of `replied`, or never."""
    waiting: dict[PlannedReminderId, WaitingReminder] = {}
    for number, opened_at in enumerate(received):
        closes_at = opened_at + REPLY_WINDOW
        for reminder in plan_reminders(opened_at, closes_at, preferences, notify_when_closed=True):
            reminder_id = PlannedReminderId(len(waiting))
            waiting[reminder_id] = WaitingReminder(
                id=reminder_id,
                window=(ThreadId(number), opened_at),
                closes_at=closes_at,
                kind=reminder.kind,
                remind_at=reminder.remind_at,
            )
    sent = []
    while waiting:
        now = min(reminder.remind_at for reminder in waiting.values())
        open_now = [
            reminder
            for reminder in waiting.values()
            if reminder.window[1] <= now and not _is_replied(replied, reminder.window[0], now)
        ]
        chosen = [
            waiting[reminder_id] for reminder_id in choose_reminders_for_message(open_now, now=now, early_until=now)
        ]
        if chosen:
            windows = {int(reminder.window[0]) for reminder in chosen}
            shown = {
                number: frozenset(reminder.kind for reminder in chosen if reminder.window[0] == number)
                for number in windows
            }
            sent.append(SentMessage(now, shown))
        ended = {reminder.id for reminder in chosen} | {
            reminder.id for reminder in waiting.values() if reminder.remind_at <= now
        }
        waiting = {reminder_id: waiting[reminder_id] for reminder_id in waiting.keys() - ended}
    return sent


def _is_replied(replied: Sequence[datetime | None] | None, number: int, now: datetime) -> bool:
    replied_at = replied[number] if replied else None
    return replied_at is not None and replied_at <= now
