"""Fees: every checked example of the facts, amounts as people write them, and what must always hold."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.fees.estimate import AMOUNT_NAMES, Estimate, estimate_fees
from bot.domain.fees.query import FeeQuery, compute_fees
from bot.domain.fees.reverse import SolveFor, find_contracts_for_target
from bot.domain.fees.terms import Compensation, ContractTerms, Tax
from bot.domain.types import ContractMethod, Edition, Yen
from bot.errors import InvalidInputError
from bot.parsing.fee_query import parse_fee_query
from tests.helpers.amounts import examples

TODAY = date(2026, 11, 24)


def terms(**changes: object) -> ContractTerms:
    return ContractTerms(**{"on": TODAY, "edition": Edition("2016"), **changes})  # type: ignore[arg-type]


def test_the_checked_examples() -> None:
    found = estimate_fees(50_000, terms())
    assert (found.client_pays, found.take_home) == (52_750, 41_750)
    found = estimate_fees(10_000, terms(tax=Tax.EXCLUDED))
    assert (found.contract_total, found.system_fee, found.take_home) == (11_000, 1_815, 9_185)
    found = estimate_fees(75_000, terms(tax=Tax.EXCLUDED))
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
    found = estimate_fees(300_000, terms(on=on))
    assert (found.system_fee, found.client_fee, found.consumption_tax) == (system, client, tax)


def test_the_certified_programme_goes_by_the_edition() -> None:
    assert estimate_fees(10_000, terms(certified=True)).nomination_fee == 50
    assert estimate_fees(50_000, terms(certified=True)).nomination_fee == 150
    charged = estimate_fees(50_000, terms(certified=True, compensation=Compensation.CHARGED))
    assert (charged.compensation, charged.client_pays) == (1_000, 53_750)
    for change in ({"edition": Edition("2024")}, {"method": ContractMethod.TASK}):
        none = estimate_fees(50_000, terms(certified=True, compensation=Compensation.CHARGED, **change))
        assert (none.nomination_fee, none.compensation) == (0, 0)
        assert "note-compensation-not-applied" in none.notes


@pytest.mark.parametrize(("on", "ended"), [(date(2017, 12, 31), False), (date(2018, 1, 1), True)])
def test_the_end_of_the_programme_is_noted_from_the_day_after_it(on: date, *, ended: bool) -> None:
    estimated = estimate_fees(50_000, terms(certified=True, on=on))
    assert ("note-nomination-end" in estimated.notes) is ended
    assert ("period" in confidences(estimated, "nomination_fee")) is ended


@pytest.mark.parametrize(("on", "has_begun"), [(date(2015, 10, 6), False), (date(2015, 10, 7), True)])
def test_a_contract_from_before_the_programme_says_so(on: date, *, has_begun: bool) -> None:
    """It holds whatever the day is, but on this one it was not in force."""
    estimated = estimate_fees(50_000, terms(certified=True, compensation=Compensation.CHARGED, on=on))
    for line_id in ("nomination_fee", "compensation"):
        [line] = [each for each in estimated.lines if each.id == line_id]
        assert ("fee-period-programme-not-begun" in {part.text for part in line.parts}) is not has_begun


def test_the_nearest_figures_are_below_and_above_one_that_is_reached() -> None:
    target = estimate_fees(100_000, terms()).take_home
    found = find_contracts_for_target(SolveFor.TAKE_HOME, target, terms())
    assert (found.exact, found.nearest_below, found.nearest_above) == (True, target - 1, target + 1)


@pytest.mark.parametrize(("count", "noted"), [(1, False), (2, True)])
def test_more_than_one_piece_is_noted(count: int, *, noted: bool) -> None:
    assert ("note-count" in estimate_fees(50_000, terms(count=count)).notes) is noted


def test_hourly_fees_are_taken_of_the_amount_without_tax() -> None:
    hourly = estimate_fees(100_000, terms(tax=Tax.EXCLUDED, method=ContractMethod.HOURLY))
    assert (hourly.client_fee, hourly.client_fee_tax, hourly.client_pays) == (5_000, 500, 115_500)
    assert (hourly.system_fee, hourly.take_home) == (16_500, 93_500)
    before = estimate_fees(100_000, terms(tax=Tax.EXCLUDED, method=ContractMethod.HOURLY, on=date(2022, 9, 30)))
    assert (before.client_fee, before.client_fee_tax, before.system_fee) == (3_000, 0, 21_000)
    assert confidences(before, "client_fee") == {"rate": "official", "base": "assumed", "period": "assumed"}


@pytest.mark.parametrize("method", [ContractMethod.MONTHLY, ContractMethod.PACKAGE])
@pytest.mark.parametrize("on", [date(2015, 1, 1), date(2019, 1, 1), TODAY])
def test_monthly_work_and_packages_are_reckoned_as_projects(method: ContractMethod, on: date) -> None:
    figures, project = estimate_fees(345_678, terms(method=method, on=on)), estimate_fees(345_678, terms(on=on))
    assert all(getattr(figures, name) == getattr(project, name) for name in AMOUNT_NAMES)
    assert "note-method-as-project" in figures.notes


def test_the_clients_discount() -> None:
    discounted = estimate_fees(100_000, terms(client_discount=True))
    assert (discounted.client_fee, discounted.client_fee_tax) == (3_000, 300)
    assert confidences(discounted, "client_fee") == {"rate": "official", "base": "official", "period": "assumed"}
    assert estimate_fees(100_000, terms(client_discount=True, on=date(2022, 11, 1))).client_fee == 3_000
    before = estimate_fees(100_000, terms(client_discount=True, on=date(2022, 10, 31)))
    assert (before.client_fee, before.client_fee_tax) == (5_000, 500)
    assert "note-client-discount-none" in before.notes


def confidences(estimated: Estimate, line_id: str) -> dict[str, str]:
    [line] = [line for line in estimated.lines if line.id == line_id]
    return {part.kind.value: part.provenance.confidence for part in line.parts}


@pytest.mark.parametrize(
    ("amount", "changes", "line_id", "expected"),
    [
        (50_000, {}, "system_fee", {"rate": "official", "base": "official"}),
        (50_001, {}, "system_fee", {"rate": "official", "base": "official", "rounding": "assumed"}),
        (82_500, {}, "system_fee", {"rate": "official", "base": "official", "rounding": "official"}),
        (82_500, {}, "client_fee_tax", {"rate": "official", "rounding": "official"}),
        (82_500, {"on": date(2022, 10, 3)}, "client_fee_tax", {"rate": "official", "rounding": "assumed"}),
        (50_000, {}, "consumption_tax", {"rate": "official", "rounding": "assumed"}),
        (50_000, {"on": date(2019, 1, 1)}, "consumption_tax", {"rate": "official", "rounding": "assumed"}),
        (50_000, {"on": date(2019, 1, 1)}, "system_fee", {"rate": "secondary", "base": "secondary"}),
        (100_000, {"on": date(2016, 8, 3)}, "system_fee", {"rate": "official", "base": "official"}),
        (100_001, {"on": date(2016, 8, 3)}, "system_fee",
         {"rate": "assumed", "base": "assumed", "period": "assumed", "rounding": "assumed"}),
        (50_000, {"certified": True}, "nomination_fee", {"rate": "article", "base": "assumed", "period": "assumed"}),
        (50_000, {"certified": True, "on": date(2017, 12, 31)}, "nomination_fee", {"rate": "article", "base": "assumed"}),
        (100_000, {"withholding": True, "tax": Tax.EXCLUDED}, "withholding",
         {"rate": "official", "base": "secondary", "period": "official"}),
    ],
)  # fmt: skip
def test_confidence_is_said_of_every_part(
    amount: int, changes: dict[str, object], line_id: str, expected: dict[str, str]
) -> None:
    assert confidences(estimate_fees(amount, terms(**changes)), line_id) == expected


@pytest.mark.parametrize(
    ("amount", "on", "method", "expected"),
    [
        (100_000, date(2016, 8, 3), ContractMethod.PROJECT, set()),
        (100_001, date(2016, 8, 3), ContractMethod.PROJECT, {"note-system-fee-contradicted"}),
        (100_000, date(2016, 8, 4), ContractMethod.PROJECT, set()),
        (100_000, date(2022, 9, 30), ContractMethod.HOURLY, {"note-system-fee-assumed"}),
    ],
)
def test_the_note_on_the_system_fee_says_no_more_than_its_line(
    amount: int, on: date, method: ContractMethod, expected: set[str]
) -> None:
    notes = estimate_fees(amount, terms(on=on, method=method)).notes
    assert {note for note in notes if note.startswith("note-system-fee")} == expected


def test_withholding_over_a_million() -> None:
    assert estimate_fees(1_000_000, terms(tax=Tax.EXCLUDED, withholding=True)).withholding == 102_100
    assert estimate_fees(1_500_000, terms(tax=Tax.EXCLUDED, withholding=True)).withholding == 204_200


any_terms = st.builds(
    ContractTerms,
    on=st.sampled_from([date(2016, 1, 1), date(2019, 9, 30), date(2022, 9, 30), date(2022, 10, 31), TODAY]),
    edition=st.sampled_from([Edition("2016"), Edition("2024")]),
    tax=st.sampled_from(Tax),
    method=st.sampled_from(ContractMethod),
    count=st.sampled_from([1, 1, 2, 7, 1000]),
    certified=st.booleans(),
    compensation=st.sampled_from(Compensation),
    client_discount=st.booleans(),
    withholding=st.booleans(),
)
anywhere = st.one_of(
    st.integers(1, 400), st.integers(99_900, 100_100), st.integers(999_000, 1_101_000), st.integers(1, 10**9)
)


@given(anywhere, any_terms)
@settings(max_examples=examples(200))
def test_the_sum_adds_up_and_lines_are_positive(amount: int, these: ContractTerms) -> None:
    found = estimate_fees(amount, these)
    assert found.take_home == found.contract_total - found.system_fee - found.withholding + found.nomination_fee
    assert found.client_pays == found.contract_total + found.client_fee + found.client_fee_tax + found.compensation
    assert found.contract_total == found.contract_excluding_tax + found.consumption_tax
    assert all(line.amount > 0 for line in found.lines)
    assert sum(line.amount for line in found.client_payment_lines) == found.client_pays
    figures = {name: getattr(found, name) for name in AMOUNT_NAMES if name in LINE_IDS}
    assert {line.id: line.amount for line in found.lines} == {name: yen for name, yen in figures.items() if yen}


LINE_IDS = set(AMOUNT_NAMES) - {"contract_total", "client_pays", "take_home"}


@given(anywhere, any_terms)
@settings(max_examples=examples(100))
def test_pieces_are_one_piece_multiplied(amount: int, these: ContractTerms) -> None:
    one, all_pieces = estimate_fees(amount, replace(these, count=1)), estimate_fees(amount, these)
    assert all(getattr(all_pieces, name) == these.count * getattr(one, name) for name in AMOUNT_NAMES)


@given(st.decimals("0.01", "2000", places=2), st.integers(100, 100_000), any_terms)
@settings(max_examples=examples(100))
def test_hours_and_their_rate_are_the_amount(hours: Decimal, rate: int, these: ContractTerms) -> None:
    amount = int(hours * rate)
    if not 1 <= amount <= 10**9:
        return
    by_hours = compute_fees(parse_fee_query(hours=str(hours), hourly_rate=str(rate), count=str(these.count)), these)
    by_amount = compute_fees(parse_fee_query(str(amount), count=str(these.count)), these)
    assert by_hours.estimate.lines == by_amount.estimate.lines
    assert ("note-hours-truncated" in by_hours.estimate.notes) == (hours * rate != amount)


@pytest.mark.parametrize("solve_for", ["take_home", "client_pays"])
@pytest.mark.parametrize(("hours", "is_cut"), [("12.3", True), ("12", False)])
def test_a_rate_that_was_searched_for_says_whether_its_pay_was_cut_off(
    solve_for: str, hours: str, *, is_cut: bool
) -> None:
    these = ContractTerms(on=date(2026, 11, 24), edition=Edition("2024"), method=ContractMethod.HOURLY)
    found = compute_fees(parse_fee_query(**{solve_for: "50000"}, hours=hours), these)
    assert (Decimal(hours) * (found.contract.hourly_rate or 0) != found.contract.amount) is is_cut
    assert ("note-hours-truncated" in found.estimate.notes) is is_cut


@given(anywhere, any_terms)
@settings(max_examples=examples(150))
def test_take_home_falls_by_a_few_yen_at_most(amount: int, these: ContractTerms) -> None:
    """Each truncation that goes the other way costs a yen: of the fee, of the tax, of what is withheld."""
    these = replace(these, count=1)
    smaller = [estimate_fees(each, these).take_home for each in range(max(1, amount - 12), amount)]
    if smaller:
        assert estimate_fees(amount, these).take_home >= max(smaller) - (2 if these.withholding else 1)


@pytest.mark.slow
@given(st.integers(40, 500), st.one_of(st.just(1), st.integers(99_000, 101_000), st.integers(999_000, 1_100_000)), any_terms, st.sampled_from(SolveFor))  # fmt: skip
@settings(max_examples=examples(60))
def test_the_reverse_is_what_brute_force_finds(step: int, base: int, these: ContractTerms, solve_for: SolveFor) -> None:
    values = {each: getattr(estimate_fees(each, these), solve_for) for each in range(base, base + 600)}
    target = values[base + step]
    if base > 1 and min(list(values.values())[:5]) > target - 15 * these.count:
        return  # the smallest might lie before what was tried
    found = find_contracts_for_target(solve_for, Yen(target), these)
    assert found.smallest.amount == min(each for each, value in values.items() if value >= target)
    assert found.exact == (values[found.smallest.amount] == target)
    assert found.nearest_below == max((value for value in values.values() if value < target), default=None)
    assert found.nearest_above == min(value for value in values.values() if value > target)


hours_of_work = st.one_of(st.none(), st.builds(Fraction, st.integers(10, 5000), st.just(20)))


@given(st.one_of(st.integers(1, 3000), st.integers(1, 10**9)), any_terms, hours_of_work)
@settings(max_examples=examples(150))
def test_within_a_budget_is_the_largest_contract(target: int, these: ContractTerms, hours: Fraction | None) -> None:
    found = find_contracts_for_target(SolveFor.CLIENT_PAYS, Yen(target), these, hours)
    within = found.within_budget

    def cost(units: int) -> int:
        return estimate_fees(units if hours is None else int(hours * units), these).client_pays

    if within is None:
        assert cost(1 if hours is None else ceil(1 / hours)) > target
        return
    units = within.amount if within.hourly_rate is None else within.hourly_rate
    assert within.estimate.client_pays == cost(units) <= target < cost(units + 1)
    assert within.amount <= found.smallest.amount
    assert (within.amount == found.smallest.amount) == (within.estimate.client_pays == target) or hours is not None


@given(st.integers(1, 10**7), any_terms, hours_of_work)
@settings(max_examples=examples(80))
def test_the_reverse_reaches_its_target_and_no_smaller_one_does(
    target: int, these: ContractTerms, hours: Fraction | None
) -> None:
    found = find_contracts_for_target(SolveFor.TAKE_HOME, Yen(target), these, hours).smallest
    units = found.amount if found.hourly_rate is None else found.hourly_rate
    assert found.estimate.take_home >= target
    for fewer in range(max(1, units - 15), units):
        amount = fewer if hours is None else int(hours * fewer)
        assert amount == 0 or estimate_fees(amount, these).take_home < target


def test_a_budget_is_never_passed() -> None:
    """A member who asks what fits ¥100,000 is not offered what costs ¥100,001."""
    result = compute_fees(FeeQuery(amount=Yen(100_000), solve_for=SolveFor.CLIENT_PAYS), terms())
    assert (result.contract.amount, result.estimate.client_pays) == (94_788, 100_000)
    result = compute_fees(FeeQuery(amount=Yen(100_001), solve_for=SolveFor.CLIENT_PAYS, count=3), terms())
    assert (result.contract.amount, result.estimate.client_pays) == (31_597, 99_999)
    nothing = compute_fees(FeeQuery(amount=Yen(2), solve_for=SolveFor.CLIENT_PAYS, count=3), terms())
    assert nothing.reverse is not None
    assert nothing.reverse.within_budget is None


def test_the_words_of_an_amount_go_before_the_option() -> None:
    result = compute_fees(parse_fee_query("税抜50,000円"), terms(tax=Tax.INCLUDED))
    assert result.estimate.contract_total == 55_000


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"hours": "20"}, "fee-rate-missing"), ({"hourly_rate": "3000"}, "fee-hours-missing"), ({}, "fee-one-amount"),
        ({"amount": "5", "hours": "20", "hourly_rate": "3000"}, "fee-one-amount"), ({"amount": "5", "hours": "20"}, "fee-one-amount"),
        ({"take_home": "5", "hourly_rate": "3000", "hours": "2"}, "fee-one-amount"), ({"take_home": "5", "client_pays": "5"}, "fee-one-amount"),
        ({"hours": "0", "hourly_rate": "3000"}, "fee-hours"), ({"hours": "-1", "hourly_rate": "3000"}, "fee-hours"),
        ({"hours": "1e3", "hourly_rate": "3000"}, "fee-hours"), ({"hours": "100001", "hourly_rate": "1"}, "fee-hours"),
        ({"hours": "0.1", "hourly_rate": "3"}, "amount-range"), ({"hours": "99999", "hourly_rate": "99999"}, "amount-range"),
        ({"amount": "5", "count": "0"}, "fee-count"), ({"amount": "5", "count": "1.5"}, "fee-count"), ({"amount": "5", "count": "-3"}, "fee-count"),
        ({"client_pays": "税抜10万"}, "fee-target-excluded"),
    ],
)  # fmt: skip
def test_half_a_question_is_asked_about(options: dict[str, str], error: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        parse_fee_query(**options)
    assert raised.value.message_id == error
