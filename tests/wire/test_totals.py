"""`/job totals`: earnings, fees and tax withheld by month and year, with the file for a tax return."""

import csv
import io

import pytest

from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


async def add(stage: Stage, date: str, reward: str, **options: object) -> None:
    await stage.mika.command("job add", **{"method": "project", "date": date, "reward": reward, **options})


def rows_of(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf"), "Excel needs the mark"
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


async def test_totals_by_month_and_year(up: Stage) -> None:
    await add(up, "2026-01-31", "50,000")
    await add(up, "2026-02-01", "110,000", method="hourly", withholding=True)
    await add(up, "2026-02-02", "999,999", outcome="not_completed")
    await add(up, "2022-09-30", "100,000", method="package")
    answer = await up.mika.command("job totals")
    assert shows(answer.text, "totals-title", year="2026", amount="¥125,040")
    assert shows(answer.text, "totals-sums", total="¥160,000", fee="¥24,750", withheld="¥10,210")
    assert shows(answer.text, "totals-month", month="1", kept="¥41,750")
    assert shows(answer.text, "totals-month", month="2", kept="¥83,290")
    assert shows(answer.text, "totals-year", year="2022", fee="¥20,000")
    assert says("totals-note-fees") in answer.text
    assert says("totals-note-tax", tax=says("tax-included")) in answer.text
    assert says("totals-note-deleted", day="2025/01/01") in answer.text
    await up.mika.command("settings", keep_old=True)
    assert not shows((await up.mika.command("job totals")).text, "totals-note-deleted")
    [(name, data)] = answer.files.items()
    assert name == "earnings.csv"
    header, *rows = rows_of(data)
    assert len(header) == len(rows[0]) == 9
    assert [row[:2] for row in rows] == [
        ["2022", "9"], ["2022", says("totals-csv-whole-year")],
        ["2026", "1"], ["2026", "2"], ["2026", says("totals-csv-whole-year")],
    ]  # fmt: skip
    assert rows[-1][2:-1] == ["2", "160000", "14545", "24750", "10210", "125040"]
    assert rows[0][-1] == says("confidence-assumed")


async def test_one_year_and_rewards_without_tax(up: Stage) -> None:
    await add(up, "2026-01-31", "10,000")
    await add(up, "2025-12-31", "20,000", count=2)
    answer = await up.mika.command("job totals", year=2025, tax="excluded")
    assert shows(answer.text, "totals-title", year="2025", amount="¥36,740")
    assert says("totals-note-tax", tax=says("tax-excluded")) in answer.text
    [data] = answer.files.values()
    assert {row[0] for row in rows_of(data)[1:]} == {"2025"}
    assert shows((await up.mika.command("job list")).text, "job-title", count=3)


async def test_tax_is_withheld_only_where_the_job_says_so(up: Stage) -> None:
    await add(up, "2026-01-31", "110,000")
    assert shows((await up.mika.command("job totals")).text, "totals-sums", withheld="¥0")
    listed = await up.mika.command("job list")
    number = listed.text.split("`#")[1].split("`")[0]
    edited = await up.mika.command("job edit", job=number, withholding=True)
    assert says("job-withheld") in edited.text
    assert shows((await up.mika.command("job totals")).text, "totals-sums", withheld="¥10,210")
    await up.mika.command("job edit", job=number, withholding=False)
    assert shows((await up.mika.command("job totals")).text, "totals-sums", withheld="¥0")


@pytest.mark.parametrize("options", [{}, {"year": 2020}])
async def test_without_jobs_there_are_no_totals(up: Stage, options: dict[str, object]) -> None:
    if options:
        await add(up, "2026-01-31", "110,000")
    answer = await up.mika.command("job totals", **options)
    assert shows(answer.text, "totals-none-of-year", year="2020") if options else shows(answer.text, "totals-none")
    assert not answer.files
