"""What is counted and listed at the very instants of storage's own bounds, and a microsecond beside them."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.calendar import LANCERS_ZONE, MICROSECOND, instant_to_micros
from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reminders.plan import Snooze
from bot.domain.reply.contracts import CONTACT_WINDOW
from bot.domain.reply.thread_state import REPLY_WINDOW, Direction, EventKind
from bot.domain.types import MemberId, MessageId, ThreadId
from bot.services.container import Services
from bot.services.new_messages import NewMessage
from bot.services.results import Receipt
from bot.settings import read_defaults
from storage import (
    cards,
    erased_members,
    members,
    messages,
    shown_messages,
    snoozes,
    stats,
    waiting_threads,
)
from storage.admin import erasure_log
from storage.connect import open_database
from storage.erased_members import Erasure
from storage.snoozes import StoredSnooze
from storage.stats import MemberCounts

MIKA = MemberId(1)
NOW = datetime(2026, 11, 24, 12, tzinfo=LANCERS_ZONE)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def services(database_url: str) -> AsyncIterator[Services]:
    database = await open_database(database_url)
    services = Services(database, read_defaults({"DEFAULT_QUIET_HOURS": ""}), lambda: None)
    yield services
    await database.close()


async def received(services: Services, client: str, at: datetime, *, now: datetime = NOW) -> MessageId:
    message = NewMessage(
        direction=Direction.RECEIVED,
        client=client,
        time=ParsedTime(at, Precision.SECOND),
        source=MessageSource.WRITTEN,
        source_key=client,
    )
    receipt = await services.recording.record(MIKA, message, now=now)
    assert isinstance(receipt, Receipt)
    return receipt.message.id


@pytest.mark.parametrize(("beside", "is_due"), [(-MICROSECOND, True), (timedelta(), True), (MICROSECOND, False)])
async def test_a_digest_is_due_from_its_instant_on(services: Services, beside: timedelta, *, is_due: bool) -> None:
    await received(services, "A", NOW - HOUR)
    at = NOW + beside
    async with services.database.write() as transaction:
        await members.set_next_digest(transaction, MIKA, at)
    due = await members.list_members_due_digest(services.database, NOW, after=None, limit=10)
    assert due == ([(instant_to_micros(at), MIKA)] if is_due else [])
    assert await members.next_stored_digest_at(services.database, NOW) == (None if is_due else at)


@pytest.mark.parametrize(("beside", "is_found"), [(timedelta(), True), (MICROSECOND, False)])
async def test_an_answer_may_name_who_wrote_what_was_recorded_since_an_instant(
    services: Services, beside: timedelta, *, is_found: bool
) -> None:
    forwarded = NewMessage(
        direction=Direction.RECEIVED,
        client=None,
        time=ParsedTime(NOW - HOUR, Precision.SECOND),
        source=MessageSource.POSTED,
        source_key="k",
    )
    await services.recording.record(MIKA, forwarded, now=NOW)
    found = await messages.find_last_recorded_unassigned_message(services.database, MIKA, NOW + beside)
    assert (found is not None) == is_found


@pytest.mark.parametrize(("beside", "counted"), [(-MICROSECOND, 1), (timedelta(), 1), (MICROSECOND, 0)])
async def test_a_member_is_new_and_active_for_30_days(services: Services, beside: timedelta, counted: int) -> None:
    window = await received(services, "A", NOW - HOUR)
    now = NOW + timedelta(days=30) + beside
    expected = MemberCounts(
        members=1, joined=counted, active=counted, waiting=1, unreachable=0, without_announcements=0, blocked=0
    )
    assert await stats.count_members(services.database, now=now) == expected
    await services.windows.dismiss(MIKA, window, now=NOW, idempotency_key="x")
    assert (await stats.count_members(services.database, now=now)).waiting == 0


@pytest.mark.parametrize(
    ("erased_at", "recorded_since"),
    [
        (NOW - MICROSECOND, set()),
        (NOW, {MIKA}),
        (NOW + HOUR - MICROSECOND, {MIKA}),
        (NOW + HOUR, set()),
    ],
)
async def test_what_was_recorded_after_an_erasure_is_of_a_member_from_before_it(
    services: Services, erased_at: datetime, recorded_since: set[MemberId]
) -> None:
    """Mika joined at noon, and recorded something for the last time an hour later."""
    for client, now in (("A", NOW), ("B", NOW + HOUR)):
        await received(services, client, NOW - HOUR, now=now)
    assert (
        await erased_members.list_members_recorded_since_erasure(services.database, [Erasure(MIKA, erased_at, 0)])
        == recorded_since
    )


async def test_of_the_dismissed_windows_the_newest_are_listed(services: Services) -> None:
    for client, hours in (("old", 3), ("newest", 1), ("new", 2)):
        window = await received(services, client, NOW - hours * HOUR)
        await services.windows.dismiss(MIKA, window, now=NOW, idempotency_key=f"dismiss {client}")
    async with services.database.read() as transaction:
        listed = await waiting_threads.list_dismissed_threads(transaction, MIKA, due_before=NOW + REPLY_WINDOW, limit=2)
    assert [row.thread.client for row in listed] == ["newest", "new"]


@pytest.mark.parametrize(("beside", "overdue"), [(timedelta(), 0), (MICROSECOND, 1)])
async def test_a_dismissed_window_is_never_overdue(services: Services, beside: timedelta, overdue: int) -> None:
    await received(services, "A", NOW - REPLY_WINDOW)
    dismissed = await received(services, "B", NOW - 2 * REPLY_WINDOW)
    await services.windows.dismiss(MIKA, dismissed, now=NOW, idempotency_key="x")
    counts = (await services.pending.page(MIKA, now=NOW + beside)).counts
    assert (counts.overdue, counts.total) == (overdue, 1)


async def test_a_card_shows_the_messages_that_it_was_saved_with(services: Services) -> None:
    window = await received(services, "A", NOW - HOUR)
    [[thread_id]] = await services.database.fetch("SELECT thread_id FROM messages")
    content = cards.CardContent(kind=cards.CardKind.REMINDER, items=(cards.CardItem(window, thread_id),))
    assert not await cards.is_message_on_card(services.database, MIKA, window)
    async with services.database.write() as transaction:
        await cards.save_cards(transaction, [(MIKA, 5, 7, content, "")], check_at=NOW + cards.FIRST_CHECK_AFTER)
    assert await cards.is_message_on_card(services.database, MIKA, window)
    assert not await cards.is_message_on_card(services.database, MemberId(2), window)


async def record_request(services: Services, at: datetime) -> Receipt:
    message = NewMessage(
        direction=Direction.RECEIVED,
        client="A",
        time=ParsedTime(at, Precision.SECOND),
        source=MessageSource.WRITTEN,
        source_key=f"request {at}",
        kind=EventKind.CONTACT_REQUEST,
    )
    receipt = await services.recording.record(MIKA, message, now=NOW)
    assert isinstance(receipt, Receipt)
    return receipt


async def shown_as_opened(services: Services, request: MessageId) -> datetime | None:
    async with services.database.read() as reader:
        return (await shown_messages.load_shown_messages(reader, MIKA, [request]))[request].request_opened_at


@pytest.mark.parametrize(("replied", "reopened"), [(-HOUR, True), (-MICROSECOND, True), (timedelta(), False)])
async def test_a_contact_request_before_a_reply_is_another_one(
    services: Services, replied: timedelta, *, reopened: bool
) -> None:
    """A client asks an hour before noon and again at noon; a reply at noon is one to both."""
    await record_request(services, NOW - HOUR)
    reply = NewMessage(
        direction=Direction.SENT,
        client="A",
        time=ParsedTime(NOW + replied, Precision.SECOND),
        source=MessageSource.WRITTEN,
        source_key="reply",
    )
    assert isinstance(await services.recording.record(MIKA, reply, now=NOW), Receipt)
    request = await record_request(services, NOW)
    assert await shown_as_opened(services, request.message.id) == (NOW if reopened else NOW - HOUR)


@pytest.mark.parametrize("beside", [timedelta(), MICROSECOND])
async def test_a_card_of_a_contact_request_shows_the_window_that_its_receipt_named(
    services: Services, beside: timedelta
) -> None:
    """A request after the window of the first one opens another, whatever came within the first one."""
    start = NOW - 3 * CONTACT_WINDOW
    opened: list[datetime | None] = []
    for after in (timedelta(), 4 * DAY, CONTACT_WINDOW + beside, 10 * DAY, 2 * CONTACT_WINDOW):
        receipt = await record_request(services, start + after)
        assert await shown_as_opened(services, receipt.message.id) == receipt.contact_request
        opened.append(receipt.contact_request)
    second = CONTACT_WINDOW + beside if beside else 10 * DAY
    assert opened[3:] == [start + second] * 2


async def test_a_snooze_is_of_its_thread_and_member_alone(services: Services) -> None:
    """Rows of earlier versions name no window: there the thread alone tells them apart."""
    window = await received(services, "A", NOW - HOUR)
    await received(services, "B", NOW - HOUR)
    rows = await services.database.fetch("SELECT thread_id FROM messages ORDER BY message_id")
    [thread_a, thread_b] = [ThreadId(row[0]) for row in rows]
    of_window = StoredSnooze(window, NOW - HOUR, Snooze(NOW, NOW + HOUR))
    earlier = StoredSnooze(None, NOW - 2 * HOUR, Snooze(NOW, NOW + HOUR))
    async with services.database.write() as transaction:
        await snoozes.save_snooze(transaction, MIKA, thread_a, of_window)
        await snoozes.save_snooze(transaction, MIKA, thread_a, earlier)
    async with services.database.read() as reader:
        found = await reader.query(snoozes.thread_snooze_query(MIKA, thread_a))
        assert sorted(found, key=lambda snooze: snooze.window_opened_at) == [earlier, of_window]
        assert await reader.query(snoozes.thread_snooze_query(MIKA, thread_b)) == []
        assert await reader.query(snoozes.thread_snooze_query(MemberId(2), thread_a)) == []


def test_a_note_of_an_erasure_is_kept_as_long_as_a_backup_from_before_it(tmp_path: Path) -> None:
    path = tmp_path / "erasures"
    early, exact = Erasure(MIKA, NOW - MICROSECOND, 1), Erasure(MemberId(2), NOW, 2)
    erasure_log.add_erasure_notes(path, [early, exact])
    erasure_log.prune_erasure_log(path, NOW - MICROSECOND)
    assert erasure_log.read_erasure_log(path) == {MIKA: early, MemberId(2): exact}
    erasure_log.prune_erasure_log(path, NOW)
    assert erasure_log.read_erasure_log(path) == {MemberId(2): exact}
    erasure_log.prune_erasure_log(path, NOW + MICROSECOND)
    assert erasure_log.read_erasure_log(path) == {}
