"""The rehearsal in a browser, until somebody stops it."""

import asyncio
import errno
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from bot.cli.demo.clock_driver import ClockDriver
from bot.cli.demo.environment import DemoEnvironment, demo_environment
from bot.errors import InvalidInputError
from bot.fake_discord.page.web_app import DemoPage
from bot.i18n.translations import Translations, get_translations

DEMO_USERS: Final = ("mika", "ken")


async def serve(environ: Mapping[str, str], texts: Translations, *, port: int) -> None:
    """Print the address, and serve the page until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with running_page(environ, texts, port=port) as (page, _):
        print(texts("page-served", address=page.address), flush=True)
        await stop.wait()


@asynccontextmanager
async def running_page(
    environ: Mapping[str, str], texts: Translations, *, port: int = 0
) -> AsyncIterator[tuple[DemoPage, DemoEnvironment]]:
    """The page, with the bot behind it. Raises `InputError` when the port is taken."""
    words = {locale: get_translations(locale).with_prefix("page-") for locale in ("ja", "en")}
    async with demo_environment(environ, texts, *DEMO_USERS) as behind:
        channel = behind.discord.add_guild()
        async with behind.bot() as bot:
            page = DemoPage(behind.discord, behind.users, ClockDriver(behind.clock, bot), words, port=port)
            await page.actions.post_mail(texts.locale, channel)
            try:
                await page.open()
            except OSError as fault:
                if fault.errno not in {errno.EADDRINUSE, errno.EACCES}:
                    raise
                raise InvalidInputError("page-port-taken", port=str(port)) from fault
            try:
                yield page, behind
            finally:
                await page.close()
