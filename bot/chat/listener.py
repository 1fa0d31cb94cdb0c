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


class Progress:
    """Up to which message each member's direct messages have been taken in without a gap.

    After a crash reading goes on behind that message: one that came by the gateway before the earlier ones were read
    must not be noted, or the earlier ones were lost.
    """

    def __init__(self) -> None:
        self._everybody = False
        self._abreast: set[MemberId] = set()
        self._held: set[MemberId] = set()
        self._ahead: dict[MemberId, int] = {}

    def take(self, member: MemberId, message: int) -> bool:
        """A message was taken in; whether it may be noted as the newest one."""
        if member not in self._held and (self._everybody or member in self._abreast):
            return True
        self._ahead[member] = max(message, self._ahead.get(member, 0))
        return False

    def hold(self, member: MemberId) -> None:
        """A message could not be taken in: nothing behind it is noted before it has been read again."""
        self._held.add(member)

    def read_up(self, member: MemberId | None) -> list[tuple[MemberId, int]]:
        """Whoever is abreast now (None: everybody), with the newest message that may be noted."""
        if member is None:
            self._everybody = True
        else:
            self._abreast.add(member)
        ready = [each for each in self._ahead if each not in self._held and member in {None, each}]
        return [(each, self._ahead.pop(each)) for each in ready]


class Listener:
    """Takes in direct messages, each member's one after the other, in the order in which they came."""

    def __init__(self, client: NinteiClient, sender: DirectSender) -> None:
        self._client = client
        self._sender = sender
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._taken: OrderedDict[int, None] = OrderedDict()
        self._progress = Progress()

    def fall_behind(self) -> None:
        """There may be messages that did not come by the gateway. Until they are read, nobody is abreast."""
        self._progress = Progress()

    async def read_up(self, member: MemberId | None) -> None:
        """Everything of a member that was missed has been read; None: of everybody."""
        for behind, newest in self._progress.read_up(member):
            await self._client.services.contacts.handled(behind, newest)

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
            if self._progress.take(member, message.id):
                await contacts.handled(member, message.id)
        except NinteiError as error:
            # Nothing was recorded, and the message stays unhandled, as does what comes after it: it is read again
            # after the next start.
            self._progress.hold(member)
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
