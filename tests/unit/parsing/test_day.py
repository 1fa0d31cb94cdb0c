"""One grammar for days: everything that reads a typed day reads the same forms."""

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.cli.main import main
from bot.errors import InvalidInputError
from bot.parsing.day import parse_day
from bot.parsing.import_file import parse_import_file
from bot.parsing.jobs_csv import parse_jobs

NOW = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
FORMS = (
    "11/22",
    "2026/11/22",
    "2026-11-22",
    "2026/11-22",
    "11月22日",
    "2026年11月22日",
    "１１／２２",
    "２０２６－１１－２２",
)
JOBS = "date,method,category,reward,outcome,evaluation\n{day},project,Web,50000,completed,5\n"


@pytest.mark.parametrize("text", [*FORMS, "22日", "一昨日", "令和8年11月22日", "Nov 22", "11/22 (日)"])
def test_every_form_of_a_day_is_read(text: str) -> None:
    assert parse_day(text, now=NOW) == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11/24", date(2026, 11, 24)),
        ("12/2", date(2025, 12, 2)),
        ("2/29", date(2024, 2, 29)),
        ("2027/1/5", date(2027, 1, 5)),
        ("2027年1月5日", date(2027, 1, 5)),
    ],
)
def test_a_day_without_a_year_is_the_latest_that_is_not_in_the_future(text: str, expected: date) -> None:
    assert parse_day(text, now=NOW) == expected


@pytest.mark.parametrize(
    "text", ["", "頃", "いつか", "2026-02-30", "13/1", "明日", "11/22 14:00", "3時間前", "2026/11/22/5", "11/22 " * 100]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        parse_day(text, now=NOW)
    assert error.value.message_id == "day-unreadable"


def test_today_is_the_day_in_the_given_zone() -> None:
    late = datetime(2026, 11, 24, 23, tzinfo=ZoneInfo("America/New_York"))
    assert parse_day("今日", now=late) == date(2026, 11, 25)
    assert parse_day("今日", now=late, zone=ZoneInfo("America/New_York")) == date(2026, 11, 24)


@pytest.mark.parametrize("form", FORMS)
def test_files_and_the_command_line_read_every_form(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str
) -> None:
    table = JOBS.format(day=form).encode()
    assert [job.day for job in parse_jobs(io.BytesIO(table), now=NOW)] == [date(2026, 11, 22)]
    imported: Any = parse_import_file("jobs.csv", table, now=NOW, zone=ZoneInfo("Asia/Tokyo"))
    assert [job.day for job in imported.jobs] == [date(2026, 11, 22)]
    history, jobs = tmp_path / "history.csv", tmp_path / "jobs.csv"
    history.write_text("thread,direction,sent_at\nA,received,2026-11-20T10:00\n", encoding="utf-8")
    jobs.write_bytes(table)
    standing = ["standing", str(history), "--as-of", NOW.isoformat(), "--edition", "2024", "--jobs", str(jobs)]
    assert main([*standing, "--last-login", form, "--json"]) == 0
    assert '"value": "2026-11-22"' in capsys.readouterr().out
    assert main(["fee", "50000", "--on", form]) == 0


@pytest.mark.parametrize("text", ["11/25", "12/1", "25日", "Nov 30"])
def test_a_day_of_the_coming_week_without_a_year_is_refused_by_its_date(text: str) -> None:
    """Last year's is hardly meant, and this one is still to come."""
    with pytest.raises(InvalidInputError) as refused:
        parse_day(text, now=NOW)
    assert refused.value.message_id == "day-year-missing"


@pytest.mark.parametrize("text", ["約3日前", "3日前くらい", "11/20頃", "about 3 days ago"])
def test_an_approximate_day_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse_day(text, now=NOW)
    assert refused.value.message_id == "day-unreadable"


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/Sao_Paulo", "2018-11-04"),
        ("Africa/Cairo", "2026-04-24"),
        ("Asia/Beirut", "2026-03-29"),
        ("America/Havana", "2026-03-08"),
    ],
)
def test_a_day_without_a_midnight_is_a_day(zone: str, day: str) -> None:
    year, month, number = map(int, day.split("-"))
    now = datetime(year, month, number, 15, 0, tzinfo=ZoneInfo(zone))
    assert parse_day(f"{month}/{number}", now=now, zone=ZoneInfo(zone)) == date(year, month, number)
    assert parse_day("today", now=now, zone=ZoneInfo(zone)) == date(year, month, number)
