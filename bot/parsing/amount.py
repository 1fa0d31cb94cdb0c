"""Amounts of money as people write them."""

import re
from typing import Final

from bot.domain.fees.terms import Tax
from bot.domain.text import to_half_width
from bot.domain.types import Yen
from bot.errors import InvalidInputError

MAX_AMOUNT: Final = 1_000_000_000
"""The largest amount that is accepted, in yen."""

_DECORATION: Final = re.compile(r"^(?:[¥\\\s]|金|jpy|yen)+|(?:円|也|-|yen|jpy|\s)+$", re.IGNORECASE)
"""What stands around a number and changes nothing: ¥50,000-, 金50000円也, 50,000 yen, JPY 50,000."""
_SPACE_BEFORE_UNIT: Final = re.compile(r"\s+(?=[億万千百十])")
_ONE_DIGIT_MORE: Final = re.compile(r"[億万千][1-9][-\s]*$")
"""Said of 55,000 as well as of 50,005: 5万5, but not 5万5円."""
_VAGUE: Final = re.compile(
    r"約|およそ|おおよそ|くらい|ぐらい|ほど|程度|前後|以上|以下|未満|弱$|強$|[~〜～]|から|about|around"
    r"|[0-9万千円]\s*-\s*[0-9一-九]"
)
_TAX_WORDS: Final = {
    Tax.INCLUDED: re.compile(
        r"[(]?(?:税込み?|内税|(?:incl(?:uding|\.)? ?tax|tax ?incl(?:uded|\.)?))[)]?", re.IGNORECASE
    ),
    Tax.EXCLUDED: re.compile(
        r"[(]?(?:税抜き?|税別|外税|[+] ?(?:消費)?税別?|[+] ?tax"
        r"|(?:excl(?:uding|\.)?|without|plus) ?tax|tax ?excl(?:uded|\.)?)[)]?",
        re.IGNORECASE,
    ),
}
"""Words beside a number that say whether it includes consumption tax: 税込50,000円, 5万円（税別）, 5万円+税."""
_MIXED_DIGITS: Final = re.compile(r"[0-9][〇零一二三四五六七八九]|[〇零一二三四五六七八九][0-9]")
_KANJI_DIGITS: Final = str.maketrans("〇零一二三四五六七八九壱弐参伍萬拾", "001234567891235万十")
_THOUSANDS: Final = re.compile(r"^([0-9][0-9.,]*)k$", re.IGNORECASE)
_DIGITS: Final = re.compile(r"[0-9]+")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_DECIMAL: Final = re.compile(r"[0-9]+\.[0-9]+")
_UNITS: Final = (("億", 100_000_000), ("万", 10_000), ("千", 1_000), ("百", 100), ("十", 10))
_SECTION: Final = 10_000
"""From this unit on the number before a unit can have units of its own: 五十万."""
_MAX_INPUT: Final = 40


def parse_amount(text: str) -> Yen:
    """Whole yen, 1 to 1,000,000,000: `50,000`, `¥50000-`, `税込50,000円`, `5万`, `2万五千`, `五万円`, `50k`.

    Digits may be full-width. A range, an approximate amount and one without tax are refused. Raises
    `InvalidInputError` that says what was wrong.
    """
    amount, tax = parse_taxed_amount(text)
    if tax is Tax.EXCLUDED:
        raise InvalidInputError("amount-tax-excluded", written=text.strip()[:_MAX_INPUT])
    return amount


def parse_taxed_amount(text: str) -> tuple[Yen, Tax | None]:
    """An amount, and what it says of its tax: `5万円（税別）`. Raises `InvalidInputError`, as `parse_amount` does."""
    excerpt = text.strip()[:_MAX_INPUT]
    normalized = to_half_width(text.strip())
    if not normalized or len(normalized) > _MAX_INPUT:
        raise InvalidInputError("amount-unreadable", written=excerpt)
    if _VAGUE.search(normalized):
        raise InvalidInputError("amount-vague", written=excerpt)
    if _MIXED_DIGITS.search(normalized):
        raise InvalidInputError("amount-unreadable", written=excerpt)
    said = [tax for tax, words in _TAX_WORDS.items() if words.search(normalized)]
    if len(said) > 1:
        raise InvalidInputError("amount-tax-contradiction", written=excerpt)
    tax = said[0] if said else None
    if tax is not None:
        normalized = _strip_amount_word(normalized, _TAX_WORDS[tax], excerpt)
    if _ONE_DIGIT_MORE.search(normalized.translate(_KANJI_DIGITS)):
        raise InvalidInputError("amount-unreadable", written=excerpt)
    bare = _DECORATION.sub("", _DECORATION.sub("", normalized)).strip().translate(_KANJI_DIGITS)
    bare = _SPACE_BEFORE_UNIT.sub("", bare)
    bare = _THOUSANDS.sub(r"\1千", bare)
    amount = _parse_japanese_units(bare, _UNITS, excerpt)
    if not 1 <= amount <= MAX_AMOUNT:
        raise InvalidInputError("amount-range", written=excerpt)
    return Yen(amount), tax


def _strip_amount_word(text: str, word: re.Pattern[str], excerpt: str) -> str:
    """The text without a word that stands before or behind the number. Raises `InvalidInputError` for one within."""
    parts = [part.strip() for part in word.split(text) if part.strip()]
    if len(parts) != 1:
        raise InvalidInputError("amount-unreadable", written=excerpt)
    return parts[0]


def _parse_japanese_units(text: str, units: tuple[tuple[str, int], ...], excerpt: str) -> int:
    """The yen of a number with Japanese units, each of them at most once and the largest first."""
    total, rest, last_unit = 0, text, None
    for index, (unit, multiplier) in enumerate(units):
        head, mark, tail = rest.partition(unit)
        if not mark:
            continue
        part, whole = _parse_unit_head(head, multiplier, units[index + 1 :], excerpt)
        # "2.5万5000" and "2万50000" can be meant in two ways.
        if (tail and not whole) or (last_unit is not None and part >= last_unit):
            raise InvalidInputError("amount-unreadable", written=excerpt)
        total, rest, last_unit = total + part, tail, multiplier
    if rest or last_unit is None:
        part, _ = _parse_amount_number(rest, 1, excerpt)
        if last_unit is not None and part >= last_unit:
            raise InvalidInputError("amount-unreadable", written=excerpt)
        total += part
    return total


def _parse_unit_head(
    head: str, multiplier: int, smaller_units: tuple[tuple[str, int], ...], excerpt: str
) -> tuple[int, bool]:
    """The number before a unit times the unit, and whether the number is a whole one. 千 alone is 1,000."""
    if not head and multiplier < _SECTION:
        return multiplier, True
    if multiplier >= _SECTION and any(unit in head for unit, _ in smaller_units):
        return _parse_japanese_units(head, smaller_units, excerpt) * multiplier, True
    return _parse_amount_number(head, multiplier, excerpt)


def _parse_amount_number(text: str, multiplier: int, excerpt: str) -> tuple[int, bool]:
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
