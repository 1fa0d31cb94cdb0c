"""The connection to Discord: logging in, staying up, and leaving without dropping what is under way."""

import asyncio
import socket
import sys
import threading
from collections.abc import AsyncIterator, Collection, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
import discord
import structlog
import yarl
from discord import app_commands

from bot.chat.absence import catch_up
from bot.chat.calls import begun, tracing
from bot.chat.client import NinteiClient, typed
from bot.chat.commands.all import add_commands
from bot.chat.controls import Act, Choose, Of, Press, control_named
from bot.chat.inboxes import Inboxes
from bot.chat.listener import Listener
from bot.chat.parsers import ease, harden, hardened, hear_little, open_what_is_given_up
from bot.chat.pictured import Pictures
from bot.chat.presses.route import press
from bot.chat.queue import SendQueue
from bot.chat.sender import DirectSender
from bot.chat.sync import sync_if_changed
from bot.chat.translator import FluentTranslator
from bot.clock import Clock
from bot.domain.types import MemberId
from bot.errors import DiscordError
from bot.instrumentation import NULL_METRICS, GatewaySessionKind, Metrics
from bot.scheduling.event_claims import EventDeduplicator
from bot.scheduling.membership import Membership
from bot.services.container import Services
from storage.members import DmStatus

DIRECT_MESSAGES: Final = 0
"""The shard on which they all arrive."""

HUNG_UP: Final = 1000
"""The close code of a connection that is not wanted any more."""

DRAIN: Final = 10.0
"""Seconds that what is under way has to finish when the bot is told to stop."""

log = structlog.get_logger()


