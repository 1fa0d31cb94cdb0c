"""The list of /pending."""

from datetime import datetime

from bot.discord_app.features.advice.cards import follow_up_warnings, late_reply_cost
from bot.discord_app.ui import layout
from bot.discord_app.ui.components import Action, ActionButton, Target, pagination
from bot.discord_app.ui.formatting import short_name, thread_name, timestamp
from bot.i18n.translations import Translations
from bot.services.status import Pending
from storage.cards import CardContent, CardItem, CardKind
from storage.reply_state import UnansweredThread
from storage.threads import Thread


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
    card = layout.build_card([*parts, *warnings], layout.DANGER if pending.counts.overdue else layout.INFO)
    items = tuple(CardItem(waiting.window_id, waiting.thread.id) for waiting in pending.waiting)
    card.content = CardContent(CardKind.PENDING, items, pending.page)
    return card


def snoozed_card(texts: Translations, thread: Thread, until: datetime) -> layout.Card:
    """When the member is reminded again."""
    name, at, left = thread_name(texts, thread), timestamp(until, "t"), timestamp(until, "R")
    return layout.notice(texts("snooze-set", thread=name, at=at, left=left))
