"""Jobs, and what a year of them adds up to."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.calendar import year_dates
from bot.domain.types import ContractMethod, Yen

SATISFIED_FROM_TENTHS = 30
"""3.0 stars and more were converted to 満足 in 2022-02, less to 残念 (info.lancers.jp/26719, official). In tenths."""


class JobOutcome(StrEnum):
    """How a job ended; for a task: approved or not."""

    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the client gave: stars in tenths (10 to 50), or since 2022-02 only 満足 or 残念 (`tenths` None)."""

    tenths: int | None
    satisfied: bool


def stars(tenths: int) -> Evaluation:
    """An evaluation in stars, with what it was converted to."""
    return Evaluation(tenths, tenths >= SATISFIED_FROM_TENTHS)


@dataclass(frozen=True, slots=True)
class Job:
    """One job, or `count` equal ones. Its date (in Tokyo) puts it in the year; `reward` in yen for each."""

    day: date
    method: ContractMethod
    category: str
    reward: Yen
    outcome: JobOutcome
    evaluation: Evaluation | None = None
    client: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class JobTotals:
    """Jobs of a year that count alike, added up. `earned` in yen over all of them."""

    method: ContractMethod
    category: str
    outcome: JobOutcome
    evaluation: Evaluation | None
    count: int
    earned: int


def aggregate_jobs(jobs: Iterable[Job], as_of: datetime) -> tuple[JobTotals, ...]:
    """The jobs of the year that ends at `as_of`."""
    first, last = year_dates(as_of)
    sums: defaultdict[tuple[ContractMethod, str, JobOutcome, Evaluation | None], list[int]] = defaultdict(
        lambda: [0, 0]
    )
    for job in jobs:
        if first <= job.day <= last:
            each = sums[job.method, job.category, job.outcome, job.evaluation]
            each[0] += job.count
            each[1] += job.count * job.reward
    return tuple(JobTotals(*alike, count, earned) for alike, (count, earned) in sums.items())


def category_key(category: str) -> str:
    """What a category is matched by: width, case and spaces do not matter."""
    return " ".join(unicodedata.normalize("NFKC", category).casefold().split())
