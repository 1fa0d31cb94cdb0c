"""One name has one meaning: whoever meets it in an import need not ask from which module it is."""

import ast
import re
from collections import defaultdict

from tests.helpers.imports import import_statements, read_modules

PACKAGES_WITH_WORDS_OF_THEIR_OWN = ("bot.fake_discord.", "bot.pictures.")
"""Those of Discord, and those of drawing; the colours of both are the same."""


DEFINITION = re.compile(r"^(?:(?:async )?def |class )(\w+)|^(\w+)(?:: [^=\n]+)? = ", re.MULTILINE)


def defined_names(source: str) -> set[str]:
    """The names that a module defines for others."""
    return {match[1] or match[2] for match in DEFINITION.finditer(source)}


def imported_from_several(modules: dict[str, str]) -> dict[str, set[str]]:
    """The names that are imported from more than one of the modules that define them."""
    origins: defaultdict[str, set[str]] = defaultdict(set)
    defined = {name: defined_names(source) for name, source in modules.items()}
    for source in modules.values():
        for node in import_statements(source):
            if isinstance(node, ast.ImportFrom) and node.module in modules:
                for alias in node.names:
                    if alias.name in defined[node.module]:
                        origins[alias.name].add(node.module)
    return {name: found for name, found in origins.items() if len(found) > 1}


def test_a_name_that_is_imported_is_that_of_one_module() -> None:
    modules = {
        name: source for name, source in read_modules().items() if not name.startswith(PACKAGES_WITH_WORDS_OF_THEIR_OWN)
    }
    assert imported_from_several(modules) == {}


def test_a_name_of_two_modules_is_found() -> None:
    modules = {"a": "LIMIT = 1", "b": "LIMIT = 2", "c": "from a import LIMIT", "d": "from b import LIMIT"}
    assert imported_from_several(modules) == {"LIMIT": {"a", "b"}}
    assert imported_from_several(modules | {"b": "class LIMIT:\n    pass"}) == {"LIMIT": {"a", "b"}}
    assert imported_from_several(modules | {"b": "async def LIMIT():\n    pass"}) == {"LIMIT": {"a", "b"}}
    assert imported_from_several(modules | {"b": "LIMIT: int = 2"}) == {"LIMIT": {"a", "b"}}
    assert imported_from_several(modules | {"b": "from a import LIMIT"}) == {}
