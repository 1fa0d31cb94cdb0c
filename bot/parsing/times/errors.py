"""What a person is told about a time that cannot be read."""

from contextlib import suppress
from datetime import date, timedelta

from bot.errors import FluentValue, InvalidInputError, MessageArgument
from bot.parsing.times.tokenizer import Day, DayPart, LastNight, RelativeDay, RelativeOffset, TimeOfDay, Token


class TimeParseError(InvalidInputError):
    """A time that cannot be read; the sentence says what was understood."""


def day_argument(day: Day) -> FluentValue:
    """A day; one without a year, or that is none, as both languages write it to the bot."""
    if day.year is not None:
        with suppress(ValueError):
            return date(day.year, day.month or 0, day.day)
    return "/".join(f"{each}" for each in (day.year, day.month, day.day) if each is not None)


def time_argument(time: TimeOfDay, part: DayPart | None = None) -> str:
    """A time and its part of the day, in figures that both languages read."""
    return f"{part.value if part else ''}{time.hour}:{time.minute:02}"


def days_argument(days: tuple[Day, ...]) -> MessageArgument:
    """Several days."""
    return tuple(day_argument(each) for each in days)


def tokens_argument(tokens: tuple[Token, ...], today: date) -> tuple[FluentValue, ...]:
    """What was understood: days as days, the rest in figures that both languages read."""
    shown: list[FluentValue] = []
    for mark in tokens:
        match mark:
            case Day():
                shown.append(day_argument(mark))
            case TimeOfDay():
                shown.append(time_argument(mark))
            case DayPart():
                shown.append(mark.value)
            case RelativeDay():
                shown.append(today - mark.days * timedelta(days=1))
            case LastNight():
                shown.append(today - timedelta(days=1))
            case RelativeOffset():
                shown.append(f"-{mark.delta}")
            case _:
                pass
    return tuple(shown)
