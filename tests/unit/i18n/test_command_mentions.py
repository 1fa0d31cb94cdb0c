"""A command in a text is a mention for members, and plain text elsewhere; never code that cannot be tapped."""

import re

import pytest
from discord import app_commands

from bot.discord_app.features.all_features import COMMANDS
from bot.discord_app.ui.formatting import format_label
from bot.domain.types import Locale
from bot.i18n.command_mentions import set_command_ids
from bot.i18n.translations import TEXTS_DIR, get_translations, text_variable_names

OPERATOR_FILES = {"backup", "cli", "doctor", "environment", "health", "operator", "page", "rehearse", "storage"}
"""Texts of the command line and of the page."""

NAMES = sorted(
    command.qualified_name
    for top in COMMANDS
    for command in (top.walk_commands() if isinstance(top, app_commands.Group) else (top,))
    if isinstance(command, app_commands.Command)
)
IDS = {name: 10**18 + number for number, name in enumerate(NAMES)}
PLAIN = re.compile(rf"(?<![\w<:/.])/({'|'.join(NAMES)}|job|inbox)\b")


def texts_of(locale: Locale) -> dict[str, str]:
    """Every text, with a figure for each variable."""
    texts = get_translations(locale)
    return {
        text_id: texts(text_id, **dict.fromkeys(text_variable_names(message), 5))
        for text_id, message in texts.messages.items()
        if message.value is not None
    }


def ids_of_texts(locale: Locale, file: str) -> list[str]:
    return re.findall(r"^([a-z][\w-]*) =", (TEXTS_DIR / locale / f"{file}.ftl").read_text("utf-8"), re.MULTILINE)


def for_members(locale: Locale) -> set[str]:
    files = {file.stem for file in (TEXTS_DIR / locale).glob("*.ftl")} - OPERATOR_FILES
    return {text_id for file in files for text_id in ids_of_texts(locale, file)}


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_every_command_for_members_can_be_tapped(locale: Locale) -> None:
    set_command_ids(IDS)
    ids = for_members(locale)
    shown = {text_id: text for text_id, text in texts_of(locale).items() if text_id in ids}
    assert [text_id for text_id, text in shown.items() if "`/" in text] == []
    assert [text_id for text_id, text in shown.items() if PLAIN.search(text)] == []
    assert sum("</" in text for text in shown.values()) > 30


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_a_command_is_plain_before_its_id_is_known(locale: Locale) -> None:
    assert [text_id for text_id, text in texts_of(locale).items() if "`/" in text or "</" in text] == []


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_pictures_name_no_command(locale: Locale) -> None:
    set_command_ids(IDS)
    texts = texts_of(locale)
    assert [text_id for text_id in ids_of_texts(locale, "pictures") if "</" in texts[text_id]] == []


def test_both_kinds_of_texts() -> None:
    """One of literals and variables, and one in which Fluent chooses."""
    plain, choosing = "digest-off", "digest-waiting"
    texts = get_translations("en")
    assert "/settings" in texts(plain)
    assert "/pending" in texts(choosing, count=2)
    set_command_ids({"settings": 1, "pending": 2})
    assert "</settings:1> `digest`" in texts(plain)
    assert "</pending:2>" in texts(choosing, count=2)


def test_a_command_of_a_group_goes_by_both_names() -> None:
    set_command_ids({"job add": 7})
    assert re.findall(r"</(\w+ \w+):7>", get_translations("ja")("job-none")) == ["job add"]


def test_what_a_member_wrote_is_no_command() -> None:
    set_command_ids({"status": 1})
    texts = get_translations("ja")
    assert "</" not in texts("mute-unknown", client="`/status`") + texts("mute-unknown", client="/status")


def test_labels_have_plain_names() -> None:
    set_command_ids({"status": 1})
    assert format_label("Use </status:1> now") == "Use /status now"
