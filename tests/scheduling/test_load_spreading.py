"""Considerate under load: peaks are levelled, first contacts are spread, nobody is held up by somebody else's many."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import MICROSECOND
from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reminders.load_spreading import STEP, STEPS, lookahead_for_sending_rate
from bot.domain.reminders.plan import ReminderKind
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.fake_discord.clock import ManualClock
from bot.scheduling.dispatcher import ReminderDispatcher
from bot.scheduling.dm_open_limiter import BACKOFF, OPEN_INTERVAL, DmOpenLimiter
from bot.scheduling.ports import Delivery, RetryLaterError
from bot.scheduling.wakeup import WakeUp
from bot.services.container import Services
from bot.services.new_messages import NewMessage
from bot.settings import read_defaults
from storage import deliveries
from storage.cards import CHANGED
from storage.connect import open_database
from storage.database import Database
from storage.delivery_results import SentReminder
from tests.helpers.closing import CloseLater

DUE = datetime(2026, 11, 24, 6, tzinfo=UTC)
"""15:00 in Tokyo."""


@given(st.lists(st.integers(0, 500), max_size=STEPS), st.floats(1, 60))
def test_looking_so_far_ahead_nothing_is_late(due: list[int], rate: float) -> None:
    ahead = lookahead_for_sending_rate(due, rate)
    per_step = rate * STEP.total_seconds()
    assert timedelta() <= ahead <= STEPS * STEP
    # What comes up to a step behind the horizon can be sent before that step begins.
    fits = [sum(due[: step + 1]) <= per_step * max(step, 1) for step in range(len(due))]
    assert all(fits[ahead // STEP :])
    assert not ahead or not fits[ahead // STEP - 1]


class Carrier:
    """Takes what is delivered, and says when."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.sent: list[tuple[datetime, Delivery]] = []

    async def send_reminder(self, delivery: Delivery, *, now: datetime) -> SentReminder:
        self.sent.append((now, delivery))
        return SentReminder(len(self.sent), CHANGED)


async def record(
    services: Services, member: int, asked_at: datetime, now: datetime, count: int = 1, client: str = "C"
) -> None:
    for number in range(count):
        moment = ParsedTime(asked_at + timedelta(microseconds=number), Precision.SECOND)
        record = NewMessage(
            direction=Direction.RECEIVED,
            client=f"{client}{number}",
            title=None,
            time=moment,
            source=MessageSource.WRITTEN,
            source_key=f"{member}/{client}{number}/{asked_at}",
        )
        await services.recording.record(MemberId(member), record, now=now)


async def opened(url: str) -> tuple[Database, Services, ManualClock]:
    database = await open_database(url)
    clock = ManualClock(DUE - timedelta(hours=3))
    return database, Services(database, read_defaults({"DEFAULT_QUIET_HOURS": ""}), lambda: None), clock


async def nobody_sleeps(_member: MemberId, _now: datetime) -> datetime | None:
    return None


async def test_a_peak_goes_out_early_and_an_ordinary_hour_does_not(database_url: str, close_later: CloseLater) -> None:
    database, services, clock = await opened(database_url)
    close_later(database)
    asked = DUE - timedelta(hours=20)  # the reminder 4 h before the close
    for member in range(1, 61):
        await record(services, member, asked, clock.now())
    carrier = Carrier(clock)
    # 60 at one instant, one every two seconds: two minutes are needed.
    dispatcher = ReminderDispatcher(database, clock, carrier, WakeUp(clock), nobody_sleeps, rate=0.5)
    async with dispatcher.running():
        for before in (15, 10, 5, 3):
            clock.advance_to(DUE - timedelta(minutes=before))
            await dispatcher.wait_idle()
            assert not carrier.sent
        clock.advance_to(DUE - timedelta(seconds=115))
        await dispatcher.wait_idle()
    assert len(carrier.sent) == 60


@pytest.mark.parametrize(("later", "early"), [(STEP - MICROSECOND, 0), (STEP, 60)])
async def test_a_peak_is_looked_for_once_a_step(
    database_url: str, close_later: CloseLater, later: timedelta, early: int
) -> None:
    database, services, clock = await opened(database_url)
    close_later(database)
    carrier = Carrier(clock)
    dispatcher = ReminderDispatcher(database, clock, carrier, WakeUp(clock), nobody_sleeps, rate=0.5)
    async with dispatcher.running():
        clock.advance_to(DUE - timedelta(seconds=115))
        await dispatcher.wait_idle()
        for member in range(1, 61):
            await record(services, member, DUE - timedelta(hours=20), clock.now())
        clock.advance(later)
        await dispatcher.wait_idle()
    assert len(carrier.sent) == early


