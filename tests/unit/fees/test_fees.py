"""Fees: every checked example of the facts, amounts as people write them, and what must always hold."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.fees.estimate import Compensation, ContractTerms, Tax, estimate
from bot.domain.fees.reverse import SolveFor, solve
from bot.domain.types import ContractMethod, Edition, Yen
from bot.errors import InvalidInputError
from bot.parsing.amount import parse_amount

TODAY = date(2026, 11, 24)


def terms(**changes: object) -> ContractTerms:
    return ContractTerms(**{"on": TODAY, "edition": Edition("2016"), **changes})  # type: ignore[arg-type]


def test_the_checked_examples() -> None:
    found = estimate(50_000, terms())
    assert (found.client_pays, found.take_home) == (52_750, 41_750)
    found = estimate(10_000, terms(tax=Tax.EXCLUDED))
    assert (found.contract_total, found.system_fee, found.take_home) == (11_000, 1_815, 9_185)
    found = estimate(75_000, terms(tax=Tax.EXCLUDED))
    assert (found.contract_total, found.client_fee, found.client_fee_tax, found.client_pays) == (
        82_500,
        4_125,
        412,
        87_037,
    )


@pytest.mark.parametrize(
    ("on", "system", "client", "tax"),
    [
        (date(2016, 8, 3), 35_000, 0, 22_222), (date(2019, 9, 30), 35_000, 0, 22_222),
        (date(2019, 10, 1), 35_000, 0, 27_272), (date(2022, 9, 30), 35_000, 0, 27_272),
        (date(2022, 10, 1), 49_500, 15_000, 27_272),
    ],
)  # fmt: skip
def test_what_is_in_force_by_the_contracts_day(on: date, system: int, client: int, tax: int) -> None:
    found = estimate(300_000, terms(on=on))
    assert (found.system_fee, found.client_fee, found.consumption_tax) == (system, client, tax)


def test_the_certified_programme_goes_by_the_edition() -> None:
    assert estimate(10_000, terms(certified=True)).nomination_fee == 50
    assert estimate(50_000, terms(certified=True)).nomination_fee == 150
    charged = estimate(50_000, terms(certified=True, compensation=Compensation.CHARGED))
    assert (charged.compensation, charged.client_pays) == (1_000, 53_750)
    for change in ({"edition": Edition("2024")}, {"method": ContractMethod.TASK}):
        none = estimate(50_000, terms(certified=True, compensation=Compensation.CHARGED, **change))
        assert (none.nomination_fee, none.compensation) == (0, 0)
        assert "note-compensation-not-applied" in none.notes


def test_withholding_over_a_million() -> None:
    assert estimate(1_000_000, terms(tax=Tax.EXCLUDED, withholding=True)).withholding == 102_100
    assert estimate(1_500_000, terms(tax=Tax.EXCLUDED, withholding=True)).withholding == 204_200


any_terms = st.builds(
    ContractTerms,
    on=st.sampled_from([date(2016, 1, 1), date(2019, 9, 30), date(2022, 9, 30), TODAY]),
    edition=st.sampled_from([Edition("2016"), Edition("2024")]),
    tax=st.sampled_from(Tax),
    method=st.sampled_from(ContractMethod),
    certified=st.booleans(),
    compensation=st.sampled_from(Compensation),
    withholding=st.booleans(),
)
anywhere = st.one_of(
    st.integers(1, 400), st.integers(99_900, 100_100), st.integers(999_000, 1_101_000), st.integers(1, 10**9)
)


@given(anywhere, any_terms)
@settings(max_examples=200)
def test_the_sum_adds_up_and_lines_are_positive(amount: int, these: ContractTerms) -> None:
    found = estimate(amount, these)
    assert found.take_home == found.contract_total - found.system_fee - found.withholding + found.nomination_fee
    assert found.client_pays == found.contract_total + found.client_fee + found.client_fee_tax + found.compensation
    assert found.contract_total == found.contract_excluding_tax + found.consumption_tax
    assert all(line.amount > 0 for line in found.lines)


@given(anywhere, any_terms)
@settings(max_examples=150)
def test_take_home_falls_by_a_yen_at_most_or_two_with_withholding(amount: int, these: ContractTerms) -> None:
    smaller = [estimate(each, these).take_home for each in range(max(1, amount - 12), amount)]
    if smaller:
        assert estimate(amount, these).take_home >= max(smaller) - (2 if these.withholding else 1)


@given(st.integers(40, 500), st.one_of(st.just(1), st.integers(99_000, 101_000), st.integers(999_000, 1_100_000)), any_terms, st.sampled_from(SolveFor))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_the_reverse_is_what_brute_force_finds(step: int, base: int, these: ContractTerms, goal: SolveFor) -> None:
    values = {each: getattr(estimate(each, these), goal) for each in range(base, base + 600)}
    target = values[base + step]
    if base > 1 and min(list(values.values())[:5]) > target - 15:
        return  # the smallest might lie before what was tried
    found = solve(goal, Yen(target), these)
    assert found.contract == min(each for each, value in values.items() if value >= target)
    assert found.exact == (values[found.contract] == target)
    assert found.nearest_below == max((value for value in values.values() if value < target), default=None)
    assert found.nearest_above == min(value for value in values.values() if value > target)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("50,000", 50_000), ("¥50000", 50_000), ("50000円", 50_000), ("5万", 50_000), ("1.5万", 15_000),
        ("2万5000", 25_000), ("1億", 100_000_000), ("５００００", 50_000), ("￥５０，０００円", 50_000), ("10億", 10**9),
        (" 5万円 ", 50_000), ("1", 1), ("五万円", 50_000), ("5百", 500), ("2万五千", 25_000), ("¥50,000-", 50_000),
        ("税込50,000円", 50_000), ("50,000円（税込）", 50_000), ("50000円也", 50_000), ("50k", 50_000), ("５萬円", 50_000),
        ("五十万", 500_000), ("三百五十", 350), ("1億2千万", 120_000_000), ("1.5k", 1_500),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(written: str, amount: int) -> None:
    assert parse_amount(written) == amount


@pytest.mark.parametrize(
    "written",
    ["5,0000", "1e5", "5²", "1.23456万", "0", "-5", "1000000001", "1.5", "", "万", "2.5万5000", "2万50000", "５０.０", "x", "9" * 999, "約5万", "5万〜6万", "5万-6万",
     "50,000-60,000", "5万円くらい", "5万円以上", "税抜5万", "5五", "五5", "万5千", "十十", "五万円五"],
)  # fmt: skip
def test_amounts_that_are_refused(written: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_amount(written)


@given(st.text(max_size=30))
@settings(max_examples=200)
def test_no_text_breaks_the_reader(written: str) -> None:
    try:
        assert 1 <= parse_amount(written) <= 10**9
    except InvalidInputError:
        pass
