"""Bold text is bold, by Discord's rules and by CommonMark's, whatever name stands in it and whatever beside it."""

import html
import re
from collections.abc import Iterator

import pytest
from fluent.syntax.ast import Message, Pattern, Placeable, SelectExpression, StringLiteral, TextElement
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.discord_app.ui.formatting import bold, format_client_name, format_label
from bot.domain.names import clean_title
from bot.domain.types import Locale
from bot.i18n.translations import get_translations

DISCORD_BOLD = re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)")
"""The rule of Discord's app."""

TEXTS = get_translations("ja")
COMMON_MARK = MarkdownIt("commonmark")
HOSTILE = "*_`|~\\>#[](){}<>!?-+=.,:;'\"/@^$%「」『』（）【】〈〉・、。！？ー…〜★♪①山田さんAz09 "
NAMES = st.text(HOSTILE, min_size=1, max_size=12).map(clean_title).filter(bool)
BESIDE = st.sampled_from(["", "さん", "Studio", " ", "。", "（", "✅ ", "へ", "1", "**前**", ": "])


def strong(text: str) -> list[str]:
    return [html.unescape(part) for part in re.findall("<strong>(.*?)</strong>", COMMON_MARK.renderInline(text))]


def unescaped(text: str) -> str:
    return re.sub(r"\\([^\w\s]|_)", r"\1", text)


@given(name=NAMES, before=BESIDE, after=BESIDE)
def test_any_name_is_bold_and_nothing_else_is(name: str, before: str, after: str) -> None:
    text = f"{before.replace('**', '')}{bold(name)}{after.replace('**', '')}"
    assert strong(text) == [name]
    assert [unescaped(part) for part in DISCORD_BOLD.findall(text)] == [name]


@given(name=NAMES, length=st.integers(2, 12))
def test_a_name_that_was_cut_is_bold(name: str, length: int) -> None:
    text = f"前{format_client_name(TEXTS, name, length)}さん"
    assert strong(text) == [format_label(name, length)]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("制作会社A", "**制作会社A**"), ("Studio-B", "**Studio-B**"), ("「甲」", "\u200a**「甲」**\u200a")],
)
def test_only_punctuation_at_an_end_needs_a_space(name: str, shown: str) -> None:
    assert bold(name) == shown


def variants(pattern: Pattern, value: str) -> Iterator[str]:
    """Every form of a sentence, with a value for each variable."""
    forms = [""]
    for element in pattern.elements:
        match element:
            case TextElement(value=literal) | Placeable(expression=StringLiteral(value=literal)):
                pieces = [literal]
            case Placeable(expression=SelectExpression(variants=choices)):
                pieces = [form for choice in choices for form in variants(choice.value, value)]
            case _:
                pieces = [value]
        forms = [form + piece for form in forms for piece in pieces]
    yield from forms


@pytest.mark.parametrize("locale", ["ja", "en"])
@pytest.mark.parametrize("value", ["値", "（値）", "(x)", "9 %"])
def test_the_asterisks_of_every_text_make_bold_text(locale: Locale, value: str) -> None:
    messages: dict[str, Message] = get_translations(locale).messages
    forms = [
        (text_id, form)
        for text_id, message in messages.items()
        if message.value
        for form in variants(message.value, value)
    ]
    broken = [
        text_id
        for text_id, form in forms
        if "**" in form and any("**" in COMMON_MARK.renderInline(line) for line in form.split("\n"))
    ]
    assert broken == []
