"""What members bring besides forwards: histories that they import, and mails, which a mail server hands over by LMTP."""

import asyncio
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.utils import format_datetime

from bot.parsing.message import parse_mail

MAILBOX = "box@example.jp"
EXCHANGES = 20
ROWS = 2 * EXCHANGES + 1
LMTP_TIMEOUT = 10.0
"""Seconds."""


@dataclass
class History:
    """A file with messages of one client: answered ones, and one whose window is open."""

    client: str
    created_at: int
    """As an id of Discord."""
    content: bytes
    acknowledged: bool = False
    """The bot has said that it is recorded."""


@dataclass
class Mail:
    """A notification of Lancers', of a client of its own."""

    source_key: str
    created_at: int
    """As an id of Discord."""
    recipient: str
    content: bytes
    accepted: bool = False
    """The bot has answered 250: the mail server has it no more."""


def history(created_at: int, received_at: datetime) -> History:
    """A history whose last message was received at an instant."""
    client = f"取込{created_at}"
    lines = ["thread,direction,sent_at,client"]
    for number in range(1, EXCHANGES + 1):
        at = received_at - timedelta(days=number)
        lines += [f"{client},received,{at.isoformat()},{client}"]
        lines += [f"{client},sent,{(at + timedelta(hours=2)).isoformat()},{client}"]
    lines.append(f"{client},received,{received_at.isoformat()},{client}")
    return History(client, created_at, "\n".join(lines).encode())


def mail(created_at: int, received_at: datetime, recipient: str) -> Mail:
    """A mail that Lancers sent at an instant."""
    subject = Header(f"依頼者{created_at}さんからのメッセージ受信通知", "utf-8").encode()
    content = (
        f"From: noreply@lancers.co.jp\r\nTo: {recipient}\r\nDate: {format_datetime(received_at)}\r\n"
        f"Subject: {subject}\r\nMessage-ID: <{created_at}@lancers.co.jp>\r\n\r\n.\r\n"
    ).encode()
    [item] = parse_mail(content, now=datetime.now(UTC), zone=UTC)
    return Mail(item.source_key, created_at, recipient, content)


async def hand_over(mails: Sequence[Mail], socket: str) -> None:
    """Hand mails over to a bot's socket, one after the other, until one is not accepted."""
    with suppress(OSError, smtplib.SMTPException):
        await asyncio.to_thread(_hand_over, mails, socket)


def _hand_over(mails: Sequence[Mail], socket: str) -> None:
    with smtplib.LMTP(socket, 0, "mx.example.jp", timeout=LMTP_TIMEOUT) as server:
        for each in mails:
            server.sendmail("noreply@lancers.co.jp", [each.recipient], each.content)
            each.accepted = True
