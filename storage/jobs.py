"""The jobs of a member, and their sums over a year."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import starmap
from typing import Final

from bot.domain.certification.jobs import Evaluation, Job, JobOutcome, JobTotals
from bot.domain.fees.totals import PaidJobs
from bot.domain.types import JobId, MemberId
from storage.database import (
    Executor,
    Query,
    Transaction,
    insert_sql,
    parse_all_rows,
    parse_only_row,
    sql_assignments,
    sql_placeholders,
)
from storage.rows import RowParser


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A row of `jobs`."""

    id: JobId
    job: Job


_evaluation_from_row: Final = RowParser(Evaluation, tenths="stars")
_job_from_row: Final = RowParser(Job, evaluation=_evaluation_from_row)
_stored_job_from_row: Final = RowParser(StoredJob, id="job_id", job=_job_from_row)
_COLUMNS: Final = _job_from_row.columns
_SELECT: Final = f"SELECT job_id, {', '.join(_COLUMNS)} FROM jobs WHERE member_id = $1"
_INSERT: Final = insert_sql("jobs", ("member_id", *_COLUMNS))
_UPDATE: Final = f"UPDATE jobs SET {sql_assignments(_COLUMNS, 3)} WHERE member_id = $1 AND job_id = $2"


async def add_job(transaction: Transaction, member_id: MemberId, job: Job, *, now: datetime) -> StoredJob:
    """Add a job."""
    sql = f"{insert_sql('jobs', ('member_id', *_COLUMNS, 'added_at'))} RETURNING job_id"
    [row] = await transaction.fetch(sql, member_id, *_job_from_row.values(job), now)
    return StoredJob(JobId(row[0]), job)


async def find_job_added_since(
    transaction: Transaction, member_id: MemberId, job: Job, since: datetime
) -> StoredJob | None:
    """The newest job with the same values that was added by hand since then."""
    rows = await transaction.fetch(f"{_SELECT} AND added_at >= $2 ORDER BY job_id DESC", member_id, since)
    return next((stored for stored in starmap(_stored_job_from_row, rows) if stored.job == job), None)


async def add_jobs(transaction: Transaction, member_id: MemberId, jobs: Iterable[Job]) -> None:
    """Add jobs."""
    await transaction.execute_many(_INSERT, [(member_id, *_job_from_row.values(job)) for job in jobs])


async def find_job(transaction: Transaction, member_id: MemberId, job_id: JobId) -> StoredJob | None:
    """The job, if it is this member's."""
    return await transaction.fetch_one_parsed(_stored_job_from_row, f"{_SELECT} AND job_id = $2", member_id, job_id)


async def change_job(transaction: Transaction, member_id: MemberId, stored: StoredJob) -> None:
    """Replace the job of this id."""
    await transaction.fetch(_UPDATE, member_id, stored.id, *_job_from_row.values(stored.job))


async def delete_job(transaction: Transaction, member_id: MemberId, job_id: JobId) -> None:
    """Delete a job."""
    await transaction.fetch("DELETE FROM jobs WHERE member_id = $1 AND job_id = $2", member_id, job_id)


async def list_jobs_page(reader: Executor, member_id: MemberId, *, limit: int, offset: int = 0) -> list[StoredJob]:
    """The member's jobs, the newest day first."""
    return await reader.fetch_parsed(
        _stored_job_from_row, f"{_SELECT} ORDER BY day DESC, job_id DESC LIMIT $2 OFFSET $3", member_id, limit, offset
    )


async def list_jobs_between(transaction: Transaction, member_id: MemberId, first: date, last: date) -> list[StoredJob]:
    """The jobs from one day to another, both included, the newest first."""
    sql = f"{_SELECT} AND day BETWEEN $2 AND $3 ORDER BY day DESC, job_id DESC"
    return await transaction.fetch_parsed(_stored_job_from_row, sql, member_id, first, last)


async def count_jobs(transaction: Transaction, member_id: MemberId) -> tuple[int, int]:
    """The number of the member's entries, and of the jobs in them."""
    [[entries, jobs]] = await transaction.fetch(
        "SELECT count(*), CAST(coalesce(sum(count), 0) AS BIGINT) FROM jobs WHERE member_id = $1", member_id
    )
    return int(entries), int(jobs)


