"""Direct messages that the bot sends by itself: under one limiter, with a nonce that every retry keeps.

discord.py retries 500, 502, 504 and 524 by itself, but neither 503 nor a connection that was cut, and a call of its
own may hang for 300 s: so both are tried again here, within a time of our own. It waits out a 429 of Discord's, but
not one of what stands before Discord: until that lets us in again nothing is sent.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import aiohttp
import discord
import structlog
from discord import ui

from bot.clock import Clock
from bot.discord_app.features.advice.cards import digest_card
from bot.discord_app.features.pending.cards import reminder_card
from bot.discord_app.limits import RateLimiter
from bot.discord_app.picture_attachments import PictureAttacher
from bot.discord_app.ui.formatting import timestamp_relative
from bot.discord_app.ui.layout import notice
from bot.domain.reminders.plan import snooze_until
from bot.domain.types import MemberId
from bot.i18n.translations import Translations, get_translations
from bot.scheduling.dm_open_limiter import BACKOFF, DmOpenLimiter
from bot.scheduling.ports import Delivery, MemberUnreachableError, RetryLaterError
from bot.services.container import Services
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

TOO_MANY_REQUESTS: Final = 429

NO_MENTIONS: Final = discord.AllowedMentions.none()

MAX_RETRY_AFTER: Final = timedelta(minutes=10)
"""However long we are asked to wait: then somebody looks whether it still holds."""

UNPARSABLE_RESPONSE_ERRORS: Final = (KeyError, TypeError, ValueError)
"""What discord.py raises over an answer that it cannot read: a page of a proxy's, a limit without its length."""

log = structlog.get_logger()


def retry_after(response_error: discord.HTTPException) -> timedelta | None:
    """How long a refusal asks to wait, if it says so in seconds."""
    try:
        seconds = float(response_error.response.headers.get("Retry-After", ""))
    except ValueError:
        return None
    return timedelta(seconds=min(seconds, MAX_RETRY_AFTER.total_seconds())) if seconds > 0 else None


class DirectMessageSender:
    """Carries deliveries and short words of the bot's own."""

    def __init__(
        self,
        client: discord.Client,
        services: Services,
        clock: Clock,
        rate_limiter: RateLimiter,
        pictures: PictureAttacher | None,
    ) -> None:
        self._client = client
        self._services = services
        self._clock = clock
        self._rate_limiter = rate_limiter
        self._pictures = pictures
        self.openings = DmOpenLimiter()
        self._sends = 0
        self._no_sends = asyncio.Event()
        self._no_sends.set()

    async def send_card(self, channel_id: int, card: ui.LayoutView, nonce: str) -> discord.Message:
        """Send a card to a direct-message channel. Its picture follows unless much is being sent.

        Raises `discord.HTTPException`, `aiohttp.ClientError` and `OSError`, `TimeoutError` included.
        """
        channel = self._client.get_partial_messageable(channel_id, type=discord.ChannelType.private)
        self._sends += 1
        self._no_sends.clear()
        try:
            message = await self._send(channel, card, nonce)
        finally:
            self._sends -= 1
            if not self._sends:
                self._no_sends.set()
        pictures = self._pictures
        if (
            pictures is not None
            and self._sends <= MAX_CONCURRENT_FOR_PICTURES
            and (picture := pictures.picture_for(card)) is not None
        ):
            pictures.attach_later(message.id, card, picture, message.edit, rate_limit=self._after_pending_sends())
        return message

    async def _send(
        self,
        channel: discord.PartialMessageable,
        card: ui.LayoutView,
        nonce: str,
        mentions: discord.AllowedMentions = NO_MENTIONS,
    ) -> discord.Message:
        """Send within `REQUEST_TIMEOUT`, and retry what Discord may not have got. Raises as `send_card` does."""
        async with asyncio.timeout(REQUEST_TIMEOUT):
            for delay in (*RETRY_DELAYS, None):
                try:
                    async with self._rate_limiter:
                        return await channel.send(view=card, nonce=nonce, allowed_mentions=mentions)
                except discord.DiscordServerError as error:
                    if delay is None:
                        raise
                    log.info("send_again", status=error.status)
                except (aiohttp.ClientError, OSError, *UNPARSABLE_RESPONSE_ERRORS) as error:
                    if delay is None and isinstance(error, UNPARSABLE_RESPONSE_ERRORS):
                        raise aiohttp.ClientPayloadError(type(error).__name__) from error
                    if delay is None:
                        raise
                    log.info("send_again", fault=type(error).__name__)
                await asyncio.sleep(delay)
        raise AssertionError

    @asynccontextmanager
    async def _after_pending_sends(self) -> AsyncIterator[None]:
        """A picture takes from the limit, too, and gives way to whatever is to be sent."""
        await self._no_sends.wait()
        async with self._rate_limiter:
            yield

    async def send_to_member(self, member: MemberId, channel_id: int | None, card: ui.LayoutView, nonce: str) -> None:
        """Send a card of the bot's own, into the known channel or a new one. Raises `Unreachable` or `TryLater`."""
        message = await self._send_to_dm(member, channel_id, card, nonce)
        if message.channel.id != channel_id:
            await self._services.members.mark_dm_open(member, message.channel.id)

    async def send_test_dm(self, member: MemberId, nonce: str) -> DmStatus:
        """The first direct message must not be a reminder: a short word, and whether it arrived."""
        contacts = self._services.members
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
        contacts = self._services.members
        row, preferences = await contacts.find(delivery.member_id)
        if row is None:
            raise MemberUnreachableError  # erased meanwhile
        texts = get_translations(preferences.locale)
        cost = None
        if any(now > each.closes_at for each in delivery.items):
            cost = await self._services.status.cost_of_late(delivery.member_id, now=now)
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
        due = timestamp_relative(min(open_until)) if open_until else texts("fallback-closed")
        words = texts("fallback-reminder", member=f"<@{delivery.member_id}>", count=len(delivery.items), due=due)
        mention = discord.AllowedMentions(users=[discord.Object(delivery.member_id)])
        channel = self._client.get_partial_messageable(channel_id)
        try:
            await self._send(channel, notice(words), f"fb-{delivery.nonce}"[:25], mention)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            # The member is told at the next contact anyway.
            log.warning("fallback_not_sent", member=delivery.member_id, fault=type(error).__name__)

    async def send_digest(self, member: MemberId, nonce: str, *, now: datetime) -> None:
        """Send how it went. Raises `Unreachable` or `TryLater`."""
        services = self._services
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
            self.openings.check_slot(member, self._clock.now())
            return await self.send_card(await self._create_dm_channel(member), card, nonce)
        except discord.HTTPException as response_error:
            log.info("direct_message_refused", member=member, status=response_error.status, code=response_error.code)
            if response_error.code in DM_CLOSED_CODES | STALE_CHANNEL_CODES:
                raise MemberUnreachableError from response_error
            if response_error.code == DM_OPEN_LIMIT_CODE:
                self.openings.back_off(self._clock.now())
                raise RetryLaterError(BACKOFF) from response_error
            if response_error.status == TOO_MANY_REQUESTS and (hold := retry_after(response_error)):
                if "Via" not in response_error.response.headers:
                    self._rate_limiter.pause_for(hold)
                raise RetryLaterError(hold) from response_error
            raise RetryLaterError from response_error
        except (aiohttp.ClientError, OSError, TimeoutError) as fault:
            raise RetryLaterError from fault

    async def _create_dm_channel(self, member: MemberId) -> int:
        async with asyncio.timeout(REQUEST_TIMEOUT), self._rate_limiter:
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
