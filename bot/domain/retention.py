"""How long is kept what can no longer matter to the badge. Members may keep everything."""

from datetime import date, datetime

from bot.domain.calendar import lancers_date, lancers_midnight, months_before


def retention_cutoff(now: datetime, months: int) -> datetime:
    """What is older is deleted: the start, in Tokyo, of the month that many months ago."""
    return lancers_midnight(months_before(lancers_date(now).replace(day=1), months))


def first_kept_job_day(now: datetime, months: int) -> date:
    """Jobs before this day are deleted: the tax return of the last calendar year, due in March, needs all of them."""
    return min(lancers_date(retention_cutoff(now, months)), date(lancers_date(now).year - 1, 1, 1))
