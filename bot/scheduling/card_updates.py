"""Edit the cards whose windows have changed: compare each marked card with the record, and edit it if it differs.

An edit says what is true now, so doing it twice changes nothing. A claim's lease keeps two processes from editing a
message at the same time, so that an older state never follows a newer one.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.errors import StorageError
from bot.instrumentation import NULL_METRICS, Metrics
from bot.scheduling.ports import CardClosedError, CardEditor, RetryLaterError
from bot.scheduling.wakeup import WakeUp
from bot.services.cards import CardService
from bot.services.member_guard import member_guard
from storage.cards import Card

CLAIM_LEASE: Final = timedelta(seconds=60)
"""Longer than an edit with its wait for the rate limit may last."""

EDIT_TIMEOUT: Final = 45.0
"""Seconds."""

RETRY_AFTER: Final = timedelta(minutes=5)

log = structlog.get_logger()


class CardUpdater:
    """One long-lived task. What it does comes after everything else that is sent."""

    def __init__(
        self,
        cards: CardService,
        clock: Clock,
        editor: CardEditor,
        wakeup: WakeUp,
        *,
        metrics: Metrics = NULL_METRICS,
    ) -> None:
        self._cards = cards
        self._clock = clock
        self._editor = editor
        self._wakeup = wakeup
        self._metrics = metrics
        self._stop = asyncio.Event()

    async def wait_idle(self) -> None:
        """Return once everything that was due at the call is done. Only while it runs."""
        await self._wakeup.next_tick()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run while the block runs."""
        task = asyncio.create_task(self._card_update_loop(), name="card updates")
        try:
            yield
        finally:
            self._stop.set()
            self._wakeup.wake()
            await task

    async def _card_update_loop(self) -> None:
        while not self._stop.is_set():
            next_check_at = None
            with self._wakeup.tick():
                try:
                    while not self._stop.is_set() and await self._update_due_cards():
                        pass
                    next_check_at = await self._cards.next_check_at()
                except StorageError as error:
                    log.warning("card_updates_waiting_for_database", error=error.message_id)
                except Exception:
                    log.exception("card_updates_failed")
            if not self._stop.is_set():
                await self._wakeup.wait(next_check_at)

    async def _update_due_cards(self) -> bool:
        """Handle some of the cards that are due; False when none was."""
        claimed = await self._cards.claim_due(now=self._clock.now(), lease=CLAIM_LEASE)
        for card in claimed:
            if self._stop.is_set():
                break
            with member_guard("cards", card.member_id, self._metrics):
                await self._update_card(card)
        return bool(claimed)

    async def _update_card(self, card: Card) -> None:
        now = self._clock.now()
        shown = await self._cards.reload(card, now=now)
        if shown.is_current:
            await self._cards.finish(shown, now=now)
            return
        try:
            async with asyncio.timeout(EDIT_TIMEOUT):
                content = await self._editor.edit_card(shown, now=now)
        except CardClosedError:
            log.info("card_closed", member_id=card.member_id, message_id=card.discord_message_id)
            await self._cards.forget(card)
        except (RetryLaterError, TimeoutError) as error:
            delay = error.delay if isinstance(error, RetryLaterError) and error.delay else RETRY_AFTER
            await self._cards.retry(card, at=now + delay)
        else:
            if card.content.draft_id is not None:
                await self._cards.forget(card)
                return
            await self._cards.finish(shown, content, now=self._clock.now())
