"""Mails with words that must be nowhere afterwards: in their text and in every field of which nothing is recorded."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

CANARY: Final = "canary"
"""Begins every such word."""
SECRET_TEXT: Final = "ひみつの本文"
CONFIRMATION_CODE: Final = "918273645"
FAILING: Final = f"{CANARY}-failing"
"""In the subject of the mail that cannot be read."""
COMMENTED: Final = "[ランサーズ] 制作会社{} さんから ロゴ制作 のコメントが届いています"
SUBJECTS: Final = (
    f"[ランサーズ] {CANARY}-unclear のお知らせ",
    f"[ランサーズ] {CANARY}-contact 連絡催促のお知らせ",
    f"[ランサーズ] {CANARY}-contract 契約が成立しました",
    f"[ランサーズ] {CANARY}-invitation 仕事の招待状が届きました",
    f"[ランサーズ] {CANARY}-review 認定ランサーに関するご案内",
    f"[ランサーズ] {CANARY}-login ログイン認証コード",
)
"""Of notifications that name neither a client nor a job."""
LANCERS_SENDER: Final = f"{CANARY}-author <{CANARY}-from@lancers.co.jp>"


def mail(
    address: str, subject: str, sent_at: datetime | None, *, sender: str = LANCERS_SENDER, text: str = ""
) -> bytes:
    """A mail that was forwarded to a member's address: a text that quotes others, a page, files, another mail."""
    message = EmailMessage()
    message["Return-Path"] = f"<{CANARY}-bounce@{CANARY}-mailer.example>"
    message["Delivered-To"] = address
    message["X-Forwarded-To"] = address
    message["X-Forwarded-For"] = f"{CANARY}-mailbox@gmail.com {address}"
    message["Received"] = f"from {CANARY}-host by mx ({CANARY}) for <{CANARY}-mailbox@gmail.com>"
    message["DKIM-Signature"] = (
        f"v=1; a=rsa-sha256; d={CANARY}.lancers.co.jp; s={CANARY}-key; h=from:date:subject:to; bh=Y2FuYXJ5; b=Y2FuYXJ5"
    )
    message["From"], message["To"] = sender, f"{CANARY}-to@example.com"
    message["Reply-To"] = f"{CANARY}-reply@lancers.co.jp"
    message["Message-ID"] = f"<{CANARY}-id-{hash((address, subject, sent_at, sender))}@lancers.co.jp>"
    message["References"] = f"<{CANARY}-reference@lancers.co.jp>"
    message["X-Canary"] = f"{CANARY}-field {SECRET_TEXT}"
    message["Subject"] = subject
    if sent_at is not None:
        message["Date"] = format_datetime(sent_at)
    message.set_content(
        f"{text}{CANARY}-text {SECRET_TEXT}\n\n> {CANARY}-quoted\n"
        f"-----Original Message-----\nFrom: {CANARY}-quoted@example.com\nSubject: {CANARY}-quoted\n\n{SECRET_TEXT}\n"
    )
    message.add_alternative(f"<a href='https://{CANARY}.example/{CANARY}'>{SECRET_TEXT}</a>", subtype="html")
    message.add_attachment(f"{CANARY}-plain {SECRET_TEXT}", filename=f"{CANARY}-plain.txt")
    message.add_attachment(f"{CANARY}-coded".encode(), maintype="image", subtype="png", filename=f"{CANARY}.png")
    inner = EmailMessage()
    inner["From"], inner["Subject"] = f"{CANARY}-inner@example.com", f"{CANARY}-inner"
    inner.set_content(f"{CANARY}-inner {SECRET_TEXT}")
    message.add_attachment(inner)
    return message.as_bytes()


def other_mails(address: str, now: datetime) -> Iterator[bytes]:
    """Mails of every kind but those that are recorded for a client at once."""
    for hours, subject in enumerate(SUBJECTS, 1):
        yield mail(address, subject, now - timedelta(hours=hours))
        yield mail(address, subject, None)
    yield mail(address, f"{CANARY}-letter", now, sender=f"{CANARY}-shop@{CANARY}-shop.example")
    yield mail(address, f"【{CANARY}】新着", now, sender=f"{CANARY}@crowdworks.jp")
    own = f"From: Lancers <noreply@lancers.co.jp>\nDate: 2026/11/24 9:00\nSubject: {COMMENTED.format('F')}\n\n"
    yield mail(address, f"Fwd: {CANARY}-forward", now, sender=f"{CANARY}-mika@example.com", text=own)
    yield mail(address, COMMENTED.format("U"), None)
    yield mail(f"box+{CANARY}aaaaaaaaaaaaaa@example.jp", COMMENTED.format("X"), now)
    yield f"Delivered-To: {address}\r\n{CANARY} no field\r\n\0\xff{CANARY}".encode("latin-1")
    yield f"Auto-Submitted: auto-replied; {CANARY}\r\n".encode() + mail(address, f"{CANARY}-away", now)


def confirmation_request(address: str) -> bytes:
    """Gmail's request to confirm an address."""
    message = EmailMessage()
    message["Delivered-To"] = message["To"] = address
    message["From"] = f"{CANARY} <forwarding-noreply@google.com>"
    message["Subject"] = f"(#{CONFIRMATION_CODE}) Gmail の転送の確認 - {CANARY}-mailbox@gmail.com"
    message.set_content(
        f"https://mail-settings.google.com/mail/vf-{CANARY}\nhttps://mail-settings.google.com/mail/uf-{CANARY}\n"
    )
    return message.as_bytes()
