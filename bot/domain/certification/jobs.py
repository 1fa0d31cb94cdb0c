"""Jobs, and the totals of a year of them (docs/domain-facts.md#completion-rate, #evaluation, #earnings)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.calendar import year_dates
from bot.domain.text import fold_width_and_case
from bot.domain.types import ContractMethod, Yen

SATISFIED_FROM_TENTHS = 30
"""In tenths: 3.0 stars and more were converted to 満足, less to 残念 (docs/domain-facts.md#evaluation, official)."""


STARS_END = date(2022, 2, 1)
"""Clients give no stars from then on (docs/domain-facts.md#evaluation, official; its source names the month alone)."""


class JobOutcome(StrEnum):
    """How a job ended; for a task: whether it was approved."""

    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A client's evaluation: stars in tenths (10 to 50), or since 2022-02 only 満足 or 残念 (`tenths` None)."""

    tenths: int | None
    satisfied: bool


def evaluation_in_stars(tenths: int) -> Evaluation:
    """An evaluation in stars, and whether it was converted to 満足."""
    return Evaluation(tenths, tenths >= SATISFIED_FROM_TENTHS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job, or `count` equal ones. It belongs to the year by its day in Tokyo; `reward` is yen for one job."""

    day: date
    method: ContractMethod
    category: str
    reward: Yen
    outcome: JobOutcome
    evaluation: Evaluation | None = None
    client: str | None = None
    count: int = 1
    withheld: bool
    """Whether a corporate client withheld income tax."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTotals:
    """The jobs of a year that are equal in all other respects. `earned`: yen of all of them together."""

    method: ContractMethod
    category: str
    outcome: JobOutcome
    evaluation: Evaluation | None
    count: int
    earned: int
    displayed_on: date | None = None
    """The first day from theirs on whose display by Lancers is known; None: none is."""


def count_jobs(entries: Iterable[Job]) -> int:
    """The jobs in some entries, of which one can have several."""
    return sum(entry.count for entry in entries)


def aggregate_jobs(jobs: Iterable[Job], as_of: datetime) -> tuple[JobTotals, ...]:
    """The totals of the year that ends at `as_of`."""
    first, last = year_dates(as_of)
    groups: defaultdict[tuple[ContractMethod, str, JobOutcome, Evaluation | None], list[Job]] = defaultdict(list)
    for job in jobs:
        if first <= job.day <= last:
            groups[job.method, job.category, job.outcome, job.evaluation].append(job)
    return tuple(
        JobTotals(
            method=method,
            category=category,
            outcome=outcome,
            evaluation=evaluation,
            count=count_jobs(group),
            earned=sum(job.count * job.reward for job in group),
        )
        for (method, category, outcome, evaluation), group in groups.items()
    )


def may_have_stars(as_of: datetime) -> bool:
    """Whether clients could still give stars in the year that ends at `as_of`."""
    return year_dates(as_of)[0] < STARS_END


def job_category_key(category: str) -> str:
    """The key that matches a category: width, case and spaces make no difference."""
    return " ".join(fold_width_and_case(category).split())
