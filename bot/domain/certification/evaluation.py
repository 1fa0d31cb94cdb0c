"""The evaluation of the criteria of an edition, for one member at one instant (docs/domain-facts.md#criteria).

An unknown fact makes its criterion unknown, never met. The verdict (docs/cli-reference.md#standing): not met if any
criterion is not met; else unknown if any is unknown, or the reply rate, where it is a criterion, is not judged yet;
else met. Ratios are compared as whole numbers, so no value is rounded up to its threshold.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from bot.domain.calendar import MONTHS_PER_YEAR, ONE_DAY, lancers_date, months_before
from bot.domain.certification.calibration import share_left_in_year
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
    """The figures that Lancers displayed, with the jobs recorded since, where the record is not whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion and how it was judged. `value` None: unknown; `threshold` None: not published.

    The value of displayed earnings has those recorded since in it, that of another displayed figure has not.
    """

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
    since: tuple[int, int] | None = None
    """Of a displayed figure: the whole numbers of the jobs recorded since, as in `out_of`; None: there are none."""
    is_record_whole: bool = False
    """Of jobs: it was judged by the record alone, which reaches back to before the year."""
    goal: EarningsGoal | None = None
    """Of earnings: the goal that is shown, the one that is met or else the nearest."""


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


def _evaluate_criterion(rule: CriterionRule, rules: EditionRules, facts: CriteriaInputs, today: date) -> Criterion:
    unknown = Criterion(
        id=rule.id,
        status=CriterionStatus.UNKNOWN,
        value=None,
        threshold=_threshold_figure(rule),
        confidence=rule.confidence,
        source=rule.source,
    )
    match rule.kind:
        case "reply_rate":
            return _judge_reply_rate(unknown, rules.reply_rate, facts)
        case "completion" | "satisfaction" | "average":
            return _judge_jobs(unknown, rule, facts, today)
        case "earnings":
            return _judge_earnings(unknown, facts, today)
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


def _judge_jobs(unknown: Criterion, rule: CriterionRule, facts: CriteriaInputs, today: date) -> Criterion:
    """A share or an average: by the record where it is whole or no figure was displayed, else by that figure.

    How many jobs are behind the figure is not known. With those recorded since, the ratio of all lies between the
    figure and the ratio of those since, so it is judged where both agree.
    """
    recorded = _judge_recorded_jobs(unknown, rule, facts.job_totals)
    if recorded.out_of is not None and _is_record_whole(facts, today):
        return replace(recorded, is_record_whole=True)
    # Whoever is displayed an approval has done tasks, recorded or not.
    figure = None if facts.displayed is None else getattr(facts.displayed, rule.id)
    if figure is None:
        return recorded
    scale, unit = (100, 100) if rule.kind == "average" else (1000, 10)
    status = _judge_ratio(figure, scale, rule)
    since = _judge_recorded_jobs(unknown, rule, facts.jobs_since_display(rule.id))
    if since.out_of is not None and since.status is not status:
        status = CriterionStatus.UNKNOWN
    return replace(unknown, status=status, value=figure / unit, basis=Basis.DISPLAYED, since=since.out_of)


def _is_record_whole(facts: CriteriaInputs, today: date) -> bool:
    """Whether the record of jobs reaches back to before the year that ends today."""
    return facts.first_job_on is not None and facts.first_job_on < months_before(today, MONTHS_PER_YEAR)


def _judge_recorded_jobs(unknown: Criterion, rule: CriterionRule, job_totals: Sequence[JobTotals] | None) -> Criterion:
    """By these jobs alone; without jobs that count, `out_of` is None."""
    match rule.kind:
        case "completion":
            return _judge_completion(unknown, rule, job_totals)
        case "satisfaction":
            return _judge_satisfaction(unknown, rule, job_totals or ())
        case _:
            return _judge_average(unknown, rule, job_totals or ())


def _judge_ratio(numerator: int, denominator: int, rule: CriterionRule) -> CriterionStatus:
    """Met where a ratio reaches the threshold of the rule."""
    return _status_if_met((rule.denominator or 1) * numerator >= (rule.numerator or 0) * denominator)


def _status_if_met(reached: bool) -> CriterionStatus:  # noqa: FBT001 — the only argument, named by the function
    return CriterionStatus.MET if reached else CriterionStatus.NOT_MET


def _judge_share(
    unknown: Criterion, numerator: int, denominator: int, rule: CriterionRule, excluded: int = 0
) -> Criterion:
    """Judge a share; its value is in percent, floored to one decimal."""
    status, permille = _judge_ratio(numerator, denominator, rule), numerator * 1000 // denominator
    return replace(unknown, status=status, value=permille / 10, out_of=(numerator, denominator), excluded=excluded)


def _judge_completion(unknown: Criterion, rule: CriterionRule, job_totals: Sequence[JobTotals] | None) -> Criterion:
    if job_totals is None:
        return unknown
    counted = [totals for totals in job_totals if totals.method in rule.methods]
    jobs = sum(totals.count for totals in counted)
    if not jobs:
        return replace(unknown, status=CriterionStatus.NOT_JUDGED if rule.optional else CriterionStatus.UNKNOWN)
    completed = sum(totals.count for totals in counted if totals.outcome is JobOutcome.COMPLETED)
    return _judge_share(unknown, completed, jobs, rule)


def _judge_satisfaction(unknown: Criterion, rule: CriterionRule, job_totals: Sequence[JobTotals]) -> Criterion:
    evaluated = [(totals.evaluation, totals.count) for totals in job_totals if totals.evaluation is not None]
    jobs = sum(count for _, count in evaluated)
    if not jobs:
        return unknown
    satisfied = sum(count for evaluation, count in evaluated if evaluation.satisfied)
    return _judge_share(unknown, satisfied, jobs, rule, sum(totals.count for totals in job_totals) - jobs)


def _judge_average(unknown: Criterion, rule: CriterionRule, job_totals: Sequence[JobTotals]) -> Criterion:
    """The average of the jobs that were given stars; 満足 and 残念 have none (docs/domain-facts.md#evaluation)."""
    all_jobs = sum(totals.count for totals in job_totals)
    starred = [
        (totals.evaluation.tenths, totals.count)
        for totals in job_totals
        if totals.evaluation is not None and totals.evaluation.tenths is not None
    ]
    jobs = sum(count for _, count in starred)
    if not jobs:
        return replace(unknown, excluded=all_jobs)
    tenths = sum(stars * count for stars, count in starred)
    status = _judge_ratio(tenths, 10 * jobs, rule)
    return replace(
        unknown, status=status, value=tenths * 10 // jobs / 100, out_of=(tenths, jobs), excluded=all_jobs - jobs
    )


def _judge_earnings(unknown: Criterion, facts: CriteriaInputs, today: date) -> Criterion:
    """By the record where it is whole or no earnings were displayed, else by the displayed earnings."""
    recorded = _judge_recorded_earnings(unknown, facts)
    is_judged = recorded.status is not CriterionStatus.UNKNOWN
    if is_judged and _is_record_whole(facts, today) and not facts.lacks_displayed_earnings:
        return replace(recorded, is_record_whole=True)
    if facts.displayed is None or facts.displayed.earnings is None:
        return recorded
    return _judge_displayed_earnings(recorded, facts.displayed.earnings, facts, today)


def _judge_displayed_earnings(recorded: Criterion, displayed: int, facts: CriteriaInputs, today: date) -> Criterion:
    """The displayed earnings, of whichever category, and those recorded since, of the goal's category.

    Judged where all goals agree, or where the record alone reaches one.

    Of the displayed ones some may have left the year since. Those that are not recorded are assumed to be evenly
    spread over the days before the record begins, as the replies are (`UnseenReplies`).
    """
    lines = {goal: goal.threshold for goal in facts.goals if goal.threshold is not None}
    day, jobs_since = facts.displayed_day("earnings"), facts.jobs_since_display("earnings")
    before = _sum_completed(facts.job_totals or ())[0] - _sum_completed(jobs_since)[0]
    if not lines or day is None or before > displayed:
        return recorded
    since = {goal: _sum_completed(_jobs_of_goal(jobs_since, goal)) for goal in lines}
    by_distance = sorted(lines, key=lambda goal: lines[goal] - since[goal][0])
    nearest, hardest = by_distance[0], by_distance[-1]
    first = months_before(day, MONTHS_PER_YEAR)
    record_begins = facts.first_job_on
    # Where the record began earlier, what it lacks can be of the whole year.
    until = day if record_begins is None or record_begins <= first else max(min(record_begins, day), first + ONE_DAY)
    left = share_left_in_year(first, until, months_before(today, MONTHS_PER_YEAR))
    least_left = before + int((displayed - before) * left)
    if recorded.status is CriterionStatus.MET:
        status, goal = CriterionStatus.MET, recorded.goal or hardest
    # What was displayed is taken to stand until more is recorded.
    elif all(max(displayed, least_left + since[goal][0]) >= line for goal, line in lines.items()):
        status, goal = CriterionStatus.MET, hardest
    elif displayed + since[nearest][0] < lines[nearest]:
        status, goal = CriterionStatus.NOT_MET, nearest
    else:
        status, goal = CriterionStatus.UNKNOWN, nearest
    earned, count = since[goal]
    return replace(
        recorded,
        status=status,
        value=displayed + earned,
        threshold=goal.threshold,
        out_of=None,
        basis=Basis.DISPLAYED,
        since=(earned, count) if count else None,
        goal=goal,
    )


def _sum_completed(job_totals: Iterable[JobTotals]) -> tuple[int, int]:
    """The yen and the number of the completed jobs."""
    completed = [totals for totals in job_totals if totals.outcome is JobOutcome.COMPLETED]
    return sum(totals.earned for totals in completed), sum(totals.count for totals in completed)


def _judge_recorded_earnings(unknown: Criterion, facts: CriteriaInputs) -> Criterion:
    """The goal that is met, else the one from which the fewest yen are missing; unknown where none can be judged."""
    judged = [_judge_goal(unknown, facts.job_totals or (), goal) for goal in facts.goals or (EarningsGoal(),)]
    for criterion in judged:
        if criterion.status is CriterionStatus.MET:
            return criterion
    return min(judged, key=_missing_earnings_key)


def _missing_earnings_key(criterion: Criterion) -> tuple[bool, bool, int]:
    """Sort key of goals that are not met: those that are judged first, by the yen that are missing."""
    if criterion.out_of is None or criterion.goal is None or criterion.goal.threshold is None:
        return True, criterion.out_of is None, 0
    return False, False, criterion.goal.threshold - criterion.out_of[0]


def _judge_goal(unknown: Criterion, job_totals: Iterable[JobTotals], goal: EarningsGoal) -> Criterion:
    """Completed jobs of the category, contests included; without a category of all (docs/cli-reference.md#standing)."""
    unknown = replace(unknown, threshold=goal.threshold, goal=goal)
    earned, count = _sum_completed(_jobs_of_goal(job_totals, goal))
    if not count:
        return unknown
    if goal.threshold is None:
        return replace(unknown, out_of=(earned, count))
    return replace(unknown, status=_status_if_met(earned >= goal.threshold), value=earned, out_of=(earned, count))


def _jobs_of_goal(job_totals: Iterable[JobTotals], goal: EarningsGoal) -> list[JobTotals]:
    category = None if goal.category is None else job_category_key(goal.category)
    return [totals for totals in job_totals if category is None or job_category_key(totals.category) == category]


def _judge_profile(unknown: Criterion, rule: CriterionRule, facts: CriteriaInputs) -> Criterion:
    if facts.profile is None:
        return unknown
    return replace(unknown, status=_judge_ratio(len(facts.profile), 1, rule), value=len(facts.profile))


def _judge_last_login(unknown: Criterion, facts: CriteriaInputs, earliest: date) -> Criterion:
    if facts.last_login is None:
        return unknown
    return replace(unknown, status=_status_if_met(facts.last_login >= earliest), value=facts.last_login)


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
