"""Stored cards, built anew from what they show now."""

from collections.abc import Mapping
from datetime import datetime

from bot.discord_app.features.pending.cards import reminder_card, window_card
from bot.discord_app.features.pending.list_card import ListNotice, pending_card
from bot.discord_app.features.pending.reminder_title import load_reminder_headline
from bot.discord_app.features.pending.window_parts import WindowContext, load_window_context
from bot.discord_app.features.recording.batch_card import batch_receipt_card
from bot.discord_app.features.recording.receipt_card import (
    answered_question_card,
    ended_window_receipt_card,
    load_receipt_card,
)
from bot.discord_app.ui.components import action_row
from bot.discord_app.ui.layout import MUTED, Card, build_card, notice_card, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MessageId
from bot.i18n.translations import Translations, get_translations
from bot.services.container import Services
from bot.services.shown_cards import ShownCard
from storage.cards import CardKind


async def build_stored_card(
    services: Services, shown: ShownCard, *, now: datetime, outcomes: Mapping[MessageId, str] | None = None
) -> Card:
    """The card as it is to be shown now; `outcomes`: a line by window about what a press recorded, or why not."""
    texts, member_id = get_translations(shown.preferences.locale), shown.card.member_id
    context = await load_window_context(
        services, member_id, shown.windows, shown.preferences, now=now, outcomes=outcomes
    )
    match shown.card.content.kind:
        case CardKind.RECEIPT:
            card = await _stored_receipt_card(services, texts, shown, context)
        case CardKind.REMINDER:
            waiting = await services.status.waiting_counts(member_id, now=now)
            headline = await load_reminder_headline(
                services, member_id, shown.windows, shown.preferences, now=now, waiting=waiting
            )
            card = reminder_card(texts, shown.windows, context, headline)
        case CardKind.WINDOW:
            card = window_card(texts, shown.windows[0], context)
        case CardKind.PENDING:
            pending = await services.pending.page(member_id, now=now, page=shown.card.content.page)
            notice = ListNotice("\n".join(outcomes.values())) if outcomes else None
            return pending_card(texts, pending, now=now, notice=notice)
    card.content = shown
    return card


async def _stored_receipt_card(
    services: Services, texts: Translations, shown: ShownCard, context: WindowContext
) -> Card:
    receipts = await services.cards.load_receipts(shown, now=context.now)
    if not receipts:
        return await _removed_receipt_card(services, texts, shown)
    if shown.card.content.draft_id is not None:
        return answered_question_card(texts, receipts[0])
    if len(shown.windows) > 1:
        return batch_receipt_card(texts, receipts, shown.preferences.zone)
    [window], [receipt] = shown.windows, receipts
    if receipt.message.entry.direction is Direction.RECEIVED and not window.is_waiting:
        return ended_window_receipt_card(texts, receipt, window, context)
    return await load_receipt_card(texts, services.status, shown.card.member_id, receipt)


async def _removed_receipt_card(services: Services, texts: Translations, shown: ShownCard) -> Card:
    """The receipt of a message that is not recorded any more, with the way back while there is one."""
    content, member_id = shown.card.content, shown.card.member_id
    if content.draft_id is not None:
        return notice_card(texts("shown-removed" if shown.windows else "question-answered"))
    if len(content.items) != 1:
        return notice_card(texts("shown-removed"))
    message_id = content.items[0].message_id
    if not await services.message_corrections.is_message_restorable(member_id, message_id):
        return notice_card(texts("shown-removed"))
    restore = action_row(texts, Target.MESSAGE, message_id, (Action.RESTORE,))
    return build_card([text_block(texts("shown-removed")), restore], MUTED)
