"""One version: pyproject.toml's, which the program says and the change log begins with."""

import re
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.version import VERSION

CHANGES = Path(__file__).parents[2] / "CHANGELOG.md"


def test_the_program_says_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"nintei {VERSION}\n"


def test_the_change_log_begins_with_it() -> None:
    found = re.search(r"^## (\S+)", CHANGES.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    assert found[1] == VERSION
