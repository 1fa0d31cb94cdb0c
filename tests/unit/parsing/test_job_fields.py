"""The fields of a job as people write them, and the first values that are refused."""

import io
from datetime import UTC, datetime

import pytest

from bot.domain.certification.jobs import Evaluation
from bot.errors import InvalidInputError
from bot.parsing.csv_table import TableError
from bot.parsing.jobs_csv import (
    JOB_COLUMNS,
    format_job_evaluation,
    parse_job_count,
    parse_job_evaluation,
    parse_job_reward,
    parse_jobs,
)


@pytest.mark.parametrize(
    ("written", "evaluation"),
    [
        ("", None),
        ("satisfied", Evaluation(None, satisfied=True)),
        ("満足", Evaluation(None, satisfied=True)),
        ("Dissatisfied", Evaluation(None, satisfied=False)),
        ("残念", Evaluation(None, satisfied=False)),
        ("1", Evaluation(10, satisfied=False)),
        ("★２．９", Evaluation(29, satisfied=False)),
        ("3", Evaluation(30, satisfied=True)),
        ("5.0", Evaluation(50, satisfied=True)),
    ],
)
def test_an_evaluation_is_stars_or_a_word(written: str, evaluation: Evaluation | None) -> None:
    assert parse_job_evaluation(written) == evaluation
    assert parse_job_evaluation(format_job_evaluation(evaluation)) == evaluation


@pytest.mark.parametrize("written", ["0", "0.9", "5.1", "6", "4.55", "よい"])
def test_no_other_evaluation_is_read(written: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_job_evaluation(written)


@pytest.mark.parametrize(("written", "count"), [("", 1), ("1", 1), ("２", 2), ("1000000", 1_000_000)])
def test_a_count_is_one_to_a_million(written: str, count: int) -> None:
    assert parse_job_count(written) == count


@pytest.mark.parametrize("written", ["0", "1000001", "-1", "1.0", "1234567890"])
def test_no_other_count_is_read(written: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_job_count(written)


@pytest.mark.parametrize(("written", "yen"), [("0", 0), ("¥00円", 0), ("1", 1), ("5万", 50_000)])
def test_a_reward_may_be_nothing(written: str, yen: int) -> None:
    assert parse_job_reward(written) == yen


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ("x", "jobs-reward"),
        ("1000000001", "jobs-reward"),
        ("約5万", "amount-vague"),
        ("税抜50,000円", "amount-tax-excluded"),
        ("5,00", "amount-grouping"),
    ],
)
def test_why_a_reward_is_not_read_is_said(written: str, error: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse_job_reward(written)
    assert refused.value.message_id == error


@pytest.mark.parametrize(
    ("written", "withheld"), [("", False), ("なし", False), ("はい", True), ("１", True), ("?", None)]
)
def test_whether_income_tax_was_withheld_is_a_word_or_a_bad_row(written: str, *, withheld: bool | None) -> None:
    columns = ",".join((*JOB_COLUMNS.required, "withheld"))
    table = f"{columns}\n2026-11-20,project,ロゴ,50000,completed,5,{written}\n".encode()
    now = datetime(2026, 11, 24, 3, tzinfo=UTC)
    if withheld is not None:
        [job] = parse_jobs(io.BytesIO(table), now=now)
        assert job.withheld is withheld
        return
    with pytest.raises(TableError) as raised:
        parse_jobs(io.BytesIO(table), now=now)
    assert [row.reason.message_id for row in raised.value.rows] == ["jobs-withheld"]
