"""The card for what was recorded, asked or refused."""

from collections.abc import Sequence
from datetime import tzinfo

from discord import ui

from bot.discord_app.features.recording.batch_card import batch_receipt_card
from bot.discord_app.features.recording.receipt_card import clarification_card, receipt_card
from bot.discord_app.ui.formatting import format_error
from bot.discord_app.ui.layout import INFO, MUTED, notice
from bot.domain.messages import IrrelevantMail, LoginCode, ParseFailure, ReviewResult
from bot.domain.types import MemberId
from bot.errors import NinteiError
from bot.i18n.translations import Translations
from bot.services.results import ClarificationNeeded, Receipt, RecordOutcome
from bot.services.status import StatusQueries


async def outcome_card(
    texts: Translations,
    status_queries: StatusQueries,
    member_id: MemberId,
    outcomes: Sequence[RecordOutcome | NinteiError],
    zone: tzinfo,
) -> ui.LayoutView:
    """Several outcomes share a card; a single one is a receipt, a question, or a sentence."""
    if len(outcomes) > 1:
        return batch_receipt_card(texts, outcomes, zone)
    card: ui.LayoutView
    match outcomes[0]:
        case Receipt() as receipt:
            unassigned = receipt.thread.unassigned
            threads = await status_queries.candidate_threads(member_id, receipt.thread) if unassigned else []
            card = receipt_card(texts, receipt, threads)
        case ClarificationNeeded() as question:
            card = clarification_card(texts, question)
        case NinteiError() as error:
            card = notice(format_error(texts, error))
        case ParseFailure(error):
            card = notice(format_error(texts, error), MUTED)
        case ReviewResult():
            card = notice(texts("finding-review-figures"), INFO)
        case IrrelevantMail():
            card = notice(texts("finding-no-window"))
        case LoginCode():
            card = notice(texts("finding-login-code"))
        case unexpected:
            raise TypeError(unexpected)
    return card
