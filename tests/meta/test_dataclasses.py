"""A dataclass of six or more fields is built by their names: of so many values no reader knows which is the fourth."""

import ast
from collections.abc import Iterator

import pytest

from tests.helpers.machine import ROOT

MOST_BY_POSITION = 5


def built_by_position(code: str) -> Iterator[str]:
    """The dataclasses in some code that have more fields than that and take them in their order."""
    if "@dataclass" not in code:  # which takes much less than parsing it
        return
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ClassDef) and len(_fields(node)) > MOST_BY_POSITION:
            for decorator in map(ast.unparse, node.decorator_list):
                if decorator.startswith("dataclass") and "kw_only=True" not in decorator:
                    yield node.name


def _fields(node: ast.ClassDef) -> list[ast.AnnAssign]:
    annotated = [each for each in node.body if isinstance(each, ast.AnnAssign)]
    return [each for each in annotated if not ast.unparse(each.annotation).startswith("ClassVar")]


def test_long_ones_are_built_by_name() -> None:
    files = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "storage").rglob("*.py")]
    assert len(files) > 100
    assert [
        f"{file.relative_to(ROOT)}: {name}"
        for file in files
        for name in built_by_position(file.read_text(encoding="utf-8"))
    ] == []


@pytest.mark.parametrize(
    ("decorator", "fields", "found"),
    [
        ("@dataclass", 6, ["Thing"]),
        ("@dataclass", 5, []),
        ("@dataclass(frozen=True, slots=True)", 6, ["Thing"]),
        ("@dataclass(frozen=True, kw_only=True)", 6, []),
        ("", 6, []),
    ],
)
def test_what_is_found(decorator: str, fields: int, found: list[str]) -> None:
    body = "\n".join(f"    field_{number}: int" for number in range(fields))
    assert list(built_by_position(f"{decorator}\nclass Thing:\n    shared: ClassVar[int] = 1\n{body}")) == found
