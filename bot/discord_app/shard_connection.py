"""The gateway connection of one shard: made, listened to, and made again after a growing pause, until it is cancelled.

discord.py reconnects at once where Discord asks for it, waits up to 17 minutes where a connection fails, forgets the
session when one fails, and ends the program where the gateway closes before HELLO. Here every end of a connection is
treated alike.
"""

import asyncio
import random
import threading
from asyncio import sleep
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NoReturn, cast

import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket, KeepAliveHandler, ReconnectWebSocket

from bot.discord_app.discordpy_patches import complete_gateway_session_event
from bot.discord_app.request_errors import CONNECTION_ERRORS
from bot.discord_app.session_starts import SessionStartLimiter
from bot.discord_app.timeouts import Timeouts

MAX_RECONNECT_PAUSE: Final = 30.0
"""Seconds. Beside two steps that hang, the bot listens again within a minute of Discord's return."""

MAX_REFUSED_RESUMES: Final = 5
"""Attempts in a row to resume a session that Discord neither resumes nor ends; then a new one is begun."""

MAX_FAILURES_OF_RESUME_URL: Final = 3
"""Failed connections in a row after which a session is resumed at the general address."""

FATAL_CLOSE_CODES: Final = frozenset({4004, 4010, 4011, 4012, 4013, 4014})
"""A wrong token, shard, version or intent: the next connection would end the same way."""

WS_CLOSE_NORMAL: Final = 1000
"""Ends the session."""

WS_CLOSE_RESUMABLE: Final = 4000
"""Keeps the session."""

log = structlog.get_logger()


def reconnect_pause(failures: int) -> float:
    """Seconds before the next attempt: none after the first failure, then twice as many each time, and random."""
    if failures <= 1:
        return 0.0
    return min(MAX_RECONNECT_PAUSE, 2.0 ** (failures - 2)) * random.uniform(0.5, 1.0)  # noqa: S311 — not a secret


@dataclass(frozen=True, slots=True)
class ResumableSession:
    """What a session is resumed with."""

    id: str
    sequence: int | None
    gateway: yarl.URL


