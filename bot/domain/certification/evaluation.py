"""The evaluation of the criteria of an edition, for one member at one instant (docs/domain-facts.md#criteria).

An unknown fact makes its criterion unknown, never met. The verdict (docs/cli-reference.md#standing): not met if any
criterion is not met; else unknown if any is unknown, or the reply rate, where it is a criterion, is not judged yet;
else met. Ratios are compared as whole numbers, so no value is rounded up to its threshold.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from functools import cache

from bot.domain.calendar import lancers_date, months_before
from bot.domain.certification.criterion import Basis, Criterion, Figure, judge_ratio, status_if_met
from bot.domain.certification.earnings_criterion import judge_earnings
from bot.domain.certification.editions import CriterionRule, EditionRules
from bot.domain.certification.facts import CriteriaInputs
from bot.domain.certification.job_criteria import judge_jobs
from bot.domain.reply.reply_rate import CriterionStatus, RateRule, ReplyRate
from bot.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class CertificationStatus:
    """All criteria of an edition, in its order, and the verdict."""

    rules: EditionRules
    rate: ReplyRate
    verdict: CriterionStatus
    criteria: tuple[Criterion, ...]
    today: date
    """In Tokyo."""


def evaluate_criteria(rules: EditionRules, facts: CriteriaInputs, as_of: datetime) -> CertificationStatus:
    """Judge every criterion at `as_of`. Raises `InvalidInputError` for a log-in after it."""
    today = lancers_date(as_of)
    if facts.last_login is not None and facts.last_login > today:
        raise InvalidInputError("certification-login-future", day=facts.last_login)
    criteria = tuple(_evaluate_criterion(rule, rules, facts, today) for rule in rules.criteria)
    return CertificationStatus(rules, facts.rate, _overall_verdict(criteria), criteria, today)


@cache
def _unknown_criterion(rule: CriterionRule) -> Criterion:
    """A criterion of which no fact is known."""
    return Criterion(
        id=rule.id,
        status=CriterionStatus.UNKNOWN,
        value=None,
        threshold=_threshold_figure(rule),
        confidence=rule.confidence,
        source=rule.source,
    )


def _evaluate_criterion(rule: CriterionRule, rules: EditionRules, facts: CriteriaInputs, today: date) -> Criterion:
    unknown = _unknown_criterion(rule)
    match rule.kind:
        case "reply_rate":
            return _judge_reply_rate(unknown, rules.reply_rate, facts)
        case "completion" | "satisfaction" | "average":
            return judge_jobs(unknown, rule, facts, today)
        case "earnings":
            return judge_earnings(unknown, facts, today)
        case "count":
            return _judge_profile(unknown, rule, facts)
        case "last_login":
            earliest = months_before(today, 1)
            return _judge_last_login(replace(unknown, threshold=earliest), facts, earliest)
        case _:
            raise ValueError(rule.kind)


def _judge_reply_rate(unknown: Criterion, rule: RateRule, facts: CriteriaInputs) -> Criterion:
    rate = facts.rate
    out_of, basis = (rate.on_time, rate.replies), reply_rate_basis(rate)
    return replace(unknown, status=rate.status(rule), value=rate.percent, out_of=out_of, basis=basis)


def reply_rate_basis(rate: ReplyRate) -> Basis:
    """Whether a rate counts replies from before the record."""
    return Basis.RECORDED if rate.estimate is None else Basis.ESTIMATED


def _judge_profile(unknown: Criterion, rule: CriterionRule, facts: CriteriaInputs) -> Criterion:
    if facts.profile is None:
        return unknown
    return replace(unknown, status=judge_ratio(len(facts.profile), 1, rule), value=len(facts.profile))


def _judge_last_login(unknown: Criterion, facts: CriteriaInputs, earliest: date) -> Criterion:
    if facts.last_login is None:
        return unknown
    return replace(unknown, status=status_if_met(facts.last_login >= earliest), value=facts.last_login)


def _threshold_figure(rule: CriterionRule) -> Figure | None:
    if rule.numerator is None or rule.denominator is None:
        return None
    threshold = Fraction(rule.numerator, rule.denominator)
    if rule.is_share:
        threshold *= 100
    return threshold.numerator if threshold.denominator == 1 else float(threshold)


def _overall_verdict(criteria: Iterable[Criterion]) -> CriterionStatus:
    statuses = {criterion.id: criterion.status for criterion in criteria}
    if CriterionStatus.NOT_MET in statuses.values():
        return CriterionStatus.NOT_MET
    if CriterionStatus.UNKNOWN in statuses.values() or statuses.get("reply_rate") is CriterionStatus.NOT_JUDGED:
        return CriterionStatus.UNKNOWN
    return CriterionStatus.MET
