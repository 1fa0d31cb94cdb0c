"""Stored cards: which are to be edited because the record changed, and what they show now."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from bot.domain.types import MemberId, MessageId, UndoStepId
from bot.services.members import Preferences, effective_preferences
from bot.services.results import Receipt, load_receipts
from bot.services.shown_cards import (
    ShownCard,
    ShownWindow,
    WindowStatus,
    card_state_digest,
    next_card_change_at,
    shown_windows,
)
from bot.settings import MemberDefaults
from storage import cards, drafts, members, shown_messages, undo_log
from storage.cards import CardContent, CardItem, CardKind, StoredCard
from storage.database import Database, Transaction

_MESSAGE_ID: Final = attrgetter("message_id")


class CardService:
    """Reads and stores cards; the record itself is not changed."""

    def __init__(self, database: Database, defaults: MemberDefaults) -> None:
        self._database = database
        self._defaults = defaults
        self.being_pressed: Counter[int] = Counter()
        """How many presses of each card, by Discord's id, this process is handling: their answers edit it."""

    async def is_message_on_card(self, member_id: MemberId, message_id: MessageId) -> bool:
        """Whether a stored card of the member shows this message."""
        return await cards.is_message_on_card(self._database, member_id, message_id)

    async def has_open_question(self, member_id: MemberId, source_key: str) -> bool:
        """Whether a card asks a question about the item with this key that is not answered yet."""
        return await cards.has_card_with_question(self._database, member_id, source_key)

    async def is_about_step(
        self, member_id: MemberId, discord_message_id: int, step_id: UndoStepId, *, now: datetime
    ) -> bool:
        """Whether a stored card shows a message that a step changed, or whose reply window it ended."""
        card, windows = await self._find_with_windows(member_id, discord_message_id, now)
        if card is None:
            return False
        ids = {*map(_MESSAGE_ID, windows), *(window.ending_id for window in windows if window.ending_id is not None)}
        return await undo_log.has_undo_step_changed(self._database, member_id, step_id, ids)

    async def load_windows(
        self, member_id: MemberId, items: Sequence[CardItem], *, now: datetime
    ) -> tuple[ShownWindow, ...]:
        """The state of some items of a card."""
        message_ids = [*map(_MESSAGE_ID, items)]
        return shown_windows(
            items, await shown_messages.load_shown_messages(self._database, member_id, message_ids), now
        )

    async def find(
        self, member_id: MemberId, discord_message_id: int, preferences: Preferences, *, now: datetime
    ) -> ShownCard | None:
        """The member's card that is this message."""
        card, windows = await self._find_with_windows(member_id, discord_message_id, now)
        return None if card is None else ShownCard(card, windows, preferences)

    async def _find_with_windows(
        self, member_id: MemberId, discord_message_id: int, now: datetime
    ) -> tuple[StoredCard | None, tuple[ShownWindow, ...]]:
        """The member's card that is this message, and the state of what it shows."""
        find_card = cards.card_query(member_id, discord_message_id)
        find_shown = shown_messages.messages_on_card_query(member_id, discord_message_id)
        results = await self._database.query_many(find_card, find_shown)
        card = results[find_card]
        return card, shown_windows(card.content.items, results[find_shown], now) if card is not None else ()

    async def reload(self, card: StoredCard, *, now: datetime) -> ShownCard:
        """The present state of what a card shows."""
        member_id, items = card.member_id, card.content.items
        find_member, find_newest = members.member_query(member_id), undo_log.latest_step_query(member_id)
        find_shown = shown_messages.shown_messages_query(member_id, [*map(_MESSAGE_ID, items)])
        results = await self._database.query_many(find_member, find_newest, find_shown)
        preferences, newest = effective_preferences(results[find_member], self._defaults), results[find_newest]
        windows = shown_windows(items, results[find_shown], now)
        return ShownCard(card, windows, preferences, newest.id if newest else None)

    async def save(
        self,
        member_id: MemberId,
        discord_message_id: int,
        channel_id: int,
        content: CardContent,
        *,
        is_new: bool = True,
        now: datetime,
    ) -> None:
        """Store a card that was sent just now, or replaced another one, unless the member was erased meanwhile.

        It shows the record as it was read for `content.state` or `content.newest_step_id`, or as the steps of
        `content.recorded_at` left it. If that has changed since, it is soon compared with the record. A question that
        has ended since is soon edited, too. A list keeps the windows that it showed before behind the others: an undo
        brings them back.
        """
        async with self._database.write() as transaction:
            find_newest = undo_log.newest_steps_query(member_id, max(len(content.recorded_at), 1))
            find_shown = shown_messages.shown_messages_query(member_id, [*map(_MESSAGE_ID, content.items)])
            # The member is locked, so that what is recorded after this marks the card.
            find_former = cards.card_query(member_id, discord_message_id)
            find_former_shown = shown_messages.messages_on_card_query(member_id, discord_message_id)
            of_former = () if is_new else (find_former_shown,)
            results = await transaction.lock_and_query(
                members.locked_member_query(member_id), find_newest, find_shown, find_former, *of_former
            )
            recorded, former = dict(results[find_shown]), results[find_former]
            if is_new and former is not None:  # a press has replaced it before it was known that it had arrived
                await cards.retry_card_check(transaction, former, at=now + cards.FIRST_CHECK_AFTER)
                return
            if not is_new and content.kind is CardKind.PENDING and former is not None:
                content = _with_ended_windows(content, former.content)
                recorded |= results[find_former_shown]
            as_of = content.as_of or now
            newest_steps = results[find_newest]
            windows = shown_windows(content.items, recorded, as_of)
            shown, check_at = card_state_digest(content.kind, windows), next_card_change_at(windows, now)
            # Not by which instant is later: a step has that of its press or message, which may be committed after
            # the card was read. And an undo leaves no step.
            if content.draft_id is not None:
                is_behind = await drafts.find_draft(transaction, member_id, content.draft_id) is None
                content = replace(content, draft_id=cards.ENDED if is_behind else content.draft_id)
            elif content.state is not None:
                is_behind = shown != content.state
            elif content.recorded_at:
                is_behind = {step.at for step in newest_steps} != {*content.recorded_at}
            else:
                is_behind = (newest_steps[0].id if newest_steps else None) != content.newest_step_id
            # What was erased meanwhile is gone, though no step says so.
            is_removed = WindowStatus.REMOVED in {window.status for window in windows}
            if not content.says_undone and (is_removed or is_behind):
                shown, check_at = cards.CHANGED, now + cards.FIRST_CHECK_AFTER
            card = (member_id, discord_message_id, channel_id, content, shown)
            if is_new:
                await cards.save_cards(transaction, [card], check_at=check_at)
            else:
                await cards.replace_card(transaction, *card, check_at=check_at, now=now)

    async def save_shown_state(self, shown: ShownCard, *, now: datetime) -> None:
        """Store that a card shows the state that was read, since a press was answered with it."""
        async with self._database.write() as transaction:
            await cards.save_shown_card_state(transaction, shown.card, shown.state, now=now)

    async def claim_due(self, *, now: datetime, lease: timedelta) -> list[StoredCard]:
        """Claim cards that are to be compared with the record."""
        async with self._database.write() as transaction:
            return await cards.claim_due_cards(transaction, now=now, lease=lease, busy=self.being_pressed)

    async def finish_check(self, shown: ShownCard, content: CardContent | None = None, *, now: datetime) -> None:
        """Store that a claimed card shows the present state; `content`: what it shows if it was edited, else None."""
        async with self._database.write() as transaction:
            card, is_changed = shown.card, False
            # A change since then marked the cards of the threads that are stored for this one.
            if (content or shown.content) != card.content:
                shown, is_changed = await _load_edited_card(transaction, shown, content or shown.content, now=now)
            await cards.finish_card_check(
                transaction,
                card,
                shown.content,
                shown=cards.CHANGED if is_changed else shown.state,
                edited=content is not None,
                next_check_at=now + cards.MIN_EDIT_INTERVAL if is_changed else next_card_change_at(shown.windows, now),
                now=now,
            )

    async def retry_check(self, card: StoredCard, *, at: datetime) -> None:
        """Edit a card, which may be claimed, once more at an instant: it is not known whether its last edit arrived."""
        async with self._database.write() as transaction:
            await cards.retry_card_check(transaction, card, at=at)

    async def stop_updating(self, card: StoredCard, *, now: datetime) -> None:
        """Delete the stored card of a message, which is edited no more and stays as it is."""
        async with self._database.write() as transaction:
            # Other cards are marked, too: it waits for what is being recorded, which marks them in another order.
            await members.lock_member(transaction, card.member_id)
            await cards.delete_card(transaction, card, now=now)

    async def next_check_at(self) -> datetime | None:
        """When the next card is to be compared."""
        return await cards.next_card_check_at(self._database)

    async def load_receipts(self, shown: ShownCard, *, now: datetime) -> list[Receipt]:
        """The receipts, as of now, of the messages on a card that are recorded. Writes nothing."""
        recorded = [(window.message_id, window.thread.id) for window in shown.windows if window.thread is not None]
        async with self._database.read() as transaction:
            return await load_receipts(transaction, shown.card.member_id, recorded, shown.preferences, now=now)


