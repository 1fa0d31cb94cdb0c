"""The receipt of a recorded message that is only shown again."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.discord_app.features.pending.cards import window_card
from bot.discord_app.features.pending.list_card import pending_card
from bot.discord_app.features.pending.window_parts import WindowContext
from bot.discord_app.features.recording.batch_card import batch_receipt_card
from bot.discord_app.features.recording.picture import receipt_picture
from bot.discord_app.features.recording.receipt_card import receipt_card
from bot.domain.calendar import LANCERS_ZONE
from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reminders.plan import DELAY_AFTER_CLOSE
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId, Site
from bot.i18n.translations import get_translations
from bot.services.container import Services
from bot.services.new_messages import NewMessage
from bot.services.results import Receipt, ReceiptKind
from bot.settings import read_defaults
from storage.cards import FIRST_CHECK_AFTER, CardContent, CardItem
from storage.connect import open_database
from storage.database import Database
from tests.helpers.card_text import format_components
from tests.helpers.wording import shows

MIKA = MemberId(1)
NOW = datetime(2026, 11, 24, 12, tzinfo=LANCERS_ZONE)
MESSAGE = NewMessage(
    direction=Direction.RECEIVED,
    client="A",
    time=ParsedTime(NOW - timedelta(hours=1), Precision.SECOND),
    source=MessageSource.POSTED,
    source_key="1",
)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def services(database: Database) -> Services:
    return Services(database, read_defaults({}), lambda: None)


async def test_showing_a_receipt_changes_nothing(database: Database) -> None:
    changes: list[str] = []
    services = Services(
        database,
        read_defaults({}),
        lambda: changes.append("schedule"),
        on_cards_changed=lambda: changes.append("cards"),
    )
    recorded = await services.recording.record(MIKA, MESSAGE, now=NOW)
    assert isinstance(recorded, Receipt)
    assert changes == ["schedule"]
    shown = await services.message_corrections.get_receipt(MIKA, recorded.message.id, now=NOW)
    assert shown.kind is ReceiptKind.SHOWN
    assert shown.upcoming_reminders == recorded.upcoming_reminders
    assert (shown.unanswered, shown.window_id, shown.reason) == (
        recorded.unanswered,
        recorded.window_id,
        recorded.reason,
    )
    assert changes == ["schedule"]


@pytest.mark.parametrize("site", Site)
async def test_the_picture_of_a_closed_window_advises_a_new_thread_on_lancers_alone(
    services: Services, site: Site
) -> None:
    received_at = ParsedTime(NOW - timedelta(hours=30), Precision.SECOND)
    recorded = await services.recording.record(MIKA, replace(MESSAGE, time=received_at), now=NOW)
    assert isinstance(recorded, Receipt)
    await services.marks.set_site(MIKA, recorded.thread.id, site, now=NOW)
    receipt = await services.message_corrections.get_receipt(MIKA, recorded.message.id, now=NOW)
    picture = receipt_picture(get_translations("ja"), receipt)
    assert picture is not None
    assert shows(picture.alt_text, "picture-closed")
    assert shows(picture.alt_text, "picture-closed-advice") is (site is Site.LANCERS)


@pytest.mark.parametrize(
    ("hours", "muted", "ending"), [(30, False, ""), (100, False, "-unannounced"), (30, True, "-unannounced")]
)
async def test_no_reply_needed_under_contract_announces_only_what_comes(
    services: Services, hours: int, ending: str, *, muted: bool
) -> None:
    """After 96 hours the notice has been sent, and of a muted client there is none."""
    received_at = ParsedTime(NOW - timedelta(hours=hours), Precision.SECOND)
    recorded = await services.recording.record(MIKA, replace(MESSAGE, time=received_at), now=NOW)
    assert isinstance(recorded, Receipt)
    await services.marks.set_contract(MIKA, recorded.thread.id, under_contract=True, now=NOW)
    if muted:
        await services.muting.mute(MIKA, "A", now=NOW)
    dismissed = await services.windows.dismiss(MIKA, recorded.message.id, idempotency_key="2", now=NOW)
    text = "\n".join(format_components(receipt_card(get_translations("ja"), dismissed).to_components()))
    assert [shows(text, f"receipt-dismissed-contract{each}") for each in ("", "-unannounced")] == [
        not ending,
        bool(ending),
    ]


async def test_a_receipt_that_was_sent_before_its_window_closed_is_edited(services: Services) -> None:
    """Its card is stored afterwards, at once or, after a crash, when the message is read again."""
    message = NewMessage(
        direction=Direction.RECEIVED,
        client="A",
        time=ParsedTime(NOW - timedelta(hours=24) + timedelta(seconds=1), Precision.SECOND),
        source=MessageSource.POSTED,
        source_key="1",
    )
    later = NOW + timedelta(seconds=2)
    for number, read_at in enumerate((NOW, later)):
        receipt = await services.recording.record(MIKA, message, now=read_at)
        assert isinstance(receipt, Receipt)
        content = receipt_card(get_translations("ja"), receipt).content
        assert isinstance(content, CardContent)
        await services.cards.save(MIKA, number, 1, content, now=later)
        shown = await services.cards.find(MIKA, number, receipt.preferences, now=later)
        assert shown is not None
        assert not shown.is_current


@pytest.mark.parametrize("is_new", [True, False])
async def test_a_stored_receipt_is_compared_when_its_window_closes_or_soon_if_it_changed(
    services: Services, *, is_new: bool
) -> None:
    """What is recorded after it was stored marks it; what was recorded while it was sent is seen there."""
    receipt = await services.recording.record(MIKA, MESSAGE, now=NOW)
    assert isinstance(receipt, Receipt)
    content = receipt_card(get_translations("ja"), receipt).content
    assert isinstance(content, CardContent)
    await services.cards.save(MIKA, 1, 1, content, is_new=is_new, now=NOW)
    assert await services.cards.next_check_at() == NOW + timedelta(hours=23) + DELAY_AFTER_CLOSE
    later = NOW + timedelta(seconds=5)
    second = replace(MESSAGE, time=ParsedTime(NOW, Precision.SECOND), source_key="2")
    await services.recording.record(MIKA, second, now=later)
    assert await services.cards.next_check_at() == later
    await services.database.fetch("DELETE FROM card_items")
    await services.database.fetch("DELETE FROM cards")
    await services.cards.save(MIKA, 2, 1, content, is_new=is_new, now=later)
    assert await services.cards.next_check_at() == later + FIRST_CHECK_AFTER
    stored = await services.cards.find(MIKA, 2, receipt.preferences, now=later)
    assert stored is not None
    assert not stored.is_current


async def test_a_receipt_of_several_shows_what_was_recorded_until_the_last_of_them(services: Services) -> None:
    """A reply that was recorded while it was sent is no part of it."""
    receipts = []
    for number, client in enumerate("AB"):
        message = replace(MESSAGE, client=client, source_key=client)
        receipt = await services.recording.record(MIKA, message, now=NOW + timedelta(seconds=number))
        assert isinstance(receipt, Receipt)
        receipts.append(receipt)
    content = batch_receipt_card(get_translations("ja"), receipts, LANCERS_ZONE).content
    assert isinstance(content, CardContent)
    for number, replied in enumerate((False, True)):
        now = NOW + timedelta(seconds=5)
        if replied:
            sent_at = ParsedTime(now, Precision.SECOND)
            await services.windows.record_reply(MIKA, receipts[0].message.id, sent_at, idempotency_key="reply", now=now)
        await services.cards.save(MIKA, number, 1, content, now=now)
        stored = await services.cards.find(MIKA, number, receipts[0].preferences, now=now)
        assert stored is not None
        assert stored.is_current is not replied


@pytest.mark.parametrize("replied", [False, True])
async def test_a_receipt_of_several_is_compared_where_something_else_was_recorded_between_them(
    services: Services, *, replied: bool
) -> None:
    """A reply by another way, to the first of them; what they recorded themselves is no reason for an edit."""
    receipts = []
    for client in "ABCD":
        now = NOW if client == "A" else NOW + timedelta(seconds=1)
        receipt = await services.recording.record(MIKA, replace(MESSAGE, client=client, source_key=client), now=now)
        assert isinstance(receipt, Receipt)
        receipts.append(receipt)
        if replied and client == "A":
            now += timedelta(milliseconds=500)
            sent_at = ParsedTime(now, Precision.SECOND)
            await services.windows.record_reply(MIKA, receipt.message.id, sent_at, idempotency_key="reply", now=now)
    content = batch_receipt_card(get_translations("ja"), receipts, LANCERS_ZONE).content
    assert isinstance(content, CardContent)
    later = NOW + timedelta(seconds=5)
    await services.cards.save(MIKA, 1, 1, content, now=later)
    stored = await services.cards.find(MIKA, 1, receipts[0].preferences, now=later)
    assert stored is not None
    assert stored.is_current is not replied
    closes_at = NOW + timedelta(hours=23) + DELAY_AFTER_CLOSE
    assert await services.cards.next_check_at() == (later + FIRST_CHECK_AFTER if replied else closes_at)


async def test_a_receipt_of_several_is_edited_when_a_window_closed_between_them(services: Services) -> None:
    """Its line says how long is left."""
    receipts = []
    received_at = NOW - timedelta(hours=24) + timedelta(seconds=1)
    for number, client in enumerate("AB"):
        time = ParsedTime(received_at + timedelta(hours=number), Precision.SECOND)
        message = replace(MESSAGE, client=client, source_key=client, time=time)
        receipt = await services.recording.record(MIKA, message, now=NOW + timedelta(seconds=2 * number))
        assert isinstance(receipt, Receipt)
        receipts.append(receipt)
    assert not receipts[0].window_closed
    content = batch_receipt_card(get_translations("ja"), receipts, LANCERS_ZONE).content
    assert isinstance(content, CardContent)
    later = NOW + timedelta(seconds=3)
    await services.cards.save(MIKA, 1, 1, content, now=later)
    stored = await services.cards.find(MIKA, 1, receipts[0].preferences, now=later)
    assert stored is not None
    assert not stored.is_current


@pytest.mark.parametrize(("clients", "current"), [("AB", False), ("BC", True)])
async def test_a_receipt_of_several_that_were_recorded_before_is_compared(
    services: Services, clients: str, *, current: bool
) -> None:
    """After a crash the one that was sent then may have arrived; one with a new message was sent now."""
    receipts = []
    for number, client in enumerate(f"AB{clients}"):
        message = replace(MESSAGE, client=client, source_key=client)
        receipt = await services.recording.record(MIKA, message, now=NOW + timedelta(seconds=number))
        assert isinstance(receipt, Receipt)
        receipts.append(receipt)
    content = batch_receipt_card(get_translations("ja"), receipts[2:], LANCERS_ZONE).content
    assert isinstance(content, CardContent)
    later = NOW + timedelta(seconds=5)
    await services.cards.save(MIKA, 1, 1, content, now=later)
    stored = await services.cards.find(MIKA, 1, receipts[0].preferences, now=later)
    assert stored is not None
    assert stored.is_current is current


async def test_a_receipt_whose_member_was_erased_while_it_was_sent_is_edited(services: Services) -> None:
    """They wrote again since, so that the card is stored; nobody else would take its buttons away."""
    receipt = await services.recording.record(MIKA, MESSAGE, now=NOW)
    assert isinstance(receipt, Receipt)
    content = receipt_card(get_translations("ja"), receipt).content
    assert isinstance(content, CardContent)
    later = NOW + timedelta(seconds=5)
    await services.erasure.erase(MIKA, now=later)
    await services.members.get_or_register(MIKA, now=later, locale="ja")
    await services.cards.save(MIKA, 1, 1, content, now=later)
    stored = await services.cards.find(MIKA, 1, receipt.preferences, now=later)
    assert stored is not None
    assert not stored.is_current
    assert await services.cards.next_check_at() == later + FIRST_CHECK_AFTER


async def test_the_card_of_an_undone_message_stays_as_it_is(services: Services) -> None:
    """It has the button that restores it, whatever else was recorded while it was sent."""
    recorded = await services.recording.record(MIKA, MESSAGE, now=NOW)
    assert isinstance(recorded, Receipt)
    later = NOW + timedelta(seconds=5)
    receipt = await services.message_corrections.delete_message(MIKA, recorded.message.id, now=later)
    content = receipt_card(get_translations("ja"), receipt).content
    assert isinstance(content, CardContent)
    other = replace(MESSAGE, client="B", source_key="2")
    await services.recording.record(MIKA, other, now=later + timedelta(seconds=1))
    await services.cards.save(MIKA, 1, 1, content, is_new=False, now=later)
    stored = await services.cards.find(MIKA, 1, receipt.preferences, now=later)
    assert stored is not None
    assert stored.is_current
    assert await services.cards.next_check_at() is None


@pytest.mark.parametrize("is_missed", [False, True])
async def test_a_list_that_was_read_before_an_earlier_press_was_committed_is_compared(
    services: Services, *, is_missed: bool
) -> None:
    """A press that began before the list was read, and took longer."""
    receipt = await services.recording.record(MIKA, MESSAGE, now=NOW)
    assert isinstance(receipt, Receipt)
    pressed, read, saved = (NOW + timedelta(seconds=number) for number in (1, 2, 3))

    async def press() -> None:
        sent_at = ParsedTime(pressed, Precision.SECOND)
        await services.windows.record_reply(MIKA, receipt.message.id, sent_at, idempotency_key="reply", now=pressed)

    if not is_missed:
        await press()
    pending = await services.pending.page(MIKA, now=read)
    if is_missed:
        await press()
    content = pending_card(get_translations("ja"), pending, now=read).content
    assert isinstance(content, CardContent)
    await services.cards.save(MIKA, 1, 1, content, now=saved)
    stored = await services.cards.find(MIKA, 1, receipt.preferences, now=saved)
    assert stored is not None
    assert stored.is_current is not is_missed


async def test_a_list_that_was_read_before_an_undo_is_compared(services: Services) -> None:
    """The undo leaves no step: the newest one is an older one then."""
    receipt = await services.recording.record(MIKA, MESSAGE, now=NOW)
    assert isinstance(receipt, Receipt)
    await services.windows.dismiss(MIKA, receipt.message.id, idempotency_key="no reply", now=NOW + timedelta(seconds=1))
    read, saved = NOW + timedelta(seconds=2), NOW + timedelta(seconds=3)
    content = pending_card(get_translations("ja"), await services.pending.page(MIKA, now=read), now=read).content
    assert isinstance(content, CardContent)
    step = await services.history.newest_step(MIKA)
    await services.history.undo_newest_step(MIKA, step.id, now=saved)
    await services.cards.save(MIKA, 1, 1, content, now=saved)
    stored = await services.cards.find(MIKA, 1, receipt.preferences, now=saved)
    assert stored is not None
    assert not stored.is_current


@pytest.mark.parametrize("is_missed", [False, True])
@pytest.mark.parametrize("kind", ["window", "recorded", "shown"])
async def test_a_card_that_was_read_before_an_earlier_press_was_committed_is_compared(
    services: Services, kind: str, *, is_missed: bool
) -> None:
    """A press that began before what the card shows was read or recorded, and took longer; or a message read late."""
    receipt = await services.recording.record(MIKA, MESSAGE, now=NOW)
    assert isinstance(receipt, Receipt)
    pressed, read, saved = (NOW + timedelta(seconds=number) for number in (1, 2, 3))

    async def press() -> None:
        await services.windows.dismiss(MIKA, receipt.message.id, idempotency_key="no reply", now=pressed)

    if not is_missed:
        await press()
    content = await read_content(services, receipt, kind, now=read)
    if is_missed:
        await press()
    await services.cards.save(MIKA, 1, 1, content, now=saved)
    stored = await services.cards.find(MIKA, 1, receipt.preferences, now=saved)
    assert stored is not None
    assert stored.is_current is not is_missed


@pytest.mark.parametrize("kind", ["window", "recorded", "shown"])
async def test_a_card_that_was_read_before_an_undo_is_compared(services: Services, kind: str) -> None:
    """The undo leaves no step: the newest one is an older one then."""
    receipt = await services.recording.record(MIKA, MESSAGE, now=NOW)
    assert isinstance(receipt, Receipt)
    await services.windows.dismiss(MIKA, receipt.message.id, idempotency_key="no reply", now=NOW + timedelta(seconds=1))
    read, saved = NOW + timedelta(seconds=2), NOW + timedelta(seconds=3)
    content = await read_content(services, receipt, kind, now=read)
    step = await services.history.newest_step(MIKA)
    await services.history.undo_newest_step(MIKA, step.id, now=saved)
    await services.cards.save(MIKA, 1, 1, content, now=saved)
    stored = await services.cards.find(MIKA, 1, receipt.preferences, now=saved)
    assert stored is not None
    assert not stored.is_current


async def read_content(services: Services, receipt: Receipt, kind: str, *, now: datetime) -> CardContent:
    """What a card shows of a message: its window, the receipt of its correction at this instant, or its receipt again."""
    message, texts = receipt.message, get_translations("ja")
    if kind == "window":
        item = CardItem(message.id, receipt.thread.id)
        [window] = await services.cards.load_windows(MIKA, [item], now=now)
        content = window_card(texts, window, WindowContext(now=now, preferences=receipt.preferences)).content
    elif kind == "recorded":
        time = ParsedTime(NOW - timedelta(hours=2), Precision.SECOND)
        corrected = await services.message_corrections.correct_time(MIKA, message.id, time, now=now)
        assert isinstance(corrected, Receipt)
        content = receipt_card(texts, corrected).content
    else:
        content = receipt_card(texts, await services.message_corrections.get_receipt(MIKA, message.id, now=now)).content
    assert isinstance(content, CardContent)
    return content
