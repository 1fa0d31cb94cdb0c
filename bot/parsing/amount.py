"""Amounts of money as people write them."""

import re
from typing import Final

from bot.domain.text import half_width
from bot.domain.types import Yen
from bot.errors import InvalidInputError

MAX_AMOUNT: Final = 1_000_000_000
"""The largest amount that is accepted, in yen."""

_SIGNS: Final = re.compile(r"^[¥\\]?\s*(.*?)\s*円?$", re.DOTALL)
_DIGITS: Final = re.compile(r"[0-9]+")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_DECIMAL: Final = re.compile(r"[0-9]+\.[0-9]+")
_UNITS: Final = (("億", 100_000_000), ("万", 10_000), ("千", 1_000))
_MAX_INPUT: Final = 40


def parse_amount(text: str) -> Yen:
    """Whole yen, 1 to 1,000,000,000: `50,000`, `¥50000`, `50000円`, `5万`, `1.5万`, `2万5000`, `1億`, full-width.

    Raises `InvalidInputError` that says what was wrong.
    """
    excerpt = text.strip()[:_MAX_INPUT]
    normalized = half_width(text.strip())
    if not normalized or len(normalized) > _MAX_INPUT:
        raise InvalidInputError("amount-unreadable", written=excerpt)
    match = _SIGNS.match(normalized)
    amount = _parse_units(match[1] if match else normalized, excerpt)
    if not 1 <= amount <= MAX_AMOUNT:
        raise InvalidInputError("amount-range", written=excerpt)
    return Yen(amount)


def _parse_units(text: str, excerpt: str) -> int:
    """The yen of a number with Japanese units, each of them at most once and the largest first."""
    total, rest, last_unit = 0, text, None
    for unit, multiplier in _UNITS:
        head, mark, tail = rest.partition(unit)
        if not mark:
            continue
        part, whole = _parse_number(head, multiplier, excerpt)
        # "2.5万5000" and "2万50000" can be meant in two ways.
        if (tail and not whole) or (last_unit is not None and part >= last_unit):
            raise InvalidInputError("amount-unreadable", written=excerpt)
        total, rest, last_unit = total + part, tail, multiplier
    if rest or last_unit is None:
        part, _ = _parse_number(rest, 1, excerpt)
        if last_unit is not None and part >= last_unit:
            raise InvalidInputError("amount-unreadable", written=excerpt)
        total += part
    return total


def _parse_number(text: str, multiplier: int, excerpt: str) -> tuple[int, bool]:
    """A number times `multiplier`, in yen, and whether the number is a whole one."""
    if _DIGITS.fullmatch(text):
        return int(text) * multiplier, True
    if _GROUPED.fullmatch(text):
        return int(text.replace(",", "")) * multiplier, True
    if _DECIMAL.fullmatch(text):
        whole, fraction = text.split(".")
        yen, remainder = divmod(int(whole + fraction) * multiplier, 10 ** len(fraction))
        if remainder or multiplier == 1:
            raise InvalidInputError("amount-fraction", written=excerpt)
        return yen, False
    if "," in text and re.fullmatch(r"[0-9,]+", text):
        raise InvalidInputError("amount-grouping", written=excerpt)
    raise InvalidInputError("amount-unreadable", written=excerpt)
