"""Names that could be the same client's: Acme and Acme Inc., 田中 with a word before it, one letter apart."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

from bot.domain.names import client_key
from bot.domain.text import fold_kana

MAX_NEAR_NAMES: Final = 5
_MIN_TYPO_LENGTH: Final = 6
"""Characters of a name in which one different letter is taken for a slip; in a shorter one it makes another name."""
_MIN_EXCHANGE_LENGTH: Final = 4
"""Characters of a name in which two exchanged letters are taken for a slip."""
_NUMBERING: Final = re.compile(r"[0-9]+|[a-z]")
"""What tells two clients of one name apart: Studio and Studio B."""
_LETTERS: Final = (re.compile(r"[\u3041-\u3096ー]"), re.compile(r"[a-z]"))
_COMPANY_FORMS: Final = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|\(株\)|\(有\)|\b(?:inc|ltd|llc|corp|co|gmbh|plc)\b\.?|[\s.,・]"
)


def find_near_names(name: str, known_names: Iterable[str]) -> list[str]:
    """The known names that could be the same client's as `name`, but are not written like it."""
    key, core = client_key(name), _core_name(name)
    near = (
        known
        for known in known_names
        if client_key(known) != key and core and (other := _core_name(known)) and _are_near_names(core, other)
    )
    return list(islice(near, MAX_NEAR_NAMES))


def _core_name(name: str) -> str:
    """The name without a company's form and spaces, in hiragana."""
    return fold_kana(_COMPANY_FORMS.sub("", client_key(name)))


def _are_near_names(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(shorter) and (len(shorter) > 1 or len(longer) == 1):
        return not _NUMBERING.fullmatch(longer[len(shorter) :])
    if longer.endswith(shorter) and len(shorter) > 1 and not shorter[0].isascii():
        return True
    return len(shorter) >= _MIN_EXCHANGE_LENGTH and _is_typo(shorter, longer)


def _is_typo(shorter: str, longer: str) -> bool:
    """Whether one letter of a word was replaced, left out, added, or exchanged with its neighbour.

    Another kanji, digit or single letter makes another name: 制作会社A and 制作会社B.
    """
    start = next((index for index, pair in enumerate(zip(shorter, longer, strict=False)) if pair[0] != pair[1]), None)
    start = len(shorter) if start is None else start
    if not _is_letter_of_word(longer, start):
        return False
    if len(longer) == len(shorter) and shorter[start : start + 2][::-1] == longer[start : start + 2]:
        return shorter[start + 2 :] == longer[start + 2 :]
    if len(shorter) < _MIN_TYPO_LENGTH:
        return False
    left_out = len(longer) - len(shorter)
    return left_out <= 1 and shorter[start + 1 - left_out :] == longer[start + 1 :]


def _is_letter_of_word(text: str, position: int) -> bool:
    """Whether a kana or a Latin letter stands there beside another one of its kind."""
    kind = next((kind for kind in _LETTERS if kind.fullmatch(text[position : position + 1])), None)
    return kind is not None and any(
        kind.fullmatch(text[other : other + 1]) for other in (position - 1, position + 1) if other >= 0
    )
