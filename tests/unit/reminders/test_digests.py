"""When the digest comes."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.reminders.digests import next_digest_time

TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 11, 24, 12, tzinfo=TOKYO)  # a Tuesday


@pytest.mark.parametrize(
    ("now", "weekly", "day", "expected"),
    [
        (NOON, False, None, datetime(2026, 12, 2, 9)),
        (NOON, False, 23, datetime(2026, 12, 24, 9)),
        (NOON, False, 24, datetime(2026, 11, 25, 9)),
        (NOON, False, 31, datetime(2026, 12, 1, 9)),
        (NOON, True, None, datetime(2026, 11, 30, 9)),
        (datetime(2026, 12, 2, 9, tzinfo=TOKYO), False, None, datetime(2027, 1, 2, 9)),
        (datetime(2026, 12, 2, 8, 59, tzinfo=TOKYO), False, None, datetime(2026, 12, 2, 9)),
    ],
)
def test_when_the_digest_comes(now: datetime, weekly: bool, day: int | None, expected: datetime) -> None:  # noqa: FBT001
    assert next_digest_time(now, weekly=weekly, review_day=day, zone=TOKYO) == expected.replace(tzinfo=TOKYO)
