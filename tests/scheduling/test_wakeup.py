"""Waking the loop that sends reminders: when something is due before what it waits for, and for nothing else."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.fake_discord.clock import ManualClock
from bot.scheduling.wakeup import WakeUp
from tests.helpers.stage import NOON

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("next_due", "planned", "wakes"),
    [
        (NOON + HOUR, NOON + HOUR / 2, True),
        (NOON + HOUR, NOON + HOUR, False),
        (NOON + HOUR, NOON + 2 * HOUR, False),
        (None, NOON + HOUR, True),
    ],
)
async def test_a_planned_reminder_wakes_who_waits_for_a_later_one(
    next_due: datetime | None, planned: datetime, *, wakes: bool
) -> None:
    wakeup = WakeUp(ManualClock(NOON))
    waiting = asyncio.create_task(wakeup.wait(next_due))
    await asyncio.sleep(0)
    wakeup.wake_before(planned)
    for _ in range(20):
        await asyncio.sleep(0)
    assert waiting.done() == wakes
    wakeup.wake()
    await waiting


async def test_what_is_planned_while_the_loop_works_is_not_lost() -> None:
    """It may have read what is due before the reminder was committed."""
    wakeup = WakeUp(ManualClock(NOON))
    with wakeup.ticking():
        wakeup.wake_before(NOON + 5 * HOUR)
    await asyncio.wait_for(wakeup.wait(NOON + HOUR), timeout=5)
