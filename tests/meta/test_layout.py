"""Tests share code through `tests/helpers` and the other modules of their own folder, in nothing else."""

import ast
from collections.abc import Iterator

import pytest

from tests.helpers.imports import import_statements
from tests.helpers.machine import ROOT

TESTS = ROOT / "tests"


def imports(code: str) -> Iterator[str]:
    """The dotted names that some code imports; a relative one begins with a dot."""
    for node in import_statements(code):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        else:
            yield from ("." * node.level + f"{node.module or ''}.{alias.name}" for alias in node.names)


def is_allowed(name: str, folder: str) -> bool:
    """Whether a file in one of the folders of `tests` may import a name."""
    first, *path = name.split(".")
    if first != "tests":
        return first != ""
    return path[0] in {"helpers", folder} and not any(step.startswith(("test_", "conftest")) for step in path)


def test_no_test_imports_another_test_or_a_conftest() -> None:
    files = list(TESTS.rglob("*.py"))
    assert len(files) > 100
    refused = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in files
        for name in imports(file.read_text(encoding="utf-8"))
        if not is_allowed(name, file.relative_to(TESTS).parts[0])
    ]
    assert not refused


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("from tests.helpers.stage import Stage", True),
        ("from tests.wire.pages import Page", True),
        ("from tests.wire import pages", True),
        ("from tests.wire.test_faults import outcomes", False),
        ("import tests.wire.conftest", False),
        ("from tests.wire import test_faults", False),
        ("from tests.crash.members import Member", False),
        ("from tests import conftest", False),
        ("from . import test_faults", False),
    ],
)
def test_what_a_test_over_the_wire_may_import(code: str, *, allowed: bool) -> None:
    assert all(is_allowed(name, "wire") for name in imports(code)) is allowed
