"""Changes of one job at the same time, on both engines."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.domain.certification.jobs import Job, JobOutcome
from bot.domain.types import ContractMethod, MemberId, Yen
from bot.services.jobs import JobService
from storage import jobs, members
from storage.database import Database

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
MIKA = MemberId(1)
JOB = Job(
    day=date(2026, 11, 1),
    method=ContractMethod.PROJECT,
    category="Web",
    reward=Yen(50_000),
    outcome=JobOutcome.COMPLETED,
    withheld=False,
)


async def test_a_job_that_is_being_edited_is_removed_as_it_was_edited(database: Database) -> None:
    service = JobService(database)
    added = (await service.add(MIKA, JOB, now=NOW)).stored
    edited = replace(added, job=replace(JOB, category="Logo"))
    async with database.write() as transaction:
        await members.lock_member(transaction, MIKA)
        removing = asyncio.create_task(service.remove(MIKA, added.id))
        while database.engine == "postgresql" and not removing.done():
            if await database.fetch(
                "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            ):
                break
        await jobs.change_job(transaction, MIKA, edited)
    assert await removing == edited
    assert (await service.page(MIKA)).total == 0
