"""Deliveries at their very instants and a microsecond beside them: leases, lateness, nonces, and the member's lock."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.calendar import MICROSECOND, instant_from_micros, instant_to_micros
from bot.domain.reminders.load_spreading import MAX_EARLY
from bot.domain.reminders.merging import TAKE_ALONG
from bot.domain.reminders.plan import ReminderKind, ReminderPreferences, Snooze
from bot.domain.reply.thread_state import REPLY_WINDOW, Direction
from bot.scheduling.dispatcher import CLAIM_LEASE, CLOSED_NOTICE_TTL, LATE_AFTER, ReminderDispatcher
from bot.scheduling.ports import MemberUnreachableError, RetryLaterError
from bot.scheduling.wakeup import WakeUp
from bot.services.projection import recompute_thread
from storage import cards, deliveries, members, snoozes, waiting_threads
from storage.connect import open_database
from storage.database import Database, Executor
from storage.deliveries import ClaimedDelivery, ClaimedReminder
from storage.discord_ids import message_id_at
from storage.planned_reminders import ReminderOutcome
from storage.snoozes import StoredSnooze
from tests.helpers.closing import CloseLater
from tests.helpers.dispatching import ASKED, DUE, MIKA, Dispatching, nobody_sleeps


@pytest.fixture
async def dispatching(database_url: str) -> AsyncIterator[Dispatching]:
    database = await open_database(database_url)
    yield Dispatching(database)
    await database.close()


NEXT_MORNING = datetime(2026, 11, 24, 22, tzinfo=UTC)
"""07:00 in Tokyo, when a member without quiet hours hears of what has closed."""

LEASE = timedelta(seconds=60)
"""As docs/reliability.md says it."""
LEASE_ENDS = [pytest.param(LEASE - MICROSECOND, False, id="before"), pytest.param(LEASE, True, id="at")]


async def record_two_deliveries_of_one_claim(dispatching: Dispatching, slowness: timedelta) -> datetime:
    """When they are claimed: one is refused before and tried again then, so slowly, and the other one is due then."""
    await dispatching.record("C0", ASKED)
    await dispatching.record("C1", ASKED + timedelta(hours=3))

    def refuse_once_and_be_slow_once() -> None:
        if len(dispatching.sent) == 1:
            raise RetryLaterError(timedelta(hours=3))
        if len(dispatching.sent) == 2:
            dispatching.clock.advance(slowness)

    dispatching.before_send = refuse_once_and_be_slow_once
    await dispatching.dispatch_at(DUE)
    assert len(dispatching.sent) == 1
    return DUE + timedelta(hours=3)


@pytest.mark.parametrize(("wait", "tried_again"), LEASE_ENDS)
async def test_a_delivery_that_waited_until_its_lease_ended_is_left_to_the_next_claim(
    dispatching: Dispatching, wait: timedelta, *, tried_again: bool
) -> None:
    """The first look: while one delivery is sent the lease of the member's next one ends."""
    at = await record_two_deliveries_of_one_claim(dispatching, wait)
    await dispatching.dispatch_at(at)
    assert [[item.thread.client for item in delivery.items] for delivery in dispatching.sent] == [
        ["C0"],
        ["C0"],
        ["C1"],
    ]
    assert await dispatching.last_was_tried_again() is tried_again


@pytest.mark.parametrize(("wait", "tried_again"), LEASE_ENDS)
async def test_what_ended_is_counted_once_though_the_lease_ended_before(
    dispatching: Dispatching, wait: timedelta, *, tried_again: bool
) -> None:
    """The first look: a claim that is over settles nothing and counts nothing, since the next one does."""
    at = await record_two_deliveries_of_one_claim(dispatching, wait)
    async with dispatching.database.write() as transaction:
        await transaction.fetch(
            "UPDATE windows SET dismissed = 1 WHERE thread_id = (SELECT max(thread_id) FROM windows)"
        )
    await dispatching.dispatch_at(at)
    assert dispatching.outcomes.counted.count(ReminderOutcome.SUPERSEDED) == 1
    assert await dispatching.last_was_tried_again() is tried_again


