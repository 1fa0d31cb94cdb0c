"""What is missing for certification and what is closest to being lost, against an evaluation with that much more."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.certification.editions import edition_names, get_edition
from bot.domain.certification.evaluation import CertificationStatus, evaluate_criteria
from bot.domain.certification.facts import CriteriaInputs, EarningsGoal, ProfileItem
from bot.domain.certification.gap import criterion_most_at_risk, find_criteria_gap, successes_needed
from bot.domain.certification.jobs import Job, JobOutcome, aggregate_jobs, evaluation_in_stars
from bot.domain.reply.reply_rate import CriterionStatus, ReplyRate
from bot.domain.types import ContractMethod, Edition, Yen

AS_OF = datetime(2026, 11, 28, 3, tzinfo=UTC)
RATE = ReplyRate(40, 40, 0)


def jobs(outcome: JobOutcome, count: int, tenths: int) -> list[Job]:
    return [
        Job(
            day=date(2026, 11, 1),
            method=ContractMethod.PROJECT,
            category="Web",
            reward=Yen(10_000),
            outcome=outcome,
            evaluation=evaluation_in_stars(tenths),
            count=count,
            withheld=False,
        )
    ] * (count > 0)


def judge(edition: str, all_jobs: list[Job], rate: ReplyRate = RATE, **known: object) -> CertificationStatus:
    inputs = CriteriaInputs(rate=rate, job_totals=aggregate_jobs(all_jobs, AS_OF) or None, **known)  # type: ignore[arg-type]
    return evaluate_criteria(get_edition(Edition(edition)), inputs, AS_OF)


def status_of(status: CertificationStatus, name: str) -> CriterionStatus:
    return next(criterion.status for criterion in status.criteria if criterion.id == name)


LOTS = st.integers(0, 60)


@given(st.sampled_from(edition_names()), LOTS, LOTS, st.sampled_from([10, 29, 30, 40, 47]))
def test_so_many_successes_and_no_fewer_meet_a_criterion(edition: str, good: int, bad: int, tenths: int) -> None:
    """Of each criterion that the jobs decide: with that many more it is met, with one less it is not."""
    recorded = jobs(JobOutcome.COMPLETED, good, 50) + jobs(JobOutcome.NOT_COMPLETED, bad, tenths)
    status = judge(edition, recorded)
    for criterion in find_criteria_gap(status).not_met:
        needed = successes_needed(status.rules, criterion)
        if needed is None:
            continue
        assert needed > 0
        assert status_of(judge(edition, recorded + jobs(JobOutcome.COMPLETED, needed, 50)), criterion.id) == "met"
        fewer = judge(edition, recorded + jobs(JobOutcome.COMPLETED, needed - 1, 50))
        assert status_of(fewer, criterion.id) == "not_met"


@given(st.sampled_from(edition_names()), st.integers(1, 200), LOTS, st.integers(5, 60), LOTS)
def test_the_criterion_at_risk_is_lost_after_its_margin(
    edition: str, good: int, bad: int, replies: int, late: int
) -> None:
    # So many at the most that one more would fail: else most examples meet no criterion, and are thrown away.
    bad, late = bad % (good // 9 + 2), late % (replies // 4 + 2)
    rate = ReplyRate(replies + late, replies, 0)
    recorded = jobs(JobOutcome.COMPLETED, good, 50) + jobs(JobOutcome.NOT_COMPLETED, bad, 29)
    risk = criterion_most_at_risk(judge(edition, recorded, rate))
    assume(risk is not None)
    assert risk is not None

    def after(count: int) -> CriterionStatus:
        if risk.criterion.id == "reply_rate":
            return status_of(judge(edition, recorded, rate.with_replies(late=count)), "reply_rate")
        outcome = JobOutcome.COMPLETED if risk.criterion.id == "evaluation" else JobOutcome.NOT_COMPLETED
        tenths = 40 if risk.criterion.id == "evaluation" else 29
        return status_of(judge(edition, recorded + jobs(outcome, count, tenths), rate), risk.criterion.id)

    assert after(risk.margin) == "met"
    assert after(risk.margin + 1) == "not_met"


def test_what_was_met_with_most_to_spare_is_not_named() -> None:
    recorded = jobs(JobOutcome.COMPLETED, 100, 50)
    risk = criterion_most_at_risk(judge("2024", recorded, last_login=date(2026, 11, 27)))
    assert risk is not None
    assert (risk.criterion.id, risk.margin) == ("satisfaction", 5)
    risk = criterion_most_at_risk(judge("2024", recorded, last_login=AS_OF.date() - timedelta(days=29)))
    assert risk is not None
    assert (risk.criterion.id, risk.margin) == ("last_login", 2)


@given(st.dates(date(2023, 1, 1), date(2029, 12, 31)), st.integers(0, 31))
def test_the_last_login_is_lost_on_the_day_after_its_margin(today: date, days_ago: int) -> None:
    """Months differ in length: a log-in of 31 January is too old on 1 March, one of 28 February on 1 April."""

    def at(day: date) -> CertificationStatus:
        inputs = CriteriaInputs(rate=ReplyRate(0, 0, 0), last_login=today - timedelta(days=days_ago))
        return evaluate_criteria(
            get_edition(Edition("2024")), inputs, datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        )

    risk = criterion_most_at_risk(at(today))
    if risk is None:
        assert status_of(at(today), "last_login") == "not_met"
        return
    assert status_of(at(today + timedelta(days=risk.margin)), "last_login") == "met"
    assert status_of(at(today + timedelta(days=risk.margin + 1)), "last_login") == "not_met"


def test_earnings_are_at_risk_as_the_line_comes_near() -> None:
    status = judge("2016", jobs(JobOutcome.COMPLETED, 100, 50), goals=(EarningsGoal(threshold=Yen(990_000)),))
    risk = criterion_most_at_risk(status)
    assert risk is not None
    assert (risk.criterion.id, risk.margin) == ("earnings", 10_000)


@pytest.mark.parametrize("edition", edition_names())
def test_a_newcomer_lacks_knowledge_of_everything_that_is_judged(edition: str) -> None:
    gap = find_criteria_gap(judge(edition, [], ReplyRate(0, 0, 0)))
    assert not gap.not_met
    judged = [rule.id for rule in get_edition(Edition(edition)).criteria]
    assert [criterion.id for criterion in gap.unknown] == judged


def test_nothing_is_missing_once_all_is_met() -> None:
    everything = {
        "profile": frozenset(ProfileItem),
        "last_login": date(2026, 11, 27),
        "goals": (EarningsGoal(threshold=Yen(1)),),
    }
    status = judge("2024", jobs(JobOutcome.COMPLETED, 100, 50), **everything)
    assert status.verdict is CriterionStatus.MET
    gap = find_criteria_gap(status)
    assert not gap.not_met
    assert not gap.unknown  # without tasks their approval is not judged, and nothing is missing
