"""What waits: reminders, the list, and what can be said to each thread."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import discord
from discord import ui

from bot.discord_app.features.advice.cards import follow_up_warnings, late_reply_cost
from bot.discord_app.features.recording.picture import reminder_picture
from bot.discord_app.ui.components import Action, ActionButton, Target, action_buttons, pagination_buttons
from bot.discord_app.ui.formatting import (
    format_duration,
    short_name,
    thread_name,
    timestamp_full,
    timestamp_relative,
    timestamp_time,
)
from bot.discord_app.ui.layout import (
    DANGER,
    INFO,
    MUTED,
    SUCCESS,
    WARNING,
    LayoutItem,
    build_card,
    row,
    section_with_button,
    separator,
    text,
)
from bot.domain.reminders.plan import ReminderKind
from bot.domain.reply.impact import LateReplyImpact
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.scheduling.ports import Delivery
from bot.services.status import Pending
from storage.reply_state import UnansweredThread
from storage.threads import Thread

PAGE_SIZE: Final = 8
"""Threads on one page: each takes a text, a button and what holds them together."""

_REPLY_ACTIONS: Final = (Action.REPLIED_NOW, Action.REPLIED_10_MIN_AGO, Action.REPLIED_30_MIN_AGO, Action.REPLIED_AT)


def thread_buttons(texts: Translations, thread: Thread, *, snooze_until: datetime | None) -> Iterator[LayoutItem]:
    """What can be said to a thread; `later`: when "later" reminds (member's zone), None once it has closed."""
    if snooze_until is None:
        yield row(*action_buttons(texts, Target.THREAD, thread.id, _REPLY_ACTIONS))
        yield row(*action_buttons(texts, Target.THREAD, thread.id, (Action.NEW_THREAD, Action.DISMISS)))
        return
    yield row(*action_buttons(texts, Target.THREAD, thread.id, (*_REPLY_ACTIONS, Action.DISMISS)))
    yield row(
        ActionButton(
            Target.THREAD, thread.id, Action.SNOOZE, texts("act-later", at=formatting.format_time(texts, snooze_until))
        )
    )


def reminder_card(
    texts: Translations,
    delivery: Delivery,
    *,
    now: datetime,
    snooze_times: Sequence[datetime | None],
    cost: LateReplyImpact | None = None,
) -> ui.LayoutView:
    """A reminder: one glance tells who, and how long is left.

    `laters` as in `actions`, one for each window; `cost`: what a late reply would do, where a window has closed.
    """
    parts = _reminder(texts, delivery, now, snooze_times, cost)
    return build_card(parts, _accent_colour(delivery, now), partial(reminder_picture, texts, delivery, now))


def _accent_colour(delivery: Delivery, now: datetime) -> discord.Colour:
    return DANGER if any(now > each.closes_at for each in delivery.items) else WARNING


def _reminder(
    texts: Translations,
    delivery: Delivery,
    now: datetime,
    snooze_times: Sequence[datetime | None],
    cost: LateReplyImpact | None,
) -> Iterator[LayoutItem]:
    overnight = sum(each.kind is ReminderKind.OVERNIGHT for each in delivery.items)
    closed = sum(now > each.closes_at for each in delivery.items)
    yield (
        text(
            texts("reminder-overnight", count=overnight) if overnight else None,
            texts("reminder-late", span=format_duration(texts, delivery.late_by)) if delivery.late_by else None,
            texts("reminder-title", count=len(delivery.items) - closed) if closed < len(delivery.items) else None,
        )
        if overnight or delivery.late_by or closed < len(delivery.items)
        else text(texts("reminder-closed-title"))
    )
    for each, snooze_until in zip(delivery.items, snooze_times, strict=True):
        yield separator()
        name = thread_name(texts, each.thread)
        if now > each.closes_at:
            advice = None if cost is None else late_reply_cost(texts, cost)
            yield text(texts("reminder-closed", thread=name, at=timestamp_full(each.closes_at)), advice)
        else:
            left = format_duration(texts, each.closes_at - now + timedelta(seconds=59))  # a whole minute that has begun
            yield text(
                texts(
                    "reminder-open",
                    thread=name,
                    left=left,
                    at=timestamp_full(each.closes_at),
                    counting=timestamp_relative(each.closes_at),
                )
            )
        yield from thread_buttons(texts, each.thread, snooze_until=snooze_until)


def thread_card(
    texts: Translations,
    pending_thread: UnansweredThread,
    *,
    now: datetime,
    snooze_until: datetime | None,
    cost: LateReplyImpact,
) -> ui.LayoutView:
    """One thread that waits, with everything that can be said to it."""
    overdue = now > pending_thread.unanswered.due_at
    return build_card(
        [
            text(
                _thread_line(texts, pending_thread, now, thread_name(texts, pending_thread.thread)),
                late_reply_cost(texts, cost) if overdue else None,
            ),
            *thread_buttons(texts, pending_thread.thread, snooze_until=snooze_until),
        ],
        DANGER if overdue else WARNING,
    )


def _thread_line(texts: Translations, pending_thread: UnansweredThread, now: datetime, name: str) -> str:
    unanswered = pending_thread.unanswered
    return texts(
        "pending-overdue" if now > unanswered.due_at else "pending-open",
        thread=name,
        since=timestamp_full(unanswered.oldest),
        at=timestamp_full(unanswered.due_at),
        counting=timestamp_relative(unanswered.due_at),
    )


def pending_card(texts: Translations, pending: Pending, *, now: datetime, page: int = 0) -> ui.LayoutView:
    """The threads that wait, the most urgent first, a button each, in pages; then where a trap lies."""
    pending_thread, traps = (
        pending.waiting,
        [text(follow_up_warnings(texts, pending.follow_up_warnings, pending.cost))]
        if pending.follow_up_warnings
        else [],
    )
    if not pending_thread:
        return build_card([text(texts("pending-none")), *traps], SUCCESS)
    pages = -(-len(pending_thread) // PAGE_SIZE)
    page = min(max(page, 0), pages - 1)
    page_rows = pending_thread[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    overdue = any(now > each.unanswered.due_at for each in pending_thread)
    parts = [*_pending(texts, pending_thread, page_rows, now=now, page=page, pages=pages)]
    if any(now > each.unanswered.due_at for each in page_rows):
        parts.append(text(late_reply_cost(texts, pending.cost)))
    return build_card([*parts, *traps], DANGER if overdue else INFO)


def _pending(
    texts: Translations,
    pending_thread: Sequence[UnansweredThread],
    page_rows: Iterable[UnansweredThread],
    *,
    now: datetime,
    page: int,
    pages: int,
) -> Iterator[LayoutItem]:
    yield text(texts("pending-title", count=len(pending_thread)))
    for each in page_rows:
        button = ActionButton(Target.THREAD, each.thread.id, Action.VIEW_THREAD, texts("act-open"))
        yield section_with_button(_thread_line(texts, each, now, short_name(texts, each.thread)), button)
    if pages > 1:
        yield text(texts("page-of", page=str(page + 1), pages=str(pages)))
        yield row(*pagination_buttons(texts, Target.PENDING_LIST, page, pages))


def snoozed_card(texts: Translations, thread: Thread, until: datetime) -> ui.LayoutView:
    """When the next word comes."""
    return build_card(
        [
            text(
                texts(
                    "later-set",
                    thread=thread_name(texts, thread),
                    at=timestamp_time(until),
                    left=timestamp_relative(until),
                )
            )
        ],
        MUTED,
    )
