"""The error for a time that cannot be read, and the arguments of its texts."""

from contextlib import suppress
from datetime import date, datetime

from bot.domain.calendar import ONE_DAY
from bot.domain.messages import ParsedTime
from bot.errors import FluentValue, InvalidInputError, MessageArgument
from bot.parsing.times.tokens import Day, DayPart, RelativeDay, RelativeOffset, TimeMark, TimeOfDay, Token


class TimeParseError(InvalidInputError):
    """A time that cannot be read; the text says what was understood."""


class TimeUncertainError(TimeParseError):
    """A time that was completed by a guess: where the member can be asked, `proposal` is offered."""

    def __init__(self, proposal: ParsedTime, message_id: str, /, **arguments: MessageArgument) -> None:
        super().__init__(message_id, **arguments)
        self.proposal = proposal


class TimeMissingError(TimeParseError):
    """A day without a time; `day` is its beginning, and `from_hour` that of the part of it: 17 of 昨日の夜."""

    def __init__(self, day: datetime, from_hour: int, **arguments: MessageArgument) -> None:
        super().__init__("time-no-time", **arguments)
        self.day = day
        self.from_hour = from_hour


def format_day_argument(day: Day) -> FluentValue:
    """A day; one without a year, or one that does not exist, in figures that both languages use."""
    if day.year is not None:
        with suppress(ValueError):
            return date(day.year, day.month or 0, day.day)
    return "/".join(f"{part}" for part in (day.year, day.month, day.day) if part is not None)


def format_time_argument(time: TimeOfDay, part: DayPart | None = None) -> str:
    """A time and its part of the day, in figures that both languages use."""
    return f"{part.value if part else ''}{time.hour}:{time.minute:02}"


def format_tokens_argument(tokens: tuple[Token, ...], today: date) -> tuple[FluentValue, ...]:
    """The tokens that were understood: days as days, the others in figures that both languages use."""
    arguments: list[FluentValue] = []
    for token in tokens:
        match token:
            case Day():
                arguments.append(format_day_argument(token))
            case TimeOfDay():
                arguments.append(format_time_argument(token))
            case DayPart():
                arguments.append(token.value)
            case RelativeDay():
                arguments.append(today - token.days * ONE_DAY)
            case TimeMark.LAST_NIGHT:
                arguments.append(today - ONE_DAY)
            case RelativeOffset():
                arguments.append(f"-{token.delta}")
    return tuple(arguments)
