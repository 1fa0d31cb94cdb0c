"""The days that a date or a weekday could mean, the latest past one first."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Final

from bot.domain.calendar import MONTHS_PER_YEAR, ONE_DAY, month_number
from bot.parsing.times.errors import TimeParseError, day_argument
from bot.parsing.times.tokenizer import Day, Weekday

_MAX_STEPS_BACK: Final = 9
"""Years, or months where the month is not named, that are searched. 29 February can be eight years back."""


def candidate_dates(token: Day, today: date) -> Iterator[date]:
    """The days of a date without a year or month. Raises `TimeParseError` where there is no such day."""
    impossible = TimeParseError("time-impossible", understood=day_argument(token))
    if token.year is not None:
        try:
            yield date(token.year, token.month or 0, token.day)
        except ValueError as error:
            raise impossible from error
        return
    if token.month is not None:
        if not 1 <= token.month <= MONTHS_PER_YEAR:
            raise impossible
        first, step = today.year * MONTHS_PER_YEAR + token.month - 1, MONTHS_PER_YEAR
    else:
        first, step = month_number(today), 1
    exists = False
    for number in range(first, first - _MAX_STEPS_BACK * step, -step):
        year, month = number // MONTHS_PER_YEAR, number % MONTHS_PER_YEAR + 1
        if year >= 1 and 1 <= token.day <= monthrange(year, month)[1]:
            exists = True
            yield date(year, month, token.day)
    if not exists:
        raise impossible


def candidate_weekdays(token: Weekday, today: date) -> Iterator[date]:
    """The days of a weekday, of this or the last week if it says so. Raises `TimeParseError` for an ambiguous one."""
    latest = today - (today.weekday() - token.weekday) % 7 * ONE_DAY
    match token.week:
        case None:
            yield latest
            yield latest - 7 * ONE_DAY
        case "latest":
            before = latest if latest < today else latest - 7 * ONE_DAY
            if before >= today - today.weekday() * ONE_DAY:
                raise TimeParseError("time-ambiguous-weekday", one=before, other=before - 7 * ONE_DAY)
            yield before
        case week:
            # Weeks that start on Monday and weeks that start on Sunday must give the same day.
            back = 7 if week == "last" else 0
            by_monday = today - (today.weekday() + back - token.weekday) * ONE_DAY
            by_sunday = today - ((today.weekday() + 1) % 7 + back - (token.weekday + 1) % 7) * ONE_DAY
            if by_monday != by_sunday:
                one, other = sorted((by_monday, by_sunday))
                raise TimeParseError("time-ambiguous-weekday", one=one, other=other)
            yield by_monday
