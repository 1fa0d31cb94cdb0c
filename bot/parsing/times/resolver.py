"""Times as people write them, read for one purpose: when did the client write? So a time is always past.

Without a year, a month or a day the nearest past one is meant. Whatever contradicts itself, is ambiguous, lies in
the future or is left over is an error that says what was understood: no text reads as a wrong time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, TypeVar

from bot.domain.calendar import ONE_DAY
from bot.domain.messages import ParsedTime, Precision
from bot.errors import MessageArgument
from bot.parsing.times.dates import candidate_dates, candidate_weekdays
from bot.parsing.times.errors import TimeParseError, day_argument, days_argument, time_argument, tokens_argument
from bot.parsing.times.hours import resolve_hour
from bot.parsing.times.tokenizer import (
    Approximate,
    Day,
    DayPart,
    DiscordTimestamp,
    LastNight,
    RelativeDay,
    RelativeOffset,
    TimeOfDay,
    Token,
    TokenizeResult,
    UtcOffset,
    Weekday,
    normalize,
    tokenize,
    tokens_of,
)

MAX_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class _TimeParts:
    """What a text says of a time, each thing at most once."""

    days: tuple[Day, ...]
    days_back: RelativeDay | None
    last_night: bool
    weekday: Weekday | None
    time: TimeOfDay | None
    part: DayPart | None
    offset: UtcOffset | None
    relative_offset: RelativeOffset | None
    stamp: DiscordTimestamp | None
    approximate: bool


_M = TypeVar("_M", bound=Token)


def parse_time(text: str, *, now: datetime, zone: tzinfo) -> ParsedTime:
    """The instant that `text` names, seen from `now` by somebody in `zone`. Raises `TimeError`."""
    if len(text) > MAX_LENGTH:
        raise TimeParseError("when-long", most=MAX_LENGTH)
    folded = normalize(text)
    if not folded:
        raise TimeParseError("when-empty")
    return resolve(tokenize(folded), now=now, zone=zone)


def format_time(at: datetime, zone: tzinfo) -> str:
    """An instant as somebody in `zone` may write it, so that `read_when` reads the same."""
    local = at.astimezone(zone)
    written = f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"
    return f"{written} {local:%z}" if local.fold else written  # of two hours of one name the later


def resolve(tokens: TokenizeResult, *, now: datetime, zone: tzinfo) -> ParsedTime:
    """The instant that the marks name. Raises `TimeError`."""
    consumed = tokens_argument(tokens.tokens, now.astimezone(zone).date())
    if tokens.remainder:
        if not consumed:
            raise TimeParseError("when-unread", written=tokens.remainder[:40])
        raise TimeParseError("when-left-over", understood=consumed, rest=tokens.remainder[:40])
    parts = _group_tokens(tokens.tokens, consumed)
    if parts.relative_offset or parts.stamp:
        return _resolve_relative(parts, tokens.tokens, consumed, now)
    if parts.time is None:
        raise TimeParseError("when-no-time", understood=consumed or "–")
    at = _instant(parts, parts.time, now=now, zone=parts.offset.zone if parts.offset else zone)
    if at > now:
        raise TimeParseError("when-future", understood=_format_local(at, zone))
    return ParsedTime(at.astimezone(UTC), _precision(parts))


def _precision(parts: _TimeParts) -> Precision:
    if parts.approximate:
        return Precision.ABOUT
    return Precision.MINUTE if parts.time is None or parts.time.second is None else Precision.SECOND


def _group_tokens(tokens: tuple[Token, ...], consumed: MessageArgument) -> _TimeParts:
    def one(kind: type[_M]) -> _M | None:
        found = {mark for mark in tokens_of(tokens, kind) if isinstance(mark, kind)}
        if len(found) > 1:
            raise TimeParseError("when-twice", understood=consumed)
        return next(iter(found), None)

    offsets = [mark for mark in tokens if isinstance(mark, UtcOffset)]
    if len({offset.zone.utcoffset(None) for offset in offsets}) > 1:
        raise TimeParseError("when-twice", understood=consumed)
    return _TimeParts(
        tuple(dict.fromkeys(mark for mark in tokens if isinstance(mark, Day))),
        one(RelativeDay),
        one(LastNight) is not None,
        one(Weekday),
        one(TimeOfDay),
        one(DayPart),
        offsets[0] if offsets else None,
        one(RelativeOffset),
        one(DiscordTimestamp),
        one(Approximate) is not None,
    )


def _resolve_relative(
    parts: _TimeParts, tokens: tuple[Token, ...], consumed: MessageArgument, now: datetime
) -> ParsedTime:
    """Discord's stamps and what is counted back (3時間前) stand alone."""
    others = [mark for mark in tokens if not isinstance(mark, RelativeOffset | DiscordTimestamp | Approximate)]
    if others or (parts.relative_offset and parts.stamp):
        raise TimeParseError("when-twice", understood=consumed)
    try:
        if parts.relative_offset:
            return ParsedTime((now - parts.relative_offset.delta).astimezone(UTC), Precision.ABOUT)
        at = datetime.fromtimestamp(parts.stamp.seconds if parts.stamp else 0, UTC)
    except (OverflowError, ValueError, OSError) as fault:
        raise TimeParseError("when-impossible", understood=consumed) from fault
    if at > now:
        raise TimeParseError("when-future", understood=_format_local(at, UTC))
    return ParsedTime(at, Precision.ABOUT if parts.approximate else Precision.SECOND)


