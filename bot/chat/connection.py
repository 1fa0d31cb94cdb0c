"""The connection to Discord: logging in, staying up, and leaving without dropping what is under way."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
import discord
import structlog
import yarl
from aiolimiter import AsyncLimiter
from discord import app_commands

from bot.chat.absence import catch_up
from bot.chat.client import NinteiClient, typed
from bot.chat.commands.all import add_commands
from bot.chat.controls import Act, Choose, Of, Press, control_named
from bot.chat.listener import Listener
from bot.chat.presses.route import press
from bot.chat.sender import DirectSender
from bot.chat.sync import sync_if_changed
from bot.chat.translator import FluentTranslator
from bot.clock import Clock
from bot.errors import DiscordError
from bot.services.house import Services
from bot.values import MemberId
from storage.members import DirectMessages

PER_SECOND: Final = 40
"""Requests of the bot's own; Discord allows 50 a second, the rest is for answers."""

DRAIN: Final = 10.0
"""Seconds that what is under way has to finish when the bot is told to stop."""

log = structlog.get_logger()


class Connection(NinteiClient):
    """The client with its events."""

    def __init__(self, services: Services, clock: Clock) -> None:
        super().__init__(services, clock, AsyncLimiter(1, 1 / PER_SECOND), press)
        self.sender = DirectSender(self)
        self.listener = Listener(self, self.sender)
        self.caught_up = asyncio.Event()
        """Set once what came while the bot was away has been taken in."""
        self._under_way: set[asyncio.Task[None]] = set()
        _harden(self)
        self.add_dynamic_items(Press, Choose)
        add_commands(self)

    async def greet(self, member: MemberId, nonce: str) -> DirectMessages:
        """Try a first direct message; whether it arrived."""
        return await self.sender.greet(member, nonce)

    async def setup_hook(self) -> None:
        """Logged in, not connected yet."""
        await self.tree.set_translator(FluentTranslator())
        await sync_if_changed(self)

    async def on_message(self, message: discord.Message) -> None:
        """Only what is written to the bot itself is read."""
        if (
            message.author.bot
            or message.guild is not None
            or message.type
            not in {
                discord.MessageType.default,
                discord.MessageType.reply,
            }
        ):
            return
        await self._finish(self.listener.hear(message))

    async def on_ready(self) -> None:
        """A new session: at the start, or after one that Discord declared invalid."""
        log.info("ready", user=self.user.id if self.user else None)
        self.caught_up.clear()
        self.listener.fall_behind()
        await self._finish(catch_up(self, self.listener))
        self.caught_up.set()

    async def on_disconnect(self) -> None:
        """What comes now may come behind a gap."""
        self.listener.fall_behind()

    async def on_resumed(self) -> None:
        """The same session: Discord has sent what was missed."""
        await self._finish(self.listener.read_up(None))

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """A control that is not on its message (any more): discord.py would leave it without an answer."""
        data: Any = interaction.data or {}
        if interaction.type is discord.InteractionType.component and interaction.message is not None:
            custom_id = str(data.get("custom_id"))
            if custom_id not in _custom_ids(interaction.message.components):
                of, number, act = control_named(custom_id) or (Of.PAGE, 0, Act.DROP)
                await self.presses(typed(interaction), of, number, act, tuple(map(str, data.get("values", ()))))

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """A fault of ours in a handler."""
        log.error("event_failed", handler=event_method, fault=repr(sys.exception()))

    async def _finish(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that a stop has to wait for."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await task

    async def drain(self) -> None:
        """Let what is under way finish."""
        pending = {
            task for task in asyncio.all_tasks() if task.get_name().startswith(("discord-ui-", "CommandTree-invoker"))
        }
        pending |= self._under_way
        pending.discard(asyncio.current_task())
        if pending:
            await asyncio.wait(pending, timeout=DRAIN)


def _custom_ids(components: Iterable[Any]) -> set[str | None]:
    """Every custom id among components and what they hold."""
    found: set[str | None] = set()
    for component in components:
        found |= {getattr(component, "custom_id", None)} | _custom_ids(getattr(component, "children", ()))
        if (accessory := getattr(component, "accessory", None)) is not None:
            found |= _custom_ids([accessory])
    return found


def _harden(client: discord.Client) -> None:
    """One malformed event must not end the client: an exception in a parser escapes `Client.connect`."""
    parsers = client._connection.parsers  # noqa: SLF001 — discord.py has no other place for it

    def hardened(event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
        def parse_or_log(data: Any) -> None:
            try:
                parse(data)
            except Exception as fault:
                log.exception("event_malformed", gateway_event=event, fault=type(fault).__name__)

        return parse_or_log

    for event, parse in list(parsers.items()):
        parsers[event] = hardened(event, parse)


def point_at(api_url: str, gateway_url: str | None) -> None:
    """Use another address for Discord. Class attributes that discord.py reads at use: set before the client starts."""
    discord.http.Route.BASE = api_url
    if gateway_url is not None:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


@asynccontextmanager
async def connected(connection: Connection, token: str) -> AsyncIterator[asyncio.Task[None]]:
    """Logged in, and connected in a task while the block runs. Raises `DiscordError` with what to do."""
    await _log_in(connection, token)
    session = asyncio.create_task(_stay(connection), name="gateway")
    try:
        yield session
    finally:
        await connection.drain()
        await connection.close()
        await asyncio.gather(session, return_exceptions=True)


async def _stay(connection: Connection) -> None:
    """Stay connected, through drops and new sessions. Raises `DiscordError` when Discord ends it for good."""
    try:
        await connection.connect(reconnect=True)
    except (discord.ConnectionClosed, discord.PrivilegedIntentsRequired, discord.GatewayNotFound) as fault:
        raise DiscordError("discord-lost", reason=str(getattr(fault, "code", type(fault).__name__))) from fault


async def _log_in(connection: Connection, token: str) -> None:
    try:
        await connection.login(token)
    except discord.LoginFailure as fault:
        await connection.close()
        raise DiscordError("discord-token-refused") from fault
    except discord.HTTPException as fault:
        await connection.close()
        raise DiscordError("discord-refused", status=str(fault.status), code=str(fault.code)) from fault
    except (aiohttp.ClientError, OSError, TimeoutError, socket.gaierror) as fault:
        await connection.close()
        raise DiscordError("discord-unreachable", address=discord.http.Route.BASE) from fault
    except app_commands.AppCommandError as fault:
        await connection.close()
        raise DiscordError("discord-commands-refused", reason=type(fault).__name__) from fault
