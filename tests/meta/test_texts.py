"""The texts: every one in both languages, every one that the code names."""

import re
from pathlib import Path

from fluent.syntax import FluentParser
from fluent.syntax.ast import Message

ROOT = Path(__file__).parents[2]


def ids(locale: str) -> set[str]:
    found: list[str] = []
    for file in (ROOT / "bot" / "texts" / locale).glob("*.ftl"):
        body = FluentParser().parse(file.read_text(encoding="utf-8")).body
        assert not [each for each in body if type(each).__name__ == "Junk"], file
        found += [each.id.name for each in body if isinstance(each, Message)]
    assert len(found) == len(set(found)), sorted(each for each in found if found.count(each) > 1)
    return set(found)


def test_both_languages_have_the_same_texts() -> None:
    assert ids("ja") == ids("en")


def test_every_text_that_the_code_names_is_there() -> None:
    named = set()
    for file in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "storage").rglob("*.py")]:
        code = file.read_text(encoding="utf-8")
        named |= set(re.findall(r'(?:texts|told|Error)\(\s*"([a-z0-9]+(?:-[a-z0-9]+)+)"', code))
    assert named - ids("en") == set()
