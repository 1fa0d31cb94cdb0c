"""Unanswered threads: reminders, and the buttons of a thread."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.discord_app.features.advice.cards import late_reply_cost
from bot.discord_app.features.recording.picture import reminder_picture
from bot.discord_app.ui import layout
from bot.discord_app.ui.components import Action, ActionButton, Target, action_row
from bot.discord_app.ui.formatting import format_duration, thread_name, timestamp
from bot.domain.reminders.plan import ReminderKind, snooze_until
from bot.domain.reply.impact import LateReplyImpact
from bot.domain.types import MessageId
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.scheduling.ports import Delivery
from bot.services.members import Preferences
from storage.reply_state import UnansweredThread
from storage.threads import Thread

_REPLY_ACTIONS: Final = (Action.REPLIED_NOW, Action.REPLIED_10_MIN_AGO, Action.REPLIED_30_MIN_AGO, Action.REPLIED_AT)


def snooze_time(preferences: Preferences, closes_at: datetime, *, now: datetime) -> datetime | None:
    """When "later" would remind of a window, in the member's zone; None for a closed one."""
    if now >= closes_at:
        return None
    return snooze_until(now, closes_at, preferences.reminders).astimezone(preferences.zone)


def window_buttons(
    texts: Translations, window_id: MessageId, *, snoozed_until: datetime | None
) -> Iterator[layout.LayoutItem]:
    """The buttons of a window; `snoozed_until` is from `snooze_time`."""
    if snoozed_until is None:
        yield action_row(texts, Target.WINDOW, window_id, _REPLY_ACTIONS)
        yield action_row(texts, Target.WINDOW, window_id, (Action.NEW_THREAD, Action.DISMISS))
        return
    yield action_row(texts, Target.WINDOW, window_id, (*_REPLY_ACTIONS, Action.DISMISS))
    label = texts("action-later", at=formatting.format_time(texts, snoozed_until))
    yield layout.row(ActionButton(Target.WINDOW, window_id, Action.SNOOZE, label))


def reminder_card(
    texts: Translations,
    delivery: Delivery,
    *,
    now: datetime,
    snooze_times: Sequence[datetime | None],
    cost: LateReplyImpact | None = None,
) -> layout.Card:
    """A reminder: who waits, and how long is left.

    `snooze_times` are from `snooze_time`, one for each window; `cost` of a late reply, if a window has closed.
    """
    overdue = any(now > item.closes_at for item in delivery.items)
    parts = _reminder_parts(texts, delivery, now, snooze_times, cost)
    return layout.build_card(
        parts, layout.DANGER if overdue else layout.WARNING, partial(reminder_picture, texts, delivery, now)
    )


def _reminder_parts(
    texts: Translations,
    delivery: Delivery,
    now: datetime,
    snooze_times: Sequence[datetime | None],
    cost: LateReplyImpact | None,
) -> Iterator[layout.LayoutItem]:
    overnight = sum(item.kind is ReminderKind.OVERNIGHT for item in delivery.items)
    still_open = sum(now <= item.closes_at for item in delivery.items)
    title = [
        texts("reminder-overnight", count=overnight) if overnight else None,
        texts("reminder-late", span=format_duration(texts, delivery.late_by)) if delivery.late_by else None,
        texts("reminder-title", count=still_open) if still_open else None,
    ]
    yield layout.text(*title) if any(title) else layout.text(texts("reminder-closed-title"))
    for item, snoozed_until in zip(delivery.items, snooze_times, strict=True):
        yield layout.separator()
        name, closes_at = thread_name(texts, item.thread), timestamp(item.closes_at)
        if now > item.closes_at:
            advice = None if cost is None else late_reply_cost(texts, cost)
            yield layout.text(texts("reminder-closed", thread=name, at=closes_at), advice)
        else:
            left = format_duration(texts, item.closes_at - now + timedelta(seconds=59))  # rounded up to whole minutes
            counting = timestamp(item.closes_at, "R")
            yield layout.text(texts("reminder-open", thread=name, left=left, at=closes_at, counting=counting))
        yield from window_buttons(texts, item.window_id, snoozed_until=snoozed_until)


def thread_card(
    texts: Translations,
    unanswered_thread: UnansweredThread,
    *,
    now: datetime,
    snoozed_until: datetime | None,
    cost: LateReplyImpact,
    notice_text: str | None = None,
) -> layout.Card:
    """One unanswered thread with its buttons, below a notice if there is one."""
    overdue = now > unanswered_thread.unanswered.due_at
    return layout.build_card(
        [
            layout.text(
                notice_text,
                _thread_line(texts, unanswered_thread, now, thread_name(texts, unanswered_thread.thread)),
                late_reply_cost(texts, cost) if overdue else None,
            ),
            *window_buttons(texts, unanswered_thread.window_id, snoozed_until=snoozed_until),
        ],
        layout.DANGER if overdue else layout.WARNING,
    )


def _thread_line(texts: Translations, unanswered_thread: UnansweredThread, now: datetime, name: str) -> str:
    unanswered = unanswered_thread.unanswered
    return texts(
        "pending-overdue" if now > unanswered.due_at else "pending-open",
        thread=name,
        since=timestamp(unanswered.oldest),
        at=timestamp(unanswered.due_at),
        counting=timestamp(unanswered.due_at, "R"),
    )


def snoozed_card(texts: Translations, thread: Thread, until: datetime) -> layout.Card:
    """When the member is reminded again."""
    name, at, left = thread_name(texts, thread), timestamp(until, "t"), timestamp(until, "R")
    return layout.notice(texts("snooze-set", thread=name, at=at, left=left))
