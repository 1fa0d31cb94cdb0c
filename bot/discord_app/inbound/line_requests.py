"""Plain words instead of a command: ヘルプ, undo, status, 返信待ち, 手数料 5万円."""

from datetime import datetime
from typing import Final

from bot.discord_app.features.fee.cards import fee_card
from bot.discord_app.features.help.cards import Topic, help_card
from bot.discord_app.features.history.cards import already_undone_card, edit_summary_card
from bot.discord_app.features.pending.list_card import pending_card
from bot.discord_app.features.status.card import status_card
from bot.discord_app.ui.layout import Card, notice_card
from bot.domain.calendar import lancers_date
from bot.domain.fees.query import compute_fees
from bot.domain.fees.terms import ContractTerms
from bot.domain.messages import LineRequest, LineRequestKind
from bot.domain.types import ContractMethod, MemberId
from bot.errors import NotAllowedError
from bot.i18n.translations import Translations, get_translations
from bot.services.container import Services
from bot.services.members import Preferences
from storage.members import Badge


async def line_request_card(
    services: Services,
    request: LineRequest,
    member_id: MemberId,
    preferences: Preferences,
    *,
    replied_to: int | None = None,
    now: datetime,
) -> Card:
    """The card that the command of the same name shows. Raises `NinteiError`.

    `replied_to`: Discord's id of the message to which the word is a reply.
    """
    texts = get_translations(preferences.locale)
    match request.kind:
        case LineRequestKind.UNDO:
            return await _undo_request_card(texts, services, member_id, replied_to, now=now)
        case LineRequestKind.STATUS:
            return status_card(texts, await services.status.report(member_id, now=now))
        case LineRequestKind.PENDING:
            return pending_card(texts, await services.pending.page(member_id, now=now), now=now)
        case LineRequestKind.FEE if request.fee is not None:
            member, _ = await services.members.find(member_id)
            terms = ContractTerms(
                on=lancers_date(now),
                edition=preferences.edition,
                method=ContractMethod.PROJECT if request.fee.hours is None else ContractMethod.HOURLY,
                certified=member is not None and member.badge is Badge.HELD,
            )
            return fee_card(texts, compute_fees(request.fee, terms))
        case LineRequestKind.FEE:
            return help_card(texts, Topic.FEES, preferences, retention_months=services.retention_months)
        case LineRequestKind.HELP:
            return help_card(texts, Topic.OVERVIEW, preferences, retention_months=services.retention_months)


_UNDO_STEP: Final = "deleted"
"""The kind of a step that took something back itself: which of two things an undo then means is asked."""


async def _undo_request_card(
    texts: Translations, services: Services, member_id: MemberId, replied_to: int | None, *, now: datetime
) -> Card:
    """Drop the question that was asked last, or undo what was recorded after it; in a reply only those of a card."""
    if await services.text_answers.discard_question(member_id, replied_to=replied_to, now=now):
        return notice_card(texts("draft-cancelled"))
    newest = await services.history.newest_step(member_id)
    if replied_to is not None and not await services.cards.is_about_step(member_id, replied_to, newest.id, now=now):
        raise NotAllowedError("undo-of-older-card")
    if newest.kind == _UNDO_STEP:
        return already_undone_card(texts, newest)
    return edit_summary_card(texts, await services.history.undo_newest_step(member_id, newest.id, now=now))
