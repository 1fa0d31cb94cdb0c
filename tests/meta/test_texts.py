"""Every text is in both languages with the same variables, and is used; every sentence in the code is a text."""

import ast
import re

import pytest
from fluent.syntax.ast import Message
from fluent.syntax.serializer import FluentSerializer

from bot.discord_app.ui.press_words import Action
from tests.helpers.text_usage import (
    ASKING,
    JAPANESE,
    arguments,
    asked_for,
    catalogue,
    code,
    named,
    read_texts,
    sentences,
    unused,
    variables,
    words,
)

Texts = dict[str, Message]

SAME_IN_BOTH = {
    "locale-ja": "each language is named in itself",
    "locale-en": "the same",
    "preference-timezone-example": "the name of a zone",
    "preference-lead-times-example": "as both read it",
    "rehearse-mail-subject": "Lancers writes Japanese",
    "rehearse-bot": "a name",
    "mail-box-gmail": "a name",
    "mail-box-outlook": "a name",
    "page-step-status": "a command as it is typed",
    "page-step-fee": "the same",
    "page-true": "Discord's app writes it so in every language",
    "page-false": "the same",
    **{f"page-mail-{number}": "Lancers writes Japanese" for number in range(1, 7)},
}

NO_JAPANESE = {
    **SAME_IN_BOTH,
    "preference-line": "a name and a value",
}

LANCERS_TERMS = re.compile(
    r"新規メッセージを作成|連絡催促|#通知|満足|残念|日本語|[0-9.]万|[0-9]億|なし"
    r"|\[ランサーズ\] 制作会社A さんから ロゴ制作 のコメントが届いています"
)
"""What is quoted in English as Lancers or a member writes it."""

SAID_BY_CODE = {
    "なし": "what a member writes, read and not said",
    "無し": "the same",
}


@pytest.fixture
def ja() -> Texts:
    """The Japanese texts by their ids."""
    return catalogue("ja")


@pytest.fixture
def en() -> Texts:
    """The English texts by their ids."""
    return catalogue("en")


def test_both_languages_have_the_same_texts(ja: Texts, en: Texts) -> None:
    assert ja.keys() == en.keys()


def test_every_text_that_the_code_names_is_there(en: Texts) -> None:
    """Of an id that is composed, at least one text must fit."""
    asked = {(file, each) for file, tree in code("bot", "storage", mentioning=ASKING) for each in asked_for(tree)}
    assert {each for each in asked if each[1] not in en and len(unused(en, {each[1]})) == len(en)} == set()


def test_every_text_is_used(en: Texts) -> None:
    """Those of the page in the browser are looked for in its files: tests/browser/test_page_texts.py."""
    names = {each for _, tree in code("bot", "storage") for each in named(tree)}
    assert unused((each for each in en if not each.startswith("page-")), names) == set()


def test_a_text_is_given_what_is_put_in(en: Texts) -> None:
    """Where its id stands whole in the code; an id with branches may be given more than one of them needs."""
    given: dict[str, list[set[str]]] = {}
    for _, tree in code("bot", "storage", mentioning=ASKING):
        for text, names in arguments(tree):
            given.setdefault(text, []).append(names)
    assert {
        text for text in en.keys() & given if any(not variables(en[text]) <= names for names in given[text])
    } == set()


def test_every_label_is_that_of_a_button(en: Texts) -> None:
    """`action-*` fits whatever starts so; a label is used where its act is listed among the buttons of a card."""
    files = [*code("bot/discord_app", mentioning="(?i)action")]
    listed = {
        f"action-{Action[each.attr]}"
        for file, tree in files
        if file.startswith("bot/discord_app/features/")
        for node in ast.walk(tree)
        if isinstance(node, ast.List | ast.Tuple)
        for each in node.elts
        if isinstance(each, ast.Attribute) and getattr(each.value, "id", "") == "Action"
    }
    whole = {each for _, tree in files for each in named(tree)}
    assert {each for each in en if each.startswith("action-")} <= listed | whole


def test_the_same_is_put_into_a_text_in_both_languages(ja: Texts, en: Texts) -> None:
    assert {each for each in ja if each in en and variables(ja[each]) != variables(en[each])} == set()


