"""From the tokens of a time to an instant. The question is always when something happened, so a time is in the past.

Without a year, a month or a day the latest past one is meant. A text that contradicts itself, is ambiguous, lies in the
future or has a remainder is an error that says what was consumed: no text is read as a wrong time.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Final

from bot.domain.calendar import ONE_DAY
from bot.domain.messages import ParsedTime, Precision
from bot.errors import FluentValue, MessageArgument
from bot.parsing.times import tokenizer
from bot.parsing.times.dates import candidate_dates, candidate_weekdays
from bot.parsing.times.errors import (
    TimeParseError,
    TimeUncertainError,
    day_argument,
    days_argument,
    time_argument,
    tokens_argument,
)
from bot.parsing.times.hours import resolve_hour
from bot.parsing.times.parts import TimeParts, group_tokens
from bot.parsing.times.tokenizer import TokenizeResult, normalize, tokenize

MAX_LENGTH: Final = 200


COMING_DAYS: Final = timedelta(days=7)
"""A day without a year that lies at most this far ahead is taken for a slip, not for the day of a year ago."""
LONG_AGO: Final = timedelta(weeks=8)
"""A day whose year or month was inferred is confirmed when it lies further back."""
RECENTLY: Final = timedelta(minutes=10)
"""How long ago さっき is taken to be."""
HALF_DAY: Final = 12
"""Hours."""


def parse_time(text: str, *, now: datetime, zone: tzinfo, later: bool = False, infer: bool = False) -> ParsedTime:
    """The instant that `text` names, seen from `now` in `zone`. Raises `TimeParseError`.

    `later`: of an hour that the clocks repeat, the second is meant. `infer`: a day far back may be completed without
    asking. Else a completed day that is doubtful raises `TimeUncertainError`, which has a proposal.
    """
    if len(text) > MAX_LENGTH:
        raise TimeParseError("time-too-long", most=MAX_LENGTH)
    normalized = normalize(text)
    if not normalized:
        raise TimeParseError("time-empty")
    return resolve(tokenize(normalized), now=now, zone=zone, later=later, infer=infer)


def format_time(at: datetime, zone: tzinfo) -> str:
    """An instant as local time in `zone`, in a form that `parse_time` reads back."""
    local = at.astimezone(zone)
    text = f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"
    return f"{text} {local:%z}" if local.fold else text  # the later of two equal local times


def resolve(
    result: TokenizeResult, *, now: datetime, zone: tzinfo, later: bool = False, infer: bool = False
) -> ParsedTime:
    """The instant that the tokens name, as `parse_time`. Raises `TimeParseError`."""
    parts, consumed = _read_parts(result, now, zone)
    if parts.relative_offset or parts.stamp or parts.recently:
        return _resolve_relative(parts, result.tokens, consumed, now)
    time = _time_of_day(parts)
    if time is None:
        raise TimeParseError("time-no-time", understood=consumed or "–")
    time_zone = _time_zone(parts, now, zone)
    if time.twelve_hours and parts.part is None and not parts.last_night:
        time = _only_past_half(parts, time, now=now, zone=time_zone)
    day, since_midnight = _resolve_local(parts, time, now=now, zone=time_zone)
    local = _wall_clock(day, since_midnight)
    at = _localize(local, time_zone, later=later, now=now)
    precision = Precision.ABOUT if parts.time is None and not parts.midnight else _precision(parts)
    if not infer and (proposal := _proposal(parts, day, since_midnight, at, now=now, zone=time_zone)) is not None:
        raise proposal
    if at > now:
        raise TimeParseError("time-future", understood=_local_time(at, zone))
    return ParsedTime(at.astimezone(UTC), precision)


def resolve_day(result: TokenizeResult, *, now: datetime, zone: tzinfo) -> date:
    """The day that the tokens name, the latest past one where the year is not named. Raises `TimeParseError`."""
    parts, consumed = _read_parts(result, now, zone)
    today = now.astimezone(zone).date()
    if not _names_day(parts) or parts.time or parts.part or parts.relative_offset:
        raise TimeParseError("time-unreadable", written="/".join(map(str, consumed)) if consumed else "–")
    day = None
    for day in _candidates(parts, today):
        if day <= today:
            break
    if day is None:
        raise TimeParseError("time-impossible", understood=days_argument(parts.days))
    _check_agreement(parts, day, today)
    if day > today and not (parts.days and parts.days[0].year):
        raise TimeParseError("time-future", understood=day)
    if parts.days and parts.days[0].year is None and (coming := _coming_day(parts.days[0], today)) is not None:
        raise TimeParseError("time-coming-day", understood=coming, proposed=day)
    return day


def _read_parts(result: TokenizeResult, now: datetime, zone: tzinfo) -> tuple[TimeParts, tuple[FluentValue, ...]]:
    """The tokens by kind, and what they say in figures. Raises `TimeParseError` where some are not understood."""
    consumed = tokens_argument(result.tokens, now.astimezone(zone).date())
    if result.remainder:
        if not consumed:
            raise TimeParseError("time-unreadable", written=result.remainder[:40])
        raise TimeParseError("time-rest-unreadable", understood=consumed, rest=result.remainder[:40])
    return group_tokens(result.tokens, consumed), consumed


def _time_of_day(parts: TimeParts) -> tokenizer.TimeOfDay | None:
    """The time that was named: お昼 alone is noon; midnight of a named day could be its beginning or its end."""
    if parts.midnight:
        if _names_day(parts) or parts.last_night:
            raise TimeParseError("time-ambiguous", written="midnight", one="0:00", other="24:00")
        return tokenizer.TimeOfDay(0, 0, None)
    if parts.time is None and parts.part is tokenizer.DayPart.NOON:
        return tokenizer.TimeOfDay(HALF_DAY, 0, None)
    return parts.time


def _only_past_half(parts: TimeParts, time: tokenizer.TimeOfDay, *, now: datetime, zone: tzinfo) -> tokenizer.TimeOfDay:
    """The time in the one half of the named day, or of today, that is past. Raises `TimeParseError` where both are."""
    halves = [replace(time, hour=time.hour % HALF_DAY + start, twelve_hours=False) for start in (0, HALF_DAY)]
    today = now.astimezone(zone).date()
    past = []
    for half in halves:
        day, since_midnight = _resolve_local(parts, half, now=now, zone=zone)
        if _wall_clock(day, since_midnight) <= _local_time(now, zone) and (_names_day(parts) or day == today):
            past.append(half)
    if len(past) > 1:
        one, other = (time_argument(half) for half in past)
        raise TimeParseError("time-ambiguous", written=time_argument(time), one=one, other=other)
    return past[0] if past else halves[-1]


def _names_day(parts: TimeParts) -> bool:
    return bool(parts.days or parts.days_back or parts.weekday)


def _time_zone(parts: TimeParts, now: datetime, zone: tzinfo) -> tzinfo:
    """The zone of the time. Letters such as CST mean the member's own zone, or are refused."""
    if parts.offset:
        return parts.offset.zone
    if parts.zone_name is None:
        return zone
    for month in range(1, 13):
        at = datetime(now.year, month, 1, tzinfo=UTC).astimezone(zone)
        if (at.tzname() or "").casefold() == parts.zone_name:
            return timezone(at.utcoffset() or timedelta())
    raise TimeParseError("time-zone-letters", written=parts.zone_name.upper())


