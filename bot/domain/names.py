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
_EMOJI_JOINERS: Final = "\u200d\ufe0f"  # invisible characters that are parts of an emoji


def clean_title(title: str) -> str:
    """The title without control or direction-changing characters, white space squeezed, at most 100 characters.

    Empty when no visible character is left.
    """
    characters: list[str] = []
    for character in title[:_MAX_INPUT]:
        category = unicodedata.category(character)
        if category in _SPACE_CATEGORIES:
            characters.append(" ")
        elif category not in _INVISIBLE_CATEGORIES or character in _EMOJI_JOINERS:
            characters.append(character)
    cleaned = _SPACE.sub(" ", "".join(characters)).strip()[:MAX_NAME_LENGTH].strip()
    return cleaned if any(unicodedata.category(character)[0] in "LNSP" for character in cleaned) else ""


def clean_name(name: str) -> str:
    """The name as `clean_title` returns it, without a final 様, さん or 氏."""
    return _HONORIFIC.sub("", clean_title(name))


def title_key(title: str) -> str:
    """The key that matches a title: NFKC and case folding over `clean_title`."""
    # Case folding can produce characters that NFKC would compose, so NFKC comes last, too.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", clean_title(title)).casefold())
    return _SPACE.sub(" ", folded).strip()


def client_key(name: str) -> str:
    """The key that matches a client: `title_key` without a final 様, さん or 氏."""
    return _HONORIFIC.sub("", title_key(name))
