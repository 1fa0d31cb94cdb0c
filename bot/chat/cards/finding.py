"""What became of something forwarded."""

from discord import ui

from bot.chat.cards.frame import CALM, QUIET, note
from bot.chat.cards.receipt import question_card, receipt_card
from bot.chat.recording import Outcome
from bot.chat.words import sentence
from bot.domain.types import MemberId
from bot.i18n.translations import Translations
from bot.parsing.items import IrrelevantMail, LoginCode, ParseFailure, ReviewResult
from bot.services.results import ClarificationNeeded, Receipt
from bot.services.status import StatusQueries


async def finding_card(
    texts: Translations, observer: StatusQueries, member: MemberId, outcome: Outcome
) -> ui.LayoutView:
    """A receipt, a question, or a sentence."""
    match outcome:
        case Receipt():
            choices = await observer.candidate_threads(member, outcome.thread) if outcome.thread.unassigned else []
            return receipt_card(texts, outcome, choices)
        case ClarificationNeeded():
            return question_card(texts, outcome)
        case ReviewResult():
            return note(texts("finding-review-figures"), CALM)
        case IrrelevantMail():
            return note(texts("finding-no-window"))
        case LoginCode():
            return note(texts("finding-login-code"))
        case ParseFailure(error):
            return note(sentence(texts, error), QUIET)
        case _:
            raise TypeError(outcome)
