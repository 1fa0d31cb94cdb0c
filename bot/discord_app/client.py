"""The discord.py client of this bot: its state, its shards and the events it handles."""

import asyncio
import sys
from collections.abc import Collection, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any, Final

import discord
import structlog
from discord import app_commands

from bot.clock import Clock
from bot.discord_app import discordpy_patches
from bot.discord_app.command_sync import CommandSynchronizer
from bot.discord_app.inbound.backlog import BacklogReader, InboxBacklogReader
from bot.discord_app.inbound.dm_handler import DirectMessageHandler
from bot.discord_app.inbound.edit_handler import EditHandler
from bot.discord_app.inbound.history_reader import HistoryReader
from bot.discord_app.inbound.inbox_handler import InboxChannelHandler
from bot.discord_app.inbound.message_conversion import is_by_member
from bot.discord_app.interaction_metrics import aiohttp_trace_config, interaction_parser
from bot.discord_app.limits import EventDeduplicator, KeyedSemaphore, RateLimiter
from bot.discord_app.own_messages import OwnMessageDeleter
from bot.discord_app.picture_attachments import PictureAttacher
from bot.discord_app.received_data import ID, reduce_received_value
from bot.discord_app.request_errors import REQUEST_ERRORS, UNPARSABLE_RESPONSE_ERRORS, error_if_possible_bug
from bot.discord_app.responses import respond_with_retry
from bot.discord_app.sender import DirectMessageSender
from bot.discord_app.session_starts import SessionStartLimiter
from bot.discord_app.shard_connection import ShardConnections
from bot.discord_app.stored_cards import CardMessageEditor
from bot.discord_app.timeouts import Timeouts
from bot.discord_app.translator import FluentTranslator
from bot.discord_app.ui.components import dispatch_press
from bot.discord_app.ui.layout import notice_card
from bot.domain.calendar import EPOCH
from bot.domain.types import Locale
from bot.i18n.translations import get_translations
from bot.instrumentation import NULL_METRICS, GatewaySessionKind, Metrics
from bot.scheduling.membership import Membership
from bot.services.container import Services

MAX_CONCURRENT_PER_MEMBER: Final = 3
"""Interactions of one member at once, so that a long import does not keep them from reading something else."""

DM_SHARD_ID: Final = 0
"""The shard that receives every direct message."""

MAX_TIME_TO_RESUME: Final = timedelta(hours=1)
"""A session that is resumed later has ended before: something older has an id that is no instant."""

_UNPARSABLE_MESSAGE: Final = {"id": ID, "channel_id": ID, "author": {"id": ID, "bot": bool}}
"""What is read of a message that discord.py could not parse."""

