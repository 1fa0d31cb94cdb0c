"""No test but tests/cards repeats the words of a text: others name it by its id, with `says` and `shows`."""

import ast
import re
from functools import cache

import pytest
from fluent.syntax.ast import StringLiteral, TextElement
from fluent.syntax.visitor import Visitor

from bot.domain.types import Locale
from tests.helpers.compared_literals import compared_literals
from tests.helpers.machine import ROOT
from tests.helpers.text_usage import catalogue
from tests.helpers.wording import count_shown, says, shows

JAPANESE_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{2,}")
ENGLISH_RUN = re.compile(r"[A-Za-z]{2,}(?:[',]? [A-Za-z]+)* [A-Za-z]{2,}")

QUOTED = re.compile(
    r"田中|高橋|Acme Inc\.?|Mr\. Smith|制作会社|ロゴ制作|ロゴ|バナー|スタジオ|デザイン事務所|Studio [AB]|さんからのメッセージ受信通知"
)
"""What members and Lancers write in tests; texts quote it as examples."""

NOT_WORDING = {
    "[Gmail]/ゴミ箱": "a folder of Gmail",
    "job add": "a command",
    "日時": "the name of a field that the mail bridge posts",
    "設定してください": "what the mail bridge, a script, says itself",
    "招待状": "the subject of a mail",
    "本文": "the body of a mail",
}
"""What is a word of a text and compared all the same, with the reason."""


@cache
def pieces(locale: Locale) -> str:
    """What stands in the texts of a language without what is put in."""
    found: list[str] = []

    class PieceCollector(Visitor):
        def visit_TextElement(self, node: TextElement) -> None:  # noqa: N802 — Fluent's name
            found.append(node.value)

        def visit_StringLiteral(self, node: StringLiteral) -> None:  # noqa: N802 — as above
            found.append(node.value)

    for message in catalogue(locale).values():
        PieceCollector().visit(message)
    return "\0".join(found)


def is_wording(literal: str) -> bool:
    """Whether Japanese letters of a text stand in a literal, or several English words of one."""
    literal = QUOTED.sub("", literal)
    return any(run in pieces("ja") for run in JAPANESE_RUN.findall(literal)) or any(
        run in pieces("en") for run in ENGLISH_RUN.findall(literal)
    )


def repeated_wording() -> list[tuple[str, str]]:
    """Where a test compares words of a text, and the literal."""
    found = []
    for file in sorted((ROOT / "tests").rglob("*.py")):
        name = str(file.relative_to(ROOT))
        if not name.startswith(("tests/cards/", "tests/contracts/", "tests/meta/")):
            for line, literal in compared_literals(ast.parse(file.read_text(encoding="utf-8"))):
                if is_wording(literal):
                    found.append((f"{name}:{line}", literal))
    return found


def test_only_the_tests_of_cards_repeat_the_words_of_a_text() -> None:
    """Write `shows(text, "text-id")` or `says("text-id")`; a new text is read in the golden files of its card."""
    repeated = repeated_wording()
    assert [(place, literal) for place, literal in repeated if literal not in NOT_WORDING] == []
    assert {literal for _, literal in repeated} == NOT_WORDING.keys()  # an exception that nothing needs any more goes


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('assert "返信待ち 1件" in text', {"返信待ち 1件"}),
        ('assert "返信待ち" not in text', {"返信待ち"}),
        ('assert title == f"⏰ {name} 返信待ち"', {" 返信待ち"}),
        ('assert {"title": ["返信待ち"]} == found', {"返信待ち"}),
        ('if any("返信待ち" in each for each in texts): pass', {"返信待ち"}),
        ('assert text.count("返信待ち") == 2', {"返信待ち"}),
        ('def test():\n    for word in ("返信待ち", "甲"):\n        assert word in text', {"返信待ち"}),
        ('def test():\n    word = "返信待ち"\n    assert word in text', {"返信待ち"}),
        ('@pytest.mark.parametrize(("x", "y"), [(1, "返信待ち")])\ndef test(x, y):\n    assert y in x', {"返信待ち"}),
        ('@pytest.mark.parametrize(("x", "y"), [("返信待ち", 1)])\ndef test(x, y):\n    assert y in send(x)', set()),
        ('assert "takes no new members" in text', {"takes no new members"}),
        ('assert "members" in text', set()),
        ('assert "制作会社A" in text', set()),
        ('assert "急ぎ社" in text', set()),
        ('assert shows(send("返信待ち"), "pending-title", count=1)', set()),
    ],
)
def test_repeated_words_are_found(code: str, found: set[str]) -> None:
    literals = {literal for _, literal in compared_literals(ast.parse(code))}
    assert {literal for literal in literals if is_wording(literal)} == found


def test_a_sentence_is_shown_with_the_arguments_that_are_given() -> None:
    text = f"甲: {says('pending-title', count=12)}。"
    assert shows(text, "pending-title")
    assert shows(text, "pending-title", count=12)
    assert not shows(text, "pending-title", count=1)
    assert not shows(text, "pending-none")
    assert not shows(text, "pending-title", locale="en")
    assert count_shown(text + text, "pending-title") == 2


def test_a_sentence_is_shown_in_the_variant_of_its_argument() -> None:
    official, assumed = (says("rule-source", confidence=each, source="x") for each in ("official", "assumed"))
    assert shows(official, "rule-source")
    assert shows(assumed, "rule-source")
    assert shows(official, "rule-source", confidence="official")
    assert not shows(assumed, "rule-source", confidence="official")


def test_a_command_that_can_be_tapped_is_shown_too() -> None:
    plain = says("start-more")
    assert "/help" in plain
    assert shows(plain, "start-more")
    assert shows(plain.replace("/help", "</help:1234>"), "start-more")


def test_what_no_text_says_is_our_fault() -> None:
    """Else an assertion that something is not shown might be empty."""
    with pytest.raises(KeyError):
        shows("", "no-such-text")
    with pytest.raises(KeyError):
        shows("", "pending-title", amount=1)
    with pytest.raises(KeyError):
        says("pending-title")
    with pytest.raises(ValueError, match="no words"):
        shows("", "preference-line")
