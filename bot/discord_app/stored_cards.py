"""Stored cards: built anew from what they show now, for the answer to a press and for edits."""

from collections.abc import Mapping
from datetime import datetime

from bot.discord_app.features.pending.cards import reminder_card, window_card
from bot.discord_app.features.pending.list_card import pending_card
from bot.discord_app.features.pending.reminder_title import ReminderHeadline
from bot.discord_app.features.pending.window_parts import WindowContext, needs_cost
from bot.discord_app.features.recording.batch_card import batch_receipt_card
from bot.discord_app.features.recording.receipt_card import ended_receipt_card, receipt_card
from bot.discord_app.ui.layout import Card, notice
from bot.domain.reminders.plan import ReminderKind
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId, MessageId
from bot.i18n.translations import Translations, get_translations
from bot.services.cards import ShownCard
from bot.services.container import Services
from storage.cards import CardKind
from storage.threads import Thread


async def build_stored_card(
    services: Services, shown: ShownCard, *, now: datetime, outcomes: Mapping[MessageId, str] | None = None
) -> Card:
    """The card as it is to be shown now; `outcomes`: a line by window about what a press has just recorded."""
    texts, member_id = get_translations(shown.preferences.locale), shown.card.member_id
    context = await window_context(services, member_id, shown, now=now, outcomes=outcomes)
    match shown.card.content.kind:
        case CardKind.RECEIPT:
            card = await _receipt(services, texts, shown, context)
        case CardKind.REMINDER:
            card = reminder_card(texts, shown.windows, context, await _headline(services, shown, now))
        case CardKind.WINDOW:
            card = window_card(texts, shown.windows[0], context)
        case CardKind.PENDING:
            pending = await services.pending.page(member_id, now=now, page=shown.card.content.page)
            return pending_card(texts, pending, now=now)
    card.shown = shown
    return card


async def _headline(services: Services, shown: ShownCard, now: datetime) -> ReminderHeadline:
    member_id, tonight = shown.card.member_id, list[Thread]()
    if any(window.reminder_kind is ReminderKind.MORNING for window in shown.windows):
        tonight = await services.status.closing_tonight(member_id, shown.preferences, now=now)
    return ReminderHeadline(await services.status.waiting_counts(member_id, now=now), tuple(tonight))


async def window_context(
    services: Services,
    member_id: MemberId,
    shown: ShownCard,
    *,
    now: datetime,
    outcomes: Mapping[MessageId, str] | None = None,
) -> WindowContext:
    """What the parts of a card's windows depend on besides them."""
    cost = await services.status.cost_of_late(member_id, now=now) if needs_cost(shown.windows) else None
    return WindowContext(now=now, preferences=shown.preferences, cost=cost, outcomes=outcomes or {})


async def _receipt(services: Services, texts: Translations, shown: ShownCard, context: WindowContext) -> Card:
    receipts = await services.cards.receipts(shown, now=context.now)
    if not receipts:
        return notice(texts("shown-removed"))
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
