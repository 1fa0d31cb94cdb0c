"""Direct messages to the bot: they are parsed, recorded, and answered with a receipt."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import aiohttp
import discord
import structlog

from bot.clock import Clock
from bot.discord_app.features.onboarding.cards import start_card
from bot.discord_app.features.recording.missed_card import missed_reminders_card
from bot.discord_app.features.recording.receipt_card import outcome_card
from bot.discord_app.inbound.line_requests import request_card
from bot.discord_app.inbound.message_conversion import to_incoming_message
from bot.discord_app.inbound.receipt_batching import (
    MessageHandled,
    ReadCheckpoints,
    ReceiptBatch,
    ReceiptBatcher,
    ReceiptEntry,
)
from bot.discord_app.limits import EventDeduplicator, KeyedSemaphore
from bot.discord_app.sender import DirectMessageSender
from bot.discord_app.ui.formatting import format_error
from bot.discord_app.ui.layout import DANGER, notice
from bot.domain.messages import LineRequest, ParsedItem, Statement, UnclearText, is_empty_attempt
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.errors import NinteiError, NotAllowedError
from bot.i18n.translations import get_translations
from bot.instrumentation import Metrics
from bot.parsing.message import parse_message
from bot.scheduling.ports import MemberUnreachableError, RetryLaterError
from bot.services.container import Services
from bot.services.members import Preferences
from bot.services.recording import metric_labels
from bot.services.results import RecordOutcome

log = structlog.get_logger()


class DirectMessageHandler:
    """Handles direct messages: one member's one after the other, in the order in which they came."""

    def __init__(
        self,
        sender: DirectMessageSender,
        services: Services,
        clock: Clock,
        claims: EventDeduplicator,
        command_ids: Mapping[str, int],
        *,
        receipt_wait: float,
        metrics: Metrics,
    ) -> None:
        self._sender = sender
        self._services = services
        self._clock = clock
        self._claims = claims
        self._command_ids = command_ids
        self._metrics = metrics
        self._checkpoints = ReadCheckpoints()
        self.member_locks = KeyedSemaphore(1)
        """Held while a message of a member's is handled."""
        self.receipts = ReceiptBatcher(self._send_receipts, receipt_wait)

    def reset_checkpoints(self) -> None:
        """Messages may have been missed: until they were read, no later one is saved as a checkpoint."""
        self._checkpoints = ReadCheckpoints()

    def block_checkpoint(self, member_id: MemberId) -> None:
        """A message of the member's could not be read."""
        self._checkpoints.block(member_id)

    async def advance_checkpoint(self, member_id: MemberId | None) -> None:
        """Everything that a member's session missed has been read; None: of every member."""
        for caught_up_id, newest_id in self._checkpoints.caught_up(member_id):
            await self._services.members.set_last_read(caught_up_id, newest_id)

    async def handle(self, message: discord.Message, sent_at: datetime) -> None:
        """Parse, record and answer a message, unless another process does. Relative times in it count from `sent_at`.

        An error is answered with a sentence; none is raised.
        """
        member_id = MemberId(message.author.id)
        with structlog.contextvars.bound_contextvars(message_id=message.id, member_id=member_id):
            async with self.member_locks.acquire(member_id):
                if await self._claims.claim(message.id, steal_from_dead=True):
                    await self._parse_and_record(message, member_id, sent_at)

    async def _parse_and_record(self, message: discord.Message, member_id: MemberId, sent_at: datetime) -> None:
        members, now = self._services.members, self._clock.now()
        locale = self._services.default_locale
        try:
            contact = await members.get_or_register(member_id, now=now, channel_id=message.channel.id)
            locale = contact.preferences.locale
            texts = get_translations(locale)
            missed = contact.missed_reminders or contact.unread_since
            if missed and await self._reply(message, missed_reminders_card(texts, contact), "missed"):
                await members.mark_missed_notified(member_id, contact, now=now)
            incoming = await to_incoming_message(message)
            # In a thread, since a mail may be large, and nobody else should wait while it is parsed.
            known_names = await self._services.statements.known_names(member_id) if incoming.content else ()
            items = await asyncio.to_thread(
                parse_message, incoming, now=sent_at, zone=contact.preferences.zone, known_names=known_names
            )
            for index, item in enumerate(items):
                if contact.is_new and is_empty_attempt(item):
                    continue  # the welcome card says what to write
                if isinstance(item, LineRequest):
                    await self._answer_request(message, item, contact.preferences)
                    continue
                outcome = await self.record_item(member_id, item, now)
                self._metrics.count_parsed_item(*metric_labels(item, outcome))
                await self.receipts.add(member_id, ReceiptEntry(message.id, index, outcome))
            if contact.is_new:
                # Sent at once, so that the receipt, which may wait for further messages, is the last thing to be seen.
                # The nonce is the member's: of two first messages, or one that is read again, only one is welcomed.
                card = start_card(texts, contact.preferences, self._command_ids)
                await self._reply(message, card, "start", nonce_scope=member_id)
            await self.receipts.add(member_id, MessageHandled(message.id, self._checkpoints))
        except NotAllowedError as error:
            # A new member whom the operator's limit refuses: nothing is kept, and nothing is read again.
            await self._reply(message, notice(format_error(get_translations(locale), error)), "refused")
        except NinteiError as error:
            # Nothing was recorded. The message and those after it are read again with the next session, by whichever
            # process has it.
            await self.receipts.flush(member_id)
            self._checkpoints.block(member_id)
            await self._claims.release(message.id)
            log.warning("message_not_recorded", error=error.message_id)
            await self._reply(message, notice(format_error(get_translations(locale), error), DANGER), "error")
        except Exception as error:
            log.exception("message_failed", error_type=type(error).__name__)
            await self.receipts.flush(member_id)
            await self._reply(message, notice(get_translations(locale)("internal-error"), DANGER), "fault")

    async def record_item(self, member_id: MemberId, item: ParsedItem, now: datetime) -> RecordOutcome | NinteiError:
        """The outcome of an item; the error where it was refused."""
        try:
            if isinstance(item, Statement | UnclearText):
                return await self._services.statements.record(member_id, item, now=now)
            return await self._services.recording.record_item(member_id, item, Direction.RECEIVED, now=now)
        except NinteiError as error:
            log.info("request_refused", error=error.message_id)
            return error

    async def _answer_request(self, message: discord.Message, request: LineRequest, preferences: Preferences) -> None:
        """Answer a plain word as its command would."""
        try:
            card = await request_card(
                self._services,
                request,
                MemberId(message.author.id),
                preferences,
                now=self._clock.now(),
                command_ids=self._command_ids,
            )
        except NinteiError as error:
            card = notice(format_error(get_translations(preferences.locale), error))
        await self._reply(message, card, "request")

    async def _reply(
        self, message: discord.Message, card: discord.ui.LayoutView, nonce_prefix: str, *, nonce_scope: int = 0
    ) -> bool:
        """Answer in the channel of a message. Returns whether that succeeded; the nonce makes a second try harmless."""
        try:
            await self._sender.send_card(message.channel.id, card, f"{nonce_scope or message.id}{nonce_prefix}"[:25])
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("reply_not_sent", error_type=type(error).__name__)
            return False
        return True

    async def _send_receipts(self, batch: ReceiptBatch) -> None:
        """Send a batch, and only then save the checkpoint."""
        member_id, handled = batch.member_id, batch.newest_handled
        try:
            if batch.entries:
                await self._send_with_retries(batch)
            if handled is not None and handled.checkpoints.processed(member_id, handled.message_id):
                await self._services.members.set_last_read(member_id, handled.message_id)
        except (NinteiError, RetryLaterError) as error:
            # It is recorded. The next session reads the messages again, and answers that they were recorded.
            log.warning("receipts_not_sent", member_id=member_id, error_type=type(error).__name__)
            self._checkpoints.block(member_id)
            if handled is not None:
                handled.checkpoints.block(member_id)
            for entry in batch.entries:
                await self._claims.release(entry.message_id)

    async def _send_with_retries(self, batch: ReceiptBatch) -> None:
        """Send the card of a batch. Raises `NinteiError`, and `RetryLaterError` after the last try."""
        members = self._services.members
        for delay in (*self._sender.timeouts.receipt_retry_delays, None):
            row, preferences = await members.find(batch.member_id)
            texts = get_translations(preferences.locale)
            try:
                outcomes = [entry.outcome for entry in batch.entries]
                card = await outcome_card(texts, self._services.status, batch.member_id, outcomes, preferences.zone)
            except NinteiError:
                raise
            except Exception as error:
                log.exception("receipt_card_failed", member_id=batch.member_id, error_type=type(error).__name__)
                card = notice(texts("internal-error"), DANGER)
            try:
                await self._sender.send_to_member(batch.member_id, row.channel_id if row else None, card, batch.nonce)
            except MemberUnreachableError:
                await members.mark_dm_refused(batch.member_id)
            except RetryLaterError as later:
                if delay is None:
                    raise
                await asyncio.sleep(max(delay, later.delay.total_seconds() if later.delay else 0))
                continue
            return
