"""The composition root: builds the parts of the bot, runs them together, and stops them."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.clock import Clock, SystemClock
from bot.discord_app.client import NinteiClient
from bot.discord_app.inbound.mail_notices import DirectMessageMailNotices
from bot.discord_app.lifecycle import logged_in_client, override_discord_endpoints
from bot.discord_app.limits import EventDeduplicator
from bot.discord_app.picture_attachments import PictureAttacher
from bot.discord_app.timeouts import DEFAULT_TIMEOUTS, Timeouts
from bot.errors import NinteiError, SettingError
from bot.i18n.translations import get_translations
from bot.instrumentation import NULL_METRICS
from bot.logging_setup import configure_logging
from bot.mail.intake import MailIntake
from bot.mail.mailbox import MailboxReader
from bot.mail.mailbox_session import MailboxSession
from bot.mail.signatures import SignatureChecker
from bot.mail.sources import imap_session_factory, mail_sources_running
from bot.ops import systemd
from bot.ops.daily_backup import DailyBackup, is_database_lost, plan_daily_backup
from bot.ops.health import DEFAULT_LIMITS, MonitoredComponents, MonitoringLimits
from bot.ops.self_checks import self_checks_running
from bot.ops.stop_signals import StopSignals, run_until_stopped
from bot.pictures.renderer import PictureRenderer
from bot.scheduling.card_updates import CardUpdater
from bot.scheduling.dispatcher import NOTIFY_DUE, RATE_SAFETY_FACTOR, ReminderDispatcher
from bot.scheduling.membership import DEFAULT_TIMING, NOTIFY_MEMBERSHIP, LeaseTiming, Membership
from bot.scheduling.operator_requests import OperatorRequestRunner
from bot.scheduling.periodic_tasks import PeriodicTasks
from bot.scheduling.wakeup import WakeUp
from bot.services.container import Services
from bot.services.mail import MailOptions
from bot.settings import SEND_RATE, Settings, env_file_is_world_readable, find_misspelt_settings
from bot.start_steps import start_step
from bot.unhandled_errors import redact_unhandled_errors
from storage import periodic_runs
from storage.admin.file_lock import hold_database_lock, note_opened_database_file
from storage.connect import ensure_database_url_valid, open_database, sqlite_path
from storage.database import Database
from storage.operator_requests import NOTIFY_OPERATOR

if TYPE_CHECKING:
    from bot.ops.server import MonitoringServer

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningBot:
    """A bot that is logged in."""

    client: NinteiClient
    dispatcher: ReminderDispatcher
    card_updates: CardUpdater
    periodic_tasks: PeriodicTasks
    operator_requests: OperatorRequestRunner
    gateway_task: asyncio.Task[None]
    """Ends, with its exception if any, when the connection cannot go on."""


@asynccontextmanager
async def run_bot(
    settings: Settings,
    clock: Clock,
    *,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
    lease_timing: LeaseTiming = DEFAULT_TIMING,
    monitoring_limits: MonitoringLimits = DEFAULT_LIMITS,
    make_mailbox_session: Callable[[], MailboxSession] | None = None,
) -> AsyncIterator[RunningBot]:
    """Run the whole bot while the block runs; on leaving, sends and interactions in progress are finished first.

    `make_mailbox_session`: a mailbox in place of the one that the settings name. Raises `NinteiError` when the start
    fails.
    """
    if settings.token is None:
        raise SettingError("setting-token-missing")
    override_discord_endpoints(settings.api_url, settings.gateway_url)
    async with _opened_bot_database(settings) as database:
        monitoring_server = _build_monitoring_server(settings)
        metrics = monitoring_server.metrics if monitoring_server else NULL_METRICS
        if monitoring_server:
            database.on_timing = metrics.observe_db_operation
            database.on_error = metrics.count_storage_error

        wakeup, card_wakeup = WakeUp(clock), WakeUp(clock)
        services = Services(
            database,
            settings.defaults,
            wakeup.wake,
            on_reminder_planned=wakeup.wake_before,
            on_cards_changed=card_wakeup.wake,
            mail=_mail_options(settings),
        )
        async with start_step("interrupted changes"):
            await services.bulk_changes.resume_interrupted_steps(now=clock.now())

        membership = Membership(database, settings.shard_count, lease_timing)
        client = NinteiClient(
            services,
            clock,
            membership,
            EventDeduplicator(database, membership.process),
            PictureAttacher(PictureRenderer(), timeouts) if settings.pictures else None,
            shards=settings.shard_count,
            send_rate=settings.send_rate,
            receipt_wait=settings.receipt_wait,
            timeouts=timeouts,
            metrics=metrics,
        )

        dispatcher = ReminderDispatcher(
            database,
            clock,
            client.sender,
            wakeup,
            services.members.quiet_hours_end,
            rate=RATE_SAFETY_FACTOR * (settings.send_rate or SEND_RATE),
            metrics=metrics,
        )
        periodic_tasks = PeriodicTasks(
            services,
            clock,
            client.sender,
            backup_retention_days=settings.defaults.backup_retention_days,
            metrics=metrics,
        )
        daily_backup = DailyBackup(database, clock, plan_daily_backup(settings), metrics)
        mail_notices = DirectMessageMailNotices(client.sender, client.dm_handler.receipts)
        mail_intake = MailIntake(
            services,
            clock,
            mail_notices,
            SignatureChecker(settings.mail.trusted_domains),
            mailbox=settings.mail.address or "",
            metrics=metrics,
        )
        make_session = make_mailbox_session or imap_session_factory(settings.mail)
        mailbox_reader = make_session and MailboxReader(
            make_session,
            try_lock=database.try_lock,
            take=mail_intake.take,
            flush_notices=mail_notices.flush,
            clock=clock,
        )
        components = MonitoredComponents(
            database=database,
            gateway=client,
            rate_limiter=client.rate_limiter,
            dm_open_limiter=client.sender.dm_open_limiter,
            membership=membership,
            dispatcher=dispatcher,
            daily_backup=daily_backup,
            mailbox=mailbox_reader,
            limits=monitoring_limits,
        )
        card_updates = CardUpdater(services.cards, clock, client.card_editor, card_wakeup, metrics=metrics)
        operator_requests = OperatorRequestRunner(services, clock, client.sender)
        notification_handlers = {
            NOTIFY_DUE: wakeup.wake,
            NOTIFY_MEMBERSHIP: membership.wake,
            NOTIFY_OPERATOR: operator_requests.wake,
        }

        def on_database_notification(name: str) -> None:
            if name in notification_handlers:  # a newer version may send others
                notification_handlers[name]()

        async with (
            monitoring_server.attach(components) if monitoring_server else nullcontext(),
            logged_in_client(client, settings.token) as gateway_task,
            database.listen(on_database_notification),
            membership.running(client),
            dispatcher.running(),
            card_updates.running(),
            periodic_tasks.running(),
            mail_sources_running(settings.mail, intake=mail_intake, reader=mailbox_reader),
            operator_requests.running(),
            daily_backup.running(),
            self_checks_running(database, clock, monitoring_limits.self_check_interval),
            systemd.reporting_to_systemd(components.is_polling),
        ):
            log.info("started")
            yield RunningBot(
                client=client,
                dispatcher=dispatcher,
                card_updates=card_updates,
                periodic_tasks=periodic_tasks,
                operator_requests=operator_requests,
                gateway_task=gateway_task,
            )


@asynccontextmanager
async def _opened_bot_database(settings: Settings) -> AsyncIterator[Database]:
    """The database, on SQLite for this process alone."""
    ensure_database_url_valid(settings.database_url)
    file = sqlite_path(settings.database_url)
    with hold_database_lock(file):
        async with start_step("database"):
            if is_database_lost(plan_daily_backup(settings)):  # its daily backups will replace those that are left
                log.warning("database_missing_beside_backups", fix="nintei doctor")
            database = await open_database(
                settings.database_url,
                erasures_folder=settings.erasures_folder,
                import_slots=settings.defaults.limits.import_slots,
            )
        try:
            if file is not None:
                note_opened_database_file(file)
            await periodic_runs.commit_probe_row(database)
            yield database
        finally:
            await database.close()


def _build_monitoring_server(settings: Settings) -> "MonitoringServer | None":
    if settings.metrics_port is None:
        return None
    from bot.ops.server import MonitoringServer  # noqa: PLC0415 — Prometheus is loaded only where it is used

    return MonitoringServer(settings.metrics_host, settings.metrics_port, get_translations(settings.defaults.locale))


def _mail_options(settings: Settings) -> MailOptions | None:
    """What the services know of the mailbox. The key is the bot's own secret: whoever has a backup lacks it."""
    if settings.mail.address is None:
        return None
    key = hashlib.sha256(b"mail addresses " + (settings.token or "").encode()).digest()
    return MailOptions(settings.mail.address, key)


