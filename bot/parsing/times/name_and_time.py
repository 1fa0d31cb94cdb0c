"""A short line: a client's name and a time, `制作会社A様 昨日 14:30`."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Final

from bot.domain.messages import ParsedTime
from bot.domain.names import clean_name
from bot.parsing.times.errors import TimeParseError
from bot.parsing.times.resolver import MAX_LENGTH, resolve
from bot.parsing.times.tokenizer import normalize, tokenize

MAX_LINE: Final = 300
_TIMELIKE_RE: Final = re.compile(r"[\d/:.\-年月日時分秒]*\d[/:.\-年月日時分秒][\d/:.\-年月日時分秒]*")


def split_name_and_time(line: str, *, now: datetime, zone: tzinfo) -> tuple[str, ParsedTime]:
    """The client's name as written, and when. Raises `TimeError`.

    The time is the longest end (or else beginning) of the line that is all time. One that is all time but cannot be
    (a future day, a wrong weekday) is an error: the rest of it must not pass for the name.
    """
    line = line.strip()
    if not line or len(line) > MAX_LINE or "\n" in line:
        raise TimeParseError("when-line")
    found = _first_readable(((line[:at], line[at:]) for at in _split_points(line)), now, zone) or _first_readable(
        ((line[at:], line[:at]) for at in reversed(list(_split_points(line)))), now, zone
    )
    if found is None:
        raise TimeParseError("when-line")
    name, moment = found
    words = name.split()
    if any(_TIMELIKE_RE.fullmatch(normalize(word)) for word in (words[0], words[-1])) or _is_time(words[0]):
        raise TimeParseError("when-line")
    return name, moment


def _first_readable(
    candidates: Iterable[tuple[str, str]], now: datetime, zone: tzinfo
) -> tuple[str, ParsedTime] | None:
    for name, written in candidates:
        shown = name.strip(" \t\u3000,、，:：")
        if len(written) > MAX_LENGTH or not clean_name(shown):
            continue
        marks = tokenize(normalize(written))
        if marks.tokens and not marks.remainder:
            return shown, resolve(marks, now=now, zone=zone)
    return None


def _is_time(word: str) -> bool:
    marks = tokenize(normalize(word))
    return bool(marks.tokens) and not marks.remainder


def _split_points(line: str) -> Iterator[int]:
    """Where name and time may part: never inside a word of Latin letters, a number or a date."""
    for at in range(1, len(line)):
        before, after = line[at - 1], line[at]
        if _is_word_character(before) and _is_word_character(after):
            continue
        if before in "/:.-：／．" and after.isdigit():
            continue
        yield at


def _is_word_character(character: str) -> bool:
    return character.isdigit() or (character.isascii() and character.isalpha())
