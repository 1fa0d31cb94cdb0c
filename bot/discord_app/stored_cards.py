"""Stored cards, built anew from what they show now, and what reminders need besides their windows."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from bot.discord_app.features.pending.cards import reminder_card, window_card
from bot.discord_app.features.pending.list_card import pending_card
from bot.discord_app.features.pending.reminder_title import ReminderHeadline
from bot.discord_app.features.pending.window_parts import WindowContext
from bot.discord_app.features.recording.batch_card import batch_receipt_card
from bot.discord_app.features.recording.receipt_card import answered_question_card, ended_receipt_card, receipt_card
from bot.discord_app.ui.layout import Card, notice
from bot.domain.reminders.plan import ReminderKind
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId, MessageId
from bot.i18n.translations import Translations, get_translations
from bot.services.cards import ShownCard, ShownWindow, WindowStatus
from bot.services.container import Services
from bot.services.members import Preferences
from storage.cards import CardKind
from storage.reply_state import WaitingCounts
from storage.threads import Thread

_STATUS: Final = attrgetter("status")


async def build_stored_card(
    services: Services, shown: ShownCard, *, now: datetime, outcomes: Mapping[MessageId, str] | None = None
) -> Card:
    """The card as it is to be shown now; `outcomes`: a line by window about what a press has just recorded."""
    texts, member_id = get_translations(shown.preferences.locale), shown.card.member_id
    context = await window_context(services, member_id, shown.windows, shown.preferences, now=now, outcomes=outcomes)
    match shown.card.content.kind:
        case CardKind.RECEIPT:
            card = await _receipt(services, texts, shown, context)
        case CardKind.REMINDER:
            waiting = await services.status.waiting_counts(member_id, now=now)
            headline = await reminder_headline(
                services, member_id, shown.windows, shown.preferences, now=now, waiting=waiting
            )
            card = reminder_card(texts, shown.windows, context, headline)
        case CardKind.WINDOW:
            card = window_card(texts, shown.windows[0], context)
        case CardKind.PENDING:
            pending = await services.pending.page(member_id, now=now, page=shown.card.content.page)
            return pending_card(texts, pending, now=now)
    card.content = shown
    return card


async def reminder_headline(
    services: Services,
    member_id: MemberId,
    windows: Sequence[ShownWindow],
    preferences: Preferences,
    *,
    now: datetime,
    waiting: WaitingCounts,
    late_by: timedelta | None = None,
) -> ReminderHeadline:
    """The first lines of a reminder; the morning list names what closes in the coming night."""
    tonight: Sequence[Thread] = ()
    if any(window.reminder_kind is ReminderKind.MORNING and window.status is WindowStatus.OPEN for window in windows):
        tonight = await services.status.closing_tonight(member_id, preferences, now=now)
    return ReminderHeadline(waiting, tuple(tonight), late_by)


async def window_context(
    services: Services,
    member_id: MemberId,
    windows: Sequence[ShownWindow],
    preferences: Preferences,
    *,
    now: datetime,
    outcomes: Mapping[MessageId, str] | None = None,
) -> WindowContext:
    """What the parts of windows depend on besides these; what a late reply costs is read where one has closed."""
    has_closed = WindowStatus.CLOSED in map(_STATUS, windows)
    cost = await services.status.late_reply_impact(member_id, now=now) if has_closed else None
    return WindowContext(now=now, preferences=preferences, cost=cost, outcomes=outcomes or {})


async def _receipt(services: Services, texts: Translations, shown: ShownCard, context: WindowContext) -> Card:
    receipts = await services.cards.receipts(shown, now=context.now)
    if not receipts:
        asked_only = shown.card.content.draft_id is not None and not shown.windows
        return notice(texts("question-answered" if asked_only else "shown-removed"))
    if shown.card.content.draft_id is not None:
        return answered_question_card(texts, receipts[0])
    if len(shown.windows) > 1:
        return batch_receipt_card(texts, receipts, shown.preferences.zone)
    [window], [receipt] = shown.windows, receipts
    if receipt.message.entry.direction is Direction.RECEIVED and not window.is_waiting:
        return ended_receipt_card(texts, receipt, window, context)
    threads = (
        await services.status.candidate_threads(shown.card.member_id, receipt.thread)
        if receipt.thread.unassigned
        else []
    )
    return receipt_card(texts, receipt, threads)