class Connection(NinteiClient):
    """The client with its events. It always sends by REST; which shards it listens to is `hold`'s to say."""

    def __init__(
        self,
        services: Services,
        clock: Clock,
        membership: Membership,
        claims: EventDeduplicator,
        pictures: Pictures | None,
        *,
        shards: int,
        send_rate: int,
        receipt_wait: float,
        meter: Metrics = NULL_METRICS,
    ) -> None:
        super().__init__(services, clock, SendQueue(send_rate), press, pictures, shards=shards, meter=meter)
        self.sender = DirectSender(self)
        self.listener = Listener(self, self.sender, claims, receipt_wait)
        self.inboxes = Inboxes(self, self.listener, claims)
        self._membership = membership
        self._claims = claims
        self._launches: dict[int, asyncio.Task[None]] = {}
        self._launching = asyncio.Lock()
        self.caught_up = asyncio.Event()
        """Set once what came while the bot was away has been taken in."""
        self.connected: set[int] = set()
        """The shards whose events arrive."""
        self._under_way: set[asyncio.Task[None]] = set()
        self._may_launch = asyncio.Event()
        if meter is not NULL_METRICS:
            self.http.http_trace = tracing(meter)
        self._once()
        hear_little(self)
        harden(self)
        ease(self)
        self.add_dynamic_items(Press, Choose)
        add_commands(self)

    async def greet(self, member: MemberId, nonce: str) -> DmStatus:
        """Try a first direct message; whether it arrived."""
        return await self.sender.greet(member, nonce)

    async def setup_hook(self) -> None:
        """Logged in, not connected yet."""
        open_what_is_given_up(self)
        await self.tree.set_translator(FluentTranslator())
        await sync_if_changed(self)

    async def launch_shards(self) -> None:
        """discord.py would connect them all at once; here each is launched when it is held."""
        assert self.shard_count is not None, "given at the start"  # noqa: S101 — narrows the type
        self._connection.shard_count = self.shard_count
        self._connection.shard_ids = range(self.shard_count)
        self._may_launch.set()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """One at a time, whichever process it is."""
        if self.services.database.multi_process:
            await self._membership.acquire_identify_slot(shard_id or 0)
        else:
            await super().before_identify_hook(shard_id, initial=initial)

    async def hold(self, shards: Collection[int]) -> None:
        """Be connected for these shards and no others."""
        for shard, task in list(self._launches.items()):
            if shard not in shards:
                task.cancel()
                del self._launches[shard]
        for shard, info in self.shards.items():
            if shard not in shards and not info.is_closed():
                await info.disconnect()
        for shard in shards:
            if shard not in self._launches:
                self._launches[shard] = asyncio.create_task(self._launch(shard), name=f"launch-{shard}")

    async def _launch(self, shard: int) -> None:
        await self._may_launch.wait()
        async with self._launching:
            try:
                first = not self.shards
                await self.launch_shard(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY, shard, initial=first)
            except asyncio.CancelledError:
                await self._hang_up({shard})
                raise

    async def _hang_up(self, shards: Collection[int]) -> None:
        """discord.py forgets a connection that is given up while it is being made: its heart would beat on."""
        for heart in threading.enumerate():
            if (
                isinstance(heart, discord.gateway.KeepAliveHandler)
                and heart.ws._connection is self._connection  # noqa: SLF001 — the thread knows nothing nearer
                and heart.shard_id in shards
            ):
                await heart.ws.close(HUNG_UP)
                await asyncio.to_thread(heart.join, DRAIN)

    async def close(self) -> None:
        """Leave no connection and no thread behind."""
        await super().close()
        await self._hang_up(range(self.shard_count or 0))

    def share(self, living: int) -> None:
        """Send as one of so many processes."""
        self.limiter.share(living)
        self.sender.openings.set_process_count(living)

    async def on_message(self, message: discord.Message) -> None:
        """Only what is written to the bot itself is read, and what a mail bridge posts for a member."""
        if not isinstance(message.channel, discord.DMChannel):
            await self._finish(self.inboxes.hear(message))
        elif not message.author.bot and message.type in {discord.MessageType.default, discord.MessageType.reply}:
            await self._finish(self.listener.hear(message))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was taken out of a server; an outage is not told here."""
        await self._finish(self.inboxes.forget(guild_id=guild.id))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel is gone."""
        await self._finish(self.inboxes.forget(channel_id=channel.id))

    def _once(self) -> None:
        """Each interaction is one process's, once; what is only completed while it is typed changes nothing."""
        name, parsers = "INTERACTION_CREATE", self._connection.parsers
        parse = hardened(name, parsers[name])

        async def parse_if_taken(event: int, data: Any) -> None:
            if await self._claims.claim(event):
                parse(data)

        def take_and_parse(data: Any) -> None:
            with begun(data, self.meter):
                if data.get("type") == discord.InteractionType.autocomplete.value:
                    parse(data)
                else:
                    self._keep(asyncio.create_task(parse_if_taken(int(data["id"]), data)))

        parsers[name] = take_and_parse

    async def on_shard_ready(self, shard: int) -> None:
        """A new session: at the start, after one that Discord declared invalid, or taken over from another process."""
        log.info("ready", user=self.user.id if self.user else None, shard=shard)
        self._stands(shard, "new")
        if shard != DIRECT_MESSAGES:
            return
        self.caught_up.clear()
        self.listener.fall_behind()
        await self._finish(catch_up(self, self.listener))
        self.caught_up.set()

    async def on_shard_disconnect(self, shard: int) -> None:
        """What comes now may come behind a gap."""
        self.connected.discard(shard)
        if shard == DIRECT_MESSAGES:
            self.listener.fall_behind()
            await self._finish(self.listener.receipts.tell_now())  # whoever listens next reads on behind what is told

    async def on_shard_resumed(self, shard: int) -> None:
        """The same session: Discord has sent what was missed."""
        self._stands(shard, "resumed")
        if shard == DIRECT_MESSAGES:
            await self._finish(self.listener.read_up(None))

    def _stands(self, shard: int, session: GatewaySessionKind) -> None:
        self.connected.add(shard)
        self.meter.count_gateway_session(session)

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
        fault = sys.exception()
        log.error("event_failed", handler=event_method, fault=type(fault).__name__, exc_info=fault)

    async def _finish(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that a stop has to wait for."""
        await self._keep(asyncio.create_task(work))

    def _keep(self, task: asyncio.Task[None]) -> asyncio.Task[None]:
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def drain(self) -> None:
        """Let what is under way finish; but no picture is waited for."""
        if self.pictures is not None:
            await self.pictures.close()
        pending = {
            task for task in asyncio.all_tasks() if task.get_name().startswith(("discord-ui-", "CommandTree-invoker"))
        }
        pending |= self._under_way
        pending.discard(asyncio.current_task())
        if pending:
            await asyncio.wait(pending, timeout=DRAIN)
        await asyncio.wait([asyncio.create_task(self.listener.receipts.tell_now())], timeout=DRAIN)


def _custom_ids(components: Iterable[Any]) -> set[str | None]:
    """Every custom id among components and what they hold."""
    found: set[str | None] = set()
    for component in components:
        found |= {getattr(component, "custom_id", None)} | _custom_ids(getattr(component, "children", ()))
        if (accessory := getattr(component, "accessory", None)) is not None:
            found |= _custom_ids([accessory])
    return found


def point_at(api_url: str, gateway_url: str | None) -> None:
    """Use another address for Discord. Class attributes that discord.py reads at use: set before the client starts."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nothing is missing: the bot never speaks
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
