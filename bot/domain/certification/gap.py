"""What a member still lacks for certification, and which of the criteria they meet is closest to being lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.domain.calendar import last_day_within_month_of
from bot.domain.certification.criterion import Criterion
from bot.domain.certification.editions import CriterionRule, EditionRules
from bot.domain.certification.evaluation import CertificationStatus
from bot.domain.reply.reply_rate import CriterionStatus

FIVE_STARS: Final = 50
FOUR_STARS: Final = 40
"""In tenths."""

DAYS_PER_STEP: Final = 3
"""Days until the last log-in is too old that are compared as one job that may still go wrong."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The criteria that keep the verdict from "met", in the edition's order."""

    not_met: tuple[Criterion, ...]
    unknown: tuple[Criterion, ...]
    """Those whose facts are missing, and the reply rate while there are too few replies to judge it."""


def find_criteria_gap(status: CertificationStatus) -> Gap:
    """The criteria that are not met, and those that nobody can judge yet."""
    return Gap(
        tuple(criterion for criterion in status.criteria if criterion.status is CriterionStatus.NOT_MET),
        tuple(filter(_is_criterion_unknown, status.criteria)),
    )


def _is_criterion_unknown(criterion: Criterion) -> bool:
    if criterion.status is CriterionStatus.NOT_JUDGED:
        return criterion.id == "reply_rate"  # without tasks their approval is not judged, which blocks nothing
    return criterion.status is CriterionStatus.UNKNOWN


def can_entry_change_criterion(criterion: Criterion, *, is_displayed: bool) -> bool:
    """Whether what a member enters changes a criterion of the gap; `is_displayed`: the figure that Lancers displays.

    Earnings with a line lack jobs; where the record of jobs is whole, no displayed figure counts.
    """
    if criterion.status is CriterionStatus.UNKNOWN:
        return criterion.id != "earnings" or criterion.threshold is None
    return not (criterion.is_record_whole and is_displayed)


def successes_needed(rules: EditionRules, criterion: Criterion) -> int | None:
    """How many more successes meet a criterion that is not met; None where its value counts nothing.

    A success is a completed, approved or satisfying job, or an evaluation of five stars. For the reply rate:
    `ReplyRate.replies_needed`.
    """
    rule = _rule_of_criterion(rules, criterion)
    if criterion.out_of is None or rule.numerator is None or rule.denominator is None:
        return None
    reached, counted = criterion.out_of
    match rule.kind:
        case "completion" | "satisfaction":
            missing, gain = rule.numerator * counted - rule.denominator * reached, rule.denominator - rule.numerator
        case "average":
            missing = rule.numerator * 10 * counted - rule.denominator * reached
            gain = rule.denominator * FIVE_STARS - 10 * rule.numerator
        case _:
            return None
    return max(0, -(-missing // gain))


@dataclass(frozen=True, slots=True)
class Risk:
    """A met criterion, and how much it can still take: late replies, jobs, evaluations of four stars, yen, or days."""

    criterion: Criterion
    margin: int


def criterion_most_at_risk(status: CertificationStatus) -> Risk | None:
    """The met criterion that can take least; None when none of the met ones can be lost by what happens.

    The reply rate, jobs and evaluations are compared by how many more may go wrong, earnings by tenths of the line
    above it, the last log-in by days.
    """
    risks = list(_met_criteria_at_risk(status))
    return min(risks, key=lambda entry: entry[0])[1] if risks else None


def _met_criteria_at_risk(status: CertificationStatus) -> Iterator[tuple[int, Risk]]:
    """Every met criterion that can be lost, with what it is compared by."""
    for criterion in status.criteria:
        if criterion.status is not CriterionStatus.MET:
            continue
        rule = _rule_of_criterion(status.rules, criterion)
        match rule.kind:
            case "reply_rate":
                allowed = status.rate.late_replies_allowed(status.rules.reply_rate)
                yield allowed, Risk(criterion, allowed)
            case "completion" | "satisfaction" | "average" if criterion.out_of is not None:
                allowed = _failures_allowed(rule, *criterion.out_of)
                yield allowed, Risk(criterion, allowed)
            case "earnings" if isinstance(criterion.value, int) and isinstance(criterion.threshold, int):
                above = criterion.value - criterion.threshold
                yield 10 * above // max(1, criterion.threshold), Risk(criterion, above)
            case "last_login" if isinstance(criterion.value, date):
                days = (last_day_within_month_of(criterion.value) - status.today).days
                yield days // DAYS_PER_STEP, Risk(criterion, days)


def _failures_allowed(rule: CriterionRule, reached: int, counted: int) -> int:
    """How many jobs may go wrong, or be given four stars, with the criterion still met."""
    numerator, denominator = rule.numerator or 0, rule.denominator or 1
    if rule.kind == "average":
        spare, cost = denominator * reached - numerator * 10 * counted, numerator * 10 - denominator * FOUR_STARS
    else:
        spare, cost = denominator * reached - numerator * counted, numerator
    return spare // cost


def _rule_of_criterion(rules: EditionRules, criterion: Criterion) -> CriterionRule:
    return next(rule for rule in rules.criteria if rule.id == criterion.id)
