"""Whether a message reads like the last of a conversation, by a list of phrases. The member decides; this only asks."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from bot.domain.text import fold_width_and_case

MAX_LENGTH: Final = 200
_SENTENCE_ENDS: Final = re.compile(r"[\n。.!！♪☆]+")
_PUNCTUATION: Final = re.compile(r"[^\w?]+")
_SALUTATION: Final = re.compile(r".{1,30}(?:様|さま|さん|殿)$")


@cache
def _load_closing_phrases() -> tuple[tuple[str, ...], frozenset[str]]:
    """The openers, the longest first, and the phrases."""
    lists = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    openers = sorted(map(_normalize_sentence, lists["openers"]), key=len, reverse=True)
    return tuple(openers), frozenset(map(_normalize_sentence, lists["phrases"]))


def _normalize_sentence(text: str) -> str:
    return _PUNCTUATION.sub("", fold_width_and_case(text)).replace("_", "")


def is_closing_message(text: str) -> bool:
    """Whether every sentence of a short text only thanks, greets or confirms. A salutation before them is allowed."""
    if len(text) > MAX_LENGTH:
        return False
    parts = map(_normalize_sentence, _SENTENCE_ENDS.split(unicodedata.normalize("NFKC", text)))
    sentences = [sentence for sentence in parts if sentence]
    if len(sentences) > 1 and _SALUTATION.fullmatch(sentences[0]):
        del sentences[0]
    return bool(sentences) and all(map(_is_closing_sentence, sentences))


def _is_closing_sentence(sentence: str) -> bool:
    """Whether a sentence is one phrase, after any number of openers and other phrases ("thank you, best regards").

    Each position of the sentence is examined once, however many combinations lead to it.
    """
    openers, phrases = _load_closing_phrases()
    reached = {0}
    for position in range(len(sentence)):
        if position not in reached:
            continue
        if sentence[position:] in phrases:
            return True
        reached |= {position + len(part) for part in (*openers, *phrases) if sentence.startswith(part, position)}
    return False
