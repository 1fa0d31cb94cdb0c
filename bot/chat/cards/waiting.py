"""What waits: reminders, the list, and what can be said to each thread."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import discord
from discord import ui

from bot.chat.cards.advice import late_line, traps_text
from bot.chat.cards.frame import CALM, GOOD, LATE, QUIET, SOON, Part, card, line, row, section, text
from bot.chat.controls import Act, Of, Press, presses, turn_pages
from bot.chat.panels.window import reminder_picture
from bot.chat.words import at, from_now, on, short_name, span, thread_name
from bot.domain.reminders.plan import ReminderKind
from bot.domain.reply.impact import LateReplyImpact
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.scheduling.ports import Delivery
from bot.services.status import Pending
from storage.reply_state import Waiting
from storage.threads import Thread

A_PAGE: Final = 8
"""Threads on one page: each takes a text, a button and what holds them together."""

_REPLIED: Final = (Act.NOW, Act.TEN_AGO, Act.THIRTY_AGO, Act.OTHER_TIME)


def actions(texts: Translations, thread: Thread, *, later: datetime | None) -> Iterator[Part]:
    """What can be said to a thread; `later`: when "later" reminds (member's zone), None once it has closed."""
    if later is None:
        yield row(*presses(texts, Of.THREAD, thread.id, _REPLIED))
        yield row(*presses(texts, Of.THREAD, thread.id, (Act.NEW_THREAD, Act.DISMISS)))
        return
    yield row(*presses(texts, Of.THREAD, thread.id, (*_REPLIED, Act.DISMISS)))
    yield row(Press(Of.THREAD, thread.id, Act.LATER, texts("act-later", at=formatting.format_time(texts, later))))


def reminder_card(
    texts: Translations,
    delivery: Delivery,
    *,
    now: datetime,
    laters: Sequence[datetime | None],
    cost: LateReplyImpact | None = None,
) -> ui.LayoutView:
    """A reminder: one glance tells who, and how long is left.

    `laters` as in `actions`, one for each window; `cost`: what a late reply would do, where a window has closed.
    """
    parts = _reminder(texts, delivery, now, laters, cost)
    return card(parts, _urgency(delivery, now), partial(reminder_picture, texts, delivery, now))


def _urgency(delivery: Delivery, now: datetime) -> discord.Colour:
    return LATE if any(now > each.closes_at for each in delivery.items) else SOON


def _reminder(
    texts: Translations,
    delivery: Delivery,
    now: datetime,
    laters: Sequence[datetime | None],
    cost: LateReplyImpact | None,
) -> Iterator[Part]:
    overnight = sum(each.kind is ReminderKind.OVERNIGHT for each in delivery.items)
    closed = sum(now > each.closes_at for each in delivery.items)
    yield (
        text(
            texts("reminder-overnight", count=overnight) if overnight else None,
            texts("reminder-late", span=span(texts, delivery.late_by)) if delivery.late_by else None,
            texts("reminder-title", count=len(delivery.items) - closed) if closed < len(delivery.items) else None,
        )
        if overnight or delivery.late_by or closed < len(delivery.items)
        else text(texts("reminder-closed-title"))
    )
    for each, later in zip(delivery.items, laters, strict=True):
        yield line()
        name = thread_name(texts, each.thread)
        if now > each.closes_at:
            advice = None if cost is None else late_line(texts, cost)
            yield text(texts("reminder-closed", thread=name, at=on(each.closes_at)), advice)
        else:
            left = span(texts, each.closes_at - now + timedelta(seconds=59))  # a whole minute that has begun
            yield text(
                texts("reminder-open", thread=name, left=left, at=on(each.closes_at), counting=from_now(each.closes_at))
            )
        yield from actions(texts, each.thread, later=later)


def thread_card(
    texts: Translations, waiting: Waiting, *, now: datetime, later: datetime | None, cost: LateReplyImpact
) -> ui.LayoutView:
    """One thread that waits, with everything that can be said to it."""
    overdue = now > waiting.unanswered.due_at
    return card(
        [
            text(
                _waits(texts, waiting, now, thread_name(texts, waiting.thread)),
                late_line(texts, cost) if overdue else None,
            ),
            *actions(texts, waiting.thread, later=later),
        ],
        LATE if overdue else SOON,
    )


def _waits(texts: Translations, waiting: Waiting, now: datetime, name: str) -> str:
    unanswered = waiting.unanswered
    return texts(
        "pending-overdue" if now > unanswered.due_at else "pending-open",
        thread=name,
        since=on(unanswered.oldest),
        at=on(unanswered.due_at),
        counting=from_now(unanswered.due_at),
    )


def pending_card(texts: Translations, pending: Pending, *, now: datetime, page: int = 0) -> ui.LayoutView:
    """The threads that wait, the most urgent first, a button each, in pages; then where a trap lies."""
    waiting, traps = (
        pending.waiting,
        [text(traps_text(texts, pending.follow_up_warnings, pending.cost))] if pending.follow_up_warnings else [],
    )
    if not waiting:
        return card([text(texts("pending-none")), *traps], GOOD)
    pages = -(-len(waiting) // A_PAGE)
    page = min(max(page, 0), pages - 1)
    shown = waiting[page * A_PAGE : (page + 1) * A_PAGE]
    overdue = any(now > each.unanswered.due_at for each in waiting)
    parts = [*_pending(texts, waiting, shown, now=now, page=page, pages=pages)]
    if any(now > each.unanswered.due_at for each in shown):
        parts.append(text(late_line(texts, pending.cost)))
    return card([*parts, *traps], LATE if overdue else CALM)


def _pending(
    texts: Translations, waiting: Sequence[Waiting], shown: Iterable[Waiting], *, now: datetime, page: int, pages: int
) -> Iterator[Part]:
    yield text(texts("pending-title", count=len(waiting)))
    for each in shown:
        button = Press(Of.THREAD, each.thread.id, Act.OPEN, texts("act-open"))
        yield section(_waits(texts, each, now, short_name(texts, each.thread)), button)
    if pages > 1:
        yield text(texts("page-of", page=str(page + 1), pages=str(pages)))
        yield row(*turn_pages(texts, Of.PAGE, page, pages))


def snoozed_card(texts: Translations, thread: Thread, until: datetime) -> ui.LayoutView:
    """When the next word comes."""
    return card(
        [text(texts("later-set", thread=thread_name(texts, thread), at=at(until), left=from_now(until)))], QUIET
    )
