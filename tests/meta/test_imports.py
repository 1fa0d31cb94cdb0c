"""No module imports another one that imports it, at whatever distance; imports for types alone count too."""

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.helpers.imports import import_statements, read_modules


def imported_names(source: str) -> set[str]:
    """Every dotted name that an import anywhere in the source mentions."""
    names = set()
    for node in import_statements(source):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def import_order(modules: dict[str, str]) -> list[str]:
    """The modules, each after those that it imports. Raises `CycleError` where that cannot be."""
    graph = {name: imported_names(source) & (modules.keys() - {name}) for name, source in modules.items()}
    return list(TopologicalSorter(graph).static_order())


def test_no_module_imports_one_that_imports_it() -> None:
    modules = read_modules()
    assert {"bot.app", "bot.discord_app.client", "storage.database"} <= modules.keys()
    assert import_order(modules)


def test_a_cycle_is_found_where_an_import_is_for_a_type() -> None:
    modules = {
        "a": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from b import c",
        "b.c": "import d",
        "d": "def f():\n    import a",
    }
    with pytest.raises(CycleError):
        import_order(modules)
    assert import_order(modules | {"d": ""}) == ["d", "b.c", "a"]


@pytest.mark.parametrize(
    "source",
    [
        "from a import (  # noqa: A1 (why)\n    b,\n    c as d,\n)",
        "def f():\n    from a import b, c",
        "try: import a.b, a.c\nexcept ImportError: pass",
        "x = 1; from a import b; from a import c",
        "from a import \\\n    b, c",
        "from a import \\\n    b\nimport a.c",
        '"""A docstring\nfrom which nothing is imported"""\nfrom a import b, c',
        '"""A docstring\nimport (as it were"""\nfrom a import b, c',
    ],
)
def test_every_import_is_found(source: str) -> None:
    assert {"a.b", "a.c"} <= imported_names(source) <= {"a", "a.b", "a.c"}
