"""Reads the texts, and the code that names them, for tests/meta/test_texts.py."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from typing import Any

from fluent.syntax import FluentParser
from fluent.syntax.ast import Junk, Message, TextElement, VariableReference
from fluent.syntax.visitor import Visitor

from tests.helpers.machine import ROOT

ANY = "\0"
"""Stands for each value that an f-string inserts into an id."""

PART = re.compile(r"[a-z0-9-]*(?:\0[a-z0-9-]*)*")
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")
SENTENCE = re.compile(r"[A-Za-z]{2,}[,:;]? +[A-Za-z]{2,}|[A-Za-z]{2,}[.!?]$")

ASKERS = {
    "texts", "localized_text", "NinteiError", "SettingError", "InvalidInputError", "NotAllowedError", "StorageError",
    "DiscordError", "TimeParseError",
}  # fmt: skip
"""Who is called with the id of a text."""

ASKING = rf"\b(?:{'|'.join(ASKERS)})\s*\("


@cache
def catalogue(locale: str) -> dict[str, Message]:
    """The texts of a language by their ids. Fails on an id that occurs twice and on a text that cannot be parsed."""
    return read_texts(file.read_text(encoding="utf-8") for file in sorted((ROOT / "bot/i18n" / locale).glob("*.ftl")))


def read_texts(files: Iterable[str]) -> dict[str, Message]:
    found: dict[str, Message] = {}
    for file in files:
        for each in FluentParser().parse(file).body:
            assert not isinstance(each, Junk), each.content
            if isinstance(each, Message):
                assert each.id.name not in found, each.id.name
                found[each.id.name] = each
    return found


class _Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()
        self.words: list[str] = []

    def visit_VariableReference(self, node: VariableReference) -> None:  # noqa: N802 — Fluent's name
        self.names.add(node.id.name)

    def visit_TextElement(self, node: TextElement) -> None:  # noqa: N802 — as above
        self.words.append(node.value)

    def visit_StringLiteral(self, node: Any) -> None:  # noqa: N802 — as above
        self.words.append(node.value)


def variables(message: Message) -> set[str]:
    """The names of a text's variables."""
    visitor = _Variables()
    visitor.visit(message)
    return visitor.names


def words(message: Message) -> str:
    """The words of a text in all its variants, without variables."""
    visitor = _Variables()
    visitor.visit(message)
    return "\n".join(visitor.words)


def code(*packages: str, mentioning: str = "") -> Iterator[tuple[str, ast.Module]]:
    """The parsed modules of these packages, without those in which a regular expression finds nothing.

    That takes much less than parsing one.
    """
    for package in packages:
        for file in sorted((ROOT / package).rglob("*.py")):
            source = file.read_text(encoding="utf-8")
            if re.search(mentioning, source):
                yield str(file.relative_to(ROOT)), ast.parse(source)


def named(tree: ast.AST) -> set[str]:
    """The ids that some code names, and those that it composes, with `ANY` for each inserted value.

    A value that a comprehension takes from a tuple of strings is inserted itself.
    """
    found, loops, nodes = set[str](), dict[str, list[str]](), [*ast.walk(tree)]
    for node in nodes:
        if isinstance(node, ast.comprehension) and isinstance(node.target, ast.Name):
            given = [each.value for each in getattr(node.iter, "elts", []) if isinstance(each, ast.Constant)]
            if given:
                loops.setdefault(node.target.id, []).extend(given)
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            choices = [
                [str(part.value)] if isinstance(part, ast.Constant) else _put_in(part, loops) for part in node.values
            ]
            found |= {"".join(each) for each in product(*choices)}
    return {each for each in found if PART.fullmatch(each) and each[:1].isalpha() and ("-" in each or ANY not in each)}


def _put_in(part: ast.expr, loops: dict[str, list[str]]) -> list[str]:
    inner = part.value if isinstance(part, ast.FormattedValue) else part
    return loops.get(inner.id, [ANY]) if isinstance(inner, ast.Name) else [ANY]


def unused(ids: Iterable[str], names: Iterable[str]) -> set[str]:
    """The ids that equal none of the names and match none that contains `ANY`."""
    names = set(names)
    patterns = [re.compile("[a-z0-9-]+".join(map(re.escape, each.split(ANY)))) for each in names if ANY in each]
    return {each for each in ids if each not in names and not any(pattern.fullmatch(each) for pattern in patterns)}


def asked_for(tree: ast.AST) -> set[str]:
    """The ids, complete or with `ANY`, with which the code asks for a text."""
    found = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _asks(node.func):
            branches = (
                [node.args[0].body, node.args[0].orelse] if isinstance(node.args[0], ast.IfExp) else node.args[:1]
            )
            for branch in branches:
                if isinstance(branch, ast.Constant) and isinstance(branch.value, str):
                    found.add(branch.value)
                elif isinstance(branch, ast.JoinedStr):
                    found |= {each for each in named(branch) if ANY in each}
    return found


def arguments(tree: ast.AST) -> Iterator[tuple[str, set[str]]]:
    """The complete ids with which the code asks for a text, and the variables passed; not where `**` passes some."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _asks(node.func):
            names = {each.arg for each in node.keywords}
            first = node.args[0]
            for branch in [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]:
                if isinstance(branch, ast.Constant) and isinstance(branch.value, str) and None not in names:
                    yield branch.value, {name for name in names if name is not None}


def _asks(called: ast.expr) -> bool:
    name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
    return name in ASKERS


def sentences(tree: ast.AST) -> set[str]:
    """Strings that a member might read: none of docstrings, log calls and assertions."""
    passed, nodes = set[int](), [*ast.walk(tree)]
    for node in nodes:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        log = isinstance(node, ast.Call) and getattr(getattr(node.func, "value", None), "id", "") == "log"
        if docstring or log or isinstance(node, ast.Assert):
            passed |= {id(each) for each in ast.walk(node)}
    return {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed
        if JAPANESE.search(node.value) or SENTENCE.search(node.value)
    }
