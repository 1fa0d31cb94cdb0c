"""Direct messages that the bot sends by itself: under one limiter, with a nonce that every retry keeps.

discord.py retries 500, 502, 504 and 524 by itself, but neither 503 nor a connection that was cut, and a call of its
own may hang for 300 s: so both are tried again here, within a time of our own. It waits out a 429 of Discord's, but
not one of what stands before Discord: until that lets us in again nothing is sent.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from typing import Final, Protocol

import aiohttp
import discord
import structlog
from discord import ui

from bot.chat.cards.advice import digest_card
from bot.chat.cards.frame import note
from bot.chat.cards.waiting import reminder_card
from bot.chat.client import NinteiClient
from bot.chat.words import from_now
from bot.domain.reminders.plan import snooze_until
from bot.domain.types import MemberId
from bot.i18n.translations import Translations, get_translations
from bot.scheduling.dm_open_limiter import BACKOFF, DmOpenLimiter
from bot.scheduling.ports import Delivery, MemberUnreachableError, RetryLaterError
from bot.services.preferences import Preferences
from storage.members import DmStatus

PATIENCE: Final = 15.0
"""Seconds for one send with its retries; less than a claim's lease."""

CALM: Final = 3
"""Other sends under way with which a picture may still follow; in a burst none does."""

PAUSES: Final = (0.1, 0.5, 2.0)
"""Seconds between tries after a 503 or a cut connection."""

CLOSED_TO_US: Final = {50007, 50278}
"""The member takes no direct messages from the bot, or shares no server with it."""

PERHAPS_STALE: Final = {10003, 50001}
"""Unknown channel, missing access: said in passing of channels that are there (discord-api-docs#7666)."""

OPENED_TOO_FAST: Final = 40003

TOO_MANY: Final = 429

LONGEST_HOLD: Final = timedelta(minutes=10)
"""However long we are asked to wait: then somebody looks whether it still holds."""

NOT_DISCORDS: Final = (KeyError, TypeError, ValueError)
"""What discord.py raises over an answer that it cannot read: a page of a proxy's, a limit without its length."""

log = structlog.get_logger()


class Send(Protocol):
    """Something that sends one message when called, the same one each time."""

    async def __call__(self) -> discord.Message: ...


async def insist(send: Send) -> discord.Message:
    """Send, and try again what Discord may not have got. Raises what the last try raised."""
    for pause in PAUSES:
        try:
            return await send()
        except discord.DiscordServerError as fault:
            log.info("send_again", status=fault.status)
        except (aiohttp.ClientError, OSError, *NOT_DISCORDS) as fault:
            log.info("send_again", fault=type(fault).__name__)
        await asyncio.sleep(pause)
    return await send()


def asked_to_wait(refused: discord.HTTPException) -> timedelta | None:
    """How long a refusal asks to wait, if it says so in seconds."""
    try:
        seconds = float(refused.response.headers.get("Retry-After", ""))
    except ValueError:
        return None
    return timedelta(seconds=min(seconds, LONGEST_HOLD.total_seconds())) if seconds > 0 else None


