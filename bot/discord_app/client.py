"""The discord.py client of this bot: its state, its shards and the events it handles."""

import asyncio
import sys
import threading
from collections.abc import Collection, Coroutine
from typing import Any, Final

import discord
import structlog
from discord import app_commands

from bot.clock import Clock
from bot.discord_app import discordpy_patches
from bot.discord_app.command_sync import sync_commands_if_changed
from bot.discord_app.inbound.backlog import BacklogReader
from bot.discord_app.inbound.dm_handler import DirectMessageHandler
from bot.discord_app.inbound.inbox_handler import InboxChannelHandler
from bot.discord_app.interaction_metrics import aiohttp_trace_config, track_interaction
from bot.discord_app.limits import EventDeduplicator, KeyedSemaphore, RateLimiter
from bot.discord_app.picture_attachments import PictureAttacher
from bot.discord_app.sender import DirectMessageSender
from bot.discord_app.timeouts import Timeouts
from bot.discord_app.translator import FluentTranslator
from bot.discord_app.ui.components import (
    Action,
    ActionButton,
    ActionSelect,
    Press,
    Target,
    custom_ids,
    dispatch,
    parse_custom_id,
)
from bot.instrumentation import NULL_METRICS, GatewaySessionKind, Metrics
from bot.scheduling.membership import Membership
from bot.services.container import Services

MAX_CONCURRENT_PER_MEMBER: Final = 3
"""Interactions of one member at once, so that a long import does not keep them from reading something else."""

DM_SHARD_ID: Final = 0
"""The shard that receives every direct message."""

WS_CLOSE_NORMAL: Final = 1000
"""The code of a normal closure."""

SHUTDOWN_GRACE_SECONDS: Final = 10.0
"""Seconds that running handlers have to finish when the bot is stopped."""

log = structlog.get_logger()


