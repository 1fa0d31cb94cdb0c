"""How a criterion is written: its value, its threshold, and notes on where they come from."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from bot.discord_app.ui.formatting import escape_name
from bot.domain.certification.criterion import Basis, Criterion
from bot.domain.certification.jobs import may_have_stars
from bot.domain.reply.reply_rate import CriterionStatus, RateRule, ReplyRate
from bot.i18n import formatting
from bot.i18n.reply_rate import format_rate, format_rate_estimate, format_rate_percent
from bot.i18n.translations import Translations
from bot.services.status import StatusReport

PERCENT_CRITERIA: Final = {"reply_rate", "completion_rate", "task_approval", "satisfaction"}
"""Criteria whose values are percentages."""


def format_criterion_value(
    texts: Translations, report: StatusReport, criterion: Criterion, *, with_fraction: bool = True
) -> str:
    """The value of a criterion in its unit; of a share with the numbers behind it."""
    if criterion.id == "reply_rate":
        return (format_rate if with_fraction else format_rate_percent)(texts, report.rate)
    return _format_value_in_unit(texts, criterion, with_fraction=with_fraction)


def _format_value_in_unit(texts: Translations, criterion: Criterion, *, with_fraction: bool) -> str:
    match criterion.value:
        case None:
            return formatting.EMPTY_VALUE
        case int() if criterion.id == "earnings":
            return formatting.format_yen(texts, criterion.value)
        case float() if criterion.id in PERCENT_CRITERIA:
            return _format_criterion_share(texts, criterion, criterion.value, with_fraction=with_fraction)
        case float():
            return formatting.format_stars(texts, round(criterion.value * 100))
        case date():
            return formatting.format_day(texts, criterion.value)
        case value:
            return f"{value}"


def _format_criterion_share(texts: Translations, criterion: Criterion, value: float, *, with_fraction: bool) -> str:
    fraction = "/".join(formatting.format_count(texts, count) for count in criterion.out_of or ())
    percent = formatting.format_permille_as_percent(texts, round(value * 10))  # it has one decimal already
    return f"{percent} ({fraction})" if fraction and with_fraction else percent


def format_criterion_threshold(texts: Translations, report: StatusReport, criterion: Criterion) -> str:
    """The threshold of a criterion in its unit."""
    if criterion.id == "reply_rate":
        minimum = report.standing.rules.reply_rate.minimum
        return texts("status-threshold-minimum", line=f"{criterion.threshold}", minimum=str(minimum))
    match criterion.threshold:
        case None:
            return texts(f"threshold-{criterion.id}")
        case int() if criterion.id == "earnings":
            line = formatting.format_yen(texts, criterion.threshold)
            if len(report.goals) > 1 and criterion.goal is not None:
                category = escape_name(criterion.goal.category or texts("goal-all"))
                return texts("threshold-own-category", category=category, line=line)
            return texts("threshold-own", line=line)
        case date():
            return texts("threshold-since", day=formatting.format_day(texts, criterion.threshold))
        case threshold:
            return f"{threshold} %" if criterion.id in PERCENT_CRITERIA else f"{threshold}"


def _missing_fact_text_id(report: StatusReport, criterion: Criterion) -> str:
    """What an unknown criterion lacks, as part of a text's id."""
    if criterion.id == "earnings" and all(goal.threshold is None for goal in report.criteria_inputs.goals):
        return "earnings-line"
    if criterion.id == "evaluation" and not may_have_stars(report.as_of):
        return "evaluation-ended"
    return criterion.id


