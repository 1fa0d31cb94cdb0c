"""Discord's limits on new gateway sessions: one in five seconds, and 1,000 a day for all processes.

Past the daily limit Discord takes the token away.
"""

import asyncio
from asyncio import sleep
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

import discord
import structlog

from bot.discord_app.request_errors import CONNECTION_ERRORS, UNPARSABLE_RESPONSE_ERRORS, retry_after_of_error

DAILY_LIMIT: Final = 1_000
"""Discord's own, for most bots. This process counts for itself, too: Discord may not answer."""

SECONDS_A_DAY: Final = 24 * 60 * 60.0
REQUEST_TIMEOUT: Final = 15.0
PACED_BELOW: Final = DAILY_LIMIT // 2
"""When fewer are left, repeated attempts are spread over the time until the limit is renewed."""

MAX_SLEEP: Final = 300.0
"""Seconds after which the limit is asked for again."""

MAX_RATE_LIMITS: Final = 3
"""How often Discord may ask to wait before it says the limit; after that this process goes by its own count."""

log = structlog.get_logger()


class SessionStartLimiter:
    """Waits before a session is begun, so that Discord's limits are never passed."""

    def __init__(
        self, fetch_limits: Callable[[], Awaitable[discord.SessionStartLimits]], identify_interval: float
    ) -> None:
        """`identify_interval`: seconds between two sessions of this process."""
        self._fetch_limits = fetch_limits
        self._identify_interval = identify_interval
        self._identifying = asyncio.Lock()
        self._identified_at = float("-inf")
        self._started_at: deque[float] = deque()
        """Of the past day, by the monotonic clock."""

    async def wait(self, shard_id: int, *, is_retry: bool) -> None:
        """Return when a session may be begun. A retry waits its share of the day where few sessions are left."""
        while True:
            remaining, renewed_in = await self._remaining_session_starts()
            if remaining > 0:
                break
            log.warning("session_starts_used_up", shard_id=shard_id, renewed_in_seconds=round(renewed_in))
            await sleep(min(max(renewed_in, 1.0), MAX_SLEEP))
        if is_retry and remaining < PACED_BELOW:
            log.warning("session_start_delayed", shard_id=shard_id, seconds=round(renewed_in / remaining))
            await sleep(renewed_in / remaining)
        self._started_at.append(asyncio.get_running_loop().time())

    async def wait_to_identify(self) -> None:
        """Return when the previous identify is long enough ago."""
        async with self._identifying:
            loop = asyncio.get_running_loop()
            await asyncio.sleep(max(0.0, self._identified_at + self._identify_interval - loop.time()))
            self._identified_at = loop.time()

    async def _remaining_session_starts(self) -> tuple[int, float]:
        """The sessions that may still be begun, and the seconds until Discord counts anew."""
        now = asyncio.get_running_loop().time()
        while self._started_at and now - self._started_at[0] >= SECONDS_A_DAY:
            self._started_at.popleft()
        renewed_in = SECONDS_A_DAY - (now - self._started_at[0]) if self._started_at else 0.0
        own = (DAILY_LIMIT - len(self._started_at), renewed_in)
        for _ in range(MAX_RATE_LIMITS):
            try:
                async with asyncio.timeout(REQUEST_TIMEOUT):
                    limits = await self._fetch_limits()
                    return min(own, (limits.remaining, limits.reset_after / 1000))
            except (discord.DiscordException, *CONNECTION_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as error:
                log.warning("session_starts_unknown", error_type=type(error).__name__)
                refused = error.__cause__  # discord.py has an exception of its own for this request
                asked_wait = retry_after_of_error(refused) if isinstance(refused, discord.HTTPException) else None
            if asked_wait is None:
                break
            await sleep(min(asked_wait.total_seconds(), MAX_SLEEP))
        return own