class NinteiClient(discord.AutoShardedClient):
    """The client with its events.

    It asks for guilds, direct messages and server messages that mention it: no privileged intent. It sends by REST
    whichever shards it is connected for; `set_shards` says for which.
    """

    def __init__(
        self,
        services: Services,
        clock: Clock,
        membership: Membership,
        claims: EventDeduplicator,
        pictures: PictureAttacher | None,
        *,
        shards: int,
        send_rate: int,
        receipt_wait: float,
        timeouts: Timeouts,
        metrics: Metrics = NULL_METRICS,
    ) -> None:
        super().__init__(
            shard_count=shards,
            intents=discord.Intents(guilds=True, dm_messages=True, guild_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            guild_ready_timeout=0,  # no answer needs anything about a server
        )
        self.services = services
        self.clock = clock
        self.metrics = metrics
        self.pictures = pictures
        """None: the operator turned pictures off."""
        self.rate_limiter = RateLimiter(send_rate)
        self.member_semaphores = KeyedSemaphore(MAX_CONCURRENT_PER_MEMBER)
        self.command_ids: dict[str, int] = {}
        """Discord's id of each command by its name ("job add" of a group), which a mention of it needs."""
        self.tree = NinteiCommandTree(
            self,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        self.sender = DirectMessageSender(self, services, clock, self.rate_limiter, pictures, timeouts=timeouts)
        self.dm_handler = DirectMessageHandler(
            self.sender, services, clock, claims, self.command_ids, receipt_wait=receipt_wait, metrics=metrics
        )
        self.inbox_handler = InboxChannelHandler(services, clock, claims, self.dm_handler, metrics)
        self._backlog = BacklogReader(self, services, clock, self.rate_limiter, self.dm_handler, timeouts=timeouts)
        self.connected: set[int] = set()
        """The shards whose events arrive."""
        self.backlog_processed = asyncio.Event()
        """Set once the messages that were sent while the bot was away have been handled."""
        self._membership = membership
        self._claims = claims
        self._shard_tasks: dict[int, asyncio.Task[None]] = {}
        self._launching = asyncio.Lock()
        self._ready_to_connect = asyncio.Event()
        self._in_flight: set[asyncio.Task[None]] = set()
        if metrics is not NULL_METRICS:
            self.http.http_trace = aiohttp_trace_config(metrics)
        self._install_interaction_dedup()
        discordpy_patches.filter_and_guard_events(self)
        discordpy_patches.throttle_ratelimit_cleanup(self)
        self.add_dynamic_items(ActionButton, ActionSelect)

    async def setup_hook(self) -> None:
        """Prepare what needs a login, before the first connection."""
        discordpy_patches.release_global_ratelimit_on_cancel(self)
        await self.tree.set_translator(FluentTranslator())
        self.command_ids.update(await sync_commands_if_changed(self.tree, self.services.database))

    async def launch_shards(self) -> None:
        """Connect nothing yet: discord.py would connect every shard, `set_shards` connects this process's."""
        assert self.shard_count is not None, "given to the constructor"  # noqa: S101 — narrows the type
        self._connection.shard_count = self.shard_count
        self._connection.shard_ids = range(self.shard_count)
        self._ready_to_connect.set()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until this process may identify: Discord allows one identify at a time, of all processes together."""
        if self.services.database.multi_process:
            await self._membership.acquire_identify_slot(shard_id or 0)
        else:
            await super().before_identify_hook(shard_id, initial=initial)

    async def set_shards(self, shards: Collection[int]) -> None:
        """Connect for these shards and disconnect from all others."""
        for shard_id, task in list(self._shard_tasks.items()):
            if shard_id not in shards:
                task.cancel()
                del self._shard_tasks[shard_id]
        for shard_id, info in self.shards.items():
            if shard_id not in shards and not info.is_closed():
                await info.disconnect()
        for shard_id in shards:
            if shard_id not in self._shard_tasks:
                task = asyncio.create_task(self._connect_shard(shard_id), name=f"launch-{shard_id}")
                self._shard_tasks[shard_id] = task

    async def _connect_shard(self, shard_id: int) -> None:
        await self._ready_to_connect.wait()
        async with self._launching:
            try:
                is_first = not self.shards
                await self.launch_shard(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY, shard_id, initial=is_first)
            except asyncio.CancelledError:
                await self._close_orphaned_websockets({shard_id})
                raise

    async def _close_orphaned_websockets(self, shards: Collection[int]) -> None:
        """Close connections cancelled while they were made: discord.py leaves their heartbeat threads running."""
        for keepalive_thread in threading.enumerate():
            if (
                isinstance(keepalive_thread, discord.gateway.KeepAliveHandler)
                and keepalive_thread.ws._connection is self._connection  # noqa: SLF001 — the thread has no public reference to its client
                and keepalive_thread.shard_id in shards
            ):
                await keepalive_thread.ws.close(WS_CLOSE_NORMAL)
                await asyncio.to_thread(keepalive_thread.join, SHUTDOWN_GRACE_SECONDS)

    async def close(self) -> None:
        """Close every connection and end the heartbeat threads."""
        await super().close()
        await self._close_orphaned_websockets(range(self.shard_count or 0))

    def set_process_count(self, process_count: int) -> None:
        """Share the limits on sending with so many processes."""
        self.rate_limiter.set_process_count(process_count)
        self.sender.openings.set_process_count(process_count)

    async def on_message(self, message: discord.Message) -> None:
        """Handle direct messages of members, and what a mail bridge posts in an inbox channel."""
        if not isinstance(message.channel, discord.DMChannel):
            await self._start(self.inbox_handler.on_post(message))
        elif not message.author.bot and message.type in {discord.MessageType.default, discord.MessageType.reply}:
            await self._start(self.dm_handler.handle(message, self.clock.now()))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server. discord.py does not call this when a server is merely unavailable."""
        await self._start(self.inbox_handler.unlink(guild_id=guild.id))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self._start(self.inbox_handler.unlink(channel_id=channel.id))

    def _install_interaction_dedup(self) -> None:
        """Dispatch each interaction once, in one process. Autocompletes need no claim, since they change nothing."""
        name, parsers = "INTERACTION_CREATE", self._connection.parsers
        parse = discordpy_patches.log_errors(name, parsers[name])

        async def dispatch_if_claimed(interaction_id: int, data: Any) -> None:
            if await self._claims.claim(interaction_id):
                parse(data)

        def on_raw_interaction(data: Any) -> None:
            with track_interaction(data, self.metrics):
                if data.get("type") == discord.InteractionType.autocomplete.value:
                    parse(data)
                else:
                    self._start(dispatch_if_claimed(int(data["id"]), data))

        parsers[name] = on_raw_interaction

    async def on_shard_ready(self, shard_id: int) -> None:
        """A new session: after a start, an invalid session, or a takeover from another process."""
        log.info("ready", user_id=self.user.id if self.user else None, shard_id=shard_id)
        self._mark_connected(shard_id, "new")
        if shard_id != DM_SHARD_ID:
            return
        self.backlog_processed.clear()
        self.dm_handler.reset_checkpoints()
        await self._start(self._backlog.process_all())
        self.backlog_processed.set()

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """The connection is lost: messages may be missed from now on."""
        self.connected.discard(shard_id)
        if shard_id == DM_SHARD_ID:
            self.dm_handler.reset_checkpoints()
            # Sent now, so that the next session, perhaps of another process, reads on after what was answered.
            await self._start(self.dm_handler.receipts.flush())

    async def on_shard_resumed(self, shard_id: int) -> None:
        """The session goes on: Discord has sent what was missed."""
        self._mark_connected(shard_id, "resumed")
        if shard_id == DM_SHARD_ID:
            await self._start(self.dm_handler.advance_checkpoint(None))

    def _mark_connected(self, shard_id: int, session: GatewaySessionKind) -> None:
        self.connected.add(shard_id)
        self.metrics.count_gateway_session(session)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a press whose control is not on its message (any more), which discord.py would not dispatch."""
        data: Any = interaction.data or {}
        if interaction.type is discord.InteractionType.component and interaction.message is not None:
            custom_id = str(data.get("custom_id"))
            if custom_id not in custom_ids(interaction.message.components):
                press = parse_custom_id(custom_id) or (Target.PENDING_LIST, 0, Action.CANCEL)  # which is unknown
                await dispatch(interaction, Press(*press, tuple(map(str, data.get("values", ())))))

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """An event handler raised."""
        error = sys.exception()
        log.error("event_handler_failed", handler=event_method, error_type=type(error).__name__, exc_info=error)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something that `drain` waits for."""
        task = asyncio.create_task(work)
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)
        return task

    async def drain(self) -> None:
        """Let running handlers finish and send the collected receipts; pictures are given up."""
        if self.pictures is not None:
            await self.pictures.close()
        pending = {
            task for task in asyncio.all_tasks() if task.get_name().startswith(("discord-ui-", "CommandTree-invoker"))
        }
        pending |= self._in_flight
        pending.discard(asyncio.current_task())
        if pending:
            await asyncio.wait(pending, timeout=SHUTDOWN_GRACE_SECONDS)
        await asyncio.wait([asyncio.create_task(self.dm_handler.receipts.flush())], timeout=SHUTDOWN_GRACE_SECONDS)


Interaction = discord.Interaction[NinteiClient]


class InteractionRejectedError(app_commands.AppCommandError):
    """The member could not be served and was answered why; nothing is left to do."""


class NinteiCommandTree(app_commands.CommandTree[NinteiClient]):
    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Log what a command raised, unless it was answered."""
        if not isinstance(error, InteractionRejectedError):
            await super().on_error(interaction, error)
