"""A short run of mails and kills, and that it notices a bot that removes mails too early."""

import pytest

from tests.helpers.dovecot import needs_dovecot
from tests.mail.crash import run_mail_crashes

pytestmark = [*needs_dovecot, pytest.mark.slow, pytest.mark.timeout(900)]


async def test_no_mail_is_lost_or_recorded_twice() -> None:
    report = await run_mail_crashes(100, 8, seed=7)
    assert report.clean, report


async def test_a_mail_that_is_removed_too_early_is_noticed() -> None:
    """Which instants the kills hit is chance, so a run that lost nothing is followed by another one."""
    for seed in range(7, 12):
        report = await run_mail_crashes(100, 8, seed=seed, sabotage="remove-first")
        if report.lost:
            return
    pytest.fail("five runs lost nothing")
