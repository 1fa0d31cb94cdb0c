"""Each row can still be made, at a small scale. What it says is for `make bench`."""

import sys

import pytest

from tests.bench import abuse, bulk, fairness, growth, messages, records, reminders, status

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="what another process uses is read from /proc"),
]


@pytest.mark.parametrize("part", [abuse, bulk, fairness, growth, messages, records, reminders, status])
async def test_every_row_is_made(part) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    found = [row async for row in part.rows(0.01)]
    assert found
    assert all(row.ours > 0 for row in found)
