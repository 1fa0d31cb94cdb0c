"""The two ways on which mails come in, each where the operator has set it up: the mailbox, and LMTP."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext

from bot.mail.imap_session import ImapAccount, ImapSession
from bot.mail.intake import MailIntake
from bot.mail.lmtp import lmtp_served
from bot.mail.mailbox import MailboxReader
from bot.mail.mailbox_session import MailboxSession
from bot.settings import MailSettings


def imap_account_of_settings(settings: MailSettings) -> ImapAccount | None:
    """The mailbox that the operator has set up; None if there is none."""
    if settings.imap_host is None or settings.imap_user is None or settings.imap_password is None:
        return None
    host, port = settings.imap_host
    return ImapAccount(
        host=host,
        port=port,
        user=settings.imap_user,
        password=settings.imap_password,
        ca_file=settings.imap_ca_file,
    )


def imap_session_factory(settings: MailSettings) -> Callable[[], MailboxSession] | None:
    """Makes connections to the mailbox that the operator has set up; None if there is none."""
    account = imap_account_of_settings(settings)
    return None if account is None else lambda: ImapSession(account)


@asynccontextmanager
async def mail_sources_running(
    settings: MailSettings, *, intake: MailIntake, reader: MailboxReader | None
) -> AsyncIterator[None]:
    """Read the mailbox and serve LMTP while the block runs. A mailbox that cannot be reached is tried again.

    Raises `SettingError` if the address for LMTP cannot be opened.
    """
    async with (
        lmtp_served(settings.lmtp, intake.take, mailbox=settings.address or "") if settings.lmtp else nullcontext(),
        reader.running() if reader else nullcontext(),
    ):
        yield
