"""Reads the history of channels, page by page, as Discord sends it: discord.py's own reader fails for a whole page."""

import asyncio
from typing import Any, Final

import discord

from bot.discord_app.limits import RateLimiter
from bot.discord_app.request_errors import REQUEST_ERRORS, UNPARSABLE_RESPONSE_ERRORS, retry_after
from bot.discord_app.timeouts import Timeouts

HISTORY_PAGE_SIZE: Final = 100


class HistoryReader:
    """Fetches pages of raw messages, and parses single ones."""

    def __init__(self, client: discord.Client, rate_limiter: RateLimiter, timeouts: Timeouts) -> None:
        self._client = client
        self._rate_limiter = rate_limiter
        self._timeouts = timeouts

    async def fetch_page(self, channel_id: int, after_id: int) -> list[dict[str, Any]]:
        """The next messages, the oldest first.

        Raises `discord.HTTPException`, `aiohttp.ClientError`, `OSError` and `UNPARSABLE_RESPONSE_ERRORS`.
        """
        for pause in (*self._timeouts.request_retry_delays, None):
            try:
                async with asyncio.timeout(self._timeouts.request), self._rate_limiter:
                    page: Any = await self._client.http.logs_from(channel_id, HISTORY_PAGE_SIZE, after=after_id)
                return sorted(page, key=lambda raw: int(raw["id"]))
            except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
                if pause is None:
                    raise
                wait = retry_after(error) if isinstance(error, discord.HTTPException) else None
                await asyncio.sleep(max(pause, min(wait.total_seconds(), self._timeouts.request) if wait else 0))
        raise AssertionError

    async def fetch_between(self, channel_id: int, after_id: int, before_id: int) -> list[dict[str, Any]]:
        """The raw messages between two others, the oldest first. Raises as `fetch_page`."""
        messages: list[dict[str, Any]] = []
        while page := await self.fetch_page(channel_id, after_id):
            messages += [raw for raw in page if int(raw["id"]) < before_id]
            after_id = int(page[-1]["id"])
            if len(page) < HISTORY_PAGE_SIZE or after_id >= before_id:
                break
        return messages

    def parse(self, raw: dict[str, Any], channel_id: int, *, guild_id: int | None = None) -> discord.Message:
        """A message of a direct message, or of a server's channel. Raises whatever discord.py raises."""
        kind = discord.ChannelType.private if guild_id is None else discord.ChannelType.text
        channel = self._client.get_partial_messageable(channel_id, guild_id=guild_id, type=kind)
        return self._client._connection.create_message(channel=channel, data=raw)  # type: ignore[arg-type]  # noqa: SLF001 — discord.py has no other way to parse one message

    def mentions_bot(self, raw: dict[str, Any]) -> bool:
        """Whether a message mentions the bot: else Discord leaves out its content."""
        user = self._client.user
        return user is not None and str(user.id) in [mentioned.get("id") for mentioned in raw.get("mentions") or ()]