class DirectSender:
    """Carries deliveries and short words of the bot's own."""

    def __init__(self, client: NinteiClient) -> None:
        self._client = client
        self.openings = DmOpenLimiter()
        self._sends = 0
        self._no_sends = asyncio.Event()
        self._no_sends.set()

    async def post(self, channel_id: int, card: ui.LayoutView, nonce: str) -> discord.Message:
        """Send a card to a direct-message channel; in calm times its picture follows."""
        channel = self._client.get_partial_messageable(channel_id, type=discord.ChannelType.private)

        async def send() -> discord.Message:
            async with self._client.limiter:
                return await channel.send(view=card, nonce=nonce)

        with self._sending():
            async with asyncio.timeout(PATIENCE):
                try:
                    message = await insist(send)
                except NOT_DISCORDS as fault:
                    raise aiohttp.ClientPayloadError(type(fault).__name__) from fault
        pictures = self._client.pictures
        if pictures is not None and self._sends <= CALM and (picture := pictures.of(card)) is not None:
            pictures.follow(message.id, card, picture, message.edit, gate=self._behind_sends())
        return message

    @contextmanager
    def _sending(self) -> Iterator[None]:
        self._sends += 1
        self._no_sends.clear()
        try:
            yield
        finally:
            self._sends -= 1
            if not self._sends:
                self._no_sends.set()

    @asynccontextmanager
    async def _behind_sends(self) -> AsyncIterator[None]:
        """A picture takes from the limit, too, and gives way to whatever is to be sent."""
        await self._no_sends.wait()
        async with self._client.limiter:
            yield

    async def tell(self, member: MemberId, channel_id: int | None, card: ui.LayoutView, nonce: str) -> None:
        """Send a card of the bot's own, into the known channel or a new one. Raises `Unreachable` or `TryLater`."""
        message = await self._reach(member, channel_id, card, nonce)
        if message.channel.id != channel_id:
            await self._client.services.members.mark_dm_open(member, message.channel.id)

    async def greet(self, member: MemberId, nonce: str) -> DmStatus:
        """The first direct message must not be a reminder: a short word, and whether it arrived."""
        contacts = self._client.services.members
        _, preferences = await contacts.find(member)
        try:
            message = await self._reach(member, None, note(get_translations(preferences.locale)("greeting")), nonce)
        except MemberUnreachableError:
            await contacts.mark_dm_refused(member)
            return DmStatus.REFUSED
        except RetryLaterError:
            return DmStatus.UNTRIED
        await contacts.mark_dm_open(member, message.channel.id)
        return DmStatus.OPEN

    async def deliver(self, delivery: Delivery, *, now: datetime) -> int:
        """Send a reminder; Discord's id of the message. Raises `Unreachable` or `TryLater`."""
        contacts = self._client.services.members
        row, preferences = await contacts.find(delivery.member_id)
        if row is None:
            raise MemberUnreachableError  # erased meanwhile
        texts = get_translations(preferences.locale)
        cost = None
        if any(now > each.closes_at for each in delivery.items):
            cost = await self._client.services.status.cost_of_late(delivery.member_id, now=now)
        card = reminder_card(texts, delivery, now=now, laters=_laters(delivery, preferences, now), cost=cost)
        try:
            message = await self._reach(delivery.member_id, row.channel_id, card, delivery.nonce)
        except MemberUnreachableError:
            await contacts.mark_dm_refused(delivery.member_id)
            if row.fallback_channel_id is not None:
                await self._fall_back(row.fallback_channel_id, delivery, texts, now=now)
            raise
        if row.channel_id != message.channel.id or row.direct_messages is not DmStatus.OPEN:
            await contacts.mark_dm_open(delivery.member_id, message.channel.id)
        return message.id

    async def _fall_back(self, channel_id: int, delivery: Delivery, texts: Translations, *, now: datetime) -> None:
        """Call the member where others read along: that something waits, never who."""
        open_until = [each.closes_at for each in delivery.items if each.closes_at >= now]
        due = from_now(min(open_until)) if open_until else texts("fallback-closed")
        words = texts("fallback-reminder", member=f"<@{delivery.member_id}>", count=len(delivery.items), due=due)
        mention = discord.AllowedMentions(users=[discord.Object(delivery.member_id)])
        channel = self._client.get_partial_messageable(channel_id)

        async def send() -> discord.Message:
            async with self._client.limiter:
                return await channel.send(view=note(words), nonce=f"fb-{delivery.nonce}"[:25], allowed_mentions=mention)

        try:
            async with asyncio.timeout(PATIENCE):
                await insist(send)
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as fault:
            # It is told at the next contact anyway.
            log.warning("fallback_not_sent", member=delivery.member_id, fault=type(fault).__name__)

    async def digest(self, member: MemberId, nonce: str, *, now: datetime) -> None:
        """Send how it went. Raises `Unreachable` or `TryLater`."""
        services = self._client.services
        row, preferences = await services.members.find(member)
        card = digest_card(get_translations(preferences.locale), await services.advice.digest_report(member, now=now))
        await self._reach(member, row.channel_id if row else None, card, nonce)

    async def _reach(
        self, member: MemberId, channel_id: int | None, card: ui.LayoutView, nonce: str
    ) -> discord.Message:
        """Send into the known channel, or open it. A channel that seems gone is opened anew once."""
        try:
            if channel_id is not None:
                try:
                    return await self.post(channel_id, card, nonce)
                except discord.HTTPException as refused:
                    if refused.code not in PERHAPS_STALE:
                        raise
            self.openings.check_slot(member, self._client.clock.now())
            return await self.post(await self._open(member), card, nonce)
        except discord.HTTPException as refused:
            log.info("direct_message_refused", member=member, status=refused.status, code=refused.code)
            if refused.code in CLOSED_TO_US | PERHAPS_STALE:
                raise MemberUnreachableError from refused
            if refused.code == OPENED_TOO_FAST:
                self.openings.back_off(self._client.clock.now())
                raise RetryLaterError(BACKOFF) from refused
            if refused.status == TOO_MANY and (hold := asked_to_wait(refused)):
                if "Via" not in refused.response.headers:
                    self._client.limiter.hold(hold)
                raise RetryLaterError(hold) from refused
            raise RetryLaterError from refused
        except (aiohttp.ClientError, OSError, TimeoutError) as fault:
            raise RetryLaterError from fault

    async def _open(self, member: MemberId) -> int:
        async with asyncio.timeout(PATIENCE), self._client.limiter:
            try:
                channel = await self._client.create_dm(discord.Object(member))
            except NOT_DISCORDS as fault:
                raise aiohttp.ClientPayloadError(type(fault).__name__) from fault
        log.info("direct_message_opened", member=member, opened=self.openings.count)
        return channel.id


def _laters(delivery: Delivery, preferences: Preferences, now: datetime) -> Sequence[datetime | None]:
    """When "later" would remind, for each window; None once it has closed."""
    return [
        None
        if now >= each.closes_at
        else snooze_until(now, each.closes_at, preferences.reminders).astimezone(preferences.zone)
        for each in delivery.items
    ]
