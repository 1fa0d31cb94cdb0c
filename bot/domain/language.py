"""The language of a line that somebody typed."""

import re
from typing import Final

from bot.domain.types import Locale

_NO_WORDS: Final = re.compile(r"https?://\S+|<a?[:@#/][^>\n]*>|</[^>\n]*>|\S+@\S+")
"""Addresses, and what Discord writes for mentions, custom emojis and commands."""
_JAPANESE: Final = re.compile(r"[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]")
"""Kana, also half-width, and kanji."""
_WORD: Final = re.compile(r"[^\W\d_]{2}")


def detect_language(text: str) -> Locale | None:
    """Japanese where there is a Japanese letter, English for any other words, and None where there are no words."""
    plain = _NO_WORDS.sub(" ", text)
    if _JAPANESE.search(plain):
        return "ja"
    return "en" if _WORD.search(plain) else None
