"""The days that a date or a weekday could mean, the nearest past one first."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from bot.intake.when_told import TimeError, shown_day
from bot.intake.when_words import Day, Weekday

DAY: Final = timedelta(days=1)
_MOST_BACK: Final = 9
"""Years to search for a 29 February."""


def calendar_days(named: Day, today: date) -> Iterator[date]:
    """A date, whose year or month may be left open. Raises `TimeError` where there is no such day."""
    impossible = TimeError("when-impossible", understood=shown_day(named))
    if named.year is not None:
        try:
            yield date(named.year, named.month or 0, named.day)
        except ValueError as fault:
            raise impossible from fault
        return
    found = False
    if named.month is not None:
        if not 1 <= named.month <= 12:  # noqa: PLR2004 — a year's own figure
            raise impossible
        months = [(today.year - back, named.month) for back in range(-0, _MOST_BACK)]
    else:
        first = today.year * 12 + today.month - 1
        months = [divmod(first - back, 12) for back in range(_MOST_BACK)]
        months = [(year, month + 1) for year, month in months]
    for year, month in months:
        if year >= 1 and 1 <= named.day <= monthrange(year, month)[1]:
            found = True
            yield date(year, month, named.day)
    if not found:
        raise impossible


def weekdays(named: Weekday, today: date) -> Iterator[date]:
    """A weekday, of this or the last week if that is said. Raises `TimeError` where it could be two days."""
    latest = today - timedelta(days=(today.weekday() - named.weekday) % 7)
    match named.week:
        case None:
            yield latest
            yield latest - 7 * DAY
        case "latest":
            before = latest if latest < today else latest - 7 * DAY
            if before >= today - timedelta(days=today.weekday()):
                raise TimeError("when-ambiguous-weekday", one=before, other=before - 7 * DAY)
            yield before
        case week:
            # Weeks that start on Monday and weeks that start on Sunday must agree.
            back = 7 if week == "last" else 0
            by_monday = today - timedelta(days=today.weekday() + back) + named.weekday * DAY
            by_sunday = today - timedelta(days=(today.weekday() + 1) % 7 + back) + (named.weekday + 1) % 7 * DAY
            if by_monday != by_sunday:
                one, other = sorted((by_monday, by_sunday))
                raise TimeError("when-ambiguous-weekday", one=one, other=other)
            yield by_monday