def untranslated(ja: str, en: str) -> bool:
    """The same words in both."""
    return ja == en and any(each.isalpha() for each in ja)


def test_every_text_is_translated(ja: Texts, en: Texts) -> None:
    same = {each for each in ja if each in en and untranslated(words(ja[each]), words(en[each]))}
    assert same == SAME_IN_BOTH.keys()


def foreign_to_japanese(text: str) -> bool:
    """Letters, and none of them Japanese."""
    return any(each.isalpha() for each in text) and not JAPANESE.search(text)


def test_japanese_is_japanese(ja: Texts) -> None:
    assert {each for each in ja if foreign_to_japanese(words(ja[each]))} <= NO_JAPANESE.keys()


def foreign_to_english(text: str) -> bool:
    """Japanese that is no quoted term."""
    return bool(JAPANESE.search(LANCERS_TERMS.sub("", text)))


def test_english_is_english(en: Texts) -> None:
    assert {each for each in en if foreign_to_english(words(en[each]))} <= SAME_IN_BOTH.keys()


def test_nothing_is_said_in_discord_that_is_no_text() -> None:
    said = {(file, each) for file, tree in code("bot/discord_app") for each in sentences(tree)}
    assert {each for each in said if each[1] not in SAID_BY_CODE} == set()
    assert {sentence for _, sentence in said} == SAID_BY_CODE.keys()  # an exception that nothing needs any more goes


def test_what_is_allowed_is_there(ja: Texts) -> None:
    """An exception that nothing needs any more goes."""
    assert {each for each in SAME_IN_BOTH | NO_JAPANESE if each not in ja} == set()


@pytest.mark.parametrize(
    ("source", "ids", "left"),
    [
        ('texts("a-b")', {"a-b", "a-c"}, {"a-c"}),
        ('texts(f"a-{x}")', {"a-b", "a-b-c", "b-a"}, {"b-a"}),
        ('texts(f"a-{x}-name")', {"a-b", "a-b-name"}, {"a-b"}),
        ('[told(f"a-{x}") for x in ("b", "c")]', {"a-b", "a-d"}, {"a-d"}),
        ('f"{x}"', {"a-b"}, {"a-b"}),
        ('f"{x} - {y}"', {"a-b"}, {"a-b"}),
        ('x = "a-b" if y else "a-c"', {"a-b", "a-c", "a-d"}, {"a-d"}),
    ],
)
def test_what_is_unused_is_found(source: str, ids: set[str], left: set[str]) -> None:
    assert unused(ids, named(ast.parse(source))) == left


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('texts("a-b", x=1)', {"a-b"}),
        ('self.texts("a-b" if x else "a-c")', {"a-b", "a-c"}),
        ('raise InvalidInputError("a-b")', {"a-b"}),
        ('texts(f"a-{x}")', {"a-\0"}),
        ('print("a-b")', set()),
    ],
)
def test_what_is_missing_is_found(source: str, found: set[str]) -> None:
    assert asked_for(ast.parse(source)) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('texts("a-b", x=1, y=2)', [("a-b", {"x", "y"})]),
        ('texts("a-b" if x else "a-c")', [("a-b", set()), ("a-c", set())]),
        ('texts("a-b", **x)', []),
        ('print("a-b", x=1)', []),
    ],
)
def test_what_is_put_in_is_found(source: str, found: list[tuple[str, set[str]]]) -> None:
    assert list(arguments(ast.parse(source))) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('text("こんにちは")', {"こんにちは"}),
        ('note(f"Try again, {name}")', {"Try again, "}),
        ('card(["Nothing waits."])', {"Nothing waits."}),
        ('log.info("went on", why="it did so")', set()),
        ('def f():\n    """A docstring is no text."""', set()),
        ('x: int\n"""Nor is what stands below a name."""', set()),
        ('f"{a} · {b}"; "press:thread"; "%Y-%m-%d"', set()),
    ],
)
def test_a_sentence_in_the_code_is_found(source: str, found: set[str]) -> None:
    assert sentences(ast.parse(source)) == found