async def run_until_signal(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises `NinteiError` when the start fails."""
    configure_logging(settings)
    redact_unhandled_errors(lambda error: log.error("error_not_handled", exc_info=error))
    if env_file_is_world_readable():
        log.warning("env_file_world_readable", fix="chmod 600 .env")
    for name, near in find_misspelt_settings(os.environ):
        log.warning("setting_misspelt", name=name, setting=near)
    clock, signals, started = SystemClock(), StopSignals(), asyncio.Event()
    try:
        with signals.installed():
            serving = asyncio.create_task(_serve_until_stopped(settings, clock, signals, started), name="bot")
            try:
                await run_until_stopped(serving, signals, started)
            finally:  # nothing cancels a thread; meanwhile the signals still end the process
                await asyncio.get_running_loop().shutdown_default_executor()
    except NinteiError:
        raise  # the command line shows its text to the operator
    except Exception:
        log.exception("crashed")  # logged without local values; Python's own traceback could quote a message
        raise SystemExit(1) from None
    finally:
        clock.close()
        signals.cancel_forced_exit()


async def _serve_until_stopped(settings: Settings, clock: Clock, signals: StopSignals, started: asyncio.Event) -> None:
    async with run_bot(settings, clock) as bot:
        started.set()
        stop = asyncio.create_task(signals.requested.wait())
        await asyncio.wait({stop, bot.gateway_task}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if bot.gateway_task.done():
            bot.gateway_task.result()
