"""SQL stands in `storage` alone."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.helpers.machine import ROOT

STATEMENT = re.compile(r"\s*(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|PRAGMA\s)")
WORD = re.compile("SELECT|INSERT|UPDATE|DELETE|PRAGMA")


def statements(code: str) -> Iterator[str]:
    """The texts in some code that begin as a statement does."""
    if not WORD.search(code):  # which takes much less than parsing it
        return
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and STATEMENT.match(node.value):
            yield node.value


def test_no_statement_stands_outside_of_the_storage() -> None:
    files = list((ROOT / "bot").rglob("*.py"))
    assert len(files) > 100
    assert [
        f"{file.relative_to(ROOT)}: {statement}"
        for file in files
        for statement in statements(file.read_text(encoding="utf-8"))
    ] == []


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ('"SELECT 1"', 1),
        ('f"SELECT {columns} FROM members"', 1),
        ('"DELETE FROM members"', 1),
        ('"UPDATE members SET badge = 1"', 1),
        ('"Select a client"', 0),
        ('"UPDATE available"', 0),
    ],
)
def test_what_counts_as_a_statement(code: str, count: int) -> None:
    assert len(list(statements(code))) == count
