"""`standing` with jobs, goal, profile and log-in; `forecast`; `check`: all of it through the command line alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import main
from bot.domain.types import Locale
from tests.helpers.histories import write_history
from tests.helpers.wording import says, shows

pytestmark = pytest.mark.usefixtures("english_environment")

AS_OF = "2026-11-24T12:00:00+09:00"
JOBS = "date,method,category,reward,outcome,evaluation,client,count\n"
REPLIED = "".join(f"T{n},received,2026-11-20T10:0{n},\nT{n},sent,2026-11-20T12:00,\n" for n in range(5))
GOOD = "2026-06-01,project,Web,50000,completed,5,,19\n2026-06-01,project,Web,50000,not_completed,,,1\n"
WHOLE_2016 = ("--line", "950,000", "--profile", "all")
WHOLE_2024 = (*WHOLE_2016, "--edition", "2024", "--last-login", "2026-11-01")


def answer(capsys: pytest.CaptureFixture[str], *call: str) -> Any:
    status = main([*call, "--as-of", AS_OF, "--json"])
    out = capsys.readouterr()
    assert status == 0, out.err
    return json.loads(out.out)


def jobs(folder: Path, rows: str, header: str = JOBS) -> str:
    path = folder / "jobs.csv"
    path.write_text(header + rows, encoding="utf-8")
    return str(path)


def statuses(capsys: pytest.CaptureFixture[str], folder: Path, *options: str, rows: str = REPLIED) -> dict[str, Any]:
    found = answer(capsys, "standing", str(write_history(folder, rows)), *options)
    return {"verdict": found["verdict"], **{each["id"]: each["status"] for each in found["criteria"]}}


@pytest.mark.parametrize("whole", [WHOLE_2016, WHOLE_2024])
def test_everything_met(capsys: pytest.CaptureFixture[str], tmp_path: Path, whole: tuple[str, ...]) -> None:
    rows = GOOD + "2026-06-02,task,Web,10,completed,satisfied,,9\n2026-06-02,task,Web,10,not_completed,,,1\n"
    found = statuses(capsys, tmp_path, "--jobs", jobs(tmp_path, rows), *whole)
    assert set(found.values()) == {"met"}


LATE = "".join(f"T{n},received,2026-11-18T10:0{n},\nT{n},sent,2026-11-20T12:00,\n" for n in range(5))
ONLY_2016, ONLY_2024 = ("--edition", "2016"), ("--edition", "2024", "--last-login", "2026-11-01")


@pytest.mark.parametrize(
    ("edition", "missed", "rows", "replies", "options"),
    [
        (ONLY_2016, "reply_rate", GOOD, LATE, WHOLE_2016),
        (ONLY_2016, "completion_rate", GOOD + "2026-06-01,task,Web,0,not_completed,,,9\n", REPLIED, WHOLE_2016),
        (ONLY_2024, "completion_rate", GOOD + "2026-06-01,hourly,Web,0,not_completed,,,9\n", REPLIED, WHOLE_2016),
        (ONLY_2024, "task_approval", GOOD + "2026-06-01,task,Web,0,not_completed,,,9\n", REPLIED, WHOLE_2016),
        (ONLY_2016, "earnings", GOOD, REPLIED, ("--line", "95万1円", "--profile", "all")),
        (ONLY_2024, "earnings", GOOD, REPLIED, ("--line", "950,001", "--profile", "all")),
        (ONLY_2016, "evaluation", GOOD + "2026-06-01,task,Web,0,completed,3.9,,5\n", REPLIED, WHOLE_2016),
        (ONLY_2024, "satisfaction", GOOD + "2026-06-01,task,Web,0,completed,2.9,,2\n", REPLIED, WHOLE_2016),
        (ONLY_2016, "profile", GOOD, REPLIED, ("--line", "1", "--profile", "photo, phone")),
        (ONLY_2024, "profile", GOOD, REPLIED, ("--line", "1", "--profile", "photo,phone")),
        (("--edition", "2024", "--last-login", "2026-10-23"), "last_login", GOOD, REPLIED, WHOLE_2016),
    ],
)
def test_each_criterion_alone_can_be_missed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, edition: tuple[str, ...], missed: str, rows: str, replies: str,
    options: tuple[str, ...],
) -> None:  # fmt: skip
    found = statuses(capsys, tmp_path, "--jobs", jobs(tmp_path, rows), *options, *edition, rows=replies)
    assert found.pop("verdict") == "not_met"
    assert {name for name, status in found.items() if status == "not_met"} == {missed}


def test_values_and_thresholds(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = "2026-06-01,project,Web,0,completed,4.9,,2\n2026-06-01,project,ロゴ,500,completed,4.8,A社,1\n"
    path = jobs(tmp_path, rows)
    call = ("standing", str(write_history(tmp_path, REPLIED)), "--jobs", path, "--category", "ロゴ", "--line", "1万")
    found = {each["id"]: each for each in answer(capsys, *call, "--profile", "photo")["criteria"]}
    assert {name: (each["value"], each["threshold"]) for name, each in found.items()} == {
        "reply_rate": (100.0, 80), "completion_rate": (100.0, 90), "earnings": (500, 10000), "evaluation": (4.86, 4.8),
        "profile": (1, 9),
    }  # fmt: skip
    call = ("standing", str(write_history(tmp_path, REPLIED)), "--edition", "2024", "--last-login", "2026-11-24")
    found = {each["id"]: each for each in answer(capsys, *call)["criteria"]}
    assert (found["last_login"]["value"], found["last_login"]["threshold"]) == ("2026-11-24", "2026-10-24")
    assert (found["earnings"]["value"], found["earnings"]["threshold"]) == (None, None)
    assert found["task_approval"]["status"] == "unknown"


def test_a_job_after_the_moment_is_not_counted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    days = ("2023-06-29", "2023-06-30", "2024-06-30", "2024-07-01")
    path = jobs(tmp_path, "".join(f"{day},project,Web,{10**place},completed,,,\n" for place, day in enumerate(days)))
    call = ("standing", str(write_history(tmp_path, "")), "--jobs", path, "--line", "1", "--as-of", "2024-06-30T12:00")
    assert main([*call, "--json"]) == 0
    [earnings] = [found for found in json.loads(capsys.readouterr().out)["criteria"] if found["id"] == "earnings"]
    assert earnings["value"] == 110
    assert main([*call[:3], jobs(tmp_path, "9999-06-30,project,Web,1,completed,,,\n")]) == 2
    assert capsys.readouterr().err.startswith("line 2: 9999-06-30 ")


def complaints(capsys: pytest.CaptureFixture[str], *call: str) -> list[str]:
    assert main([*call, "--as-of", AS_OF]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    return out.err.splitlines()


def test_every_bad_job_is_named_by_its_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = (
        "2026-13-01,project,Web,1,completed,,,\n2026-06-01,gig,Web,1,completed,,,\n2026-06-01,task,Web,1.5,completed,,,\n"
        "2026-06-01,task,Web,-1,completed,,,\n2026-06-01,task,Web,1,done,,,\n2026-06-01,task,Web,1,completed,5.1,,\n"
        "2026-06-01,task,Web,1,completed,0,,\n2026-06-01,task,Web,1,completed,4.85,,\n2026-06-01,task,Web,1,completed,,,0\n"
        "2026-06-01,task,Web,1,completed\n2026-06-01,task,Web,¥1000,completed,SATISFIED,,\n"
    )
    path = str(write_history(tmp_path, REPLIED))
    lines = complaints(capsys, "standing", path, "--jobs", jobs(tmp_path, rows))
    assert [line.split(":")[0] for line in lines] == [f"line {number}" for number in range(2, 12)]


@pytest.mark.parametrize(
    "options",
    [
        ("--profile", "photo,beauty"),
        ("--last-login", "2026-11-25"),
        ("--last-login", "2026-11-25", "--edition", "2016"),
        ("--last-login", "someday"),
        ("--line", "0"),
        ("--line", "1e5"),
        ("--jobs", "no-such-file.csv"),
        ("--edition", "1999"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, options: tuple[str, ...]
) -> None:
    lines = complaints(capsys, "standing", str(write_history(tmp_path, REPLIED)), "--edition", "2024", *options)
    assert len(lines) == 1


def test_a_review_on_29_february_is_forecast_as_it_will_be_judged(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Its year begins at 00:00 on 28 February: before the year of the afternoon in which it is forecast."""
    path = str(write_history(tmp_path, "L,received,2027-02-26T10:00,\nL,sent,2027-02-28T10:00,\n"))
    afternoon = ("--as-of", "2028-02-28T12:00:00+09:00")
    assert main(["forecast", path, "--review-day", "31", *afternoon, "--json"]) == 0
    [review, *_] = json.loads(capsys.readouterr().out)
    assert main(["standing", path, "--as-of", "2028-02-29T00:00:00+09:00", "--json"]) == 0
    judged = json.loads(capsys.readouterr().out)["reply_rate"]
    assert (review["review"], review["replies"], review["on_time"]) == (
        "2028-02-29",
        judged["replies"],
        judged["on_time"],
    )
    assert judged["replies"] == 1
    assert main(["forecast", path, "--review-day", "31", *afternoon]) == 0
    assert shows(capsys.readouterr().out, "forecast-leaves-line", locale="en", day="2028-03-01", thread="L")