@pytest.mark.parametrize(("wait", "tried_again"), LEASE_ENDS)
async def test_a_delivery_whose_lease_ended_while_it_was_looked_at_is_left_to_the_next_claim(
    dispatching: Dispatching, monkeypatch: pytest.MonkeyPatch, wait: timedelta, *, tried_again: bool
) -> None:
    """The second look, just before it is sent."""
    await dispatching.record("A", ASKED)
    load = deliveries.load_claimed_reminders
    looks = 0

    async def load_slowly(reader: Executor, claimed: ClaimedDelivery, *, now: datetime) -> list[ClaimedReminder]:
        nonlocal looks
        looks += 1
        if looks == 1:
            dispatching.clock.advance(wait)
        return await load(reader, claimed, now=now)

    monkeypatch.setattr(deliveries, "load_claimed_reminders", load_slowly)
    await dispatching.dispatch_at(DUE)
    assert len(dispatching.sent) == 1
    assert await dispatching.last_was_tried_again() is tried_again


@pytest.mark.parametrize(("lateness", "said"), [(LATE_AFTER - MICROSECOND, None), (LATE_AFTER, LATE_AFTER)])
async def test_a_message_is_as_late_as_its_latest_reminder(
    dispatching: Dispatching, lateness: timedelta, said: timedelta | None
) -> None:
    for number, minutes in enumerate((3, 0, 1)):
        await dispatching.record(f"C{number}", ASKED + timedelta(minutes=minutes))
    await dispatching.dispatch_at(DUE + lateness)
    [delivery] = dispatching.sent
    assert delivery.late_by == said
    assert [item.remind_at - DUE for item in delivery.items] == [timedelta(minutes=minutes) for minutes in (0, 1, 3)]


async def test_of_several_reminders_of_a_window_the_newest_counts(database_url: str, close_later: CloseLater) -> None:
    database = close_later(await open_database(database_url))
    dispatching = Dispatching(database, "4h,3h50m")
    await dispatching.record("A", ASKED)
    await dispatching.dispatch_at(DUE + timedelta(minutes=10))
    [delivery] = dispatching.sent
    assert [item.remind_at for item in delivery.items] == [DUE + timedelta(minutes=10)]
    assert delivery.late_by is None


async def test_a_nonce_has_the_second_of_its_deliverys_creation_and_is_kept(dispatching: Dispatching) -> None:
    await dispatching.record("A", ASKED)

    def refuse_once() -> None:
        if len(dispatching.sent) == 1:
            raise RetryLaterError(timedelta(seconds=90))

    dispatching.before_send = refuse_once
    await dispatching.dispatch_at(DUE)
    dispatching.clock.advance(timedelta(seconds=90))
    again = ReminderDispatcher(
        dispatching.database, dispatching.clock, dispatching, WakeUp(dispatching.clock), nobody_sleeps
    )
    async with again.running():
        await again.wait_idle()
    [first, second] = dispatching.sent
    assert first.nonce == second.nonce == f"nintei-{first.id:x}-{int(DUE.timestamp()):x}"
    assert await dispatching.last_was_tried_again()


