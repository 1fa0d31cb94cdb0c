"""The imports of Python source, read without parsing the rest of it, which takes several times as long."""

import ast
import re
from typing import Final

from tests.helpers.machine import ROOT

STATEMENT: Final = re.compile(r"(?:^|[:;])[ \t]*((?:from|import)\b(?:[^\n(;]|\([^)]*\))*)", re.MULTILINE)


def import_statements(source: str) -> list[ast.Import | ast.ImportFrom]:
    """Every import of the source, also one in a function; those of code that stands in a string too."""
    try:
        tree = ast.parse("\n".join(STATEMENT.findall(source)))
    except SyntaxError:  # a sentence of a docstring begins so
        tree = ast.parse(source)
    return [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


def read_modules() -> dict[str, str]:
    """The source of every module of the bot and the storage, by its dotted name."""
    files = [file for package in ("bot", "storage") for file in (ROOT / package).rglob("*.py")]
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file.read_text()
        for file in files
    }
