"""What becomes of stored reminders when a thread's plan changes, at the instant of the change and beside it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.calendar import MICROSECOND, instant_from_micros, instant_to_micros
from bot.domain.reminders.contract_plan import WindowPlan
from bot.domain.reminders.plan import Reminder, ReminderKind
from bot.domain.types import MemberId, ThreadId
from bot.scheduling.dispatcher import CLAIM_LEASE
from storage import deliveries, delivery_results, planned_reminders
from storage.database import Database
from storage.delivery_results import DeliveryResult
from storage.planned_reminders import ReminderOutcome
from tests.helpers.dispatching import ASKED, DUE, MIKA, Dispatching

WINDOW = (ASKED, ASKED + timedelta(hours=24))
LEAD = timedelta(hours=4)
BESIDE = [(-MICROSECOND, False), (timedelta(), False), (MICROSECOND, True)]
"""Beside the present, and whether a reminder at that instant is still to come."""


async def recorded(database: Database) -> ThreadId:
    """A thread whose reminder 4 hours before the close is planned."""
    return (await Dispatching(database).record("A", ASKED)).thread.id


async def stored(database: Database) -> list[tuple[str, timedelta]]:
    """The state of each reminder, with its distance from its first instant."""
    rows = await database.fetch("SELECT state, remind_at FROM occurrences WHERE kind = 'lead' ORDER BY occurrence_id")
    return [(state, instant_from_micros(remind_at) - DUE) for state, remind_at in rows]


async def change(database: Database, thread_id: ThreadId, beside: timedelta, *, now: timedelta) -> bool:
    """Plan the reminder at another instant; whether the stored ones were stale before."""
    plans = [WindowPlan(*WINDOW, (Reminder(ReminderKind.LEAD, LEAD, DUE + beside),))]
    async with database.write() as transaction:
        rows = await transaction.query(planned_reminders.reminders_to_compare_query(MIKA, thread_id, 0))
        stale = planned_reminders.is_reminder_plan_stale(plans, stored=rows, now=DUE + now)
        await planned_reminders.sync_planned_reminders(transaction, MIKA, thread_id, plans, stored=rows, now=DUE + now)
    return stale


@pytest.mark.parametrize(("beside", "to_come"), BESIDE)
async def test_a_reminder_is_moved_to_what_is_still_to_come(
    database: Database, beside: timedelta, *, to_come: bool
) -> None:
    thread_id, now = await recorded(database), timedelta(hours=1)
    assert await change(database, thread_id, now + beside, now=now)
    assert await stored(database) == [("planned", now + beside if to_come else timedelta())]


@pytest.mark.parametrize(("beside", "to_come"), BESIDE)
async def test_a_reminder_is_added_only_where_it_is_still_to_come(
    database: Database, beside: timedelta, *, to_come: bool
) -> None:
    thread_id = await recorded(database)
    async with database.write() as transaction:
        await transaction.fetch("DELETE FROM occurrences WHERE kind = 'lead'")
    await change(database, thread_id, beside, now=timedelta())
    assert await stored(database) == [("planned", beside)] * to_come


@pytest.mark.parametrize("outcome", [None, *ReminderOutcome])
async def test_what_is_no_longer_planned_stays_and_is_not_planned_again(
    database: Database, outcome: ReminderOutcome | None
) -> None:
    thread_id = await recorded(database)
    async with database.write() as transaction:
        [claimed] = await deliveries.claim_deliveries(transaction, now=DUE, lease=CLAIM_LEASE)
        reminders = await deliveries.load_claimed_reminders(transaction, claimed, now=DUE)
        if outcome is not None:
            result = DeliveryResult(claimed, tuple((reminder, outcome) for reminder in reminders))
            await delivery_results.save_delivery_results(transaction, [result], now=DUE)
    await change(database, thread_id, timedelta(hours=1), now=timedelta())
    expected = [(outcome or "claimed", timedelta())]
    if outcome is ReminderOutcome.SUPERSEDED:
        expected.append(("planned", timedelta(hours=1)))
    assert await stored(database) == expected


@pytest.mark.parametrize(("beside", "states"), [(timedelta(), ["planned"]), (MICROSECOND, ["superseded", "planned"])])
async def test_at_another_instant_what_was_tried_is_another_reminder(
    database: Database, beside: timedelta, states: list[str]
) -> None:
    thread_id = await recorded(database)
    async with database.write() as transaction:
        await transaction.fetch("DELETE FROM occurrences WHERE kind = 'closed'")
        await deliveries.claim_deliveries(transaction, now=DUE, lease=CLAIM_LEASE)
        await deliveries.release_expired_reminder_claims(transaction, now=DUE + CLAIM_LEASE)
    assert not await change(database, thread_id, beside, now=-MICROSECOND), "its delivery settles it"
    assert [state for state, _ in await stored(database)] == states


async def test_without_a_window_nothing_stays_planned(database: Database) -> None:
    thread_id = await recorded(database)
    async with database.write() as transaction:
        rows = await transaction.query(planned_reminders.reminders_to_compare_query(MIKA, thread_id, 0))
        assert planned_reminders.is_reminder_plan_stale((), stored=rows, now=DUE)
        await planned_reminders.sync_planned_reminders(transaction, MIKA, thread_id, (), stored=rows, now=DUE)
        rows = await transaction.query(planned_reminders.reminders_to_compare_query(MIKA, thread_id, 0))
        assert not planned_reminders.is_reminder_plan_stale((), stored=rows, now=DUE)
    assert await stored(database) == [("superseded", timedelta())]


async def test_what_is_planned_and_missed_is_of_one_thread_and_one_member(database: Database) -> None:
    dispatching = Dispatching(database)
    first = (await dispatching.record("A", ASKED)).thread.id
    await dispatching.record("B", ASKED + MICROSECOND)
    async with database.write() as transaction:
        rows = await transaction.query(planned_reminders.reminders_to_compare_query(MIKA, first, 0))
        closing = datetime(2026, 11, 24, 22, tzinfo=UTC)
        assert sorted(remind_at for *_, remind_at, _, _ in rows) == [instant_to_micros(DUE), instant_to_micros(closing)]
        assert await transaction.query(planned_reminders.reminders_to_compare_query(MemberId(2), first, 0)) == []
        await transaction.fetch("UPDATE occurrences SET state = 'expired', settled_at = 0")
    assert len(await database.query(planned_reminders.unnotified_missed_query(MIKA))) == 4
    assert await database.query(planned_reminders.unnotified_missed_query(MemberId(2))) == []
