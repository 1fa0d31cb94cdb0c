"""Check of the mailbox: logs in as the reader does, and changes nothing."""

import asyncio
from typing import Final

from bot.daemon_thread import DaemonThread
from bot.mail.imap_session import FAILED, INBOX, ImapAccount, ImapSession
from bot.mail.mailbox_session import MailboxError, MailboxFault
from bot.mail.sources import imap_account_of_settings
from bot.ops.checks.result import Check, CheckResult
from bot.settings import MailSettings

CHECK_TIMEOUT: Final = 60.0
"""Seconds."""


async def check_mailbox(settings: MailSettings) -> CheckResult | None:
    """What the operator should know of the mailbox; None if none is set up."""
    if (account := imap_account_of_settings(settings)) is None:
        return None
    thread = DaemonThread("mailbox check")
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            return await thread.run(_check_mailbox, account)
    except TimeoutError:
        return _mailbox_fault_result(account, MailboxFault.AWAY)
    finally:
        thread.end()


def _check_mailbox(account: ImapAccount) -> CheckResult:
    session = ImapSession(account)
    try:
        session.open()
        waiting, failed = session.count_mails(INBOX), session.count_mails(FAILED)
    except MailboxError as error:
        return _mailbox_fault_result(account, error.fault)
    finally:
        session.close()
    if session.is_gmail and session.trash is None:
        return Check.MAILBOX.error("doctor-mailbox-trash")
    if failed:
        return Check.MAILBOX.warning("doctor-mailbox-failed", waiting=waiting, failed=failed, folder=FAILED)
    fine = "doctor-mailbox-gmail" if session.is_gmail else "doctor-mailbox-fine"
    return Check.MAILBOX.ok(fine, waiting=waiting, failed=failed)


def _mailbox_fault_result(account: ImapAccount, fault: MailboxFault) -> CheckResult:
    address = f"{account.host}:{account.port}"
    return Check.MAILBOX.error(f"doctor-mailbox-{fault}", address=address, user=account.user)
