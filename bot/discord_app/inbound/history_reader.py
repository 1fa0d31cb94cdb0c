"""Reads the history of channels, page by page, as Discord sends it: discord.py's own reader fails for a whole page."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import discord

from bot.discord_app.discordpy_patches import DatedMessage
from bot.discord_app.limits import RateLimiter
from bot.discord_app.received_data import is_webhook_mention, reduce_received_message
from bot.discord_app.request_errors import REQUEST_ERRORS, UNPARSABLE_RESPONSE_ERRORS, retry_after_of_error
from bot.discord_app.timeouts import Timeouts, is_event_set_within

PAGE_SIZE: Final = 100


class HistoryReader:
    """Fetches pages of raw messages, and parses single ones."""

    def __init__(
        self, client: discord.Client, rate_limiter: RateLimiter, timeouts: Timeouts, stopping: asyncio.Event
    ) -> None:
        """`stopping`: set when the bot stops: no further channel is read. The next start reads them."""
        self._client = client
        self._rate_limiter = rate_limiter
        self._timeouts = timeouts
        self.stopping = stopping

    async def fetch_pages(self, channel_id: int, after_id: int) -> AsyncIterator[list[dict[str, Any]]]:
        """The messages after another one, the oldest first, page by page.

        Raises `REQUEST_ERRORS` and `UNPARSABLE_RESPONSE_ERRORS`.
        """
        while page := await self._fetch_page(channel_id, after_id):
            yield page
            after_id = int(page[-1]["id"])
            if len(page) < PAGE_SIZE:
                break

    async def _fetch_page(self, channel_id: int, after_id: int) -> list[dict[str, Any]]:
        pauses = iter(self._timeouts.request_retry_delays)
        while True:
            try:
                async with asyncio.timeout(self._timeouts.request), self._rate_limiter:
                    page: Any = await self._client.http.logs_from(channel_id, PAGE_SIZE, after=after_id)
                return sorted(page, key=lambda raw: int(raw["id"]))
            except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
                wait = retry_after_of_error(error) if isinstance(error, discord.HTTPException) else None
                seconds = min(wait.total_seconds(), self._timeouts.request) if wait else 0
                pause = next(pauses, None)
                if pause is None or await is_event_set_within(self.stopping, max(pause, seconds)):
                    raise

    async def fetch_messages_between(self, channel_id: int, after_id: int, before_id: int) -> list[dict[str, Any]]:
        """The raw messages between two others, the oldest first. Raises as `fetch_pages`."""
        messages: list[dict[str, Any]] = []
        async for page in self.fetch_pages(channel_id, after_id):
            messages += [raw for raw in page if int(raw["id"]) < before_id]
            if int(page[-1]["id"]) >= before_id:
                break
        return messages

    def parse_raw_message(
        self, raw: dict[str, Any], channel_id: int, *, guild_id: int | None = None
    ) -> discord.Message:
        """A message of a direct message, or of a server's channel. Raises whatever discord.py raises."""
        kind = discord.ChannelType.private if guild_id is None else discord.ChannelType.text
        channel = self._client.get_partial_messageable(channel_id, guild_id=guild_id, type=kind)
        data: Any = reduce_received_message(raw, self._client.user)
        return DatedMessage(state=self._client._connection, channel=channel, data=data)  # noqa: SLF001 — discord.py has no other way to parse one message

    def is_webhook_mention(self, raw: dict[str, Any]) -> bool:
        """Whether a webhook posted a message and mentions the bot."""
        return is_webhook_mention(raw, self._client.user)
