"""Posts in inbox channels that came while the bot was away.

Discord shows a bot the text of what mentions it, in a channel's history too, where the bot may read the history.
"""

from datetime import datetime
from typing import Any

import discord
import structlog

from bot.discord_app.inbound.history_reader import HistoryReader
from bot.discord_app.inbound.inbox_handler import InboxChannelHandler
from bot.discord_app.request_errors import REQUEST_ERRORS, UNPARSABLE_RESPONSE_ERRORS
from bot.errors import NinteiError
from bot.services.container import Services
from storage.inboxes import Inbox

log = structlog.get_logger()


class InboxBacklogReader:
    """Reads what was posted in each inbox since the last post that was handled."""

    def __init__(self, services: Services, history: HistoryReader, handler: InboxChannelHandler) -> None:
        self._services = services
        self._history = history
        self._handler = handler

    async def process_shard(self, shard_id: int, shard_count: int) -> None:
        """Handle the posts in the inboxes of a shard's servers."""
        try:
            inboxes = await self._services.inboxes.list_all()
        except NinteiError as error:
            log.warning("inboxes_not_read", error=error.message_id)
            return
        for inbox in inboxes:
            if (inbox.guild_id >> 22) % shard_count == shard_id and not self._history.stopping.is_set():
                await self._process_inbox(inbox)

    async def _process_inbox(self, inbox: Inbox) -> None:
        read_up_to = inbox.last_read_post_id or _id_before_instant(inbox.assigned_at)
        try:
            async for page in self._history.fetch_pages(inbox.channel_id, read_up_to):
                for raw in page:
                    if (post := self._parse_post(inbox, raw)) is not None:
                        await self._handler.on_post(post)
                read_up_to = int(page[-1]["id"])
            await self._handler.note_caught_up(inbox, read_up_to)
        except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
            log.warning("inbox_not_read", channel_id=inbox.channel_id, error_type=type(error).__name__)
        except NinteiError as error:
            log.warning("inbox_not_read", channel_id=inbox.channel_id, error=error.message_id)

    def _parse_post(self, inbox: Inbox, raw: dict[str, Any]) -> discord.Message | None:
        if not self._history.is_webhook_mention(raw):
            return None
        try:
            return self._history.parse_raw_message(raw, inbox.channel_id, guild_id=inbox.guild_id)
        except Exception as error:
            log.exception("post_malformed", message_id=raw["id"], error_type=type(error).__name__)
            return None


def _id_before_instant(instant: datetime) -> int:
    """An id before those of everything that came from this instant on."""
    return discord.utils.time_snowflake(instant) - 1
