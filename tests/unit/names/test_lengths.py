"""The longest texts that stay as they are."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.domain.certification.editions import get_edition
from bot.domain.lancers_pages import is_lancers_page
from bot.domain.names import clean_title, title_with_suffix
from bot.domain.text import cut_text, format_excerpt
from bot.domain.zones import parse_zone_name
from bot.errors import InvalidInputError
from bot.parsing.day import parse_day
from bot.parsing.displayed_figures import parse_percent
from bot.parsing.fee_query import parse_piece_count
from bot.parsing.history_csv import parse_iso_instant
from bot.parsing.jobs_csv import parse_job_count, parse_job_evaluation
from bot.parsing.times.resolver import parse_time

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FAMILIES = "👨‍👩‍👧" * 9
"""Each has five characters."""


@pytest.mark.parametrize(("length", "shown"), [(40, "あ" * 40), (41, "あ" * 39 + "…")])
def test_an_excerpt_has_40_characters(length: int, shown: str) -> None:
    assert format_excerpt("あ" * length) == shown


@pytest.mark.parametrize(
    "parse",
    [
        get_edition,
        parse_zone_name,
        parse_percent,
        parse_piece_count,
        parse_job_count,
        parse_job_evaluation,
        lambda text: parse_day(text, now=NOW),
        lambda text: parse_iso_instant(text, UTC),
        lambda text: parse_time(text, now=NOW, zone=UTC),
    ],
)
def test_an_error_says_that_it_repeats_a_part(parse: Callable[[str], object]) -> None:
    with pytest.raises(InvalidInputError) as raised:
        parse("あ\u3000い" + FAMILIES)
    assert raised.value.arguments["written"] == "あ い" + FAMILIES[: 7 * 5] + "…"


@pytest.mark.parametrize(
    ("whole", "length", "kept"),
    [
        ("ぬねの", 3, "ぬねの"),
        ("ぬねのは", 3, "ぬね…"),
        ("甲👩🏽‍💻乙丙", 6, "甲👩🏽‍💻…"),
        ("甲👩🏽‍💻乙丙", 5, "甲…"),
        ("甲👩🏽‍💻乙丙", 3, "甲…"),
        ("🏳️‍🌈🏳️‍🌈🏳️‍🌈", 8, "🏳️‍🌈…"),
        ("甲🇯🇵🇺🇸乙", 5, "甲🇯🇵…"),
        ("カ\u3099カ\u3099カ\u3099", 4, "カ\u3099…"),
        ("\u0301" * 9, 4, "\u0301" * 3 + "…"),
    ],
)
def test_a_cut_splits_no_letter_and_no_emoji(whole: str, length: int, kept: str) -> None:
    assert cut_text(whole, length) == kept


@pytest.mark.parametrize(("length", "kept"), [(100, 100), (101, 100)])
def test_a_title_has_100_characters(length: int, kept: int) -> None:
    for letter in "あ-":
        assert clean_title(letter * length) == letter * kept


@pytest.mark.parametrize(("last", "known"), [(20, True), (21, False)])
def test_a_step_of_the_path_of_a_page_has_20_letters(last: int, *, known: bool) -> None:
    path = f"/message/{'1' * 12}/{'a' * 20}/{'a' * 20}/{'a' * last}"
    assert is_lancers_page(path) is known


@pytest.mark.parametrize("length", [0, 1, 94, 95, 96, 97, 100, 130])
def test_a_suffix_of_a_title_is_never_cut_off(length: int) -> None:
    titles = [title_with_suffix("あ " * (length // 2) + "い" * (length % 2), f"({number})") for number in (2, 3)]
    assert [clean_title(title) for title in titles] == titles
    assert len(set(titles)) == 2
