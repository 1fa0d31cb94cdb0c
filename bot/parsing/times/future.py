"""Times in the future as people write them: the start and the end of an absence.

The words are those that `parse_time` reads, and 3日後 or "in 3 days"; the nearest instant from now on is meant.
"""

import re
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from bot.domain.calendar import ONE_DAY
from bot.domain.text import format_excerpt
from bot.parsing.times.errors import TimeParseError
from bot.parsing.times.resolver import MAX_LENGTH, resolve_time_tokens
from bot.parsing.times.tokenizer import TokenizeResult, normalize_time_text, tokenize_time_text
from bot.parsing.times.tokens import Day, RelativeDay, RelativeOffset, TimeMark, Token, Weekday

MAX_DAYS_AHEAD: Final = 366

_AHEAD: Final = re.compile(r"(\d{1,3})(日|週間|時間|分)後|in (\d{1,3}) (day|week|hour|minute)s?(?![a-z])")
_DAYS: Final = {"日": ONE_DAY, "day": ONE_DAY, "週間": 7 * ONE_DAY, "week": 7 * ONE_DAY}
_HOURS: Final = {
    "時間": timedelta(hours=1), "hour": timedelta(hours=1), "分": timedelta(minutes=1), "minute": timedelta(minutes=1),
}  # fmt: skip
_SAID_OF_NO_PAST_TIME: Final = {"time-skipped-by-clocks", "time-zone-letters", "time-ambiguous", "time-weekday"}
"""Errors whose sentences fit a time in the future, too; the others have examples of the past."""
_EDGE_WORDS: Final = re.compile(r"^(?:from|until|till) |(?:から|まで)$")
"""Words beside the start or the end of an absence: 11/30まで."""
_SUNDAY: Final = 6
_PAST_MARKS: Final = frozenset({TimeMark.LAST_NIGHT, TimeMark.RECENTLY})


def parse_future_time(text: str, *, now: datetime, zone: tzinfo, end_of_day: bool = False) -> datetime:
    """The instant that `text` names, from `now` on; a day alone is its start, or with `end_of_day` its end.

    A day begins at its first instant: in some zones a day has no midnight. Raises `TimeParseError`.
    """
    if len(text) > MAX_LENGTH:
        raise TimeParseError("time-too-long", most=MAX_LENGTH)
    not_ahead = TimeParseError("time-not-in-future", written=format_excerpt(text))
    normalized, today = _EDGE_WORDS.sub("", normalize_time_text(text)), now.astimezone(zone).date()
    if (ahead := _AHEAD.match(normalized)) is not None:
        number, unit = int(ahead[1] or ahead[3]), ahead[2] or ahead[4]
        rest = tokenize_time_text(normalized[ahead.end() :].strip())
        if unit in _DAYS:
            return _resolve_on_day(today + number * _DAYS[unit], rest, text, zone=zone, end_of_day=end_of_day)
        if not rest.tokens and not rest.remainder:
            return now + number * _HOURS[unit]
    result = tokenize_time_text(normalized)
    if not result.tokens:
        raise not_ahead
    if result == TokenizeResult((RelativeOffset(timedelta()),), ""):
        return now
    others = TokenizeResult(
        tuple(token for token in result.tokens if not isinstance(token, Day | Weekday | RelativeDay)), result.remainder
    )
    for days in range(MAX_DAYS_AHEAD + 1):
        day = today + days * ONE_DAY
        if not _tokens_name_day(result, day, today):
            continue
        at = _resolve_on_day(day, others, text, zone=zone, end_of_day=end_of_day)
        if at >= now or not others.tokens:
            return at
    raise not_ahead


def _tokens_name_day(result: TokenizeResult, day: date, today: date) -> bool:
    """Whether the tokens that name a day name this one. Raises `TimeParseError` for a wrong weekday of a date."""
    dates = [token for token in result.tokens if isinstance(token, Day)]
    weekdays = [token for token in result.tokens if isinstance(token, Weekday)]
    back = [token for token in result.tokens if isinstance(token, RelativeDay)]
    if not all(token.fits(day) for token in dates) or any(today - token.days * ONE_DAY != day for token in back):
        return False
    if not all(_can_lie_in_named_week(token, day, today) for token in weekdays):
        return False
    wrong = [token for token in weekdays if token.weekday != day.weekday()]
    if wrong and dates:
        raise TimeParseError("time-weekday", understood=day, weekday=day.weekday())
    return not wrong


def _can_lie_in_named_week(token: Weekday, day: date, today: date) -> bool:
    """Whether a day ahead can lie in the week that is named with a weekday; a week begins on Monday or Sunday."""
    days_left = _SUNDAY - today.weekday() or _SUNDAY
    return token.week is None or (token.week == "this" and day <= today + days_left * ONE_DAY)


def _resolve_on_day(day: date, rest: TokenizeResult, text: str, *, zone: tzinfo, end_of_day: bool) -> datetime:
    """The instant that the other tokens name on a day; its start or its end where there are none."""
    if any(isinstance(token, RelativeOffset) or token in _PAST_MARKS for token in rest.tokens):
        raise TimeParseError("time-not-in-future", written=format_excerpt(text))
    if not rest.tokens and not rest.remainder:
        return datetime.combine(day + ONE_DAY if end_of_day else day, time(), zone)
    named: tuple[Token, ...] = (Day(day.year, day.month, day.day), *rest.tokens)
    reference = datetime.combine(day, time(), zone) + 2 * ONE_DAY
    try:
        return resolve_time_tokens(TokenizeResult(named, rest.remainder), now=reference, zone=zone, infer=True).at
    except TimeParseError as error:
        if error.message_id in _SAID_OF_NO_PAST_TIME:
            raise
        raise TimeParseError("time-not-in-future", written=format_excerpt(text)) from error
