"""Stored cards, built anew from what they show now, and the edits of their messages."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

import discord
import structlog

from bot.discord_app.discordpy_patches import OldMessageEditsError
from bot.discord_app.features.pending.cards import load_reminder_card, window_card
from bot.discord_app.features.pending.list_card import ListNotice, pending_card
from bot.discord_app.features.pending.window_parts import WindowContext, load_window_context
from bot.discord_app.features.recording.batch_card import batch_receipt_card
from bot.discord_app.features.recording.receipt_card import (
    answered_question_card,
    ended_window_receipt_card,
    load_receipt_card,
)
from bot.discord_app.picture_attachments import PictureAttacher
from bot.discord_app.request_errors import CONNECTION_ERRORS, UNPARSABLE_RESPONSE_ERRORS, error_if_possible_bug
from bot.discord_app.sender import DirectMessageSender
from bot.discord_app.ui.components import action_row
from bot.discord_app.ui.layout import MUTED, Card, build_card, notice_card, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MessageId
from bot.i18n.translations import Translations, get_translations
from bot.scheduling.ports import CardClosedError, RetryLaterError
from bot.services.container import Services
from bot.services.shown_cards import ShownCard
from storage.cards import CardContent, CardKind

NOT_EDITABLE_STATUSES: Final = {400, 403, 404}
"""The message or its channel is gone, or Discord refuses the edit for good."""

log = structlog.get_logger()


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
            card = await load_reminder_card(services, texts, member_id, shown.windows, context, waiting_counts=waiting)
        case CardKind.WINDOW:
            card = window_card(texts, shown.windows[0], context)
        case CardKind.PENDING:
            pending = await services.pending.page(member_id, now=now, page=shown.card.content.page)
            notice = None
            if outcomes:
                recorded = tuple(item for item in shown.content.items if item.message_id in outcomes)
                notice = ListNotice("\n".join(outcomes.values()), windows=recorded)
            return pending_card(texts, pending, now=now, notice=notice)
    card.content = shown
    return card


async def _stored_receipt_card(
    services: Services, texts: Translations, shown: ShownCard, context: WindowContext
) -> Card:
    has_one_message = len(shown.windows) == 1 and shown.card.content.draft_id is None
    if has_one_message and (message := shown.windows[0].message) is not None:
        [window] = shown.windows
        if message.direction is Direction.RECEIVED and not window.is_waiting:
            return ended_window_receipt_card(texts, message, window, context)
    receipts = await services.cards.load_receipts(shown, now=context.now)
    if not receipts:
        return await _removed_receipt_card(services, texts, shown)
    if shown.card.content.draft_id is not None:
        return answered_question_card(texts, receipts[0])
    if len(shown.windows) > 1:
        return batch_receipt_card(texts, receipts, shown.preferences.zone)
    return await load_receipt_card(texts, services.status, shown.card.member_id, receipts[0])


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


class CardMessageEditor:
    """Edits the messages of stored cards, after everything else that is being sent, and under the same rate limit."""

    def __init__(
        self,
        client: discord.Client,
        services: Services,
        sender: DirectMessageSender,
        pictures: PictureAttacher | None,
    ) -> None:
        self._client = client
        self._services = services
        self._sender = sender
        self._pictures = pictures

    async def edit_card(self, shown: ShownCard, *, now: datetime) -> CardContent:
        """Edit a card to what it has to show; what it shows then. Raises `CardClosedError` or `RetryLaterError`."""
        card = await build_stored_card(self._services, shown, now=now)
        channel = self._client.get_partial_messageable(shown.card.channel_id, type=discord.ChannelType.private)
        message = channel.get_partial_message(shown.card.discord_message_id)
        rendered = None
        if self._pictures is not None:
            await self._pictures.drop_pending_picture(message.id)
            # Drawn before the one edit: a second edit could come after one of another process.
            rendered = await self._pictures.draw_card_with_picture(card)
        try:
            async with self._sender.after_pending_sends():
                await message.edit(
                    view=rendered.card if rendered else card, attachments=[rendered.file()] if rendered else []
                )
        except OldMessageEditsError as error:
            raise CardClosedError from error
        except discord.HTTPException as error:
            log.info("card_not_edited", status=error.status, code=error.code)
            raise (CardClosedError if error.status in NOT_EDITABLE_STATUSES else RetryLaterError) from error
        except (*CONNECTION_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
            log.info("card_not_edited", error_type=type(error).__name__, exc_info=error_if_possible_bug(error))
            raise RetryLaterError from error
        return replace(card.content, as_of=now) if isinstance(card.content, CardContent) else shown.content
