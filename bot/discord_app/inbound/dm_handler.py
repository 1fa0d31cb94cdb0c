"""Direct messages to the bot: what is forwarded or written there is read, recorded, and answered with a receipt."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import datetime, tzinfo
from typing import Final

import aiohttp
import discord
import structlog

from bot.discord_app.client import NinteiClient
from bot.discord_app.features.onboarding.cards import start_card
from bot.discord_app.features.recording.batch_card import batch_receipt_card
from bot.discord_app.features.recording.missed_card import missed_reminders_card
from bot.discord_app.features.recording.outcome_card import outcome_card
from bot.discord_app.inbound.message_conversion import to_incoming_message
from bot.discord_app.inbound.read_position import ReadCheckpoints
from bot.discord_app.inbound.receipt_batching import ReceiptBatch, ReceiptBatcher, ReceiptEntry
from bot.discord_app.keyed_semaphore import KeyedSemaphore
from bot.discord_app.sender import DirectMessageSender
from bot.discord_app.ui.formatting import format_error
from bot.discord_app.ui.layout import DANGER, notice
from bot.domain.messages import is_empty_attempt
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.errors import NinteiError, NotAllowedError
from bot.i18n.translations import Translations, get_translations
from bot.parsing.message import parse_message
from bot.scheduling.event_claims import EventDeduplicator
from bot.scheduling.ports import MemberUnreachableError, RetryLaterError
from bot.services.results import RecordOutcome, metric_labels

RETRY_DELAYS: Final = (1.0, 3.0, 10.0, 30.0, 60.0)
"""Seconds between tries to tell what was recorded, or as long as Discord asks; else it waits for the next session.

