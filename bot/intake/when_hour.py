"""Which hour somebody means: 12 AM, 午後3時, 夜の1時, 25時."""

from datetime import datetime
from typing import Final

from bot.intake.when_told import TimeError, written_time
from bot.intake.when_words import Part, TimeOfDay

_PM_FROM: Final = {Part.NOON: range(1, 6), Part.EVENING: range(3, 8), Part.NIGHT: range(5, 12)}
_AS_IS: Final = {
    Part.DAWN: range(7), Part.MORNING: range(1, 12), Part.NOON: range(10, 18), Part.EVENING: range(15, 20),
    Part.NIGHT: range(17, 30), Part.DEEP_NIGHT: range(22, 30),
}  # fmt: skip
_SMALL_HOURS: Final = range(5)
_NOON: Final = 12


def hour_of(
    time: TimeOfDay, part: Part | None, *, last_night: bool, day_named: bool, now: datetime
) -> tuple[int, bool]:
    """The hour on a 24-hour clock, and whether it belongs to the morning after the day that is named.

    `now` on the member's clock. Raises `TimeError` for an hour that there is not, or that could be two.
    """
    halves = {Part.AM, Part.PM, Part.BEFORE_NOON, Part.AFTER_NOON}
    if time.hour > 29 or (time.hour > 23 and part in halves):  # noqa: PLR2004 — a clock's own figures
        raise TimeError("when-impossible", understood=written_time(time, part))
    if last_night:
        return _hour_last_night(time, part, now)
    match part:
        case None:
            return time.hour, False
        case Part.AM | Part.PM:
            return _english_hour(time, part), False
        case Part.BEFORE_NOON | Part.AFTER_NOON:
            return _japanese_hour(time, part), False
        case _:
            return _hour_of_part(time, part, day_named=day_named), False


def _english_hour(time: TimeOfDay, part: Part) -> int:
    """12 AM is midnight, 12 PM noon; 14 PM is said by some, 14 AM by nobody."""
    hour = time.hour
    if hour > _NOON or hour == 0:
        if (part is Part.AM) != (hour == 0):
            raise TimeError("when-impossible", understood=written_time(time, part))
        return hour
    return hour % _NOON + (_NOON if part is Part.PM else 0)


def _japanese_hour(time: TimeOfDay, part: Part) -> int:
    """By an old law 午前12時 is noon and 午後12時 midnight; most people mean the opposite: nobody can tell."""
    if time.hour == _NOON:
        raise TimeError("when-ambiguous", written=written_time(time, part), one="0:00", other="12:00")
    if part is Part.BEFORE_NOON and time.hour > _NOON:
        raise TimeError("when-impossible", understood=written_time(time, part))
    return time.hour + _NOON if part is Part.AFTER_NOON and time.hour < _NOON else time.hour


def _hour_of_part(time: TimeOfDay, part: Part, *, day_named: bool) -> int:
    hour = time.hour
    if part in {Part.NIGHT, Part.DEEP_NIGHT} and (hour in _SMALL_HOURS or hour == _NOON):
        # "The night of the 22nd, at one" may be the 22nd or the 23rd.
        if day_named:
            one, other = f"{hour % _NOON}:{time.minute:02}", f"{hour % _NOON + 24}:{time.minute:02}"
            raise TimeError("when-ambiguous", written=written_time(time, part), one=one, other=other)
        return hour % _NOON
    if hour in _PM_FROM.get(part, ()) or (part is Part.DEEP_NIGHT and hour in {10, 11}):
        return hour + _NOON
    if hour in _AS_IS[part]:
        return hour
    raise TimeError("when-impossible", understood=written_time(time, part))


def _hour_last_night(time: TimeOfDay, part: Part | None, now: datetime) -> tuple[int, bool]:
    hour, impossible = time.hour, TimeError("when-impossible", understood=written_time(time, part))
    if part in {Part.AM, Part.PM}:
        hour = hour % _NOON + (_NOON if part is Part.PM else 0)
        if hour not in _SMALL_HOURS and hour <= _NOON:
            raise impossible
    elif part not in {None, Part.NIGHT, Part.DEEP_NIGHT}:
        raise impossible
    if hour in _SMALL_HOURS or hour == _NOON:
        if now.hour in _SMALL_HOURS:
            raise TimeError("when-ambiguous", written=f"{hour}:00", one="0", other="24")
        return hour % _NOON, True
    if hour in _PM_FROM[Part.NIGHT]:
        return hour + _NOON, False
    if hour in _AS_IS[Part.NIGHT]:
        return hour, False
    raise impossible
