"""The language of a line that somebody typed."""

import re
from typing import Final

from bot.domain.types import Locale

_NO_WORDS: Final = re.compile(r"https?://\S+|<a?[:@#/][^<>\n]*>|(?<!\S)\S+@\S+")
"""Addresses, and what Discord writes for mentions, custom emojis and commands. No text makes it take long."""
_JAPANESE: Final = re.compile(r"[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]")
"""Kana, also half-width, and kanji."""
_WORD: Final = re.compile(r"[^\W\d_]{2,}")

_MIN_WORDS: Final = 3
"""So many words are a sentence, whichever they are; fewer may be a client's name, which is no language."""

_ENGLISH: Final = re.compile(
    r"about|after|ago|all|already|am|an|and|answer|answered|any|are|at|been|before|but|by|can|cancel|check|client|"
    r"clients|could|day|days|did|do|does|evening|fee|for|friday|from|get|good|got|had|has|have|he|hello|help|her|"
    r"here|hey|hi|him|his|hour|hours|how|if|in|is|it|just|last|later|list|mail|me|menu|message|messages|min|mins|"
    r"minute|minutes|monday|morning|my|need|needed|needs|new|next|night|no|noon|not|now|of|on|one|or|our|pending|"
    r"please|pm|received|record|remind|replied|replies|reply|request|saturday|sent|settings|she|show|status|sunday|"
    r"thank|thanks|that|the|their|them|there|they|this|thursday|time|to|today|tomorrow|tonight|tuesday|undo|us|"
    r"waiting|was|we|wednesday|week|weeks|were|what|when|where|which|who|why|will|with|wrote|yes|yesterday|you|"
    r"your"
)
"""Common words, and those of the lines that the bot reads; none that people type in any language, such as OK."""


def detect_language(text: str) -> Locale | None:
    """Japanese where there is a Japanese letter, English for a known word or a sentence; None for anything else."""
    plain = _NO_WORDS.sub(" ", text)
    if _JAPANESE.search(plain):
        return "ja"
    words = _WORD.findall(plain.casefold())
    return "en" if len(words) >= _MIN_WORDS or any(map(_ENGLISH.fullmatch, words)) else None
