"""The days that a date or a weekday could mean, the latest past one first."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from bot.domain.calendar import MONTHS_PER_YEAR, ONE_DAY, month_number
from bot.parsing.times.errors import TimeParseError, format_day_argument
from bot.parsing.times.parts import TimeParts
from bot.parsing.times.tokens import Day, Weekday

COMING_DAYS: Final = timedelta(days=7)
"""A day without a year that lies at most this far ahead is taken for a slip, not for the day of a year ago."""
_MAX_STEPS_BACK: Final = 9
"""Years, or months where the month is not named, that are searched. 29 February can be eight years back."""


def candidate_days(parts: TimeParts, today: date) -> Iterator[date]:
    """The days that could be meant, the latest first (11/22 of this year, of last year); the last if none is past."""
    if parts.days_back:
        yield today - parts.days_back.days * ONE_DAY
    elif parts.last_night:
        yield today - ONE_DAY
    elif parts.days:
        yield from candidate_dates(parts.days[0], today)
    elif parts.weekday:
        yield from candidate_weekdays(parts.weekday, today)
    else:
        yield today
        yield today - ONE_DAY
        yield today - 2 * ONE_DAY  # 25:30 of the day before yesterday is 1:30 of yesterday


def candidate_dates(token: Day, today: date) -> Iterator[date]:
    """The days of a date without a year or month. Raises `TimeParseError` where there is no such day."""
    impossible = TimeParseError("time-impossible", understood=format_day_argument(token))
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


def check_day_tokens_agree(parts: TimeParts, day: date, today: date) -> None:
    """Raise `TimeParseError` unless all tokens that name the day name this one."""
    for token in parts.days:
        if not token.fits(day):
            raise TimeParseError("time-contradictory", understood=(day, "/", format_day_argument(token)))
    if parts.last_night and day != today - ONE_DAY:
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
    for days in range(0 if with_today else 1, COMING_DAYS.days + 1):
        day = today + days * ONE_DAY
        if token.fits(day):
            return day
    return None
