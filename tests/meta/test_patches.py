"""No test changes a constant of the bot or the storage: times and limits are arguments, so that tests pass theirs."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.helpers.machine import ROOT

ALLOWED = {
    # A program that is broken on purpose, to see that the audit of the crash tests notices it.
    ("tests/crash/bot_under_test.py", "deliveries.MAX_CLOCK_SKEW"),
}

CONSTANT = r"(?!\w*[a-z])[^\W\d]\w*"
MAY_PATCH = re.compile(
    rf"(?:setattr|patch)\([^()]*[\"'.]{CONSTANT}[\"']"
    rf"|\.{CONSTANT}[\w\s.,*()\[\]\"']*[-+*/|&^%@<>]*(?::|=(?!=))"  # further targets may stand before the sign
)


def patched_constants(source: str) -> Iterator[str]:
    """Each all-capitals attribute of the bot or the storage that a source sets: by `setattr`, by name, or directly."""
    if not MAY_PATCH.search(source):  # which takes much less than parsing it
        return
    nodes = [*ast.walk(ast.parse(source))]
    ours = {
        alias.asname or alias.name.split(".")[0]
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if _is_ours(node.module or "" if isinstance(node, ast.ImportFrom) else alias.name)
    }
    for node in nodes:
        match node:
            case ast.Call(
                func=ast.Attribute(attr="setattr") | ast.Name(id="setattr"),
                args=[owner, ast.Constant(value=str(name)), *_],
            ) if name.isupper() and _root_name(owner) in ours:
                yield f"{ast.unparse(owner)}.{name}"
            case ast.Call(func=ast.Attribute(attr="setattr" | "patch"), args=[ast.Constant(value=str(path)), *_]) if (
                _is_ours(path) and path.rpartition(".")[2].isupper()
            ):
                yield path
            case ast.Attribute(attr=name, ctx=ast.Store()) if name.isupper() and _root_name(node) in ours:
                yield ast.unparse(node)
            case _:
                pass


def _is_ours(path: str) -> bool:
    return path.split(".", maxsplit=1)[0] in {"bot", "storage"}


def _root_name(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def test_no_constant_is_patched() -> None:
    patched = {
        (str(file.relative_to(ROOT)), name)
        for file in (ROOT / "tests").rglob("*.py")
        for name in patched_constants(file.read_text(encoding="utf-8"))
    }
    assert patched == ALLOWED


IMPORTS = """
import discord
import storage.stats
from bot.ops import health
from bot.ops import gauges as measured
from tests.helpers import stage
"""


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('monkeypatch.setattr(health, "A_B", 1)', ["A_B"]),
        ('monkeypatch.setattr(measured.Gauges, "C2", 1, raising=False)', ["C2"]),
        ('monkeypatch.setattr(\n    "bot.app.D",\n    1,\n)', ["D"]),
        ('mock.patch("storage.stats.E", 1)', ["E"]),
        ('setattr(health, "F", 1)', ["F"]),
        ("health.G = 1", ["G"]),
        ("health._G += 1", ["_G"]),
        ("storage.stats.H: int = 1", ["H"]),
        ("(\n    health.I,\n    stage.mika['a'],\n) = 1, 2", ["I"]),
        ("for health.J in [1]: pass", ["J"]),
        ("with open('x') as health.K: pass", ["K"]),
        ('monkeypatch.setattr(health, "check", 1)', []),
        ('monkeypatch.setattr(discord, "L", 1)', []),
        ('monkeypatch.setattr("discord.M", 1)', []),
        ("stage.N = health.O", []),
    ],
)
def test_every_way_to_patch_a_constant_is_noticed(code: str, found: list[str]) -> None:
    assert [name.rpartition(".")[2] for name in patched_constants(IMPORTS + code)] == found
