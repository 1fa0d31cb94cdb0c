"""Typed questions about fees: amounts, hours × rate, price × pieces, budgets, take-home; half of one is asked about."""

from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from bot.domain.fees.reverse import SolveFor
from bot.domain.fees.terms import Tax
from bot.domain.messages import LineRequest, LineRequestKind, ParseFailure, UnclearText
from bot.parsing.line.interpretation import parse_typed_lines

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def read(line: str) -> object:
    [item] = parse_typed_lines(line, "key", now=NOW, zone=ZoneInfo("Asia/Tokyo"), known_names=["田中"])
    return item


def reading(line: str) -> tuple[object, ...]:
    item = read(line)
    assert isinstance(item, LineRequest), item
    assert item.kind is LineRequestKind.FEE
    assert item.fee is not None
    fee = item.fee
    return fee.solve_for, fee.amount, fee.hours, fee.hourly_rate, fee.count, fee.tax


@pytest.mark.parametrize(
    "line",
    [
        "手数料 20時間×3000円", "手数料 20時間 × 3,000円", "手数料20時間×3000円は？", "手数料 3000円×20時間", "手数料 20時間 3000円",
        "手数料 時給3000円で20時間", "手数料 20時間、時給3000円", "手数料 1時間3000円×20時間", "20時間×3000円の手数料", "20時間×3000円の手取りは？",
        "手数料 ２０時間×３０００円", "fee 20h x 3000", "fee 20 hours × ¥3,000", "fee for 20 hours at 3000 yen", "fee 3000 x 20h",
        "what's the fee for 20h x 3,000 yen?", "fee 20 h × 3k", "手数料 3000円/h×20時間", "手数料 20hx3000",
    ],
)  # fmt: skip
def test_hours_and_an_hourly_rate(line: str) -> None:
    assert reading(line) == (None, 60_000, 20, 3_000, 1, None)


def test_the_pay_for_hours_is_a_thousand_million_yen_at_most() -> None:
    assert reading("手数料 1000時間×100万円") == (None, 1_000_000_000, 1000, 1_000_000, 1, None)
    refused = read("手数料 1000時間×1000001円")
    assert isinstance(refused, ParseFailure)
    assert refused.error.message_id == "amount-range"


@pytest.mark.parametrize(
    "line",
    [
        "手数料 5万円×3", "手数料 5万円 × 3件", "手数料 5万円x3", "手数料 3×5万円", "手数料 3件×5万円", "手数料 5万円を3件", "手数料 5万円 3本",
        "手数料 1件5万円×3件", "手数料 50000×3", "手数料 3×50000", "5万円×3の手数料", "手数料 5万円×3でいくら", "fee 50k x 3", "fee 50,000 × 3",
        "fee for 3 articles at 50,000 yen", "fee 50,000 yen each x 3", "fee 3 x ¥50,000",
    ],
)  # fmt: skip
def test_a_price_and_pieces(line: str) -> None:
    assert reading(line) == (None, 50_000, None, None, 3, None)


@pytest.mark.parametrize(
    "line",
    [
        "予算10万円", "予算 10万円", "予算は10万円", "予算10万円でいくら？", "予算10万円だと契約金額はいくら", "予算１０万円です", "10万円の予算",
        "予算10万円以内", "クライアントの予算 10万円", "クライアントの支払い 10万円", "支払額 10万円", "予算10万円なら手取りはいくら", "budget 100k",
        "budget: 100,000 yen", "budget of 100,000", "the client pays 100k", "my client has a budget of 100,000 yen",
    ],
)  # fmt: skip
def test_a_budget(line: str) -> None:
    assert reading(line) == (SolveFor.CLIENT_PAYS, 100_000, None, None, 1, None)


@pytest.mark.parametrize(
    "line",
    [
        "手取り5万円にしたい", "手取り 5万円にしたいです", "手取りを5万円にするには", "手取り5万円にするには？", "手取りで5万円ほしい", "手取り5万円欲しい",
        "手元に5万円残したい", "5万円手元に残したい", "5万円を手元に残すには", "手取り5万円になる契約金額は？", "手取り5万円になるようにしたい", "I want to keep 50k",
        "keep 50,000", "I'd like to keep ¥50,000", "how can I keep 50,000 yen?", "take home 50k", "to net 50k", "I want 50k after fees",
    ],
)  # fmt: skip
def test_what_is_to_be_kept(line: str) -> None:
    assert reading(line) == (SolveFor.TAKE_HOME, 50_000, None, None, 1, None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("手数料 税抜5万円", (None, 50_000, None, None, 1, Tax.EXCLUDED)),
        ("手数料 5万円（税抜）×3件", (None, 50_000, None, None, 3, Tax.EXCLUDED)),
        ("手数料 12.5時間×3,333円", (None, 41_662, Fraction(25, 2), 3_333, 1, None)),
        ("手数料 20時間×3000円×2件", (None, 60_000, 20, 3_000, 2, None)),
        ("予算10万円で3件", (SolveFor.CLIENT_PAYS, 100_000, None, None, 3, None)),
        ("予算10万円 20時間", (SolveFor.CLIENT_PAYS, 100_000, 20, None, 1, None)),
        ("手取り 5万円", (None, 50_000, None, None, 1, None)),
    ],
)
def test_more_of_a_question(line: str, expected: tuple[object, ...]) -> None:
    assert reading(line) == expected


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("手数料 20時間", "fee-rate-missing"), ("fee 20 hours", "fee-rate-missing"), ("手数料 時給3000円", "fee-hours-missing"),
        ("fee 3000 yen per hour", "fee-hours-missing"), ("手数料 3件", "fee-price-missing"), ("手数料 3×5", "fee-factors"),
        ("手数料 5000×3000", "fee-factors"), ("手数料 1000×3000", "fee-factors"), ("手数料 3000×1000", "fee-factors"), ("予算 約10万円", "amount-vague"), ("予算10万円〜20万円", "amount-vague"),
        ("予算10万円くらい", "amount-vague"), ("予算 税抜10万円", "fee-target-excluded"), ("手取り約5万円にしたい", "amount-vague"),
        ("手数料 0時間×3000円", "fee-hours"), ("手数料 5万円×0", "fee-count"), ("budget $500", "amount-unreadable"),
        ("手数料 税込5万円（税抜）", "amount-tax-contradiction"),
    ],
)  # fmt: skip
def test_what_is_half_understood_is_asked(line: str, error: str) -> None:
    item = read(line)
    assert isinstance(item, ParseFailure), item
    assert item.error.message_id == error


@pytest.mark.parametrize(
    "line",
    [
        "予算 田中さん", "予算について", "予算は10万円です。よろしくお願いします。", "手取りを増やしたい", "keep going", "予算10万円でお願いできますか", "田中さん 予算10万円",
        "client pays late", "手数料 5万円 たくさん",
    ],
)  # fmt: skip
def test_other_lines_are_no_questions_about_fees(line: str) -> None:
    assert not isinstance(read(line), LineRequest)


@pytest.mark.parametrize("line", ["手数料 わからない", "fee abc", "手数料 五百億千円"])
def test_what_is_no_amount_is_no_question_about_fees(line: str) -> None:
    assert isinstance(read(line), UnclearText)
