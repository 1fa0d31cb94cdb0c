"""The pictures of cards: what is drawn, and the alternative text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.domain.reply.reply_rate import CriterionStatus, RateRule
from bot.pictures.models import PictureModel, StatusIcon

MAX_ALT_TEXT: Final = 1024
"""Characters of an attachment's description (Discord)."""

STATUS_ICONS: Final = {status: StatusIcon(status) for status in CriterionStatus}


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """A picture to draw; `alt_text` describes it to members who cannot see it."""

    model: PictureModel
    alt_text: str


def alt_text(*sentences: str) -> str:
    """Sentences joined, cut at Discord's limit."""
    joined = " ".join(sentences)
    return joined if len(joined) <= MAX_ALT_TEXT else joined[: MAX_ALT_TEXT - 1] + "…"


def join_phrases(phrases: Iterable[str]) -> str:
    """Phrases in one line."""
    return " · ".join(phrases)


def threshold_permille(rule: RateRule) -> int:
    """The rate that the rule requires, in permille, rounded down."""
    return 1000 * rule.numerator // rule.denominator


def threshold_label(rule: RateRule) -> str:
    """The rate that the rule requires, in whole percent."""
    return f"{100 * rule.numerator // rule.denominator} %"
