"""Whether a message reads like the last word of a conversation, by a short list. It is offered, never decided."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

MAX_LENGTH: Final = 200
_SENTENCE_ENDS: Final = re.compile(r"[\n。.!！♪☆]+")
_PUNCTUATION: Final = re.compile(r"[^\w?]+")
_SALUTATION: Final = re.compile(r".{1,30}(?:様|さま|さん|殿)$")


@cache
def _load_phrases() -> tuple[tuple[str, ...], frozenset[str]]:
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    openers = sorted((_normalize(each) for each in read["openers"]), key=len, reverse=True)
    return tuple(openers), frozenset(_normalize(each) for each in read["phrases"])


def _normalize(text: str) -> str:
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text).casefold()).replace("_", "")


def is_closing_message(text: str) -> bool:
    """Whether every sentence of a short text only thanks, greets or confirms. A name before them is allowed."""
    if len(text) > MAX_LENGTH:
        return False
    sentences = [_normalize(each) for each in _SENTENCE_ENDS.split(unicodedata.normalize("NFKC", text))]
    said = [each for each in sentences if each]
    if len(said) > 1 and _SALUTATION.fullmatch(said[0]):
        said = said[1:]
    return bool(said) and all(_is_closing_sentence(each) for each in said)


def _is_closing_sentence(sentence: str) -> bool:
    """One phrase, with what may come before it: an opener, or another phrase ("thank you, best regards").

    Each place of the sentence is looked at once, however many ways lead to it.
    """
    openers, phrases = _load_phrases()
    reached = {0}
    for at in range(len(sentence)):
        if at not in reached:
            continue
        if sentence[at:] in phrases:
            return True
        reached |= {at + len(each) for each in (*openers, *phrases) if sentence.startswith(each, at)}
    return False
