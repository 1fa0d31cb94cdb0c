"""A day as a member writes it: 2026-11-22, 11/22, yesterday."""

from datetime import date, datetime

from bot.domain.reply.reply_rate import LANCERS_ZONE
from bot.errors import InvalidInputError
from bot.intake.jobs import read_date
from bot.intake.when import read_when
from bot.intake.when_told import TimeError


def read_day(written: str, *, now: datetime) -> date:
    """A past day, or today, in Tokyo: that is how Lancers counts. Raises `InputError`."""
    try:
        return read_date(written)
    except InvalidInputError:
        pass
    try:
        return read_when(f"{written} 0:00", now=now, zone=LANCERS_ZONE).at.astimezone(LANCERS_ZONE).date()
    except TimeError as fault:
        raise InvalidInputError("day-unread", written=written[:40]) from fault