def _proposal(
    parts: TimeParts, day: date, since_midnight: timedelta, at: datetime, *, now: datetime, zone: tzinfo
) -> "TimeUncertainError | None":
    """The doubt about a completed day: it lies just ahead of today, or long ago."""
    if not parts.days or parts.days[0].year is not None:
        return None
    today = now.astimezone(zone).date()
    precision = _precision(parts)
    coming = None if parts.weekday else _coming_day(parts.days[0], today)
    if coming is not None:
        latest = _wall_clock(today, since_midnight)
        if latest > _local_time(now, zone):
            latest -= ONE_DAY
        meant = ParsedTime(_localize(latest, zone, later=False, now=now).astimezone(UTC), precision)
        return TimeUncertainError(meant, "time-coming-day", understood=coming, proposed=_local_time(meant.at, zone))
    if now - at > LONG_AGO:
        meant = ParsedTime(at.astimezone(UTC), precision)
        return TimeUncertainError(meant, "time-long-ago", understood=day, proposed=_local_time(meant.at, zone))
    return None


def _coming_day(token: tokenizer.Day, today: date) -> date | None:
    """The day of this token in the next seven days, if there is one."""
    for days in range(1, COMING_DAYS.days + 1):
        day = today + days * ONE_DAY
        if day.day == token.day and token.month in {None, day.month}:
            return day
    return None


