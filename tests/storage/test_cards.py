"""Cards in the database: which are marked by a change, who edits them and when, and which are forgotten."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta

import pytest

from bot.domain.calendar import MICROSECOND, instant_from_micros, instant_to_micros
from bot.domain.types import MemberId, MessageId, ThreadId
from storage import cards, members, shown_messages
from storage.cards import CardContent, CardItem, CardKind, StoredCard
from storage.database import MAX_PARAMS, Database, Row, Value
from tests.helpers.dispatching import ASKED, MIKA, Dispatching

LEASE = timedelta(minutes=1)
NOW = ASKED + timedelta(days=3)
DISCORD_EPOCH = 1_420_070_400_000_000


def sent_at(instant: datetime, number: int = 0) -> int:
    """Discord's id of a message that was sent then."""
    return ((instant_to_micros(instant) - DISCORD_EPOCH) // 1000 << 22) + number


async def recorded(database: Database, name: str = "A") -> CardItem:
    receipt = await Dispatching(database).record(name, ASKED)
    return CardItem(receipt.message.id, receipt.thread.id)


async def save(database: Database, card_id: int, *items: CardItem, now: datetime = NOW) -> None:
    content = CardContent(kind=CardKind.REMINDER, items=items)
    async with database.write() as transaction:
        await cards.save_cards(transaction, [(MIKA, card_id, 7, content, "")], check_at=now + cards.FIRST_CHECK_AFTER)


async def mark(database: Database, *thread_ids: ThreadId, now: datetime = NOW) -> None:
    async with database.write() as transaction:
        await cards.mark_cards_changed(transaction, MIKA, thread_ids, now=now)


async def claim(database: Database, now: datetime = NOW) -> list[StoredCard]:
    async with database.write() as transaction:
        return await cards.claim_due_cards(transaction, now=now, lease=LEASE)


async def finish(
    database: Database,
    card: StoredCard,
    *,
    edited: bool = True,
    next_check_at: datetime | None = None,
    now: datetime = NOW,
) -> None:
    async with database.write() as transaction:
        await cards.finish_card_check(
            transaction, card, card.content, shown="state", edited=edited, next_check_at=next_check_at, now=now
        )


async def edit_at(database: Database, card_id: int) -> datetime | None:
    [[instant]] = await database.fetch("SELECT edit_at FROM cards WHERE discord_message_id = $1", card_id)
    return None if instant is None else instant_from_micros(instant)


async def test_a_change_marks_the_newest_three_cards_of_its_thread(database: Database) -> None:
    item, other = await recorded(database), await recorded(database, "B")
    ids = [sent_at(NOW, number) for number in range(5)]
    for card_id in ids[:4]:
        await save(database, card_id, item)
    await save(database, ids[4], other)
    await mark(database, item.thread_id)
    claimed = await claim(database)
    assert sorted(card.discord_message_id for card in claimed) == ids[1:4]
    assert {card.revision for card in claimed} == {1}
    assert claimed[0].content.items == (item,)


@pytest.mark.parametrize("way", ["forgotten", "replaced", "edited"])
async def test_the_card_behind_the_newest_three_is_marked_once_one_of_these_is_gone(
    database: Database, way: str
) -> None:
    """It was not edited while it was no. 4."""
    item, other = await recorded(database), await recorded(database, "B")
    ids = [sent_at(NOW, number) for number in range(4)]
    for card_id in ids:
        await save(database, card_id, item)
    await mark(database, item.thread_id)
    newest = None
    for card in await claim(database):
        if card.discord_message_id == ids[3]:
            newest = card
        else:
            await finish(database, card)
    assert newest is not None
    content = CardContent(kind=CardKind.RECEIPT, items=(other,))
    async with database.write() as transaction:
        if way == "forgotten":
            await cards.delete_card(transaction, newest, now=NOW)
        elif way == "replaced":
            await cards.replace_card(transaction, MIKA, ids[3], 7, content, "state", check_at=None, now=NOW)
        else:
            await cards.finish_card_check(
                transaction, newest, content, shown="state", edited=True, next_check_at=None, now=NOW
            )
    [[revision]] = await database.fetch("SELECT revision FROM cards WHERE discord_message_id = $1", ids[0])
    assert revision == 1


async def test_a_card_is_forgotten_after_what_is_being_recorded_of_its_member(database: Database) -> None:
    """Both mark cards, in an order of their own: neither may wait for the other one."""
    item, other = await recorded(database), await recorded(database, "B")
    forgotten, newer = sent_at(NOW), sent_at(NOW, 1)
    await save(database, forgotten, item)
    await save(database, newer, item, other)
    services = Dispatching(database).services
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks, database.write() as transaction:
        await members.lock_member(transaction, MIKA)
        await cards.mark_cards_changed(transaction, MIKA, [other.thread_id], now=NOW)
        card = await database.query(cards.card_query(MIKA, forgotten))
        assert card is not None
        tasks.create_task(services.cards.stop_updating(card, now=NOW))
        await asyncio.sleep(0.3)  # it waits, and nothing tells of that
        await cards.mark_cards_changed(transaction, MIKA, [item.thread_id], now=NOW)
    rows = await database.fetch("SELECT discord_message_id, revision FROM cards")
    assert rows == [(newer, 3)]


async def test_a_card_that_was_edited_before_the_clock_was_set_back_is_edited_now(database: Database) -> None:
    item, card_id = await recorded(database), sent_at(NOW)
    await save(database, card_id, item)
    await mark(database, item.thread_id)
    [card] = await claim(database)
    await finish(database, card)
    earlier = NOW - timedelta(hours=3)
    await mark(database, item.thread_id, now=earlier)
    assert await edit_at(database, card_id) == earlier
    [_] = await claim(database, earlier)


async def test_a_change_of_very_many_threads_marks_their_cards_in_parts(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, other = await recorded(database), await recorded(database, "B")
    for number, shown in enumerate((item, other)):
        await save(database, sent_at(NOW, number), shown)
    missing = [ThreadId(number) for number in range(1_000_000, 1_000_000 + 2 * MAX_PARAMS)]
    counts: list[int] = []
    async with database.write() as transaction:
        fetch = transaction.fetch

        def count_values(sql: str, *values: Value) -> Awaitable[list[Row]]:
            counts.append(len(values))
            return fetch(sql, *values)

        monkeypatch.setattr(transaction, "fetch", count_values)
        changed = [item.thread_id, *missing, other.thread_id]
        assert await cards.mark_cards_changed(transaction, MIKA, changed, now=NOW)
        assert not await cards.mark_cards_changed(transaction, MIKA, missing, now=NOW)
        assert not await cards.mark_cards_changed(transaction, MIKA, [], now=NOW)
    assert max(counts) < MAX_PARAMS + 10
    assert {card.revision for card in await claim(database)} == {1}


async def test_a_claimed_card_is_claimed_again_after_the_lease_alone(database: Database) -> None:
    item = await recorded(database)
    await save(database, sent_at(NOW), item)
    await mark(database, item.thread_id)
    assert len(await claim(database)) == 1
    assert await claim(database, NOW + LEASE / 2) == []
    assert len(await claim(database, NOW + LEASE)) == 1


async def test_a_card_that_changed_while_it_was_edited_is_edited_again(database: Database) -> None:
    item = await recorded(database)
    await save(database, sent_at(NOW), item)
    await mark(database, item.thread_id)
    [card] = await claim(database)
    await mark(database, item.thread_id)
    await finish(database, card)
    assert await edit_at(database, card.discord_message_id) == NOW + cards.MIN_EDIT_INTERVAL


@pytest.mark.parametrize(
    ("age", "pause"), [(timedelta(), cards.MIN_EDIT_INTERVAL), (timedelta(hours=2), cards.MIN_EDIT_INTERVAL_OLD)]
)
async def test_edits_of_a_card_are_some_time_apart(database: Database, age: timedelta, pause: timedelta) -> None:
    item = await recorded(database)
    card_id = sent_at(NOW - age)
    await save(database, card_id, item)
    await mark(database, item.thread_id)
    [card] = await claim(database)
    await finish(database, card)
    assert await edit_at(database, card_id) is None
    await mark(database, item.thread_id, now=NOW + timedelta(seconds=1))
    assert await edit_at(database, card_id) == NOW + pause


async def test_a_card_is_compared_again_when_a_window_closes(database: Database) -> None:
    item = await recorded(database)
    await save(database, sent_at(NOW), item)
    [card] = await claim(database, NOW + cards.FIRST_CHECK_AFTER)
    closes_at = NOW + timedelta(hours=5)
    await finish(database, card, edited=False, next_check_at=closes_at)
    assert await cards.next_card_check_at(database) == closes_at


async def test_nothing_is_stored_for_somebody_erased(database: Database) -> None:
    content = CardContent(kind=CardKind.RECEIPT, items=(CardItem(MessageId(1), ThreadId(1)),))
    async with database.write() as transaction:
        await cards.save_cards(
            transaction, [(MemberId(99), sent_at(NOW), 7, content, "")], check_at=NOW + cards.FIRST_CHECK_AFTER
        )
    assert await database.fetch("SELECT 1 FROM cards UNION ALL SELECT 1 FROM card_items") == []


async def test_nothing_is_stored_for_somebody_whose_erasure_is_under_way(database: Database) -> None:
    """The card waits for the erasure; it is neither stored nor refused."""
    item, card_id = await recorded(database), sent_at(NOW)
    async with database.write() as erasure:
        await erasure.fetch("DELETE FROM members WHERE member_id = $1", MIKA)
        saving = asyncio.create_task(save(database, card_id, item))
        await asyncio.wait({saving}, timeout=0.2)
    await saving
    assert await database.fetch("SELECT 1 FROM cards UNION ALL SELECT 1 FROM card_items") == []


async def test_a_list_that_became_shorter_forgets_the_rest(database: Database) -> None:
    item, other = await recorded(database), await recorded(database, "B")
    card_id = sent_at(NOW)
    await save(database, card_id, item, other)
    async with database.write() as transaction:
        content = CardContent(kind=CardKind.PENDING, items=(other,), page=2)
        await cards.replace_card(transaction, MIKA, card_id, 7, content, "state", check_at=NOW, now=NOW)
    card = await database.query(cards.card_query(MIKA, card_id))
    assert card is not None
    assert card.content == content
    assert await database.query(cards.card_query(MemberId(99), card_id)) is None


async def test_cards_that_no_change_marks_any_more_are_forgotten_after_a_day(database: Database) -> None:
    item = await recorded(database)
    old = [sent_at(NOW - timedelta(days=2), number) for number in range(5)]
    for card_id in [*old, sent_at(NOW)]:
        await save(database, card_id, item)
    async with database.write() as transaction:
        await cards.purge_cards(transaction, MIKA, MIKA, now=NOW)
    rows = await database.fetch("SELECT discord_message_id FROM cards ORDER BY 1")
    assert [row[0] for row in rows] == [*old[-2:], sent_at(NOW)]
    assert len(await database.fetch("SELECT 1 FROM card_items")) == len(rows)


@pytest.mark.parametrize(("beside", "kept"), [(-1, 3), (0, 4)])
async def test_a_card_is_not_forgotten_before_it_is_a_day_old(database: Database, beside: int, kept: int) -> None:
    """The lowest id that a message of that millisecond has, and the one before it."""
    item = await recorded(database)
    day_old = sent_at(NOW - timedelta(days=1))
    for card_id in (day_old + beside, *(sent_at(NOW, number) for number in range(3))):
        await save(database, card_id, item)
    async with database.write() as transaction:
        await cards.purge_cards(transaction, MIKA, MIKA, now=NOW)
    assert len(await database.fetch("SELECT 1 FROM cards")) == kept


async def test_a_reminder_of_very_many_windows_is_read_in_parts(database: Database) -> None:
    item = await recorded(database)
    ids = [item.message_id, *map(MessageId, range(1_000_000, 1_040_000))]
    async with database.read() as transaction:
        assert list(await shown_messages.load_shown_messages(transaction, MIKA, ids)) == [item.message_id]


async def test_of_more_cards_than_one_claim_takes_those_due_longest_are_first(database: Database) -> None:
    content = CardContent(kind=CardKind.REMINDER, items=(await recorded(database),))
    others = [(MIKA, number, 7, content, "") for number in range(1, cards.MAX_CARDS_PER_CLAIM + 1)]
    async with database.write() as transaction:
        await cards.save_cards(transaction, others, check_at=NOW)
        await cards.save_cards(transaction, [(MIKA, 1000, 7, content, "")], check_at=NOW - MICROSECOND)
    first, second = await claim(database), await claim(database)
    assert (len(first), len(second)) == (cards.MAX_CARDS_PER_CLAIM, 1)
    assert 1000 in {card.discord_message_id for card in first}
