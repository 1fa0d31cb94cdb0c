"""Inbox channels: what a mail bridge posts there, mentioning the bot, is recorded for the channel's owner.

Discord shows the bot the post's text because it is mentioned. What was posted while the bot was away is read by
`bot.discord_app.inbound.backlog`; the same mail, posted or read again, is recorded once.
"""

import asyncio

import discord
import structlog

from bot.clock import Clock
from bot.discord_app.inbound.dm_handler import DirectMessageHandler
from bot.discord_app.inbound.message_conversion import to_forwarded_post
from bot.discord_app.inbound.receipts import WHOLE_MESSAGE, ReceiptEntry
from bot.discord_app.limits import EventDeduplicator
from bot.discord_app.sender import DirectMessageSender, InboxEnd
from bot.domain.types import MemberId
from bot.errors import InvalidInputError, NinteiError, StorageError
from bot.instrumentation import Metrics
from bot.parsing.incoming import IncomingMessage
from bot.parsing.message import parse_bridge_post
from bot.services.container import Services
from bot.services.members import BeforeErasureError, BlockedError
from bot.services.results import Receipt, ReceiptKind, RecordOutcome, parsed_item_metric_labels
from storage.inboxes import Inbox

log = structlog.get_logger()


class InboxChannelHandler:
    """Records posts for the member who owns the channel; receipts go to their direct messages, never to the channel."""

    def __init__(
        self,
        services: Services,
        clock: Clock,
        claims: EventDeduplicator,
        dm_handler: DirectMessageHandler,
        *,
        sender: DirectMessageSender,
        metrics: Metrics,
    ) -> None:
        self._services = services
        self._clock = clock
        self._claims = claims
        self._dm_handler = dm_handler
        self._sender = sender
        self._metrics = metrics
        self._caught_up: set[int] = set()
        """The inboxes that were read behind their last post: only then a newer post is noted as the last one."""
        self._blocked: set[int] = set()
        """The inboxes with a post that the database refused: none is noted before it has been read again."""

    def reset_checkpoints(self) -> None:
        """Start anew: posts may have been missed, and until they are read no later one is saved as a checkpoint."""
        self._caught_up.clear()
        self._blocked.clear()

    async def note_caught_up(self, inbox: Inbox, post_id: int) -> None:
        """Save that every post of an inbox up to this one was read, unless the database refused one of them."""
        if inbox.channel_id in self._blocked:
            return
        if post_id > (inbox.last_read_post_id or 0):
            await self._services.inboxes.set_last_read(inbox.channel_id, post_id)
        self._caught_up.add(inbox.channel_id)

    async def on_post(self, post: discord.Message) -> None:
        """Record a webhook's post that mentions the bot, if the channel is an inbox. No error is raised."""
        if not _is_channel_webhook(post):
            log.info("post_ignored", message_id=post.id, channel_id=post.channel.id)
            return
        try:
            member = await self._services.inboxes.find_owner_of_channel(post.channel.id)
        except NinteiError as error:
            log.warning("post_not_recorded", message_id=post.id, error=error.message_id)
            self._block_checkpoint(post.channel.id)
            return
        if member is None:
            log.info("post_ignored", message_id=post.id, channel_id=post.channel.id)
            return
        with structlog.contextvars.bound_contextvars(message_id=post.id, member_id=member):
            # Before it is the post's turn: a slow file delays nothing else.
            incoming = await to_forwarded_post(post, download_timeout=self._dm_handler.download_timeout)
            async with self._dm_handler.member_locks.acquire(member):
                claimed = await self._claims.claim(post.id, steal_from_dead=True)
                if claimed and await self._process_post(member, post, incoming):
                    await self._note_post_read(post)

    def _block_checkpoint(self, channel_id: int) -> None:
        """Note no later post of an inbox in this session, since one is to be read again."""
        self._blocked.add(channel_id)
        self._caught_up.discard(channel_id)

    async def _note_post_read(self, post: discord.Message) -> None:
        if post.channel.id in self._caught_up:
            try:
                await self._services.inboxes.set_last_read(post.channel.id, post.id)
            except NinteiError as error:
                log.warning("inbox_position_not_saved", error=error.message_id)

    async def _process_post(self, member: MemberId, post: discord.Message, incoming: IncomingMessage) -> bool:
        """Returns False when the database refused it: then it is read again with the next session."""
        outcomes: list[RecordOutcome | NinteiError] = []
        is_handled = is_recorded = True
        try:
            await self._record_post(member, post, incoming, outcomes)
        except BeforeErasureError:
            log.info("message_from_before_erasure")
            return True
        except BlockedError:
            log.info("message_of_blocked_member")
            return True
        except NinteiError as error:
            log.warning("post_not_recorded", error=error.message_id)
            is_recorded, is_handled = False, not isinstance(error, StorageError)
            if not is_handled:
                self._block_checkpoint(post.channel.id)
                await self._claims.release(post.id)
        except Exception as error:
            log.exception("post_failed", error_type=type(error).__name__)
            is_recorded = False
        for index, outcome in enumerate(outcomes):
            if isinstance(outcome, Receipt) and outcome.kind is ReceiptKind.REPEATED:
                continue  # the bridge posted a mail once more
            await self._dm_handler.receipts.add(member, ReceiptEntry(post.id, index, outcome))
        if not is_recorded:
            refusal = InvalidInputError("inbox-not-recorded")
            await self._dm_handler.receipts.add(member, ReceiptEntry(post.id, WHOLE_MESSAGE, refusal))
        return is_handled

    async def _record_post(
        self,
        member: MemberId,
        post: discord.Message,
        incoming: IncomingMessage,
        outcomes: list[RecordOutcome | NinteiError],
    ) -> None:
        """Record the notifications of a post, and add what became of each. Raises `NinteiError`."""
        now = self._clock.now()
        _, preferences = await self._services.members.find(member)
        items = await asyncio.to_thread(parse_bridge_post, incoming, now=now, zone=preferences.zone)
        if not items:
            log.info("post_not_a_notification")
            return
        await self._services.inboxes.set_last_mail(post.channel.id, now=now)
        for item in items:
            outcome = await self._services.recording.record_item(member, item, now=now, message_id=post.id)
            self._metrics.count("parsed_items", *parsed_item_metric_labels(item, outcome))
            outcomes.append(outcome)

    async def remove_inboxes(self, *, guild_id: int = 0, channel_id: int = 0) -> None:
        """Remove the inboxes of a server that the bot left, or of a deleted channel, and tell their owners."""
        try:
            removed = await self._services.inboxes.remove(guild_id=guild_id, channel_id=channel_id)
        except NinteiError as error:
            log.warning("inbox_not_removed", guild_id=guild_id, channel_id=channel_id, error=error.message_id)
            return
        reason: InboxEnd = "channel" if channel_id else "server"
        await asyncio.gather(*(self._sender.send_inbox_ended(inbox, reason) for inbox in removed))


def _is_channel_webhook(post: discord.Message) -> bool:
    """Whether the channel's own webhook posted it. Answers to commands have one too, which anybody can cause."""
    return (
        post.webhook_id is not None
        and post.author.id == post.webhook_id
        and post.application_id != post.webhook_id
        and post.interaction_metadata is None
        and post.type is discord.MessageType.default
    )
