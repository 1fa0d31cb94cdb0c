"""From the tokens of a time to an instant. The question is always when something happened, so a time is in the past.

Without a year, a month or a day the latest past one is meant. A text that contradicts itself, is ambiguous, lies in the
future or has a remainder is an error that says what was consumed: no text is read as a wrong time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, TypeVar

from bot.domain.calendar import ONE_DAY
from bot.domain.messages import ParsedTime, Precision
from bot.errors import MessageArgument
from bot.parsing.times import tokenizer
from bot.parsing.times.dates import candidate_dates, candidate_weekdays
from bot.parsing.times.errors import TimeParseError, day_argument, days_argument, time_argument, tokens_argument
from bot.parsing.times.hours import resolve_hour

MAX_LENGTH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _TimeParts:
    """The tokens of a time by kind. Only `days` can have several, which must agree."""

    days: tuple[tokenizer.Day, ...]
    days_back: tokenizer.RelativeDay | None
    last_night: bool
    weekday: tokenizer.Weekday | None
    time: tokenizer.TimeOfDay | None
    part: tokenizer.DayPart | None
    offset: tokenizer.UtcOffset | None
    relative_offset: tokenizer.RelativeOffset | None
    stamp: tokenizer.DiscordTimestamp | None
    approximate: bool


_TokenT = TypeVar("_TokenT", bound=tokenizer.Token)


def parse_time(text: str, *, now: datetime, zone: tzinfo) -> ParsedTime:
    """The instant that `text` names, seen from `now` in `zone`. Raises `TimeParseError`."""
    if len(text) > MAX_LENGTH:
        raise TimeParseError("time-too-long", most=MAX_LENGTH)
    normalized = tokenizer.normalize(text)
    if not normalized:
        raise TimeParseError("time-empty")
    return resolve(tokenizer.tokenize(normalized), now=now, zone=zone)


def format_time(at: datetime, zone: tzinfo) -> str:
    """An instant as local time in `zone`, in a form that `parse_time` reads back."""
    local = at.astimezone(zone)
    text = f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"
    return f"{text} {local:%z}" if local.fold else text  # the later of two equal local times


def resolve(result: tokenizer.TokenizeResult, *, now: datetime, zone: tzinfo) -> ParsedTime:
    """The instant that the tokens name. Raises `TimeParseError`."""
    consumed = tokens_argument(result.tokens, now.astimezone(zone).date())
    if result.remainder:
        if not consumed:
            raise TimeParseError("time-unreadable", written=result.remainder[:40])
        raise TimeParseError("time-rest-unreadable", understood=consumed, rest=result.remainder[:40])
    parts = _group_tokens(result.tokens, consumed)
    if parts.relative_offset or parts.stamp:
        return _resolve_relative(parts, result.tokens, consumed, now)
    if parts.time is None:
        raise TimeParseError("time-no-time", understood=consumed or "–")
    at = _resolve_local(parts, parts.time, now=now, zone=parts.offset.zone if parts.offset else zone)
    if at > now:
        raise TimeParseError("time-future", understood=_local_time(at, zone))
    return ParsedTime(at.astimezone(UTC), _precision(parts))


def _precision(parts: _TimeParts) -> Precision:
    if parts.approximate:
        return Precision.ABOUT
    return Precision.MINUTE if parts.time is None or parts.time.second is None else Precision.SECOND


def _group_tokens(tokens: tuple[tokenizer.Token, ...], consumed: MessageArgument) -> _TimeParts:
    def one(kind: type[_TokenT]) -> _TokenT | None:
        matching = {token for token in tokens if isinstance(token, kind)}
        if len(matching) > 1:
            raise TimeParseError("time-contradictory", understood=consumed)
        return next(iter(matching), None)

    offsets = [token for token in tokens if isinstance(token, tokenizer.UtcOffset)]
    if len({offset.zone.utcoffset(None) for offset in offsets}) > 1:
        raise TimeParseError("time-contradictory", understood=consumed)
    return _TimeParts(
        days=tuple(dict.fromkeys(token for token in tokens if isinstance(token, tokenizer.Day))),
        days_back=one(tokenizer.RelativeDay),
        last_night=one(tokenizer.LastNight) is not None,
        weekday=one(tokenizer.Weekday),
        time=one(tokenizer.TimeOfDay),
        part=one(tokenizer.DayPart),
        offset=offsets[0] if offsets else None,
        relative_offset=one(tokenizer.RelativeOffset),
        stamp=one(tokenizer.DiscordTimestamp),
        approximate=one(tokenizer.Approximate) is not None,
    )


def _resolve_relative(
    parts: _TimeParts, tokens: tuple[tokenizer.Token, ...], consumed: MessageArgument, now: datetime
) -> ParsedTime:
    """A Discord timestamp or an offset back from now (3時間前); no other token can be beside it."""
    others = [
        token
        for token in tokens
        if not isinstance(token, tokenizer.RelativeOffset | tokenizer.DiscordTimestamp | tokenizer.Approximate)
    ]
    if others or (parts.relative_offset and parts.stamp):
        raise TimeParseError("time-contradictory", understood=consumed)
    try:
        if parts.relative_offset:
            return ParsedTime((now - parts.relative_offset.delta).astimezone(UTC), Precision.ABOUT)
        at = datetime.fromtimestamp(parts.stamp.seconds if parts.stamp else 0, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise TimeParseError("time-impossible", understood=consumed) from error
    if at > now:
        raise TimeParseError("time-future", understood=_local_time(at, UTC))
    return ParsedTime(at, Precision.ABOUT if parts.approximate else Precision.SECOND)


def _resolve_local(parts: _TimeParts, time: tokenizer.TimeOfDay, *, now: datetime, zone: tzinfo) -> datetime:
    """The instant of a time of day on the latest possible day."""
    local_now = now.astimezone(zone)
    hour, next_morning = resolve_hour(
        time,
        parts.part,
        last_night=parts.last_night,
        has_date=bool(parts.days or parts.days_back or parts.weekday),
        now=local_now,
    )
    if time.minute > 59 or (time.second or 0) > 59:  # noqa: PLR2004 — the minutes and seconds of a clock
        raise TimeParseError("time-impossible", understood=time_argument(time))
    since_midnight = timedelta(hours=hour, minutes=time.minute, seconds=time.second or 0, microseconds=time.microsecond)
    day = None
    try:
        for candidate in _candidates(parts, local_now.date()):
            day = candidate + ONE_DAY if next_morning else candidate
            if _wall_clock(day, since_midnight) <= local_now.replace(tzinfo=None):
                break
        if day is None:
            raise TimeParseError("time-impossible", understood=days_argument(parts.days) or time_argument(time))
        _check_agreement(parts, day - ONE_DAY if next_morning else day, local_now.date())
        return _localize(_wall_clock(day, since_midnight), zone)
    except OverflowError as error:
        raise TimeParseError("time-impossible", understood=days_argument(parts.days)) from error


def _wall_clock(day: date, since_midnight: timedelta) -> datetime:
    return datetime(day.year, day.month, day.day) + since_midnight  # noqa: DTZ001 — a local time; _localize adds the zone


def _localize(local: datetime, zone: tzinfo) -> datetime:
    """The instant of a local time in `zone`: the earlier of two. Raises `TimeParseError` where it does not exist."""
    try:
        at = local.replace(tzinfo=zone).astimezone(UTC)
        local_again = _local_time(at, zone)
    except (OverflowError, ValueError) as error:
        raise TimeParseError("time-impossible", understood=local) from error
    if local_again != local:
        raise TimeParseError("time-skipped-by-clocks", understood=local)
    return at


def _candidates(parts: _TimeParts, today: date) -> Iterator[date]:
    """The days that could be meant, the latest first; the last of them is used when none is past."""
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
        yield today - 2 * ONE_DAY  # 25:30 of the day before yesterday is 1:30 of yesterday


def _check_agreement(parts: _TimeParts, day: date, today: date) -> None:
    """Raise `TimeParseError` unless all tokens that name the day name this one."""
    for token in parts.days:
        if (
            token.day != day.day
            or (token.month is not None and token.month != day.month)
            or (token.year is not None and token.year != day.year)
        ):
            raise TimeParseError("time-contradictory", understood=(day, "/", day_argument(token)))
    if parts.last_night and day != today - ONE_DAY:
        raise TimeParseError("time-contradictory", understood=day)
    if parts.weekday and parts.weekday.weekday != day.weekday():
        raise TimeParseError("time-weekday", understood=day, weekday=f"{day.weekday()}")
    if (
        parts.weekday
        and parts.weekday.week
        and (parts.days or parts.days_back)
        and day not in set(candidate_weekdays(parts.weekday, today))
    ):
        raise TimeParseError("time-contradictory", understood=day)


def _local_time(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)
