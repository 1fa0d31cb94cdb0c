"""The evaluation of the criteria of an edition, for one member at one instant (docs/domain-facts.md#criteria).

An unknown fact makes its criterion unknown, never met. The verdict (docs/cli-reference.md#standing): not met if any
criterion is not met; else unknown if any is unknown, or the reply rate, where it is a criterion, is not judged yet;
else met. Ratios are compared as whole numbers, so no value is rounded up to its threshold.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from bot.domain.calendar import lancers_date, months_before
from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.editions import CriterionRule, EditionRules
from bot.domain.certification.facts import CriteriaInputs, EarningsGoal
from bot.domain.certification.jobs import JobOutcome, JobTotals, job_category_key
from bot.domain.reply.reply_rate import CriterionStatus, RateRule, ReplyRate
from bot.errors import InvalidInputError

Figure = float | int | date
"""A value as people read it: percent, stars, yen, a count, a day."""


class Basis(StrEnum):
    """The figures by which a criterion was judged."""

    RECORDED = "recorded"
    ESTIMATED = "estimated"
    """With the replies from before the record added; judged only where the worst and the best case agree."""
    DISPLAYED = "displayed"
    """The figures that Lancers displayed, where nothing is recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion and how it was judged. `value` None: unknown; `threshold` None: not published."""

    id: str
    status: CriterionStatus
    value: Figure | None
    threshold: Figure | None
    confidence: str
    source: str
    out_of: tuple[int, int] | None = None
    """The whole numbers behind the value, for example completed and all jobs, tenths of stars and evaluated jobs."""
    excluded: int = 0
    """Jobs that could not count, for example those without stars where stars are averaged."""
    basis: Basis = Basis.RECORDED
    goal: EarningsGoal | None = None
    """Of earnings: the goal that is shown, the one that is met or else the nearest."""


@dataclass(frozen=True, slots=True)
class CertificationStatus:
    """All criteria of an edition, in its order, and the verdict."""

    rules: EditionRules
    rate: ReplyRate
    verdict: CriterionStatus
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judgement:
    """The part of a `Criterion` that depends on the member."""

    status: CriterionStatus = CriterionStatus.UNKNOWN
    value: Figure | None = None
    out_of: tuple[int, int] | None = None
    excluded: int = 0
    basis: Basis = Basis.RECORDED
    goal: EarningsGoal | None = None


def evaluate_criteria(rules: EditionRules, facts: CriteriaInputs, as_of: datetime) -> CertificationStatus:
    """Judge every criterion at `as_of`. Raises `InvalidInputError` for a log-in after it."""
    today = lancers_date(as_of)
    if facts.last_login is not None and facts.last_login > today:
        raise InvalidInputError("certification-login-future", day=facts.last_login)
    criteria = tuple(_evaluate_criterion(rule, rules, facts, today) for rule in rules.criteria)
    return CertificationStatus(rules, facts.rate, _overall_verdict(criteria), criteria)


def _evaluate_criterion(rule: CriterionRule, rules: EditionRules, facts: CriteriaInputs, today: date) -> Criterion:
    threshold = _threshold_figure(rule)
    match rule.kind:
        case "reply_rate":
            judgement = _judge_reply_rate(rules.reply_rate, facts)
        case "completion":
            judgement = _judge_completion(rule, facts)
        case "satisfaction":
            judgement = _judge_satisfaction(rule, facts)
        case "average":
            judgement = _judge_average(rule, facts)
        case "earnings":
            judgement = _judge_earnings(facts)
        case "count":
            judgement = _judge_profile(rule, facts)
        case "last_login":
            threshold = months_before(today, 1)
            judgement = _judge_last_login(facts.last_login, threshold)
        case _:
            raise ValueError(rule.kind)
    if judgement.status is CriterionStatus.UNKNOWN and facts.displayed is not None:
        judgement = _judge_displayed_figure(rule, facts, facts.displayed) or judgement
    if judgement.goal is not None:
        threshold = judgement.goal.threshold
    return Criterion(
        id=rule.id,
        status=judgement.status,
        value=judgement.value,
        threshold=threshold,
        confidence=rule.confidence,
        source=rule.source,
        out_of=judgement.out_of,
        excluded=judgement.excluded,
        basis=judgement.basis,
        goal=judgement.goal,
    )


def _judge_reply_rate(rule: RateRule, facts: CriteriaInputs) -> _Judgement:
    rate = facts.rate
    return _Judgement(
        status=rate.status(rule), value=rate.percent, out_of=(rate.on_time, rate.replies), basis=reply_rate_basis(rate)
    )


def reply_rate_basis(rate: ReplyRate) -> Basis:
    """Whether a rate counts replies from before the record."""
    return Basis.RECORDED if rate.estimate is None else Basis.ESTIMATED


def _judge_displayed_figure(
    rule: CriterionRule, facts: CriteriaInputs, displayed: DisplayedFigures
) -> _Judgement | None:
    """The criterion by the figure that Lancers displayed; None without one."""
    match rule.id:
        case "completion_rate" | "task_approval" | "satisfaction":
            permille = getattr(displayed, rule.id)
            if permille is not None:
                return _Judgement(status=_judge_ratio(permille, 1000, rule), value=permille / 10, basis=Basis.DISPLAYED)
        case "evaluation" if displayed.evaluation is not None:
            status = _judge_ratio(displayed.evaluation, 100, rule)
            return _Judgement(status=status, value=displayed.evaluation / 100, basis=Basis.DISPLAYED)
        case "earnings" if displayed.earnings is not None:
            return _judge_displayed_earnings(displayed.earnings, facts.goals)
    return None


def _judge_displayed_earnings(earnings: int, goals: Sequence[EarningsGoal]) -> _Judgement | None:
    """The earnings that Lancers displayed, of whichever category: judged where all goals agree."""
    by_threshold = sorted(
        ((goal.threshold, goal) for goal in goals if goal.threshold is not None), key=lambda pair: pair[0]
    )
    if not by_threshold:
        return None
    (lowest, nearest), (highest, hardest) = by_threshold[0], by_threshold[-1]
    if earnings < lowest:
        return _Judgement(status=CriterionStatus.NOT_MET, value=earnings, basis=Basis.DISPLAYED, goal=nearest)
    if earnings >= highest:
        return _Judgement(status=CriterionStatus.MET, value=earnings, basis=Basis.DISPLAYED, goal=hardest)
    return None


def _judge_ratio(numerator: int, denominator: int, rule: CriterionRule) -> CriterionStatus:
    """Met where a ratio reaches the threshold of the rule."""
    return _status_if_met((rule.denominator or 1) * numerator >= (rule.numerator or 0) * denominator)


def _status_if_met(reached: bool) -> CriterionStatus:  # noqa: FBT001 — the only argument, named by the function
    return CriterionStatus.MET if reached else CriterionStatus.NOT_MET


def _judge_share(numerator: int, denominator: int, rule: CriterionRule, excluded: int = 0) -> _Judgement:
    """Judge a share; its value is in percent, floored to one decimal."""
    status, permille = _judge_ratio(numerator, denominator, rule), numerator * 1000 // denominator
    return _Judgement(status=status, value=permille / 10, out_of=(numerator, denominator), excluded=excluded)


def _judge_completion(rule: CriterionRule, facts: CriteriaInputs) -> _Judgement:
    if facts.job_totals is None:
        return _Judgement()
    counted = [totals for totals in facts.job_totals if totals.method in rule.methods]
    jobs = sum(totals.count for totals in counted)
    if not jobs:
        return _Judgement(status=CriterionStatus.NOT_JUDGED if rule.optional else CriterionStatus.UNKNOWN)
    completed = sum(totals.count for totals in counted if totals.outcome is JobOutcome.COMPLETED)
    return _judge_share(completed, jobs, rule)


def _judge_satisfaction(rule: CriterionRule, facts: CriteriaInputs) -> _Judgement:
    job_totals = facts.job_totals or ()
    evaluated = [(totals.evaluation, totals.count) for totals in job_totals if totals.evaluation is not None]
    jobs = sum(count for _, count in evaluated)
    if not jobs:
        return _Judgement()
    satisfied = sum(count for evaluation, count in evaluated if evaluation.satisfied)
    return _judge_share(satisfied, jobs, rule, sum(totals.count for totals in job_totals) - jobs)


def _judge_average(rule: CriterionRule, facts: CriteriaInputs) -> _Judgement:
    """The average of the jobs that were given stars; 満足 and 残念 have none (docs/domain-facts.md#evaluation)."""
    job_totals = facts.job_totals or ()
    all_jobs = sum(totals.count for totals in job_totals)
    starred = [
        (totals.evaluation.tenths, totals.count)
        for totals in job_totals
        if totals.evaluation is not None and totals.evaluation.tenths is not None
    ]
    jobs = sum(count for _, count in starred)
    if not jobs:
        return _Judgement(excluded=all_jobs)
    tenths = sum(stars * count for stars, count in starred)
    status = _judge_ratio(tenths, 10 * jobs, rule)
    return _Judgement(status=status, value=tenths * 10 // jobs / 100, out_of=(tenths, jobs), excluded=all_jobs - jobs)


def _judge_earnings(facts: CriteriaInputs) -> _Judgement:
    """The goal that is met, else the one from which the fewest yen are missing; unknown where none can be judged."""
    judgements = [_judge_goal(facts.job_totals or (), goal) for goal in facts.goals or (EarningsGoal(),)]
    for judgement in judgements:
        if judgement.status is CriterionStatus.MET:
            return judgement
    return min(judgements, key=_missing_earnings_key)


def _missing_earnings_key(judgement: _Judgement) -> tuple[bool, bool, int]:
    """Sort key of judgements that are not met: those that are judged first, by the yen that are missing."""
    if judgement.out_of is None or judgement.goal is None or judgement.goal.threshold is None:
        return True, judgement.out_of is None, 0
    return False, False, judgement.goal.threshold - judgement.out_of[0]


def _judge_goal(job_totals: Iterable[JobTotals], goal: EarningsGoal) -> _Judgement:
    """Completed jobs of the category, contests included; without a category of all (docs/cli-reference.md#standing)."""
    matching = [
        totals
        for totals in job_totals
        if goal.category is None or job_category_key(totals.category) == job_category_key(goal.category)
    ]
    if not matching:
        return _Judgement(goal=goal)
    completed = [totals for totals in matching if totals.outcome is JobOutcome.COMPLETED]
    earned, count = sum(totals.earned for totals in completed), sum(totals.count for totals in completed)
    if goal.threshold is None:
        return _Judgement(out_of=(earned, count), goal=goal)
    return _Judgement(status=_status_if_met(earned >= goal.threshold), value=earned, out_of=(earned, count), goal=goal)


def _judge_profile(rule: CriterionRule, facts: CriteriaInputs) -> _Judgement:
    if facts.profile is None:
        return _Judgement()
    return _Judgement(status=_judge_ratio(len(facts.profile), 1, rule), value=len(facts.profile))


def _judge_last_login(last_login: date | None, earliest: date) -> _Judgement:
    if last_login is None:
        return _Judgement()
    return _Judgement(status=_status_if_met(last_login >= earliest), value=last_login)


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
