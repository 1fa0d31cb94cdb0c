"""The one place where a reply rate becomes text: its percentage, its replies, its estimate, and what it allows."""

from dataclasses import dataclass

from bot.domain.reply.reply_rate import MarginKind, RateRule, ReplyRate
from bot.i18n.formatting import EMPTY_VALUE, format_count, format_permille_as_percent
from bot.i18n.translations import Translations


@dataclass(frozen=True, slots=True)
class MarginTexts:
    """The ids of the texts about a margin in one place."""

    late_allowed: str
    on_time_needed: str
    no_criterion: str = "rate-published"
    likely: str | None = "rate-margin-likely"
    """Around a margin that is another one in the worst or the best case; None where there is no room for it."""


def format_rate_percent(texts: Translations, rate: ReplyRate) -> str:
    """92.3 %, as displayed or floored; a dash without replies."""
    return format_permille_as_percent(texts, rate.permille, whole=rate.is_whole_percent)


def format_rate_fraction(texts: Translations, rate: ReplyRate) -> str:
    """Replies on time out of all: 36/39."""
    return f"{format_count(texts, rate.on_time)}/{format_count(texts, rate.replies)}"


def format_rate(texts: Translations, rate: ReplyRate) -> str:
    """The percentage with its fraction: 92.3 % (36/39); a dash without replies."""
    if rate.permille is None:
        return EMPTY_VALUE
    return f"{format_rate_percent(texts, rate)} ({format_rate_fraction(texts, rate)})"


def format_rate_estimate(texts: Translations, rate: ReplyRate) -> str:
    """That a rate is estimated, with its bounds where they differ, to be written right behind it; else nothing."""
    if rate.estimate is None:
        return ""
    worst, best = rate.bounds
    if worst == best:
        return texts("rate-estimated")
    return texts(
        "rate-estimated-between",
        worst=format_permille_as_percent(texts, worst),
        best=format_permille_as_percent(texts, best),
    )


def format_rate_change(texts: Translations, before: ReplyRate, after: ReplyRate, rule: RateRule) -> str | None:
    """The sentence that tells how a rate changed; None where it did not, or has too few replies to be judged."""
    if not before.has_minimum(rule) and not after.has_minimum(rule):
        return None
    was, now = (format_rate(texts, rate) if rate.has_minimum(rule) else EMPTY_VALUE for rate in (before, after))
    if was == now:
        return None
    return texts("receipt-rate", before=was, after=now, estimate=format_rate_estimate(texts, after))


def rate_effect_arguments(texts: Translations, before: ReplyRate, after: ReplyRate, rule: RateRule) -> dict[str, str]:
    """What the texts about the effect of replies are given: the rate, its change, and that of the late replies allowed.

    The latter is empty where nothing changes, or where the rate is no criterion.
    """
    was, now = format_rate_percent(texts, before), format_rate_percent(texts, after)
    estimate = format_rate_estimate(texts, after)
    slack, left = before.late_replies_allowed(rule), after.late_replies_allowed(rule)
    margin = ""
    if rule.is_criterion and slack != left:
        margin = texts("rate-margin-change", slack=format_count(texts, slack), left=format_count(texts, left))
    change = texts("rate-unchanged" if was == now else "rate-change", before=was, after=now, estimate=estimate)
    return {"before": was, "change": change, "margin": margin}


def format_margin(texts: Translations, rate: ReplyRate, rule: RateRule, text_ids: MarginTexts) -> str:
    """How many late replies are allowed or replies on time needed; that nothing is, where it is no criterion."""
    match rate.margin_kind(rule):
        case MarginKind.NO_CRITERION:
            return texts(text_ids.no_criterion)
        case MarginKind.LATE_ALLOWED:
            margin = texts(text_ids.late_allowed, slack=rate.late_replies_allowed(rule))
        case MarginKind.ON_TIME_NEEDED:
            margin = texts(text_ids.on_time_needed, needed=rate.replies_needed(rule))
    if text_ids.likely is None or rate.is_margin_certain(rule):
        return margin
    return texts(text_ids.likely, margin=margin)


def format_rate_bar(rate: ReplyRate, rule: RateRule, cells: int) -> str:
    """The rate as a bar, with a mark at the threshold where it is a criterion; never more cells full than the rate."""
    full, threshold = rate.on_time * cells // max(rate.replies, 1), cells * rule.numerator // rule.denominator
    bar = "█" * full + "░" * (cells - full)
    return f"{bar[:threshold]}┃{bar[threshold:]}" if rule.is_criterion else bar
