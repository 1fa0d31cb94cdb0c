"""A picture to be drawn, and what it shows in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.domain.reply.reply_rate import CriterionStatus, RateRule
from bot.pictures.models import PictureModel, StatusIcon

MAX_ALT_TEXT: Final = 1024
"""Characters of a description (Discord)."""

STATUS_ICONS: Final = {
    CriterionStatus.MET: StatusIcon.MET,
    CriterionStatus.NOT_MET: StatusIcon.NOT_MET,
    CriterionStatus.UNKNOWN: StatusIcon.UNKNOWN,
    CriterionStatus.NOT_JUDGED: StatusIcon.NOT_JUDGED,
}


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """`described` tells whoever cannot see it what it shows."""

    model: PictureModel
    alt_text: str


def alt_text(*sentences: str) -> str:
    """Sentences one after the other, within what Discord takes."""
    words = " ".join(sentences)
    return words if len(words) <= MAX_ALT_TEXT else words[: MAX_ALT_TEXT - 1] + "…"


def join_phrases(items: Iterable[str]) -> str:
    """Things in a row."""
    return " · ".join(items)


def threshold_permille(rule: RateRule) -> int:
    """The line a rate has to reach, in tenths of a percent."""
    return 1000 * rule.numerator // rule.denominator


def threshold_label(rule: RateRule) -> str:
    """The same as people read it."""
    return f"{100 * rule.numerator // rule.denominator} %"