_HANDLER_TASKS: Final = ("CommandTree-invoker", "discord.py: ")
"""How discord.py begins the names of the tasks that run commands and event handlers."""

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
        discordpy_patches.accept_incomplete_discord_data()
        super().__init__(
            shard_count=shards,
            intents=discord.Intents(guilds=True, dm_messages=True, guild_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            guild_ready_timeout=0,  # no answer needs anything about a server
            heartbeat_timeout=24 * 60 * 60.0,  # `ShardConnection` gives up sooner
        )
        self.services = services
        self.clock = clock
        self.metrics = metrics
        self.pictures = pictures
        """None: the operator turned pictures off."""
        self.rate_limiter = RateLimiter(send_rate)
        self.member_semaphores = KeyedSemaphore(MAX_CONCURRENT_PER_MEMBER)
        self.tree = NinteiCommandTree(
            self,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        self.sender = DirectMessageSender(self, services, clock, self.rate_limiter, pictures, timeouts=timeouts)
        self.card_editor = CardMessageEditor(self, services, self.sender, pictures)
        self.stopping = asyncio.Event()
        """Set when the bot stops: what failed is not tried again."""
        history = HistoryReader(self, self.rate_limiter, timeouts, self.stopping)
        self.own_messages = OwnMessageDeleter(self, history, self.sender)
        self.dm_handler = DirectMessageHandler(
            self.sender, services, clock, claims, history=history, receipt_wait=receipt_wait, metrics=metrics
        )
        self.edit_handler = EditHandler(self.dm_handler, services, clock, claims)
        services.erasure.on_erased = self.dm_handler.receipts.discard_unsent
        self.inbox_handler = InboxChannelHandler(
            services, clock, claims, self.dm_handler, sender=self.sender, metrics=metrics
        )
        self._backlog = BacklogReader(services, clock, history, self.dm_handler)
        self._inbox_backlog = InboxBacklogReader(services, history, self.inbox_handler)
        self.resumed_at = EPOCH
        """When a session was last resumed. It begins with what was missed, which is of when it was created."""
        self.connected: set[int] = set()
        """The shards whose events arrive."""
        self.backlog_processed = asyncio.Event()
        """Set once the messages that were sent while the bot was away have been handled."""
        self._membership = membership
        self.claims = claims
        self._command_sync = CommandSynchronizer(self.tree, services.database)
        self._session_starts = SessionStartLimiter(self.fetch_session_start_limits, timeouts.identify_interval)
        self._shard_connections = ShardConnections(self, self._session_starts, timeouts)
        self.is_token_refused = False
        """Whether Discord refused the token at the last request."""
        self._in_flight: set[asyncio.Task[None]] = set()
        if metrics is not NULL_METRICS:
            self.http.http_trace = aiohttp_trace_config(metrics)
        parsers = self._connection.parsers
        parsers["INTERACTION_CREATE"] = interaction_parser(parsers["INTERACTION_CREATE"], metrics)
        discordpy_patches.filter_and_guard_events(self, self._on_unparsable_message)
        discordpy_patches.limit_discord_requests(self, self._set_token_refused)
        discordpy_patches.throttle_ratelimit_cleanup(self)

    async def setup_hook(self) -> None:
        """Prepare what needs a login, before the first connection."""
        discordpy_patches.release_global_ratelimit_on_cancel(self)
        await self.tree.set_translator(FluentTranslator())
        await self._command_sync.start()

    def _set_token_refused(self, is_refused: bool) -> None:  # noqa: FBT001 — a setter
        self.is_token_refused = is_refused

    async def connect(self, *, reconnect: bool = True) -> None:
        """Connect the shards that `set_shards` names, until the client is closed.

        Raises `discord.ConnectionClosed` when Discord ends a connection for good.
        """
        assert self.shard_count is not None, "given to the constructor"  # noqa: S101 — narrows the type
        assert reconnect, "ShardConnection always does"  # noqa: S101 — the same
        self._connection.shard_count = self.shard_count
        self._connection.shard_ids = range(self.shard_count)
        await self._shard_connections.run()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until this process may identify: Discord allows one identify at a time, of all processes together."""
        del initial
        if self.services.database.multi_process:
            await self._membership.acquire_identify_slot(shard_id or 0)
        else:
            await self._session_starts.wait_to_identify()

    async def set_shards(self, shards: Collection[int]) -> None:
        """Connect for these shards and disconnect from all others."""
        await self._shard_connections.assign_shards(shards)

    @property
    def shards(self) -> dict[int, discord.ShardInfo]:
        """The shards that have, or had, a connection."""
        return self._shard_connections.shard_infos()

    @property
    def latencies(self) -> list[tuple[int, float]]:
        """Shard id and round-trip seconds; not finite until the first heartbeat is acknowledged."""
        return [(shard_id, info.latency) for shard_id, info in self.shards.items()]

    async def close(self) -> None:
        """Close every connection and end the heartbeat threads."""
        self._command_sync.cancel()
        self.own_messages.cancel()
        await self._shard_connections.close()
        await super().close()

    def set_process_count(self, process_count: int) -> None:
        """Share the limits on sending with so many processes."""
        self.rate_limiter.set_process_count(process_count)
        self.sender.dm_open_limiter.set_process_count(process_count)

    async def on_message(self, message: discord.Message) -> None:
        """Handle direct messages of members, and what a mail bridge posts in an inbox channel."""
        if not isinstance(message.channel, discord.DMChannel):
            await self._start_task(self.inbox_handler.on_post(message))
        elif is_by_member(message):
            now = self.clock.now()
            was_missed = now - MAX_TIME_TO_RESUME < message.created_at < self.resumed_at
            sent_at = message.created_at if was_missed else now
            await self._start_task(self.dm_handler.handle(message, sent_at))

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Handle a member's edit of a direct message. Embeds that Discord adds later come as edits without a time."""
        message = payload.message
        if isinstance(message.channel, discord.DMChannel) and is_by_member(message) and message.edited_at is not None:
            written_at = discord.utils.parse_time(payload.data.get("timestamp")) or message.created_at
            await self._start_task(self.edit_handler.handle(message, written_at))

    def _on_unparsable_message(self, data: Any) -> None:
        """Have a direct message that discord.py could not parse read again, and tell its author."""
        if not isinstance(data, dict) or data.get("guild_id") is not None:
            return
        event = reduce_received_value(_UNPARSABLE_MESSAGE, data) or {}
        author = event.get("author", {})
        channel_id, message_id = event.get("channel_id"), event.get("id")
        if not author.get("bot") and channel_id and message_id:
            self._start_task(self.dm_handler.report_unparsable_message(author.get("id"), channel_id, message_id))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server. discord.py does not call this when a server is merely unavailable."""
        await self._start_task(self.inbox_handler.remove_inboxes(guild_id=guild.id))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self._start_task(self.inbox_handler.remove_inboxes(channel_id=channel.id))

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A thread can be an inbox too, and the bot need not have seen it."""
        await self._start_task(self.inbox_handler.remove_inboxes(channel_id=payload.thread_id))

    async def on_shard_ready(self, shard_id: int) -> None:
        """A new session: after a start, an invalid session, or a takeover from another process."""
        log.info("ready", user_id=self.user.id if self.user else None, shard_id=shard_id)
        self._mark_connected(shard_id, "new")
        self.inbox_handler.reset_checkpoints()
        if shard_id != DM_SHARD_ID:
            await self._start_task(self._inbox_backlog.process_shard(shard_id, self.shard_count or 1))
            return
        self.backlog_processed.clear()
        checkpoints = self.dm_handler.reset_checkpoints()
        await self._start_task(self._backlog.process_all(checkpoints))
        await self._start_task(self._inbox_backlog.process_shard(shard_id, self.shard_count or 1))
        self.backlog_processed.set()

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """The connection is lost: messages may be missed from now on."""
        self.connected.discard(shard_id)
        self.inbox_handler.reset_checkpoints()
        if shard_id == DM_SHARD_ID:
            self.dm_handler.suspend_checkpoints()
            # Sent now, so that the next session, perhaps of another process, reads on after what was answered.
            await self._start_task(self.dm_handler.receipts.flush())

    async def on_shard_resuming(self, _shard_id: int) -> None:
        """A lost session is about to go on: Discord sends first what was missed."""
        self.resumed_at = self.clock.now()

    async def on_shard_resumed(self, shard_id: int) -> None:
        """The session goes on: Discord has sent what was missed."""
        self._mark_connected(shard_id, "resumed")
        if shard_id == DM_SHARD_ID:
            await self._start_task(self.dm_handler.resume_checkpoints())

    def _mark_connected(self, shard_id: int, session: GatewaySessionKind) -> None:
        self.connected.add(shard_id)
        self.metrics.count("gateway_sessions", session)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a press or a form; discord.py answers commands."""
        if interaction.type in {discord.InteractionType.component, discord.InteractionType.modal_submit}:
            await self._start_task(dispatch_press(interaction))

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """An event handler raised."""
        error = sys.exception()
        log.error("event_handler_failed", handler=event_method, error_type=type(error).__name__, exc_info=error)

    def _start_task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something that `finish_handlers` waits for."""
        task = asyncio.create_task(work)
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)
        return task

    async def finish_handlers(self) -> None:
        """Let running handlers finish and send the collected receipts; pictures and unread channels are given up.

        What takes longer is cancelled: a change that is under way goes on at the next start, which also reads the
        messages again whose receipts were not sent.
        """
        self.stopping.set()
        if self.pictures is not None:
            await self.pictures.close()
        # An event may have come whose handler has not begun, and so has started no task of its own.
        pending = {task for task in asyncio.all_tasks() if task.get_name().startswith(_HANDLER_TASKS)}
        pending |= self._in_flight
        pending.discard(asyncio.current_task())
        try:
            if pending:
                await asyncio.wait(pending, timeout=self.sender.timeouts.shutdown_grace)
            await self.dm_handler.receipts.flush(timeout=self.sender.timeouts.shutdown_grace)
        finally:  # also when the stop is forced: what still runs would find the database closed
            for handler in pending:
                handler.cancel()
            await self.dm_handler.receipts.cancel_unsent()


Interaction = discord.Interaction[NinteiClient]


def interaction_locale(interaction: Interaction) -> Locale:
    """The language of the member's Discord app: Japanese, or English for every other one."""
    return "ja" if interaction.locale is discord.Locale.japanese else "en"


class InteractionRejectedError(app_commands.AppCommandError):
    """The member could not be served and was answered why; nothing is left to do."""


class NinteiCommandTree(app_commands.CommandTree[NinteiClient]):
    async def _call(self, interaction: Interaction) -> None:
        """Handle a command. discord.py answers nothing to one that it does not know or whose options do not fit."""
        try:
            await super()._call(interaction)
        except (app_commands.AppCommandError, *UNPARSABLE_RESPONSE_ERRORS) as error:
            await self._refuse_command(interaction, error)

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Log what a command raised, unless it was answered."""
        if isinstance(error, app_commands.TransformerError | app_commands.CommandSignatureMismatch):
            await self._refuse_command(interaction, error)
        elif not isinstance(error, InteractionRejectedError):
            await super().on_error(interaction, error)

    async def _refuse_command(self, interaction: Interaction, error: Exception) -> None:
        log.warning("command_unknown", error_type=type(error).__name__)
        if interaction.type is discord.InteractionType.autocomplete:
            return
        texts = get_translations(interaction_locale(interaction))
        try:
            send = partial(
                interaction.response.send_message, view=notice_card(texts("command-unknown")), ephemeral=True
            )
            await respond_with_retry(interaction, send)
        except (*REQUEST_ERRORS, *UNPARSABLE_RESPONSE_ERRORS) as refusal:
            log.warning("response_refused", error_type=type(refusal).__name__, exc_info=error_if_possible_bug(refusal))