def test_forecast(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = (
        REPLIED
        + "L,received,2025-12-10T10:00,\nL,sent,2025-12-15T10:00,\nM,received,2025-12-10T10:00,\nM,sent,2025-12-15T11:00,\n"
    )
    path = str(write_history(tmp_path, rows))
    found = answer(capsys, "forecast", path, "--reviews", "13")
    assert len(found) == 13
    assert found[0] == {"review": "2026-12-01", "replies": 7, "on_time": 5, "percent": 71.4, "status": "not_met"}
    assert found[1] == {"review": "2027-01-01", "replies": 5, "on_time": 5, "percent": 100.0, "status": "met"}
    assert found[12] == {"review": "2027-12-01", "replies": 0, "on_time": 0, "percent": None, "status": "not_judged"}
    assert [each["review"] for each in answer(capsys, "forecast", path, "--review-day", "31")][:4] == [
        "2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28",
    ]  # fmt: skip
    assert main(["forecast", path, "--as-of", AS_OF]) == 0
    text = capsys.readouterr().out
    assert shows(text, "forecast-safe", locale="en", day="2027-01-01")
    assert shows(text, "forecast-leaves-line", locale="en", day="2026-12-16", thread="L", replied="2025-12-15 10:00")
    for wrong in ("0", "32", "x", "１"):
        assert len(complaints(capsys, "forecast", path, "--review-day", wrong)) == 1


def test_check(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = (
        REPLIED.replace("T4,", "T3,")
        + "".join(f"R{n},received,2026-11-10T10:00,\nR{n},sent,2026-11-10T12:00,\n" for n in range(8))
        + "A,received,2026-11-24T10:00,\nB,received,2026-11-20T10:00,\nB,sent,2026-11-20T11:00,dismissed\n"
    )
    path = str(write_history(tmp_path, rows))
    assert answer(capsys, "check", path, "--thread", "A") == {
        "state": "open", "due_at": "2026-11-25T01:00:00+00:00", "percent_now": 100.0, "percent_if_reply_now": 100.0,
        "slack_now": 3, "slack_if_reply_now": 3, "advice": "reply_now",
    }  # fmt: skip
    assert answer(capsys, "check", path, "--thread", "B") == {
        "state": "overdue", "due_at": "2026-11-21T01:00:00+00:00", "percent_now": 100.0, "percent_if_reply_now": 92.3,
        "slack_now": 3, "slack_if_reply_now": 2, "advice": "new_thread_or_no_reply",
    }  # fmt: skip
    for thread in ("T0", "nobody"):
        assert answer(capsys, "check", path, "--thread", thread) == {
            "state": "nothing_waiting", "due_at": None, "percent_now": 100.0, "percent_if_reply_now": 100.0,
            "slack_now": 3, "slack_if_reply_now": 3, "advice": "free",
        }  # fmt: skip
    assert main(["check", path, "--thread", "B", "--as-of", AS_OF]) == 0
    margin = says("rate-margin-change", locale="en", slack="3", left="2")
    change = says("rate-change", locale="en", before="100.0 %", after="92.3 %", estimate="")
    assert shows(capsys.readouterr().out, "check-reply", locale="en", change=change, margin=margin)


def test_late_replies_that_are_late_by_both_readings_are_counted_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = str(write_history(tmp_path, "A,received,2026-11-20T08:00,\nA,sent,2026-11-22T08:00,\n"))
    assert main(["standing", path, "--as-of", AS_OF]) == 0
    late = says("standing-late", locale="en", late="1", ambiguous=0, newest="0")
    assert f"  {late}\n" in capsys.readouterr().out
    assert "0" not in late


@pytest.mark.parametrize(("newest", "is_ambiguous"), [("2026-11-23T12:00", True), ("2026-11-23T11:59", False)])
def test_check_says_where_the_two_readings_differ(
    newest: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, *, is_ambiguous: bool
) -> None:
    path = str(write_history(tmp_path, f"A,received,2026-11-23T08:00,\nA,received,{newest},\n"))
    assert main(["check", path, "--thread", "A", "--as-of", AS_OF]) == 0
    output = capsys.readouterr().out
    assert shows(output, "check-overdue", "en")
    assert shows(output, "check-ambiguous", "en") is is_ambiguous


def test_the_editions_in_between(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, entered = str(write_history(tmp_path, LATE)), jobs(tmp_path, GOOD)
    options = ("--jobs", entered, *WHOLE_2024)
    for edition, criterion in (("2020", "evaluation"), ("2022", "satisfaction")):
        call = ("standing", path, *options, "--edition", edition)
        found = {each["id"]: each["status"] for each in answer(capsys, *call)["criteria"]}
        assert list(found) == [
            "reply_rate", "completion_rate", "task_approval", "earnings", criterion, "profile", "last_login",
        ]  # fmt: skip
        assert found.pop("reply_rate") == "not_met"
        assert found.pop("task_approval") == "not_judged"
        assert set(found.values()) == {"met"}
    monkeypatch.setenv("DEFAULT_EDITION", "2022")
    assert answer(capsys, "standing", path)["edition"] == "2022"


@pytest.mark.parametrize(
    ("as_of", "hint"),
    [("2023-01-31T12:00", "standing-missing-evaluation"), (AS_OF, "standing-missing-evaluation-ended")],
)
def test_the_evaluation_says_how_to_answer_it_after_the_end_of_stars(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, as_of: str, hint: str
) -> None:
    assert main(["standing", str(write_history(tmp_path, REPLIED)), "--as-of", as_of]) == 0
    assert shows(capsys.readouterr().out, hint, "en")


def test_several_goals_in_pairs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = "2026-06-01,project,Web,4000,completed,,,1\n2026-06-01,project,ロゴ,100,completed,,,1\n"
    call = ("standing", str(write_history(tmp_path, REPLIED)), "--jobs", jobs(tmp_path, rows))

    def earnings(*options: str) -> tuple[Any, Any, Any]:
        [found] = [each for each in answer(capsys, *call, *options)["criteria"] if each["id"] == "earnings"]
        return found["status"], found["value"], found["threshold"]

    web, logo = ("--category", "Web", "--line", "5000"), ("--category", "ﾛｺﾞ", "--line", "100円")
    assert earnings(*web, *logo) == ("met", 100, 100)
    assert earnings("--category", "Web", "--category", "ロゴ", "--line", "4000", "--line", "200") == ("met", 4000, 4000)
    assert earnings(*web, "--category", "ロゴ", "--line", "200") == ("not_met", 100, 200)
    assert earnings("--line", "4100") == ("met", 4100, 4100)
    assert earnings("--category", "Web") == ("unknown", None, None)
    for options in (
        (*web, "--category", "ロゴ"),
        (*web, "--line", "1"),
        ("--category", "Web", "--category", "ロゴ"),
        ("--line", "1", "--line", "2"),
    ):
        [line] = complaints(capsys, *call, *options)
        assert shows(line, "cli-goal-pairs", "en")


def test_ranks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = str(write_history(tmp_path, REPLIED))
    entered = ("--jobs", jobs(tmp_path, GOOD))

    def rank(*options: str, edition: str = "2024") -> tuple[Any, Any, Any]:
        found = answer(capsys, "standing", path, "--edition", edition, *options)
        following = found["next_rank"]
        assert following is None or set(following) == {"id", "missing", "unknown"}
        return found["rank"], found["rank_declared"], following and tuple(following.values())

    regular = [
        "display_name", "photo", "introduction_length", "background", "skill_or_portfolio", "identity", "confidentiality",
        "phone", "last_login",
    ]  # fmt: skip
    whole = (*entered, "--profile", "all", "--last-login", "2026-11-01")
    assert rank() == (None, False, ("regular", [], regular))
    assert rank(*whole, "--line", "950000") == ("certified", False, None)
    assert rank(*whole) == (None, False, ("certified", [], ["earnings"]))
    assert rank(*whole, "--line", "950001") == ("silver", False, ("certified", ["earnings"], []))
    assert rank("--profile", "all", "--last-login", "2026-11-01") == (None, False, ("bronze", [], ["first_job"]))
    assert rank(*whole, "--last-login", "2026-10-23") == ("none", False, ("regular", ["last_login"], []))
    assert rank("--rank", "silver") == (
        "silver",
        True,
        ("certified", [], ["lancers_check", "skills", "career", "earnings"]),
    )
    assert rank("--rank", "certified") == ("certified", True, None)
    assert rank(*whole, "--line", "1", "--rank", "none") == ("none", True, ("regular", [], []))
    nine = "self_introduction,photo,display_name,career,skills,identity,confidentiality,phone,lancers_check"
    assert rank("--profile", nine) == (None, False, ("regular", [], ["introduction_length", "last_login"]))
    assert rank("--profile", f"{nine},introduction_length")[2] == ("regular", [], ["last_login"])
    assert rank(*whole, "--line", "1", edition="2022") == ("certified", False, None)
    assert rank(*whole, "--line", "1", "--rank", "silver", edition="2016") == (None, False, None)
    assert len(complaints(capsys, "standing", path, "--rank", "gold")) == 1


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_ranks_in_the_text(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locale: Locale
) -> None:
    monkeypatch.setenv("DEFAULT_LOCALE", locale)
    call = ["standing", str(write_history(tmp_path, REPLIED)), "--as-of", AS_OF, "--edition"]
    assert main([*call, "2024", "--rank", "bronze"]) == 0
    out = capsys.readouterr().out
    assert shows(out, "standing-rank-declared", locale, rank=says("rank-bronze", locale))
    assert shows(out, "standing-rank-next", locale, rank=says("rank-silver", locale))
    assert says("criterion-completion-rate", locale) in out
    assert main([*call, "2016", "--rank", "bronze"]) == 0
    assert says("rank-bronze", locale) not in capsys.readouterr().out
