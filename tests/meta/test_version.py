"""One version: pyproject.toml's, which the program says and the change log begins with."""

import re
import subprocess
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.version import VERSION, read_version, shell_command_of_script
from tests.helpers.machine import ROOT

CHANGES = ROOT / "CHANGELOG.md"


def test_the_program_says_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"nintei {VERSION}\n"


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
    assert shell_command_of_script(script) == command


RELEASE_HEADING = re.compile(r"^## (\d+)\.(\d+)\.(\d+) \((unreleased|\d{4}-\d{2}-\d{2})\)$")


def releases(change_log: str) -> list[tuple[tuple[int, ...], str]]:
    """The version and the day of every release, as the change log has them; `unreleased` is a day too."""
    headings = [line for line in change_log.splitlines() if line.startswith("## ")]
    matches = [RELEASE_HEADING.match(line) for line in headings]
    assert all(matches), f"write ## 1.2.3 (unreleased) or ## 1.2.3 (2026-11-24): {headings}"
    return [(tuple(map(int, match.groups()[:3])), match[4]) for match in matches if match]


def test_the_newest_heading_of_the_change_log_is_the_version_of_the_package() -> None:
    listed = releases(CHANGES.read_text(encoding="utf-8"))
    versions = [version for version, _ in listed]
    assert ".".join(map(str, versions[0])) == read_version(ROOT)
    assert versions == sorted(set(versions), reverse=True)
    assert all(day != "unreleased" for _, day in listed[1:]), "only the newest can be unreleased"


def test_a_tagged_commit_is_the_release_that_its_change_log_names() -> None:
    if not (ROOT / ".git").exists():
        return  # a copy without its history has no tags
    tags = subprocess.run(
        ["git", "tag", "--points-at", "HEAD", "v*"],  # noqa: S607 — git of this machine
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    [(version, day), *_] = releases(CHANGES.read_text(encoding="utf-8"))
    assert not tags or (tags == [f"v{'.'.join(map(str, version))}"] and day != "unreleased")


@pytest.mark.parametrize("heading", ["## 1.2", "## v1.2.3 (unreleased)", "## 1.2.3", "## 1.2.3 (24.11.2026)"])
def test_another_form_of_heading_is_refused(heading: str) -> None:
    with pytest.raises(AssertionError):
        releases(f"# Changes\n\n{heading}\n")
