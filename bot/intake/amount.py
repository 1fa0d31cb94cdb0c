"""Amounts of money as people write them."""

import re
from typing import Final

from bot.domain.types import Yen
from bot.errors import InvalidInputError

MOST: Final = 1_000_000_000
"""The largest amount that is taken, in yen."""

# Full-width letters and digits to half-width; nothing more: NFKC would read ¥5² as 52.
_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}
_SIGNS: Final = re.compile(r"^[¥\\]?\s*(.*?)\s*円?$", re.DOTALL)
_DIGITS: Final = re.compile(r"[0-9]+")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_DECIMAL: Final = re.compile(r"[0-9]+\.[0-9]+")
_UNITS: Final = (("億", 100_000_000), ("万", 10_000), ("千", 1_000))
_LONGEST: Final = 40


def read_amount(text: str) -> Yen:
    """Whole yen, 1 to 1,000,000,000: `50,000`, `¥50000`, `50000円`, `5万`, `1.5万`, `2万5000`, `1億`, full-width.

    Raises `InputError` that says what was wrong.
    """
    shown = text.strip()[:_LONGEST]
    normalized = text.strip().translate(_HALF_WIDTH)
    if not normalized or len(normalized) > _LONGEST:
        raise InvalidInputError("amount-unread", written=shown)
    found = _SIGNS.match(normalized)
    amount = _value(found[1] if found else normalized, shown)
    if not 1 <= amount <= MOST:
        raise InvalidInputError("amount-range", written=shown)
    return Yen(amount)


def _value(written: str, shown: str) -> int:
    """A number with Japanese units, each at most once and in falling order."""
    total, rest, ceiling = 0, written, None
    for unit, size in _UNITS:
        head, mark, tail = rest.partition(unit)
        if not mark:
            continue
        part, whole = _number(head, size, shown)
        # "2.5万5000" and "2万50000" can be meant in two ways.
        if (tail and not whole) or (ceiling is not None and part >= ceiling):
            raise InvalidInputError("amount-unread", written=shown)
        total, rest, ceiling = total + part, tail, size
    if not rest:
        if ceiling is None:
            raise InvalidInputError("amount-unread", written=shown)
        return total
    part, _ = _number(rest, 1, shown)
    if ceiling is not None and part >= ceiling:
        raise InvalidInputError("amount-unread", written=shown)
    return total + part


def _number(written: str, size: int, shown: str) -> tuple[int, bool]:
    """So many units in yen, and whether it was a whole number of them."""
    if _DIGITS.fullmatch(written):
        return int(written) * size, True
    if _GROUPED.fullmatch(written):
        return int(written.replace(",", "")) * size, True
    if _DECIMAL.fullmatch(written):
        whole, fraction = written.split(".")
        yen, left = divmod(int(whole + fraction) * size, 10 ** len(fraction))
        if left or size == 1:
            raise InvalidInputError("amount-fraction", written=shown)
        return yen, False
    if "," in written and re.fullmatch(r"[0-9,]+", written):
        raise InvalidInputError("amount-grouping", written=shown)
    raise InvalidInputError("amount-unread", written=shown)
