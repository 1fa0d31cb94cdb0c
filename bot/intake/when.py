"""Times as people write them, read for one purpose: when did the client write? So a time is always past.

Without a year, a month or a day the nearest past one is meant. Whatever contradicts itself, is ambiguous, lies in
the future or is left over is an error that says what was understood: no text reads as a wrong time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final, TypeVar

from bot.errors import MessageArgument
from bot.intake.when_days import DAY, calendar_days, weekdays
from bot.intake.when_hour import hour_of
from bot.intake.when_told import TimeError, shown_day, shown_days, shown_marks, written_time
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
    understood = shown_marks(marks.marks, now.astimezone(zone).date())
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


def _gather(marks: tuple[Mark, ...], understood: MessageArgument) -> _Said:
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


def _counted(said: _Said, marks: tuple[Mark, ...], understood: MessageArgument, now: datetime) -> Moment:
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
    hour, night_ends = hour_of(
        time,
        said.part,
        last_night=said.last_night,
        day_named=bool(said.days or said.back or said.weekday),
        now=now.astimezone(zone),
    )
    if time.minute > 59 or (time.second or 0) > 59:  # noqa: PLR2004 — a clock's own figures
        raise TimeError("when-impossible", understood=written_time(time))
    since_midnight = timedelta(hours=hour, minutes=time.minute, seconds=time.second or 0, microseconds=time.microsecond)
    today = now.astimezone(zone).date()
    chosen = None
    try:
        for day in _candidates(said, today):
            chosen = day + DAY if night_ends else day
            if _wall(chosen, since_midnight) <= now.astimezone(zone).replace(tzinfo=None):
                break
        if chosen is None:
            raise TimeError("when-impossible", understood=shown_days(said.days) or written_time(time))
        _check_agreement(said, chosen - DAY if night_ends else chosen, today)
        return _on_the_clock(_wall(chosen, since_midnight), zone)
    except OverflowError as fault:
        raise TimeError("when-impossible", understood=shown_days(said.days)) from fault


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
        yield from calendar_days(said.days[0], today)
    elif said.weekday:
        yield from weekdays(said.weekday, today)
    else:
        yield today
        yield today - DAY
        yield today - 2 * DAY  # 25:30 of the day before yesterday is yesterday's 1:30


def _check_agreement(said: _Said, day: date, today: date) -> None:
    """Everything that names the day must name the same one."""
    for named in said.days:
        if (
            named.day != day.day
            or (named.month is not None and named.month != day.month)
            or (named.year is not None and named.year != day.year)
        ):
            raise TimeError("when-twice", understood=(day, "/", shown_day(named)))
    if said.last_night and day != today - DAY:
        raise TimeError("when-twice", understood=day)
    if said.weekday and said.weekday.weekday != day.weekday():
        raise TimeError("when-weekday", understood=day, weekday=f"{day.weekday()}")
    if (
        said.weekday
        and said.weekday.week
        and (said.days or said.back)
        and day not in set(weekdays(said.weekday, today))
    ):
        raise TimeError("when-twice", understood=day)


def _shown(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)
