"""A short line: a client's name and a time, `制作会社A様 昨日 14:30`."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Final

from bot.domain.names import clean_name
from bot.intake.when import LONGEST, Moment, understand
from bot.intake.when_told import TimeError
from bot.intake.when_words import cut, fold

LONGEST_LINE: Final = 300
_FIGURES: Final = re.compile(r"[\d/:.\-年月日時分秒]*\d[/:.\-年月日時分秒][\d/:.\-年月日時分秒]*")


def split_when(line: str, *, now: datetime, zone: tzinfo) -> tuple[str, Moment]:
    """The client's name as written, and when. Raises `TimeError`.

    The time is the longest end (or else beginning) of the line that is all time. One that is all time but cannot be
    (a future day, a wrong weekday) is an error: the rest of it must not pass for the name.
    """
    line = line.strip()
    if not line or len(line) > LONGEST_LINE or "\n" in line:
        raise TimeError("when-line")
    found = _first_readable(((line[:at], line[at:]) for at in _cuts(line)), now, zone) or _first_readable(
        ((line[at:], line[:at]) for at in reversed(list(_cuts(line)))), now, zone
    )
    if found is None:
        raise TimeError("when-line")
    name, moment = found
    words = name.split()
    if any(_FIGURES.fullmatch(fold(word)) for word in (words[0], words[-1])) or _is_time(words[0]):
        raise TimeError("when-line")
    return name, moment


def _first_readable(splits: Iterable[tuple[str, str]], now: datetime, zone: tzinfo) -> tuple[str, Moment] | None:
    for name, written in splits:
        shown = name.strip(" \t\u3000,、，:：")
        if len(written) > LONGEST or not clean_name(shown):
            continue
        marks = cut(fold(written))
        if marks.marks and not marks.rest:
            return shown, understand(marks, now=now, zone=zone)
    return None


def _is_time(word: str) -> bool:
    marks = cut(fold(word))
    return bool(marks.marks) and not marks.rest


def _cuts(line: str) -> Iterator[int]:
    """Where name and time may part: never inside a word of Latin letters, a number or a date."""
    for at in range(1, len(line)):
        before, after = line[at - 1], line[at]
        if _glued(before) and _glued(after):
            continue
        if before in "/:.-：／．" and after.isdigit():
            continue
        yield at


def _glued(character: str) -> bool:
    return character.isdigit() or (character.isascii() and character.isalpha())
