"""Direct messages to the bot: what is forwarded or written there is read, recorded, and answered with a receipt."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import datetime, tzinfo
from typing import Final

import aiohttp
import discord
import structlog

from bot.chat.cards.finding import finding_card
from bot.chat.cards.frame import LATE, note
from bot.chat.cards.gathered import gathered_card
from bot.chat.cards.missed import missed_card
from bot.chat.cards.start import start_card
from bot.chat.client import NinteiClient
from bot.chat.parcels import pack
from bot.chat.progress import Progress
from bot.chat.receipts import Batch, Receipts, Said
from bot.chat.recording import Outcome, keep, named
from bot.chat.sender import DirectSender
from bot.chat.turns import Turns
from bot.chat.words import sentence
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.errors import NinteiError, NotAllowedError
from bot.i18n.translations import Translations, get_translations
from bot.parsing.items import is_empty_attempt
from bot.parsing.message import parse_message
from bot.scheduling.event_claims import EventDeduplicator
from bot.scheduling.ports import MemberUnreachableError, RetryLaterError

AGAIN: Final = (1.0, 3.0, 10.0, 30.0, 60.0)
"""Seconds between tries to tell what was recorded, or as long as Discord asks; else it waits for the next session.

What a mail bridge posted is not read a second time.
"""

log = structlog.get_logger()


class Listener:
    """Takes in direct messages, each member's one after the other, in the order in which they came."""

    def __init__(
        self, client: NinteiClient, sender: DirectSender, claims: EventDeduplicator, receipt_wait: float
    ) -> None:
        self._client = client
        self._sender = sender
        self._claims = claims
        self._turns = Turns(1)
        self._progress = Progress()
        self.receipts = Receipts(self._tell, receipt_wait)

    def turn(self, member: MemberId) -> AbstractAsyncContextManager[None]:
        """Held while something of a member's is taken in."""
        return self._turns.turn(member)

    def fall_behind(self) -> None:
        """There may be messages that did not come by the gateway. Until they are read, nobody is abreast."""
        self._progress = Progress()

    def hold(self, member: MemberId) -> None:
        """Something of a member's could not be read."""
        self._progress.hold(member)

    async def read_up(self, member: MemberId | None) -> None:
        """Everything of a member that was missed has been read; None: of everybody."""
        for behind, newest in self._progress.read_up(member):
            await self._client.services.members.set_last_read(behind, newest)

    async def hear(self, message: discord.Message) -> None:
        """A message came now."""
        await self._take_in(message, self._client.clock.now())

    async def catch_up(self, message: discord.Message) -> None:
        """A message came while the bot was away: "3 hours ago" in it counts from then."""
        await self._take_in(message, min(message.created_at, self._client.clock.now()))

    async def _take_in(self, message: discord.Message, written_at: datetime) -> None:
        with structlog.contextvars.bound_contextvars(message=message.id, member=message.author.id):
            async with self.turn(MemberId(message.author.id)):
                if await self._claims.claim(message.id, steal_from_dead=True):
                    await self._answer(message, written_at)

    async def _answer(self, message: discord.Message, written_at: datetime) -> None:
        contacts, now = self._client.services.members, self._client.clock.now()
        member = MemberId(message.author.id)
        locale = self._client.services.default_locale
        try:
            contact = await contacts.get_or_register(member, now=now, channel_id=message.channel.id)
            locale = contact.preferences.locale
            texts = get_translations(locale)
            behind = contact.missed_reminders or contact.unread_since
            if behind and await self._post(message, missed_card(texts, contact), "missed"):
                await contacts.mark_missed_notified(member, contact, now=now)
            parcel = await pack(message)
            # A mail may be large: nobody else waits while it is read.
            findings = await asyncio.to_thread(parse_message, parcel, now=written_at, zone=contact.preferences.zone)
            for number, finding in enumerate(findings):
                if contact.is_new and is_empty_attempt(finding):
                    continue  # the welcome says what to write
                outcome: Outcome | NinteiError
                try:
                    outcome = await keep(self._client.services.recording, member, finding, Direction.RECEIVED, now=now)
                    self._client.meter.count_parsed_item(*named(finding, outcome))
                except NinteiError as error:
                    self._client.meter.count_parsed_item(*named(finding, error))
                    log.info("refused", text=error.message_id)
                    outcome = error
                await self.receipts.add(member, Said(message.id, number, outcome))
            if contact.is_new:
                # At once, so that the receipt, which waits for what else comes, is what the member sees last.
                # The nonce is the member's: two first messages, or one that is read again, are welcomed once.
                card = start_card(texts, contact.preferences, self._client.command_ids)
                await self._post(message, card, "start", about=member)
            await self.receipts.done(member, message.id, self._progress)
        except NotAllowedError as full:
            # Nobody whom the bot knows, and it takes nobody in: there is nothing to keep, nor to come back to.
            await self._post(message, note(sentence(get_translations(locale), full)), "refused")
        except NinteiError as error:
            # Nothing was recorded, and the message stays unhandled, as does what comes after it: it is read again
            # with the next session, by whichever process has it.
            await self.receipts.tell_now(member)
            self._progress.hold(member)
            await self._claims.release(message.id)
            log.warning("message_not_taken_in", text=error.message_id)
            await self._post(message, note(sentence(get_translations(locale), error), LATE), "error")
        except Exception as fault:
            log.exception("message_failed", fault=type(fault).__name__)
            await self.receipts.tell_now(member)
            await self._post(message, note(get_translations(locale)("chat-fault"), LATE), "fault")

    async def _tell(self, batch: Batch) -> None:
        """Answer what was gathered, and only then note how far the messages were taken in."""
        contacts, member = self._client.services.members, batch.member
        try:
            if batch.said:
                await self._send(batch)
            if batch.read_to is not None and batch.progress.take(member, batch.read_to):
                await contacts.set_last_read(member, batch.read_to)
        except (NinteiError, RetryLaterError) as fault:
            # It is recorded: with the next session it is read again, and told as something that was.
            log.warning("receipts_not_told", member=member, fault=type(fault).__name__)
            for progress in {batch.progress, self._progress}:
                progress.hold(member)
            for each in batch.said:
                await self._claims.release(each.message)

    async def _send(self, batch: Batch) -> None:
        for pause in AGAIN:
            try:
                return await self._try(batch)
            except RetryLaterError as later:
                await asyncio.sleep(max(pause, later.delay.total_seconds() if later.delay else 0))
        return await self._try(batch)

    async def _try(self, batch: Batch) -> None:
        row, preferences = await self._client.services.members.find(batch.member)
        texts = get_translations(preferences.locale)
        try:
            card = await self._card(texts, batch, preferences.zone)
        except NinteiError:
            raise
        except Exception as fault:
            log.exception("receipts_failed", member=batch.member, fault=type(fault).__name__)
            card = note(texts("chat-fault"), LATE)
        try:
            await self._sender.tell(batch.member, row.channel_id if row else None, card, batch.nonce)
        except MemberUnreachableError:
            await self._client.services.members.mark_dm_refused(batch.member)

    async def _card(self, texts: Translations, batch: Batch, zone: tzinfo) -> discord.ui.LayoutView:
        """One thing has its own card, several share one."""
        if len(batch.said) > 1:
            return gathered_card(texts, [each.outcome for each in batch.said], zone)
        outcome = batch.said[0].outcome
        if isinstance(outcome, NinteiError):
            return note(sentence(texts, outcome))
        return await finding_card(texts, self._client.services.status, batch.member, outcome)

    async def _post(self, message: discord.Message, card: discord.ui.LayoutView, what: str, *, about: int = 0) -> bool:
        """Answer where the message was written, if it goes through; by its nonce a second try answers once."""
        try:
            await self._sender.post(message.channel.id, card, f"{about or message.id}{what}"[:25])
        except (discord.HTTPException, aiohttp.ClientError, OSError) as fault:
            log.warning("answer_not_sent", fault=type(fault).__name__)
            return False
        return True
