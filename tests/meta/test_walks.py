"""The walks of docs/architecture.md name functions and classes that are in the files beside them."""

import ast
import re
from collections.abc import Iterator

from tests.helpers.machine import ROOT

STEP = re.compile(r"^ *(?P<names>\S.*?) {2,}(?P<file>(?:bot|storage)/\S+\.py)")
NAMES = re.compile(r"(?:[A-Za-z]\w*\.)?\w+(?:(?:, |; of a form )\w+)?")
"""One name, or two; the second is of the class of the first."""


def steps(document: str) -> Iterator[tuple[str, str]]:
    """Each name of a walk, and the file that stands beside it. A line that begins with a sentence has none."""
    walks = document.partition("## The walks\n")[2].partition("\n## ")[0]
    for block in re.findall(r"^```\n(.*?)^```$", walks, re.MULTILINE | re.DOTALL):
        for step in filter(None, map(STEP.match, block.splitlines())):
            if NAMES.fullmatch(step["names"]):
                owner, dot, _ = step["names"].rpartition(".")
                first, *second = re.split(r", |; of a form ", step["names"])
                yield first, step["file"]
                yield from ((f"{owner}{dot}{name}", step["file"]) for name in second)


def names_in(file: str) -> set[str]:
    """The functions, classes and variables of a module, its methods and fields with their class; all with its name."""
    names: set[str] = set()

    def collect(body: list[ast.stmt], prefix: str) -> None:
        for each in body:
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(prefix + each.name)
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
                names.add(prefix + each.target.id)
            if isinstance(each, ast.ClassDef):
                collect(each.body, f"{each.name}.")

    collect(ast.parse((ROOT / file).read_text(encoding="utf-8")).body, "")
    module = file.rpartition("/")[2].removesuffix(".py")
    return names | {f"{module}.{name}" for name in names}


def missing_in(document: str) -> list[tuple[str, str]]:
    return [(name, file) for name, file in steps(document) if name not in names_in(file)]


def test_every_function_of_a_walk_is_in_its_file() -> None:
    document = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    assert len([*steps(document)]) > 80
    assert missing_in(document) == []


def test_a_function_that_is_not_there_is_found() -> None:
    walk = "## The walks\n```\na sentence    bot/clock.py\n  {}    bot/clock.py    what it does\n```\n## Next\n"
    assert missing_in(walk.format("SystemClock.wait_until, now")) == []
    assert missing_in(walk.format("SystemClock.wait_until, none")) == [("SystemClock.none", "bot/clock.py")]
    assert missing_in(walk.format("clock.SystemClock")) == []
    assert missing_in(walk.format("wait_until")) == [("wait_until", "bot/clock.py")]
