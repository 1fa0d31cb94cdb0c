"""Direct messages that the bot sends by itself: under one rate limiter, with a nonce that every retry keeps.

discord.py retries 500, 502, 504 and 524 itself, but neither 503 nor a cut connection, and one call can take 300 seconds
(docs/platform-facts.md#retries-of-the-library): both are retried here, within a shorter time. It waits out a 429 of
Discord's, but not one of a proxy before Discord: then nothing is sent until the time that the proxy names.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import aiohttp
import discord
import structlog
from discord import ui
from discord.http import handle_message_parameters

from bot.clock import Clock
from bot.discord_app.fallback_channel import bot_may_write, claim_fallback_mention, member_may_write
from bot.discord_app.features.advice.cards import digest_card
from bot.discord_app.features.announcements.cards import announcement_card
from bot.discord_app.features.pending.cards import load_reminder_card
from bot.discord_app.features.pending.window_parts import load_window_context
from bot.discord_app.limits import RateLimiter
from bot.discord_app.picture_attachments import PictureAttacher
from bot.discord_app.request_errors import (
    CONNECTION_ERRORS,
    REQUEST_ERRORS,
    UNPARSABLE_RESPONSE_ERRORS,
    error_if_possible_bug,
    retry_after_of_error,
)
from bot.discord_app.timeouts import Timeouts
from bot.discord_app.ui.formatting import format_timestamp, waiting_unit_suffix
from bot.discord_app.ui.layout import DANGER, Card, notice_card
from bot.domain.certification.ranks import Rank
from bot.domain.reminders.plan import CONTRACT_REMINDER_KINDS
from bot.domain.types import MemberId
from bot.errors import NinteiError, StorageError
from bot.i18n.translations import Translations, get_translations
from bot.scheduling.dm_open_limiter import BACKOFF, DmOpenLimiter
from bot.scheduling.ports import Delivery, MemberUnreachableError, RetryLaterError
from bot.services.container import Services
from bot.services.members import Preferences
from bot.services.shown_cards import card_state_digest
from storage.cards import MAX_CARD_ITEMS, CardContent, CardItem, CardKind
from storage.delivery_results import SentReminder
from storage.inboxes import Inbox
from storage.members import DmStatus, Member

MAX_CONCURRENT_FOR_PICTURES: Final = 3
"""Sends at once up to which a picture still follows; in a burst none does."""

DM_CLOSED_CODES: Final = {50007, 50278}
"""The member takes no direct messages from the bot, or shares no server with it."""

GONE_RECIPIENT_CODES: Final = {10013, 50033}
"""Unknown user, invalid recipient: the account is gone."""

STALE_CHANNEL_CODES: Final = {10003, 50001}
"""Unknown channel, missing access: Discord says so at times of channels that exist (discord-api-docs#7666)."""

DM_OPEN_LIMIT_CODE: Final = 40003

REFUSED_STATUSES: Final = {400, 403, 404, 410}

RECIPIENT_CODES: Final = {*range(10000, 11000), *range(50000, 51000), 40007} - {50014}
"""Discord's codes for something that does not exist or is not possible, such as 10013 (unknown user) and 50033 (invalid
recipient), and for a banned user, but not for an invalid token. Those of rate limits and of features that are off for
the moment lie elsewhere."""

TOO_MANY_REQUESTS: Final = 429

ROUTE_SCOPES: Final = {"user", "shared"}
"""Discord's word for a limit of one route, such as the messages of one channel, and not of everything."""

InboxEnd = Literal["off", "channel", "server"]
"""Why a channel is no inbox any more: somebody else ended it, it was deleted, or the bot has left its server."""

NO_MENTIONS: Final = discord.AllowedMentions.none()

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a member's direct messages go, and how they are worded."""

    channel_id: int | None
    """None: not known."""
    preferences: Preferences


class DirectMessageSender:
    """Sends reminders, digests, receipts and test messages."""

    def __init__(
        self,
        client: discord.Client,
        services: Services,
        clock: Clock,
        rate_limiter: RateLimiter,
        pictures: PictureAttacher | None,
        *,
        timeouts: Timeouts,
    ) -> None:
        self._client = client
        self._services = services
        self._clock = clock
        self._rate_limiter = rate_limiter
        self._pictures = pictures
        self.timeouts: Final = timeouts
        self.dm_open_limiter = DmOpenLimiter()
        self._sends = 0
        self._no_sends = asyncio.Event()
        self._no_sends.set()

    async def send_card(self, channel_id: int, card: ui.LayoutView, nonce: str) -> discord.PartialMessage:
        """Send a card to a direct-message channel. Its picture follows unless much is being sent.

        Raises `discord.HTTPException`, `aiohttp.ClientError` and `OSError`, `TimeoutError` included.
        """
        channel = self._client.get_partial_messageable(channel_id, type=discord.ChannelType.private)
        self._sends += 1
        self._no_sends.clear()
        try:
            message = await self._post_card_with_retries(channel, card, nonce)
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
            pictures.attach_later(message.id, card, picture, message.edit, rate_limit=self.after_pending_sends())
        return message

    async def _post_card_with_retries(
        self,
        channel: discord.PartialMessageable,
        card: ui.LayoutView,
        nonce: str,
        mentions: discord.AllowedMentions = NO_MENTIONS,
    ) -> discord.PartialMessage:
        """Send in time, and retry what Discord may not have got. Raises as `send_card` does."""
        # As `channel.send`, without building a message out of the response, of which only the id is needed. What is
        # raised while the request is built is a bug, and no response that cannot be read.
        parameters = handle_message_parameters(view=card, nonce=nonce, allowed_mentions=mentions)
        async with asyncio.timeout(self.timeouts.request):
            delays = iter(self.timeouts.request_retry_delays)
            while True:
                try:
                    async with self._rate_limiter:
                        sent = await self._client.http.send_message(channel.id, params=parameters)
                    return channel.get_partial_message(int(sent["id"]))
                except (discord.DiscordServerError, *CONNECTION_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
                    delay = next(delays, None)
                    if delay is None:
                        if isinstance(error, UNPARSABLE_RESPONSE_ERRORS):
                            raise aiohttp.ClientPayloadError(type(error).__name__) from error
                        raise
                    status = getattr(error, "status", None)
                    log.info(
                        "send_retried",
                        error_type=type(error).__name__,
                        status=status,
                        exc_info=error_if_possible_bug(error),
                    )
                await asyncio.sleep(delay)

    @asynccontextmanager
    async def after_pending_sends(self) -> AsyncIterator[None]:
        """Wait until nothing else is being sent: edits, of pictures too, count towards the rate limit."""
        await self._no_sends.wait()
        async with self._rate_limiter:
            yield

    async def send_to_member(
        self,
        member: MemberId,
        nonce: str,
        build_card: Callable[[Preferences], Awaitable[Card | None]],
        recipient: Recipient | None = None,
    ) -> None:
        """Send a card to a member, again where it cannot be sent now, unless they were erased or blocked meanwhile.

        `build_card`: for each try; None: nothing is to be sent any more. `recipient`: of the first try; None: looked
        up. Raises `NinteiError`, and `RetryLaterError` after the last try.
        """
        delays = iter(self.timeouts.receipt_retry_delays)
        while True:
            if recipient is None:
                row, preferences = await self._services.members.find(member)
                if row is None or row.blocked:
                    return
                recipient = Recipient(row.channel_id, preferences)
            card = await build_card(recipient.preferences)
            if card is None:
                return
            try:
                message = await self._send_to_dm(member, recipient.channel_id, card, nonce)
            except MemberUnreachableError:
                await self._services.members.mark_dm_refused(member)
                return
            except RetryLaterError as later:
                delay = next(delays, None)
                if delay is None:
                    raise
                await asyncio.sleep(max(delay, later.delay.total_seconds() if later.delay else 0))
                recipient = None
                continue
            if message.channel.id != recipient.channel_id:
                await self._store_open_channel(member, message.channel.id)
            await self.store_card(member, message, card)
            return

    async def _store_open_channel(self, member: MemberId, channel_id: int) -> None:
        """Store that a message arrived; if that fails it has arrived nevertheless, and must not be sent again."""
        try:
            await self._services.members.mark_dm_open(member, channel_id)
        except StorageError as error:
            log.warning("direct_message_channel_not_stored", member_id=member, error=error.message_id)

    async def store_card(self, member: MemberId, message: discord.PartialMessage, card: ui.LayoutView) -> None:
        """Have a card that was sent edited when what it shows changes."""
        if not isinstance(card, Card) or not isinstance(card.content, CardContent):
            return
        try:
            await self._services.cards.save(member, message.id, message.channel.id, card.content, now=self._clock.now())
        except StorageError as error:
            log.warning("card_not_stored", member_id=member, error=error.message_id)

    async def send_test_dm(self, member: MemberId, nonce: str) -> DmStatus:
        """Send a short first message, so that the first one is not a reminder. Returns whether it arrived."""
        members = self._services.members
        _, preferences = await members.find(member)
        try:
            message = await self._send_to_dm(
                member, None, notice_card(get_translations(preferences.locale)("greeting")), nonce
            )
        except MemberUnreachableError:
            await members.mark_dm_refused(member)
            return DmStatus.REFUSED
        except RetryLaterError:
            return DmStatus.UNTRIED
        await self._store_open_channel(member, message.channel.id)
        return DmStatus.OPEN

    async def send_inbox_ended(self, inbox: Inbox, reason: InboxEnd) -> None:
        """Tell a member that somebody else has ended their inbox. No error is raised."""

        async def build_card(preferences: Preferences) -> Card:
            text = get_translations(preferences.locale)
            return notice_card(text("inbox-ended", reason=reason, channel=f"<#{inbox.channel_id}>"), DANGER)

        nonce = f"ib{inbox.channel_id}{int(inbox.assigned_at.timestamp()) % 10_000}"[:25]
        try:
            await self.send_to_member(inbox.member_id, nonce, build_card)
        except (NinteiError, RetryLaterError) as error:
            log.warning("inbox_end_not_told", member_id=inbox.member_id, error_type=type(error).__name__)

    async def send_reminder(self, delivery: Delivery, *, now: datetime) -> SentReminder:
        """Send a reminder. Raises `MemberUnreachableError` or `RetryLaterError`."""
        row, preferences = await self._find_reachable_member(delivery.member_id)
        texts = get_translations(preferences.locale)
        items = [CardItem(item.window_id, item.thread.id, item.kind) for item in delivery.items]
        windows = await self._services.cards.load_windows(delivery.member_id, items, now=now)
        context = await load_window_context(self._services, delivery.member_id, windows, preferences, now=now)
        waiting, late_by = delivery.waiting, delivery.late_by
        card = await load_reminder_card(
            self._services, texts, delivery.member_id, windows, context, waiting_counts=waiting, late_by=late_by
        )
        try:
            message = await self._send_to_dm(delivery.member_id, row.channel_id, card, delivery.nonce)
        except MemberUnreachableError:
            await self._services.members.mark_dm_refused(delivery.member_id)
            if row.fallback_channel_id is not None:
                await self._send_fallback_mention(row.fallback_channel_id, delivery, texts, now=now)
            raise
        # Nothing is stored here: until the result is known to the dispatcher a failure would repeat the message.
        is_known = row.channel_id == message.channel.id and row.direct_messages is DmStatus.OPEN
        return SentReminder(
            message.id,
            card_state_digest(CardKind.REMINDER, windows[:MAX_CARD_ITEMS]),
            new_channel_id=None if is_known else message.channel.id,
        )

    async def _find_reachable_member(self, member_id: MemberId) -> tuple[Member, Preferences]:
        """Raises `MemberUnreachableError` when the member was erased or blocked meanwhile."""
        member, preferences = await self._services.members.find(member_id)
        if member is None or member.blocked:
            raise MemberUnreachableError
        return member, preferences

    async def _send_fallback_mention(
        self, channel_id: int, delivery: Delivery, texts: Translations, *, now: datetime
    ) -> None:
        """Mention the member in a channel that others read: it says that replies are due, never to whom.

        A few times a day at most: the member is notified at the next contact anyway.
        """
        try:
            allowed = bot_may_write(self._client, channel_id)
            if allowed:
                async with asyncio.timeout(self.timeouts.request), self._rate_limiter:
                    allowed = await member_may_write(self._client, channel_id, delivery.member_id)
        except REQUEST_ERRORS as error:
            log.warning("fallback_mention_not_sent", member_id=delivery.member_id, error_type=type(error).__name__)
            return
        if not allowed:
            log.warning("fallback_mention_not_allowed", member_id=delivery.member_id)
            return
        if not await claim_fallback_mention(self._services.database, channel_id, now=now):
            log.info("fallback_mention_left_out", member_id=delivery.member_id)
            return
        reminders = [item for item in delivery.items if item.kind not in CONTRACT_REMINDER_KINDS]
        open_until = [item.closes_at for item in reminders if item.closes_at >= now]
        due = format_timestamp(min(open_until), "R") if open_until else texts("fallback-closed")
        unit = waiting_unit_suffix(are_clients=delivery.waiting.are_clients)
        # A notice about a contract says nothing of those who wait, and its time is no deadline of a reply.
        text_id = f"fallback-reminder{unit}" if reminders else "fallback-notice"
        text = texts(text_id, member=f"<@{delivery.member_id}>", count=delivery.waiting.total, due=due)
        mention = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(delivery.member_id)])
        channel = self._client.get_partial_messageable(channel_id)
        try:
            await self._post_card_with_retries(channel, notice_card(text), f"fb-{delivery.nonce}"[:25], mention)
        except REQUEST_ERRORS as error:
            log.warning("fallback_mention_not_sent", member_id=delivery.member_id, error_type=type(error).__name__)

    async def send_digest(self, member: MemberId, nonce: str, *, now: datetime) -> Rank | None:
        """Send the digest. Returns the rank in it, if it is known and not that of the digest before.

        Raises `MemberUnreachableError` or `RetryLaterError`.
        """
        row, preferences = await self._find_reachable_member(member)
        report = await self._services.advice.digest_report(member, now=now)
        card = digest_card(get_translations(preferences.locale), report)
        await self._send_to_dm(member, row.channel_id, card, nonce)
        return None if report.rank is report.rank_before else report.rank

    async def send_announcement(self, member: MemberId, announcement: str, nonce: str) -> None:
        """Send the operator's announcement. Raises `MemberUnreachableError` or `RetryLaterError`."""
        row, preferences = await self._find_reachable_member(member)
        card = announcement_card(get_translations(preferences.locale), announcement)
        await self._send_to_dm(member, row.channel_id, card, nonce)

    async def _send_to_dm(
        self, member: MemberId, channel_id: int | None, card: ui.LayoutView, nonce: str
    ) -> discord.PartialMessage:
        """Send to the known channel, or open one. A channel that seems gone is opened again once.

        Raises `MemberUnreachableError` or `RetryLaterError`.
        """
        try:
            if channel_id is not None:
                try:
                    return await self.send_card(channel_id, card, nonce)
                except discord.HTTPException as error:
                    if error.code not in STALE_CHANNEL_CODES:
                        raise
            self.dm_open_limiter.take_open_slot(member, self._clock.now())
            return await self.send_card(await self._create_dm_channel(member), card, nonce)
        except discord.HTTPException as error:
            log.info("direct_message_refused", member_id=member, status=error.status, code=error.code)
            if error.code in DM_CLOSED_CODES | STALE_CHANNEL_CODES | GONE_RECIPIENT_CODES:
                raise MemberUnreachableError from error
            if error.code == DM_OPEN_LIMIT_CODE:
                self.dm_open_limiter.back_off(self._clock.now())
                raise RetryLaterError(BACKOFF) from error
            if error.status == TOO_MANY_REQUESTS and (delay := retry_after_of_error(error)):
                headers = error.response.headers
                if "Via" not in headers and headers.get("X-RateLimit-Scope") not in ROUTE_SCOPES:
                    self._rate_limiter.pause_for(delay)
                raise RetryLaterError(delay) from error
            raise RetryLaterError from error
        except CONNECTION_ERRORS as error:
            raise RetryLaterError from error

    async def _create_dm_channel(self, member: MemberId) -> int:
        async with asyncio.timeout(self.timeouts.request), self._rate_limiter:
            try:
                channel = await self._client.create_dm(discord.Object(member))
            except discord.HTTPException as error:
                if error.status in REFUSED_STATUSES and error.code in RECIPIENT_CODES:
                    log.info("direct_message_refused", member_id=member, status=error.status, code=error.code)
                    raise MemberUnreachableError from error
                raise
            except UNPARSABLE_RESPONSE_ERRORS as error:
                raise aiohttp.ClientPayloadError(type(error).__name__) from error
        log.info("direct_message_channel_opened", member_id=member, opened_count=self.dm_open_limiter.count)
        return channel.id
