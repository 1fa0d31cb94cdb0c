"""A short crash run; and that the audit notices each way to break the promise. `make crash` does the long one."""

import pytest

from tests.crash.harness import run_crashes, time_takeover

FEW_KILLS = {"no-lease": 12, "wrong-card": 6}
"""What is noticed in the end only."""

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.mark.parametrize("processes", [1, 3])
async def test_a_short_run_loses_doubles_and_corrupts_nothing(processes: int) -> None:
    report = await run_crashes(10, seed=7, processes=processes)
    assert report.clean, (report.lost, report.doubled, report.corrupt, report.come_back)
    # How much the members do between two kills depends on the machine: a run counts if there was something to lose.
    assert report.records
    assert report.mails
    assert report.cards
    assert report.reminders


@pytest.mark.parametrize(
    ("sabotage", "finds", "processes"),
    [
        ("mark-first", "lost", 1),
        ("random-nonce", "doubled", 1),
        ("no-lease", "lost", 1),
        ("forget-erasures", "come_back", 1),
        ("wrong-card", "corrupt", 1),
        ("accept-first", "lost", 1),
        ("half-imports", "corrupt", 1),
        ("mark-first", "lost", 3),
    ],
)
async def test_the_audit_notices_a_broken_bot(sabotage: str, finds: str, processes: int) -> None:
    """Which instants the kills hit is chance, so a run that found nothing is followed by another one."""
    for seed in range(7, 12):
        report = await run_crashes(
            FEW_KILLS.get(sabotage, 60),
            seed=seed,
            processes=processes,
            sabotage=sabotage,
            until_unclean=sabotage not in FEW_KILLS,
        )
        assert finds == "corrupt" or not report.corrupt
        if getattr(report, finds):
            return
    pytest.fail(f"five runs noticed nothing of {sabotage}")


async def test_the_one_that_listens_is_replaced_within_thirty_seconds() -> None:
    """Killed, with the leases as they are. Members go on: what they write meanwhile is read."""
    assert await time_takeover(seed=7, processes=3) < 30
