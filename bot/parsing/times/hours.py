"""The hour that a time and a part of the day mean: 12 AM, 午後3時, 夜の1時, 25時."""

from datetime import datetime
from typing import Final

from bot.parsing.times.errors import TimeParseError, format_time_argument
from bot.parsing.times.tokens import HOURS_OF_CLOCK, DayPart, TimeOfDay

HALVES: Final = frozenset({DayPart.AM, DayPart.PM, DayPart.BEFORE_NOON, DayPart.AFTER_NOON})
_PM_HOURS: Final = {DayPart.NOON: range(1, 6), DayPart.EVENING: range(3, 10), DayPart.NIGHT: range(5, 12)}
"""Hours of the 12-hour clock that belong to the afternoon with these parts of the day."""
_HOURS_TAKEN_AS_WRITTEN: Final = {
    DayPart.DAWN: range(7), DayPart.MORNING: range(1, 12), DayPart.NOON: range(10, 18), DayPart.EVENING: range(15, 22),
    DayPart.NIGHT: range(17, 30), DayPart.DEEP_NIGHT: range(22, 30),
}  # fmt: skip
_EARLY_MORNING_HOURS: Final = range(5)
_LAST_HOUR: Final = 23
_LAST_HOUR_OF_LATE_NIGHT: Final = 29
"""29:00 is 5:00 of the next day."""


def resolve_hour(
    time: TimeOfDay, part: DayPart | None, *, last_night: bool, has_date: bool, now: datetime
) -> tuple[int, bool]:
    """The hour on a 24-hour clock, and whether it belongs to the morning after the named day.

    `now` is in the member's zone. Raises `TimeParseError` for an hour that does not exist or is ambiguous.
    """
    if time.hour > _LAST_HOUR_OF_LATE_NIGHT or (time.hour > _LAST_HOUR and part in HALVES):
        raise TimeParseError("time-impossible", understood=format_time_argument(time, part))
    if last_night:
        return _hour_last_night(time, part, now)
    match part:
        case None:
            return time.hour, False
        case DayPart.AM | DayPart.PM:
            return _english_hour(time, part), False
        case DayPart.BEFORE_NOON | DayPart.AFTER_NOON:
            return _japanese_hour(time, part), False
        case _:
            return _hour_of_part(time, part, has_date=has_date), False


def fits_part_of_day(time: TimeOfDay, half: DayPart, part: DayPart) -> bool:
    """Whether a time of a half of the day (午後10時) lies in a part of the day (夜)."""
    afternoon = half in {DayPart.PM, DayPart.AFTER_NOON}
    return time.hour % HOURS_OF_CLOCK + (HOURS_OF_CLOCK if afternoon else 0) in _HOURS_TAKEN_AS_WRITTEN[part]


def _english_hour(time: TimeOfDay, part: DayPart) -> int:
    """12 AM is midnight, 12 PM noon; 14 PM is read as 14:00, 14 AM is refused."""
    hour = time.hour
    if hour > HOURS_OF_CLOCK or hour == 0:
        if (part is DayPart.AM) != (hour == 0):
            raise TimeParseError("time-impossible", understood=format_time_argument(time, part))
        return hour
    return hour % HOURS_OF_CLOCK + (HOURS_OF_CLOCK if part is DayPart.PM else 0)


def _japanese_hour(time: TimeOfDay, part: DayPart) -> int:
    """午前12時 and 午後12時 are ambiguous: by an old law they are noon and midnight, most people mean the opposite."""
    if time.hour == HOURS_OF_CLOCK:
        raise TimeParseError("time-ambiguous", written=format_time_argument(time, part), one="0:00", other="12:00")
    if part is DayPart.BEFORE_NOON and time.hour > HOURS_OF_CLOCK:
        raise TimeParseError("time-impossible", understood=format_time_argument(time, part))
    return time.hour + HOURS_OF_CLOCK if part is DayPart.AFTER_NOON and time.hour < HOURS_OF_CLOCK else time.hour


def _hour_of_part(time: TimeOfDay, part: DayPart, *, has_date: bool) -> int:
    hour = time.hour
    if part in {DayPart.NIGHT, DayPart.DEEP_NIGHT} and (hour in _EARLY_MORNING_HOURS or hour == HOURS_OF_CLOCK):
        # One o'clock in "the night of the 22nd" can be on the 22nd or the 23rd.
        if has_date:
            one, other = f"{hour % HOURS_OF_CLOCK}:{time.minute:02}", f"{hour % HOURS_OF_CLOCK + 24}:{time.minute:02}"
            raise TimeParseError("time-ambiguous", written=format_time_argument(time, part), one=one, other=other)
        return hour % HOURS_OF_CLOCK
    if hour in _PM_HOURS.get(part, ()) or (part is DayPart.DEEP_NIGHT and hour in {10, 11}):
        return hour + HOURS_OF_CLOCK
    if hour in _HOURS_TAKEN_AS_WRITTEN[part]:
        return hour
    raise TimeParseError("time-impossible", understood=format_time_argument(time, part))


def _hour_last_night(time: TimeOfDay, part: DayPart | None, now: datetime) -> tuple[int, bool]:
    hour, impossible = time.hour, TimeParseError("time-impossible", understood=format_time_argument(time, part))
    if part in HALVES:
        hour = hour % HOURS_OF_CLOCK + (HOURS_OF_CLOCK if part in {DayPart.PM, DayPart.AFTER_NOON} else 0)
        if hour not in _EARLY_MORNING_HOURS and hour <= HOURS_OF_CLOCK:
            raise impossible
    elif part not in {None, DayPart.NIGHT, DayPart.DEEP_NIGHT}:
        raise impossible
    if hour in _EARLY_MORNING_HOURS or hour == HOURS_OF_CLOCK:
        if now.hour in _EARLY_MORNING_HOURS:
            raise TimeParseError("time-ambiguous", written=f"{hour}:00", one="0", other="24")
        return hour % HOURS_OF_CLOCK, True
    if hour in _PM_HOURS[DayPart.NIGHT]:
        return hour + HOURS_OF_CLOCK, False
    if hour in _HOURS_TAKEN_AS_WRITTEN[DayPart.NIGHT]:
        return hour, False
    raise impossible
