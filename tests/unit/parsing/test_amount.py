"""Amounts as people write them, with or without tax, and what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.fees.terms import Tax
from bot.errors import InvalidInputError
from bot.parsing.amount import parse_amount, parse_taxed_amount
from tests.helpers.amounts import examples


@pytest.mark.parametrize(
    ("written", "tax"),
    [
        ("税抜50,000円", Tax.EXCLUDED), ("5万円（税抜）", Tax.EXCLUDED), ("50,000円(税別)", Tax.EXCLUDED), ("5万+税", Tax.EXCLUDED),
        ("５００００円＋消費税", Tax.EXCLUDED), ("50,000 (tax excluded)", Tax.EXCLUDED), ("税込5万", Tax.INCLUDED),
        ("50,000円（税込み）", Tax.INCLUDED), ("50k incl. tax", Tax.INCLUDED), ("¥50,000-", None),
    ],
)  # fmt: skip
def test_an_amount_says_whether_it_includes_tax(written: str, tax: Tax | None) -> None:
    assert parse_taxed_amount(written) == (50_000, tax)


@pytest.mark.parametrize("written", ["税込50,000円（税抜）", "税抜5万円（税込）", "5税抜万"])
def test_a_contradiction_about_tax_is_an_error(written: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_taxed_amount(written)


def test_forty_characters_of_an_amount_are_read() -> None:
    assert parse_taxed_amount("5".rjust(40, "0")) == (5, None)
    with pytest.raises(InvalidInputError):
        parse_taxed_amount("5".rjust(41, "0"))


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("50,000", 50_000), ("¥50000", 50_000), ("50000円", 50_000), ("5万", 50_000), ("1.5万", 15_000),
        ("2万5000", 25_000), ("1億", 100_000_000), ("５００００", 50_000), ("￥５０，０００円", 50_000), ("10億", 10**9),
        (" 5万円 ", 50_000), ("1", 1), ("五万円", 50_000), ("5百", 500), ("2万五千", 25_000), ("¥50,000-", 50_000),
        ("税込50,000円", 50_000), ("50,000円（税込）", 50_000), ("50000円也", 50_000), ("50k", 50_000), ("５萬円", 50_000),
        ("五十万", 500_000), ("三百五十", 350), ("1億2千万", 120_000_000), ("1.5k", 1_500),
        ("5 万円", 50_000), ("金五萬円也", 50_000), ("伍萬円", 50_000), ("JPY 50,000", 50_000), ("50,000 jpy", 50_000),
        ("5万5円", 50_005), ("5万5千", 55_000),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(written: str, amount: int) -> None:
    assert parse_amount(written) == amount


@pytest.mark.parametrize(
    "written",
    ["5,0000", "1e5", "5²", "1.23456万", "0", "-5", "1000000001", "1.5", "", "万", "2.5万5000", "2万50000", "５０.０", "x", "9" * 999, "約5万", "5万〜6万", "5万-6万",
     "50,000-60,000", "5万円くらい", "5万円以上", "税抜5万", "5五", "五5", "万5千", "十十", "五万円五", "5万5", "五万五", "千五", "5万5（税込）", "¥5万5-", "5万 5"],
)  # fmt: skip
def test_amounts_that_are_refused(written: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_amount(written)


@given(st.text(max_size=30))
@settings(max_examples=examples(200))
def test_no_text_breaks_the_reader(written: str) -> None:
    try:
        assert 1 <= parse_amount(written) <= 10**9
    except InvalidInputError:
        pass
