"""The page's words: every one that its files name is there, every one that is there is named."""

import re
from pathlib import Path

import pytest

from bot.domain.types import Locale
from bot.fake_discord.page.web_app import STATIC
from bot.i18n.translations import get_translations

ROOT = Path(__file__).parents[2]
FILES = {path.name: path.read_text(encoding="utf-8") for path in [*STATIC.glob("*.js"), *STATIC.glob("*.html")]}
BUILT = {"page-step-": ("forward", "remind", "status", "fee"), "page-theme-": ("dark", "light")}
"""Ids that are put together."""


def named() -> set[str]:
    found = set(re.findall(r'"(page-[a-z0-9-]*[a-z0-9])"', "\n".join(FILES.values())))
    for start, ends in BUILT.items():
        found |= {f"{start}{end}" for end in ends}
    found |= {f"page-step-{end}-about" for end in BUILT["page-step-"]}
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "cli").rglob("*.py"))
    return found | set(re.findall(r'"(page-[a-z-]+)"', code)) - {"page-"}


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_every_word_is_there_and_used(locale: Locale) -> None:
    file = ROOT / "bot" / "i18n" / locale / "page.ftl"
    there = set(re.findall(r"^(page-[a-z0-9-]+) =", file.read_text(encoding="utf-8"), re.MULTILINE))
    assert {text for text in there if not text.startswith("page-mail-")} == named()
    assert there <= get_translations(locale).with_prefix("page-").keys()


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_variables_stay_for_the_page_to_fill_in(locale: Locale) -> None:
    words = get_translations(locale).with_prefix("page-")
    assert "{$count}" in words["page-unread"]
    assert "{$name}" in words["page-unread"]
    assert {word for word in words.values() if "{" in word.replace("{$", "")} == set()


@pytest.mark.parametrize("name", sorted(FILES))
def test_nothing_is_put_in_as_markup_and_nothing_comes_from_elsewhere(name: str) -> None:
    code = FILES[name]
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "style=",
    ):
        assert forbidden not in code
    assert set(re.findall(r"https?://[\w.]+", code)) <= {"http://www.w3.org"}
    assert len(code.splitlines()) <= 300
