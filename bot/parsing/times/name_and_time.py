"""A line with a client's name and a time, for example `制作会社A様 昨日 14:30`."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Final

from bot.domain.messages import ParsedTime
from bot.domain.names import clean_name
from bot.parsing.times.errors import TimeParseError
from bot.parsing.times.resolver import MAX_LENGTH, resolve
from bot.parsing.times.tokenizer import TokenizeResult, normalize, tokenize

MAX_LINE: Final = 300
_SEPARATORS: Final = " \t\u3000,、，:："
_TIMELIKE_RE: Final = re.compile(r"[\d/:.\-年月日時分秒]*\d[/:.\-年月日時分秒][\d/:.\-年月日時分秒]*")


def split_name_and_time(line: str, *, now: datetime, zone: tzinfo) -> tuple[str, ParsedTime]:
    """The client's name as written, and the time. Raises `TimeParseError`.

    The time is the longest end of the line that consists of tokens alone, or else the longest such beginning. If that
    cannot be a time (a future day, a wrong weekday), it is an error: a part of it must not be taken for the name.
    """
    line = line.strip()
    if not line or len(line) > MAX_LINE or "\n" in line:
        raise TimeParseError("time-line")
    points = list(_split_points(line))
    parsed = _first_readable(((line[:point], line[point:]) for point in points), now, zone) or _first_readable(
        ((line[point:], line[:point]) for point in reversed(points)), now, zone
    )
    if parsed is None:
        raise TimeParseError("time-line")
    words = parsed[0].split()
    if any(_TIMELIKE_RE.fullmatch(normalize(word)) for word in (words[0], words[-1])) or _tokenize_all(words[0]):
        raise TimeParseError("time-line")
    return parsed


def _first_readable(
    candidates: Iterable[tuple[str, str]], now: datetime, zone: tzinfo
) -> tuple[str, ParsedTime] | None:
    """Name and time of the first candidate with a name and a text that consists of tokens alone."""
    for name_text, time_text in candidates:
        name = name_text.strip(_SEPARATORS)
        if len(time_text) > MAX_LENGTH or not clean_name(name):
            continue
        if (result := _tokenize_all(time_text)) is not None:
            return name, resolve(result, now=now, zone=zone)
    return None


def _tokenize_all(text: str) -> TokenizeResult | None:
    """The tokens of a text; None where it has none, or anything else."""
    result = tokenize(normalize(text))
    return result if result.tokens and not result.remainder else None


def _split_points(line: str) -> Iterator[int]:
    """The positions between which name and time can be split: not inside a Latin word, a number or a date."""
    for point in range(1, len(line)):
        before, after = line[point - 1], line[point]
        if _is_word_character(before) and _is_word_character(after):
            continue
        if before in "/:.-：／．" and after.isdigit():
            continue
        yield point


def _is_word_character(character: str) -> bool:
    return character.isdigit() or (character.isascii() and character.isalpha())
