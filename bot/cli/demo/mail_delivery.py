"""Notification mails of the rehearsal, delivered to a person's address into a mailbox in memory."""

from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Final

from bot.clock import Clock
from bot.domain.types import MemberId
from bot.fake_discord.page.actions import MailDelivery
from bot.fake_discord.users import FakeUser
from bot.mail.memory_mailbox import MemoryMailbox
from bot.services.container import Services

DEMO_MAILBOX: Final = "box@example.jp"
_SENDER: Final = "no-reply@lancers.co.jp"
_HOST: Final = "lancers.co.jp"


class DemoMailDelivery(MailDelivery):
    """Forwards a mail of Lancers as a person's mail program would."""

    def __init__(self, mailbox: MemoryMailbox, services: Services, clock: Clock) -> None:
        self._mailbox = mailbox
        self._mail = services.mail
        self._clock = clock

    async def deliver(self, person: FakeUser, subject: str) -> bool:
        """See `MailDelivery`."""
        now = self._clock.now()
        address = (await self._mail.overview(MemberId(person.user.id), now=now)).address
        if address is None:
            return False
        mail = EmailMessage()
        mail["Delivered-To"] = self._mail.full_address(address)
        mail["Return-Path"] = f"<{person.user.name}@example.com>"
        mail["From"], mail["To"], mail["Subject"] = _SENDER, f"{person.user.name}@example.com", subject
        mail["Date"], mail["Message-ID"] = format_datetime(now), make_msgid(domain=_HOST)
        mail.set_content("…")
        self._mailbox.deliver(mail.as_bytes())
        return True
