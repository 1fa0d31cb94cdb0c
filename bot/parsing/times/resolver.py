"""From the tokens of a time to an instant. The question is always when something happened, so a time is in the past.

Without a year, a month or a day the latest past one is meant. A text that contradicts itself, is ambiguous, lies in the
future or has a remainder is an error that says what was consumed: no text is read as a wrong time.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from datetime import time as clock
from typing import Final

from bot.domain.calendar import LANCERS_OPENED_AT, LANCERS_SINCE, ONE_DAY
from bot.domain.messages import ParsedTime, Precision
from bot.domain.text import format_excerpt
from bot.errors import FluentValue, MessageArgument
from bot.parsing.times.dates import candidate_days, coming_day, ensure_day_tokens_agree
from bot.parsing.times.errors import (
    TimeMissingError,
    TimeParseError,
    TimeUncertainError,
    format_day_argument,
    format_time_argument,
    format_tokens_argument,
)
from bot.parsing.times.hours import first_hour_of_part, resolve_hour
from bot.parsing.times.parts import TimeParts, group_time_tokens
from bot.parsing.times.tokenizer import TokenizeResult, normalize_time_text, tokenize_time_text
from bot.parsing.times.tokens import (
    HOURS_OF_CLOCK,
    Day,
    DayPart,
    DiscordTimestamp,
    RelativeDay,
    RelativeOffset,
    TimeMark,
    TimeOfDay,
    Token,
    Weekday,
)

MAX_LENGTH: Final = 200
"""Characters."""
SLIP_AHEAD: Final = timedelta(hours=2)
"""A time of day that lies less ahead today is asked about, since it is rather a slip or a plan than yesterday's.

One that lies further ahead is yesterday's: who writes of yesterday evening in the morning often names no day.
"""
LONG_AGO: Final = timedelta(weeks=8)
"""A day whose year or month was inferred is confirmed when it lies further back."""
_PLAN_AHEAD: Final = timedelta(hours=22)
"""A time of day that lies less ahead today may be a plan; one that lies further ahead was less than two hours ago."""
RECENTLY: Final = timedelta(minutes=10)
"""How long ago さっき is taken to be."""
_HOURS_OF_NIGHT: Final = range(1, 6)
"""Seldom meant where the same hour of the afternoon is past or near.

