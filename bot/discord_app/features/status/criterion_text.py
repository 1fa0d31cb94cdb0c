"""How a criterion is written: its value, its threshold, and notes on where they come from."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from bot.discord_app.ui.formatting import escape
from bot.domain.certification.evaluation import Basis, Criterion
from bot.domain.certification.jobs import may_have_stars
from bot.domain.reply.reply_rate import CriterionStatus
from bot.i18n import formatting
from bot.i18n.translations import Translations, hyphenated
from bot.services.status import StatusReport
from storage.profile import Goal

PERCENT_CRITERIA: Final = {"reply_rate", "completion_rate", "task_approval", "satisfaction"}
"""Criteria whose values are percentages."""


def format_value(texts: Translations, criterion: Criterion) -> str:
    """The value of a criterion in its unit."""
    match criterion.value:
        case None:
            return formatting.EMPTY_VALUE
        case int() if criterion.id == "earnings":
            return formatting.format_yen(texts, criterion.value)
        case float() if criterion.id in PERCENT_CRITERIA:
            fraction = "/".join(formatting.format_count(texts, count) for count in criterion.out_of or ())
            percent = formatting.format_percent(texts, round(criterion.value * 10))  # it has one decimal already
            return f"{percent} ({fraction})" if fraction else percent
        case float():
            return formatting.format_stars(texts, round(criterion.value * 100))
        case date():
            return formatting.format_day(texts, criterion.value)
        case value:
            return f"{value}"


def format_threshold(texts: Translations, report: StatusReport, criterion: Criterion) -> str:
    """The threshold of a criterion in its unit."""
    if criterion.id == "reply_rate":
        minimum = report.standing.rules.reply_rate.minimum
        return texts("status-threshold-minimum", line=f"{criterion.threshold}", minimum=str(minimum))
    match criterion.threshold:
        case None:
            return texts(f"threshold-{hyphenated(criterion.id)}")
        case int() if criterion.id == "earnings":
            line = formatting.format_yen(texts, criterion.threshold)
            if len(report.goals) > 1 and criterion.goal is not None:
                category = escape(criterion.goal.category or texts("goal-all"))
                return texts("threshold-own-category", category=category, line=line)
            return texts("threshold-own", line=line)
        case date():
            return texts("threshold-since", day=formatting.format_day(texts, criterion.threshold))
        case threshold:
            return f"{threshold} %" if criterion.id in PERCENT_CRITERIA else f"{threshold}"


def _is_shown(criterion: Criterion, goal: Goal) -> bool:
    """Whether a goal is the one by which earnings were judged."""
    return criterion.goal is not None and (criterion.goal.category or "") == goal.category


def _missing(report: StatusReport, criterion: Criterion) -> str:
    """What an unknown criterion lacks, as part of a text's id."""
    if criterion.id == "earnings" and all(goal.threshold is None for goal in report.criteria_inputs.goals):
        return "earnings-line"
    if criterion.id == "evaluation" and not may_have_stars(report.as_of):
        return "evaluation-ended"
    return hyphenated(criterion.id)


def criterion_notes(texts: Translations, report: StatusReport, criterion: Criterion) -> Iterator[str]:
    """Why a criterion is unknown, what its value leaves out, where it comes from, and whether that is outdated."""
    text_id, inputs, calibration = hyphenated(criterion.id), report.criteria_inputs, report.calibration
    if criterion.basis is Basis.ESTIMATED and inputs.estimate is not None:
        yield texts(
            "note-estimate",
            unseen=inputs.estimate.unseen,
            worst=formatting.format_percent(texts, inputs.estimate.worst.permille),
            best=formatting.format_percent(texts, inputs.estimate.best.permille),
            until=formatting.format_day(texts, inputs.estimate.until),
        )
    elif criterion.status is CriterionStatus.UNKNOWN:
        yield texts(f"note-missing-{_missing(report, criterion)}")
    if criterion.basis is Basis.DISPLAYED and calibration is not None:
        yield texts("note-displayed", day=formatting.format_day(texts, calibration.displayed.on))
    if criterion.excluded:
        yield texts(f"note-left-out-{text_id}", count=criterion.excluded)
    goal_set_on = next((goal.set_on for goal in report.goals if _is_shown(criterion, goal)), None)
    declared_on = {"profile": report.profile_confirmed, "earnings": goal_set_on}.get(criterion.id)
    recorded = criterion.basis is Basis.RECORDED
    if not recorded and calibration is not None:
        declared_on = calibration.displayed.on
    if report.is_stale(declared_on):
        yield texts(
            f"note-outdated-{text_id if recorded else 'displayed'}", day=formatting.format_day(texts, declared_on)
        )
