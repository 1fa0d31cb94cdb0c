"""What became of something forwarded."""

from discord import ui

from bot.discord_app.features.recording.receipt_card import clarification_card, receipt_card
from bot.discord_app.ui.formatting import format_error
from bot.discord_app.ui.layout import INFO, MUTED, notice
from bot.domain.messages import IrrelevantMail, LoginCode, ParseFailure, ReviewResult
from bot.domain.types import MemberId
from bot.i18n.translations import Translations
from bot.services.results import ClarificationNeeded, Receipt, RecordOutcome
from bot.services.status import StatusQueries


async def outcome_card(
    texts: Translations, status_queries: StatusQueries, member: MemberId, outcome: RecordOutcome
) -> ui.LayoutView:
    """A receipt, a question, or a sentence."""
    match outcome:
        case Receipt():
            choices = (
                await status_queries.candidate_threads(member, outcome.thread) if outcome.thread.unassigned else []
            )
            return receipt_card(texts, outcome, choices)
        case ClarificationNeeded():
            return clarification_card(texts, outcome)
        case ReviewResult():
            return notice(texts("finding-review-figures"), INFO)
        case IrrelevantMail():
            return notice(texts("finding-no-window"))
        case LoginCode():
            return notice(texts("finding-login-code"))
        case ParseFailure(error):
            return notice(format_error(texts, error), MUTED)
        case _:
            raise TypeError(outcome)
