"""Sends receipts in batches, and saves how far a member's messages were handled.

One member's cards go out one after the other; members do not wait for one another.
"""

import asyncio

import structlog

from bot.discord_app.features.recording.receipt_card import outcome_card
from bot.discord_app.inbound.receipt_batching import (
    MessageHandled,
    ReadCheckpoints,
    ReceiptBatch,
    ReceiptBatcher,
    ReceiptEntry,
    Recipient,
)
from bot.discord_app.limits import EventDeduplicator, KeyedSemaphore
from bot.discord_app.sender import DirectMessageSender
from bot.discord_app.ui.layout import DANGER, Card, notice_card
from bot.domain.types import MemberId
from bot.errors import NinteiError
from bot.i18n.translations import get_translations
from bot.scheduling.ports import MemberUnreachableError, RetryLaterError
from bot.services.container import Services
from bot.services.members import Preferences

log = structlog.get_logger()


class ReceiptSender:
    """Collects what became of messages, and tells the members."""

    def __init__(
        self, sender: DirectMessageSender, services: Services, claims: EventDeduplicator, *, wait: float
    ) -> None:
        """`wait`: see `ReceiptBatcher`."""
        self._sender = sender
        self._services = services
        self._claims = claims
        self._batcher = ReceiptBatcher(wait)
        self.checkpoints = ReadCheckpoints()
        """Of the present session of the gateway."""
        self._unsent: dict[asyncio.Future[None], ReceiptBatch] = {}
        self._send_locks = KeyedSemaphore(1)

    async def add(self, member_id: MemberId, addition: ReceiptEntry | MessageHandled) -> None:
        """Collect an outcome, or note that a message was handled. With no wait, it is sent here."""
        batch = self._batcher.add(member_id, addition)
        if batch is None:
            return
        if self._batcher.wait:
            sent: asyncio.Future[None] = asyncio.create_task(self._send_batch_when_complete(batch), name="receipts")
            self._unsent[sent] = batch
            sent.add_done_callback(self._unsent.pop)
            return
        sent = asyncio.get_running_loop().create_future()
        self._unsent[sent] = batch
        try:
            await self._send_batch_in_turn(batch)
        finally:
            del self._unsent[sent]
            sent.set_result(None)

    def discard_unsent(self, member_id: MemberId) -> None:
        """Do not send what was collected for a member who was erased."""
        for batch in self._unsent.values():
            if batch.member_id == member_id:
                batch.entries.clear()

    async def flush(self, member_id: MemberId | None = None, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 — it goes on
        """Send everything collected for a member, None: for every member.

        Returns once that was tried, or after `timeout` seconds.
        """
        unsent = []
        for sent, batch in self._unsent.items():
            if member_id in {None, batch.member_id}:
                batch.complete.set()
                unsent.append(sent)
        if unsent:
            await asyncio.wait(unsent, timeout=timeout)

    async def flush_before_undo(self, member_id: MemberId) -> None:
        """Have what an undo takes back answered and noted as read before, if that can be done in time.

        What is undone leaves no trace: a message that was not noted as read would be recorded again after a crash.
        """
        await self.flush(member_id, timeout=self._sender.timeouts.undo)

    async def _send_batch_when_complete(self, batch: ReceiptBatch) -> None:
        await self._batcher.wait_until_complete(batch)
        await self._send_batch_in_turn(batch)

    async def _send_batch_in_turn(self, batch: ReceiptBatch) -> None:
        async with self._send_locks.acquire(batch.member_id):
            await self._send_batch(batch)

    async def _send_batch(self, batch: ReceiptBatch) -> None:
        """Send a batch, and only then save the checkpoint."""
        member_id = batch.member_id
        try:
            if batch.entries:
                await self._send_batch_with_retries(batch)
            for handled in batch.handled:
                checkpoint = handled.checkpoints.note_handled(member_id, handled.message_id)
                if checkpoint is not None:
                    await self._services.members.set_last_read(member_id, checkpoint)
        except (NinteiError, RetryLaterError) as error:
            # It is recorded. The next session reads the messages again, and answers that they were recorded.
            log.warning("receipts_not_sent", member_id=member_id, error_type=type(error).__name__)
            self.checkpoints.block(member_id)
            for handled in batch.handled:
                handled.checkpoints.block(member_id)
            for entry in batch.entries:
                await self._claims.release(entry.message_id)

    async def _send_batch_with_retries(self, batch: ReceiptBatch) -> None:
        """Send the card of a batch. Raises `NinteiError`, and `RetryLaterError` after the last try."""
        recipient = batch.entries[-1].recipient
        for delay in (*self._sender.timeouts.receipt_retry_delays, None):
            recipient = recipient or await self._find_recipient(batch.member_id)
            card = await self._build_batch_card(batch, recipient.preferences)
            if not batch.entries:
                return  # the member was erased meanwhile
            try:
                await self._sender.send_to_member(batch.member_id, recipient.channel_id, card, batch.nonce)
            except MemberUnreachableError:
                await self._services.members.mark_dm_refused(batch.member_id)
            except RetryLaterError as later:
                if delay is None:
                    raise
                await asyncio.sleep(max(delay, later.delay.total_seconds() if later.delay else 0))
                recipient = None
                continue
            return

    async def _find_recipient(self, member_id: MemberId) -> Recipient:
        member, preferences = await self._services.members.find(member_id)
        return Recipient(member.channel_id if member else None, preferences)

    async def _build_batch_card(self, batch: ReceiptBatch, preferences: Preferences) -> Card:
        texts, outcomes = get_translations(preferences.locale), [entry.outcome for entry in batch.entries]
        if not outcomes:
            return notice_card(texts("internal-error"), DANGER)  # is not sent
        try:
            return await outcome_card(texts, self._services.status, batch.member_id, outcomes, preferences.zone)
        except NinteiError:
            raise
        except Exception as error:
            log.exception("receipt_card_failed", member_id=batch.member_id, error_type=type(error).__name__)
            return notice_card(texts("internal-error"), DANGER)
