"""What jobs earned, by month and by year in Tokyo: contract amounts, fees, and income tax withheld (for 確定申告)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from bot.domain.fees.amounts import compute_fee_amounts, round_down_to_yen
from bot.domain.fees.lines import known_system_fee
from bot.domain.fees.terms import ContractTerms, Tax
from bot.domain.types import ContractMethod, Edition, Yen

_CONFIDENCES: Final = ("official", "article", "secondary", "assumed")
"""The most certain first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidJobs:
    """Completed jobs of one day that are equal in what matters for fees."""

    day: date
    method: ContractMethod
    reward: Yen
    """The contract amount of one job, before fees."""
    withheld: bool
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningsTotals:
    """Sums in whole yen. Fees are estimates by the schedule of the day and the method of every job."""

    jobs: int = 0
    contract_total: int = 0
    """With consumption tax."""
    consumption_tax: int = 0
    system_fee: int = 0
    withheld: int = 0
    take_home: int = 0
    confidence: str = _CONFIDENCES[0]
    """That of the least certain fee."""

    def __add__(self, other: "EarningsTotals") -> "EarningsTotals":
        return EarningsTotals(
            jobs=self.jobs + other.jobs,
            contract_total=self.contract_total + other.contract_total,
            consumption_tax=self.consumption_tax + other.consumption_tax,
            system_fee=self.system_fee + other.system_fee,
            withheld=self.withheld + other.withheld,
            take_home=self.take_home + other.take_home,
            confidence=max(self.confidence, other.confidence, key=_CONFIDENCES.index),
        )


@dataclass(frozen=True, slots=True)
class YearOfEarnings:
    """A year with its months that have jobs, both in order."""

    year: int
    months: tuple[tuple[int, EarningsTotals], ...]
    total: EarningsTotals


def sum_earnings(jobs: Iterable[PaidJobs], tax: Tax) -> tuple[YearOfEarnings, ...]:
    """The years that have jobs, the newest first. `tax`: whether rewards include consumption tax."""
    years: dict[int, dict[int, EarningsTotals]] = {}
    for job in jobs:
        months = years.setdefault(job.day.year, {})
        months[job.day.month] = months.get(job.day.month, EarningsTotals()) + _earnings_of_jobs(job, tax)
    return tuple(
        YearOfEarnings(year, tuple(sorted(months.items())), sum(months.values(), start=EarningsTotals()))
        for year, months in sorted(years.items(), reverse=True)
    )


def _earnings_of_jobs(job: PaidJobs, tax: Tax) -> EarningsTotals:
    # Of a certified member's own fees nothing is known here, so the edition makes no difference.
    terms = ContractTerms(on=job.day, edition=Edition(""), tax=tax, method=job.method, withholding=job.withheld)
    amounts = compute_fee_amounts(Fraction(job.reward), terms, round_down_to_yen)
    return EarningsTotals(
        jobs=job.count,
        contract_total=int(amounts.contract_total) * job.count,
        consumption_tax=int(amounts.consumption_tax) * job.count,
        system_fee=int(amounts.system_fee) * job.count,
        withheld=int(amounts.withholding) * job.count,
        take_home=int(amounts.take_home) * job.count,
        confidence=known_system_fee(amounts, terms.schedule.system_fee).whole.confidence
        if job.reward
        else _CONFIDENCES[0],
    )
