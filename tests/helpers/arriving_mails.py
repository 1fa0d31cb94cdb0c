"""Mails that arrive by themselves at a bot on a stage, and those who read them."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime

from bot.discord_app.inbound.mail_notices import DirectMessageMailNotices
from bot.domain.types import MemberId
from bot.fake_discord.users import FakeUser
from bot.instrumentation import CounterName, Metrics
from bot.mail.intake import IncomingMail, MailIntake, MailOutcome
from bot.mail.signatures import SignatureChecker
from tests.helpers.signed_mails import public_record
from tests.helpers.stage import Stage

MAILBOX = "box@example.jp"
LANCERS = "noreply@lancers.co.jp"
KEYS = {"s1._domainkey.lancers.co.jp.": public_record}


class CountedOutcomes(Metrics):
    """Counts what became of mails."""

    def __init__(self) -> None:
        self.outcomes = Counter[str]()

    def count(self, counter: CounterName, *labels: str) -> None:
        """See `Metrics`."""
        if counter == "mails":
            self.outcomes[labels[0]] += 1


class Arrivals:
    """The intake of a running bot, with the key that Lancers would publish being one of the tests."""

    def __init__(self, stage: Stage) -> None:
        assert stage.bot is not None
        client = stage.bot.client
        self._stage = stage
        self.services = client.services
        self.notices = DirectMessageMailNotices(client.sender, client.dm_handler.receipts)
        self.metrics = CountedOutcomes()
        self.intake = MailIntake(
            client.services,
            stage.clock,
            self.notices,
            SignatureChecker(["lancers.co.jp"], lambda name: KEYS[name]() if name in KEYS else None),
            mailbox=MAILBOX,
            metrics=self.metrics,
        )

    async def address_of(self, user: FakeUser) -> str:
        """The address of somebody, who is registered and asks for it now."""
        member_id, now = MemberId(user.user.id), self._stage.clock.now()
        await self.services.members.get_or_register(member_id, now=now, locale="ja")
        return self.services.mail.full_address(await self.services.mail.get_or_create_address(member_id, now=now))

    async def take(self, mail: bytes, *, times: int = 1) -> MailOutcome:
        """A mail comes, so many times."""
        for _ in range(times):
            outcome = await self.intake.take(IncomingMail(mail))
        return outcome


def notification(
    client: str,
    *,
    sent_at: datetime,
    head: Mapping[str, str] | None = None,
    to: str = "mika@example.com",
    sender: str = LANCERS,
    body: str = "本文",
) -> bytes:
    """The mail with which Lancers says that a client wrote; `head`: fields above those of Lancers."""
    fields = {
        **(head or {}),
        "From": f"<{sender}>",
        "To": to,
        "Subject": f"[ランサーズ] {client} さんから ロゴ制作 のコメントが届いています",
        "Date": format_datetime(sent_at),
        "Content-Type": "text/plain; charset=utf-8",
    }
    lines = [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", body, ""]).encode()
