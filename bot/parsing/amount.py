"""Amounts of money as people write them."""

import re
from typing import Final

from bot.domain.types import Yen
from bot.errors import InvalidInputError

MAX_AMOUNT: Final = 1_000_000_000
"""The largest amount that is taken, in yen."""

# Full-width letters and digits to half-width; nothing more: NFKC would read ¥5² as 52.
_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}
_SIGNS: Final = re.compile(r"^[¥\\]?\s*(.*?)\s*円?$", re.DOTALL)
_DIGITS: Final = re.compile(r"[0-9]+")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_DECIMAL: Final = re.compile(r"[0-9]+\.[0-9]+")
_UNITS: Final = (("億", 100_000_000), ("万", 10_000), ("千", 1_000))
_MAX_INPUT: Final = 40


def parse_amount(text: str) -> Yen:
    """Whole yen, 1 to 1,000,000,000: `50,000`, `¥50000`, `50000円`, `5万`, `1.5万`, `2万5000`, `1億`, full-width.

    Raises `InputError` that says what was wrong.
    """
    excerpt = text.strip()[:_MAX_INPUT]
    normalized = text.strip().translate(_HALF_WIDTH)
    if not normalized or len(normalized) > _MAX_INPUT:
        raise InvalidInputError("amount-unreadable", written=excerpt)
    found = _SIGNS.match(normalized)
    amount = _value(found[1] if found else normalized, excerpt)
    if not 1 <= amount <= MAX_AMOUNT:
        raise InvalidInputError("amount-range", written=excerpt)
    return Yen(amount)


def _value(text: str, excerpt: str) -> int:
    """A number with Japanese units, each at most once and in falling order."""
    total, rest, ceiling = 0, text, None
    for unit, multiplier in _UNITS:
        head, mark, tail = rest.partition(unit)
        if not mark:
            continue
        part, whole = _number(head, multiplier, excerpt)
        # "2.5万5000" and "2万50000" can be meant in two ways.
        if (tail and not whole) or (ceiling is not None and part >= ceiling):
            raise InvalidInputError("amount-unreadable", written=excerpt)
        total, rest, ceiling = total + part, tail, multiplier
    if not rest:
        if ceiling is None:
            raise InvalidInputError("amount-unreadable", written=excerpt)
        return total
    part, _ = _number(rest, 1, excerpt)
    if ceiling is not None and part >= ceiling:
        raise InvalidInputError("amount-unreadable", written=excerpt)
    return total + part


def _number(text: str, multiplier: int, excerpt: str) -> tuple[int, bool]:
    """So many units in yen, and whether it was a whole number of them."""
    if _DIGITS.fullmatch(text):
        return int(text) * multiplier, True
    if _GROUPED.fullmatch(text):
        return int(text.replace(",", "")) * multiplier, True
    if _DECIMAL.fullmatch(text):
        whole, fraction = text.split(".")
        yen, left = divmod(int(whole + fraction) * multiplier, 10 ** len(fraction))
        if left or multiplier == 1:
            raise InvalidInputError("amount-fraction", written=excerpt)
        return yen, False
    if "," in text and re.fullmatch(r"[0-9,]+", text):
        raise InvalidInputError("amount-grouping", written=excerpt)
    raise InvalidInputError("amount-unreadable", written=excerpt)
