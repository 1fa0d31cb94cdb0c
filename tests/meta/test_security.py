"""SECURITY.md names a test for each thing it says; each is there."""

import ast
import re
from functools import cache

from tests.helpers.machine import ROOT


@cache
def functions(file: str) -> set[str]:
    """The names of a file's functions."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_test_that_security_md_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    assert len(named) > 30
    for file, name in named:
        assert not name or name in functions(file), f"{file}::{name}"


def test_every_row_of_its_threats_names_one() -> None:
    rows = [line for line in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    threats = [line for line in rows if line.count(" | ") == 2 and not line.startswith(("| What", "| parser"))]
    assert len(threats) > 20
    for line in threats:
        assert "`tests/" in line, line
