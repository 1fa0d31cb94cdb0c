"""The environment of a rehearsal: a fake Discord, the bot logged in to it, and a temporary database."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot import app
from bot.cli.demo.mail_delivery import DEMO_MAILBOX
from bot.fake_discord.clock import ManualClock
from bot.fake_discord.server import FakeDiscord
from bot.fake_discord.users import FakeUser
from bot.i18n.translations import Translations
from bot.logging_setup import configure_logging
from bot.mail.memory_mailbox_session import MemoryMailboxSession
from bot.settings import Settings, read_settings

DEMO_START: Final = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
"""A Tuesday morning; the same in every rehearsal, so that their outputs are the same."""

_OVERRIDDEN_SETTINGS: Final = (
    "DISCORD_TOKEN", "DISCORD_TOKEN_FILE", "DISCORD_API_URL", "DISCORD_GATEWAY_URL", "DATABASE_URL",
    "DATABASE_URL_FILE", "LOG_LEVEL", "METRICS_PORT", "MAIL_ADDRESS", "MAIL_IMAP_HOST", "MAIL_IMAP_USER",
    "MAIL_IMAP_PASSWORD", "MAIL_IMAP_PASSWORD_FILE", "MAIL_LMTP", "MAX_MEMBERS", "MAX_RECORDS_A_DAY",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoEnvironment:
    """A fake Discord with its clock and users; `running_bot` starts the bot."""

    discord: FakeDiscord
    clock: ManualClock
    users: tuple[FakeUser, ...]
    settings: Settings
    mailbox: MemoryMailboxSession | None

    @asynccontextmanager
    async def running_bot(self) -> AsyncIterator[app.RunningBot]:
        """Run the bot while the block runs; it has processed its backlog when the block begins."""
        mailbox = self.mailbox
        make_session = None if mailbox is None else lambda: mailbox
        async with app.run_bot(self.settings, self.clock, make_mailbox_session=make_session) as bot:
            await self.discord.wait_for_bot()
            await bot.client.backlog_processed.wait()
            yield bot


@asynccontextmanager
async def open_demo(
    environ: Mapping[str, str], texts: Translations, *names: str, with_mailbox: bool = False, **settings: str
) -> AsyncIterator[DemoEnvironment]:
    """Open an environment with users of these names; `settings` override the process's environment.

    `with_mailbox`: mails can arrive by themselves, in a mailbox in memory.
    """
    clock = ManualClock(DEMO_START)
    with tempfile.TemporaryDirectory(prefix="nintei-") as folder:
        async with FakeDiscord(clock) as discord:
            users = tuple(discord.add_user(name, "ja" if texts.locale == "ja" else "en-US") for name in names)
            demo_environ = {name: value for name, value in environ.items() if name not in _OVERRIDDEN_SETTINGS}
            demo_environ |= {
                "DISCORD_TOKEN": discord.token,
                "DISCORD_API_URL": discord.api_url,
                "DATABASE_URL": f"sqlite:///{Path(folder) / 'rehearsal.db'}",
                "DEFAULT_LOCALE": texts.locale,
                "LOG_LEVEL": "ERROR",
                "BACKUP_KEEP": "0",
                **settings,
            }
            demo_settings = read_settings(demo_environ)
            if with_mailbox:
                demo_settings = replace(demo_settings, mail=replace(demo_settings.mail, address=DEMO_MAILBOX))
            configure_logging(demo_settings)
            mailbox = MemoryMailboxSession() if with_mailbox else None
            yield DemoEnvironment(discord, clock, users, demo_settings, mailbox)
