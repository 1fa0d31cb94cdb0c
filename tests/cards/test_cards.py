"""Each card of a member's weeks, word for word."""

import os
import re
from pathlib import Path
from typing import Final
from unicodedata import east_asian_width

import pytest

from bot.domain.types import Locale
from tests.helpers.every_card import play_once

GOLDEN: Final = Path(__file__).parent / "golden"
LOCALES: Final = ("ja", "en")
MAX_SELECT_COLUMNS: Final = 27
"""Columns of a select's prompt on a phone; a kanji takes two."""


@pytest.mark.parametrize("locale", LOCALES)
def test_every_card_says_what_it_said(locale: Locale, tmp_path_factory: pytest.TempPathFactory) -> None:
    cards = {
        f"{feature}.txt": "\n".join(f"## {action}\n{text}\n" for text, action in shown.items())
        for feature, shown in play_once(locale, tmp_path_factory).cards.items()
    }
    folder = GOLDEN / locale
    if os.environ.get("WRITE_GOLDEN"):
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            file.unlink()
        for name, text in cards.items():
            (folder / name).write_text(text, encoding="utf-8")
    assert cards == {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}, "see tests/cards"


@pytest.mark.parametrize("locale", LOCALES)
def test_commands_are_mentions_in_texts_and_plain_in_labels(locale: Locale) -> None:
    """In the golden files, which the test above compares with the cards."""
    files = [file.read_text(encoding="utf-8") for file in (GOLDEN / locale).iterdir()]
    lines = [line for text in files for line in text.splitlines() if not line.startswith("## ")]
    assert [line for line in lines if "`/" in line] == []
    assert [line for line in lines if line.startswith(("[", "<", "  ")) and "</" in line] == []
    assert sum("</" in line for line in lines) > 20


@pytest.mark.parametrize("locale", LOCALES)
def test_what_a_select_asks_for_fits_on_a_phone(locale: Locale) -> None:
    texts = "\n".join(path.read_text(encoding="utf-8") for path in (GOLDEN / locale).glob("*.txt"))
    prompts = set(re.findall(r"^<([^:<>]+)>$", texts, re.MULTILINE))
    assert prompts
    widths = {prompt: sum(1 + (east_asian_width(letter) in "WF") for letter in prompt) for prompt in prompts}
    too_wide = {prompt for prompt, width in widths.items() if width > MAX_SELECT_COLUMNS}
    assert too_wide <= {"ランサーズに表示されているランク"}, "one of its ranks is always chosen"
