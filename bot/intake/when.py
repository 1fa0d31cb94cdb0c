"""Times as people write them, read for one purpose: when did the client write? So a time is always past.

Without a year, a month or a day the nearest past one is meant. Whatever contradicts itself, is ambiguous, lies in
the future or is left over is an error that says what was understood: no text reads as a wrong time.
"""

from calendar import monthrange
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final, TypeVar

from bot.errors import InputError, Shown, TextArgument
from bot.intake.when_words import (
    About,
    Ago,
    Cut,
    Day,
    DaysBack,
    LastNight,
    Mark,
    Offset,
    Part,
    Stamp,
    TimeOfDay,
    Weekday,
    cut,
    fold,
    marks_of,
)

LONGEST: Final = 200
DAY: Final = timedelta(days=1)
_MOST_BACK: Final = 9
"""Years to search for a 29 February."""


class Exactness(StrEnum):
    """How exactly a time is known."""

    SECOND = "second"
    MINUTE = "minute"
    ABOUT = "about"
    """"3時間前", "9時頃": counted back or rounded by the writer."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, in UTC, and how exactly it is known."""

    at: datetime
    exactness: Exactness


class TimeError(InputError):
    """A time that cannot be read; the sentence says what was understood."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What a text says of a time, each thing at most once."""

    days: tuple[Day, ...]
    back: DaysBack | None
    last_night: bool
    weekday: Weekday | None
    time: TimeOfDay | None
    part: Part | None
    offset: Offset | None
    ago: Ago | None
    stamp: Stamp | None
    about: bool


_M = TypeVar("_M", bound=Mark)


def read_when(text: str, *, now: datetime, zone: tzinfo) -> Moment:
    """The instant that `text` names, seen from `now` by somebody in `zone`. Raises `TimeError`."""
    if len(text) > LONGEST:
        raise TimeError("when-long", most=LONGEST)
    folded = fold(text)
    if not folded:
        raise TimeError("when-empty")
    return understand(cut(folded), now=now, zone=zone)


def write_when(at: datetime, zone: tzinfo) -> str:
    """An instant as somebody in `zone` may write it, so that `read_when` reads the same."""
    local = at.astimezone(zone)
    written = f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"
    return f"{written} {local:%z}" if local.fold else written  # of two hours of one name the later


def understand(marks: Cut, *, now: datetime, zone: tzinfo) -> Moment:
    """The instant that the marks name. Raises `TimeError`."""
    understood = _shown_marks(marks.marks, now.astimezone(zone).date())
    if marks.rest:
        if not understood:
            raise TimeError("when-unread", written=marks.rest[:40])
        raise TimeError("when-left-over", understood=understood, rest=marks.rest[:40])
    said = _gather(marks.marks, understood)
    if said.ago or said.stamp:
        return _counted(said, marks.marks, understood, now)
    if said.time is None:
        raise TimeError("when-no-time", understood=understood or "–")
    at = _instant(said, said.time, now=now, zone=said.offset.zone if said.offset else zone)
    if at > now:
        raise TimeError("when-future", understood=_shown(at, zone))
    return Moment(at.astimezone(UTC), _exactness(said))


def _exactness(said: _Said) -> Exactness:
    if said.about:
        return Exactness.ABOUT
    return Exactness.MINUTE if said.time is None or said.time.second is None else Exactness.SECOND


def _gather(marks: tuple[Mark, ...], understood: Shown) -> _Said:
    def one(kind: type[_M]) -> _M | None:
        found = {mark for mark in marks_of(marks, kind) if isinstance(mark, kind)}
        if len(found) > 1:
            raise TimeError("when-twice", understood=understood)
        return next(iter(found), None)

    offsets = [mark for mark in marks if isinstance(mark, Offset)]
    if len({offset.zone.utcoffset(None) for offset in offsets}) > 1:
        raise TimeError("when-twice", understood=understood)
    return _Said(
        tuple(dict.fromkeys(mark for mark in marks if isinstance(mark, Day))),
        one(DaysBack),
        one(LastNight) is not None,
        one(Weekday),
        one(TimeOfDay),
        one(Part),
        offsets[0] if offsets else None,
        one(Ago),
        one(Stamp),
        one(About) is not None,
    )


def _counted(said: _Said, marks: tuple[Mark, ...], understood: Shown, now: datetime) -> Moment:
    """Discord's stamps and what is counted back (3時間前) stand alone."""
    others = [mark for mark in marks if not isinstance(mark, Ago | Stamp | About)]
    if others or (said.ago and said.stamp):
        raise TimeError("when-twice", understood=understood)
    try:
        if said.ago:
            return Moment((now - said.ago.span).astimezone(UTC), Exactness.ABOUT)
        at = datetime.fromtimestamp(said.stamp.seconds if said.stamp else 0, UTC)
    except (OverflowError, ValueError, OSError) as fault:
        raise TimeError("when-impossible", understood=understood) from fault
    if at > now:
        raise TimeError("when-future", understood=_shown(at, UTC))
    return Moment(at, Exactness.ABOUT if said.about else Exactness.SECOND)


