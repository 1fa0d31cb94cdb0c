"""Times that are still to come, as people write them: when does the member leave, and when are they back?

The words are those of `when`; only the direction differs: the nearest instant from now on is meant.
"""

import re
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from bot.domain.calendar import ONE_DAY
from bot.parsing.times.errors import TimeParseError
from bot.parsing.times.resolver import parse_time
from bot.parsing.times.tokenizer import LastNight, RelativeDay, RelativeOffset, normalize, tokenize

MAX_AHEAD: Final = 366
"""Days that are looked ahead."""

_FUTURE_DAY_WORDS: Final = ((re.compile(r"明後日|あさって"), 2), (re.compile(r"明日|あした|あす|tomorrow"), 1))


def parse_future_time(text: str, *, now: datetime, zone: tzinfo, end_of_day: bool = False) -> datetime:
    """The instant that `text` names, from `now` on; a day alone is its start, or with `ends` its end.

    Raises `TimeError`.
    """
    try:
        return _next_occurrence(text, now, zone, now)
    except TimeParseError as fault:
        if fault.message_id != "when-no-time":
            raise
    start = datetime.combine(now.astimezone(zone).date(), time(), zone)
    return _next_occurrence(f"{text} 0:00", now, zone, start) + (ONE_DAY if end_of_day else timedelta())


def _next_occurrence(text: str, now: datetime, zone: tzinfo, earliest: datetime) -> datetime:
    written, ahead = normalize(text), 0
    for words, days in _FUTURE_DAY_WORDS:
        if words.search(written):
            written, ahead = words.sub("今日", written), days
            break
    if any(
        isinstance(mark, RelativeOffset | LastNight) or (isinstance(mark, RelativeDay) and mark.days)
        for mark in tokenize(written).tokens
    ):
        raise TimeParseError("coming-past", written=text[:40])
    today = now.astimezone(zone).date()
    for day in range(ahead, MAX_AHEAD + 1):
        try:
            at = parse_time(written, now=_end_of_day(today + day * ONE_DAY, zone), zone=zone).at
        except TimeParseError as fault:
            if fault.message_id != "when-future":
                raise
            continue
        if at >= earliest or ahead:
            return max(at, earliest)
    raise TimeParseError("coming-past", written=text[:40])


def _end_of_day(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(23, 59, 59), zone)
