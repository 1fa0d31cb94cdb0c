"""What scripts read and write: the JSON of every command, and the names of commands and options."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from bot.cli.main import main
from tests.contracts.goldens import check_json, check_lines

AS_OF: Final = "2026-11-24T12:00:00+09:00"
COMMANDS: Final = (
    "run", "rehearse", "standing", "forecast", "check", "fee", "doctor", "backup", "restore", "move-database",
    "members", "announce", "erase", "block", "unblock",
)  # fmt: skip
TEXTS: Final = {"rule", "source", "text"}
"""Keys whose values are sentences and addresses, whose wording may change."""
HISTORY: Final = """thread,direction,sent_at,kind,client,title
A,received,2026-11-20T10:00,,A社,ロゴ
A,sent,2026-11-20T12:00,message,A社,ロゴ
B,received,2026-11-20T10:00,,,
B,received,2026-11-21T09:00,,,
B,sent,2026-11-21T12:00,,,
C,received,2026-11-23T11:59:59+09:00,,,
D,received,2026-11-24T11:00:00,,,
E,received,2026-11-18T10:00,,,
E,sent,2026-11-20T10:00,,,
F,received,2026-11-18T10:00,,,
F,sent,2026-11-18T10:30,,,
G,received,2026-11-18T10:00,,,
G,sent,2026-11-18T10:30,dismissed,,
H,received,2026-11-18T10:00,,,
H,sent,2026-11-18T10:30,new_thread,,
"""
JOBS: Final = """date,method,category,reward,outcome,evaluation,client,count
2026-06-01,project,Web,50000,completed,5,A社,19
2026-06-01,hourly,Web,50000,completed,satisfied,,1
2026-06-01,contest,Web,50000,not_completed,,,1
2026-06-02,task,Web,10,completed,dissatisfied,,9
"""


@pytest.fixture(autouse=True)
def folder(english_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # noqa: ARG001 — set up first
    """A current folder with a history and jobs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "history.csv").write_text(HISTORY, encoding="utf-8")
    (tmp_path / "jobs.csv").write_text(JOBS, encoding="utf-8")


def without_texts(value: Any) -> Any:
    """A JSON value with every sentence replaced by the same word."""
    if isinstance(value, list):
        return [without_texts(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: "…" if key in TEXTS and inner is not None else len(inner) if key == "notes" else without_texts(inner)
        for key, inner in value.items()
    }


def answer(capsys: pytest.CaptureFixture[str], *call: str, status: int = 0) -> Any:
    assert main([*call, "--json"]) == status
    return without_texts(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("standing", ()),
        ("standing-2016", ("--jobs", "jobs.csv", "--line", "950,000", "--profile", "photo,phone", "--edition", "2016")),
        (
            "standing-2024",
            ("--jobs", "jobs.csv", "--edition", "2024", "--last-login", "2026-11-01", "--category", "Web"),
        ),
    ],
)
def test_standing(capsys: pytest.CaptureFixture[str], name: str, options: tuple[str, ...]) -> None:
    check_json(name, answer(capsys, "standing", "history.csv", "--as-of", AS_OF, *options))


def test_forecast(capsys: pytest.CaptureFixture[str]) -> None:
    check_json("forecast", answer(capsys, "forecast", "history.csv", "--as-of", AS_OF, "--reviews", "13"))


@pytest.mark.parametrize(("name", "thread"), [("open", "D"), ("overdue", "C"), ("nothing-waiting", "A")])
def test_check(capsys: pytest.CaptureFixture[str], name: str, thread: str) -> None:
    check_json(f"check-{name}", answer(capsys, "check", "history.csv", "--as-of", AS_OF, "--thread", thread))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("fee", ("75000", "--tax", "excluded")),
        ("fee-certified", ("75000", "--certified", "--compensation", "charged", "--withholding", "--edition", "2016")),
        ("fee-task", ("75000", "--method", "task", "--tax", "included")),
        ("fee-take-home", ("--take-home", "50000")),
        ("fee-client-pays", ("--client-pays", "100000")),
    ],
)
def test_fee(capsys: pytest.CaptureFixture[str], name: str, options: tuple[str, ...]) -> None:
    check_json(name, answer(capsys, "fee", *options, "--on", "2026-11-23"))


def test_doctor(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("DISCORD_TOKEN", "x.y.z"),
        ("DISCORD_API_URL", "http://127.0.0.1:1/api/v10"),
        ("DATABASE_URL", f"sqlite:///{tmp_path}/nintei.db"),
        ("PICTURES", "off"),
    ):
        monkeypatch.setenv(name, value)
    found = answer(capsys, "doctor", status=1)
    assert {each["mark"] for each in found} <= {"fine", "worry", "wrong", "left_out"}
    check_json("doctor", [{**each, "mark": "…"} for each in found])


def test_names_of_commands_and_options(capsys: pytest.CaptureFixture[str]) -> None:
    found = []
    for command in COMMANDS:
        with pytest.raises(SystemExit):
            main([command, "--help"])
        options = re.findall(r"(?<![\w-])--[a-z][a-z-]*", capsys.readouterr().out)
        found += [command, *(f"{command} {option}" for option in options)]
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = re.findall(r"^    ([a-z-]+)\b", capsys.readouterr().out, re.MULTILINE)
    assert set(listed) == set(COMMANDS)
    check_lines("command-line", found)
