"""How people write: full-width characters, letter case, kana, and words that mean "none"."""

import unicodedata
from typing import Final

NONE_WORDS: Final = frozenset({"", "none", "off", "なし", "無し"})
EXCERPT_LENGTH: Final = 40
"""Characters of a person's own words that an error repeats."""

KATAKANA_SYLLABLES: Final = "".join(map(chr, (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)))
HIRAGANA_SYLLABLES: Final = "".join(map(chr, (*range(0x3041, 0x3097), 0x309D, 0x309E)))
"""The same syllables as `KATAKANA_SYLLABLES`, in the same order."""

_JOINER: Final = "\u200d"
_SKIN_TONES: Final = "".join(map(chr, range(0x1F3FB, 0x1F400)))
_FLAG_LETTERS: Final = "".join(map(chr, range(0x1F1E6, 0x1F200)))
"""Two of them are a flag."""
_TAGS: Final = "".join(map(chr, range(0xE0020, 0xE0080)))
"""The rest of a flag of a region."""

_TO_HIRAGANA: Final = str.maketrans(KATAKANA_SYLLABLES, HIRAGANA_SYLLABLES)
_INVISIBLE: Final = dict.fromkeys(
    map(ord, "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
)
"""Spaces of no width, soft hyphens, and marks of direction, as a date has that is copied from a window of Windows."""
_TO_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}


def without_invisible(text: str) -> str:
    """The text without the characters of no width that a copy brings along; those that join letters and emoji stay."""
    return text.translate(_INVISIBLE)


def to_half_width(text: str) -> str:
    """Full-width ASCII, space and yen sign as half-width. NFKC would change more: it would read `1²h` as `12h`."""
    return text.translate(_TO_HALF_WIDTH)


def fold_width_and_case(text: str) -> str:
    """A text in the form in which width and case make no difference: NFKC and case folding."""
    return unicodedata.normalize("NFKC", text).casefold()


def fold_kana(text: str) -> str:
    """Katakana as hiragana, so that a search for either matches both."""
    return text.translate(_TO_HIRAGANA)


def cut_text(text: str, length: int) -> str:
    """At most `length` characters of a text, of which the last is "…" if it is cut; no letter or emoji is split."""
    if len(text) <= length:
        return text
    end = length - 1
    while end and not _can_cut_text_at(text, end):
        end -= 1
    return f"{text[: end or length - 1]}…"


def _can_cut_text_at(text: str, end: int) -> bool:
    """Whether a letter or an emoji ends there: not before a mark, a joiner or a skin tone, nor within a flag."""
    following, last = text[end], text[end - 1]
    if _JOINER in {last, following} or unicodedata.category(following)[0] == "M":
        return False
    if following in _SKIN_TONES or following in _TAGS:
        return False
    flag_letters = len(text[:end]) - len(text[:end].rstrip(_FLAG_LETTERS))
    return following not in _FLAG_LETTERS or flag_letters % 2 == 0


def format_excerpt(text: str) -> str:
    """What an error repeats of a text: one line of at most `EXCERPT_LENGTH` characters."""
    return cut_text(" ".join(text.split()), EXCERPT_LENGTH)
