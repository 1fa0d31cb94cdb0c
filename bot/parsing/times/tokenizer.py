"""The tokenizer of time expressions: it splits a text into tokens until nothing matches; the rest is the remainder.

昨日の14:30ごろ has the tokens `RelativeDay(1)`, `TimeOfDay(14, 30, None)` and `TimeMark.APPROXIMATE`.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from bot.domain.text import fold_width_and_case
from bot.parsing.times.patterns import match_time_tokens
from bot.parsing.times.tokens import Token

MAX_TOKENS: Final = 16
"""The longest time that people write has about ten; a line of hundreds would be split anew at each of its places."""


@dataclass(frozen=True, slots=True)
class TokenizeResult:
    """The tokens of a text, and the text after the last of them; empty when all of it was understood."""

    tokens: tuple[Token, ...]
    remainder: str


_DASHES: Final = str.maketrans("−‐‑–—", "-----")
_KANJI_DIGITS: Final = "〇一二三四五六七八九"
KANJI_NUMBER: Final = re.compile(
    r"(?<!\d)([二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]〇|〇[一二三四五六七八九]|[一二三四五六七八九〇])"
    r"(?=[年月日時分秒]|週間)(?!日曜)"
)
"""A number in kanji before a unit of time: 三十分, 三〇分, 〇五分. 二三日 is two or three days."""
_CLOCK: Final = r"\d{1,2}(?::\d{2}|時(?:\d{1,2}分|半)?|(?:\s?[ap]\.?m)?)"
_RANGE: Final = re.compile(rf"{_CLOCK}(?:\s*(?:[-~〜～か]|から|to|or|または)\s*{_CLOCK}|-\d{{4}})(?![\d:])")
_CLOCK_MARKS: Final = ":時apm"
"""Without one of them a range is one of other numbers."""
_INSIDE_INSTANT: Final = re.compile(r"\dt?$")
_ISO_INSTANT: Final = re.compile(r"\d{4}-?\d{2}-?\d{2}t[\d:.]+(?:[+-]\d{2}:?\d{2}|z)?")


def kanji_number_digits(match: "re.Match[str]") -> str:
    """The digits of a match of `KANJI_NUMBER`."""
    text = match[1]
    if "十" not in text:
        return "".join(str(_KANJI_DIGITS.index(digit)) for digit in text)
    tens, ones = text.split("十")
    return str((_KANJI_DIGITS.index(tens) if tens else 1) * 10 + (_KANJI_DIGITS.index(ones) if ones else 0))


def fold_characters(text: str) -> str:
    """The text with width, case and dashes in one form: Ａ−１ is a-1. A sign with a number stays: ①8時 is not 18時."""
    pieces = groupby(text, key=lambda character: unicodedata.category(character) == "No")
    folded = ("".join(run) if are_signs else fold_width_and_case("".join(run)) for are_signs, run in pieces)
    return "".join(folded).translate(_DASHES)


def normalize_time_text(text: str) -> str:
    """The text with its characters folded, and kanji digits as digits: 十時 is 10時."""
    return KANJI_NUMBER.sub(kanji_number_digits, fold_characters(text)).strip()


def time_range_end(text: str, position: int) -> int | None:
    """The end of two times of which either could be meant: 14:00-15:00, 15時か16時."""
    if _INSIDE_INSTANT.search(text, max(0, position - 2), position) or _ISO_INSTANT.match(text, position):
        return None
    match = _RANGE.match(text, position)
    return match.end() if match and any(mark in match[0] for mark in _CLOCK_MARKS) else None


def tokenize_time_text(normalized: str) -> TokenizeResult:
    """Split a normalized text into tokens; what follows more than `MAX_TOKENS` of them is the remainder."""
    tokens: list[Token] = []
    position = 0
    while position < len(normalized) and len(tokens) <= MAX_TOKENS and time_range_end(normalized, position) is None:
        match = match_time_tokens(normalized, position)
        if match is None:
            break
        position, new = match
        tokens.extend(new)
    return TokenizeResult(tuple(tokens), normalized[position:].strip())
