"""The first lines of /status: what is missing for certification, what cannot be judged yet or is at risk, the rank."""

from collections.abc import Iterator
from typing import Final

from bot.discord_app.features.status.criterion_text import format_criterion_threshold, format_criterion_value
from bot.domain.certification.criterion import Criterion
from bot.domain.certification.facts import ProfileItem
from bot.domain.certification.gap import Gap, criterion_most_at_risk, successes_needed
from bot.domain.certification.ranks import NextRank
from bot.domain.reply.reply_rate import CriterionStatus
from bot.i18n import formatting
from bot.i18n.criteria import rank_criterion_name
from bot.i18n.translations import Translations
from bot.services.status import StatusReport
from storage.members import Badge

MAX_ITEMS_NAMED: Final = 3
"""Profile items that the first line names; the rest is counted."""

MAX_NAMES: Final = 3
"""Missing or unknown things that are named; further ones are counted, so that the line fits a phone."""


def status_headline(texts: Translations, report: StatusReport, gap: Gap) -> Iterator[str]:
    """The answer to "where do I stand", in one line or two."""
    if not gap.not_met and not gap.unknown:
        day = formatting.format_day_short(texts, report.next_review)
        yield texts("status-all-met" if report.review_day else "status-all-met-assumed", day=day)
    if gap.not_met:
        text_id = "status-keep" if report.badge is Badge.HELD else "status-missing"
        missing = [_unmet_criterion_line(texts, report, criterion) for criterion in gap.not_met]
        yield texts(text_id, count=len(missing), items=texts("status-item-separator").join(missing))
    if gap.unknown:
        yield _unknown_criteria_line(texts, report, gap)


def _unknown_criteria_line(texts: Translations, report: StatusReport, gap: Gap) -> str:
    names = [_unknown_criterion_text(texts, report, criterion) for criterion in gap.unknown]
    text_id = "status-unknown-too" if gap.not_met else "status-unknown-only"
    return texts(text_id, count=len(names), items=texts("status-name-separator").join(names))


def _unknown_criterion_text(texts: Translations, report: StatusReport, criterion: Criterion) -> str:
    name = short_criterion_name(texts, criterion)
    if criterion.status is CriterionStatus.NOT_JUDGED and (
        needed := report.standing.rate.replies_until_judged(report.standing.rules.reply_rate)
    ):
        return texts("status-unknown-replies", name=name, needed=needed)
    return name


def _unmet_criterion_line(texts: Translations, report: StatusReport, criterion: Criterion) -> str:
    """A criterion that is not met, with its value and what would meet it."""
    value = format_criterion_value(texts, report, criterion, with_fraction=False)
    match criterion.id:
        case "profile":
            return texts(
                "status-missing-profile",
                filled=value,
                all=f"{criterion.threshold}",
                items=_missing_profile_items(texts, report.criteria_inputs.profile or frozenset()),
            )
        case "earnings" if isinstance(criterion.threshold, int) and isinstance(criterion.value, int):
            missing = formatting.format_yen(texts, criterion.threshold - criterion.value)
            return texts(
                "status-missing-earnings", name=short_criterion_name(texts, criterion), value=value, missing=missing
            )
        case "reply_rate":
            needed: int | None = report.standing.rate.replies_needed(report.standing.rules.reply_rate)
        case _:
            needed = successes_needed(report.standing.rules, criterion)
    if not needed:
        line = format_criterion_threshold(texts, report, criterion)
        return texts("status-missing-plain", name=short_criterion_name(texts, criterion), value=value, line=line)
    return texts(
        f"status-missing-{criterion.id}",
        name=short_criterion_name(texts, criterion),
        value=value,
        needed=needed,
    )


def _missing_profile_items(texts: Translations, filled: frozenset[ProfileItem]) -> str:
    missing = [texts(f"profile-{item}") for item in ProfileItem if item not in filled]
    named = texts("status-name-separator").join(missing[:MAX_ITEMS_NAMED])
    others = len(missing) - MAX_ITEMS_NAMED
    return texts("status-items-more", items=named, count=others) if others > 0 else named


def criterion_at_risk_line(texts: Translations, report: StatusReport) -> str | None:
    """The met criterion that can take least; None where none can be lost."""
    risk = criterion_most_at_risk(report.standing)
    if risk is None:
        return None
    name = short_criterion_name(texts, risk.criterion)
    if risk.criterion.id == "reply_rate":
        return texts("status-risk-reply-rate", name=name)  # how much it can take stands beside the rate
    return texts(
        f"status-risk-{risk.criterion.id}",
        name=name,
        value=format_criterion_value(texts, report, risk.criterion, with_fraction=False),
        margin=risk.margin,
        yen=formatting.format_yen(texts, risk.margin),
    )


def short_criterion_name(texts: Translations, criterion: Criterion) -> str:
    """The name of a criterion where there is little room."""
    return texts(f"criterion-short-{criterion.id}")


def rank_lines(texts: Translations, report: StatusReport) -> list[str]:
    """One line: the rank, whether the member declared it, and what the next one lacks.

    None in an edition without ranks.
    """
    following = report.rank.next_rank
    if report.rank.rank is None and following is None:
        return []
    line = _present_rank_text(texts, report)
    if following is not None:
        line += texts("rank-line-next", rank=texts(f"rank-{following.rank}"), gap=_next_rank_line(texts, following))
    return [line]


def _present_rank_text(texts: Translations, report: StatusReport) -> str:
    rank = report.rank.rank
    if rank is None:
        return texts("rank-line", rank=texts("rank-unknown"))
    name = texts(f"rank-{rank}")
    if not report.rank.is_declared:
        return texts("rank-line", rank=name)
    if report.rank_declared_on is None:
        return texts("rank-line-badge", rank=name)
    return texts("rank-line-declared", rank=name, day=formatting.format_day(texts, report.rank_declared_on))


def _next_rank_line(texts: Translations, following: NextRank) -> str:
    parts = []
    if following.missing:
        parts.append(texts("rank-missing", list=_rank_criterion_names(texts, following.missing)))
    if following.unknown:
        parts.append(texts("rank-not-known", list=_rank_criterion_names(texts, following.unknown)))
    return texts("rank-gap-join").join(parts) or texts("rank-complete")


def _rank_criterion_names(texts: Translations, ids: tuple[str, ...]) -> str:
    names = texts("rank-name-join").join(rank_criterion_name(texts, name) for name in ids[:MAX_NAMES])
    return names if len(ids) <= MAX_NAMES else texts("rank-more", names=names, count=len(ids) - MAX_NAMES)