def criterion_notes(texts: Translations, report: StatusReport, criterion: Criterion) -> Iterator[str]:
    """Why a criterion is unknown, what its value leaves out, where it comes from, and whether that is outdated."""
    displayed_on = report.criteria_inputs.displayed_day(criterion.id)
    if criterion.basis is Basis.ESTIMATED:
        yield from estimate_notes(texts, report.rate, report.standing.rules.reply_rate)
    elif criterion.basis is Basis.DISPLAYED:
        yield from _displayed_notes(texts, report, criterion, formatting.format_day(texts, displayed_on))
    elif criterion.status is CriterionStatus.UNKNOWN:
        yield texts(f"note-missing-{_missing_fact_text_id(report, criterion)}")
    elif criterion.is_record_whole:
        yield from _unused_display_note(texts, report, criterion)
    if criterion.excluded:
        yield texts(f"note-left-out-{criterion.id}", count=criterion.excluded)
    # Earnings are judged by the goal of this category.
    category = criterion.goal and (criterion.goal.category or "")
    goal_set_on = next((goal.set_on for goal in report.goals if goal.category == category), None)
    declared_on = {"profile": report.profile_confirmed, "earnings": goal_set_on}.get(criterion.id)
    recorded = criterion.basis is Basis.RECORDED
    if not recorded:
        declared_on = displayed_on
    if report.is_statement_stale(declared_on):
        yield texts(
            f"note-outdated-{criterion.id if recorded else 'displayed'}", day=formatting.format_day(texts, declared_on)
        )


def _displayed_notes(texts: Translations, report: StatusReport, criterion: Criterion, day: str) -> Iterator[str]:
    """When Lancers displayed a figure, what is recorded since, and why both together are not judged."""
    if criterion.since is None:
        yield texts("note-displayed", day=day)
    elif criterion.id == "earnings" and isinstance(criterion.value, int):
        since = criterion.since[0]
        displayed, added = (formatting.format_yen(texts, yen) for yen in (criterion.value - since, since))
        yield texts("note-since-earnings", day=day, displayed=displayed, since=added)
    else:
        reached, jobs = criterion.since
        stars = formatting.format_stars(texts, reached * 10 // jobs)
        yield texts(f"note-since-{criterion.id}", day=day, reached=reached, jobs=jobs, stars=stars)
    if criterion.status is CriterionStatus.UNKNOWN:
        yield texts(f"note-displayed-{_undecided_reason(report, criterion)}")
    elif criterion.goal is not None and criterion.goal.category is not None and criterion.value:
        yield texts("note-displayed-category", category=escape_name(criterion.goal.category))


def _unused_display_note(texts: Translations, report: StatusReport, criterion: Criterion) -> Iterator[str]:
    """That the record counts alone, where Lancers displayed something else."""
    inputs = report.criteria_inputs
    figure = None if inputs.displayed is None else getattr(inputs.displayed, criterion.id)
    if figure is None or (criterion.id == "earnings" and figure == inputs.earnings_until_display):
        return
    match criterion.id:
        case "earnings":
            value = formatting.format_yen(texts, figure)
        case "evaluation":
            value = formatting.format_stars(texts, figure)
        case _:
            value = formatting.format_permille_as_percent(texts, figure)
    if value != _format_value_in_unit(texts, criterion, with_fraction=False):
        day = formatting.format_day(texts, inputs.displayed_day(criterion.id))
        yield texts("note-displayed-unused", value=value, day=day)


def _undecided_reason(report: StatusReport, criterion: Criterion) -> str:
    """Why a displayed figure is not judged, as part of a text's id."""
    if criterion.id != "earnings" or not isinstance(criterion.value, int):
        return "not-judged"
    highest = max(goal.threshold or 0 for goal in report.criteria_inputs.goals)
    return "partly-old" if criterion.value >= highest else "categories"


def estimate_notes(texts: Translations, rate: ReplyRate, rule: RateRule) -> Iterator[str]:
    """What an estimated reply rate contains, its bounds, until when, and why it is not judged; else nothing."""
    if rate.estimate is None:
        return
    estimate = format_rate_estimate(texts, rate).strip()
    until = formatting.format_day(texts, rate.estimate.until)
    yield texts("note-estimate", estimate=estimate, unseen=rate.estimate.unseen, until=until)
    yield from estimate_not_judged_note(texts, rate, rule)


def estimate_not_judged_note(texts: Translations, rate: ReplyRate, rule: RateRule) -> Iterator[str]:
    """Why an estimated reply rate is not judged; else nothing."""
    if rate.is_undecided(rule):
        yield texts("note-estimate-not-judged")
