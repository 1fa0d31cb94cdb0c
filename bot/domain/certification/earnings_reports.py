"""What others reported about the earnings line of a category, read once from earnings_reports.toml.

Such a report is somebody's statement of its date, never the line: Lancers publishes none.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.certification.jobs import job_category_key
from bot.domain.types import Yen


@dataclass(frozen=True, slots=True)
class EarningsReport:
    """One report."""

    amount: Yen
    kind: str
    """`enough`, `median` or `lowest`: what the amount was."""
    reported_on: str
    """A month or a day, for example "2016-12"."""
    source: str
    count: int = 1
    """How many people it speaks of."""


@cache
def _read_earnings_line_reports() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@cache
def earnings_reports(category: str) -> tuple[EarningsReport, ...]:
    """The reports about categories of this kind, the newest first."""
    key, data = job_category_key(category), _read_earnings_line_reports()
    if not any(job_category_key(word) in key for word in data["words"]):
        return ()
    reports = (EarningsReport(**{**block, "amount": Yen(block["amount"])}) for block in data["reports"])
    return tuple(sorted(reports, key=lambda report: report.reported_on, reverse=True))
