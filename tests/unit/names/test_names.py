"""Names that look alike match, what nobody can see is no name, and what is shown stays as written."""

import pytest

from bot.discord_app.ui.formatting import escape_name
from bot.domain.names import clean_name, client_key, title_key

ALIKE = [
    ("花\N{WAVE DASH}る", "花\N{FULLWIDTH TILDE}る"),
    ("A\N{MINUS SIGN}B", "A\N{FULLWIDTH HYPHEN-MINUS}B"),
    ("A\N{DOUBLE VERTICAL LINE}B", "A\N{PARALLEL TO}B"),
    ("A\N{EM DASH}B", "A\N{HORIZONTAL BAR}B"),
    ("花❤\N{VARIATION SELECTOR-16}", "花❤"),
    ("葛\N{VARIATION SELECTOR-17}城", "葛城"),
    ("田中\N{ZERO WIDTH JOINER}", "田中"),
    ("田\N{ZERO WIDTH JOINER}中", "田中"),
    ("田中\N{HANGUL FILLER}様", "田中"),
    ("田中\N{BRAILLE PATTERN BLANK}", "田中"),
    ("Ａ社", "A社 "),
]
DIFFERENT = [("花\N{WAVE DASH}る", "花ーる"), ("👨‍👩‍👧", "👨👩👧"), ("花👨‍👩", "花👨👩"), ("A-B", "AB"), ("カ", "力")]
UNSEEN = ["\N{HANGUL FILLER}", "\N{BRAILLE PATTERN BLANK}" * 3, "\N{ZERO WIDTH JOINER}", "\N{VARIATION SELECTOR-16}",
    "\N{HANGUL CHOSEONG FILLER} \N{HANGUL JUNGSEONG FILLER}", "\N{HALFWIDTH HANGUL FILLER}", " \t", "\N{COMBINING ACUTE ACCENT}",
    "\N{ZERO WIDTH SPACE}\N{WORD JOINER}", "\N{KHMER VOWEL INHERENT AQ}"]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_look_alike_are_one_client(one: str, other: str) -> None:
    assert client_key(one) == client_key(other)
    assert title_key(clean_name(one)) == title_key(clean_name(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_look_different_are_two_clients(one: str, other: str) -> None:
    assert client_key(one) != client_key(other)


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_nobody_can_see_is_none(name: str) -> None:
    assert (clean_name(name), client_key(name), title_key(name)) == ("", "", "")


@pytest.mark.parametrize(
    "name",
    [
        "花\N{WAVE DASH}る",
        "A\N{EM DASH}B",
        "👨‍👩‍👧",
        "花❤\N{VARIATION SELECTOR-16}",
        "葛\N{VARIATION SELECTOR-17}城",
    ],
)
def test_what_is_shown_stays_as_written(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("name", "text"), [("> A社", "\\> A社"), ("A > B", "A \\> B"), ("<@1>", "\\<@1\\>"), ("a\\>b", "a\\\\\\>b")]
)
def test_an_angle_bracket_is_escaped_once(name: str, text: str) -> None:
    assert escape_name(name) == text
