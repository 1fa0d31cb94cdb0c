"""One version: pyproject.toml's, which the program says and the change log begins with."""

import re
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.version import VERSION, command_for, read_version
from tests.helpers.machine import ROOT

CHANGES = ROOT / "CHANGELOG.md"


def test_the_program_says_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"nintei {VERSION}\n"


def test_the_change_log_begins_with_it() -> None:
    found = re.search(r"^## (\S+)", CHANGES.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    assert found[1] == VERSION


def metadata(folder: Path, version: str) -> None:
    """What an installation leaves in a folder."""
    (folder / f"nintei-{version}.dist-info").mkdir()
    (folder / f"nintei-{version}.dist-info/METADATA").write_text(f"Name: nintei\nVersion: {version}\n")


def test_an_installation_has_it_in_the_metadata_beside_the_packages(tmp_path: Path) -> None:
    metadata(tmp_path, "2.1.0")
    (tmp_path / "pyproject.toml").write_text("another library left this\n")
    assert read_version(tmp_path) == "2.1.0"


def test_a_checkout_has_it_in_pyproject_toml_whatever_else_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout, installed = tmp_path / "checkout", tmp_path / "installed"
    checkout.mkdir()
    installed.mkdir()
    metadata(installed, "2.1.0")
    monkeypatch.syspath_prepend(installed)
    (checkout / "pyproject.toml").write_text('[project]\nversion = "3.0.0"\n')
    assert read_version(checkout) == "3.0.0"


@pytest.mark.parametrize(
    ("script", "command"),
    [
        ("/opt/nintei/bin/nintei", "nintei"),
        ("nintei.exe", "nintei"),
        ("/opt/nintei/bot/__main__.py", "python -m bot"),
        ("-c", "python -m bot"),
        ("", "python -m bot"),
    ],
)
def test_texts_name_the_command_that_was_started(script: str, command: str) -> None:
    assert command_for(script) == command
