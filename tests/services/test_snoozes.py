"""A snooze belongs to a window: it survives whatever is corrected in it, and ends with it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.calendar import instant_from_micros, instant_to_micros
from bot.domain.messages import ParsedTime, Precision
from bot.domain.reply.thread_state import Direction
from bot.services.results import Receipt
from storage.connect import open_database
from tests.helpers.dispatching import ASKED, DUE, MIKA, Dispatching

HOUR = timedelta(hours=1)
PRESSED = DUE - 3 * HOUR
UNTIL = PRESSED + HOUR
"""Where a snooze of that time leads."""


@pytest.fixture
async def dispatching(database_url: str) -> AsyncIterator[Dispatching]:
    database = await open_database(database_url)
    yield Dispatching(database)
    await database.close()


async def snooze(dispatching: Dispatching) -> Receipt:
    receipt = await dispatching.record("A", ASKED)
    _, until = await dispatching.services.windows.snooze(MIKA, receipt.message.id, now=PRESSED)
    assert until == UNTIL.replace(microsecond=0)
    assert await snoozed(dispatching) == [until]
    return receipt


async def snoozed(dispatching: Dispatching) -> list[datetime]:
    """When the planned reminders come that were snoozed."""
    rows = await dispatching.database.fetch(
        "SELECT remind_at FROM occurrences WHERE kind = 'snoozed' AND state = 'planned' ORDER BY remind_at"
    )
    return [instant_from_micros(row[0]) for row in rows]


async def test_it_survives_moving(dispatching: Dispatching) -> None:
    receipt = await snooze(dispatching)
    await dispatching.services.message_corrections.move_message(MIKA, receipt.message.id, client="B", now=PRESSED)
    assert await snoozed(dispatching) == [UNTIL.replace(microsecond=0)]
    newest = await dispatching.services.history.newest_step(MIKA)
    await dispatching.services.history.undo_newest_step(MIKA, newest.id, now=PRESSED)
    assert await snoozed(dispatching) == [UNTIL.replace(microsecond=0)]


async def test_it_survives_a_correction_of_the_time(dispatching: Dispatching) -> None:
    receipt = await snooze(dispatching)
    time = ParsedTime(ASKED - HOUR, Precision.MINUTE)
    await dispatching.services.message_corrections.correct_time(MIKA, receipt.message.id, time, now=PRESSED)
    assert await snoozed(dispatching) == [UNTIL.replace(microsecond=0)]


async def test_it_survives_an_earlier_message_that_is_recorded_later(dispatching: Dispatching) -> None:
    await snooze(dispatching)
    await dispatching.record("A", ASKED - HOUR)
    assert await snoozed(dispatching) == [UNTIL.replace(microsecond=0)]


async def test_it_survives_its_window_where_the_oldest_message_is_deleted(dispatching: Dispatching) -> None:
    receipt = await snooze(dispatching)
    await dispatching.record("A", ASKED + HOUR)
    corrections = dispatching.services.message_corrections
    await corrections.delete_message(MIKA, receipt.message.id, now=PRESSED)
    assert await snoozed(dispatching) == [UNTIL.replace(microsecond=0)]
    await corrections.restore_message(MIKA, receipt.message.id, now=PRESSED)
    assert await snoozed(dispatching) == [UNTIL.replace(microsecond=0)]


async def test_it_ends_with_its_window_where_a_later_message_is_left(dispatching: Dispatching) -> None:
    receipt = await snooze(dispatching)
    dispatching.clock.advance_to(PRESSED + HOUR / 2)
    await dispatching.record("A", PRESSED + HOUR / 2)
    await dispatching.services.message_corrections.delete_message(MIKA, receipt.message.id, now=PRESSED + HOUR / 2)
    assert await snoozed(dispatching) == []


async def test_it_survives_a_reply_that_is_undone(dispatching: Dispatching) -> None:
    await snooze(dispatching)
    await dispatching.record("A", PRESSED, Direction.SENT)
    assert await snoozed(dispatching) == []
    newest = await dispatching.services.history.newest_step(MIKA)
    await dispatching.services.history.undo_newest_step(MIKA, newest.id, now=PRESSED)
    assert await snoozed(dispatching) == [UNTIL.replace(microsecond=0)]


async def test_it_stays_with_its_message_where_a_thread_is_split(dispatching: Dispatching) -> None:
    await dispatching.record("A", ASKED - HOUR)
    receipt = await dispatching.record("A", ASKED)
    await dispatching.services.history.split_thread(MIKA, receipt.message.id, now=PRESSED)
    await dispatching.services.windows.snooze(MIKA, receipt.message.id, now=PRESSED)
    assert len(await snoozed(dispatching)) == 1
    [row] = await dispatching.database.fetch("SELECT thread_id FROM occurrences WHERE kind = 'snoozed'")
    assert row[0] != receipt.thread.id


async def test_one_of_before_the_upgrade_goes_on(dispatching: Dispatching) -> None:
    receipt = await dispatching.record("A", ASKED)
    async with dispatching.database.write() as transaction:
        await transaction.fetch(
            "INSERT INTO snoozes (member_id, thread_id, reminds_from, asked_at, until) VALUES ($1, $2, $3, $4, $5)",
            MIKA,
            receipt.thread.id,
            instant_to_micros(ASKED),
            instant_to_micros(PRESSED),
            instant_to_micros(UNTIL),
        )
    await dispatching.record("A", ASKED + HOUR)
    assert await snoozed(dispatching) == [UNTIL]
    assert UNTIL.tzinfo is UTC
