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

from bot.discord_app.client import NinteiClient
from bot.discord_app.features.advice.cards import digest_card
from bot.discord_app.features.pending.cards import reminder_card
from bot.discord_app.ui.formatting import timestamp
from bot.discord_app.ui.layout import notice
from bot.domain.reminders.plan import snooze_until
from bot.domain.types import MemberId
from bot.i18n.translations import Translations, get_translations
from bot.scheduling.dm_open_limiter import BACKOFF, DmOpenLimiter
from bot.scheduling.ports import Delivery, MemberUnreachableError, RetryLaterError
from bot.services.preferences import Preferences
from storage.members import DmStatus

REQUEST_TIMEOUT: Final = 15.0
"""Seconds for one send with its retries; less than a claim's lease."""

MAX_CONCURRENT_FOR_PICTURES: Final = 3
"""Other sends under way with which a picture may still follow; in a burst none does."""

RETRY_DELAYS: Final = (0.1, 0.5, 2.0)
"""Seconds between tries after a 503 or a cut connection."""

DM_CLOSED_CODES: Final = {50007, 50278}
"""The member takes no direct messages from the bot, or shares no server with it."""

STALE_CHANNEL_CODES: Final = {10003, 50001}
"""Unknown channel, missing access: said in passing of channels that are there (discord-api-docs#7666)."""

DM_OPEN_LIMIT_CODE: Final = 40003

TOO_MANY: Final = 429

MAX_RETRY_AFTER: Final = timedelta(minutes=10)
"""However long we are asked to wait: then somebody looks whether it still holds."""

UNPARSABLE_RESPONSE_ERRORS: Final = (KeyError, TypeError, ValueError)
"""What discord.py raises over an answer that it cannot read: a page of a proxy's, a limit without its length."""

log = structlog.get_logger()


class SendCallable(Protocol):
    """Something that sends one message when called, the same one each time."""

    async def __call__(self) -> discord.Message: ...


async def send_with_retries(send: SendCallable) -> discord.Message:
    """Send, and try again what Discord may not have got. Raises what the last try raised."""
    for pause in RETRY_DELAYS:
        try:
            return await send()
        except discord.DiscordServerError as fault:
            log.info("send_again", status=fault.status)
        except (aiohttp.ClientError, OSError, *UNPARSABLE_RESPONSE_ERRORS) as fault:
            log.info("send_again", fault=type(fault).__name__)
        await asyncio.sleep(pause)
    return await send()


def retry_after(response_error: discord.HTTPException) -> timedelta | None:
    """How long a refusal asks to wait, if it says so in seconds."""
    try:
        seconds = float(response_error.response.headers.get("Retry-After", ""))
    except ValueError:
        return None
    return timedelta(seconds=min(seconds, MAX_RETRY_AFTER.total_seconds())) if seconds > 0 else None


