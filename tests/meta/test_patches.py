"""No test changes a constant of the bot or the storage: times and limits are arguments, so that tests pass theirs."""

import ast
from collections.abc import Iterator

from tests.helpers.machine import ROOT

ALLOWED = {
    # A program that is broken on purpose, to see that the audit of the crash tests notices it.
    ("tests/crash/bot_under_test.py", "deliveries.MAX_CLOCK_SKEW"),
}


def patched_constants(source: str) -> Iterator[str]:
    """Each all-capitals attribute of the bot or the storage that a source sets: by `setattr`, by name, or directly."""
    tree = ast.parse(source)
    ours = {
        alias.asname or alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if _is_ours(node.module or "" if isinstance(node, ast.ImportFrom) else alias.name)
    }
    for node in ast.walk(tree):
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


def test_every_way_to_patch_a_constant_is_noticed() -> None:
    source = """
import discord
import storage.stats
from bot.ops import health
from bot.ops import gauges as measured
from tests.helpers import stage
monkeypatch.setattr(health, "A_B", 1)
monkeypatch.setattr(measured.Gauges, "C2", 1, raising=False)
monkeypatch.setattr("bot.app.D", 1)
mock.patch("storage.stats.E", 1)
setattr(health, "F", 1)
health.G = 1
storage.stats.H: int = 1
monkeypatch.setattr(health, "check", 1)
monkeypatch.setattr(discord, "I", 1)
monkeypatch.setattr("discord.J", 1)
stage.K = health.L
"""
    assert [name.rpartition(".")[2] for name in patched_constants(source)] == ["A_B", "C2", "D", "E", "F", "G", "H"]
