"""How long what can no longer matter to the badge is kept."""

from datetime import date, datetime

import pytest

from bot.domain.calendar import LANCERS_ZONE
from bot.domain.retention import first_kept_job_day, retention_cutoff


@pytest.mark.parametrize(
    ("now", "months", "cutoff", "job_day"),
    [
        ("2027-03-15T12:00", 13, "2026-02-01", "2026-01-01"),  # a tax return is due: all of 2026 is there
        ("2026-12-31T23:59", 13, "2025-11-01", "2025-01-01"),
        ("2027-01-01T00:00", 13, "2025-12-01", "2025-12-01"),
        ("2027-03-15T12:00", 24, "2025-03-01", "2025-03-01"),
        ("2028-02-29T00:00", 13, "2027-01-01", "2027-01-01"),
    ],
)
def test_jobs_of_the_last_calendar_year_are_kept(now: str, months: int, cutoff: str, job_day: str) -> None:
    instant = datetime.fromisoformat(now).replace(tzinfo=LANCERS_ZONE)
    assert retention_cutoff(instant, months).isoformat() == f"{cutoff}T00:00:00+09:00"
    assert first_kept_job_day(instant, months) == date.fromisoformat(job_day)
