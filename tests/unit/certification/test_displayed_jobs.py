"""The displayed figures of jobs, with the jobs recorded since: examples, and against the whole history of a member."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import year_dates
from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.criterion import Basis, Criterion
from bot.domain.certification.editions import edition_names, get_edition
from bot.domain.certification.evaluation import evaluate_criteria
from bot.domain.certification.facts import CriteriaInputs, EarningsGoal
from bot.domain.certification.gap import can_entry_change_criterion
from bot.domain.certification.jobs import (
    Evaluation,
    Job,
    JobOutcome,
    JobTotals,
    aggregate_jobs,
    evaluation_in_stars,
)
from bot.domain.reply.reply_rate import CriterionStatus, ReplyRate
from bot.domain.types import ContractMethod, Edition, Yen

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
TODAY = date(2026, 11, 24)
SHOWN_ON = date(2026, 11, 20)
BEFORE, SINCE = date(2026, 11, 20), date(2026, 11, 21)
"""The day itself is in the display."""
MISSED = JobOutcome.NOT_COMPLETED


def job(day: date = SINCE, **fields: Any) -> Job:
    plain = {
        "method": ContractMethod.PROJECT, "category": "Web", "reward": Yen(7), "outcome": JobOutcome.COMPLETED,
        "evaluation": None, "withheld": False,
    }  # fmt: skip
    return Job(day=day, **{**plain, **fields})


def totals_with_display(jobs: Sequence[Job], day: date) -> tuple[JobTotals, ...]:
    """The totals of the year, apart for the jobs that the display of a day has in it."""
    shown = aggregate_jobs([each for each in jobs if each.day <= day], NOON)
    later = aggregate_jobs([each for each in jobs if each.day > day], NOON)
    return (*(replace(totals, displayed_on=day) for totals in shown), *later)


def judge(
    name: str, jobs: Sequence[Job], *goals: EarningsGoal, edition: str = "2024", on: date = SHOWN_ON, **figures: int
) -> Criterion:
    facts = CriteriaInputs(
        rate=ReplyRate(0, 0, 0),
        job_totals=totals_with_display(jobs, on) if jobs else None,
        first_job_on=min((each.day for each in jobs), default=None),
        goals=goals,
        displayed=DisplayedFigures(on=on, **figures) if figures else None,
    )
    criteria = evaluate_criteria(get_edition(Edition(edition)), facts, NOON).criteria
    return next(criterion for criterion in criteria if criterion.id == name)


def goal(line: int, category: str | None = None) -> EarningsGoal:
    return EarningsGoal(category, Yen(line))


@pytest.mark.parametrize(
    ("jobs", "on", "line", "status", "value", "since"),
    [
        ([], SHOWN_ON, 500_000, "met", 500_000, None),
        ([job()], SHOWN_ON, 500_000, "met", 500_007, (7, 1)),
        ([job(BEFORE)], SHOWN_ON, 500_000, "met", 500_000, None),
        ([job(reward=Yen(20_000))], SHOWN_ON, 510_000, "met", 520_000, (20_000, 1)),
        ([job(reward=Yen(20_000), outcome=MISSED)], SHOWN_ON, 510_000, "not_met", 500_000, None),
        ([job(), job(BEFORE)], SHOWN_ON, 500_008, "not_met", 500_007, (7, 1)),
        # Four days of the year of the display have gone: some of the displayed amount may have left.
        ([job()], SHOWN_ON, 500_007, "unknown", 500_007, (7, 1)),
        ([job(TODAY)], TODAY, 500_000, "met", 500_000, None),
        # Half of the year has gone.
        ([job(reward=Yen(300_000))], date(2026, 5, 24), 600_000, "unknown", 800_000, (300_000, 1)),
        ([job(reward=Yen(300_000))], date(2026, 5, 24), 540_000, "met", 800_000, (300_000, 1)),
        # The record alone reaches the goal.
        ([job(reward=Yen(800_000))], date(2025, 12, 1), 800_000, "met", 1_300_000, (800_000, 1)),
        # The record has more than was displayed.
        ([job(BEFORE, reward=Yen(500_001))], SHOWN_ON, 500_002, "not_met", 500_001, None),
    ],
)
def test_earnings_are_the_displayed_and_those_since(
    jobs: list[Job], on: date, line: int, status: str, value: int, since: tuple[int, int] | None
) -> None:
    found = judge("earnings", jobs, goal(line), on=on, earnings=500_000)
    assert (found.status, found.value, found.since, found.threshold) == (status, value, since, line)


def test_a_record_from_before_the_year_counts_alone() -> None:
    old = job(date(2025, 11, 23))
    assert judge("earnings", [job(), old], goal(100), earnings=500_000).value == 7
    assert judge("completion_rate", [job(outcome=MISSED), old], completion_rate=1000).value == 0.0
    # It has nothing to say where there is no such job in the year.
    assert judge("completion_rate", [old], completion_rate=1000).value == 100.0
    assert judge("earnings", [old], goal(100), earnings=500_000).value == 500_000
    first_day = judge("completion_rate", [job(date(2025, 11, 24), outcome=MISSED)], completion_rate=1000)
    assert (first_day.value, first_day.basis) == (100.0, Basis.DISPLAYED)


@pytest.mark.parametrize(
    ("goals", "status", "shown"),
    [
        ([goal(600_000), goal(5, "ロゴ")], "met", 5),
        ([goal(600_000), goal(100, "ロゴ")], "unknown", 100),
        ([goal(600_000), goal(700_000, "ロゴ")], "not_met", 600_000),
        ([goal(400_000), goal(300_000, "ロゴ")], "met", 400_000),
        ([], "unknown", None),
    ],
)
def test_the_displayed_amount_is_of_any_category(goals: list[EarningsGoal], status: str, shown: int | None) -> None:
    found = judge("earnings", [job(category="ロゴ")], *goals, earnings=500_000)
    assert (found.status, found.threshold) == (status, shown)


@pytest.mark.parametrize(
    ("category", "goals", "status", "value", "since"),
    [
        ("ライティング", [goal(510_000, "ロゴ")], "not_met", 500_000, None),
        ("ロゴ", [goal(510_000, "ロゴ")], "met", 520_000, (20_000, 1)),
        ("ライティング", [goal(510_000, "ロゴ"), goal(510_000, "ライティング")], "unknown", 520_000, (20_000, 1)),
        ("ライティング", [goal(510_000, "ロゴ"), goal(530_000, "ライティング")], "not_met", 500_000, None),
        ("ライティング", [goal(510_000, "ロゴ"), goal(510_000)], "unknown", 520_000, (20_000, 1)),
        ("ライティング", [goal(500_000, "ロゴ"), goal(510_000, "ライティング")], "met", 500_000, None),
    ],
)
def test_what_was_recorded_since_is_of_its_own_category(
    category: str, goals: list[EarningsGoal], status: str, value: int, since: tuple[int, int] | None
) -> None:
    found = judge("earnings", [job(TODAY, category=category, reward=Yen(20_000))], *goals, on=BEFORE, earnings=500_000)
    assert (found.status, found.value, found.since) == (status, value, since)


GOOD, BAD = {"evaluation": evaluation_in_stars(50)}, {"evaluation": evaluation_in_stars(20), "outcome": MISSED}


@pytest.mark.parametrize(
    ("edition", "name", "method", "reached", "missed", "good", "bad"),
    [
        ("2024", "completion_rate", "project", 900, 899, (1, 1), (0, 1)),
        ("2024", "task_approval", "task", 900, 899, (1, 1), (0, 1)),
        ("2024", "satisfaction", "contest", 950, 949, (1, 1), (0, 1)),
        ("2016", "evaluation", "contest", 480, 479, (50, 1), (20, 1)),
    ],
)
def test_a_displayed_ratio_is_judged_where_it_and_the_jobs_since_agree(
    edition: str, name: str, method: str, reached: int, missed: int, good: tuple[int, int], bad: tuple[int, int]
) -> None:
    def found(figure: int, *jobs: Job) -> tuple[str, tuple[int, int] | None]:
        jobs = tuple(replace(each, method=ContractMethod(method)) for each in jobs)
        criterion = judge(name, jobs, edition=edition, **{name: figure})
        assert criterion.value == pytest.approx(figure / (100 if name == "evaluation" else 10))
        assert criterion.basis is Basis.DISPLAYED
        return criterion.status, criterion.since

    assert found(reached) == ("met", None)
    assert found(missed) == ("not_met", None)
    assert found(reached, job(BEFORE, **BAD)) == ("met", None)
    assert found(missed, job(BEFORE, **GOOD)) == ("not_met", None)
    assert found(reached, job(**GOOD)) == ("met", good)
    assert found(reached, job(**BAD)) == ("unknown", bad)
    assert found(missed, job(**GOOD)) == ("unknown", good)
    assert found(missed, job(**BAD)) == ("not_met", bad)


def test_each_figure_has_its_own_day() -> None:
    facts = CriteriaInputs(
        rate=ReplyRate(0, 0, 0),
        job_totals=totals_with_display([job(BEFORE, **BAD)], BEFORE),
        first_job_on=BEFORE,
        displayed=DisplayedFigures(on=BEFORE, completion_rate=1000, satisfaction=1000),
        displayed_days={"satisfaction": date(2026, 11, 19)},
    )
    criteria = {each.id: each for each in evaluate_criteria(get_edition(Edition("2024")), facts, NOON).criteria}
    assert criteria["completion_rate"].status is CriterionStatus.MET
    assert criteria["satisfaction"].status is CriterionStatus.UNKNOWN


def test_a_display_can_be_entered_unless_the_record_is_whole() -> None:
    missed = job(outcome=MISSED)
    assert can_entry_change_criterion(judge("completion_rate", [missed]), is_displayed=True)
    whole = judge("completion_rate", [missed, job(date(2025, 11, 23))])
    assert not can_entry_change_criterion(whole, is_displayed=True)


EVALUATIONS = st.sampled_from(
    [None, Evaluation(None, satisfied=True), Evaluation(None, satisfied=False)]
) | st.integers(10, 50).map(evaluation_in_stars)
HISTORY = st.lists(
    st.builds(
        job,
        st.dates(date(2025, 11, 24), TODAY),
        method=st.sampled_from(ContractMethod),
        reward=st.integers(0, 100_000).map(Yen),
        outcome=st.sampled_from([JobOutcome.COMPLETED, JobOutcome.COMPLETED, MISSED]),
        evaluation=EVALUATIONS,
        count=st.integers(1, 20),
    ),
    max_size=12,
)


def displayed_figures(edition: str, jobs: Sequence[Job]) -> dict[str, int]:
    """What Lancers displays for these jobs, cut off."""
    figures = {"earnings": sum(each.reward * each.count for each in jobs if each.outcome is JobOutcome.COMPLETED)}
    for rule in get_edition(Edition(edition)).criteria:
        match rule.kind:
            case "completion":
                counted: Iterable[tuple[Fraction, int]] = [
                    (Fraction(each.outcome is JobOutcome.COMPLETED), each.count)
                    for each in jobs
                    if each.method in rule.methods
                ]
            case "satisfaction":
                counted = [(Fraction(each.evaluation.satisfied), each.count) for each in jobs if each.evaluation]
            case "average":
                counted = [
                    (Fraction(e.tenths, 100), each.count) for each in jobs if (e := each.evaluation) and e.tenths
                ]
            case _:
                continue
        if count := sum(number for _, number in counted):
            ratio = sum(value * number for value, number in counted) / count
            figures[rule.id] = int(ratio * 1000)
    return figures


@given(HISTORY, st.sampled_from(edition_names()), st.data())
def test_what_is_judged_is_true_of_the_whole_history(history: list[Job], edition: str, data: st.DataObject) -> None:
    """No job leaves the year between the display and now; the record begins on any day, at the latest after it."""
    shown_on = data.draw(st.dates(date(2025, 12, 1), TODAY), label="displayed on")
    since = data.draw(st.dates(year_dates(NOON)[0], shown_on), label="recorded since")
    is_after_display = data.draw(st.booleans(), label="recorded after the display only")
    recorded = [each for each in history if each.day >= since and (each.day > shown_on or not is_after_display)]
    figures = displayed_figures(edition, [each for each in history if each.day <= shown_on])
    line = data.draw(st.integers(1, 1_000_000), label="line")
    for rule in get_edition(Edition(edition)).criteria:
        if rule.kind not in {"completion", "satisfaction", "average", "earnings"} or rule.id not in figures:
            continue
        shown = {rule.id: figures[rule.id]}
        truth = judge(rule.id, history, goal(line), edition=edition)
        found = judge(rule.id, recorded, goal(line), edition=edition, on=shown_on, **shown)
        if found.status in {CriterionStatus.MET, CriterionStatus.NOT_MET} and truth.out_of is not None:
            assert found.status is truth.status
        if shown_on == TODAY or not any(each.day > shown_on for each in recorded):
            assert found.status is not CriterionStatus.UNKNOWN
