"""Edits of cards beyond what one claim takes."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.domain.reply.thread_state import Direction
from bot.scheduling.card_updates import BUSY_PAUSE, CardUpdater
from bot.scheduling.wakeup import WakeUp
from bot.services.shown_cards import ShownCard
from storage import cards
from storage.cards import CardContent, CardItem, CardKind
from storage.connect import open_database
from storage.discord_ids import message_id_at
from tests.helpers.dispatching import ASKED, MIKA, Dispatching


class Editor:
    """Takes note of the cards that are edited."""

    def __init__(self, content: CardContent | None = None) -> None:
        self.edited: list[int] = []
        self.content = content
        """What a card shows once it is edited; None: what it showed before."""
        self.on_edit: Callable[[], Awaitable[object]] | None = None

    async def edit_card(self, shown: ShownCard, *, now: datetime) -> CardContent:
        """Edit a card."""
        del now
        self.edited.append(shown.card.discord_message_id)
        if self.on_edit is not None:
            await self.on_edit()
        return shown.content if self.content is None else self.content


async def test_every_card_that_is_due_is_edited_at_once(database_url: str) -> None:
    """21 cards, of which a claim takes 20."""
    database = await open_database(database_url)
    try:
        dispatching = Dispatching(database)
        now = dispatching.clock.now()
        for client in range(7):
            receipt = await dispatching.record(f"C{client}", ASKED)
            content = CardContent(kind=CardKind.REMINDER, items=(CardItem(receipt.message.id, receipt.thread.id),))
            async with database.write() as transaction:
                ids = [message_id_at(now - timedelta(seconds=3 * client + number)) for number in range(3)]
                await cards.save_cards(
                    transaction,
                    [(MIKA, card_id, 7, content, "") for card_id in ids],
                    check_at=now + cards.FIRST_CHECK_AFTER,
                )
            await dispatching.record(f"C{client}", now, Direction.SENT)
        editor = Editor()
        updater = CardUpdater(dispatching.services.cards, dispatching.clock, editor, WakeUp(dispatching.clock))
        async with updater.running():
            await updater.wait_idle()
            assert len(set(editor.edited)) == len(editor.edited) == 21
    finally:
        await database.close()


@pytest.mark.parametrize("is_changed", [False, True])
async def test_a_list_shows_windows_that_changed_while_they_came_into_it(
    database_url: str, *, is_changed: bool
) -> None:
    """They were not of the card yet, so the change did not mark it; it is edited once more."""
    database = await open_database(database_url)
    try:
        dispatching = Dispatching(database)
        now = dispatching.clock.now()
        old, new = [await dispatching.record(client, ASKED) for client in ("old", "new")]
        items = [CardItem(receipt.message.id, receipt.thread.id) for receipt in (old, new)]
        card_id, listed = message_id_at(now), CardContent(kind=CardKind.PENDING, items=(items[0],), page=1)
        async with database.write() as transaction:
            await cards.save_cards(
                transaction, [(MIKA, card_id, 7, listed, "")], check_at=now + cards.FIRST_CHECK_AFTER
            )
        await dispatching.record("old", now, Direction.SENT)
        editor = Editor(CardContent(kind=CardKind.PENDING, items=(items[1],)))
        if is_changed:
            editor.on_edit = partial(dispatching.record, "new", now, Direction.SENT)
        updater = CardUpdater(dispatching.services.cards, dispatching.clock, editor, WakeUp(dispatching.clock))
        async with updater.running():
            await updater.wait_idle()
            assert len(editor.edited) == 1
            card = await database.query(cards.card_query(MIKA, card_id))
            assert card is not None
            assert card.content == CardContent(kind=CardKind.PENDING, items=(items[1], items[0]))
            assert (card.shown == cards.CHANGED) is is_changed
            dispatching.clock.advance(cards.MIN_EDIT_INTERVAL)
            await updater.wait_idle()
            assert len(editor.edited) == 1 + is_changed
    finally:
        await database.close()


async def test_a_card_that_is_being_pressed_is_looked_at_again_after_a_pause(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await open_database(database_url)
    try:
        dispatching = Dispatching(database)
        now, service, claims = dispatching.clock.now(), dispatching.services.cards, 0
        receipt = await dispatching.record("C", ASKED)
        content = CardContent(kind=CardKind.REMINDER, items=(CardItem(receipt.message.id, receipt.thread.id),))
        async with database.write() as transaction:
            await cards.save_cards(transaction, [(MIKA, message_id_at(now), 7, content, "")], check_at=now)
        claim_due = service.claim_due

        async def counted(**options: Any) -> list[cards.StoredCard]:
            nonlocal claims
            claims += 1
            return await claim_due(**options)

        monkeypatch.setattr(service, "claim_due", counted)
        service.being_pressed[message_id_at(now)] += 1
        editor = Editor()
        updater = CardUpdater(service, dispatching.clock, editor, WakeUp(dispatching.clock))
        async with updater.running():
            await updater.wait_idle()
            claims = 0
            await asyncio.sleep(0.1)
            assert claims <= 1
            service.being_pressed.clear()
            dispatching.clock.advance(BUSY_PAUSE)
            async with asyncio.timeout(10):
                while not editor.edited:  # noqa: ASYNC110 — another's doing
                    await asyncio.sleep(0.01)
    finally:
        await database.close()


async def test_a_card_that_a_press_replaces_while_it_is_edited_stays_what_the_press_made_it(database_url: str) -> None:
    """The edit may have come after the press, so it is edited once more, to the other window."""
    database = await open_database(database_url)
    try:
        dispatching = Dispatching(database)
        now = dispatching.clock.now()
        old, new = [await dispatching.record(client, ASKED) for client in ("old", "new")]
        shown, replacing = [
            CardContent(kind=CardKind.RECEIPT, items=(CardItem(receipt.message.id, receipt.thread.id),))
            for receipt in (old, new)
        ]
        card_id, stored = message_id_at(now), dispatching.services.cards
        async with database.write() as transaction:
            await cards.save_cards(transaction, [(MIKA, card_id, 7, shown, "")], check_at=now)
        editor = Editor()
        editor.on_edit = partial(stored.save, MIKA, card_id, 7, replacing, is_new=False, now=now)
        updater = CardUpdater(stored, dispatching.clock, editor, WakeUp(dispatching.clock))
        async with updater.running():
            await updater.wait_idle()
            card = await database.query(cards.card_query(MIKA, card_id))
            assert card is not None
            assert (card.content, card.shown) == (replacing, cards.CHANGED)
            editor.on_edit = None
            dispatching.clock.advance(cards.MIN_EDIT_INTERVAL)
            await updater.wait_idle()
            assert editor.edited == [card_id, card_id]
    finally:
        await database.close()
