"""Times that are still to come, as people write them: when does the member leave, and when are they back?

The words are those of `when`; only the direction differs: the nearest instant from now on is meant.
"""

import re
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from bot.intake.when import read_when
from bot.intake.when_days import DAY
from bot.intake.when_told import TimeError
from bot.intake.when_words import Ago, DaysBack, LastNight, cut, fold

HORIZON: Final = 366
"""Days that are looked ahead."""

_LATER_DAYS: Final = ((re.compile(r"明後日|あさって"), 2), (re.compile(r"明日|あした|あす|tomorrow"), 1))


def read_coming(text: str, *, now: datetime, zone: tzinfo, ends: bool = False) -> datetime:
    """The instant that `text` names, from `now` on; a day alone is its start, or with `ends` its end.

    Raises `TimeError`.
    """
    try:
        return _nearest(text, now, zone, now)
    except TimeError as fault:
        if fault.message_id != "when-no-time":
            raise
    start = datetime.combine(now.astimezone(zone).date(), time(), zone)
    return _nearest(f"{text} 0:00", now, zone, start) + (DAY if ends else timedelta())


def _nearest(text: str, now: datetime, zone: tzinfo, earliest: datetime) -> datetime:
    written, ahead = fold(text), 0
    for words, days in _LATER_DAYS:
        if words.search(written):
            written, ahead = words.sub("今日", written), days
            break
    if any(
        isinstance(mark, Ago | LastNight) or (isinstance(mark, DaysBack) and mark.days) for mark in cut(written).marks
    ):
        raise TimeError("coming-past", written=text[:40])
    today = now.astimezone(zone).date()
    for day in range(ahead, HORIZON + 1):
        try:
            at = read_when(written, now=_end(today + day * DAY, zone), zone=zone).at
        except TimeError as fault:
            if fault.message_id != "when-future":
                raise
            continue
        if at >= earliest or ahead:
            return max(at, earliest)
    raise TimeError("coming-past", written=text[:40])


def _end(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(23, 59, 59), zone)
