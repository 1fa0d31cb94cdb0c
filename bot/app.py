"""The one place where the parts are put together."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.clock import Clock, SystemClock
from bot.discord_app.lifecycle import Connection, logged_in_client, override_discord_endpoints
from bot.discord_app.picture_attachments import PictureAttacher
from bot.errors import NinteiError, SettingError
from bot.i18n.translations import get_translations
from bot.instrumentation import NULL_METRICS
from bot.logging_setup import configure_logging
from bot.ops.daily_backup import DailyBackup
from bot.ops.health import MonitoredComponents
from bot.pictures.renderer import PictureRenderer
from bot.scheduling.dispatcher import NOTIFY_DUE, RATE_SAFETY_FACTOR, ReminderDispatcher
from bot.scheduling.event_claims import EventDeduplicator
from bot.scheduling.membership import NOTIFY_MEMBERSHIP, Membership
from bot.scheduling.periodic_tasks import PeriodicTasks
from bot.scheduling.wakeup import WakeUp
from bot.services.container import build_services
from bot.settings import SEND_RATE, Settings, env_file_is_world_readable
from storage.connect import open_database, sqlite_path

if TYPE_CHECKING:
    from bot.ops.server import MonitoringServer

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RunningBot:
    """A bot that is logged in."""

    connection: Connection
    dispatcher: ReminderDispatcher
    periodic_tasks: PeriodicTasks
    gateway_task: asyncio.Task[None]


@asynccontextmanager
async def run_bot(settings: Settings, clock: Clock) -> AsyncIterator[RunningBot]:
    """The whole bot, while the block runs. On leaving, what is under way is finished first."""
    if settings.token is None:
        raise SettingError("setting-token-missing")
    override_discord_endpoints(settings.api_url, settings.gateway_url)
    database = await open_database(settings.database_url)
    try:
        window = _monitoring_server(settings)
        meter = window.metrics if window else NULL_METRICS
        if window:
            database.on_timing = meter.observe_db_operation
        alarm = WakeUp(clock)
        services = build_services(database, settings.defaults, alarm.wake)
        await services.bulk_changes.resume_interrupted(now=clock.now())
        membership = Membership(database, settings.shard_count)
        connection = Connection(
            services,
            clock,
            membership,
            EventDeduplicator(database, membership.process),
            PictureAttacher(PictureRenderer()) if settings.pictures else None,
            shards=settings.shard_count,
            send_rate=settings.send_rate,
            receipt_wait=settings.receipt_wait,
            meter=meter,
        )
        dispatcher = ReminderDispatcher(
            database,
            clock,
            connection.sender,
            alarm,
            services.members.quiet_hours_end,
            rate=RATE_SAFETY_FACTOR * (settings.send_rate or SEND_RATE),
            meter=meter,
        )
        heard = {NOTIFY_DUE: alarm.wake, NOTIFY_MEMBERSHIP: membership.wake}

        def on_notification(channel: str) -> None:
            if channel in heard:  # a newer program may say others
                heard[channel]()

        rounds = PeriodicTasks(
            database,
            clock,
            connection.sender,
            services.preferences.schedule_next_digest,
            services.members.quiet_hours_end,
            resume_interrupted=services.bulk_changes.resume_interrupted,
            retention_months=settings.defaults.retention_months,
            backup_retention_days=settings.defaults.backup_retention_days,
        )
        daily_backup = DailyBackup(
            database,
            clock,
            file=sqlite_path(settings.database_url),
            folder=settings.backup_folder,
            retention_count=settings.backup_keep,
        )
        parts = MonitoredComponents(
            database=database,
            gateway=connection,
            rate_limiter=connection.rate_limiter,
            dm_open_limiter=connection.sender.openings,
            membership=membership,
            dispatcher=dispatcher,
        )
        async with (
            window.attach(parts) if window else nullcontext(),
            logged_in_client(connection, settings.token) as session,
            database.listen(on_notification),
            membership.running(connection),
            dispatcher.running(),
            rounds.running(),
            daily_backup.running(),
        ):
            yield RunningBot(connection, dispatcher, rounds, session)
    finally:
        await database.close()


def _monitoring_server(settings: Settings) -> "MonitoringServer | None":
    """For who watches the bot, if anybody does."""
    if settings.metrics_port is None:
        return None
    from bot.ops.server import MonitoringServer  # noqa: PLC0415 — who does not watch loads no Prometheus

    return MonitoringServer(settings.metrics_host, settings.metrics_port, get_translations(settings.defaults.locale))


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises `NinteiError` when the start fails."""
    configure_logging(settings)
    if env_file_is_world_readable():
        log.warning("env_file_readable_by_everybody", do="chmod 600 .env")
    clock = SystemClock()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    try:
        async with run_bot(settings, clock) as bot:
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({stopped, bot.gateway_task}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            with suppress(asyncio.CancelledError):
                await stopped
            if bot.gateway_task.done():
                bot.gateway_task.result()
            log.info("stopping")
    except NinteiError:
        raise  # a sentence for the operator
    except Exception:
        log.exception("crashed")  # Python's own traceback would quote what was written
        raise SystemExit(1) from None
    finally:
        clock.close()
