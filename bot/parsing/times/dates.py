"""The days that a date or a weekday could mean, the nearest past one first."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from bot.domain.calendar import ONE_DAY
from bot.parsing.times.errors import TimeParseError, day_argument
from bot.parsing.times.tokenizer import Day, Weekday

_MAX_DAYS_BACK: Final = 9
"""Years to search for a 29 February."""


def candidate_dates(token: Day, today: date) -> Iterator[date]:
    """A date, whose year or month may be left open. Raises `TimeError` where there is no such day."""
    impossible = TimeParseError("when-impossible", understood=day_argument(token))
    if token.year is not None:
        try:
            yield date(token.year, token.month or 0, token.day)
        except ValueError as fault:
            raise impossible from fault
        return
    found = False
    if token.month is not None:
        if not 1 <= token.month <= 12:  # noqa: PLR2004 — a year's own figure
            raise impossible
        months = [(today.year - back, token.month) for back in range(-0, _MAX_DAYS_BACK)]
    else:
        first = today.year * 12 + today.month - 1
        months = [divmod(first - back, 12) for back in range(_MAX_DAYS_BACK)]
        months = [(year, month + 1) for year, month in months]
    for year, month in months:
        if year >= 1 and 1 <= token.day <= monthrange(year, month)[1]:
            found = True
            yield date(year, month, token.day)
    if not found:
        raise impossible


def candidate_weekdays(token: Weekday, today: date) -> Iterator[date]:
    """A weekday, of this or the last week if that is said. Raises `TimeError` where it could be two days."""
    latest = today - timedelta(days=(today.weekday() - token.weekday) % 7)
    match token.week:
        case None:
            yield latest
            yield latest - 7 * ONE_DAY
        case "latest":
            before = latest if latest < today else latest - 7 * ONE_DAY
            if before >= today - timedelta(days=today.weekday()):
                raise TimeParseError("when-ambiguous-weekday", one=before, other=before - 7 * ONE_DAY)
            yield before
        case week:
            # Weeks that start on Monday and weeks that start on Sunday must agree.
            back = 7 if week == "last" else 0
            by_monday = today - timedelta(days=today.weekday() + back) + token.weekday * ONE_DAY
            by_sunday = today - timedelta(days=(today.weekday() + 1) % 7 + back) + (token.weekday + 1) % 7 * ONE_DAY
            if by_monday != by_sunday:
                one, other = sorted((by_monday, by_sunday))
                raise TimeParseError("when-ambiguous-weekday", one=one, other=other)
            yield by_monday
