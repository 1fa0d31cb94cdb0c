"""SECURITY.md has the figures of a long run."""

import re

from tests.fuzz.parsers import PARSERS
from tests.helpers.machine import ROOT


def test_its_table_has_a_row_for_every_parser() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    table = text.partition("| parser |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| (\w+) \|", table, re.MULTILINE) == [*PARSERS, "together"]
