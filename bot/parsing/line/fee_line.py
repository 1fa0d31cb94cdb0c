"""A typed question about fees: 手数料 5万円, 手数料 20時間×3000円, 手数料 5万円×3, 予算10万円, 手取り5万円にしたい."""

import re
from typing import Final

from bot.domain.fees.query import FeeQuery
from bot.domain.fees.reverse import SolveFor
from bot.errors import InvalidInputError
from bot.parsing.amount import parse_taxed_amount
from bot.parsing.fee_query import parse_fee_query
from bot.parsing.line.lexicon import FeeWords

_TIMES: Final = r"(?:×|✕|✖|\*|掛ける|かける|(?<![a-z])x(?![a-z])|(?<=[\dkh])x(?=[\d¥]))"
_NUMBER: Final = r"\d+(?:,\d{3})*(?:\.\d+)?"
_HOURS: Final = rf"({_NUMBER}) ?(?:時間|h(?:rs?|ours?)?(?![a-wyz]))"
_COUNT: Final = (
    rf"({_NUMBER}) ?(?:件|本|個|点|枚|記事|回|ページ|(?:pieces?|pcs|articles?|items?|jobs?|tasks?)(?![a-z]))"
)
_LINK: Final = rf"[ 、,]*(?:{_TIMES}|(?:で|を|が|の|at|for|of|@)(?![a-z]))?[ 、,]*"
_FIRST_HOURS: Final = re.compile(rf"{_HOURS}{_LINK}")
_LAST_HOURS: Final = re.compile(rf"{_LINK}(?<![\d.,]){_HOURS}(?:分|働く|で)?$")
_FIRST_COUNT: Final = re.compile(rf"{_COUNT}{_LINK}")
_LAST_COUNT: Final = re.compile(rf"{_LINK}(?<![\d.,]){_COUNT}(?:分|で)?$")
_BARE_FACTORS: Final = re.compile(rf"(.+?) *{_TIMES} *(.+)")
_BARE_COUNT: Final = re.compile(r"\d{1,7}")
_PER_HOUR: Final = re.compile(
    r"(?:時給|時間単価|(?:1|一) ?時間 ?(?:あたり|当たり|につき)?|毎時)[ はで]*|"
    r"hourly(?: rate)?[ :of]*(?=[\d¥])|"
    r" ?(?:/ ?(?:h|hour|時間)|(?:an|per|each|a) (?:hour|h)|hourly(?: rate)?)$"
)
_PER_PIECE: Final = re.compile(
    r"^(?:単価|(?:1|一) ?(?:件|本|個|点|枚|記事|回)(?:あたり|当たり|につき)?)[ はで]*|"
    r" ?(?:/ ?(?:件|本|個|記事)|each|apiece|(?:per|a) (?:piece|article|item|job|task))$"
)
_PRICE_SIZE: Final = 1000
"""Yen: of two bare numbers the one from here on is the price."""


def read_fee_question(text: str, words: FeeWords) -> FeeQuery | None:
    """The question of a folded line; None: it asks nothing about fees.

    Raises `InvalidInputError` where it does and something is missing, or is no amount.
    """
    for solve_for, pattern in (
        (SolveFor.CLIENT_PAYS, words.budget),
        (SolveFor.TAKE_HOME, words.keep),
        (None, words.fee),
    ):
        match = pattern.fullmatch(text)
        written = next(filter(None, match.groups()), None) if match else None
        if written is not None:
            return _read_fee_amount(written.strip(), solve_for, words)
    return None


def _read_fee_amount(written: str, solve_for: SolveFor | None, words: FeeWords) -> FeeQuery | None:
    hours, rest = _take_number_of_fee_line(written, _LAST_HOURS, _FIRST_HOURS)
    count, rest = _take_number_of_fee_line(rest, _LAST_COUNT, _FIRST_COUNT)
    price = _PER_HOUR.sub("", rest).strip()
    is_hourly = price != rest.strip()
    if count is None and (factors := _BARE_FACTORS.fullmatch(price)):
        price, count = _price_and_count(factors[1].strip(), factors[2].strip())
    price = _PER_PIECE.sub("", price).strip()
    if not price:
        raise InvalidInputError("fee-price-missing" if hours is None else "fee-rate-missing")
    if not _is_fee_amount(price, words):
        return None
    if solve_for is not None:
        return parse_fee_query(**{solve_for.value: price}, hours=hours, count=count)
    if hours is not None or is_hourly:
        return parse_fee_query(hours=hours, hourly_rate=price, count=count)
    return parse_fee_query(price, count=count)


def _take_number_of_fee_line(text: str, last: re.Pattern[str], first: re.Pattern[str]) -> tuple[str | None, str]:
    """A number at the end of a text, or else at its beginning, and the rest."""
    if match := last.search(text):
        return match[1], text[: match.start()]
    if match := first.match(text):
        return match[1], text[match.end() :]
    return None, text


def _price_and_count(first: str, second: str) -> tuple[str, str]:
    """Which of two factors is the price: 5万円×3, 3×5万円. Raises `InvalidInputError` where both could be."""
    is_count = [bool(_BARE_COUNT.fullmatch(factor)) for factor in (first, second)]
    if all(is_count):
        sizes = [int(factor) for factor in (first, second)]
        if sizes[0] >= _PRICE_SIZE > sizes[1]:
            return first, second
        if sizes[1] >= _PRICE_SIZE > sizes[0]:
            return second, first
        raise InvalidInputError("fee-factors", written=f"{first}×{second}")
    return (second, first) if is_count[0] else (first, second)


def _is_fee_amount(written: str, words: FeeWords) -> bool:
    """Whether it is an amount. Raises `InvalidInputError` for what is meant as one and is none."""
    try:
        parse_taxed_amount(written)
    except InvalidInputError:
        if words.amount_like.fullmatch(written):
            raise
        return False
    return True
