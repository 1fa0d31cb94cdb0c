"""The gateway: sessions that identify, resume and receive events."""

import asyncio
import json
import secrets
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from aiohttp import WSMessage, WSMsgType, web

from bot.fake_discord.fault_injection import Faults, GatewayFault
from bot.fake_discord.state import DM, DiscordState, Json, Message
from bot.fake_discord.webhooks import without_message_content

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
DECODE_ERROR: Final = 4002
AUTHENTICATION_FAILED: Final = 4004
DISALLOWED_INTENTS: Final = 4014
PRIVILEGED_INTENTS: Final = 1 << 1 | 1 << 8 | 1 << 15
GUILDS: Final = 1
GUILD_MESSAGES: Final = 1 << 9
DIRECT_MESSAGES: Final = 1 << 12


@dataclass(eq=False, slots=True, kw_only=True)
class GatewaySession:
    """The session of a client that has identified, connected or not."""

    id: str
    intents: int
    shard: tuple[int, int]
    """The shard's number and how many there are."""
    socket: web.WebSocketResponse | None
    sequence: int = 0
    replay_buffer: deque[Json] = field(default_factory=lambda: deque(maxlen=1000))

    def receives_guild(self, guild_id: int | None) -> bool:
        """Whether events of a server are sent to this shard; shard 0 gets those of direct messages (None)."""
        number, count = self.shard
        return number == (0 if guild_id is None else (guild_id >> 22) % count)


