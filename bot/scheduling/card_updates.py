"""Edit the cards whose windows have changed: compare each marked card with the record, and edit it if it differs.

An edit says what is true now, so doing it twice changes nothing. A claim's lease keeps two processes from editing a
message at the same time, so that an older state never follows a newer one.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.instrumentation import NULL_METRICS, Metrics
from bot.scheduling.ports import CardClosedError, CardEditor, RetryLaterError
from bot.scheduling.scheduling_loop import SchedulingLoop
from bot.scheduling.wakeup import WakeUp
from bot.services.cards import CardService
from bot.services.member_guard import member_guard
from storage.cards import StoredCard

CLAIM_LEASE: Final = timedelta(seconds=60)
"""Longer than an edit with its wait for the rate limit may last."""

EDIT_TIMEOUT: Final = 45.0
"""Seconds."""

RETRY_AFTER: Final = timedelta(minutes=5)

BUSY_PAUSE: Final = timedelta(seconds=1)
"""Until a card that is due, and is left alone while it is being pressed, is looked at again."""

log = structlog.get_logger()


class CardUpdater(SchedulingLoop):
    """Edits the cards that are due; an edit waits for everything else that is being sent."""

    name = "card_updates"

    def __init__(
        self, cards: CardService, clock: Clock, editor: CardEditor, wakeup: WakeUp, *, metrics: Metrics = NULL_METRICS
    ) -> None:
        super().__init__(wakeup)
        self._cards = cards
        self._clock = clock
        self._editor = editor
        self._metrics = metrics

    async def _do_due_work(self) -> datetime | None:
        while not self._is_stopping and await self._update_due_cards():
            pass
        next_check_at = await self._cards.next_check_at()
        if next_check_at is not None and next_check_at <= (now := self._clock.now()):
            return now + BUSY_PAUSE
        return next_check_at

    async def _update_due_cards(self) -> bool:
        """Handle some of the cards that are due; False when none was."""
        claimed = await self._cards.claim_due(now=self._clock.now(), lease=CLAIM_LEASE)
        for card in claimed:
            if self._is_stopping:
                break
            with member_guard("cards", card.member_id, self._metrics):
                await self._update_card(card)
        return bool(claimed)

    async def _update_card(self, card: StoredCard) -> None:
        now = self._clock.now()
        shown = await self._cards.reload(card, now=now)
        if shown.is_current:
            await self._cards.finish_check(shown, now=now)
            return
        try:
            async with asyncio.timeout(EDIT_TIMEOUT):
                content = await self._editor.edit_card(shown, now=now)
        except CardClosedError:
            log.info("card_closed", member_id=card.member_id, message_id=card.discord_message_id)
            await self._cards.stop_updating(card, now=now)
        except (RetryLaterError, TimeoutError) as error:
            delay = error.delay if isinstance(error, RetryLaterError) and error.delay else RETRY_AFTER
            await self._cards.retry_check(card, at=now + delay)
        else:
            if card.content.draft_id is not None:
                await self._cards.stop_updating(card, now=now)
                return
            await self._cards.finish_check(shown, content, now=self._clock.now())
