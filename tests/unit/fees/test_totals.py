"""What jobs earned by month and year."""

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.fees.estimate import estimate_fees
from bot.domain.fees.terms import ContractTerms, Tax
from bot.domain.fees.totals import EarningsTotals, PaidJobs, sum_earnings
from bot.domain.types import ContractMethod, Edition, Yen

paid = st.builds(
    PaidJobs,
    day=st.dates(date(2015, 1, 1), date(2026, 11, 28)),
    method=st.sampled_from(ContractMethod),
    reward=st.builds(Yen, st.integers(0, 2_000_000)),
    withheld=st.booleans(),
    count=st.integers(1, 50),
)


def job(day: date, reward: int, **changes: object) -> PaidJobs:
    values = {"day": day, "method": ContractMethod.PROJECT, "reward": Yen(reward), "withheld": False, "count": 1}
    return PaidJobs(**{**values, **changes})  # type: ignore[arg-type]


def test_fees_go_by_the_day_and_the_method_of_every_job() -> None:
    [year, before] = sum_earnings(
        [
            job(date(2026, 1, 31), 50_000),
            job(date(2026, 1, 1), 110_000, method=ContractMethod.HOURLY, withheld=True),
            job(date(2026, 2, 1), 1_000, method=ContractMethod.TASK, count=3),
            job(date(2022, 9, 30), 100_000),
        ],
        Tax.INCLUDED,
    )
    assert [month for month, _ in year.months] == [1, 2]
    assert year.months[0][1] == EarningsTotals(
        jobs=2, contract_total=160_000, consumption_tax=14_545, system_fee=24_750, withheld=10_210, take_home=125_040,
    )  # fmt: skip
    assert year.months[1][1].system_fee == 495
    assert (year.total.jobs, year.total.take_home) == (5, 127_545)
    assert (before.year, before.total.system_fee, before.total.confidence) == (2022, 20_000, "secondary")


@pytest.mark.parametrize("reward", [13_500, 100_000, 100_001])
def test_a_fee_of_the_first_tier_is_as_certain_as_in_an_estimate(reward: int) -> None:
    day = date(2016, 5, 1)
    [year] = sum_earnings([job(day, reward)], Tax.INCLUDED)
    lines = estimate_fees(Yen(reward), ContractTerms(on=day, edition=Edition("2016"))).lines
    assert year.total.confidence == next(line.provenance.confidence for line in lines if line.id == "system_fee")


def test_rewards_without_tax() -> None:
    [year] = sum_earnings([job(date(2026, 1, 31), 10_000)], Tax.EXCLUDED)
    assert (year.total.contract_total, year.total.take_home) == (11_000, 9_185)


@given(st.lists(paid, max_size=30), st.sampled_from(Tax))
def test_sums_add_up_and_are_those_of_estimates(jobs: list[PaidJobs], tax: Tax) -> None:
    years = sum_earnings(jobs, tax)
    assert [year.year for year in years] == sorted({job.day.year for job in jobs}, reverse=True)
    for year in years:
        assert year.total == added(totals for _, totals in year.months)
        assert year.total.take_home == year.total.contract_total - year.total.system_fee - year.total.withheld
    estimates = [
        estimate_fees(
            job.reward,
            ContractTerms(
                on=job.day,
                edition=Edition("2024"),
                tax=tax,
                method=job.method,
                count=job.count,
                withholding=job.withheld,
            ),
        )
        for job in jobs
    ]
    whole = added(year.total for year in years)
    assert whole.take_home == sum(each.take_home for each in estimates)
    assert whole.system_fee == sum(each.system_fee for each in estimates)
    assert whole.withheld == sum(each.withholding for each in estimates)


def added(totals: Iterable[EarningsTotals]) -> EarningsTotals:
    return sum(totals, start=EarningsTotals())
