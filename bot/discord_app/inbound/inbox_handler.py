"""Inbox channels: what a mail bridge posts there, mentioning the bot, is recorded for the channel's owner.

Discord shows the bot the post's text because it is mentioned. What was posted while the bot was away is not read: a
channel's history has no texts without the privileged intent.
"""

import asyncio

import discord
import structlog

from bot.clock import Clock
from bot.discord_app.inbound.dm_handler import DirectMessageHandler
from bot.discord_app.inbound.message_conversion import to_forwarded_post
from bot.discord_app.inbound.receipt_batching import ReceiptEntry
from bot.discord_app.limits import EventDeduplicator
from bot.domain.types import MemberId
from bot.errors import InvalidInputError, NinteiError
from bot.instrumentation import Metrics
from bot.parsing.message import parse_bridge_post
from bot.services.container import Services
from bot.services.recording import metric_labels
from bot.services.results import Receipt, ReceiptKind, RecordOutcome

log = structlog.get_logger()


class InboxChannelHandler:
    """Records posts for the member who owns the channel; receipts go to their direct messages, never to the channel."""

    def __init__(
        self,
        services: Services,
        clock: Clock,
        claims: EventDeduplicator,
        dm_handler: DirectMessageHandler,
        metrics: Metrics,
    ) -> None:
        self._services = services
        self._clock = clock
        self._claims = claims
        self._dm_handler = dm_handler
        self._metrics = metrics

    async def on_post(self, post: discord.Message) -> None:
        """Record a webhook's post that mentions the bot, if the channel is an inbox. No error is raised."""
        if not _is_channel_webhook(post):
            log.info("post_ignored", message_id=post.id, channel_id=post.channel.id)
            return
        try:
            member = await self._services.inboxes.owner(post.channel.id)
        except NinteiError as error:
            log.warning("post_not_recorded", message_id=post.id, error=error.message_id)
            return
        if member is None:
            log.info("post_ignored", message_id=post.id, channel_id=post.channel.id)
            return
        async with self._dm_handler.member_locks.acquire(member):
            if await self._claims.claim(post.id):
                with structlog.contextvars.bound_contextvars(message_id=post.id, member_id=member):
                    await self._process(member, post)

    async def _process(self, member: MemberId, post: discord.Message) -> None:
        outcomes: list[RecordOutcome | NinteiError] = []
        try:
            outcomes = await self._record(member, post)
        except NinteiError as error:
            log.warning("post_not_recorded", error=error.message_id)
            outcomes.append(InvalidInputError("inbox-not-recorded"))
        except Exception as error:
            log.exception("post_failed", error_type=type(error).__name__)
            outcomes.append(InvalidInputError("inbox-not-recorded"))
        for index, outcome in enumerate(outcomes):
            if isinstance(outcome, Receipt) and outcome.kind is ReceiptKind.REPEATED:
                continue  # the bridge posted a mail once more
            await self._dm_handler.receipts.add(member, ReceiptEntry(post.id, index, outcome))

    async def _record(self, member: MemberId, post: discord.Message) -> list[RecordOutcome | NinteiError]:
        """The outcome of each notification of a post. Raises `NinteiError`."""
        now = self._clock.now()
        _, preferences = await self._services.members.find(member)
        incoming = await to_forwarded_post(post)
        items = await asyncio.to_thread(parse_bridge_post, incoming, now=now, zone=preferences.zone)
        if not items:
            log.info("post_not_a_notification")
        outcomes: list[RecordOutcome | NinteiError] = []
        for item in items:
            outcome = await self._dm_handler.record_item(member, item, now)
            self._metrics.count_parsed_item(*metric_labels(item, outcome))
            if isinstance(outcome, NinteiError):
                log.warning("post_not_recorded", error=outcome.message_id)
                outcome = InvalidInputError("inbox-not-recorded")
            outcomes.append(outcome)
        return outcomes

    async def unlink(self, *, guild_id: int = 0, channel_id: int = 0) -> None:
        """Remove the inboxes of a server that the bot left, or of a deleted channel."""
        try:
            await self._services.inboxes.remove(guild_id=guild_id, channel_id=channel_id)
        except NinteiError as error:
            log.warning("inbox_not_removed", guild_id=guild_id, channel_id=channel_id, error=error.message_id)


def _is_channel_webhook(post: discord.Message) -> bool:
    """Whether the channel's own webhook posted it. Answers to commands have one too, which anybody can cause."""
    return (
        post.webhook_id is not None
        and post.author.id == post.webhook_id
        and post.application_id != post.webhook_id
        and post.interaction_metadata is None
        and post.type is discord.MessageType.default
    )
