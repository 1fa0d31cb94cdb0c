"""The longest texts that stay as they are."""

import pytest

from bot.domain.lancers_pages import is_lancers_page
from bot.domain.names import clean_title, title_with_suffix
from bot.domain.text import cut_text, excerpt_of_words


@pytest.mark.parametrize(("length", "shown"), [(40, "あ" * 40), (41, "あ" * 40 + "…")])
def test_an_excerpt_has_40_characters(length: int, shown: str) -> None:
    assert excerpt_of_words("あ" * length) == shown


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