class ShardConnection:
    """`run` does everything."""

    def __init__(
        self, client: discord.AutoShardedClient, session_starts: SessionStartLimiter, shard_id: int, timeouts: Timeouts
    ) -> None:
        self.id: Final = shard_id
        self.ws: DiscordWebSocket | None = None
        self.has_identified = False
        """Whether there was a connection on which a session was asked for."""
        self._client = client
        self._session_starts = session_starts
        self.timeouts = timeouts
        self._session: ResumableSession | None = None
        self._failures = 0
        """Connections in a row that failed or did not last."""
        self._refused_resumes = 0
        self._connect_limit = asyncio.timeout(None)
        self._socket_class = _make_socket_class(self)

    async def run(self, ready_to_connect: asyncio.Event) -> NoReturn:
        """Stay connected, once the event is set. Raises `discord.ConnectionClosed` when Discord ends it for good."""
        await ready_to_connect.wait()
        while True:
            began_at, close_code = None, WS_CLOSE_NORMAL
            try:
                ws = await self._open_connection()
                began_at = asyncio.get_running_loop().time()
                while True:
                    await ws.poll_event()
            except Exception as error:
                if isinstance(error, discord.ConnectionClosed) and error.code in FATAL_CLOSE_CODES:
                    raise
                failure, close_code = error, WS_CLOSE_RESUMABLE  # whatever ended it, the next connection is tried
            finally:
                self._remember_session()
                await self._close_socket(close_code)
                if began_at is not None:
                    self._client.dispatch("shard_disconnect", self.id)
            await self._pause_after_failure(failure, began_at)

    async def _open_connection(self) -> DiscordWebSocket:
        """Connect, and resume the session or begin one. Returns the connection, on which events come from now on."""
        session, self.ws = self._session, None
        options: dict[str, Any] = {"shard_id": self.id}
        if session is None:
            await self._session_starts.wait(self.id, is_retry=self._failures > 0)
        else:
            is_reachable = self._failures <= MAX_FAILURES_OF_RESUME_URL
            options |= {"resume": True, "session": session.id, "sequence": session.sequence}
            options["gateway"] = session.gateway if is_reachable else None
            self._client.dispatch("shard_resuming", self.id)
        async with asyncio.timeout(self.timeouts.gateway_step) as self._connect_limit:
            self.ws = await self._socket_class.from_client(self._client, **options)
        self.has_identified = True
        begun = self.ws.wait_for("READY" if session is None else "RESUMED", lambda _data: True)
        self._refused_resumes += session is not None
        receive = self.ws.received_message
        self.ws.received_message = partial(_receive_first_event, self.ws, receive)  # type: ignore[method-assign]
        while not begun.done():
            async with asyncio.timeout(self.timeouts.gateway_step):
                await self.ws.poll_event()
        self.ws.received_message = receive  # type: ignore[method-assign]
        self._refused_resumes = 0
        return self.ws

    def take_socket(self, ws: DiscordWebSocket) -> None:
        """End the limit of connecting, which succeeded. Each event has its own limit; waiting to identify has none."""
        self.ws = ws
        self._connect_limit.reschedule(None)

    def _remember_session(self) -> None:
        ws = self.ws
        if ws is None:
            return  # no connection was made: the session is as before
        self._session = None
        if ws.session_id is not None and self._refused_resumes < MAX_REFUSED_RESUMES:
            self._session = ResumableSession(ws.session_id, ws.sequence, ws.gateway)

    async def _close_socket(self, code: int) -> None:
        """Close, and end the thread of the heartbeats, whatever the other side does."""
        ws = self.ws
        if ws is None:
            return
        with suppress(*CONNECTION_ERRORS):  # it is closed already
            await ws.close(code)
        for thread in threading.enumerate():
            if isinstance(thread, KeepAliveHandler) and thread.ws is ws:
                await asyncio.to_thread(thread.join, self.timeouts.gateway_close)

    async def _pause_after_failure(self, failure: Exception, began_at: float | None) -> None:
        """Log why the connection ended, and wait before the next one."""
        if began_at is not None and asyncio.get_running_loop().time() - began_at >= self.timeouts.gateway_stable:
            self._failures = 0
        self._failures += 1
        if self._session is None:
            self._refused_resumes = 0
        pause = reconnect_pause(self._failures)
        is_expected = isinstance(failure, (ReconnectWebSocket, *CONNECTION_ERRORS))
        log.warning(
            "gateway_connection_failed" if began_at is None else "gateway_connection_lost",
            shard_id=self.id,
            attempt=self._failures,
            next="identify" if self._session is None else "resume",
            pause_seconds=round(pause, 1),
            error_type=type(failure).__name__,
            status=getattr(failure, "status", None),
            close_code=None if self.ws is None else self.ws.socket.close_code,
            exc_info=None if is_expected else failure,
        )
        await sleep(pause)


async def _receive_first_event(ws: DiscordWebSocket, receive: Callable[[Any], Awaitable[None]], msg: Any) -> None:
    frame = ws._decompressor.decompress(msg) if isinstance(msg, bytes) else msg  # noqa: SLF001 — as discord.py does
    if frame is not None:  # None: the rest of it is still to come
        shard = (ws.shard_id or 0, ws.shard_count or 1)
        await receive(complete_gateway_session_event(frame, str(ws.gateway), shard))


def _make_socket_class(connection: ShardConnection) -> type[DiscordWebSocket]:
    """discord.py's connection, which gives itself to its shard when it is made, and whose waits are limited."""

    class LimitedWebSocket(DiscordWebSocket):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            connection.take_socket(self)

        async def poll_event(self) -> None:
            timeouts, seconds = connection.timeouts, connection.timeouts.gateway_step
            if self._keep_alive is not None:  # greeted by HELLO
                seconds = max(timeouts.gateway_silence, (self._keep_alive.interval or 0) + timeouts.gateway_ack)
            async with asyncio.timeout(seconds):
                await super().poll_event()

        async def send_heartbeat(self, data: Any) -> None:
            """Note when. discord.py does so afterwards, and takes an acknowledgement that was faster for a late one."""
            if self._keep_alive is not None:
                self._keep_alive.beat()
            await super().send_heartbeat(data)

        async def close(self, code: int = WS_CLOSE_RESUMABLE) -> None:
            with suppress(TimeoutError):  # then the connection is cut
                async with asyncio.timeout(connection.timeouts.gateway_close):
                    await super().close(code)

    return LimitedWebSocket


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
