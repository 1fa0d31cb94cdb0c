"""A statement about a member's rows is limited to that member: no condition stands beside it as an alternative."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.machine import ROOT

STORAGE = ROOT / "storage"
_OF_ONE_MEMBER = re.compile(r"member_id = \$\d")
_IN_BRACKETS = re.compile(r"\([^()]*\)")


def statements(file: Path) -> Iterator[str]:
    """The texts of a module, with "(…)" for what is put into them."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "(…)" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.value


def levels(statement: str) -> Iterator[str]:
    """What stands in each pair of brackets, without what stands in further ones, and at last what stands in none."""
    while match := _IN_BRACKETS.search(statement):
        yield match[0]
        statement = statement.replace(match[0], " ", 1)
    yield statement


@pytest.mark.parametrize("file", sorted(STORAGE.rglob("*.py")), ids=lambda file: file.relative_to(STORAGE).as_posix())
def test_no_alternative_stands_beside_the_member(file: Path) -> None:
    for statement in statements(file):
        for level in levels(statement):
            assert not (_OF_ONE_MEMBER.search(level) and re.search(r"\bOR\b", level)), statement


def test_an_alternative_is_found_in_any_brackets() -> None:
    assert list(levels("a (b (c) d) e")) == ["(c)", "(b   d)", "a   e"]
