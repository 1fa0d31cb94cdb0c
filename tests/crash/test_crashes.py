"""A short crash run; and that the audit notices each way to break the promise. `make crash` does the long one."""

import pytest

from tests.crash.harness import run_crashes

pytestmark = pytest.mark.needs_more


async def test_a_short_run_loses_doubles_and_corrupts_nothing() -> None:
    report = await run_crashes(10, seed=7)
    assert report.clean, (report.lost, report.doubled, report.corrupt)
    assert report.records > 50
    assert report.reminders > 20


@pytest.mark.parametrize(
    ("sabotage", "finds"), [("mark-first", "lost"), ("random-nonce", "doubled"), ("no-lease", "lost")]
)
async def test_the_audit_notices_a_broken_bot(sabotage: str, finds: str) -> None:
    report = await run_crashes(
        12 if sabotage == "no-lease" else 40, seed=7, sabotage=sabotage, until_unclean=sabotage != "no-lease"
    )
    assert getattr(report, finds)
    assert not report.corrupt
