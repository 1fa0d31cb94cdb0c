"""The jobs of a member, and what a year of them adds up to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.domain.certification.jobs import Evaluation, Job, JobOutcome, JobTotals
from bot.domain.types import ContractMethod, JobId, MemberId, Yen
from storage.database import Query, Row, Transaction, Value


@dataclass(frozen=True, slots=True)
class StoredJob:
    """One row."""

    id: JobId
    job: Job


_COLUMNS: Final = "day, method, category, reward, outcome, stars, satisfied, client, count"


def _values(job: Job) -> tuple[Value, ...]:
    given = job.evaluation
    return (
        job.day.isoformat(),
        job.method,
        job.category,
        job.reward,
        job.outcome,
        None if given is None else given.tenths,
        None if given is None else int(given.satisfied),
        job.client,
        job.count,
    )


def _evaluation(tenths: int | None, satisfied: int | None) -> Evaluation | None:
    return None if satisfied is None else Evaluation(tenths, bool(satisfied))


def _stored(row: Row) -> StoredJob:
    number, day, method, category, reward, outcome, tenths, satisfied, client, count = row
    given = _evaluation(tenths, satisfied)
    job = Job(
        day=date.fromisoformat(day),
        method=ContractMethod(method),
        category=category,
        reward=Yen(reward),
        outcome=JobOutcome(outcome),
        evaluation=given,
        client=client,
        count=count,
    )
    return StoredJob(JobId(number), job)


async def add(transaction: Transaction, member: MemberId, job: Job) -> StoredJob:
    """Enter one."""
    row = await transaction.fetch_one(
        f"INSERT INTO jobs (member_id, {_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        f" RETURNING job_id, {_COLUMNS}",
        member,
        *_values(job),
    )
    assert row is not None, "an insert returns its row"  # noqa: S101 — narrows the type
    return _stored(row)


async def add_many(transaction: Transaction, member: MemberId, jobs: Iterable[Job]) -> None:
    """Enter many at once."""
    await transaction.execute_many(
        f"INSERT INTO jobs (member_id, {_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [(member, *_values(job)) for job in jobs],
    )


async def find(transaction: Transaction, member: MemberId, job: JobId) -> StoredJob | None:
    """The job, if it is this member's."""
    row = await transaction.fetch_one(
        f"SELECT job_id, {_COLUMNS} FROM jobs WHERE member_id = $1 AND job_id = $2", member, job
    )
    return _stored(row) if row else None


async def change(transaction: Transaction, member: MemberId, stored: StoredJob) -> None:
    """Put an entry right."""
    await transaction.fetch(
        "UPDATE jobs SET day = $3, method = $4, category = $5, reward = $6, outcome = $7, stars = $8, satisfied = $9,"
        " client = $10, count = $11 WHERE member_id = $1 AND job_id = $2",
        member,
        stored.id,
        *_values(stored.job),
    )


async def remove(transaction: Transaction, member: MemberId, job: JobId) -> None:
    """Take an entry out."""
    await transaction.fetch("DELETE FROM jobs WHERE member_id = $1 AND job_id = $2", member, job)


async def page(transaction: Transaction, member: MemberId, *, limit: int, offset: int = 0) -> list[StoredJob]:
    """Entries, the newest day first."""
    rows = await transaction.fetch(
        f"SELECT job_id, {_COLUMNS} FROM jobs WHERE member_id = $1 ORDER BY day DESC, job_id DESC LIMIT $2 OFFSET $3",
        member,
        limit,
        offset,
    )
    return [_stored(row) for row in rows]


async def between(transaction: Transaction, member: MemberId, first: date, last: date) -> list[StoredJob]:
    """The entries of some days, both included, the newest first."""
    rows = await transaction.fetch(
        f"SELECT job_id, {_COLUMNS} FROM jobs WHERE member_id = $1 AND day BETWEEN $2 AND $3"
        " ORDER BY day DESC, job_id DESC",
        member,
        first.isoformat(),
        last.isoformat(),
    )
    return [_stored(row) for row in rows]


async def count(transaction: Transaction, member: MemberId) -> int:
    """How many entries there are."""
    row = await transaction.fetch_one("SELECT count(*) FROM jobs WHERE member_id = $1", member)
    return int(row[0]) if row else 0


async def list_all(transaction: Transaction, member: MemberId) -> list[Job]:
    """Every entry, by day."""
    rows = await transaction.fetch(
        f"SELECT job_id, {_COLUMNS} FROM jobs WHERE member_id = $1 ORDER BY day, job_id", member
    )
    return [_stored(row).job for row in rows]


def yearly_totals(member: MemberId, first: date, last: date) -> Query[tuple[JobTotals, ...] | None]:
    """What the jobs of some days, both included, add up to; None when the member has never entered one."""
    return Query(
        "SELECT method, category, outcome, stars, satisfied,"
        " CAST(sum(count) AS BIGINT), CAST(sum(count * reward) AS BIGINT) FROM jobs"
        " WHERE member_id = $1 AND day BETWEEN $2 AND $3 GROUP BY method, category, outcome, stars, satisfied"
        " UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL"
        " WHERE EXISTS (SELECT 1 FROM jobs WHERE member_id = $1)",
        (member, first.isoformat(), last.isoformat()),
        7,
        _totals,
    )


def _totals(rows: Sequence[Row]) -> tuple[JobTotals, ...] | None:
    """The row without a method says that there are jobs, of whatever day."""
    if not rows:
        return None
    return tuple(
        JobTotals(
            method=ContractMethod(method),
            category=category,
            outcome=JobOutcome(outcome),
            evaluation=_evaluation(tenths, satisfied),
            count=number,
            earned=earned,
        )
        for method, category, outcome, tenths, satisfied, number, earned in rows
        if method is not None
    )


async def categories(transaction: Transaction, member: MemberId) -> list[str]:
    """The categories the member has used, the most used first."""
    rows = await transaction.fetch(
        "SELECT category FROM jobs WHERE member_id = $1 AND category <> '' GROUP BY category"
        " ORDER BY count(*) DESC, category",
        member,
    )
    return [row[0] for row in rows]
