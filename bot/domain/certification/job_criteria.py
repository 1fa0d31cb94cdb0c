"""The criteria that are shares or averages of jobs: completion, task approval, satisfaction, evaluation."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.domain.certification.criterion import Basis, Criterion, is_record_whole, judge_ratio
from bot.domain.certification.editions import CriterionRule
from bot.domain.certification.facts import CriteriaInputs
from bot.domain.certification.jobs import JobOutcome, JobTotals
from bot.domain.reply.reply_rate import CriterionStatus


def judge_jobs(unknown: Criterion, rule: CriterionRule, facts: CriteriaInputs, today: date) -> Criterion:
    """A share or an average: by the record where it is whole or no figure was displayed, else by that figure.

    How many jobs are behind the figure is not known. With those recorded since, the ratio of all lies between the
    figure and the ratio of those since, so it is judged where both agree.
    """
    recorded = _judge_recorded_jobs(unknown, rule, facts.job_totals)
    if recorded.out_of is not None and is_record_whole(facts, today):
        return replace(recorded, is_record_whole=True)
    # Whoever is displayed an approval has done tasks, recorded or not.
    figure = None if facts.displayed is None else getattr(facts.displayed, rule.id)
    if figure is None:
        return recorded
    scale, unit = (100, 100) if rule.kind == "average" else (1000, 10)
    status = judge_ratio(figure, scale, rule)
    since = _judge_recorded_jobs(unknown, rule, facts.jobs_since_display(rule.id))
    if since.out_of is not None and since.status is not status:
        status = CriterionStatus.UNKNOWN
    return replace(unknown, status=status, value=figure / unit, basis=Basis.DISPLAYED, since=since.out_of)


def _judge_recorded_jobs(unknown: Criterion, rule: CriterionRule, job_totals: Sequence[JobTotals] | None) -> Criterion:
    """By these jobs alone; without jobs that count, `out_of` is None."""
    match rule.kind:
        case "completion":
            return _judge_completion(unknown, rule, job_totals)
        case "satisfaction":
            return _judge_satisfaction(unknown, rule, job_totals or ())
        case _:
            return _judge_average(unknown, rule, job_totals or ())


def _judge_share(
    unknown: Criterion, numerator: int, denominator: int, rule: CriterionRule, excluded: int = 0
) -> Criterion:
    """Judge a share; its value is in percent, floored to one decimal."""
    status, permille = judge_ratio(numerator, denominator, rule), numerator * 1000 // denominator
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
    status = judge_ratio(tenths, 10 * jobs, rule)
    return replace(
        unknown, status=status, value=tenths * 10 // jobs / 100, out_of=(tenths, jobs), excluded=all_jobs - jobs
    )
