"""Notification mails of the rehearsal, delivered to a person's address into a mailbox in memory."""

from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Final

from bot.clock import Clock
from bot.domain.types import MemberId
from bot.fake_discord.users import FakeUser
from bot.mail.memory_mailbox_session import MemoryMailboxSession
from bot.services.container import Services

DEMO_MAILBOX: Final = "box@example.jp"
_SENDER: Final = "no-reply@lancers.co.jp"
_HOST: Final = "lancers.co.jp"


async def deliver_demo_mail(
    mailbox: MemoryMailboxSession, services: Services, clock: Clock, person: FakeUser, subject: str
) -> bool:
    """Forward a mail of Lancers as the person's mail program would; False: the person has no address yet."""
    now = clock.now()
    address = (await services.mail.overview(MemberId(person.user.id), now=now)).address
    if address is None:
        return False
    mail = EmailMessage()
    mail["Delivered-To"] = services.mail.full_address(address)
    mail["Return-Path"] = f"<{person.user.name}@example.com>"
    mail["From"], mail["To"], mail["Subject"] = _SENDER, f"{person.user.name}@example.com", subject
    mail["Date"], mail["Message-ID"] = format_datetime(now), make_msgid(domain=_HOST)
    mail.set_content("…")
    mailbox.deliver(mail.as_bytes())
    return True
