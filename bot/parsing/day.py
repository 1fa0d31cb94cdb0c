"""A day as people type it, in commands, files and on the command line: 2026-11-22, 11/22, 11月22日, yesterday."""

from datetime import date, datetime, tzinfo

from bot.domain.calendar import LANCERS_ZONE
from bot.domain.text import format_excerpt
from bot.errors import InvalidInputError
from bot.parsing.times.errors import TimeParseError
from bot.parsing.times.resolver import MAX_LENGTH, resolve_day_tokens
from bot.parsing.times.tokenizer import TokenizeResult, normalize_time_text, tokenize_time_text
from bot.parsing.times.tokens import Day


def parse_day(text: str, *, now: datetime, zone: tzinfo = LANCERS_ZONE) -> date:
    """The day that `text` names, seen from `now` in `zone`. Raises `InvalidInputError`.

    Without a year it is the latest such day that is not in the future; with a year it can be in the future.
    """
    unreadable_error = InvalidInputError("day-unreadable", written=format_excerpt(text))
    if len(text) > MAX_LENGTH:
        raise unreadable_error
    result = tokenize_time_text(normalize_time_text(text))
    try:
        match result:
            case TokenizeResult(tokens=(Day(year=int(year), month=int(month), day=day),), remainder=""):
                return date(year, month, day)
        return resolve_day_tokens(result, now=now, zone=zone)
    except (TimeParseError, ValueError, OverflowError) as error:
        if isinstance(error, TimeParseError) and error.message_id == "time-weekday":
            raise
        if isinstance(error, TimeParseError) and error.message_id == "time-coming-day":
            raise InvalidInputError("day-year-missing", **error.arguments) from error
        raise unreadable_error from error