async def test_a_window_that_waits_again_while_its_delivery_is_looked_at_is_reminded_of(
    dispatching: Dispatching, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The member's lock is waited for: whoever has it may be about to undo what ended the window."""
    await dispatching.record("A", ASKED)
    database = dispatching.database
    async with database.write() as transaction:
        await transaction.fetch("UPDATE windows SET dismissed = 1")
    lock = members.lock_member
    locked = asyncio.Event()

    async def undo() -> None:
        async with database.write() as transaction:
            await lock(transaction, MIKA)
            await transaction.fetch("UPDATE windows SET dismissed = 0")
            locked.set()
            if database.engine == "postgresql":
                await wait_for_waiting(database)

    load = deliveries.load_claimed_reminders
    undoing: list[asyncio.Task[None]] = []

    async def load_and_undo(reader: Executor, claimed: ClaimedDelivery, *, now: datetime) -> list[ClaimedReminder]:
        loaded = await load(reader, claimed, now=now)
        if not undoing:
            undoing.append(asyncio.create_task(undo()))
            await locked.wait()
        return loaded

    monkeypatch.setattr(deliveries, "load_claimed_reminders", load_and_undo)
    await dispatching.dispatch_at(DUE)
    await undoing[0]
    assert len(dispatching.sent) == 1
    assert dispatching.outcomes.counted == [ReminderOutcome.DELIVERED]


async def wait_for_waiting(database: Database) -> None:
    """Return once another transaction waits for a lock, or has been so quick that it did not need to."""
    for _ in range(200):
        if await database.fetch(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ):
            return


async def test_a_claim_ends_at_its_instant(dispatching: Dispatching) -> None:
    """A claim that nobody settled is given back at its end, and not a microsecond sooner."""
    await dispatching.record("A", ASKED)
    database = dispatching.database
    async with database.write() as transaction:
        assert await deliveries.claim_deliveries(transaction, now=DUE - MICROSECOND, lease=CLAIM_LEASE) == []
        [claimed] = await deliveries.claim_deliveries(transaction, now=DUE, lease=CLAIM_LEASE)
    for instant, given_back in ((claimed.lease_until - MICROSECOND, 0), (claimed.lease_until, 1)):
        async with database.write() as transaction:
            await deliveries.release_expired_reminder_claims(transaction, now=instant)
        rows = await database.fetch(
            "SELECT 1 FROM occurrences WHERE state = 'planned' AND claimed_until IS NULL AND delivery_id IS NOT NULL"
        )
        assert len(rows) == given_back


async def test_a_claim_too_far_ahead_is_of_a_clock_that_was_set_back(dispatching: Dispatching) -> None:
    await dispatching.record("A", ASKED)
    database = dispatching.database
    async with database.write() as transaction:
        await deliveries.claim_deliveries(transaction, now=DUE, lease=CLAIM_LEASE)
        await transaction.fetch(
            "UPDATE occurrences SET claimed_until = $1 WHERE state = 'claimed'",
            instant_to_micros(DUE + deliveries.MAX_CLOCK_SKEW),
        )
    for instant, given_back in ((DUE, 0), (DUE - MICROSECOND, 1)):
        async with database.write() as transaction:
            await deliveries.release_expired_reminder_claims(transaction, now=instant)
        rows = await database.fetch("SELECT 1 FROM occurrences WHERE state = 'planned' AND delivery_id IS NOT NULL")
        assert len(rows) == given_back


@pytest.mark.parametrize(("beside", "items"), [(timedelta(), 2), (MICROSECOND, 1)])
async def test_what_is_due_within_two_hours_is_sent_in_one_message(
    dispatching: Dispatching, beside: timedelta, items: int
) -> None:
    await dispatching.record("A", ASKED)
    await dispatching.record("B", ASKED + TAKE_ALONG + beside)
    await dispatching.dispatch_at(DUE)
    [delivery] = dispatching.sent
    assert len(delivery.items) == items


@pytest.mark.parametrize(("beside", "is_changed"), [(timedelta(), False), (MICROSECOND, True)])
async def test_a_reminder_that_was_taken_along_changes_an_earlier_card_of_its_thread(
    dispatching: Dispatching, beside: timedelta, *, is_changed: bool
) -> None:
    """Receipts name when the next reminder comes. One that was sent up to ten minutes early came as they say."""
    await dispatching.record("A", ASKED)
    receipt = await dispatching.record("B", ASKED + MAX_EARLY + beside)
    card_id, check_at = message_id_at(DUE - timedelta(hours=1)), DUE + timedelta(days=1)
    items = (cards.CardItem(receipt.message.id, receipt.thread.id),)
    async with dispatching.database.write() as transaction:
        card = (MIKA, card_id, 7, cards.CardContent(kind=cards.CardKind.RECEIPT, items=items), "")
        await cards.save_cards(transaction, [card], check_at=check_at)
    await dispatching.dispatch_at(DUE)
    [delivery] = dispatching.sent
    assert len(delivery.items) == 2
    rows = await dispatching.database.fetch("SELECT edit_at FROM cards WHERE discord_message_id = $1", card_id)
    assert [row[0] < instant_to_micros(check_at) for row in rows] == [is_changed]


async def test_other_processes_hear_of_what_is_due_sooner_than_they_expect(
    dispatching: Dispatching, monkeypatch: pytest.MonkeyPatch
) -> None:
    notified: list[str] = []

    async def notify(channel: str) -> None:
        notified.append(channel)

    monkeypatch.setattr(dispatching.database, "notify", notify)
    async with dispatching.dispatcher.running():
        for client, beside, count in (("A", 0, 1), ("A", 0, 1), ("later", 1, 1), ("sooner", -1, 2)):
            await dispatching.record(client, ASKED + beside * MICROSECOND)
            await dispatching.dispatcher.wait_idle()
            assert notified == ["due"] * count


async def test_nothing_due_is_told_to_nobody(dispatching: Dispatching, monkeypatch: pytest.MonkeyPatch) -> None:
    notified: list[str] = []

    async def notify(channel: str) -> None:
        notified.append(channel)

    monkeypatch.setattr(dispatching.database, "notify", notify)
    async with dispatching.dispatcher.running():
        await dispatching.dispatcher.wait_idle()
    assert notified == []


async def test_a_closing_message_names_what_was_missed_in_its_window_alone(dispatching: Dispatching) -> None:
    await dispatching.record("A", ASKED)
    await dispatching.record("B", ASKED + timedelta(hours=13))
    async with dispatching.database.write() as transaction:
        await transaction.fetch("UPDATE occurrences SET state = 'expired', settled_at = 0 WHERE kind = 'lead'")
    await dispatching.dispatch_at(NEXT_MORNING)
    [delivery] = dispatching.sent
    assert [item.thread.client for item in delivery.items] == ["A"]
    rows = await dispatching.database.fetch(
        "SELECT client FROM occurrences JOIN threads USING (thread_id) WHERE told_at IS NOT NULL"
    )
    assert [row[0] for row in rows] == ["A"]


@pytest.mark.parametrize(("beside", "superseded"), [(-MICROSECOND, False), (timedelta(), True)])
async def test_a_reminder_is_superseded_once_a_later_one_of_its_window_is_due(
    database_url: str, close_later: CloseLater, beside: timedelta, *, superseded: bool
) -> None:
    database = close_later(await open_database(database_url))
    await Dispatching(database, "4h,3h").record("A", ASKED)
    async with database.write() as transaction:
        [claimed] = await deliveries.claim_deliveries(transaction, now=DUE, lease=CLAIM_LEASE)
        [reminder] = await deliveries.load_claimed_reminders(
            transaction, claimed, now=DUE + timedelta(hours=1) + beside
        )
    assert reminder.superseded_by_later is superseded


async def test_only_what_was_delivered_has_a_lateness(dispatching: Dispatching) -> None:
    receipt = await dispatching.record("A", ASKED)
    await dispatching.record("B", ASKED + timedelta(seconds=1))
    async with dispatching.database.write() as transaction:
        await transaction.fetch("UPDATE windows SET dismissed = 1 WHERE thread_id = $1", receipt.thread.id)
    await dispatching.dispatch_at(DUE + timedelta(seconds=3))
    counted = set(zip(dispatching.outcomes.counted, dispatching.outcomes.lateness, strict=True))
    assert counted == {(ReminderOutcome.SUPERSEDED, None), (ReminderOutcome.DELIVERED, 2.0)}


async def test_the_next_attempt_is_the_earliest_reminder_or_end_of_a_lease(dispatching: Dispatching) -> None:
    database = dispatching.database
    assert await deliveries.next_delivery_attempt_at(database) is None
    await dispatching.record("A", ASKED + timedelta(hours=1))
    await dispatching.record("B", ASKED)
    assert await deliveries.next_delivery_attempt_at(database) == DUE
    async with database.write() as transaction:
        await deliveries.claim_deliveries(transaction, now=DUE, lease=CLAIM_LEASE)
    assert await deliveries.next_delivery_attempt_at(database) == DUE + CLAIM_LEASE
    async with database.write() as transaction:
        await deliveries.claim_deliveries(transaction, now=DUE + timedelta(hours=1), lease=CLAIM_LEASE)
    assert await deliveries.next_delivery_attempt_at(database) == DUE + CLAIM_LEASE
    async with database.write() as transaction:
        await deliveries.release_expired_reminder_claims(transaction, now=DUE + CLAIM_LEASE)
    assert await deliveries.next_delivery_attempt_at(database) == DUE


@pytest.mark.parametrize(
    ("last_instant", "kind"),
    [
        (ASKED + REPLY_WINDOW, ReminderKind.LEAD),
        (ASKED + REPLY_WINDOW + CLOSED_NOTICE_TTL, ReminderKind.CLOSED),
    ],
)
@pytest.mark.parametrize(("beside", "sent"), [(timedelta(), True), (MICROSECOND, False)])
async def test_a_reminder_expires_after_its_last_instant(
    dispatching: Dispatching, last_instant: datetime, kind: ReminderKind, beside: timedelta, *, sent: bool
) -> None:
    await dispatching.record("A", ASKED)
    dispatching.clock.advance_to(last_instant + beside)
    async with dispatching.dispatcher.running():
        await dispatching.dispatcher.wait_idle()
    assert [item.kind for delivery in dispatching.sent for item in delivery.items] == [kind] * sent


async def test_a_closed_window_is_told_by_the_next_message_and_not_by_one_of_its_own(dispatching: Dispatching) -> None:
    await dispatching.record("A", ASKED)
    await dispatching.record("B", ASKED + timedelta(hours=5))
    await dispatching.dispatch_at(DUE)
    await dispatching.dispatch_at(ASKED + timedelta(hours=24, minutes=30))
    assert len(dispatching.sent) == 1
    await dispatching.dispatch_at(DUE + timedelta(hours=5))
    assert [(item.thread.client, item.kind) for item in dispatching.sent[1].items] == [
        ("B", ReminderKind.LEAD),
        ("A", ReminderKind.CLOSED),
    ]
    assert [(each.waiting.overdue, each.waiting.total) for each in dispatching.sent] == [(0, 2), (1, 2)]
    await dispatching.dispatch_at(NEXT_MORNING)
    assert [[(item.thread.client, item.kind) for item in each.items] for each in dispatching.sent[2:]] == [
        [("B", ReminderKind.CLOSED)]
    ]


async def test_what_a_refused_message_took_along_is_tried_when_it_is_due(dispatching: Dispatching) -> None:
    """By then the member may be reached again; what was due is undeliverable, and each has one outcome."""
    await dispatching.record("B", ASKED + timedelta(hours=1))
    await dispatching.record("A", ASKED)

    def refuse_once() -> None:
        if len(dispatching.sent) == 1:
            raise MemberUnreachableError

    dispatching.before_send = refuse_once
    await dispatching.dispatch_at(DUE)
    await dispatching.dispatch_at(DUE + timedelta(hours=1))
    assert [[item.thread.client for item in delivery.items] for delivery in dispatching.sent] == [["A", "B"], ["B"]]
    assert dispatching.outcomes.counted == [ReminderOutcome.UNDELIVERABLE, ReminderOutcome.DELIVERED]
    assert dispatching.sent[0].nonce != dispatching.sent[1].nonce


async def test_what_a_message_took_along_is_tried_again_with_it(dispatching: Dispatching) -> None:
    await dispatching.record("A", ASKED)
    await dispatching.record("B", ASKED + timedelta(hours=1))
    await dispatching.record("C", ASKED + timedelta(hours=1, minutes=30))

    def refuse_once() -> None:
        if len(dispatching.sent) == 1:
            raise RetryLaterError(timedelta(hours=1, minutes=10))

    dispatching.before_send = refuse_once
    await dispatching.dispatch_at(DUE)
    await dispatching.record("D", ASKED + timedelta(minutes=30))  # due before the retry: a message of its own
    for minutes in (30, 60, 70, 90):
        await dispatching.dispatch_at(DUE + timedelta(minutes=minutes))
    shown = [[item.thread.client for item in delivery.items] for delivery in dispatching.sent]
    assert shown == [["A", "B", "C"], ["D"], ["A", "B", "C"]]
    assert dispatching.sent[0].nonce == dispatching.sent[2].nonce


async def test_a_snooze_comes_though_a_message_before_it_took_along_a_later_reminder(dispatching: Dispatching) -> None:
    await dispatching.record("A", ASKED)
    receipt = await dispatching.record("B", ASKED + timedelta(hours=2))
    dispatching.clock.advance_to(DUE - timedelta(hours=1, minutes=30))
    async with dispatching.database.write() as transaction:
        snooze = Snooze(dispatching.clock.now(), DUE + timedelta(hours=1))
        window = await waiting_threads.find_open_window(transaction, MIKA, receipt.thread.id)
        assert window is not None
        chosen = StoredSnooze(window.window_id, window.unanswered.window_opened_at, snooze)
        await snoozes.save_snooze(transaction, MIKA, receipt.thread.id, chosen)
        preferences = ReminderPreferences((timedelta(hours=4),), None, UTC)
        await recompute_thread(transaction, MIKA, receipt.thread.id, preferences, now=dispatching.clock.now())
    await dispatching.dispatch_at(DUE)
    await dispatching.dispatch_at(DUE + timedelta(hours=1))
    await dispatching.dispatch_at(DUE + timedelta(hours=2))
    assert [[(item.thread.client, item.kind) for item in delivery.items] for delivery in dispatching.sent] == [
        [("A", ReminderKind.LEAD), ("B", ReminderKind.LEAD)],
        [("B", ReminderKind.SNOOZED)],
    ]


async def test_the_card_of_a_reminder_is_compared_with_the_record_some_time_after_it(dispatching: Dispatching) -> None:
    await dispatching.record("A", ASKED)
    await dispatching.dispatch_at(DUE)
    [[edit_at]] = await dispatching.database.fetch("SELECT edit_at FROM cards")
    assert instant_from_micros(edit_at) - DUE == cards.FIRST_CHECK_AFTER


async def test_the_window_of_a_thread_is_that_of_its_oldest_unanswered_message(dispatching: Dispatching) -> None:
    """Neither of what was answered before it nor of a newer message."""
    for before, direction in ((3, Direction.RECEIVED), (2, Direction.SENT), (1, Direction.RECEIVED)):
        opening = await dispatching.record("A", ASKED - before * timedelta(hours=1), direction)
    await dispatching.record("A", ASKED)
    async with dispatching.database.write() as transaction:
        preferences = ReminderPreferences((timedelta(hours=4),), None, UTC)
        projection, _ = await recompute_thread(
            transaction, MIKA, opening.thread.id, preferences, now=dispatching.clock.now()
        )
    assert projection.window_id == opening.message.id
