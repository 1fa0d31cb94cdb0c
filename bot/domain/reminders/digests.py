"""When the digest comes: the morning after each review, and every Monday for who wants it weekly."""

from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from bot.domain.calendar import lancers_date
from bot.domain.certification.forecast import DEFAULT_REVIEW_DAY, review_days

DIGEST_HOUR: Final = time(9)
MONDAY: Final = 0


def next_digest(now: datetime, *, weekly: bool, review_day: int | None, zone: tzinfo) -> datetime:
    """The next one after `now`, at nine in the member's morning."""
    yesterday = lancers_date(now) - timedelta(days=2)
    days = [day + timedelta(days=1) for day in review_days(yesterday, review_day or DEFAULT_REVIEW_DAY, 3)]
    if weekly:
        today = now.astimezone(zone).date()
        monday = today + timedelta(days=(MONDAY - today.weekday()) % 7)
        days += [monday, monday + timedelta(days=7)]
    return min(at for day in days if (at := datetime.combine(day, DIGEST_HOUR, zone)) > now)
