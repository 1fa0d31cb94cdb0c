"""Each criterion but the reply rate: its line, what it counts, what leaves it unknown; against a plain count."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import ONE_DAY, last_day_within_month_of, months_before
from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.criterion import Criterion
from bot.domain.certification.editions import edition_names, get_edition
from bot.domain.certification.evaluation import evaluate_criteria
from bot.domain.certification.facts import CriteriaInputs, EarningsGoal, ProfileItem
from bot.domain.certification.jobs import Evaluation, Job, JobOutcome, aggregate_jobs, evaluation_in_stars
from bot.domain.reply.reply_rate import CriterionStatus, ReplyRate
from bot.domain.types import ContractMethod, Edition, Yen
from bot.errors import InvalidInputError

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
NONE = ReplyRate(0, 0, 0)


def job(count: int = 1, **fields: object) -> Job:
    plain = {
        "day": date(2026, 6, 1), "method": ContractMethod.PROJECT, "category": "Web", "reward": Yen(1000),
        "outcome": JobOutcome.COMPLETED, "evaluation": None, "client": None, "count": count, "withheld": False,
    }  # fmt: skip
    return Job(**{**plain, **fields})  # type: ignore[arg-type]


def criterion(edition: str, name: str, *jobs: Job, **known: object) -> Criterion:
    facts = CriteriaInputs(rate=NONE, job_totals=aggregate_jobs(jobs, NOON) if jobs else None, **known)  # type: ignore[arg-type]
    standing = evaluate_criteria(get_edition(Edition(edition)), facts, NOON)
    return next(each for each in standing.criteria if each.id == name)


MISSED = JobOutcome.NOT_COMPLETED


@pytest.mark.parametrize(
    ("edition", "name", "jobs", "status", "value"),
    [
        ("2016", "completion_rate", [job(9), job(outcome=MISSED)], "met", 90.0),
        ("2016", "completion_rate", [job(8), job(outcome=MISSED)], "not_met", 88.8),
        ("2016", "completion_rate", [job(8999), job(1000, outcome=MISSED)], "not_met", 89.9),
        ("2016", "completion_rate", [job(9, method=ContractMethod.TASK), job(9, outcome=MISSED, method=ContractMethod.CONTEST)], "met", 100.0),
        ("2016", "completion_rate", [job(method=ContractMethod.CONTEST)], "unknown", None),
        ("2024", "completion_rate", [job(1), job(9, method=ContractMethod.TASK, outcome=MISSED)], "met", 100.0),
        ("2024", "task_approval", [job(1), job(9, method=ContractMethod.TASK, outcome=MISSED)], "not_met", 0.0),
        ("2024", "task_approval", [job(1, outcome=MISSED), job(9, method=ContractMethod.TASK)], "met", 100.0),
        ("2024", "task_approval", [job(1)], "not_judged", None),
        ("2024", "task_approval", [], "unknown", None),
        ("2016", "evaluation", [job(4, evaluation=evaluation_in_stars(50)), job(1, evaluation=evaluation_in_stars(40))], "met", 4.8),
        ("2016", "evaluation", [job(79, evaluation=evaluation_in_stars(50)), job(21, evaluation=evaluation_in_stars(40))], "not_met", 4.79),
        ("2016", "evaluation", [job(1, evaluation=evaluation_in_stars(48)), job(9, evaluation=Evaluation(None, satisfied=False))], "met", 4.8),
        ("2016", "evaluation", [job(9, evaluation=Evaluation(None, satisfied=True))], "unknown", None),
        ("2024", "satisfaction", [job(19, evaluation=evaluation_in_stars(30)), job(evaluation=evaluation_in_stars(29))], "met", 95.0),
        ("2024", "satisfaction", [job(18, evaluation=evaluation_in_stars(30)), job(evaluation=evaluation_in_stars(29))], "not_met", 94.7),
        ("2024", "satisfaction", [job(9)], "unknown", None),
    ],
)  # fmt: skip
def test_ratios(edition: str, name: str, jobs: list[Job], status: str, value: float | None) -> None:
    found = criterion(edition, name, *jobs)
    assert (found.status, found.value) == (status, value)


@pytest.mark.parametrize(
    ("jobs", "category", "line", "status", "value"),
    [
        ([job(3)], None, 3000, "met", 3000),
        ([job(3)], None, 3001, "not_met", 3000),
        ([job(3), job(reward=Yen(9), outcome=MISSED), job(reward=Yen(5), method=ContractMethod.CONTEST)], None, 3005, "met", 3005),
        ([job(3), job(reward=Yen(9), category="ロゴ")], "ｗｅｂ", 3000, "met", 3000),
        ([job(3)], "ロゴ", 1, "unknown", None),
        ([job(3, outcome=MISSED)], "Web", 1, "unknown", None),
        ([job(3, outcome=MISSED), job(reward=Yen(0))], "Web", 1, "not_met", 0),
        ([job(3)], "Web", None, "unknown", None),
        ([], "Web", 1, "unknown", None),
    ],
)  # fmt: skip
def test_earnings(jobs: list[Job], category: str | None, line: int | None, status: str, value: int | None) -> None:
    found = criterion("2016", "earnings", *jobs, goals=(EarningsGoal(category, line and Yen(line)),))
    assert (found.status, found.value, found.threshold) == (status, value, line)


WEB, LOGO, ALL = EarningsGoal("Web", Yen(5000)), EarningsGoal("ロゴ", Yen(100)), EarningsGoal(None, Yen(9000))


@pytest.mark.parametrize(
    ("jobs", "goals", "status", "value", "shown"),
    [
        ([job(5), job(category="ロゴ", reward=Yen(10))], (WEB, LOGO), "met", 5000, WEB),
        ([job(4), job(category="ロゴ", reward=Yen(100))], (WEB, LOGO), "met", 100, LOGO),
        ([job(4), job(category="ロゴ", reward=Yen(99))], (WEB, LOGO), "not_met", 99, LOGO),
        ([job(5, outcome=MISSED), job(category="ロゴ", reward=Yen(1))], (WEB, LOGO, ALL), "not_met", 1, LOGO),
        ([job(4)], (LOGO, WEB), "not_met", 4000, WEB),
        ([job(9)], (LOGO, ALL), "met", 9000, ALL),
        ([job(9)], (LOGO, EarningsGoal("文章", Yen(1))), "unknown", None, LOGO),
    ],
)
def test_one_of_several_goals_is_enough_and_else_the_nearest_is_shown(
    jobs: list[Job], goals: tuple[EarningsGoal, ...], status: str, value: int | None, shown: EarningsGoal
) -> None:
    found = criterion("2024", "earnings", *jobs, goals=goals)
    assert (found.status, found.value, found.threshold, found.goal) == (status, value, shown.threshold, shown)


@pytest.mark.parametrize(
    ("earnings", "status", "shown"),
    [(99, "not_met", LOGO), (100, "unknown", LOGO), (8999, "unknown", LOGO), (9000, "met", ALL)],
)
def test_displayed_earnings_are_judged_where_all_goals_agree(earnings: int, status: str, shown: EarningsGoal) -> None:
    displayed = DisplayedFigures(on=date(2026, 11, 20), earnings=earnings)
    found = criterion("2024", "earnings", displayed=displayed, goals=(WEB, LOGO, ALL))
    assert (found.status, found.goal) == (status, shown)


@pytest.mark.parametrize(("approval", "status"), [(899, "not_met"), (900, "met")])
def test_a_displayed_approval_counts_where_no_task_is_recorded(approval: int, status: str) -> None:
    displayed = DisplayedFigures(on=date(2026, 11, 20), task_approval=approval)
    found = criterion("2024", "task_approval", job(1), displayed=displayed)
    assert (found.status, found.value) == (status, approval / 10)


GOALS = st.lists(
    st.builds(
        EarningsGoal,
        st.none() | st.sampled_from(["Web", "ロゴ", "ｗｅｂ", "文章"]),
        st.none() | st.integers(1, 50_000).map(Yen),
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize(
    ("day", "counted"),
    [
        (date(2025, 11, 23), False),
        (date(2025, 11, 24), True),
        (date(2026, 11, 24), True),
        (date(2026, 11, 25), False),
    ],
)
def test_a_jobs_day_puts_it_in_the_year_both_ends_included(day: date, counted: bool) -> None:  # noqa: FBT001
    found = criterion("2016", "completion_rate", job(day=day))
    assert found.status is (CriterionStatus.MET if counted else CriterionStatus.UNKNOWN)


def test_profile_and_log_in() -> None:
    assert criterion("2016", "profile").value is None
    assert criterion("2016", "profile", profile=frozenset(ProfileItem)).status is CriterionStatus.MET
    eight = criterion("2016", "profile", profile=frozenset(set(ProfileItem) - {ProfileItem.PHONE}))
    assert (eight.status, eight.value, eight.threshold) == ("not_met", 8, 9)
    assert criterion("2024", "last_login").threshold == date(2026, 10, 24)
    assert criterion("2024", "last_login", last_login=date(2026, 10, 24)).status is CriterionStatus.MET
    assert criterion("2024", "last_login", last_login=date(2026, 10, 23)).status is CriterionStatus.NOT_MET
    with pytest.raises(InvalidInputError):
        criterion("2024", "last_login", last_login=date(2026, 11, 25))


def test_a_month_before_the_31st_is_the_shorter_months_last_day() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 5), 1) == date(2025, 12, 5)
    assert last_day_within_month_of(date(2026, 2, 28)) == date(2026, 3, 31)


@given(st.dates(date(2020, 1, 1), date(2032, 12, 31)))
def test_the_last_day_within_a_month_is_the_last_from_which_a_day_is_that_near(day: date) -> None:
    last = last_day_within_month_of(day)
    assert months_before(last, 1) <= day < months_before(last + ONE_DAY, 1)


JOBS = st.lists(
    st.builds(
        Job,
        day=st.dates(date(2025, 11, 1), date(2026, 12, 1)),
        method=st.sampled_from(ContractMethod),
        category=st.sampled_from(["Web", "ロゴ"]),
        reward=st.integers(0, 10_000).map(Yen),
        outcome=st.sampled_from(JobOutcome),
        evaluation=st.none()
        | st.integers(10, 50).map(evaluation_in_stars)
        | st.booleans().map(lambda satisfied: Evaluation(None, satisfied=satisfied)),
        client=st.none(),
        count=st.integers(1, 40),
    ),
    max_size=12,
)


@given(JOBS, st.integers(1, 50_000))
def test_every_criterion_agrees_with_a_plain_count(jobs: list[Job], line: int) -> None:
    """N equal rows are one row with count n, and no figure is rounded up over its line."""
    year = [each for job in jobs for each in [job] * job.count if date(2025, 11, 24) <= job.day <= date(2026, 11, 24)]
    for edition in edition_names():
        facts = CriteriaInputs(
            rate=NONE, job_totals=aggregate_jobs(jobs, NOON), goals=(EarningsGoal("web", Yen(line)),)
        )
        for found in evaluate_criteria(get_edition(Edition(edition)), facts, NOON).criteria:
            match found.id:
                case "completion_rate" | "task_approval":
                    wanted = (
                        {ContractMethod.TASK}
                        if found.id == "task_approval"
                        else set(ContractMethod) - {ContractMethod.TASK, ContractMethod.CONTEST}
                    )
                    if edition == "2016":
                        wanted |= {ContractMethod.TASK}
                    counted = [each.outcome is JobOutcome.COMPLETED for each in year if each.method in wanted]
                    reached = Fraction(9, 10)
                case "evaluation":
                    counted = [Fraction(e.tenths, 10) for each in year if (e := each.evaluation) and e.tenths]
                    reached = Fraction(48, 10)
                case "satisfaction":
                    counted = [each.evaluation.satisfied for each in year if each.evaluation]
                    reached = Fraction(95, 100)
                case "earnings" if any(each.category == "Web" for each in year):
                    paid = (e.reward for e in year if e.category == "Web" and e.outcome is JobOutcome.COMPLETED)
                    assert (found.status is CriterionStatus.MET) == (sum(paid) >= line)
                    continue
                case _:
                    continue
            if counted:
                assert (found.status is CriterionStatus.MET) == (Fraction(sum(counted), len(counted)) >= reached)
            else:
                assert found.status in {CriterionStatus.UNKNOWN, CriterionStatus.NOT_JUDGED}


@given(JOBS, GOALS)
def test_several_goals_are_met_exactly_if_one_of_them_is(jobs: list[Job], goals: list[EarningsGoal]) -> None:
    alone = [criterion("2024", "earnings", *jobs, goals=(goal,)) for goal in goals]
    found = criterion("2024", "earnings", *jobs, goals=tuple(goals))
    assert found in alone
    statuses = {each.status for each in alone}
    if CriterionStatus.MET in statuses:
        assert found.status is CriterionStatus.MET
    elif CriterionStatus.NOT_MET in statuses:
        assert found.status is CriterionStatus.NOT_MET
        gaps = [int(str(each.threshold)) - int(str(each.value)) for each in alone if each.value is not None]
        assert int(str(found.threshold)) - int(str(found.value)) == min(gaps)
    else:
        assert found.status is CriterionStatus.UNKNOWN
