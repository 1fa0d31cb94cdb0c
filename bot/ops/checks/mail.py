"""Check of the mailbox: logs in as the reader does, and changes nothing."""

import asyncio
from typing import Final

from bot.errors import FluentValue
from bot.mail.daemon_thread import DaemonThread
from bot.mail.imap_session import FAILED, INBOX, ImapAccount, ImapSession
from bot.mail.mailbox_session import MailboxError, MailboxFault
from bot.mail.sources import imap_account_of_settings
from bot.ops.checks.result import Check, CheckResult, Severity
from bot.settings import MailSettings

CHECK_TIMEOUT: Final = 60.0
"""Seconds."""


async def check_mailbox(settings: MailSettings, check_timeout: float = CHECK_TIMEOUT) -> CheckResult | None:
    """What the operator should know of the mailbox; None if none is set up."""
    if (account := imap_account_of_settings(settings)) is None:
        return None
    thread = DaemonThread("mailbox check")
    try:
        async with asyncio.timeout(check_timeout):
            return await thread.run(_check_mailbox, account)
    except TimeoutError:
        return _mailbox_fault_result(account, MailboxFault.AWAY)
    finally:
        thread.end()


def _check_mailbox(account: ImapAccount) -> CheckResult:
    session = ImapSession(account)
    try:
        session.open()
        params: dict[str, FluentValue] = {
            "waiting": session.count_mails(INBOX),
            "failed": session.count_mails(FAILED),
            "folder": FAILED,
        }
    except MailboxError as error:
        return _mailbox_fault_result(account, error.fault)
    finally:
        session.close()
    if session.is_gmail and session.trash is None:
        return CheckResult(Check.MAILBOX, Severity.ERROR, "doctor-mailbox-trash")
    if params["failed"]:
        return CheckResult(Check.MAILBOX, Severity.WARNING, "doctor-mailbox-failed", params)
    return CheckResult(
        Check.MAILBOX, Severity.OK, "doctor-mailbox-gmail" if session.is_gmail else "doctor-mailbox-fine", params
    )


def _mailbox_fault_result(account: ImapAccount, fault: MailboxFault) -> CheckResult:
    params = {"address": f"{account.host}:{account.port}", "user": account.user}
    known = {
        MailboxFault.PASSWORD,
        MailboxFault.CERTIFICATE,
        MailboxFault.SLOW,
        MailboxFault.FULL,
        MailboxFault.REFUSED,
    }
    word = fault if fault in known else MailboxFault.AWAY
    return CheckResult(Check.MAILBOX, Severity.ERROR, f"doctor-mailbox-{word}", params)
