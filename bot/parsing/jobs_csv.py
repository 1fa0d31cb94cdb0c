"""Jobs as people write them, with the columns `JOB_COLUMNS`, and their fields."""

import re
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, Final, TypeVar

from bot.domain.calendar import ensure_lancers_day_possible
from bot.domain.certification.jobs import Evaluation, Job, JobOutcome, evaluation_in_stars
from bot.domain.names import clean_name, clean_title
from bot.domain.text import format_excerpt, to_half_width
from bot.domain.types import ContractMethod, Yen
from bot.errors import InvalidInputError
from bot.parsing.amount import MAX_AMOUNT, parse_amount
from bot.parsing.csv_table import Columns, parse_csv_table
from bot.parsing.day import parse_day

JOB_COLUMNS: Final = Columns(
    ("date", "method", "category", "reward", "outcome", "evaluation"), ("client", "count", "withheld")
)
MAX_JOBS: Final = 1_000_000
"""The largest count of one entry."""

_ZERO_YEN: Final = re.compile(r"[¥\\]?\s*0+\s*円?")
_STARS: Final = re.compile(r"([1-5])(?:\.([0-9]))?")
_SATISFACTION_WORDS: Final = {"satisfied": True, "満足": True, "dissatisfied": False, "残念": False}

_WITHHELD_WORDS: Final = {
    "": False, "no": False, "false": False, "0": False, "なし": False, "いいえ": False,
    "yes": True, "true": True, "1": True, "あり": True, "はい": True,
}  # fmt: skip

_Choice = TypeVar("_Choice", bound=StrEnum)


def parse_jobs(
    file: BinaryIO,
    *,
    now: datetime,
    latest: datetime | None = None,
    max_rows: int | None = None,
    max_errors: int | None = None,
) -> list[Job]:
    """Every job of a CSV file that can be rewound, seen from `now`. Raises `TableError` that names every bad row.

    A day after `latest` is in the future, and so a bad row; without it a day after `now`.
    """
    return parse_csv_table(
        file,
        JOB_COLUMNS,
        lambda fields, _line: _parse_job_row(fields, now, latest or now),
        max_rows=max_rows,
        max_errors=max_errors,
    )


def _parse_job_row(fields: dict[str, str], now: datetime, latest: datetime) -> Job:
    return Job(
        day=ensure_lancers_day_possible(parse_day(fields["date"], now=now), latest),
        method=_parse_job_choice(ContractMethod, fields["method"], "jobs-method"),
        category=clean_title(fields["category"]),
        reward=parse_job_reward(fields["reward"]),
        outcome=_parse_job_choice(JobOutcome, fields["outcome"], "jobs-outcome"),
        evaluation=parse_job_evaluation(fields["evaluation"]),
        client=clean_name(fields.get("client", "")) or None,
        count=parse_job_count(fields.get("count", "")),
        withheld=_parse_withheld(fields.get("withheld", "")),
    )


def _parse_job_choice(kind: type[_Choice], text: str, message_id: str) -> _Choice:
    try:
        return kind(text.casefold())
    except ValueError as error:
        raise InvalidInputError(message_id, written=format_excerpt(text)) from error


def _parse_withheld(text: str) -> bool:
    """Whether income tax was withheld; empty: not. Raises `InvalidInputError`."""
    word = to_half_width(text).strip().casefold()
    if word not in _WITHHELD_WORDS:
        raise InvalidInputError("jobs-withheld", written=format_excerpt(text))
    return _WITHHELD_WORDS[word]


def parse_job_reward(text: str) -> Yen:
    """Whole yen from 0 on, in every form of an amount. Raises `InvalidInputError`."""
    if _ZERO_YEN.fullmatch(to_half_width(text).strip()):
        return Yen(0)
    try:
        return parse_amount(text)
    except InvalidInputError as error:
        if error.message_id not in {"amount-unreadable", "amount-range"}:
            raise  # an approximate amount, or one without tax: the sentence says which
        raise InvalidInputError("jobs-reward", written=format_excerpt(text), most=f"{MAX_AMOUNT:,}") from error


def parse_job_evaluation(text: str) -> Evaluation | None:
    """Stars from 1 to 5 with at most one decimal, satisfied (満足), dissatisfied (残念); empty: None.

    Raises `InvalidInputError`.
    """
    plain = to_half_width(text).strip().casefold().removeprefix("★")
    if not plain:
        return None
    if plain in _SATISFACTION_WORDS:
        return Evaluation(None, _SATISFACTION_WORDS[plain])
    match = _STARS.fullmatch(plain)
    tenths = int(match[1]) * 10 + int(match[2] or 0) if match else 0
    if not 10 <= tenths <= 50:  # noqa: PLR2004 — one to five stars
        raise InvalidInputError("jobs-evaluation", written=format_excerpt(text))
    return evaluation_in_stars(tenths)


def format_job_evaluation(evaluation: Evaluation | None) -> str:
    """The form that `parse_job_evaluation` reads."""
    if evaluation is None:
        return ""
    if evaluation.tenths is None:
        return "satisfied" if evaluation.satisfied else "dissatisfied"
    return f"{evaluation.tenths // 10}.{evaluation.tenths % 10}"


def parse_job_count(text: str) -> int:
    """The number of equal jobs that one entry stands for; empty: 1. Raises `InvalidInputError`."""
    plain = to_half_width(text).strip()
    if not plain:
        return 1
    if not re.fullmatch(r"[0-9]{1,9}", plain) or not 1 <= int(plain) <= MAX_JOBS:
        raise InvalidInputError("jobs-count", written=format_excerpt(text), most=f"{MAX_JOBS:,}")
    return int(plain)
