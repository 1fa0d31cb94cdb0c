"""The table of faults in docs/reliability.md names tests that exist, and every number once at least."""

import ast
import re
from functools import cache

from tests.helpers.machine import ROOT

ROW = re.compile(r"^\| (\d+) \| .* \| (.*) \|$")
TESTS = re.compile(r"`(tests/[\w/]+\.py)`(?:: ((?:`[\w:\[\]-]+`(?:, )?)+))?")
FAULTS = 49


def rows() -> list[tuple[int, str]]:
    """The number of each row and its cell of tests."""
    section = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8").split("## Faults found by use")[1]
    matches = map(ROW.match, section.split("\n## ")[0].splitlines())
    return [(int(match[1]), match[2]) for match in matches if match]


@cache
def names_in(path: str) -> set[str]:
    """The functions and classes of a test file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }


def test_every_fault_has_a_row() -> None:
    assert {number for number, _ in rows()} == set(range(1, FAULTS + 1))


def test_every_test_that_is_named_exists() -> None:
    for number, cell in rows():
        found = TESTS.findall(cell)
        assert found, number
        for path, names in found:
            for name in re.findall(r"`([\w:\[\]-]+)`", names):
                assert set(re.split(r"::", name.split("[")[0])) <= names_in(path), (number, path, name)
