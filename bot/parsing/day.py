"""A day as a member writes it: 2026-11-22, 11/22, yesterday."""

from datetime import date, datetime

from bot.domain.calendar import LANCERS_ZONE
from bot.errors import InvalidInputError
from bot.parsing.jobs_csv import parse_date
from bot.parsing.times.errors import TimeParseError
from bot.parsing.times.resolver import parse_time


def parse_recent_day(text: str, *, now: datetime) -> date:
    """A past day, or today, in Tokyo: that is how Lancers counts. Raises `InputError`."""
    try:
        return parse_date(text)
    except InvalidInputError:
        pass
    try:
        return parse_time(f"{text} 0:00", now=now, zone=LANCERS_ZONE).at.astimezone(LANCERS_ZONE).date()
    except TimeParseError as fault:
        raise InvalidInputError("day-unread", written=text[:40]) from fault
