"""The rehearsal in a browser."""

import asyncio
import errno
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from bot.cli.demo.clock_driver import ClockDriver
from bot.cli.demo.environment import DemoEnvironment, open_demo
from bot.cli.demo.mail_delivery import deliver_demo_mail
from bot.domain.types import Locale, MemberId
from bot.errors import InvalidInputError
from bot.fake_discord.page.web_app import FakeDiscordPage
from bot.fake_discord.users import FakeUser
from bot.i18n.translations import Translations, get_translations
from bot.ops.stop_signals import hangup_signals

DEMO_USERS: Final = ("mika", "ken")


async def serve_demo_page(environ: Mapping[str, str], texts: Translations, *, port: int) -> None:
    """Print the address, and serve the page until SIGINT, SIGTERM or, unless nohup has it ignored, SIGHUP."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, *hangup_signals()):
        loop.add_signal_handler(number, stop.set)
    async with running_demo_page(environ, texts, port=port) as (page, _):
        print(texts("page-served", address=page.address), flush=True)
        await stop.wait()


@asynccontextmanager
async def running_demo_page(
    environ: Mapping[str, str], texts: Translations, *, port: int = 0
) -> AsyncIterator[tuple[FakeDiscordPage, DemoEnvironment]]:
    """Serve the page, with a running bot, while the block runs. Raises `InvalidInputError` if the port is taken."""
    page_texts = {locale: get_translations(locale).with_prefix("page-") for locale in ("ja", "en")}
    async with open_demo(environ, texts, *DEMO_USERS, with_mailbox=True) as demo:
        channel = demo.discord.add_guild()
        async with demo.running_bot() as bot:

            async def save_page_language(person: FakeUser, locale: Locale) -> None:
                """Let the bot answer in the page's language before Discord has shown it."""
                members, member_id = bot.client.services.members, MemberId(person.user.id)
                await members.get_or_register(member_id, now=demo.clock.now(), line_locale=locale)

            assert demo.mailbox is not None, "asked for above"  # noqa: S101 — narrows the type
            page = FakeDiscordPage(
                demo.discord,
                demo.users,
                ClockDriver(demo.clock, bot),
                page_texts,
                deliver_mail=partial(deliver_demo_mail, demo.mailbox, bot.client.services, demo.clock),
                on_language=save_page_language,
                port=port,
            )
            await page.actions.post_mail(texts.locale, channel)
            try:
                await page.start()
            except OSError as error:
                if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                    raise
                raise InvalidInputError("page-port-taken", port=str(port)) from error
            try:
                yield page, demo
            finally:
                await page.close()