9:30, written in the evening, is mostly the morning's.
"""
_HOURS_OF_DAY: Final = 24
_LAST_MINUTE: Final = 59
"""The last minute of an hour, and the last second of a minute."""


def parse_time(text: str, *, now: datetime, zone: tzinfo) -> ParsedTime:
    """The instant that `text` names (昨日の14:30), seen from `now` in `zone`. Raises `TimeParseError`.

    A day that was completed and is doubted raises `TimeUncertainError`, which has a proposal.
    """
    if len(text) > MAX_LENGTH:
        raise TimeParseError("time-too-long", most=MAX_LENGTH)
    normalized = normalize_time_text(text)
    if not normalized:
        raise TimeParseError("time-empty")
    return resolve_time_tokens(tokenize_time_text(normalized), now=now, zone=zone)


def text_names_day(text: str) -> bool:
    """Whether a text says on which day it was, or how long ago: 昨日の8時, 10分前, but not 8時."""
    return any(
        isinstance(token, Day | RelativeDay | Weekday | RelativeOffset | DiscordTimestamp)
        or token in {TimeMark.LAST_NIGHT, TimeMark.RECENTLY}
        for token in tokenize_time_text(normalize_time_text(text)).tokens
    )


def text_passes_midnight(text: str) -> bool:
    """Whether a text has an hour of the day after the one that it counts from: 25:30."""
    tokens = tokenize_time_text(normalize_time_text(text)).tokens
    return any(isinstance(token, TimeOfDay) and token.hour >= _HOURS_OF_DAY for token in tokens)


def text_leaves_half_of_day_open(text: str) -> bool:
    """Whether the hour of a text may be of either half of the day: 9時, but not 朝9時, 09:00 or 21時."""
    tokens = tokenize_time_text(normalize_time_text(text)).tokens
    times = [token for token in tokens if isinstance(token, TimeOfDay)]
    is_open = all(time.hour in range(1, HOURS_OF_CLOCK) and time.twelve_hours is not False for time in times)
    return is_open and not any(isinstance(token, DayPart) for token in tokens)


def format_parsable_time(at: datetime, zone: tzinfo) -> str:
    """An instant as local time in `zone`, in a form that `parse_time` reads back."""
    local = at.astimezone(zone)
    text = f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"
    is_repeated = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{text} {local:%z}" if is_repeated else text


def resolve_time_tokens(
    result: TokenizeResult,
    *,
    now: datetime,
    zone: tzinfo,
    infer: bool = False,
    may_be_plan: bool = False,
) -> ParsedTime:
    """The instant that the tokens name, as `parse_time`. Raises `TimeParseError`.

    `infer`: a day far back may be completed without asking. `may_be_plan`: what the time is said of may be still to
    come, so that a time of day or a weekday that is ahead is doubted.
    """
    parts, consumed = _read_time_parts(result, now, zone)
    if parts.relative_offset or parts.stamp or TimeMark.RECENTLY in parts.marks:
        return _resolve_relative(parts, result.tokens, consumed, now)
    time = _time_of_day(parts)
    if time is None:
        day = _resolve_past_day(parts, now.astimezone(zone).date())
        midnight = datetime.combine(day, clock(), zone).astimezone(UTC)
        part = DayPart.NIGHT if TimeMark.LAST_NIGHT in parts.marks else parts.part
        understood = consumed or (day if parts.names_day else "–")
        raise TimeMissingError(midnight, first_hour_of_part(part), understood=understood)
    time_zone = _zone_of_time_tokens(parts, now, zone)
    if time.twelve_hours and parts.part is None and TimeMark.LAST_NIGHT not in parts.marks:
        time = _only_past_half_of_day(parts, time, now=now, zone=time_zone)
    day, since_midnight = _resolve_local(parts, time, now=now, zone=time_zone)
    precision = (
        Precision.ABOUT if parts.time is None and TimeMark.MIDNIGHT not in parts.marks else _precision_of_parts(parts)
    )
    read = resolve_local_time(_wall_clock_on_day(day, since_midnight), precision, now=now, zone=time_zone)
    if not infer:
        doubt = _doubt_about_day(parts, day, since_midnight, read, now=now, zone=time_zone, may_be_plan=may_be_plan)
        if doubt is not None:
            raise doubt
    _ensure_possible(read.at, now, zone)
    return read


def resolve_day_tokens(result: TokenizeResult, *, now: datetime, zone: tzinfo) -> date:
    """The day that the tokens name, the latest past one where the year is not named: on 3 May, 11/22 is last year's.

    Raises `TimeParseError`.
    """
    parts, consumed = _read_time_parts(result, now, zone)
    today = now.astimezone(zone).date()
    if not parts.names_day or parts.time or parts.part or parts.relative_offset or parts.marks:
        raise TimeParseError("time-unreadable", written="/".join(map(str, consumed)) if consumed else "–")
    return _resolve_named_day(parts, today)


def _resolve_past_day(parts: TimeParts, today: date) -> date:
    """The day that is named, or today. Raises `TimeParseError` for one that is ahead, whatever the time: 明日."""
    if not parts.names_day:
        return today - ONE_DAY if TimeMark.LAST_NIGHT in parts.marks else today
    day = _resolve_named_day(parts, today)
    if day > today:
        raise TimeParseError("time-future", understood=day)
    if day < LANCERS_SINCE:
        raise TimeParseError("time-before-lancers", understood=day)
    return day


def _resolve_named_day(parts: TimeParts, today: date) -> date:
    """The day that the tokens name, which is past. Raises `TimeParseError`."""
    for day in candidate_days(parts, today):
        if day <= today:
            break
    ensure_day_tokens_agree(parts, day, today)
    if day > today and not (parts.days and parts.days[0].year):
        raise TimeParseError("time-future", understood=day)
    if parts.days and parts.days[0].year is None and (coming := coming_day(parts.days[0], today)) is not None:
        raise TimeParseError("time-coming-day", understood=coming, proposed=day)
    return day


def _read_time_parts(result: TokenizeResult, now: datetime, zone: tzinfo) -> tuple[TimeParts, tuple[FluentValue, ...]]:
    """The tokens by kind, and what they say in figures. Raises `TimeParseError` where some are not understood."""
    consumed = format_tokens_argument(result.tokens, now.astimezone(zone).date())
    if result.remainder:
        if not consumed:
            raise TimeParseError("time-unreadable", written=format_excerpt(result.remainder))
        raise TimeParseError("time-rest-unreadable", understood=consumed, rest=format_excerpt(result.remainder))
    return group_time_tokens(result.tokens, consumed), consumed


def _time_of_day(parts: TimeParts) -> TimeOfDay | None:
    """The time that was named: お昼 alone is noon; midnight of a named day could be its beginning or its end."""
    if TimeMark.MIDNIGHT in parts.marks:
        if parts.time and (parts.time.hour % HOURS_OF_CLOCK or parts.time.minute or parts.time.second):
            raise TimeParseError("time-contradictory", understood=format_time_argument(parts.time))
        if parts.names_day or TimeMark.LAST_NIGHT in parts.marks:
            raise TimeParseError("time-ambiguous", written="midnight", one="0:00", other="24:00")
        return TimeOfDay(0, 0, None)
    if parts.time is None and parts.part is DayPart.NOON:
        return TimeOfDay(HOURS_OF_CLOCK, 0, None)
    return parts.time


def _only_past_half_of_day(parts: TimeParts, time: TimeOfDay, *, now: datetime, zone: tzinfo) -> TimeOfDay:
    """The time in the one half of the named day, or of today, that is past. Raises `TimeParseError` where both are."""
    halves = [
        replace(time, hour=time.hour % HOURS_OF_CLOCK + start, twelve_hours=False) for start in (0, HOURS_OF_CLOCK)
    ]
    today = now.astimezone(zone).date()
    past = []
    for half in halves:
        day, since_midnight = _resolve_local(parts, half, now=now, zone=zone)
        if _wall_clock_on_day(day, since_midnight) <= _local_time(now, zone) and (parts.names_day or day == today):
            past.append(half)
    if len(past) > 1:
        one, other = (format_time_argument(half) for half in past)
        raise TimeParseError("time-ambiguous", written=format_time_argument(time), one=one, other=other)
    return past[0] if past else halves[-1]


def _doubt_about_day(
    parts: TimeParts,
    day: date,
    since_midnight: timedelta,
    read: ParsedTime,
    *,
    now: datetime,
    zone: tzinfo,
    may_be_plan: bool,
) -> TimeUncertainError | None:
    """The doubt about a completed day: it lies just ahead, or is today with a time in doubt, or lies long ago."""

    def doubt(message_id: str, doubted: date, proposal: ParsedTime = read) -> TimeUncertainError:
        return TimeUncertainError(proposal, message_id, understood=doubted, proposed=_local_time(proposal.at, zone))

    today, local_now = now.astimezone(zone).date(), _local_time(now, zone)
    if not parts.names_day and TimeMark.LAST_NIGHT not in parts.marks:
        of_today = _wall_clock_on_day(today, since_midnight % ONE_DAY)  # 24:10 is 0:10
        afternoon = _afternoon_instead_of_night(parts, today)
        if afternoon is not None and afternoon <= local_now:
            return _doubt_about_half_of_day(of_today, afternoon, read)
        span = _PLAN_AHEAD if may_be_plan else SLIP_AHEAD
        ahead = next((time for time in (of_today, afternoon) if time and timedelta() < time - local_now < span), None)
        return doubt("time-coming-hour", ahead) if ahead is not None else None
    if parts.weekday and parts.weekday.week is None and not (parts.days or parts.days_back):
        is_latest_ahead = day <= today - 7 * ONE_DAY  # a week further back: 月曜25:30, said on Tuesday at 0:30
        return doubt("time-coming-day", day + 7 * ONE_DAY) if is_latest_ahead or may_be_plan else None
    if not parts.days or parts.days[0].year is not None:
        return None
    latest = _wall_clock_on_day(today, since_midnight)
    is_ahead = latest > local_now
    coming = None if parts.weekday else coming_day(parts.days[0], today, with_today=is_ahead)
    if coming is not None:
        latest_past = latest - ONE_DAY if is_ahead else latest
        past = resolve_local_time(latest_past, read.precision, now=now, zone=zone)
        return doubt("time-coming-hour", latest, past) if coming == today else doubt("time-coming-day", coming, past)
    return doubt("time-long-ago", day) if now - read.at > LONG_AGO else None


def _doubt_about_half_of_day(night: datetime, afternoon: datetime, proposal: ParsedTime) -> TimeUncertainError:
    """The doubt about a time of the night, where that of the afternoon is past, too."""
    one, other = f"{night.hour}:{night.minute:02}", f"{afternoon:%H:%M}"
    return TimeUncertainError(proposal, "time-ambiguous", written=one, one=one, other=other)


def _afternoon_instead_of_night(parts: TimeParts, today: date) -> datetime | None:
    """The afternoon's time that a time of the night may be meant for: 3時, written at 14:00 or at 16:00, is 15:00."""
    time = parts.time
    if time is None or time.second is not None or time.twelve_hours is False or parts.part is not None:
        return None
    if time.hour not in _HOURS_OF_NIGHT:
        return None
    return _wall_clock_on_day(today, timedelta(hours=time.hour + HOURS_OF_CLOCK, minutes=time.minute))


