"""What a text can say of a time, one thing a mark: a day, an hour, a part of the day, a zone, a span counted back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day as far as it is named; a field that is not named is searched backwards."""

    year: int | None
    month: int | None
    day: int


@dataclass(frozen=True, slots=True)
class DaysBack:
    """今日 is 0, 昨日 is 1, 明日 is -1."""

    days: int


@dataclass(frozen=True, slots=True)
class Weekday:
    """Monday is 0. `weeks`: how many calendar weeks back (今週 0, 先週 1); None: not said."""

    weekday: int
    weeks: int | None = None
    last: bool = False
    """English "last Friday", which for some is the latest and for others the one of the week before."""


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """As written; an hour from 24 to 29 is after midnight: 25:30 is 1:30 of the next day. `second` None: not said."""

    hour: int
    minute: int = 0
    second: int | None = None
    microsecond: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day: the hours from its day's midnight that it admits, 24 and more being the small hours after."""

    hours: frozenset[int]
    twelve: frozenset[int] | None = None
    """What a written 12 may mean, where that is not simply the midnight or noon among the hours."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone written with the time. `offset` None: a name that only the member's own zone can make clear (IST, CST)."""

    name: str
    offset: timedelta | None


@dataclass(frozen=True, slots=True)
class Ago:
    """Counted back from now."""

    span: timedelta


@dataclass(frozen=True, slots=True)
class Stamp:
    """Whole seconds since 1970, as Discord writes a time."""

    seconds: int


@dataclass(frozen=True, slots=True)
class About:
    """頃: not to the minute."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A word of time that does not say which instant (来週, 先月, a year alone): never part of a reading or a name."""

    word: str


Mark = Day | DaysBack | Weekday | TimeOfDay | Part | Zone | Ago | Stamp | About | Unclear


def _hours(*spans: tuple[int, int]) -> frozenset[int]:
    return frozenset(hour for first, last in spans for hour in range(first, last + 1))


AM: Final = Part(_hours((0, 11)))
PM: Final = Part(_hours((12, 23)))
# By the law of 1872 午前12時 is noon and 午後12時 midnight; many mean the opposite.
BEFORE_NOON: Final = Part(_hours((0, 11)), frozenset({0, 12}))
AFTER_NOON: Final = Part(_hours((12, 23)), frozenset({12, 24}))
DAWN: Final = Part(_hours((0, 7)))
MORNING: Final = Part(_hours((0, 11)), frozenset({0}))
ASA: Final = Part(_hours((1, 11)))
HIRU: Final = Part(_hours((10, 17)))
AFTERNOON: Final = Part(_hours((12, 18)))
YUGATA: Final = Part(_hours((15, 19)))
EVENING: Final = Part(_hours((16, 23)))
NIGHT: Final = Part(_hours((0, 4), (17, 29)))
DEEP_NIGHT: Final = Part(_hours((0, 4), (22, 29)))
THAT_NIGHT: Final = Part(_hours((17, 29)))
"""昨晩, 今晩: one night, the small hours at its end."""
