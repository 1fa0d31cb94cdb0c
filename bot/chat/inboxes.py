"""The inbox channels: what a mail bridge posts there, mentioning the bot, is taken in by itself.

The post's text is shown to the bot because it is mentioned. What was posted while the bot was away stays unread: a
channel's history has no texts without the privileged intent.
"""

import asyncio

import discord
import structlog

from bot.chat.client import NinteiClient
from bot.chat.listener import Listener
from bot.chat.parcels import pack_posted
from bot.chat.receipts import Said
from bot.chat.recording import Outcome, keep, named
from bot.domain.reply.thread_state import Direction
from bot.domain.types import MemberId
from bot.errors import InvalidInputError, NinteiError
from bot.parsing.message import parse_bridge_post
from bot.scheduling.event_claims import EventDeduplicator
from bot.services.results import Receipt, ReceiptKind

log = structlog.get_logger()


class Inboxes:
    """Takes in posts for the member whose inbox the channel is; told in their direct message, never in the channel."""

    def __init__(self, client: NinteiClient, listener: Listener, claims: EventDeduplicator) -> None:
        self._client = client
        self._listener = listener
        self._claims = claims

    async def hear(self, post: discord.Message) -> None:
        """A webhook posted something that mentions the bot."""
        if not _is_bridge(post):
            log.info("post_ignored", message=post.id, channel=post.channel.id)
            return
        try:
            member = await self._client.services.inboxes.owner(post.channel.id)
        except NinteiError as error:
            log.warning("post_not_taken_in", message=post.id, text=error.message_id)
            return
        if member is None:
            log.info("post_ignored", message=post.id, channel=post.channel.id)
            return
        async with self._listener.turn(member):
            if await self._claims.claim(post.id):
                with structlog.contextvars.bound_contextvars(message=post.id, member=member):
                    await self._take_in(member, post)

    async def _take_in(self, member: MemberId, post: discord.Message) -> None:
        now = self._client.clock.now()
        outcome: Outcome | NinteiError
        try:
            _, preferences = await self._client.services.members.find(member)
            parcel = await pack_posted(post)
            finding = await asyncio.to_thread(parse_bridge_post, parcel, now=now, zone=preferences.zone)
            if finding is None:
                log.info("post_not_a_notification")
                return
            outcome = await keep(self._client.services.recording, member, finding, Direction.RECEIVED, now=now)
            self._client.meter.count_parsed_item(*named(finding, outcome))
        except NinteiError as error:
            log.warning("post_not_taken_in", text=error.message_id)
            outcome = InvalidInputError("inbox-not-taken-in")
        except Exception as fault:
            log.exception("post_failed", fault=type(fault).__name__)
            outcome = InvalidInputError("inbox-not-taken-in")
        if isinstance(outcome, Receipt) and outcome.kind is ReceiptKind.REPEATED:
            return  # a bridge that posts a mail once more says nothing new
        await self._listener.receipts.add(member, Said(post.id, 0, outcome))

    async def forget(self, *, guild_id: int = 0, channel_id: int = 0) -> None:
        """The bot is no longer in a server, or a channel is gone."""
        try:
            await self._client.services.inboxes.remove(guild_id=guild_id, channel_id=channel_id)
        except NinteiError as error:
            log.warning("inbox_not_forgotten", guild=guild_id, channel=channel_id, text=error.message_id)


def _is_bridge(post: discord.Message) -> bool:
    """A webhook of the channel's own. A bot's answer to a command has one too, and anybody can ask for an answer."""
    return (
        post.webhook_id is not None
        and post.author.id == post.webhook_id
        and post.application_id != post.webhook_id
        and post.interaction_metadata is None
        and post.type is discord.MessageType.default
    )
