"""The tokens of a time: 昨日の14:30 is a `RelativeDay` and a `TimeOfDay`."""

from dataclasses import dataclass
from datetime import date, timedelta, timezone
from enum import Enum
from typing import Final

HOURS_OF_CLOCK: Final = 12
"""Hours of a clock face, of half a day, and the hour of noon."""


class DayPart(Enum):
    """A part of the day, which decides to which half of the day an hour belongs."""

    AM = "am"
    PM = "pm"
    BEFORE_NOON = "午前"
    AFTER_NOON = "午後"
    DAWN = "未明"
    MORNING = "朝"
    NOON = "昼"
    EVENING = "夕方"
    NIGHT = "夜"
    DEEP_NIGHT = "深夜"


class TimeMark(Enum):
    """A word of a time that has no figure."""

    LAST_NIGHT = "last night"
    """昨晩: the evening of yesterday and the early morning after it."""
    MIDNIGHT = "midnight"
    """Beside a day it could be its beginning or its end."""
    RECENTLY = "recently"
    """さっき, 先ほど: some minutes ago, nobody knows how many."""
    APPROXIMATE = "approximate"
    """頃: the time is approximate."""


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day; where the year or the month is not named, the latest past one is meant."""

    year: int | None
    month: int | None
    day: int

    def fits(self, day: date) -> bool:
        """Whether a day is one that this names: 11/22 is that of every year."""
        return self.day == day.day and self.month in {None, day.month} and self.year in {None, day.year}


@dataclass(frozen=True, slots=True)
class RelativeDay:
    """A day counted back from today: 今日 is 0, 昨日 is 1, 明日 is -1."""

    days: int


@dataclass(frozen=True, slots=True)
class Weekday:
    """A weekday; Monday is 0. `week`: `this`, `last` (the week before), `latest` (English "last Friday"), or None."""

    weekday: int
    week: str | None


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time of day, the hour up to 29 (25:30 is 1:30 of the next day). `second` None: not given."""

    hour: int
    minute: int
    second: int | None
    microsecond: int = 0
    twelve_hours: bool | None = None
    """Whether it is of a clock of twelve hours, said with words of its face: half past two, at 4.

    False: written with a leading zero, as only on a clock of 24 hours: 03:00. None: it may be of either.
    """


@dataclass(frozen=True, slots=True)
class RelativeOffset:
    """A time counted back from now."""

    delta: timedelta


@dataclass(frozen=True, slots=True)
class UtcOffset:
    """A time zone that is written with the time."""

    zone: timezone


@dataclass(frozen=True, slots=True)
class ZoneName:
    """Letters that name different zones in different countries (CST, IST)."""

    name: str


@dataclass(frozen=True, slots=True)
class DiscordTimestamp:
    """A time as Discord writes it, `<t:…>`, in whole seconds since 1970."""

    seconds: int


Token = (
    Day
    | RelativeDay
    | Weekday
    | TimeOfDay
    | DayPart
    | TimeMark
    | RelativeOffset
    | DiscordTimestamp
    | UtcOffset
    | ZoneName
)
