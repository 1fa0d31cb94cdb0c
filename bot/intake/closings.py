"""Whether a message reads like the last word of a conversation, by a short list. It is offered, never decided."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

LONGEST: Final = 200
_ENDS: Final = re.compile(r"[\n。.!！♪☆]+")
_MARKS: Final = re.compile(r"[^\w?]+")
_ADDRESSED: Final = re.compile(r".{1,30}(?:様|さま|さん|殿)$")


@cache
def _list() -> tuple[tuple[str, ...], frozenset[str]]:
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    openers = sorted((_bare(each) for each in read["openers"]), key=len, reverse=True)
    return tuple(openers), frozenset(_bare(each) for each in read["phrases"])


def _bare(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold()).replace("_", "")


def reads_closing(text: str) -> bool:
    """Whether every sentence of a short text only thanks, greets or confirms. A name before them is allowed."""
    if len(text) > LONGEST:
        return False
    sentences = [_bare(each) for each in _ENDS.split(unicodedata.normalize("NFKC", text))]
    said = [each for each in sentences if each]
    if len(said) > 1 and _ADDRESSED.fullmatch(said[0]):
        said = said[1:]
    return bool(said) and all(_only_closes(each) for each in said)


def _only_closes(sentence: str) -> bool:
    """One phrase, with what may come before it: an opener, or another phrase ("thank you, best regards").

    Each place of the sentence is looked at once, however many ways lead to it.
    """
    openers, phrases = _list()
    reached = {0}
    for at in range(len(sentence)):
        if at not in reached:
            continue
        if sentence[at:] in phrases:
            return True
        reached |= {at + len(each) for each in (*openers, *phrases) if sentence.startswith(each, at)}
    return False