def _precision_of_parts(parts: TimeParts) -> Precision:
    if TimeMark.APPROXIMATE in parts.marks:
        return Precision.ABOUT
    return Precision.MINUTE if parts.time is None or parts.time.second is None else Precision.SECOND


def _resolve_relative(
    parts: TimeParts, tokens: tuple[Token, ...], consumed: MessageArgument, now: datetime
) -> ParsedTime:
    """A Discord timestamp, さっき, or an offset back from now (3時間前); no other token can be beside it."""
    if len(set(tokens) - {TimeMark.APPROXIMATE}) > 1:
        raise TimeParseError("time-contradictory", understood=consumed)
    if TimeMark.RECENTLY in parts.marks:
        return ParsedTime(now.astimezone(UTC) - RECENTLY, Precision.ABOUT)
    try:
        if parts.relative_offset:
            at = now.astimezone(UTC) - parts.relative_offset.delta
            return ParsedTime(_ensure_possible(at, now, UTC), Precision.ABOUT)
        at = datetime.fromtimestamp(parts.stamp.seconds if parts.stamp else 0, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise TimeParseError("time-impossible", understood=consumed) from error
    precision = Precision.ABOUT if TimeMark.APPROXIMATE in parts.marks else Precision.SECOND
    return ParsedTime(_ensure_possible(at, now, UTC), precision)


def _ensure_possible(at: datetime, now: datetime, zone: tzinfo) -> datetime:
    """The instant, if something on Lancers can have been at it. Raises `TimeParseError`, which shows it in `zone`."""
    if at > now:
        raise TimeParseError("time-future", understood=_local_time(at, zone))
    if at < LANCERS_OPENED_AT:
        raise TimeParseError("time-before-lancers", understood=_local_time(at, zone))
    return at


def _resolve_local(parts: TimeParts, time: TimeOfDay, *, now: datetime, zone: tzinfo) -> tuple[date, timedelta]:
    """The latest possible day of a time of day, and the time since its midnight."""
    local_now = now.astimezone(zone)
    last_night = TimeMark.LAST_NIGHT in parts.marks
    hour, next_morning = resolve_hour(time, parts.part, last_night=last_night, has_date=parts.names_day, now=local_now)
    if max(time.minute, time.second or 0) > _LAST_MINUTE:
        raise TimeParseError("time-impossible", understood=format_time_argument(time))
    since_midnight = timedelta(hours=hour, minutes=time.minute, seconds=time.second or 0, microseconds=time.microsecond)
    try:
        for candidate in candidate_days(parts, local_now.date()):
            day = candidate + ONE_DAY if next_morning else candidate
            if _wall_clock_on_day(day, since_midnight) <= local_now.replace(tzinfo=None):
                break
            if parts.days and parts.weekday and day.weekday() == parts.weekday.weekday:
                raise TimeParseError("time-future", understood=_wall_clock_on_day(day, since_midnight))
        ensure_day_tokens_agree(parts, day - ONE_DAY if next_morning else day, local_now.date())
    except OverflowError as error:
        raise TimeParseError("time-impossible", understood=tuple(map(format_day_argument, parts.days))) from error
    return day, since_midnight


def _local_time(at: datetime, zone: tzinfo) -> datetime:
    """What a clock in `zone` shows at an instant, without the zone."""
    return at.astimezone(zone).replace(tzinfo=None)


def _wall_clock_on_day(day: date, since_midnight: timedelta) -> datetime:
    """The local time on a day, without a zone; 25 hours since its midnight are 1:00 of the next day."""
    return datetime.combine(day, clock()) + since_midnight


def resolve_local_time(local: datetime, precision: Precision, *, now: datetime, zone: tzinfo) -> ParsedTime:
    """The instant of a local time in `zone`, the earlier one of an hour that the clocks repeat.

    Raises `TimeParseError` where the time does not exist.
    """
    try:
        at, repeated = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        local_again = _local_time(at, zone)
    except (OverflowError, ValueError) as error:
        raise TimeParseError("time-impossible", understood=local) from error
    if local_again != local:
        raise TimeParseError("time-skipped-by-clocks", understood=local)
    return ParsedTime(at, precision, repeated if at < repeated <= now else None)


def _zone_of_time_tokens(parts: TimeParts, now: datetime, zone: tzinfo) -> tzinfo:
    """The zone of the time. Letters such as CST mean the member's own zone, or are refused."""
    if parts.offset:
        return parts.offset.zone
    if parts.zone_name is None:
        return zone
    for month in range(1, 13):
        at = datetime(now.year, month, 1, tzinfo=UTC).astimezone(zone)
        if (at.tzname() or "").casefold() == parts.zone_name.name:
            return timezone(at.utcoffset() or timedelta())
    raise TimeParseError("time-zone-letters", written=parts.zone_name.name.upper())
