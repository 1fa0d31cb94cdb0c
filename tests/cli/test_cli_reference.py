"""docs/cli-reference.md is true: its examples print what it shows, and it names every option and every JSON key.

The session in README.md is run, too.
"""

import asyncio
import json
import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import main
from bot.settings import KNOWN_SETTINGS
from storage import operator_requests
from storage.connect import open_database
from tests.helpers.machine import ROOT
from tests.helpers.stage import NOON

REFERENCE = ROOT / "docs" / "cli-reference.md"
README = ROOT / "README.md"

FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)

WITH_HISTORY = ("standing", "forecast", "check")
WITHOUT_HISTORY = (
    "run", "rehearse", "fee", "doctor", "backup", "restore", "move-database",
    "members", "announce", "erase", "block", "unblock",
)  # fmt: skip

JSON_CALLS = {
    "standing": ["standing HISTORY.csv --as-of 2026-11-24T12:00 --json"],
    "forecast": ["forecast HISTORY.csv --as-of 2026-11-24T12:00 --json"],
    "check": ["check HISTORY.csv --as-of 2026-11-24T12:00 --thread Tanaka --json"],
    "fee": ["fee 50000 --json", "fee --take-home 50000 --json", "fee --client-pays 100,000 --hours 20 --json"],
    "doctor": ["doctor --json"],
    "members": ["members --json"],
    "announce": ["announce --status --json"],
}


@dataclass(frozen=True, slots=True)
class Example:
    """One command and what the document shows after it."""

    command: str
    output: str


def document() -> str:
    return REFERENCE.read_text(encoding="utf-8")


def examples() -> Iterator[Example]:
    """The commands of all `console` blocks, in the document's order."""
    for block in FENCE.finditer(document()):
        if block["info"] == "console":
            yield from commands_of(block["body"])


def commands_of(block: str) -> Iterator[Example]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield Example(command, output.rstrip("\n"))