def _instant(said: _Said, time: TimeOfDay, *, now: datetime, zone: tzinfo) -> datetime:
    hour, night_ends = _hour(said, time, now.astimezone(zone))
    if time.minute > 59 or (time.second or 0) > 59:  # noqa: PLR2004 — a clock's own figures
        raise TimeError("when-impossible", understood=_written_time(time))
    since_midnight = timedelta(hours=hour, minutes=time.minute, seconds=time.second or 0, microseconds=time.microsecond)
    today = now.astimezone(zone).date()
    chosen = None
    try:
        for day in _candidates(said, today):
            chosen = day + DAY if night_ends else day
            if _wall(chosen, since_midnight) <= now.astimezone(zone).replace(tzinfo=None):
                break
        if chosen is None:
            raise TimeError("when-impossible", understood=_shown_days(said.days) or _written_time(time))
        _check_agreement(said, chosen - DAY if night_ends else chosen, today)
        return _on_the_clock(_wall(chosen, since_midnight), zone)
    except OverflowError as fault:
        raise TimeError("when-impossible", understood=_shown_days(said.days)) from fault


def _wall(day: date, since_midnight: timedelta) -> datetime:
    return datetime(day.year, day.month, day.day) + since_midnight  # noqa: DTZ001 — a wall clock's reading, zone apart


def _on_the_clock(wall: datetime, zone: tzinfo) -> datetime:
    """The instant at which a zone's clocks show `wall`: the earlier of two; an error where they skip it."""
    try:
        at = wall.replace(tzinfo=zone).astimezone(UTC)
        shown = at.astimezone(zone).replace(tzinfo=None)
    except (OverflowError, ValueError) as fault:
        raise TimeError("when-impossible", understood=wall) from fault
    if shown != wall:
        raise TimeError("when-skipped", understood=wall)
    return at


def _candidates(said: _Said, today: date) -> Iterator[date]:
    """The days that could be meant, the nearest first; the last one stands when none is past."""
    if said.back:
        yield today - said.back.days * DAY
    elif said.last_night:
        yield today - DAY
    elif said.days:
        yield from _calendar_days(said.days[0], today)
    elif said.weekday:
        yield from _weekdays(said.weekday, today)
    else:
        yield today
        yield today - DAY
        yield today - 2 * DAY  # 25:30 of the day before yesterday is yesterday's 1:30


def _calendar_days(named: Day, today: date) -> Iterator[date]:
    impossible = TimeError("when-impossible", understood=_shown_day(named))
    if named.year is not None:
        try:
            yield date(named.year, named.month or 0, named.day)
        except ValueError as fault:
            raise impossible from fault
        return
    found = False
    if named.month is not None:
        if not 1 <= named.month <= 12:  # noqa: PLR2004 — a year's own figure
            raise impossible
        months = [(today.year - back, named.month) for back in range(-0, _MOST_BACK)]
    else:
        first = today.year * 12 + today.month - 1
        months = [divmod(first - back, 12) for back in range(_MOST_BACK)]
        months = [(year, month + 1) for year, month in months]
    for year, month in months:
        if year >= 1 and 1 <= named.day <= monthrange(year, month)[1]:
            found = True
            yield date(year, month, named.day)
    if not found:
        raise impossible


def _weekdays(named: Weekday, today: date) -> Iterator[date]:
    latest = today - timedelta(days=(today.weekday() - named.weekday) % 7)
    match named.week:
        case None:
            yield latest
            yield latest - 7 * DAY
        case "latest":
            before = latest if latest < today else latest - 7 * DAY
            if before >= today - timedelta(days=today.weekday()):
                raise TimeError("when-ambiguous-weekday", one=before, other=before - 7 * DAY)
            yield before
        case week:
            # Weeks that start on Monday and weeks that start on Sunday must agree.
            back = 7 if week == "last" else 0
            by_monday = today - timedelta(days=today.weekday() + back) + named.weekday * DAY
            by_sunday = today - timedelta(days=(today.weekday() + 1) % 7 + back) + (named.weekday + 1) % 7 * DAY
            if by_monday != by_sunday:
                one, other = sorted((by_monday, by_sunday))
                raise TimeError("when-ambiguous-weekday", one=one, other=other)
            yield by_monday


def _check_agreement(said: _Said, day: date, today: date) -> None:
    """Everything that names the day must name the same one."""
    for named in said.days:
        if (
            named.day != day.day
            or (named.month is not None and named.month != day.month)
            or (named.year is not None and named.year != day.year)
        ):
            raise TimeError("when-twice", understood=(day, "/", _shown_day(named)))
    if said.last_night and day != today - DAY:
        raise TimeError("when-twice", understood=day)
    if said.weekday and said.weekday.weekday != day.weekday():
        raise TimeError("when-weekday", understood=day, weekday=f"{day.weekday()}")
    if (
        said.weekday
        and said.weekday.week
        and (said.days or said.back)
        and day not in set(_weekdays(said.weekday, today))
    ):
        raise TimeError("when-twice", understood=day)


