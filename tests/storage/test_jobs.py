"""Changes of one job at the same time, and the totals of jobs by the days of displays, on both engines."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.jobs import Job, JobOutcome
from bot.domain.types import ContractMethod, MemberId, Yen
from bot.services.jobs import JobService
from storage import jobs, members, profile
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


async def test_totals_tell_the_first_display_that_the_jobs_are_in(database: Database) -> None:
    first, last = date(2025, 11, 24), date(2026, 11, 24)
    days = [date(2025, 11, 23), date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 2), date(2026, 8, 2)]
    async with database.write() as transaction:
        for member in (MIKA, MemberId(2)):
            await members.get_or_create_member(transaction, member, now=NOW)
        assert await transaction.query(jobs.first_job_day_query(MIKA)) is None
        await jobs.add_jobs(transaction, MIKA, [replace(JOB, day=day) for day in days])
        for member, shown_on in ((MIKA, date(2026, 6, 1)), (MIKA, date(2026, 8, 1)), (MemberId(2), date(2026, 9, 1))):
            await profile.save_calibration(transaction, member, DisplayedFigures(on=shown_on, completion_rate=950))
        totals = await transaction.query(jobs.job_totals_between_query(MIKA, first, last))
        assert {(each.displayed_on, each.count, each.earned) for each in totals} == {
            (date(2026, 6, 1), 2, 100_000),
            (date(2026, 8, 1), 1, 50_000),
            (None, 1, 50_000),
        }
        assert await transaction.query(jobs.first_job_day_query(MIKA)) == days[0]


async def test_the_earnings_beside_a_display_are_those_of_the_year_of_the_newest_one_with_earnings(
    database: Database,
) -> None:
    """Both ends of the year included; jobs that were cancelled and those of others are not."""
    days = [date(2025, 3, 1), date(2025, 6, 9), date(2025, 6, 10), date(2026, 6, 10), date(2026, 6, 11)]
    async with database.write() as transaction:
        for member in (MIKA, MemberId(2)):
            await members.get_or_create_member(transaction, member, now=NOW)
        assert await transaction.query(jobs.earnings_until_display_query(MIKA, date(2025, 1, 1))) is None
        await jobs.add_jobs(
            transaction, MIKA, [replace(JOB, day=day, reward=Yen(10**place)) for place, day in enumerate(days)]
        )
        await jobs.add_jobs(transaction, MIKA, [replace(JOB, day=days[3], outcome=JobOutcome.NOT_COMPLETED)])
        await jobs.add_jobs(transaction, MemberId(2), [JOB])
        for on, earnings in ((date(2025, 6, 1), 1), (date(2026, 6, 10), 1), (date(2026, 6, 12), None)):
            await profile.save_calibration(transaction, MIKA, DisplayedFigures(on=on, earnings=earnings))
        for since, expected in (
            (date(2025, 1, 1), 1100),
            (date(2026, 6, 10), 1100),
            (date(2026, 6, 11), None),
        ):
            assert await transaction.query(jobs.earnings_until_display_query(MIKA, since)) == expected
