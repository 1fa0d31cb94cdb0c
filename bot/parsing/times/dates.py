"""The days that a date or a weekday could mean, the latest past one first."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from bot.domain.calendar import MONTHS_PER_YEAR, ONE_DAY, month_number
from bot.parsing.times.errors import TimeParseError, format_day_argument
from bot.parsing.times.parts import TimeParts
from bot.parsing.times.tokens import Day, TimeMark, Weekday

COMING_DAYS: Final = 7
"""A day without a year that lies at most so many days ahead is taken for a slip, not for the day of a year ago."""
_MAX_STEPS_BACK: Final = 9
"""Years, or months where the month is not named, that are searched. 29 February can be eight years back."""


def candidate_days(parts: TimeParts, today: date) -> Iterator[date]:
    """The days that could be meant, one or more, the latest first: 11/22 of this year, of last year.

    If none is past, the last one is.
    """
    if parts.days_back:
        yield today - parts.days_back.days * ONE_DAY
    elif TimeMark.LAST_NIGHT in parts.marks:
        yield today - ONE_DAY
    elif parts.days:
        yield from candidate_dates(parts.days[0], today)
    elif parts.weekday:
        yield from candidate_weekdays(parts.weekday, today)
    else:
        yield today
        yield today - ONE_DAY
        yield today - 2 * ONE_DAY  # 25:30 of the day before yesterday is 1:30 of yesterday


def candidate_dates(token: Day, today: date) -> list[date]:
    """The days of a date without a year or month. Raises `TimeParseError` where there is no such day."""
    if token.year is not None:
        months = [(token.year, token.month or 0)]
    elif token.month is not None:
        months = [(today.year - back, token.month) for back in range(_MAX_STEPS_BACK)]
    else:
        numbers = [month_number(today) - back for back in range(_MAX_STEPS_BACK)]
        months = [(number // MONTHS_PER_YEAR, number % MONTHS_PER_YEAR + 1) for number in numbers]
    days = [day for year, month in months if (day := existing_day(year, month, token.day)) is not None]
    if not days:
        raise TimeParseError("time-impossible", understood=format_day_argument(token))
    return days


def existing_day(year: int, month: int, day: int) -> date | None:
    """The day; None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


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


def ensure_day_tokens_agree(parts: TimeParts, day: date, today: date) -> None:
    """Raise `TimeParseError` unless all tokens that name the day name this one."""
    for token in parts.days:
        if not token.fits(day):
            raise TimeParseError("time-contradictory", understood=(day, "/", format_day_argument(token)))
    if TimeMark.LAST_NIGHT in parts.marks and day != today - ONE_DAY:
        raise TimeParseError("time-contradictory", understood=day)
    if parts.weekday and parts.weekday.weekday != day.weekday():
        raise TimeParseError("time-weekday", understood=day, weekday=day.weekday())
    if (
        parts.weekday
        and parts.weekday.week
        and (parts.days or parts.days_back)
        and day not in set(candidate_weekdays(parts.weekday, today))
    ):
        raise TimeParseError("time-contradictory", understood=day)


def coming_day(token: Day, today: date, *, with_today: bool = False) -> date | None:
    """The day of a token without a year in the next seven days, if there is one: on the 24th, 11/25 is tomorrow.

    `with_today`: also today, of which the named time is still ahead.
    """
    days = (today + ahead * ONE_DAY for ahead in range(0 if with_today else 1, COMING_DAYS + 1))
    return next(filter(token.fits, days), None)
