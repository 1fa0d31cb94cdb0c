"""What a person is told about a time that cannot be read."""

from contextlib import suppress
from datetime import date, timedelta

from bot.errors import FluentValue, InvalidInputError, MessageArgument
from bot.intake.when_words import Ago, Day, DaysBack, LastNight, Mark, Part, TimeOfDay


class TimeError(InvalidInputError):
    """A time that cannot be read; the sentence says what was understood."""


def shown_day(day: Day) -> FluentValue:
    """A day; one without a year, or that is none, as both languages write it to the bot."""
    if day.year is not None:
        with suppress(ValueError):
            return date(day.year, day.month or 0, day.day)
    return "/".join(f"{each}" for each in (day.year, day.month, day.day) if each is not None)


def written_time(time: TimeOfDay, part: Part | None = None) -> str:
    """A time and its part of the day, in figures that both languages read."""
    return f"{part.value if part else ''}{time.hour}:{time.minute:02}"


def shown_days(days: tuple[Day, ...]) -> MessageArgument:
    """Several days."""
    return tuple(shown_day(each) for each in days)


def shown_marks(marks: tuple[Mark, ...], today: date) -> tuple[FluentValue, ...]:
    """What was understood: days as days, the rest in figures that both languages read."""
    shown: list[FluentValue] = []
    for mark in marks:
        match mark:
            case Day():
                shown.append(shown_day(mark))
            case TimeOfDay():
                shown.append(written_time(mark))
            case Part():
                shown.append(mark.value)
            case DaysBack():
                shown.append(today - mark.days * timedelta(days=1))
            case LastNight():
                shown.append(today - timedelta(days=1))
            case Ago():
                shown.append(f"-{mark.span}")
            case _:
                pass
    return tuple(shown)
