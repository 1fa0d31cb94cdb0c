"""Times in the future as people write them: the start and the end of an absence.

The words are those that `parse_time` reads; here the nearest instant from now on is meant.
"""

import re
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from bot.domain.calendar import ONE_DAY
from bot.parsing.times.errors import TimeParseError
from bot.parsing.times.resolver import parse_time
from bot.parsing.times.tokenizer import LastNight, RelativeDay, RelativeOffset, normalize, tokenize

MAX_DAYS_AHEAD: Final = 366

_FUTURE_DAY_WORDS: Final = ((re.compile(r"明後日|あさって"), 2), (re.compile(r"明日|あした|あす|tomorrow"), 1))


def parse_future_time(text: str, *, now: datetime, zone: tzinfo, end_of_day: bool = False) -> datetime:
    """The instant that `text` names, from `now` on; a day alone is its start, or with `end_of_day` its end.

    Raises `TimeParseError`.
    """
    try:
        return _next_occurrence(text, now, zone, now)
    except TimeParseError as error:
        if error.message_id != "time-no-time":
            raise
    start = datetime.combine(now.astimezone(zone).date(), time(), zone)
    return _next_occurrence(f"{text} 0:00", now, zone, start) + (ONE_DAY if end_of_day else timedelta())


def _next_occurrence(text: str, now: datetime, zone: tzinfo, earliest: datetime) -> datetime:
    normalized, days_ahead = normalize(text), 0
    for words, days in _FUTURE_DAY_WORDS:
        if words.search(normalized):
            normalized, days_ahead = words.sub("今日", normalized), days
            break
    if any(
        isinstance(token, RelativeOffset | LastNight) or (isinstance(token, RelativeDay) and token.days)
        for token in tokenize(normalized).tokens
    ):
        raise TimeParseError("time-not-in-future", written=text[:40])
    today = now.astimezone(zone).date()
    for days in range(days_ahead, MAX_DAYS_AHEAD + 1):
        try:
            at = parse_time(normalized, now=_end_of_day(today + days * ONE_DAY, zone), zone=zone, infer=True).at
        except TimeParseError as error:
            if error.message_id != "time-future":
                raise
            continue
        if at >= earliest or days_ahead:
            return max(at, earliest)
    raise TimeParseError("time-not-in-future", written=text[:40])


def _end_of_day(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(23, 59, 59), zone)
