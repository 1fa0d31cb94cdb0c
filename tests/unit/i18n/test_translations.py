"""Every sentence comes out as Fluent itself would write it, whichever way it is made."""

import re
from collections import Counter
from functools import cache
from typing import get_args

import pytest
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message

from bot.domain.certification.editions import edition_names, get_edition
from bot.domain.types import Locale
from bot.i18n.translations import TEXTS_DIR, get_translations, text_variable_names
from tests.helpers.wording import says

LOCALES = get_args(Locale)


@cache
def fluent(locale: str) -> FluentBundle:
    bundle = FluentBundle([locale], use_isolating=False)
    for file in sorted((TEXTS_DIR / locale).glob("*.ftl")):
        source = re.sub(r"`(/[a-z][^`\n]*)`", r"\1", file.read_text(encoding="utf-8"))  # commands are plain here
        bundle.add_resource(FluentResource(source))
    return bundle


VALUES = ("", "制作会社A", "{ $name } {x} \\ %s", "0", "many", -1, 0, 1, 999, 1000, 1234)


@pytest.mark.slow
@pytest.mark.parametrize("locale", LOCALES)
def test_as_fluent_writes_it(locale: Locale) -> None:
    """All values in one test: Fluent takes long to read the files."""
    texts, bundle = get_translations(locale), fluent(locale)
    made = Counter[str | int]()
    for name, message in texts.messages.items():
        variables = sorted(text_variable_names(message))
        pattern = bundle.get_message(name).value
        assert pattern is not None
        for value in VALUES:
            arguments = dict.fromkeys(variables, value)
            expected, faults = bundle.format_pattern(pattern, arguments)
            if not faults:
                assert texts(name, **arguments) == expected
                made[value] += 1
    assert {value: made[value] > 500 for value in VALUES} == dict.fromkeys(VALUES, True)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_of_the_files_is_known(locale: Locale) -> None:
    files = [file.read_text(encoding="utf-8") for file in sorted((TEXTS_DIR / locale).glob("*.ftl"))]
    entries = [entry for file in files for entry in FluentParser().parse(file).body]
    assert list(get_translations(locale).messages) == [entry.id.name for entry in entries if isinstance(entry, Message)]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_variable_or_a_text_that_is_missing_is_our_fault(locale: Locale) -> None:
    texts = get_translations(locale)
    with pytest.raises(KeyError):
        texts(next(name for name, message in texts.messages.items() if text_variable_names(message)), other="x")
    with pytest.raises(KeyError):
        texts("no-such-text", other="x")


def test_where_a_rule_is_known_from_is_said_once_and_in_the_readers_language() -> None:
    for locale in LOCALES:
        said = says("rule-source", locale, confidence="article", source="")
        for rules in map(get_edition, edition_names()):
            for each in rules.criteria:
                known = get_translations(locale)("rule-source", confidence=each.confidence, source=each.source)
                assert known == said if each.confidence == "article" else known.endswith(each.source)
