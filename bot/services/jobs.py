"""The member's jobs: entered, put right, taken out."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.domain.calendar import lancers_date
from bot.domain.certification.jobs import Job
from bot.domain.types import JobId, MemberId
from bot.errors import InvalidInputError, NotAllowedError
from storage import jobs, members
from storage.database import Database, Transaction
from storage.jobs import StoredJob

PAGE_SIZE = 15


@dataclass(frozen=True, slots=True)
class JobsPage:
    """Entries, the newest day first."""

    entries: tuple[StoredJob, ...]
    page: int
    pages: int
    total: int


class JobService:
    """Every method raises `InputError` or `RefusedError` with a sentence, and then nothing was changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, member: MemberId, page: int = 0) -> JobsPage:
        """A page of the list; one past the end is the last one."""
        async with self._database.read() as transaction:
            total = await jobs.count(transaction, member)
            pages = max(1, -(-total // PAGE_SIZE))
            page = min(max(page, 0), pages - 1)
            entries = await jobs.page(transaction, member, limit=PAGE_SIZE, offset=page * PAGE_SIZE)
        return JobsPage(tuple(entries), page, pages, total)

    async def recent(self, member: MemberId, *, limit: int) -> list[StoredJob]:
        """The newest entries."""
        async with self._database.read() as transaction:
            return await jobs.page(transaction, member, limit=limit)

    async def categories(self, member: MemberId) -> list[str]:
        """Those the member has used."""
        async with self._database.read() as transaction:
            return await jobs.categories(transaction, member)

    async def add(self, member: MemberId, job: Job, *, now: datetime) -> StoredJob:
        """Enter one."""
        _ensure_not_future(job.day, now)
        async with self._database.write() as transaction:
            await members.get_or_create(transaction, member, now=now)
            return await jobs.add(transaction, member, job)

    async def edit(self, member: MemberId, job_id: JobId, changes: dict[str, Any], *, now: datetime) -> StoredJob:
        """Put an entry right: the fields of a `Job` that change."""
        async with self._database.write() as transaction:
            await members.lock(transaction, member)
            stored = await _get(transaction, member, job_id)
            changed = replace(stored, job=replace(stored.job, **changes))
            _ensure_not_future(changed.job.day, now)
            await jobs.change(transaction, member, changed)
            return changed

    async def remove(self, member: MemberId, job_id: JobId) -> StoredJob:
        """Take an entry out."""
        async with self._database.write() as transaction:
            stored = await _get(transaction, member, job_id)
            await jobs.remove(transaction, member, job_id)
            return stored


async def _get(transaction: Transaction, member: MemberId, job_id: JobId) -> StoredJob:
    if found := await jobs.find(transaction, member, job_id):
        return found
    raise NotAllowedError("jobs-gone")


def _ensure_not_future(day: date, now: datetime) -> None:
    if day > lancers_date(now):
        raise InvalidInputError("jobs-future", day=day)
