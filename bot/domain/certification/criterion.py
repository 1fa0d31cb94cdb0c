"""One criterion of an edition, judged by whole numbers: no value is rounded up to its threshold."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.calendar import MONTHS_PER_YEAR, months_before
from bot.domain.certification.editions import CriterionRule
from bot.domain.certification.facts import CriteriaInputs, EarningsGoal
from bot.domain.reply.reply_rate import CriterionStatus

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


def is_record_whole(facts: CriteriaInputs, today: date) -> bool:
    """Whether the record of jobs reaches back to before the year that ends today."""
    return facts.first_job_on is not None and facts.first_job_on < months_before(today, MONTHS_PER_YEAR)


def judge_ratio(numerator: int, denominator: int, rule: CriterionRule) -> CriterionStatus:
    """Met where a ratio reaches the threshold of the rule."""
    return status_if_met((rule.denominator or 1) * numerator >= (rule.numerator or 0) * denominator)


def status_if_met(reached: bool) -> CriterionStatus:  # noqa: FBT001 — the only argument, named by the function
    return CriterionStatus.MET if reached else CriterionStatus.NOT_MET
