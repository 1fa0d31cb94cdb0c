"""The gateway connections of this process, one for each of its shards."""

import asyncio
from collections.abc import Collection
from typing import Any, NoReturn, cast

import discord

from bot.discord_app.session_starts import SessionStartLimiter
from bot.discord_app.shard_connection import ShardConnection
from bot.discord_app.timeouts import Timeouts


class ShardConnections:
    """Connects shards once `run` was called, and disconnects them."""

    def __init__(
        self, client: discord.AutoShardedClient, session_starts: SessionStartLimiter, timeouts: Timeouts
    ) -> None:
        self._client = client
        self._session_starts = session_starts
        self._timeouts = timeouts
        self.connections: dict[int, ShardConnection] = {}
        """By the shard id; those of shards that were given up stay until they are taken over again."""
        self._tasks: dict[int, asyncio.Task[NoReturn]] = {}
        self._ready_to_connect = asyncio.Event()
        self._ended = asyncio.Event()

    async def run(self) -> None:
        """Connect, until `close`. Raises `discord.ConnectionClosed` when Discord ends a connection for good."""
        self._ready_to_connect.set()
        await self._ended.wait()
        for task in self._tasks.values():
            if task.done() and not task.cancelled():
                task.result()

    async def assign_shards(self, shard_ids: Collection[int]) -> None:
        """Connect for these shards and disconnect from all others."""
        given_up = [self._tasks.pop(shard_id) for shard_id in set(self._tasks) - set(shard_ids)]
        for task in given_up:
            task.cancel()
        await asyncio.gather(*given_up, return_exceptions=True)
        for shard_id in sorted(set(shard_ids) - set(self._tasks)):
            connection = ShardConnection(self._client, self._session_starts, shard_id, self._timeouts)
            self.connections[shard_id] = connection
            task = asyncio.create_task(connection.run(self._ready_to_connect), name=f"shard-{shard_id}")
            task.add_done_callback(self._end_if_failed)
            self._tasks[shard_id] = task

    async def close(self) -> None:
        """Close every connection and end the heartbeat threads."""
        await self.assign_shards(())
        self._ended.set()

    def _end_if_failed(self, task: asyncio.Task[NoReturn]) -> None:
        if not task.cancelled():
            self._ended.set()

    def shard_infos(self) -> dict[int, discord.ShardInfo]:
        """The shards that have, or had, a connection."""
        return {
            shard_id: discord.ShardInfo(cast("Any", connection), self._client.shard_count)
            for shard_id, connection in self.connections.items()
            if connection.has_identified and connection.ws is not None
        }
