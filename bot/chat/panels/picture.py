"""A picture to be drawn, and what it shows in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.domain.reply.reply_rate import CriterionStatus, RateRule
from bot.pictures.models import PictureModel, StatusIcon

MOST_WORDS: Final = 1024
"""Characters of a description (Discord)."""

MARKS: Final = {
    CriterionStatus.MET: StatusIcon.MET,
    CriterionStatus.NOT_MET: StatusIcon.NOT_MET,
    CriterionStatus.UNKNOWN: StatusIcon.UNKNOWN,
    CriterionStatus.NOT_JUDGED: StatusIcon.NOT_JUDGED,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """`described` tells whoever cannot see it what it shows."""

    panel: PictureModel
    described: str


def described(*sentences: str) -> str:
    """Sentences one after the other, within what Discord takes."""
    words = " ".join(sentences)
    return words if len(words) <= MOST_WORDS else words[: MOST_WORDS - 1] + "…"


def listed(things: Iterable[str]) -> str:
    """Things in a row."""
    return " · ".join(things)


def line_tenths(rule: RateRule) -> int:
    """The line a rate has to reach, in tenths of a percent."""
    return 1000 * rule.numerator // rule.denominator


def line_words(rule: RateRule) -> str:
    """The same as people read it."""
    return f"{100 * rule.numerator // rule.denominator} %"
