"""The tokens of a time by kind."""

from dataclasses import dataclass
from typing import TypeVar

from bot.errors import MessageArgument
from bot.parsing.times.errors import TimeParseError
from bot.parsing.times.hours import HALVES, fits_part_of_day
from bot.parsing.times.tokens import (
    Day,
    DayPart,
    DiscordTimestamp,
    RelativeDay,
    RelativeOffset,
    TimeMark,
    TimeOfDay,
    Token,
    UtcOffset,
    Weekday,
    ZoneName,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeParts:
    """The tokens of a time by kind. Several `days` must agree."""

    days: tuple[Day, ...]
    days_back: RelativeDay | None
    weekday: Weekday | None
    time: TimeOfDay | None
    part: DayPart | None
    marks: frozenset[TimeMark]
    relative_offset: RelativeOffset | None
    stamp: DiscordTimestamp | None
    offset: UtcOffset | None
    zone_name: ZoneName | None

    @property
    def names_day(self) -> bool:
        """Whether a day is named beside, or instead of, 昨晩."""
        return bool(self.days or self.days_back or self.weekday)


_TokenT = TypeVar("_TokenT", bound=Token)


def group_time_tokens(tokens: tuple[Token, ...], consumed: MessageArgument) -> TimeParts:
    """The tokens by kind. Raises `TimeParseError` where they contradict each other."""

    def one(kind: type[_TokenT]) -> _TokenT | None:
        matching = {token for token in tokens if isinstance(token, kind)}
        if len(matching) > 1:
            raise TimeParseError("time-contradictory", understood=consumed)
        return next(iter(matching), None)

    return TimeParts(
        days=tuple(dict.fromkeys(token for token in tokens if isinstance(token, Day))),
        days_back=one(RelativeDay),
        weekday=one(Weekday),
        time=one(TimeOfDay),
        part=_day_part(tokens, consumed),
        marks=frozenset(token for token in tokens if isinstance(token, TimeMark)),
        relative_offset=one(RelativeOffset),
        stamp=one(DiscordTimestamp),
        offset=one(UtcOffset),
        zone_name=one(ZoneName),
    )


def _day_part(tokens: tuple[Token, ...], consumed: MessageArgument) -> DayPart | None:
    """The part of the day. Of 今夜午後10時 it is 午後, which says the same and more."""
    parts = list(dict.fromkeys(token for token in tokens if isinstance(token, DayPart)))
    halves = [part for part in parts if part in HALVES]
    if len(parts) > len(halves) + 1 or len(halves) > 1:
        raise TimeParseError("time-contradictory", understood=consumed)
    time = next((token for token in tokens if isinstance(token, TimeOfDay)), None)
    if len(parts) > 1 and time is not None:
        [named] = [part for part in parts if part not in HALVES]
        if not fits_part_of_day(time, halves[0], named):
            raise TimeParseError("time-contradictory", understood=consumed)
    return halves[0] if halves else next(iter(parts), None)
