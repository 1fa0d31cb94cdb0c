"""Instants, and the calendar arithmetic of the rules.

An *instant* is a `datetime` with a zone; the database stores it as whole microseconds since 1970-01-01 UTC.
Days, months and years are those of Asia/Tokyo (docs/domain-facts.md#rate-year).

A day that a month does not have becomes that month's last day.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import InvalidInputError

LANCERS_ZONE: Final[tzinfo] = ZoneInfo("Asia/Tokyo")
ONE_DAY: Final = timedelta(days=1)
MONTHS_PER_YEAR: Final = 12


LANCERS_SINCE: Final = date(2008, 1, 1)
"""Nothing on Lancers is older: its first service began in 2008."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


def instant_to_micros(instant: datetime) -> int:
    """Whole microseconds since the epoch; exact, unlike `datetime.timestamp`."""
    return (instant - EPOCH) // MICROSECOND


def instant_from_micros(micros: int) -> datetime:
    """The reverse of `instant_to_micros`, in UTC."""
    return EPOCH + micros * MICROSECOND


def lancers_date(instant: datetime) -> date:
    """The day in Tokyo on which `instant` lies."""
    return instant.astimezone(LANCERS_ZONE).date()


def lancers_midnight(day: date) -> datetime:
    """00:00 in Tokyo, with which the day begins."""
    return datetime.combine(day, time(), LANCERS_ZONE)


LANCERS_OPENED_AT: Final = lancers_midnight(LANCERS_SINCE).astimezone(UTC)
"""In UTC, as what is compared with it: a comparison across zones takes forty times as long."""


def month_number(day: date) -> int:
    """The months from the start of year 0 to the month of `day`."""
    return day.year * MONTHS_PER_YEAR + day.month - 1


def date_in_month(number: int, day: int) -> date:
    """Day 1 to 31 of the month with a `month_number`. Raises `ValueError` outside the years 1 to 9999."""
    year, month = divmod(number, MONTHS_PER_YEAR)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))


def months_before(day: date, months: int) -> date:
    """The same day that many calendar months earlier."""
    return date_in_month(month_number(day) - months, day.day)


def last_day_within_month_of(day: date) -> date:
    """The last day from which `day` is at most one calendar month ago (`months_before`): 31 March for 28 February."""
    last = date_in_month(month_number(day) + 1, day.day)
    while months_before(last + ONE_DAY, 1) <= day:
        last += ONE_DAY
    return last


def year_before(as_of: datetime) -> datetime:
    """The start of the year that ends at `as_of`: the same wall-clock time in Tokyo one calendar year earlier.

    Both ends belong to the year; 29 February becomes 28 February (docs/domain-facts.md#rate-year, assumed).
    """
    local = as_of.astimezone(LANCERS_ZONE)
    day = min(local.day, monthrange(local.year - 1, local.month)[1])
    return local.replace(year=local.year - 1, day=day).astimezone(as_of.tzinfo)


def year_dates(as_of: datetime) -> tuple[date, date]:
    """The first and the last day in Tokyo of the year that ends at `as_of`; both belong to it."""
    return lancers_date(year_before(as_of)), lancers_date(as_of)


def first_date_outside_year(day: date) -> date:
    """The first day at whose 00:00 in Tokyo the past year no longer contains any instant of `day`."""
    following = day + ONE_DAY
    # Days are counted from the first of the month: a 29 February becomes 1 March.
    return date(following.year + 1, following.month, 1) + (following.day - 1) * ONE_DAY


def ensure_lancers_day_possible(day: date, now: datetime) -> date:
    """The day, if something on Lancers can have been on it by `now`. Raises `InvalidInputError`."""
    if not LANCERS_SINCE <= day <= lancers_date(now):
        raise InvalidInputError("day-range", day=day)
    return day


def ensure_lancers_instant_possible(at: datetime, now: datetime) -> datetime:
    """The instant, if something on Lancers can have been at it by `now`. Raises `InvalidInputError`."""
    if at > now:
        raise InvalidInputError("import-future")
    if at < LANCERS_OPENED_AT:
        raise InvalidInputError("import-before-lancers")
    return at
