"""A test closes its databases however it ends: one that stays open keeps a failing run from ending."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.amounts import others_slow
from tests.helpers.machine import ROOT

OPENERS = {"open_database", "connect", "open_sqlite", "open_postgresql", "SharedFile"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def unsafe_closes(tree: ast.AST) -> Iterator[int]:
    """The lines that close something which an error between would leave open; what follows a `yield` always runs."""
    for function in ast.walk(tree):
        if isinstance(function, Function) and not any(isinstance(each, ast.Yield) for each in ast.walk(function)):
            yield from _unsafe_closes_in(function)


def _unsafe_closes_in(node: ast.AST) -> Iterator[int]:
    for field, value in ast.iter_fields(node):
        statements = [each for each in value if isinstance(each, ast.stmt)] if isinstance(value, list) else []
        if isinstance(node, ast.Try) and field == "finalbody":
            continue
        for index, statement in enumerate(statements):
            if closed := _closed_name(statement):
                opening = max((at for at in range(index) if _assigns(statements[at], closed)), default=None)
                if opening is not None and any(map(_may_fail, statements[opening + 1 : index])):
                    yield statement.lineno
            elif not isinstance(statement, Function):
                yield from _unsafe_closes_in(statement)


def _closed_name(statement: ast.stmt) -> str | None:
    match statement:
        case ast.Expr(ast.Await(ast.Call(ast.Attribute(ast.Name(name), "close"), [], []))):
            return name
    return None


def _assigns(statement: ast.stmt, name: str) -> bool:
    """Whether it opens a database, and gives it that name."""
    if not isinstance(statement, ast.Assign) or not OPENERS & _names_in(statement.value):
        return False
    return name in set[str]().union(*map(_names_in, statement.targets))


def _names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _may_fail(statement: ast.stmt) -> bool:
    return any(isinstance(each, ast.Await | ast.AsyncWith | ast.Assert) for each in ast.walk(statement))


@pytest.mark.parametrize(
    "folder", others_slow(sorted(path.name for path in (ROOT / "tests").iterdir() if path.is_dir()))
)
def test_what_is_opened_is_closed_however_a_test_ends(folder: str) -> None:
    """With `close_later` of tests/conftest.py, `closing` of tests/helpers/closing.py, or `finally`."""
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "tests" / folder).rglob("*.py"))
        for line in unsafe_closes(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("database = await connect(url)\n    assert await database.fetch(sql)\n    await database.close()", 1),
        ("database = await connect(url)\n    async with database.write():\n        pass\n    await database.close()", 1),
        ("one, two = await connect(url), await connect(url)\n    assert one\n    await one.close()\n    await two.close()", 2),
        ("database = await connect(url)\n    path = database.path\n    await database.close()", 0),
        ("database = await connect(url)\n    try:\n        assert database\n    finally:\n        await database.close()", 0),
        ("database = await connect(url)\n    yield database\n    await database.close()", 0),
        ("async with closing(await connect(url)) as database:\n        assert database", 0),
    ],
)  # fmt: skip
def test_the_search_finds_them(body: str, count: int, tmp_path: Path) -> None:
    path = tmp_path / "test_it.py"
    path.write_text(f"async def test_it():\n    {body}\n", encoding="utf-8")
    assert len(list(unsafe_closes(ast.parse(path.read_text(encoding="utf-8"))))) == count
