"""The hour that a time and a part of the day mean: 12 AM, 午後3時, 夜の1時, 25時."""

from datetime import datetime
from typing import Final

from bot.parsing.times.errors import TimeParseError, format_time_argument
from bot.parsing.times.tokens import HOURS_OF_CLOCK, DayPart, TimeOfDay

HALVES: Final = frozenset({DayPart.AM, DayPart.PM, DayPart.BEFORE_NOON, DayPart.AFTER_NOON})
_NIGHTS: Final = frozenset({DayPart.NIGHT, DayPart.DEEP_NIGHT})
_AS_WRITTEN: Final = {
    None: range(30), DayPart.AM: range(12), DayPart.PM: range(12, 24),
    DayPart.BEFORE_NOON: range(12), DayPart.AFTER_NOON: range(12, 24),
    DayPart.DAWN: range(7), DayPart.MORNING: range(1, 12), DayPart.NOON: range(10, 18), DayPart.EVENING: range(15, 22),
    DayPart.NIGHT: range(17, 30), DayPart.DEEP_NIGHT: range(22, 30),
}  # fmt: skip
"""Hours that are those of a 24-hour clock with these parts of the day. 29:00 is 5:00 of the next day."""
_AFTERNOON: Final = {
    DayPart.PM: range(1, 12), DayPart.AFTER_NOON: range(12), DayPart.NOON: range(1, 6),
    DayPart.EVENING: range(3, 10), DayPart.NIGHT: range(5, 12), DayPart.DEEP_NIGHT: range(10, 12),
}  # fmt: skip
"""Hours of the 12-hour clock that belong to the afternoon with these parts of the day."""
_EARLY_MORNING_HOURS: Final = range(5)
_NIGHT_HOURS: Final = frozenset({*_EARLY_MORNING_HOURS, HOURS_OF_CLOCK})
"""Hours of the 12-hour clock that lie after midnight with a night."""


def first_hour_of_part(part: DayPart | None) -> int:
    """The hour with which a part of the day begins: 17 of 夜, 0 of a whole day."""
    return _AS_WRITTEN[part].start


def resolve_hour(
    time: TimeOfDay, part: DayPart | None, *, last_night: bool, has_date: bool, now: datetime
) -> tuple[int, bool]:
    """The hour on a 24-hour clock (25 is 1:00 of the next day), and whether it is of the morning after the named day.

    `now` is in the member's zone. Raises `TimeParseError` for an hour that does not exist or is ambiguous.
    """
    if last_night:
        return _hour_last_night(time, part, now)
    hour, written = time.hour, format_time_argument(time, part)
    if part in {DayPart.BEFORE_NOON, DayPart.AFTER_NOON} and hour == HOURS_OF_CLOCK:
        # By an old law 午前12時 and 午後12時 are noon and midnight; most people mean the opposite.
        raise TimeParseError("time-ambiguous", written=written, one="0:00", other="12:00")
    if part in _NIGHTS and hour in _NIGHT_HOURS and has_date:
        # One o'clock in "the night of the 22nd" can be on the 22nd or the 23rd.
        one, other = f"{hour % HOURS_OF_CLOCK}:{time.minute:02}", f"{hour % HOURS_OF_CLOCK + 24}:{time.minute:02}"
        raise TimeParseError("time-ambiguous", written=written, one=one, other=other)
    if (part in _NIGHTS and hour in _NIGHT_HOURS) or (part is DayPart.AM and hour == HOURS_OF_CLOCK):
        return hour % HOURS_OF_CLOCK, False
    if part is not None and hour in _AFTERNOON.get(part, ()):
        return hour + HOURS_OF_CLOCK, False
    if hour in _AS_WRITTEN[part]:
        return hour, False
    raise TimeParseError("time-impossible", understood=written)


def _hour_in_half_of_day(time: TimeOfDay, half: DayPart) -> int:
    is_afternoon = half in {DayPart.PM, DayPart.AFTER_NOON}
    return time.hour % HOURS_OF_CLOCK + (HOURS_OF_CLOCK if is_afternoon else 0)


def fits_part_of_day(time: TimeOfDay, half: DayPart, part: DayPart) -> bool:
    """Whether a time of a half of the day (午後10時) lies in a part of the day (夜)."""
    return _hour_in_half_of_day(time, half) in _AS_WRITTEN[part]


def _hour_last_night(time: TimeOfDay, part: DayPart | None, now: datetime) -> tuple[int, bool]:
    hour, is_possible = time.hour, part is None or part in _NIGHTS
    if part is not None and part in HALVES and hour in range(24):
        hour = _hour_in_half_of_day(time, part)
        is_possible = hour in _EARLY_MORNING_HOURS or hour > HOURS_OF_CLOCK
    if is_possible and hour in _NIGHT_HOURS:
        if now.hour in _EARLY_MORNING_HOURS:
            raise TimeParseError("time-ambiguous", written=f"{hour}:00", one="0", other="24")
        return hour % HOURS_OF_CLOCK, True
    if is_possible and hour in _AFTERNOON[DayPart.NIGHT]:
        return hour + HOURS_OF_CLOCK, False
    if is_possible and hour in _AS_WRITTEN[DayPart.NIGHT]:
        return hour, False
    raise TimeParseError("time-impossible", understood=format_time_argument(time, part))