_PM_FROM: Final = {Part.NOON: range(1, 6), Part.EVENING: range(3, 8), Part.NIGHT: range(5, 12)}
_AS_IS: Final = {
    Part.DAWN: range(7), Part.MORNING: range(1, 12), Part.NOON: range(10, 18), Part.EVENING: range(15, 20),
    Part.NIGHT: range(17, 30), Part.DEEP_NIGHT: range(22, 30),
}  # fmt: skip
_SMALL_HOURS: Final = range(5)
_NOON: Final = 12


def _hour(said: _Said, time: TimeOfDay, now: datetime) -> tuple[int, bool]:
    """The hour on a 24-hour clock, and whether it belongs to the morning after the day that is named."""
    halves = {Part.AM, Part.PM, Part.BEFORE_NOON, Part.AFTER_NOON}
    if time.hour > 29 or (time.hour > 23 and said.part in halves):  # noqa: PLR2004 — a clock's own figures
        raise TimeError("when-impossible", understood=_written_time(time, said.part))
    if said.last_night:
        return _hour_last_night(time, said.part, now)
    match said.part:
        case None:
            return time.hour, False
        case Part.AM | Part.PM:
            return _english_hour(time, said.part), False
        case Part.BEFORE_NOON | Part.AFTER_NOON:
            return _japanese_hour(time, said.part), False
        case part:
            return _hour_of_part(time, part, day_named=bool(said.days or said.back or said.weekday)), False


def _english_hour(time: TimeOfDay, part: Part) -> int:
    """12 AM is midnight, 12 PM noon; 14 PM is said by some, 14 AM by nobody."""
    hour = time.hour
    if hour > _NOON or hour == 0:
        if (part is Part.AM) != (hour == 0):
            raise TimeError("when-impossible", understood=_written_time(time, part))
        return hour
    return hour % _NOON + (_NOON if part is Part.PM else 0)


def _japanese_hour(time: TimeOfDay, part: Part) -> int:
    """By an old law 午前12時 is noon and 午後12時 midnight; most people mean the opposite: nobody can tell."""
    if time.hour == _NOON:
        raise TimeError("when-ambiguous", written=_written_time(time, part), one="0:00", other="12:00")
    if part is Part.BEFORE_NOON and time.hour > _NOON:
        raise TimeError("when-impossible", understood=_written_time(time, part))
    return time.hour + _NOON if part is Part.AFTER_NOON and time.hour < _NOON else time.hour


def _hour_of_part(time: TimeOfDay, part: Part, *, day_named: bool) -> int:
    hour = time.hour
    if part in {Part.NIGHT, Part.DEEP_NIGHT} and (hour in _SMALL_HOURS or hour == _NOON):
        # "The night of the 22nd, at one" may be the 22nd or the 23rd.
        if day_named:
            one, other = f"{hour % _NOON}:{time.minute:02}", f"{hour % _NOON + 24}:{time.minute:02}"
            raise TimeError("when-ambiguous", written=_written_time(time, part), one=one, other=other)
        return hour % _NOON
    if hour in _PM_FROM.get(part, ()) or (part is Part.DEEP_NIGHT and hour in {10, 11}):
        return hour + _NOON
    if hour in _AS_IS[part]:
        return hour
    raise TimeError("when-impossible", understood=_written_time(time, part))


def _hour_last_night(time: TimeOfDay, part: Part | None, now: datetime) -> tuple[int, bool]:
    hour, impossible = time.hour, TimeError("when-impossible", understood=_written_time(time, part))
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


def _shown(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _shown_day(day: Day) -> TextArgument:
    """A day; one without a year, or that is none, as both languages write it to the bot."""
    if day.year is not None:
        with suppress(ValueError):
            return date(day.year, day.month or 0, day.day)
    return "/".join(f"{each}" for each in (day.year, day.month, day.day) if each is not None)


def _written_time(time: TimeOfDay, part: Part | None = None) -> str:
    return f"{part.value if part else ''}{time.hour}:{time.minute:02}"


def _shown_days(days: tuple[Day, ...]) -> Shown:
    return tuple(_shown_day(each) for each in days)


def _shown_marks(marks: tuple[Mark, ...], today: date) -> tuple[TextArgument, ...]:
    """What was understood: days as days, the rest in figures that both languages read."""
    shown: list[TextArgument] = []
    for mark in marks:
        match mark:
            case Day():
                shown.append(_shown_day(mark))
            case TimeOfDay():
                shown.append(_written_time(mark))
            case Part():
                shown.append(mark.value)
            case DaysBack():
                shown.append(today - mark.days * DAY)
            case LastNight():
                shown.append(today - DAY)
            case Ago():
                shown.append(f"-{mark.span}")
            case _:
                pass
    return tuple(shown)
