"""No test but tests/cards repeats the words of a text: others name it by its id, with `says` and `shows`."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from fluent.syntax.ast import StringLiteral, TextElement
from fluent.syntax.visitor import Visitor

from bot.domain.types import Locale
from tests.helpers.compared_literals import compared_literals
from tests.helpers.machine import ROOT
from tests.helpers.text_usage import catalogue

JAPANESE_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{2,}")
TWO_WORDS = re.compile(r"[A-Za-z]{2,}[,:;]? +[A-Za-z]{2,}")

NAMES = re.compile("制作会社|ロゴ制作|ロゴ|バナー|スタジオ|Studio [AB]")
"""Clients and jobs that members type in tests; texts use them as examples too."""

NOT_WORDING: dict[str, str] = {}
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
    """Whether Japanese letters of a text stand in a literal, or it is two and more English words of one."""
    literal = NAMES.sub("", literal)
    if any(run in pieces("ja") for run in JAPANESE_RUN.findall(literal)):
        return True
    return any(words in pieces("en") for words in TWO_WORDS.findall(literal))


def repeated_wording() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "tests").rglob("*.py")):
        name = str(file.relative_to(ROOT))
        if not name.startswith(("tests/cards/", "tests/contracts/", "tests/meta/")):
            for line, literal in compared_literals(ast.parse(file.read_text(encoding="utf-8"))):
                if is_wording(literal):
                    yield f"{name}:{line}", literal


def test_only_the_tests_of_cards_repeat_the_words_of_a_text() -> None:
    assert [(place, literal) for place, literal in repeated_wording() if literal not in NOT_WORDING] == []
