"""The table in storage/__init__.py is true: it has every table, and its modules and types exist."""

import re
from collections.abc import Iterator

import storage
from storage.admin.copy_database import PRIMARY_KEYS
from tests.helpers.machine import ROOT

ROW = re.compile(r"^ {4}(?P<tables>[a-z_]+(?:, [a-z_]+)*)? +(?P<module>[a-z_/]+)  +(?P<type>\S.*)$")


def rows() -> Iterator[tuple[list[str], str, str]]:
    """The tables, the module and the type of each row; a row without a table goes on with the one before."""
    _, _, lines = str(storage.__doc__).partition("type of a row\n")
    for line in lines.split("\n\n", 1)[0].splitlines():
        match = ROW.match(line)
        assert match, line
        yield (match["tables"] or "").split(", "), match["module"], match["type"]


def test_every_table_is_in_it() -> None:
    assert {table for tables, _, _ in rows() for table in tables} >= PRIMARY_KEYS.keys()


def test_the_modules_have_the_types() -> None:
    for _, module, types in rows():
        code = (ROOT / "storage" / f"{module}.py").read_text(encoding="utf-8")
        for name in re.findall(r"\b[A-Z]\w+", types):
            assert re.search(rf"\b{name}\b", code), (module, name)


def test_the_renamed_columns_are_those_of_tables() -> None:
    tables = {table for tables, _, _ in rows() for table in tables}
    _, _, lines = str(storage.__doc__).partition("renamed later:\n\n")
    assert {line.split(".")[0].strip() for line in lines.splitlines() if line} <= tables
