"""The pictures of cards: what is drawn, and the alternative text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.domain.reply.reply_rate import CriterionStatus, RateRule
from bot.i18n.translations import Translations
from bot.pictures.models import PictureModel, StatusIcon

MAX_ALT_TEXT: Final = 1024
"""Characters of an attachment's description (Discord)."""

STATUS_ICONS: Final = {status: StatusIcon(status) for status in CriterionStatus}


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """A picture to draw; `join_alt_text` describes it to members who cannot see it."""

    model: PictureModel
    alt_text: str


def join_alt_text(*sentences: str) -> str:
    """Sentences joined, cut at Discord's limit."""
    joined = " ".join(sentences)
    return joined if len(joined) <= MAX_ALT_TEXT else joined[: MAX_ALT_TEXT - 1] + "…"


def join_picture_phrases(phrases: Iterable[str]) -> str:
    """Phrases in one line."""
    return " · ".join(phrases)


def threshold_permille(rule: RateRule) -> int | None:
    """The rate that the rule requires, in permille, rounded down; None where it is no criterion."""
    return 1000 * rule.numerator // rule.denominator if rule.is_criterion else None


def threshold_label(rule: RateRule) -> str:
    """The rate that the rule requires, in whole percent."""
    return f"{100 * rule.numerator // rule.denominator} %"


def threshold_line(texts: Translations, rule: RateRule) -> str:
    """The rate that the rule requires, as a label; that it is published alone where it is no criterion."""
    if not rule.is_criterion:
        return texts("picture-no-line")
    return texts("picture-line", line=threshold_label(rule))
