"""Words of the texts a member reads: one word for one thing, and nothing that is untrue of some card."""

import re

import pytest

from bot.i18n.translations import TEXTS_DIR

MEMBER_FILES = ("direct-messages", "help", "history", "pending", "recording", "reminders")
UNWANTED = {
    "en": (
        r"\byour answer\b",  # a client gets a reply; an answer is what a question of the bot gets
        r"= .*\{ \$count \} messages",  # a count has a form for one
        r"\bat \{ \$at \}\. Nothing",  # Discord writes "November 24, 2026 at 10:00 AM" there
    ),
    "ja": (r"この質問は.*ほかの方のもの",),
}
NEUTRAL = {"ja": ("受信", "返信"), "en": ("message", "reply")}


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_no_unwanted_word(locale: str) -> None:
    for name in MEMBER_FILES:
        written = (TEXTS_DIR / locale / f"{name}.ftl").read_text(encoding="utf-8")
        for unwanted in UNWANTED[locale]:
            assert re.search(unwanted, written) is None, (name, unwanted)


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_a_record_that_was_undone_may_have_been_a_reply(locale: str) -> None:
    """The same sentence stands on receipts of messages and of replies."""
    written = (TEXTS_DIR / locale / "pending.ftl").read_text(encoding="utf-8")
    [line] = re.findall(r"^shown-removed = (.*)$", written, re.MULTILINE)
    assert not [word for word in NEUTRAL[locale] if word in line]
