"""The one place where the parts are put together."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import structlog

from bot.chat.connection import Connection, connected, point_at
from bot.clock import Clock, SystemClock
from bot.delivery.alarm import Alarm
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.rounds import Rounds
from bot.errors import SettingError
from bot.logs import set_up_logs
from bot.services.house import open_services
from bot.settings import Settings
from storage.database import open_database

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that is logged in."""

    connection: Connection
    dispatcher: Dispatcher
    rounds: Rounds
    session: asyncio.Task[None]


@asynccontextmanager
async def running(settings: Settings, clock: Clock) -> AsyncIterator[Running]:
    """The whole bot, while the block runs. On leaving, what is under way is finished first."""
    if settings.token is None:
        raise SettingError("setting-token-missing")
    point_at(settings.api_url, settings.gateway_url)
    database = await open_database(settings.database_url)
    try:
        alarm = Alarm(clock)
        services = open_services(database, settings.defaults, alarm.ring)
        connection = Connection(services, clock)
        dispatcher = Dispatcher(database, clock, connection.sender, alarm, services.contacts.quiet_until)
        rounds = Rounds(
            database,
            clock,
            connection.sender,
            services.chooser.plan_digest,
            services.contacts.quiet_until,
            keep_months=settings.defaults.keep_months,
            backup_days=settings.defaults.backup_days,
        )
        async with connected(connection, settings.token) as session, dispatcher.running(), rounds.running():
            yield Running(connection, dispatcher, rounds, session)
    finally:
        await database.close()


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises `NinteiError` when the start fails."""
    set_up_logs(settings)
    clock = SystemClock()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    try:
        async with running(settings, clock) as bot:
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({stopped, bot.session}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            with suppress(asyncio.CancelledError):
                await stopped
            if bot.session.done():
                bot.session.result()
            log.info("stopping")
    finally:
        clock.close()
