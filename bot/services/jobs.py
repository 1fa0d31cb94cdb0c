"""The member's list of completed jobs."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, TypedDict

from bot.domain.calendar import ensure_lancers_day_possible, lancers_date
from bot.domain.certification.jobs import Evaluation, Job, JobOutcome
from bot.domain.fees.terms import Tax
from bot.domain.fees.totals import YearOfEarnings, sum_earnings
from bot.domain.types import ContractMethod, JobId, MemberId, Yen
from bot.errors import InvalidInputError, NotAllowedError
from bot.services.reply_windows import DOUBLE_PRESS
from storage import jobs, members
from storage.database import Database, Transaction
from storage.jobs import StoredJob

REPEAT_WINDOW: Final = timedelta(minutes=10)
"""The same job again within so long is taken for a repetition, as after an answer that did not arrive."""

PAGE_SIZE: Final = 15
"""Jobs on one page of the list."""


@dataclass(frozen=True, slots=True)
class JobsPage:
    """Jobs, the newest day first."""

    entries: tuple[StoredJob, ...]
    page: int
    pages: int
    total: int
    """The jobs in all entries, of which one can have several."""


@dataclass(frozen=True, slots=True)
class AddedJob:
    """A job that was added."""

    stored: StoredJob
    is_repeated: bool
    """The same job had been added minutes before: nothing was added."""


class JobChanges(TypedDict, total=False):
    """New values of fields of a `Job`."""

    day: date
    method: ContractMethod
    category: str
    reward: Yen
    outcome: JobOutcome
    evaluation: Evaluation | None
    client: str | None
    count: int
    withheld: bool


class JobService:
    """Every method raises `InvalidInputError` or `NotAllowedError` when nothing was changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, member_id: MemberId, page: int = 0) -> JobsPage:
        """A page of the list, from 0; the last one for a page past the end."""
        async with self._database.read() as transaction:
            entry_count, total = await jobs.count_jobs(transaction, member_id)
            pages = max(1, -(-entry_count // PAGE_SIZE))
            page = min(max(page, 0), pages - 1)
            entries = await jobs.list_jobs_page(transaction, member_id, limit=PAGE_SIZE, offset=page * PAGE_SIZE)
        return JobsPage(tuple(entries), page, pages, total)

    async def list_recent(self, member_id: MemberId, *, limit: int) -> list[StoredJob]:
        """The newest jobs."""
        return await jobs.list_jobs_page(self._database, member_id, limit=limit)

    async def list_categories(self, member_id: MemberId) -> list[str]:
        """The categories of the member's jobs."""
        return await jobs.list_job_categories(self._database, member_id)

    async def earnings(self, member_id: MemberId, tax: Tax) -> tuple[YearOfEarnings, ...]:
        """The sums of the completed jobs by year and month. `tax`: whether rewards include consumption tax."""
        paid = await jobs.list_paid_jobs(self._database, member_id)
        return await asyncio.to_thread(sum_earnings, paid, tax)

    async def add(self, member_id: MemberId, job: Job, *, now: datetime) -> AddedJob:
        """Add a job, unless the same one was added within `REPEAT_WINDOW`."""
        _ensure_day_possible(job.day, now)
        async with self._database.write() as transaction:
            await members.get_or_create_member(transaction, member_id, now=now)
            if earlier := await jobs.find_job_added_since(transaction, member_id, job, now - REPEAT_WINDOW):
                return AddedJob(earlier, is_repeated=True)
            return AddedJob(await jobs.add_job(transaction, member_id, job, now=now), is_repeated=False)

    async def add_again(self, member_id: MemberId, job_id: JobId, *, now: datetime) -> StoredJob:
        """Add a job with the values of another one, unless that was done within `DOUBLE_PRESS`."""
        async with self._database.write() as transaction:
            await members.lock_member(transaction, member_id)
            job = (await _get_job(transaction, member_id, job_id)).job
            added = await jobs.find_job_added_since(transaction, member_id, job, now - DOUBLE_PRESS)
            if added is not None and added.id != job_id:
                return added
            return await jobs.add_job(transaction, member_id, job, now=now)

    async def edit(self, member_id: MemberId, job_id: JobId, changes: JobChanges, *, now: datetime) -> StoredJob:
        """Change some fields of a job."""
        async with self._database.write() as transaction:
            await members.lock_member(transaction, member_id)
            stored = await _get_job(transaction, member_id, job_id)
            changed = replace(stored, job=replace(stored.job, **changes))
            _ensure_day_possible(changed.job.day, now)
            await jobs.change_job(transaction, member_id, changed)
            return changed

    async def remove(self, member_id: MemberId, job_id: JobId) -> StoredJob:
        """Delete a job."""
        async with self._database.write() as transaction:
            await members.lock_member(transaction, member_id)
            stored = await _get_job(transaction, member_id, job_id)
            await jobs.delete_job(transaction, member_id, job_id)
            return stored


async def _get_job(transaction: Transaction, member_id: MemberId, job_id: JobId) -> StoredJob:
    if stored := await jobs.find_job(transaction, member_id, job_id):
        return stored
    raise NotAllowedError("jobs-gone")


def _ensure_day_possible(day: date, now: datetime) -> None:
    """Raise `InvalidInputError` for a day after today in Tokyo, or before Lancers: a job has a day, not an instant."""
    if day > lancers_date(now):
        raise InvalidInputError("jobs-future", day=day)
    ensure_lancers_day_possible(day, now)
