"""Check of the address at which mails are handed over: who answers there, or whether a start could open it."""

import asyncio
from typing import Final

from bot.errors import SettingError, StorageError
from bot.mail.intake import IncomingMail
from bot.mail.lmtp import IDENT, lmtp_served
from bot.ops.checks.monitoring import LOOPBACK
from bot.ops.checks.result import Check, CheckResult
from bot.settings import MailSettings

ANSWER_TIMEOUT: Final = 5.0
"""Seconds."""


async def check_lmtp(settings: MailSettings, answer_timeout: float = ANSWER_TIMEOUT) -> CheckResult | None:
    """Read who answers; where nobody does, open the address as a start does. None if it is not set."""
    if settings.lmtp is None:
        return None
    greeting = await _read_lmtp_greeting(settings.lmtp, answer_timeout)
    if greeting is not None:
        if IDENT.encode() in greeting:
            return Check.LMTP.ok("doctor-lmtp-served", address=settings.lmtp)
        return Check.LMTP.error("doctor-lmtp-other", address=settings.lmtp)
    try:
        async with lmtp_served(settings.lmtp, _leave_mail_with_server, mailbox=settings.address or ""):
            return Check.LMTP.ok("doctor-lmtp-free", address=settings.lmtp)
    except SettingError as error:
        return Check.LMTP.failed(error)


async def _leave_mail_with_server(_mail: IncomingMail) -> None:
    """The mail stays with the server until the bot runs."""
    raise StorageError("storage-busy")


async def _read_lmtp_greeting(address: str, answer_timeout: float) -> bytes | None:
    """The first line of whoever answers, empty if it says nothing; None when nobody can be reached."""
    writer = None
    try:
        async with asyncio.timeout(answer_timeout):
            if address.startswith("unix:"):
                reader, writer = await asyncio.open_unix_connection(address.removeprefix("unix:"))
            else:
                host, _, port = address.rpartition(":")
                host = host.strip("[]")
                reader, writer = await asyncio.open_connection(LOOPBACK.get(host, host), int(port))
            return await reader.read(200)
    except (TimeoutError, OSError, ValueError):  # ValueError: an impossible path
        return b"" if writer is not None else None
    finally:
        if writer is not None:
            writer.close()