async def list_jobs(reader: Executor, member_id: MemberId) -> list[Job]:
    """All jobs of the member, by day."""
    rows = await reader.fetch(f"{_SELECT} ORDER BY day, job_id", member_id)
    return [_stored_job_from_row(*row).job for row in rows]


async def stream_jobs(transaction: Transaction, member_id: MemberId) -> AsyncIterator[list[Job]]:
    """All jobs of the member by day, in parts."""
    async for rows in transaction.stream(f"{_SELECT} ORDER BY day, job_id", member_id):
        yield [_stored_job_from_row(*row).job for row in rows]


_GROUPS: Final = ("method", "category", "outcome", "stars", "satisfied", "displayed_on")
_job_totals_from_row: Final = RowParser(
    JobTotals,
    evaluation=_evaluation_from_row,
    count="CAST(sum(count) AS BIGINT)",
    earned="CAST(sum(count * reward) AS BIGINT)",
)


def job_totals_between_query(member_id: MemberId, first: date, last: date) -> Query[list[JobTotals]]:
    """The sums of the jobs from one day to another, both included."""
    return Query(
        _job_totals_from_row.columns,
        "FROM (SELECT jobs.*, (SELECT min(shown_on) FROM calibrations"
        " WHERE calibrations.member_id = jobs.member_id AND shown_on >= day) AS displayed_on"
        " FROM jobs WHERE member_id = $1 AND day BETWEEN $2 AND $3) AS jobs_in_displays"
        f" GROUP BY {', '.join(_GROUPS)}",
        (member_id, first, last),
        parse_all_rows(_job_totals_from_row),
    )


def earnings_until_display_query(member_id: MemberId, since: date) -> Query[int | None]:
    """The yen of the completed jobs of the year that ends on the newest day, from one on, with displayed earnings.

    None where no earnings were displayed.
    """
    year_before = (
        "replace(CAST(CAST(substr(shown_on, 1, 4) AS INTEGER) - 1 AS TEXT) || substr(shown_on, 5), '-02-29', '-02-28')"
    )
    earnings = (
        "(SELECT CAST(coalesce(sum(count * reward), 0) AS BIGINT) FROM jobs WHERE member_id = $1"
        f" AND outcome = 'completed' AND day BETWEEN {year_before} AND shown_on)"
    )
    return Query(
        (earnings,),
        "FROM calibrations WHERE member_id = $1 AND earnings IS NOT NULL AND shown_on >= $2"
        " ORDER BY shown_on DESC LIMIT 1",
        (member_id, since),
        lambda rows: rows[0][0] if rows else None,
    )


def first_job_day_query(member_id: MemberId) -> Query[date | None]:
    """The day of the member's oldest job; None when the member has none."""
    return Query(
        ("min(day)",),
        "FROM jobs WHERE member_id = $1",
        (member_id,),
        lambda rows: None if rows[0][0] is None else date.fromisoformat(rows[0][0]),
    )


def has_job_of_method_query(member_id: MemberId, methods: Sequence[str]) -> Query[bool]:
    """Whether the member has a job of one of the methods, of any day."""
    return Query(
        ("count(*)",),
        f"FROM (SELECT 1 AS one FROM jobs WHERE member_id = $1 AND method IN ({sql_placeholders(methods, 2)}) LIMIT 1)"
        " AS found",
        (member_id, *methods),
        parse_only_row(bool),
    )


_paid_jobs_from_row: Final = RowParser(PaidJobs, count="CAST(sum(count) AS BIGINT)")


async def list_paid_jobs(reader: Executor, member_id: MemberId) -> list[PaidJobs]:
    """The completed jobs, equal ones of a day together, by day."""
    return await reader.fetch_parsed(
        _paid_jobs_from_row,
        f"SELECT {', '.join(_paid_jobs_from_row.columns)} FROM jobs"
        " WHERE member_id = $1 AND outcome = $2 GROUP BY day, method, reward, withheld ORDER BY day",
        member_id,
        JobOutcome.COMPLETED,
    )


async def list_job_categories(reader: Executor, member_id: MemberId) -> list[str]:
    """The categories of the member's jobs, the most used first."""
    return await reader.fetch_parsed(
        str,
        "SELECT category FROM jobs WHERE member_id = $1 AND category <> '' GROUP BY category"
        " ORDER BY count(*) DESC, category",
        member_id,
    )
