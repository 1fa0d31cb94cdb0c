"""Edits of cards beyond what one claim takes."""

from datetime import datetime, timedelta

from bot.domain.reply.thread_state import Direction
from bot.scheduling.card_updates import CardUpdater
from bot.scheduling.wakeup import WakeUp
from bot.services.cards import ShownCard
from storage import cards
from storage.cards import CardContent, CardItem, CardKind
from storage.connect import open_database
from storage.discord_ids import message_id_at
from tests.helpers.dispatching import ASKED, MIKA, Dispatching


class Editor:
    """Takes note of the cards that are edited."""

    def __init__(self) -> None:
        self.edited: list[int] = []

    async def edit_card(self, shown: ShownCard, *, now: datetime) -> None:
        """Edit a card."""
        del now
        self.edited.append(shown.card.discord_message_id)


async def test_every_card_that_is_due_is_edited_at_once(database_url: str) -> None:
    """21 cards, of which a claim takes 20."""
    database = await open_database(database_url)
    try:
        dispatching = Dispatching(database)
        now = dispatching.clock.now()
        for client in range(7):
            receipt = await dispatching.record(f"C{client}", ASKED)
            content = CardContent(CardKind.REMINDER, (CardItem(receipt.message.id, receipt.thread.id),))
            async with database.write() as transaction:
                ids = [message_id_at(now - timedelta(seconds=3 * client + number)) for number in range(3)]
                await cards.save_many(transaction, [(MIKA, card_id, 7, content, "") for card_id in ids], now=now)
            await dispatching.record(f"C{client}", now, Direction.SENT)
        editor = Editor()
        updater = CardUpdater(dispatching.services.cards, dispatching.clock, editor, WakeUp(dispatching.clock))
        async with updater.running():
            await updater.wait_idle()
            assert len(set(editor.edited)) == len(editor.edited) == 21
    finally:
        await database.close()
