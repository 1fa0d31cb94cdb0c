"""Unanswered threads: reminders, the list of /pending, and the buttons of a thread."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.discord_app.features.advice.cards import follow_up_warnings, late_reply_cost
from bot.discord_app.features.pending.reminder_title import reminder_title
from bot.discord_app.features.recording.picture import reminder_picture
from bot.discord_app.ui import layout
from bot.discord_app.ui.components import Action, ActionButton, Target, action_row, pagination
from bot.discord_app.ui.formatting import format_duration, short_name, thread_name, timestamp
from bot.domain.reminders.merging import MAX_WINDOWS
from bot.domain.reminders.snooze import snooze_until
from bot.domain.reply.impact import LateReplyImpact
from bot.domain.types import MessageId
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.scheduling.ports import Delivery
from bot.services.members import Preferences
from bot.services.status import Pending
from storage.reply_state import UnansweredThread
from storage.threads import Thread

MAX_FULL_WINDOWS: Final = 3
"""A window with all its buttons takes ten of the 40 components that a message may have."""

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
    tonight: Sequence[Thread] = (),
) -> layout.Card:
    """A reminder: who waits, and how long is left.

    `snooze_times` are from `snooze_time`, one for each window; `cost` of a late reply, if a window has closed;
    `tonight`: what closes in the coming night, for the morning list.
    """
    overdue = any(now > item.closes_at for item in delivery.items)
    kinds = [item.kind for item in delivery.items]
    title = reminder_title(texts, kinds, delivery.waiting, late_by=delivery.late_by, tonight=tonight)
    shown = _reminder_parts if len(delivery.items) <= MAX_FULL_WINDOWS else _list_parts
    parts = [layout.text(*title), *shown(texts, delivery, now, snooze_times, cost)]
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


def _list_parts(
    texts: Translations,
    delivery: Delivery,
    now: datetime,
    snooze_times: Sequence[datetime | None],  # noqa: ARG001 — the parts of a short reminder have them
    cost: LateReplyImpact | None,
) -> Iterator[layout.LayoutItem]:
    """One line and one button for each window, and how many more there are."""
    for item in delivery.items[:MAX_WINDOWS]:
        name, closes_at = short_name(texts, item.thread), timestamp(item.closes_at)
        if now > item.closes_at:
            line = texts("reminder-closed-line", thread=name, at=closes_at)
        else:
            left = format_duration(texts, item.closes_at - now + timedelta(seconds=59))
            counting = timestamp(item.closes_at, "R")
            line = texts("reminder-open", thread=name, left=left, at=closes_at, counting=counting)
        button = ActionButton(Target.WINDOW, item.window_id, Action.VIEW_THREAD, texts("action-open"))
        yield layout.section_with_button(line, button)
    if others := len(delivery.items[MAX_WINDOWS:]):
        yield layout.text(texts("reminder-others", count=others))
    if cost is not None:
        yield layout.text(late_reply_cost(texts, cost))


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


def pending_card(texts: Translations, pending: Pending, *, now: datetime) -> layout.Card:
    """A page of the unanswered threads, the most urgent first, then the dismissed ones where a reply would be late."""
    warnings: list[layout.LayoutItem] = []
    if pending.follow_up_warnings:
        warnings = [layout.text(follow_up_warnings(texts, pending.follow_up_warnings, pending.cost))]
    if not pending.waiting:
        return layout.build_card([layout.text(texts("pending-none")), *warnings], layout.SUCCESS)
    parts: list[layout.LayoutItem] = [layout.text(texts("pending-title", count=pending.counts.total))]
    for thread in pending.waiting:
        button = ActionButton(Target.WINDOW, thread.window_id, Action.VIEW_THREAD, texts("action-open"))
        parts.append(
            layout.section_with_button(_thread_line(texts, thread, now, short_name(texts, thread.thread)), button)
        )
    parts += pagination(texts, Target.PENDING_LIST, pending.page, pending.pages)
    if any(now > thread.unanswered.due_at for thread in pending.waiting):
        parts.append(layout.text(late_reply_cost(texts, pending.cost)))
    return layout.build_card([*parts, *warnings], layout.DANGER if pending.counts.overdue else layout.INFO)


def snoozed_card(texts: Translations, thread: Thread, until: datetime) -> layout.Card:
    """When the member is reminded again."""
    name, at, left = thread_name(texts, thread), timestamp(until, "t"), timestamp(until, "R")
    return layout.notice(texts("snooze-set", thread=name, at=at, left=left))