class DirectMessageSender:
    """Carries deliveries and short words of the bot's own."""

    def __init__(self, client: NinteiClient) -> None:
        self._client = client
        self.openings = DmOpenLimiter()
        self._sends = 0
        self._no_sends = asyncio.Event()
        self._no_sends.set()

    async def send_card(self, channel_id: int, card: ui.LayoutView, nonce: str) -> discord.Message:
        """Send a card to a direct-message channel; in calm times its picture follows."""
        channel = self._client.get_partial_messageable(channel_id, type=discord.ChannelType.private)

        async def send() -> discord.Message:
            async with self._client.rate_limiter:
                return await channel.send(view=card, nonce=nonce)

        with self._track_send():
            async with asyncio.timeout(REQUEST_TIMEOUT):
                try:
                    message = await send_with_retries(send)
                except UNPARSABLE_RESPONSE_ERRORS as fault:
                    raise aiohttp.ClientPayloadError(type(fault).__name__) from fault
        pictures = self._client.pictures
        if (
            pictures is not None
            and self._sends <= MAX_CONCURRENT_FOR_PICTURES
            and (picture := pictures.picture_for(card)) is not None
        ):
            pictures.attach_later(message.id, card, picture, message.edit, rate_limit=self._after_pending_sends())
        return message

    @contextmanager
    def _track_send(self) -> Iterator[None]:
        self._sends += 1
        self._no_sends.clear()
        try:
            yield
        finally:
            self._sends -= 1
            if not self._sends:
                self._no_sends.set()

    @asynccontextmanager
    async def _after_pending_sends(self) -> AsyncIterator[None]:
        """A picture takes from the limit, too, and gives way to whatever is to be sent."""
        await self._no_sends.wait()
        async with self._client.rate_limiter:
            yield

    async def send_to_member(self, member: MemberId, channel_id: int | None, card: ui.LayoutView, nonce: str) -> None:
        """Send a card of the bot's own, into the known channel or a new one. Raises `Unreachable` or `TryLater`."""
        message = await self._send_to_dm(member, channel_id, card, nonce)
        if message.channel.id != channel_id:
            await self._client.services.members.mark_dm_open(member, message.channel.id)

    async def send_test_dm(self, member: MemberId, nonce: str) -> DmStatus:
        """The first direct message must not be a reminder: a short word, and whether it arrived."""
        contacts = self._client.services.members
        _, preferences = await contacts.find(member)
        try:
            message = await self._send_to_dm(
                member, None, notice(get_translations(preferences.locale)("greeting")), nonce
            )
        except MemberUnreachableError:
            await contacts.mark_dm_refused(member)
            return DmStatus.REFUSED
        except RetryLaterError:
            return DmStatus.UNTRIED
        await contacts.mark_dm_open(member, message.channel.id)
        return DmStatus.OPEN

    async def send_reminder(self, delivery: Delivery, *, now: datetime) -> int:
        """Send a reminder; Discord's id of the message. Raises `Unreachable` or `TryLater`."""
        contacts = self._client.services.members
        row, preferences = await contacts.find(delivery.member_id)
        if row is None:
            raise MemberUnreachableError  # erased meanwhile
        texts = get_translations(preferences.locale)
        cost = None
        if any(now > each.closes_at for each in delivery.items):
            cost = await self._client.services.status.cost_of_late(delivery.member_id, now=now)
        card = reminder_card(
            texts, delivery, now=now, snooze_times=_snooze_times(delivery, preferences, now), cost=cost
        )
        try:
            message = await self._send_to_dm(delivery.member_id, row.channel_id, card, delivery.nonce)
        except MemberUnreachableError:
            await contacts.mark_dm_refused(delivery.member_id)
            if row.fallback_channel_id is not None:
                await self._send_fallback_mention(row.fallback_channel_id, delivery, texts, now=now)
            raise
        if row.channel_id != message.channel.id or row.direct_messages is not DmStatus.OPEN:
            await contacts.mark_dm_open(delivery.member_id, message.channel.id)
        return message.id

    async def _send_fallback_mention(
        self, channel_id: int, delivery: Delivery, texts: Translations, *, now: datetime
    ) -> None:
        """Call the member where others read along: that something waits, never who."""
        open_until = [each.closes_at for each in delivery.items if each.closes_at >= now]
        due = timestamp(min(open_until), "R") if open_until else texts("fallback-closed")
        words = texts("fallback-reminder", member=f"<@{delivery.member_id}>", count=len(delivery.items), due=due)
        mention = discord.AllowedMentions(users=[discord.Object(delivery.member_id)])
        channel = self._client.get_partial_messageable(channel_id)

        async def send() -> discord.Message:
            async with self._client.rate_limiter:
                return await channel.send(
                    view=notice(words), nonce=f"fb-{delivery.nonce}"[:25], allowed_mentions=mention
                )

        try:
            async with asyncio.timeout(REQUEST_TIMEOUT):
                await send_with_retries(send)
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as fault:
            # It is told at the next contact anyway.
            log.warning("fallback_not_sent", member=delivery.member_id, fault=type(fault).__name__)

    async def send_digest(self, member: MemberId, nonce: str, *, now: datetime) -> None:
        """Send how it went. Raises `Unreachable` or `TryLater`."""
        services = self._client.services
        row, preferences = await services.members.find(member)
        card = digest_card(get_translations(preferences.locale), await services.advice.digest_report(member, now=now))
        await self._send_to_dm(member, row.channel_id if row else None, card, nonce)

    async def _send_to_dm(
        self, member: MemberId, channel_id: int | None, card: ui.LayoutView, nonce: str
    ) -> discord.Message:
        """Send into the known channel, or open it. A channel that seems gone is opened anew once."""
        try:
            if channel_id is not None:
                try:
                    return await self.send_card(channel_id, card, nonce)
                except discord.HTTPException as response_error:
                    if response_error.code not in STALE_CHANNEL_CODES:
                        raise
            self.openings.check_slot(member, self._client.clock.now())
            return await self.send_card(await self._create_dm_channel(member), card, nonce)
        except discord.HTTPException as response_error:
            log.info("direct_message_refused", member=member, status=response_error.status, code=response_error.code)
            if response_error.code in DM_CLOSED_CODES | STALE_CHANNEL_CODES:
                raise MemberUnreachableError from response_error
            if response_error.code == DM_OPEN_LIMIT_CODE:
                self.openings.back_off(self._client.clock.now())
                raise RetryLaterError(BACKOFF) from response_error
            if response_error.status == TOO_MANY and (hold := retry_after(response_error)):
                if "Via" not in response_error.response.headers:
                    self._client.rate_limiter.pause_for(hold)
                raise RetryLaterError(hold) from response_error
            raise RetryLaterError from response_error
        except (aiohttp.ClientError, OSError, TimeoutError) as fault:
            raise RetryLaterError from fault

    async def _create_dm_channel(self, member: MemberId) -> int:
        async with asyncio.timeout(REQUEST_TIMEOUT), self._client.rate_limiter:
            try:
                channel = await self._client.create_dm(discord.Object(member))
            except UNPARSABLE_RESPONSE_ERRORS as fault:
                raise aiohttp.ClientPayloadError(type(fault).__name__) from fault
        log.info("direct_message_opened", member=member, opened=self.openings.count)
        return channel.id


def _snooze_times(delivery: Delivery, preferences: Preferences, now: datetime) -> Sequence[datetime | None]:
    """When "later" would remind, for each window; None once it has closed."""
    return [
        None
        if now >= each.closes_at
        else snooze_until(now, each.closes_at, preferences.reminders).astimezone(preferences.zone)
        for each in delivery.items
    ]
