"""The time of the digest: the morning after each review, and every Monday for members who want it weekly."""

from datetime import datetime, time, tzinfo
from typing import Final

from bot.domain.calendar import ONE_DAY, lancers_date
from bot.domain.certification.forecast import DEFAULT_REVIEW_DAY, review_days

DIGEST_HOUR: Final = time(9)
MONDAY: Final = 0


def next_digest_time(now: datetime, *, weekly: bool, review_day: int | None, zone: tzinfo) -> datetime:
    """The next digest after `now`, at 09:00 in the member's zone."""
    # A morning in the west is the next day in Tokyo, the second after the review.
    start = lancers_date(now) - 3 * ONE_DAY
    days = [day + ONE_DAY for day in review_days(start, review_day or DEFAULT_REVIEW_DAY, 3)]
    if weekly:
        today = now.astimezone(zone).date()
        monday = today + (MONDAY - today.weekday()) % 7 * ONE_DAY
        days += [monday, monday + 7 * ONE_DAY]
    return min(at for day in days if (at := datetime.combine(day, DIGEST_HOUR, zone)) > now)