class Gateway:
    """The sessions of the bot, and what is sent to them."""

    def __init__(self, state: DiscordState, faults: Faults, token: str) -> None:
        self._state = state
        self.faults = faults
        self._token = token
        self.heartbeat_milliseconds = 41_250
        """The interval that a new connection is given."""
        self.sessions: dict[str, GatewaySession] = {}
        self.identified: list[tuple[float, int]] = []
        """For each identify the time in seconds of the machine's monotonic clock, and the shard's number."""
        self.resumes = 0
        """How often a client asked to resume a session."""
        self.connections = 0
        """How often a client connected, or tried to."""
        self.stopping = asyncio.Event()
        """Set when the server stops: what hangs ends."""

    @property
    def connected(self) -> bool:
        """Whether a bot is connected."""
        return bool(self._sockets)

    @property
    def _sockets(self) -> list[web.WebSocketResponse]:
        return [session.socket for session in self.sessions.values() if session.socket is not None]

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        self.connections += 1
        fault = self.faults.next_gateway()
        await self._state.wake_waiters()
        if fault == "no_upgrade":
            await self.stopping.wait()
        if fault in {"refused", "no_upgrade"}:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        if fault in {"cut", "closed", "no_hello"}:
            await self._end_before_hello(request, socket, fault)
            return socket
        return await self._answer_frames(socket, fault)

    async def _answer_frames(self, socket: web.WebSocketResponse, fault: GatewayFault | None) -> web.WebSocketResponse:
        hello = {"heartbeat_interval": self.heartbeat_milliseconds}
        await socket.send_json({"op": HELLO, "d": hello, "s": None, "t": None})
        session: GatewaySession | None = None
        try:
            async for frame in socket:
                try:
                    op, data = _parse_frame(frame)
                except (ValueError, RecursionError):
                    await socket.close(code=DECODE_ERROR, message=b"Error while decoding payload.")
                    break
                if op == HEARTBEAT and not self.faults.ignore_heartbeats:
                    await socket.send_json({"op": ACK, "d": None, "s": None, "t": None})
                if op not in {IDENTIFY, RESUME} or data is None:
                    continue
                if not self._has_token(data):
                    await socket.close(code=AUTHENTICATION_FAILED, message=b"Authentication failed.")
                    break
                self._count_session_request(op, data)
                if fault is not None:
                    await self._answer_with_fault(socket, fault)
                elif op == IDENTIFY:
                    session = await self._identify(socket, data)
                else:
                    session = await self._resume(socket, data)
        finally:
            if session is not None and session.socket is socket:
                session.socket = None
            await self._state.wake_waiters()
        return socket

    async def _end_before_hello(self, request: web.Request, socket: web.WebSocketResponse, fault: GatewayFault) -> None:
        if fault == "cut" and request.transport is not None:
            request.transport.abort()
        elif fault == "closed":
            await socket.close(code=1001)
        else:
            async for _ in socket:
                pass

    def _has_token(self, payload: Json) -> bool:
        token = payload.get("token")
        return isinstance(token, str) and secrets.compare_digest(token.encode(), self._token.encode())

    def _count_session_request(self, op: int, payload: Json) -> None:
        if op == RESUME:
            self.resumes += 1
        else:
            self.identified.append((time.monotonic(), payload.get("shard", [0])[0]))
            self.faults.session_starts -= 1

    async def _answer_with_fault(self, socket: web.WebSocketResponse, fault: GatewayFault) -> None:
        if fault != "no_session":
            op = RECONNECT if fault == "reconnect" else INVALID_SESSION
            data = None if fault == "reconnect" else fault == "resumable"
            await socket.send_json({"op": op, "d": data, "s": None, "t": None})

    async def _identify(self, socket: web.WebSocketResponse, payload: Json) -> GatewaySession | None:
        if payload.get("intents", 0) & PRIVILEGED_INTENTS:
            await socket.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
            return None
        shard = payload.get("shard", [0, 1])
        session = GatewaySession(
            id=secrets.token_hex(8), intents=payload.get("intents", 0), shard=(shard[0], shard[1]), socket=socket
        )
        # Two connections of one shard both get every event; an earlier session without a connection ends.
        others = {key: other for key, other in self.sessions.items() if other.socket or other.shard != session.shard}
        self.sessions = {**others, session.id: session}
        ready: Json = {
            "v": 10,
            "user": {**self._state.bot.payload(), "verified": True, "mfa_enabled": False, "flags": 0},
            "guilds": [
                {"id": str(guild.id), "unavailable": True}
                for guild in self._state.guilds.values()
                if session.receives_guild(guild.id)
            ],
            "session_id": session.id,
            "resume_gateway_url": self._state.address.replace("http", "ws", 1) + "/gw",
            "application": {"id": str(self._state.bot.id), "flags": 0},
            "private_channels": [],
        }
        if "shard" in payload:
            ready["shard"] = payload["shard"]
        await self._send(session, "READY", ready)
        if session.intents & GUILDS:
            for guild in self._state.guilds.values():
                if session.receives_guild(guild.id):
                    await self._send(session, "GUILD_CREATE", guild.payload())
        await self._state.wake_waiters()
        return session

    async def _resume(self, socket: web.WebSocketResponse, payload: Json) -> GatewaySession | None:
        session = self.sessions.get(payload.get("session_id", ""))
        if session is None or self.faults.refuse_resume:
            if session is not None:
                del self.sessions[session.id]
            await socket.send_json({"op": INVALID_SESSION, "d": False, "s": None, "t": None})
            return None
        session.socket = socket
        for frame in list(session.replay_buffer):
            if frame["s"] > payload.get("seq", 0):
                await socket.send_json(frame)
        await self._send(session, "RESUMED", {})
        await self._state.wake_waiters()
        return session

    async def _send(self, session: GatewaySession, event: str, data: Json) -> None:
        session.sequence += 1
        frame = {"op": DISPATCH, "t": event, "s": session.sequence, "d": data}
        session.replay_buffer.append(frame)
        if session.socket is not None and not session.socket.closed:
            with suppress(ConnectionError):  # it is sent again when the session is resumed
                await session.socket.send_json(frame)

    async def dispatch(self, event: str, data: Json, *, intent: int = 0, guild_id: int | None = None) -> None:
        """Send an event to every session of the shard that has an intent; without a connection on resume."""
        guild_id = int(data["guild_id"]) if (data or {}).get("guild_id") else guild_id
        for session in list(self.sessions.values()):
            if session.intents & intent == intent and session.receives_guild(guild_id):
                for _ in range(2 if self.faults.duplicate_events else 1):
                    await self._send(session, event, data)

    async def dispatch_message(self, message: Message) -> None:
        """Send the event of a new message."""
        if message.channel.type == DM:
            await self.dispatch("MESSAGE_CREATE", message.payload(), intent=DIRECT_MESSAGES)
        else:
            await self.dispatch("MESSAGE_CREATE", without_message_content(self._state, message), intent=GUILD_MESSAGES)

    async def remove_guild(self, guild_id: int, *, outage: bool = False) -> None:
        """Remove the bot from a server, or, with `outage`, make the server unavailable."""
        if not outage:
            del self._state.guilds[guild_id]
        data = {"id": str(guild_id), **({"unavailable": True} if outage else {})}
        await self.dispatch("GUILD_DELETE", data, intent=GUILDS, guild_id=guild_id)

    async def close_all(self, code: int = 1001) -> None:
        """Close every connection; the sessions may be resumed."""
        for socket in self._sockets:
            await socket.close(code=code)

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Declare the sessions invalid: the bot has to identify again and misses the events in between.

        With `resumable` it may resume them instead.
        """
        sockets = self._sockets
        if not resumable:
            self.sessions.clear()
        for socket in sockets:
            await socket.send_json({"op": INVALID_SESSION, "d": resumable, "s": None, "t": None})

    async def ask_to_reconnect(self) -> None:
        """Ask every client to reconnect, as Discord does before it stops a gateway server."""
        for socket in self._sockets:
            await socket.send_json({"op": RECONNECT, "d": None, "s": None, "t": None})


def _parse_frame(frame: WSMessage) -> tuple[int | None, Json | None]:
    """Return what a frame asks for, and its data if it is an object. Raises `ValueError` for what is no payload."""
    payload = json.loads(frame.data) if frame.type is WSMsgType.TEXT else {}
    op, data = (payload.get("op"), payload.get("d")) if isinstance(payload, dict) else (None, None)
    return op if isinstance(op, int) else None, data if isinstance(data, dict) else None
