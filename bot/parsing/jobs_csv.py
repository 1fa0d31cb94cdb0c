"""Jobs as people write them: `date,method,category,reward,outcome,evaluation` (+ `client,count`), and each field."""

import re
from datetime import date
from enum import StrEnum
from typing import BinaryIO, Final, TypeVar

from bot.domain.certification.jobs import Evaluation, Job, JobOutcome, stars
from bot.domain.names import clean_name, clean_title
from bot.domain.types import ContractMethod, Yen
from bot.errors import InvalidInputError
from bot.parsing.amount import MAX_AMOUNT, parse_amount
from bot.parsing.csv_table import EXCERPT_LENGTH, Columns, parse_table

COLUMNS: Final = Columns(("date", "method", "category", "reward", "outcome", "evaluation"), ("client", "count"))
MAX_JOBS: Final = 1_000_000
"""The largest count of one entry."""

_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DATE: Final = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")
_STARS: Final = re.compile(r"([1-5])(?:\.([0-9]))?")
_SATISFACTION_WORDS: Final = {"satisfied": True, "満足": True, "dissatisfied": False, "残念": False}

_Choice = TypeVar("_Choice", bound=StrEnum)


def parse_jobs(file: BinaryIO, *, most: int | None = None) -> list[Job]:
    """Every job of a CSV file that can be rewound. Raises `BadTableError` that names every bad row."""
    return parse_table(file, COLUMNS, _job, max_rows=most)


def _job(fields: dict[str, str], _line: int) -> Job:
    return Job(
        parse_date(fields["date"]),
        _choice(ContractMethod, fields["method"], "jobs-method"),
        clean_title(fields["category"]),
        parse_reward(fields["reward"]),
        _choice(JobOutcome, fields["outcome"], "jobs-outcome"),
        parse_evaluation(fields["evaluation"]),
        clean_name(fields.get("client", "")) or None,
        parse_count(fields.get("count", "")),
    )


def _choice(kind: type[_Choice], text: str, message_id: str) -> _Choice:
    try:
        return kind(text.casefold())
    except ValueError as fault:
        raise InvalidInputError(message_id, written=text[:EXCERPT_LENGTH]) from fault


def parse_date(text: str) -> date:
    """A day as 2026-11-22 or 2026/11/22. Raises `InputError`."""
    found = _DATE.fullmatch(text.strip().translate(_HALF_WIDTH))
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise InvalidInputError("jobs-date", written=text[:EXCERPT_LENGTH])


def parse_reward(text: str) -> Yen:
    """Whole yen from 0 on, in every form of an amount. Raises `InputError`."""
    if re.fullmatch(r"[¥\\]?\s*0+\s*円?", text.strip().translate(_HALF_WIDTH | {0xFFE5: 0xA5})):
        return Yen(0)
    try:
        return parse_amount(text)
    except InvalidInputError as fault:
        raise InvalidInputError("jobs-reward", written=text[:EXCERPT_LENGTH], most=f"{MAX_AMOUNT:,}") from fault


def parse_evaluation(text: str) -> Evaluation | None:
    """1 to 5 with at most one decimal, satisfied (満足), dissatisfied (残念), or nothing. Raises `InputError`."""
    given = text.strip().translate(_HALF_WIDTH).casefold().removeprefix("★")
    if not given:
        return None
    if given in _SATISFACTION_WORDS:
        return Evaluation(None, _SATISFACTION_WORDS[given])
    found = _STARS.fullmatch(given)
    tenths = int(found[1]) * 10 + int(found[2] or 0) if found else 0
    if not 10 <= tenths <= 50:  # noqa: PLR2004 — one to five stars
        raise InvalidInputError("jobs-evaluation", written=text[:EXCERPT_LENGTH])
    return stars(tenths)


def format_evaluation(evaluation: Evaluation | None) -> str:
    """As `read_evaluation` reads it."""
    if evaluation is None:
        return ""
    if evaluation.tenths is None:
        return "satisfied" if evaluation.satisfied else "dissatisfied"
    return f"{evaluation.tenths // 10}.{evaluation.tenths % 10}"


def parse_count(text: str) -> int:
    """How many equal jobs one entry stands for; one if nothing is written. Raises `InputError`."""
    given = text.strip().translate(_HALF_WIDTH)
    if not given:
        return 1
    if not re.fullmatch(r"[0-9]{1,9}", given) or not 1 <= int(given) <= MAX_JOBS:
        raise InvalidInputError("jobs-count", written=text[:EXCERPT_LENGTH], most=f"{MAX_JOBS:,}")
    return int(given)
