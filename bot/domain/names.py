"""A client's name and a job's title: as shown, and what they are matched by."""

import re
import unicodedata
from typing import Final

MAX_NAME_LENGTH: Final = 100
UNASSIGNED_PREFIX: Final = "unsorted:"
"""How the name of a thread begins that holds one forward whose client or thread was not told yet."""
KATAKANA: Final = "".join(map(chr, (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)))
HIRAGANA: Final = "".join(map(chr, (*range(0x3041, 0x3097), 0x309D, 0x309E)))
"""The same syllables, in the same order."""
_ONE_KANA: Final = str.maketrans(KATAKANA, HIRAGANA)
_MAX_INPUT: Final = 2000
_HONORIFIC: Final = re.compile(r"(?<=\S)\s*(?:様|さん|氏)$")
_SPACE: Final = re.compile(r"\s+")
_EMOJI_JOINERS: Final = "\u200d\ufe0f"  # inside an emoji they mean something


def clean_title(title: str) -> str:
    """As shown: no control or direction-changing characters, white space squeezed, at most 100 characters.

    Empty when nothing that can be seen is left.
    """
    kept = "".join(
        " " if unicodedata.category(each) in {"Zs", "Zl", "Zp", "Cc"} else each
        for each in title[:_MAX_INPUT]
        if unicodedata.category(each) not in {"Cf", "Cs", "Co", "Cn"} or each in _EMOJI_JOINERS
    )
    shown = _SPACE.sub(" ", kept).strip()[:MAX_NAME_LENGTH].strip()
    return shown if any(unicodedata.category(each)[0] in "LNSP" for each in shown) else ""


def clean_name(name: str) -> str:
    """As shown: `clean_title` without a final 様, さん or 氏."""
    return _HONORIFIC.sub("", clean_title(name))


def title_key(title: str) -> str:
    """What a title is matched by: NFKC and case folding over `clean_title`."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", clean_title(title)).casefold())
    return _SPACE.sub(" ", folded).strip()


def client_key(name: str) -> str:
    """What a client is matched by: as a title is, without a final 様, さん or 氏."""
    return _HONORIFIC.sub("", title_key(name))


def fold_kana(key: str) -> str:
    """A key as it is searched for: whoever types ひらがな finds カタカナ, and the other way round."""
    return key.translate(_ONE_KANA)