What a mail bridge posted is not read a second time.
"""

log = structlog.get_logger()


class DirectMessageHandler:
    """Takes in direct messages, each member's one after the other, in the order in which they came."""

    def __init__(
        self, client: NinteiClient, sender: DirectMessageSender, claims: EventDeduplicator, receipt_wait: float
    ) -> None:
        self._client = client
        self._sender = sender
        self._claims = claims
        self._turns = KeyedSemaphore(1)
        self._progress = ReadCheckpoints()
        self.receipts = ReceiptBatcher(self._send_and_checkpoint, receipt_wait)

    def member_lock(self, member: MemberId) -> AbstractAsyncContextManager[None]:
        """Held while something of a member's is taken in."""
        return self._turns.acquire(member)

    def reset_checkpoints(self) -> None:
        """There may be messages that did not come by the gateway. Until they are read, nobody is abreast."""
        self._progress = ReadCheckpoints()

    def block_checkpoint(self, member: MemberId) -> None:
        """Something of a member's could not be read."""
        self._progress.block(member)

    async def advance_checkpoint(self, member: MemberId | None) -> None:
        """Everything of a member that was missed has been read; None: of everybody."""
        for behind, newest in self._progress.caught_up(member):
            await self._client.services.members.set_last_read(behind, newest)

    async def on_message(self, message: discord.Message) -> None:
        """A message came now."""
        await self._process(message, self._client.clock.now())

    async def on_missed_message(self, message: discord.Message) -> None:
        """A message came while the bot was away: "3 hours ago" in it counts from then."""
        await self._process(message, min(message.created_at, self._client.clock.now()))

    async def _process(self, message: discord.Message, sent_at: datetime) -> None:
        with structlog.contextvars.bound_contextvars(message=message.id, member=message.author.id):
            async with self.member_lock(MemberId(message.author.id)):
                if await self._claims.claim(message.id, steal_from_dead=True):
                    await self._parse_and_record(message, sent_at)

    async def _parse_and_record(self, message: discord.Message, sent_at: datetime) -> None:
        contacts, now = self._client.services.members, self._client.clock.now()
        member = MemberId(message.author.id)
        locale = self._client.services.default_locale
        try:
            contact = await contacts.get_or_register(member, now=now, channel_id=message.channel.id)
            locale = contact.preferences.locale
            texts = get_translations(locale)
            behind = contact.missed_reminders or contact.unread_since
            if behind and await self._reply(message, missed_reminders_card(texts, contact), "missed"):
                await contacts.mark_missed_notified(member, contact, now=now)
            parcel = await to_incoming_message(message)
            # A mail may be large: nobody else waits while it is read.
            findings = await asyncio.to_thread(parse_message, parcel, now=sent_at, zone=contact.preferences.zone)
            for number, finding in enumerate(findings):
                if contact.is_new and is_empty_attempt(finding):
                    continue  # the welcome says what to write
                outcome: RecordOutcome | NinteiError
                try:
                    outcome = await self._client.services.recording.record_item(
                        member, finding, Direction.RECEIVED, now=now
                    )
                    self._client.metrics.count_parsed_item(*metric_labels(finding, outcome))
                except NinteiError as error:
                    self._client.metrics.count_parsed_item(*metric_labels(finding, error))
                    log.info("refused", text=error.message_id)
                    outcome = error
                await self.receipts.add(member, ReceiptEntry(message.id, number, outcome))
            if contact.is_new:
                # At once, so that the receipt, which waits for what else comes, is what the member sees last.
                # The nonce is the member's: two first messages, or one that is read again, are welcomed once.
                card = start_card(texts, contact.preferences, self._client.command_ids)
                await self._reply(message, card, "start", nonce_scope=member)
            await self.receipts.message_processed(member, message.id, self._progress)
        except NotAllowedError as full:
            # Nobody whom the bot knows, and it takes nobody in: there is nothing to keep, nor to come back to.
            await self._reply(message, notice(format_error(get_translations(locale), full)), "refused")
        except NinteiError as error:
            # Nothing was recorded, and the message stays unhandled, as does what comes after it: it is read again
            # with the next session, by whichever process has it.
            await self.receipts.flush(member)
            self._progress.block(member)
            await self._claims.release(message.id)
            log.warning("message_not_taken_in", text=error.message_id)
            await self._reply(message, notice(format_error(get_translations(locale), error), DANGER), "error")
        except Exception as fault:
            log.exception("message_failed", fault=type(fault).__name__)
            await self.receipts.flush(member)
            await self._reply(message, notice(get_translations(locale)("chat-fault"), DANGER), "fault")

    async def _send_and_checkpoint(self, batch: ReceiptBatch) -> None:
        """Answer what was gathered, and only then note how far the messages were taken in."""
        contacts, member = self._client.services.members, batch.member
        try:
            if batch.entries:
                await self._send_with_retries(batch)
            if batch.last_message_id is not None and batch.progress.processed(member, batch.last_message_id):
                await contacts.set_last_read(member, batch.last_message_id)
        except (NinteiError, RetryLaterError) as fault:
            # It is recorded: with the next session it is read again, and told as something that was.
            log.warning("receipts_not_told", member=member, fault=type(fault).__name__)
            for progress in {batch.progress, self._progress}:
                progress.block(member)
            for each in batch.entries:
                await self._claims.release(each.message)

    async def _send_with_retries(self, batch: ReceiptBatch) -> None:
        for pause in RETRY_DELAYS:
            try:
                return await self._send_once(batch)
            except RetryLaterError as later:
                await asyncio.sleep(max(pause, later.delay.total_seconds() if later.delay else 0))
        return await self._send_once(batch)

    async def _send_once(self, batch: ReceiptBatch) -> None:
        row, preferences = await self._client.services.members.find(batch.member)
        texts = get_translations(preferences.locale)
        try:
            card = await self._render_batch(texts, batch, preferences.zone)
        except NinteiError:
            raise
        except Exception as fault:
            log.exception("receipts_failed", member=batch.member, fault=type(fault).__name__)
            card = notice(texts("chat-fault"), DANGER)
        try:
            await self._sender.send_to_member(batch.member, row.channel_id if row else None, card, batch.nonce)
        except MemberUnreachableError:
            await self._client.services.members.mark_dm_refused(batch.member)

    async def _render_batch(self, texts: Translations, batch: ReceiptBatch, zone: tzinfo) -> discord.ui.LayoutView:
        """One thing has its own card, several share one."""
        if len(batch.entries) > 1:
            return batch_receipt_card(texts, [each.outcome for each in batch.entries], zone)
        outcome = batch.entries[0].outcome
        if isinstance(outcome, NinteiError):
            return notice(format_error(texts, outcome))
        return await outcome_card(texts, self._client.services.status, batch.member, outcome)

    async def _reply(
        self, message: discord.Message, card: discord.ui.LayoutView, nonce_prefix: str, *, nonce_scope: int = 0
    ) -> bool:
        """Answer where the message was written, if it goes through; by its nonce a second try answers once."""
        try:
            await self._sender.send_card(message.channel.id, card, f"{nonce_scope or message.id}{nonce_prefix}"[:25])
        except (discord.HTTPException, aiohttp.ClientError, OSError) as fault:
            log.warning("answer_not_sent", fault=type(fault).__name__)
            return False
        return True