def _instant(parts: _TimeParts, time: TimeOfDay, *, now: datetime, zone: tzinfo) -> datetime:
    hour, night_ends = resolve_hour(
        time,
        parts.part,
        last_night=parts.last_night,
        has_date=bool(parts.days or parts.days_back or parts.weekday),
        now=now.astimezone(zone),
    )
    if time.minute > 59 or (time.second or 0) > 59:  # noqa: PLR2004 — a clock's own figures
        raise TimeParseError("when-impossible", understood=time_argument(time))
    since_midnight = timedelta(hours=hour, minutes=time.minute, seconds=time.second or 0, microseconds=time.microsecond)
    today = now.astimezone(zone).date()
    chosen = None
    try:
        for day in _candidates(parts, today):
            chosen = day + ONE_DAY if night_ends else day
            if _local_datetime(chosen, since_midnight) <= now.astimezone(zone).replace(tzinfo=None):
                break
        if chosen is None:
            raise TimeParseError("when-impossible", understood=days_argument(parts.days) or time_argument(time))
        _check_agreement(parts, chosen - ONE_DAY if night_ends else chosen, today)
        return _localize(_local_datetime(chosen, since_midnight), zone)
    except OverflowError as fault:
        raise TimeParseError("when-impossible", understood=days_argument(parts.days)) from fault


def _local_datetime(day: date, since_midnight: timedelta) -> datetime:
    return datetime(day.year, day.month, day.day) + since_midnight  # noqa: DTZ001 — a wall clock's reading, zone apart


def _localize(local_datetime: datetime, zone: tzinfo) -> datetime:
    """The instant at which a zone's clocks show `wall`: the earlier of two; an error where they skip it."""
    try:
        at = local_datetime.replace(tzinfo=zone).astimezone(UTC)
        shown = at.astimezone(zone).replace(tzinfo=None)
    except (OverflowError, ValueError) as fault:
        raise TimeParseError("when-impossible", understood=local_datetime) from fault
    if shown != local_datetime:
        raise TimeParseError("when-skipped", understood=local_datetime)
    return at


def _candidates(parts: _TimeParts, today: date) -> Iterator[date]:
    """The days that could be meant, the nearest first; the last one stands when none is past."""
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
        yield today - 2 * ONE_DAY  # 25:30 of the day before yesterday is yesterday's 1:30


def _check_agreement(parts: _TimeParts, day: date, today: date) -> None:
    """Everything that names the day must name the same one."""
    for named in parts.days:
        if (
            named.day != day.day
            or (named.month is not None and named.month != day.month)
            or (named.year is not None and named.year != day.year)
        ):
            raise TimeParseError("when-twice", understood=(day, "/", day_argument(named)))
    if parts.last_night and day != today - ONE_DAY:
        raise TimeParseError("when-twice", understood=day)
    if parts.weekday and parts.weekday.weekday != day.weekday():
        raise TimeParseError("when-weekday", understood=day, weekday=f"{day.weekday()}")
    if (
        parts.weekday
        and parts.weekday.week
        and (parts.days or parts.days_back)
        and day not in set(candidate_weekdays(parts.weekday, today))
    ):
        raise TimeParseError("when-twice", understood=day)


def _format_local(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)
