"""The criterion of the past year's earnings, by the goals that the member has set for categories."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.domain.calendar import MONTHS_PER_YEAR, ONE_DAY, months_before
from bot.domain.certification.calibration import share_left_in_year
from bot.domain.certification.criterion import Basis, Criterion, is_record_whole, status_if_met
from bot.domain.certification.facts import CriteriaInputs, EarningsGoal
from bot.domain.certification.jobs import JobOutcome, JobTotals, job_category_key
from bot.domain.reply.reply_rate import CriterionStatus


def judge_earnings(unknown: Criterion, facts: CriteriaInputs, today: date) -> Criterion:
    """By the record where it is whole or no earnings were displayed, else by the displayed earnings."""
    recorded = _judge_recorded_earnings(unknown, facts)
    is_judged = recorded.status is not CriterionStatus.UNKNOWN
    if is_judged and is_record_whole(facts, today) and not facts.lacks_displayed_earnings:
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
    return replace(unknown, status=status_if_met(earned >= goal.threshold), value=earned, out_of=(earned, count))


def _jobs_of_goal(job_totals: Iterable[JobTotals], goal: EarningsGoal) -> list[JobTotals]:
    category = None if goal.category is None else job_category_key(goal.category)
    return [totals for totals in job_totals if category is None or job_category_key(totals.category) == category]
