"""Each row can still be made, at a small scale. What it says is for `make bench`."""

import sys

import pytest

from tests.bench import abuse, bulk, fairness, growth, measure, messages, records, reminders, status
from tests.helpers.machine import ROOT
from tests.helpers.preloaded import start_preloaded

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="what another process uses is read from /proc"),
]


@pytest.mark.parametrize("part", [abuse, bulk, fairness, growth, messages, records, reminders, status])
async def test_every_row_is_made(part, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    if part is not messages:  # it starts the bot and its peer as the bench does
        forked = lambda arguments, environ: start_preloaded(arguments, cwd=ROOT, env=environ)  # noqa: E731
        monkeypatch.setattr(measure, "start", forked)
    found = [row async for row in part.rows(0.01)]
    assert found
    assert all(row.ours > 0 for row in found)
