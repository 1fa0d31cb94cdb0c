"""Direct messages to the bot: what is forwarded or written there is read, recorded, and answered with a receipt."""

import asyncio
from collections import OrderedDict, defaultdict
from datetime import datetime
from typing import Final

import aiohttp
import discord
import structlog

from bot.certification.reply_clock import Direction
from bot.chat.cards.finding import finding_card
from bot.chat.cards.frame import LATE, note
from bot.chat.cards.missed import missed_card
from bot.chat.client import NinteiClient
from bot.chat.parcels import pack
from bot.chat.recording import keep
from bot.chat.sender import DirectSender
from bot.chat.words import sentence
from bot.errors import NinteiError
from bot.intake.reader import read
from bot.texts.catalogue import texts_in
from bot.values import MemberId

REMEMBERED: Final = 10_000
"""Discord messages that are known to have been taken in: an event may come twice."""

log = structlog.get_logger()


class Listener:
    """Takes in direct messages, each member's one after the other, in the order in which they came."""

    def __init__(self, client: NinteiClient, sender: DirectSender) -> None:
        self._client = client
        self._sender = sender
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._taken: OrderedDict[int, None] = OrderedDict()

    async def hear(self, message: discord.Message) -> None:
        """A message came now."""
        await self._take_in(message, self._client.clock.now())

    async def catch_up(self, message: discord.Message) -> None:
        """A message came while the bot was away: "3 hours ago" in it counts from then."""
        await self._take_in(message, min(message.created_at, self._client.clock.now()))

    async def _take_in(self, message: discord.Message, written_at: datetime) -> None:
        async with self._turns[message.author.id]:
            if message.id in self._taken:
                return
            with structlog.contextvars.bound_contextvars(message=message.id, member=message.author.id):
                await self._answer(message, written_at)
            self._taken[message.id] = None
            if len(self._taken) > REMEMBERED:
                self._taken.popitem(last=False)

    async def _answer(self, message: discord.Message, written_at: datetime) -> None:
        contacts, now = self._client.services.contacts, self._client.clock.now()
        member = MemberId(message.author.id)
        locale = self._client.services.default_locale
        try:
            contact = await contacts.meet(member, now=now, channel_id=message.channel.id)
            locale = contact.preferences.locale
            texts = texts_in(locale)
            if contact.missed or contact.unread_since:
                await self._post(message, missed_card(texts, contact), "missed")
                await contacts.told(member, contact, now=now)
            parcel = await pack(message)
            for number, finding in enumerate(read(parcel, now=written_at, zone=contact.preferences.zone)):
                try:
                    outcome = await keep(self._client.services.ledger, member, finding, Direction.RECEIVED, now=now)
                    card = await finding_card(texts, self._client.services.observer, member, outcome)
                except NinteiError as error:
                    log.info("refused", text=error.text)
                    card = note(sentence(texts, error))
                await self._post(message, card, str(number))
            await contacts.handled(member, message.id)
        except NinteiError as error:
            # Nothing was recorded, and the message stays unhandled: it is read again after the next start.
            log.warning("message_not_taken_in", text=error.text)
            await self._post(message, note(sentence(texts_in(locale), error), LATE), "error")
        except Exception as fault:
            log.exception("message_failed", fault=type(fault).__name__)
            await self._post(message, note(texts_in(locale)("chat-fault"), LATE), "fault")

    async def _post(self, message: discord.Message, card: discord.ui.LayoutView, what: str) -> None:
        """Answer where the message was written; the nonce comes from it, so a second try answers once."""
        try:
            await self._sender.post(message.channel.id, card, f"{message.id}{what}"[:25])
        except (discord.HTTPException, aiohttp.ClientError, OSError) as fault:
            log.warning("answer_not_sent", fault=type(fault).__name__)