def _with_ended_windows(content: CardContent, former: CardContent) -> CardContent:
    """What a card shows, with the windows that it showed before behind the others: an undo brings them back."""
    ids = {item.message_id for item in content.items}
    ended = (item for item in former.items if item.message_id not in ids)
    return replace(content, items=(*content.items, *ended)[: cards.MAX_CARD_ITEMS])


async def _load_edited_card(
    transaction: Transaction, shown: ShownCard, content: CardContent, *, now: datetime
) -> tuple[ShownCard, bool]:
    """A card that shows other windows or threads than before, and whether the record has changed since it was read.

    The member stays locked, so that what is recorded after this marks the card.
    """
    member_id, as_of = shown.card.member_id, content.as_of or now
    content = _with_ended_windows(content, shown.content)
    items = content.items
    find_newest = undo_log.latest_step_query(member_id)
    find_shown = shown_messages.shown_messages_query(member_id, [*map(_MESSAGE_ID, items)])
    results = await transaction.lock_and_query(members.locked_member_query(member_id), find_newest, find_shown)
    newest_step_id = newest.id if (newest := results[find_newest]) else None
    edited = ShownCard(
        replace(shown.card, content=content),
        shown_windows(items, results[find_shown], as_of),
        shown.preferences,
    )
    return edited, newest_step_id != shown.newest_step_id
