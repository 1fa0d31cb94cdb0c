"""The gateway: sessions that identify, resume, and hear what happens."""

import json
import secrets
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import WSMsgType, web

from bot.fake_discord.fault_injection import Faults
from bot.fake_discord.state import DM, Channel, DiscordState, Message
from bot.fake_discord.webhooks import without_message_content

Json = dict[str, Any]

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
HEARTBEAT_MILLIS: Final = 41_250
AUTHENTICATION_FAILED: Final = 4004
DISALLOWED_INTENTS: Final = 4014
PRIVILEGED: Final = 1 << 1 | 1 << 8 | 1 << 15
GUILDS: Final = 1
GUILD_MESSAGES: Final = 1 << 9
DIRECT_MESSAGES: Final = 1 << 12


@dataclass(eq=False, slots=True)
class Session:
    """One identified client, connected or not."""

    id: str
    intents: int
    shard: tuple[int, int]
    """Which one, of how many."""
    socket: web.WebSocketResponse | None
    sequence: int = 0
    replay_buffer: deque[Json] = field(default_factory=lambda: deque(maxlen=1000))

    def receives_guild(self, guild_id: int | None) -> bool:
        """Whether what happens in a server arrives here; direct messages all arrive on shard 0."""
        number, count = self.shard
        return number == (0 if guild_id is None else (guild_id >> 22) % count)


class Gateway:
    """Speaks with the bot's sessions."""

    def __init__(self, world: DiscordState, faults: Faults, token: str) -> None:
        self._world = world
        self._faults = faults
        self._token = token
        self.sessions: dict[str, Session] = {}
        self.identified: list[tuple[float, int]] = []
        """When which shard identified, in seconds of the machine's steady clock."""

    @property
    def connected(self) -> bool:
        """Whether a bot is listening."""
        return any(session.socket is not None for session in self.sessions.values())

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, until it ends."""
        if self._faults.refuse_gateway:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": HEARTBEAT_MILLIS}, "s": None, "t": None})
        session: Session | None = None
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    continue
                payload = json.loads(frame.data)
                match payload.get("op"):
                    case 1 if self._faults.ignore_heartbeats:
                        pass
                    case 1:
                        await socket.send_json({"op": ACK, "d": None, "s": None, "t": None})
                    case 2:
                        session = await self._identify(socket, payload["d"])
                    case 6:
                        session = await self._resume(socket, payload["d"])
                    case _:
                        pass
        finally:
            if session is not None and session.socket is socket:
                session.socket = None
            await self._world.wake_waiters()
        return socket

    async def _identify(self, socket: web.WebSocketResponse, payload: Json) -> Session | None:
        if payload.get("token") != self._token:
            await socket.close(code=AUTHENTICATION_FAILED, message=b"Authentication failed.")
            return None
        if payload.get("intents", 0) & PRIVILEGED:
            await socket.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
            return None
        shard = payload.get("shard", [0, 1])
        session = Session(secrets.token_hex(8), payload.get("intents", 0), (shard[0], shard[1]), socket)
        # Two may be connected for one shard, and both hear everything; a session that is cut off is given up.
        alive = {number: each for number, each in self.sessions.items() if each.socket or each.shard != session.shard}
        self.sessions = {**alive, session.id: session}
        self.identified.append((time.monotonic(), shard[0]))
        ready: Json = {
            "v": 10,
            "user": {**self._world.bot.payload(), "verified": True, "mfa_enabled": False, "flags": 0},
            "guilds": [
                {"id": str(guild.id), "unavailable": True}
                for guild in self._world.guilds.values()
                if session.receives_guild(guild.id)
            ],
            "session_id": session.id,
            "resume_gateway_url": self._world.address.replace("http", "ws", 1) + "/gw",
            "application": {"id": str(self._world.bot.id), "flags": 0},
            "private_channels": [],
        }
        if "shard" in payload:
            ready["shard"] = payload["shard"]
        await self._send(session, "READY", ready)
        if session.intents & GUILDS:
            for guild in self._world.guilds.values():
                if session.receives_guild(guild.id):
                    await self._send(session, "GUILD_CREATE", guild.payload())
        await self._world.wake_waiters()
        return session

    async def _resume(self, socket: web.WebSocketResponse, payload: Json) -> Session | None:
        session = self.sessions.get(payload.get("session_id", ""))
        if session is None or self._faults.refuse_resume or payload.get("token") != self._token:
            if session is not None:
                del self.sessions[session.id]
            await socket.send_json({"op": INVALID_SESSION, "d": False, "s": None, "t": None})
            return None
        session.socket = socket
        for missed in list(session.replay_buffer):
            if missed["s"] > payload.get("seq", 0):
                await socket.send_json(missed)
        await self._send(session, "RESUMED", {})
        await self._world.wake_waiters()
        return session

    async def _send(self, session: Session, event: str, data: Json) -> None:
        session.sequence += 1
        frame = {"op": DISPATCH, "t": event, "s": session.sequence, "d": data}
        session.replay_buffer.append(frame)
        if session.socket is not None and not session.socket.closed:
            with suppress(ConnectionError):  # cut just now: it is heard when the session is resumed
                await session.socket.send_json(frame)

    async def dispatch(self, event: str, data: Json, *, needs: int = 0, guild_id: int | None = None) -> None:
        """Tell every session of the shard that has the intent; one that is cut off hears it when it resumes."""
        guild_id = int(data["guild_id"]) if (data or {}).get("guild_id") else guild_id
        for session in list(self.sessions.values()):
            if session.intents & needs == needs and session.receives_guild(guild_id):
                for _ in range(2 if self._faults.duplicate_events else 1):
                    await self._send(session, event, data)

    async def dispatch_message(self, message: Message) -> None:
        """A message was written or posted."""
        if message.channel.type == DM:
            await self.dispatch("MESSAGE_CREATE", message.payload(), needs=DIRECT_MESSAGES)
        else:
            await self.dispatch("MESSAGE_CREATE", without_message_content(self._world, message), needs=GUILD_MESSAGES)

    async def remove_guild(self, guild: int, *, outage: bool = False) -> None:
        """The bot was taken out of a server, or the server is not to be reached for a while."""
        if not outage:
            del self._world.guilds[guild]
        data = {"id": str(guild), **({"unavailable": True} if outage else {})}
        await self.dispatch("GUILD_DELETE", data, needs=GUILDS, guild_id=guild)

    async def delete_channel(self, channel: Channel) -> None:
        """A server's channel is gone."""
        del self._world.channels[channel.id]
        await self.dispatch("CHANNEL_DELETE", channel.payload(), needs=GUILDS)

    async def send_malformed(self, event: str) -> None:
        """An event that lacks what it must have."""
        await self.dispatch(event, {"nonsense": True})

    async def close_all(self, code: int = 1001) -> None:
        """Cut every connection; the sessions may resume."""
        for session in self.sessions.values():
            if session.socket is not None:
                await session.socket.close(code=code)

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Declare the sessions invalid: the bot has to identify anew, and what came meanwhile is not sent again.

        `resumable`: it may resume them instead.
        """
        cut = [session.socket for session in self.sessions.values() if session.socket is not None]
        if not resumable:
            self.sessions.clear()
        for socket in cut:
            await socket.send_json({"op": INVALID_SESSION, "d": resumable, "s": None, "t": None})

    async def ask_to_reconnect(self) -> None:
        """What Discord does before a gateway is taken away."""
        for session in self.sessions.values():
            if session.socket is not None:
                await session.socket.send_json({"op": RECONNECT, "d": None, "s": None, "t": None})