class SlowCarrier(Carrier):
    """Is still sending everything that it was given, until `answered` is set."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.answered = asyncio.Event()

    async def send_reminder(self, delivery: Delivery, *, now: datetime) -> SentReminder:
        sent = await super().send_reminder(delivery, now=now)
        await self.answered.wait()
        return sent


async def test_twenty_reminders_are_sent_at_a_time(database_url: str, close_later: CloseLater) -> None:
    database, services, clock = await opened(database_url)
    close_later(database)
    for member in range(1, 31):
        await record(services, member, DUE - timedelta(hours=20), clock.now())
    carrier = SlowCarrier(clock)
    dispatcher = ReminderDispatcher(database, clock, carrier, WakeUp(clock), nobody_sleeps)
    async with dispatcher.running():
        clock.advance_to(DUE)
        for _ in range(500):  # many times more than the first ones need
            await database.fetch("SELECT 1")
        sent_at_first = len(carrier.sent)
        carrier.answered.set()
        await dispatcher.wait_idle()
    assert (sent_at_first, len(carrier.sent)) == (20, 30)


async def test_the_dispatcher_is_not_idle_while_a_reminder_is_being_sent(
    database_url: str, close_later: CloseLater
) -> None:
    """Also where nothing more was claimed since the question."""
    database, services, clock = await opened(database_url)
    close_later(database)
    await record(services, 1, DUE - timedelta(hours=20), clock.now())
    carrier = SlowCarrier(clock)
    dispatcher = ReminderDispatcher(database, clock, carrier, WakeUp(clock), nobody_sleeps)
    async with dispatcher.running():
        clock.advance_to(DUE)
        async with asyncio.timeout(10):
            while not carrier.sent:
                await database.fetch("SELECT 1")
        waiting = asyncio.create_task(dispatcher.wait_idle())
        for _ in range(50):  # many times more than it needs
            await database.fetch("SELECT 1")
        idle_too_early = waiting.done()
        carrier.answered.set()
        await waiting
    assert not idle_too_early


async def test_neither_a_closed_message_nor_later_is_ever_early(database_url: str, close_later: CloseLater) -> None:
    database, services, clock = await opened(database_url)
    close_later(database)
    for member in range(1, 31):
        await record(services, member, DUE - timedelta(hours=24), clock.now())
    morning = DUE + timedelta(hours=16)
    carrier = Carrier(clock)
    dispatcher = ReminderDispatcher(database, clock, carrier, WakeUp(clock), nobody_sleeps, rate=0.1)
    async with dispatcher.running():
        clock.advance_to(morning - timedelta(minutes=5))
        await dispatcher.wait_idle()
        clock.advance_to(morning - timedelta(seconds=1))
        await dispatcher.wait_idle()
        early = [each for _, each in carrier.sent if any(w.kind is ReminderKind.CLOSED for w in each.items)]
        assert not early
        clock.advance_to(morning)
        await dispatcher.wait_idle()
    closed = [each for _, each in carrier.sent if any(w.kind is ReminderKind.CLOSED for w in each.items)]
    assert len(closed) == 30


async def test_what_load_spreading_would_send_into_quiet_hours_waits_for_their_end(
    database_url: str, close_later: CloseLater
) -> None:
    database, services, clock = await opened(database_url)
    close_later(database)
    for member in range(1, 31):
        await record(services, member, DUE - timedelta(hours=20), clock.now())
    night_ends = DUE - timedelta(seconds=30)

    async def asleep_until_then(_member: MemberId, now: datetime) -> datetime | None:
        return night_ends if now < night_ends else None

    carrier = Carrier(clock)
    dispatcher = ReminderDispatcher(database, clock, carrier, WakeUp(clock), asleep_until_then, rate=0.1)
    async with dispatcher.running():
        for instant in (DUE - timedelta(minutes=4), night_ends - timedelta(seconds=1)):
            clock.advance_to(instant)
            await dispatcher.wait_idle()
            assert not carrier.sent
        clock.advance_to(night_ends)
        await dispatcher.wait_idle()
    assert len(carrier.sent) == 30


@pytest.mark.slow
async def test_members_take_turns_however_many_windows_one_has(database_url: str) -> None:
    """Two members of many windows, all due before those of others: the others wait for one turn."""
    database, services, clock = await opened(database_url)
    try:
        asked = DUE - timedelta(hours=20)
        for member in (1, 2):
            await record(services, member, asked - timedelta(seconds=1), clock.now(), count=250)
        for member in (3, 4):
            await record(services, member, asked, clock.now())
        carrier = Carrier(clock)
        dispatcher = ReminderDispatcher(database, clock, carrier, WakeUp(clock), nobody_sleeps)
        async with dispatcher.running():
            clock.advance_to(DUE)
            await dispatcher.wait_idle()
        members = [each.member_id for _, each in carrier.sent]
        assert sum(len(each.items) for _, each in carrier.sent) == 502
        assert sorted(members) == [1, 2, 3, 4]
    finally:
        await database.close()


async def test_one_claim_takes_a_members_turn_of_new_and_of_tried_reminders(database_url: str) -> None:
    database, services, clock = await opened(database_url)
    try:
        await record(services, 1, DUE - timedelta(hours=20, seconds=1), clock.now(), count=100)
        await record(services, 1, DUE - timedelta(hours=20, seconds=-30), clock.now(), client="later")
        for member in (2, 3):
            await record(services, member, DUE - timedelta(hours=20), clock.now())
        lease = timedelta(minutes=1)
        claims: list[list[MemberId]] = []
        for now in (DUE, DUE + lease, DUE + 2 * lease):  # the results of a claim are never saved
            async with database.write() as transaction:
                await deliveries.release_expired_reminder_claims(transaction, now=now)
                claimed = await deliveries.claim_deliveries(transaction, now=now, lease=lease)
                claims.append([each.member_id for each in claimed])
                assert await deliveries.claim_deliveries(transaction, now=now, lease=lease, busy={MemberId(1)}) == []
        assert sorted(claims[0]) == [1, 2, 3]
        # Of each member one delivery to be tried again, and a new one where more is due that the first had no room for.
        assert sorted(claims[1]) == [1, 1, 2, 3]
        assert sorted(claims[2]) == [1, 2, 3]
    finally:
        await database.close()


async def test_a_claim_is_what_discord_allows_in_a_second(database_url: str) -> None:
    """50 members a claim, of new deliveries and of those to be tried again (docs/platform-facts.md#rate-limits)."""
    database, services, clock = await opened(database_url)
    lease = timedelta(minutes=1)

    async def count(now: datetime) -> SentReminder:
        async with database.write() as transaction:
            await deliveries.release_expired_reminder_claims(transaction, now=now)
            return len(await deliveries.claim_deliveries(transaction, now=now, lease=lease))

    try:
        for member in range(1, 52):
            await record(services, member, DUE - timedelta(hours=20), clock.now())
        assert [await count(DUE), await count(DUE)] == [50, 1]
        assert [await count(DUE + lease), await count(DUE + lease)] == [50, 1]
    finally:
        await database.close()


def test_first_contacts_are_spread_and_each_gets_a_turn() -> None:
    openings = DmOpenLimiter()
    turns: dict[int, datetime] = {}
    openings.take_open_slot(MemberId(0), DUE)
    for member in range(1, 20):
        with pytest.raises(RetryLaterError) as told:
            openings.take_open_slot(MemberId(member), DUE)
        assert told.value.delay is not None
        turns[member] = DUE + told.value.delay
    assert sorted(turns.values()) == [DUE + number * OPEN_INTERVAL for number in range(1, 20)]
    for member, turn in turns.items():
        openings.take_open_slot(MemberId(member), turn)
    assert openings.count == 20


def test_too_fast_pauses_the_openings_and_keeps_their_order() -> None:
    openings = DmOpenLimiter()
    openings.take_open_slot(MemberId(0), DUE)
    for member in (1, 2):
        with pytest.raises(RetryLaterError):
            openings.take_open_slot(MemberId(member), DUE)
    openings.back_off(DUE)
    for member, place in ((1, 0), (2, 1), (3, 2)):
        with pytest.raises(RetryLaterError) as told:
            openings.take_open_slot(MemberId(member), DUE)
        assert told.value.delay == BACKOFF + place * OPEN_INTERVAL


def test_a_clock_that_is_set_back_holds_up_no_first_contact() -> None:
    openings = DmOpenLimiter()
    openings.take_open_slot(MemberId(1), DUE)
    with pytest.raises(RetryLaterError):
        openings.take_open_slot(MemberId(2), DUE)
    back = DUE - timedelta(hours=6)
    with pytest.raises(RetryLaterError) as later:
        openings.take_open_slot(MemberId(3), back)
    assert later.value.delay == 2 * OPEN_INTERVAL
    openings.take_open_slot(MemberId(2), back + OPEN_INTERVAL)