def test_the_other_faults_are_found() -> None:
    texts = read_texts(["a-b = { $x } of { $y ->\n    [one] one\n   *[other] { $z }\n}\nc-d = plain"])
    assert variables(texts["a-b"]) == {"x", "y", "z"}
    assert words(texts["c-d"]) == "plain"
    assert untranslated("Nothing", "Nothing")
    assert not untranslated("✅ ", "✅ ")
    assert foreign_to_japanese("Nothing waits")
    assert not foreign_to_japanese("`/fee` の額")
    assert foreign_to_english("まだ nothing")
    assert not foreign_to_english("a new thread (新規メッセージを作成)")
    with pytest.raises(AssertionError):
        read_texts(["a-b = 1\na-b = 2"])
    with pytest.raises(AssertionError):
        read_texts(["a-b = { $x"])


COUNTS = {
    "categories", "count", "declarations", "found", "jobs", "lines", "margin", "messages", "needed", "overdue",
    "reminders", "replies", "rows", "slack", "threads", "unseen", "weeks",
}  # fmt: skip
"""Variables that are numbers of things, which may be 1."""


@pytest.mark.parametrize("count", sorted(COUNTS))
def test_one_thing_is_no_plural_in_english(count: str) -> None:
    """A noun behind such a number ("1 messages") stands in a variant that is not for one."""
    plural = re.compile(rf"\{{ \${count} \}} (?!this\b)[a-z ]*?[a-z]s\b")
    found = {
        text_id
        for text_id, message in catalogue("en").items()
        for line in FluentSerializer().serialize_entry(message).splitlines()
        if plural.search(line) and not line.lstrip().startswith(("[one]", "*[other]"))
    }
    assert found <= {"batch-several", "goal-report-lowest", "goal-report-median"}, "those count many"


COMMAND_OR_OPTION = re.compile(r"`(?:/[a-z]+)?([^`]*)`")


def options_named(text: str) -> set[str]:
    """The options in what stands as code: those of a command, or one alone, as in `line:1,000,000`."""
    return {piece.split(":")[0] for code in COMMAND_OR_OPTION.findall(text) for piece in code.split()}


def test_japanese_names_options_as_discord_shows_them(ja: Texts, en: Texts) -> None:
    """A Japanese app shows an option by its Japanese name."""
    english = {words(en[each]) for each in en if each.startswith("option-") and not each.endswith("-about")}
    found = {each for each in ja if english & options_named(words(ja[each]))}
    assert found == {"limits-jobs"}, "a column of a file"


def test_no_space_stands_between_a_number_and_what_it_counts() -> None:
    counter = re.compile(r"[0-9}] (?:件|通|個|文字|行|日間|時間|ページ|人|回|円|秒|分)")
    entries = {each: FluentSerializer().serialize_entry(message) for each, message in catalogue("ja").items()}
    assert {each for each, entry in entries.items() if counter.search(entry)} == set()


LATIN_BESIDE_JAPANESE = re.compile(r"[A-Za-z]{2,}[ぁ-んァ-ヶ一-龯]|[ぁ-んァ-ヶ一-龯][A-Za-z]{2,}")


def test_a_space_stands_between_latin_and_japanese_letters(ja: Texts) -> None:
    found = {each for each in ja if LATIN_BESIDE_JAPANESE.search(re.sub("`[^`]*`", "", words(ja[each])))}
    assert found == {"page-mail-3"}, "a client's own words"


def test_the_fees_are_explained_with_days_as_the_cards_write_them(ja: Texts, en: Texts) -> None:
    written = {**{f"ja {text_id}": text for text_id, text in ja.items()}, **en}
    fees = {name: text for name, text in written.items() if name.removeprefix("ja ").startswith(("fee-", "note-"))}
    assert [name for name, text in fees.items() if re.search(r"\d{4}-\d\d-\d\d", words(text))] == []


def test_english_has_one_kind_of_quotation_marks(en: Texts) -> None:
    assert {each for each in en if re.search("[“”]", words(en[each]))} == set()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_space_stands_before_an_ellipsis_that_ends_a_word(language: str) -> None:
    entries = {each: FluentSerializer().serialize_entry(message) for each, message in catalogue(language).items()}
    assert {each for each, entry in entries.items() if re.search(r"\w …", entry)} == set()