def section(heading: str) -> str:
    """The text below a heading, up to the next of its level."""
    found = re.search(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", document(), re.MULTILINE | re.DOTALL | re.IGNORECASE
    )
    assert found, heading
    return found[1]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with the document's files; no setting from outside."""
    for name in (*KNOWN_SETTINGS, "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    for block in FENCE.finditer(document()):
        language, _, name = block["info"].partition(" ")
        if language == "csv":
            (tmp_path / name).write_text(block["body"], encoding="utf-8")
    return tmp_path


def run(command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """The exit status, and what was printed to stdout and stderr."""
    words = shlex.split(command)
    with monkeypatch.context() as environment:
        while "=" in words[0]:
            environment.setenv(*words.pop(0).split("=", 1))
        assert words[:3] == ["python", "-m", "bot"], command
        status = main(words[3:])
    printed = capsys.readouterr()
    return status, (printed.out + printed.err).rstrip("\n")


def test_every_example_prints_what_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    status, count = 0, 0
    for example in examples():
        if example.command == "echo $?":
            assert example.output == str(status)
            continue
        status, printed = run(example.command, capsys, monkeypatch)
        assert printed == example.output, example.command
        count += 1
    assert count >= 15, "the document has examples"
    assert {path.name for path in folder.iterdir()} == {"HISTORY.csv", "JOBS.csv", "BAD.csv"}


README_HISTORY = [
    "thread,direction,sent_at",
    *(f"client {number},received,2026-0{number // 4 + 3}-1{number % 4}T10:00" for number in range(12)),
    *(f"client {number},sent,2026-0{number // 4 + 3}-1{number % 4}T15:00" for number in range(12)),
    *(
        f"client {number},received,2025-12-{day - 3:02}T01:00"
        for number, day in ((20, 12), (21, 22), (22, 23), (23, 24))
    ),
    *(f"client {number},sent,2025-12-{day}T01:00" for number, day in ((20, 12), (21, 22), (22, 23), (23, 24))),
    "Studio A,received,2026-11-22T10:00",
]
"""12 replies in time, 4 late ones, and one message that waits."""

README_JOBS = """date,method,category,reward,outcome,evaluation,client,count
2026-05-01,project,Web,60000,completed,4.9,,9
2026-06-01,project,Web,20000,completed,,,30
2026-07-01,project,Web,20000,not_completed,,,1
"""


def test_the_session_of_the_readme_prints_what_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    (folder / "HISTORY.csv").write_text("\n".join(README_HISTORY), encoding="utf-8")
    (folder / "JOBS.csv").write_text(README_JOBS, encoding="utf-8")
    blocks = [block["body"] for block in FENCE.finditer(README.read_text(encoding="utf-8"))]
    shown = [each for block in blocks for each in commands_of(block) if each.command.startswith("python -m bot")]
    assert [each.command.split()[3] for each in shown] == ["standing", "forecast", "check", "fee"]
    for example in shown:
        assert run(example.command, capsys, monkeypatch) == (0, example.output), example.command


def test_every_command_has_its_example_or_says_what_it_prints() -> None:
    shown = {word for each in examples() for word in shlex.split(each.command)}
    assert {*WITH_HISTORY, *WITHOUT_HISTORY} - shown == {"rehearse"}  # it plays for minutes


def documented_options(heading: str) -> set[str]:
    """The options in the tables of a section."""
    return set(re.findall(r"^\| `(--[a-z-]+)", section(heading), re.MULTILINE))


@pytest.mark.parametrize("command", [*WITH_HISTORY, *WITHOUT_HISTORY])
def test_every_option_is_described_and_none_that_is_not_there(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with suppress(SystemExit):
        main([command, "--help"])
    taken = set(re.findall(r"--[a-z-]+", capsys.readouterr().out.split("\n\n")[0])) | {"--help"}
    described = documented_options(command) | (documented_options("Histories") if command in WITH_HISTORY else set())
    assert described | {"--help"} == taken


def test_every_command_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    with suppress(SystemExit):
        main(["--help"])
    listed = set(re.findall(r"^    ([a-z-]+)\b", capsys.readouterr().out, re.MULTILINE))
    assert listed == {*WITH_HISTORY, *WITHOUT_HISTORY}


def keys(read: Any) -> set[str]:
    """All keys, at every depth."""
    if isinstance(read, dict):
        return set(read).union(*(keys(each) for each in read.values()))
    return set().union(*(keys(each) for each in read)) if isinstance(read, list) else set()


async def make_database() -> None:
    """The database of DATABASE_URL's default, with one announcement."""
    database = await open_database("sqlite:///data/nintei.db")
    async with database.write() as transaction:
        await operator_requests.add_operator_request(
            transaction, operator_requests.OperatorRequestKind.ANNOUNCE, now=NOON, text="Back at noon."
        )
    await database.close()


@pytest.mark.parametrize("command", JSON_CALLS)
def test_every_json_key_is_described_and_none_that_is_not_there(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if command == "doctor":
        monkeypatch.setenv("SHARD_COUNT", "x")  # one finding, and Discord is not asked
    if command in {"members", "announce"}:
        asyncio.run(make_database())
    printed: set[str] = set()
    for call in JSON_CALLS[command]:
        main(call.split())
        printed |= keys(json.loads(capsys.readouterr().out))
    text = FENCE.sub("", section(command))
    assert printed <= set(re.findall(r"`(\w+)`", text))
    tables = re.findall(r"^\| key \|.*?(?=^$|\Z)", text, re.MULTILINE | re.DOTALL)
    first_column = re.findall(r"^\| ([^|]*`[^|]*)\|", "\n".join(tables), re.MULTILINE)
    assert {name for cell in first_column for name in re.findall(r"`(\w+)`", cell)} <= printed


@pytest.mark.parametrize(
    "written", ["50000", "50,000", "¥50000", "50000円", "5万", "1.5万", "2万5000", "3千", "1億", "1億2000万"]
)
def test_every_form_of_an_amount_that_is_shown_is_taken(written: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"`{written}`" in section("Amounts")
    assert main(["fee", written]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("written", ["5,0000", "1e5", "100.5", "2.5万5000"])
def test_every_form_of_an_amount_that_is_refused_is_refused(written: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"`{written}`" in section("Amounts")
    assert main(["fee", written]) == 2
    assert capsys.readouterr().out == ""
