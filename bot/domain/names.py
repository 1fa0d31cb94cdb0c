"""A client's name and a job's title: the form that is shown, and the key by which they are matched."""

import re
import unicodedata
from typing import Final

MAX_NAME_LENGTH: Final = 100
UNASSIGNED_PREFIX: Final = "unsorted:"
"""The beginning of the title key of a thread with one forwarded message whose client or thread is not known yet."""
_MAX_INPUT: Final = 2000
_HONORIFIC: Final = re.compile(r"(?<=\S)\s*(?:様|さん|氏)$")
_SPACE: Final = re.compile(r"\s+")
_SPACE_CATEGORIES: Final = frozenset({"Zs", "Zl", "Zp", "Cc"})
_INVISIBLE_CATEGORIES: Final = frozenset({"Cf", "Cs", "Co", "Cn"})
_JOINER: Final = "\u200d"
_EMOJI_JOINERS: Final = f"{_JOINER}\ufe0f"  # invisible characters that are parts of an emoji
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5\U0001d159")
"""Letters and symbols that look like nothing."""
_UNSEEN_AT_ENDS: Final = "".join(_FILLERS) + _JOINER + " "
_SAME_LETTERS: Final = {
    **dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *map(ord, _FILLERS)]),
    **dict.fromkeys(map(ord, "\u301c\u223c\u02dc"), "~"),
    **dict.fromkeys(map(ord, "\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d"), "-"),
    **dict.fromkeys(map(ord, "\u2014\u2015\u2500"), "\u2015"),
    ord("\u2016"): "\u2225",
}
"""What mailers write in another way: Windows has the other one of each pair. Variation selectors are left out."""


def clean_title(title: str, max_length: int = MAX_NAME_LENGTH) -> str:
    """The title without control or direction-changing characters, white space squeezed, of at most `max_length`.

    Empty when no visible character is left.
    """
    if title.isalnum() and len(title) <= max_length and _FILLERS.isdisjoint(title):
        return title  # most names are letters and digits alone
    characters: list[str] = []
    for character in title[: max(_MAX_INPUT, max_length)]:
        category = unicodedata.category(character)
        if category in _SPACE_CATEGORIES:
            characters.append(" ")
        elif category not in _INVISIBLE_CATEGORIES or character in _EMOJI_JOINERS:
            characters.append(character)
    cleaned = _SPACE.sub(" ", "".join(characters)).strip(_UNSEEN_AT_ENDS)[:max_length].strip(_UNSEEN_AT_ENDS)
    visible = [part for part in cleaned if unicodedata.category(part)[0] in "LNSP" and part not in _FILLERS]
    return cleaned if visible else ""


def title_with_suffix(title: str, suffix: str) -> str:
    """The title followed by a suffix in brackets, which is never cut off: `clean_title` leaves it as it is."""
    return f"{clean_title(title)[: MAX_NAME_LENGTH - len(suffix) - 1].rstrip()} {suffix}".strip()


def clean_name(name: str) -> str:
    """The name as `clean_title` returns it, without a final 様, さん or 氏."""
    return _HONORIFIC.sub("", clean_title(name)).rstrip(_UNSEEN_AT_ENDS)


def title_key(title: str, max_length: int = MAX_NAME_LENGTH) -> str:
    """The key that matches a title: NFKC, case folding, and the same letter for those that look alike."""
    plain = unicodedata.normalize("NFKC", clean_title(title, max_length).translate(_SAME_LETTERS)).casefold()
    # Case folding can produce characters that NFKC would compose, so NFKC comes last, too.
    folded = unicodedata.normalize("NFKC", plain).translate(_SAME_LETTERS)
    return _SPACE.sub(" ", _without_loose_joiners(folded) if _JOINER in folded else folded).strip()


def _without_loose_joiners(text: str) -> str:
    """The text without the joiners that do not stand between two parts of an emoji."""
    parts = text.split(_JOINER)
    joined = parts[0]
    for part in parts[1:]:
        joins = joined and part and {unicodedata.category(joined[-1])[0], unicodedata.category(part[0])[0]} == {"S"}
        joined += f"{_JOINER}{part}" if joins else part
    return joined


def client_key(name: str) -> str:
    """The key that matches a client: `title_key` without a final 様, さん or 氏."""
    return _HONORIFIC.sub("", title_key(name))


def thread_name_key(name: str) -> str:
    """The key by which rows of a history are of one thread: as `client_key`, of the whole name however long it is."""
    return _HONORIFIC.sub("", title_key(name, len(name)))
