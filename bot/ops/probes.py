"""What is watched, and what is asked of it."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Protocol

from bot.scheduling.dispatcher import ReminderDispatcher
from bot.scheduling.dm_open_limiter import DmOpenLimiter
from bot.scheduling.membership import Membership
from storage.database import Database

DB_PROBE_TIMEOUT: Final = 1.0
"""Seconds that the database has to answer whoever looks."""


class Gateway(Protocol):
    """The connection to Discord (bot/chat)."""

    connected: set[int]
    """The shards whose events arrive."""
    backlog_processed: asyncio.Event

    @property
    def user(self) -> object | None:
        """The bot's own user, once it is logged in."""

    @property
    def latencies(self) -> list[tuple[int, float]]:
        """Of each shard the seconds to Discord and back; not finite: not known yet."""


class RateLimiterStats(Protocol):
    """What the bot sends by itself (bot/chat)."""

    waiting: int
    in_flight: int


@dataclass(frozen=True, slots=True)
class MonitoredComponents:
    """What is watched."""

    database: Database
    gateway: Gateway
    queue: RateLimiterStats
    dm_open_limiter: DmOpenLimiter
    membership: Membership
    dispatcher: ReminderDispatcher

    def seconds_since_poll(self) -> float | None:
        """Seconds since somebody looked for what is due; None before the first time."""
        looked_at = self.dispatcher.last_poll
        return None if looked_at is None else asyncio.get_running_loop().time() - looked_at

    def shards(self) -> Collection[int]:
        """Those that this process is to be connected for."""
        place = self.membership.place
        return place.shards if place else ()