def _precision(parts: TimeParts) -> Precision:
    if parts.approximate:
        return Precision.ABOUT
    return Precision.MINUTE if parts.time is None or parts.time.second is None else Precision.SECOND


def _resolve_relative(
    parts: TimeParts, tokens: tuple[tokenizer.Token, ...], consumed: MessageArgument, now: datetime
) -> ParsedTime:
    """A Discord timestamp, さっき, or an offset back from now (3時間前); no other token can be beside it."""
    alone = tokenizer.RelativeOffset | tokenizer.DiscordTimestamp | tokenizer.Recently | tokenizer.Approximate
    others = [token for token in tokens if not isinstance(token, alone)]
    if others or sum(map(bool, (parts.relative_offset, parts.stamp, parts.recently))) > 1:
        raise TimeParseError("time-contradictory", understood=consumed)
    if parts.recently:
        return ParsedTime((now - RECENTLY).astimezone(UTC), Precision.ABOUT)
    try:
        if parts.relative_offset:
            return ParsedTime((now - parts.relative_offset.delta).astimezone(UTC), Precision.ABOUT)
        at = datetime.fromtimestamp(parts.stamp.seconds if parts.stamp else 0, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise TimeParseError("time-impossible", understood=consumed) from error
    if at > now:
        raise TimeParseError("time-future", understood=_local_time(at, UTC))
    return ParsedTime(at, Precision.ABOUT if parts.approximate else Precision.SECOND)


def _resolve_local(
    parts: TimeParts, time: tokenizer.TimeOfDay, *, now: datetime, zone: tzinfo
) -> tuple[date, timedelta]:
    """The latest possible day of a time of day, and the time since its midnight."""
    local_now = now.astimezone(zone)
    hour, next_morning = resolve_hour(
        time,
        parts.part,
        last_night=parts.last_night,
        has_date=_names_day(parts),
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
    except OverflowError as error:
        raise TimeParseError("time-impossible", understood=days_argument(parts.days)) from error
    return day, since_midnight


def _wall_clock(day: date, since_midnight: timedelta) -> datetime:
    return datetime(day.year, day.month, day.day) + since_midnight  # noqa: DTZ001 — a local time; _localize adds the zone


def _localize(local: datetime, zone: tzinfo, *, later: bool, now: datetime) -> datetime:
    """The instant of a local time in `zone`. Raises `TimeParseError` where the time does not exist.

    Of an hour that the clocks repeat it is the earlier one, or with `later` the later one if that is past.
    """
    try:
        at, repeated = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        local_again = _local_time(at, zone)
    except (OverflowError, ValueError) as error:
        raise TimeParseError("time-impossible", understood=local) from error
    if local_again != local:
        raise TimeParseError("time-skipped-by-clocks", understood=local)
    return repeated if later and at < repeated <= now else at


def _candidates(parts: TimeParts, today: date) -> Iterator[date]:
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


def _check_agreement(parts: TimeParts, day: date, today: date) -> None:
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
        raise TimeParseError("time-weekday", understood=day, weekday=day.weekday())
    if (
        parts.weekday
        and parts.weekday.week
        and (parts.days or parts.days_back)
        and day not in set(candidate_weekdays(parts.weekday, today))
    ):
        raise TimeParseError("time-contradictory", understood=day)


def _local_time(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)
