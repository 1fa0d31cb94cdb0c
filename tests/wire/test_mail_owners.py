"""Whose an arriving mail is: what many members' mails with mixed and forged headers leave with each of them."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from bot.domain.types import MemberId
from bot.fake_discord.users import FakeUser, text_of
from bot.mail.intake import IncomingMail, MailOutcome
from tests.helpers.arriving_mails import Arrivals, notification
from tests.helpers.signed_mails import sign_mail
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

pytestmark = pytest.mark.both_engines

MEMBERS: Final = 20
WAYS_OF_EACH: Final = 4
"""A member gets every fourth way of the tables below, the next member those after them."""
ELSEWHERE: Final = "mika@example.com"
UNKNOWN: Final = "box+aaaaaaaaaaaaaaaaaaaa@example.jp"
RECEIVED: Final = "Received: from mx by mx2 for <{}>; Tue, 24 Nov 2026 11:00:00 +0900"

TAKEN: Final = (
    ("Delivered-To: {mine}", ELSEWHERE),
    ("X-Original-To: {mine}", "{other}"),
    ("Envelope-To: {mine}", "{other}"),
    ("X-Delivered-To: {mine}", "{other}"),
    ("X-Forwarded-To: {mine}", "{other}"),
    (RECEIVED.format("{mine}"), "{other}"),
    ("", "{mine}"),
    ("Cc: {mine}", ELSEWHERE),
    ("DELIVERED-TO: {MINE}\nX-Forwarded-To: {other}\n" + RECEIVED.format("{other}") + "\nCc: {other}", "{other}"),
    ("Delivered-To: {mine}\nDelivered-To: {other}\nX-Original-To: {other}", "{other}"),
    ("Delivered-To: mika@gmail.com\nX-Original-To: {mine}\nX-Forwarded-To: {other}", "{other}"),
    ("X-Forwarded-To: {mine}\nX-Forwarded-To: {other}\n" + RECEIVED.format("{other}"), "{other}"),
    (RECEIVED.format("{mine}") + "\n" + RECEIVED.format("{other}"), "{other}, {mine}"),
    ("Received: from mx (for <{other}>) by mx2 for <{mine}>; Tue, 24 Nov 2026 11:00:00 +0900", "{other}"),
    ("Reply-To: {other}\nX-To: {other}\nResent-To: {other}", '"{other}" <{mine}> ({other})'),
    ("Delivered-To: {mine}, {unknown}", "{other}"),
    ("Delivered-To: {mine}, {former}", "{other}"),
    ("Delivered-To: {mine}\nMessage-ID: <{other}>\nIn-Reply-To: <{other}>", ELSEWHERE),
)
"""Fields above those of Lancers and the To field of mails that are the member's."""
DROPPED: Final = (
    ("Delivered-To: {mine}, {other}", "{mine}", MailOutcome.SEVERAL_RECIPIENTS),
    ("X-Forwarded-To: {other}, {mine}", "{mine}", MailOutcome.SEVERAL_RECIPIENTS),
    ("Cc: {other}", "{mine}", MailOutcome.SEVERAL_RECIPIENTS),
    ("", "{mine}, {other}", MailOutcome.SEVERAL_RECIPIENTS),
    ("Delivered-To: {former}", "{mine}", MailOutcome.UNKNOWN_TOKEN),
    ("X-Original-To: {unknown}\nX-Forwarded-To: {mine}", "{mine}", MailOutcome.UNKNOWN_TOKEN),
    ("Envelope-To: {shortened}\nDelivered-To: {mine}", "{mine}", MailOutcome.UNKNOWN_TOKEN),
    (RECEIVED.format("{reversed}"), "{mine}", MailOutcome.UNKNOWN_TOKEN),
    ("X-Forwarded-To: box@example.jp", ELSEWHERE, MailOutcome.NO_RECIPIENT),
    ("Reply-To: {mine}\nBcc: {mine}\nX-To: {mine}", '"{mine}" <mika@example.com> ({mine})', MailOutcome.NO_RECIPIENT),
    ("Delivered-To: {mine}.evil.com\nX-Delivered-To: x{mine}", ELSEWHERE, MailOutcome.NO_RECIPIENT),
    ("Auto-Submitted: auto-replied\nDelivered-To: {mine}", "{mine}", MailOutcome.AUTOMATIC),
)
"""And what becomes of mails that are nobody's."""


@pytest.fixture
async def up(stage: Stage, tmp_path: Path) -> AsyncIterator[Stage]:
    """A bot whose operator has a mailbox, and which collects receipts until the mailbox asks for them."""
    stage.environ |= {"MAIL_ADDRESS": "box@example.jp", "MAIL_LMTP": f"unix:{tmp_path}/lmtp", "RECEIPT_WAIT": "5"}
    async with stage.open_bot():
        yield stage


@pytest.fixture
def arrivals(up: Stage) -> Arrivals:
    return Arrivals(up)


async def joined(up: Stage, arrivals: Arrivals, name: str) -> tuple[FakeUser, str]:
    """A member who has used a command before, and their address."""
    user = up.discord.add_user(name)
    await user.command("status")
    return user, await arrivals.address_of(user)


def token_of(address: str) -> str:
    return address.partition("+")[2].partition("@")[0]


class Case:
    """One member with all mails that come by their address, and by addresses that are like it."""

    def __init__(self, up: Stage, number: int, addresses: list[str], former: str) -> None:
        mine, other = addresses[number], addresses[(number + 1) % MEMBERS]
        token = token_of(mine)
        self._places = {
            "mine": mine,
            "MINE": mine.upper(),
            "other": other,
            "former": former,
            "unknown": UNKNOWN,
            "shortened": f"box+{token[:-1]}@example.jp",
            "reversed": f"box+{token[::-1]}@example.jp",
        }
        self._number = number
        self._sent_at = up.clock.now() - timedelta(hours=2)
        self.clients = {"共通商事"}
        shared = self._mail("共通商事", "Delivered-To: {mine}\nMessage-ID: <shared@lancers.co.jp>", "{other}")
        self.mails = [(shared, MailOutcome.TAKEN)] * 2
        self.tests = number % WAYS_OF_EACH
        for kind, (head, to) in enumerate(TAKEN):
            if kind % WAYS_OF_EACH == self.tests:
                self.clients.add(client := f"Studio{number:02}x{kind}")
                self.mails.append((self._mail(client, head, to), MailOutcome.TAKEN))
        for kind, (head, to, outcome) in enumerate(DROPPED):
            if kind % WAYS_OF_EACH == self.tests:
                self.mails.append((self._mail(f"捨てた{number:02}x{kind}", head, to), outcome))

    def _mail(self, client: str, head: str, to: str) -> bytes:
        """A mail whose text and subject, too, name the next member's address."""
        lines = "".join(f"{line}\r\n" for line in head.format(**self._places).splitlines())
        mail = notification(
            client,
            sent_at=self._sent_at,
            to=to.format(**self._places),
            body="Delivered-To: {other}\r\nTo: {other}\r\n".format(**self._places),
        )
        subject = "Subject: {other} ".format(**self._places) if "捨" in client else "Subject: "
        return lines.encode() + mail.replace(b"Subject: ", subject.encode(), 1)


@pytest.mark.slow
async def test_of_twenty_members_with_mixed_and_forged_headers_none_gets_anothers_mail(
    up: Stage, arrivals: Arrivals
) -> None:
    people = [await joined(up, arrivals, f"member{number}") for number in range(MEMBERS)]
    former = [address for _, address in people]
    users = [user for user, _ in people]
    for user in users:
        await arrivals.services.mail.replace_address(MemberId(user.user.id), now=up.clock.now())
    addresses = [await arrivals.address_of(user) for user in users]
    cases = [Case(up, number, addresses, former[number]) for number in range(MEMBERS)]

    mails = [mail for case in cases for mail in case.mails]
    random.Random(7).shuffle(mails)  # noqa: S311 — the same order in every run
    expected = Counter[str]()
    for start in range(0, len(mails), MEMBERS):
        portion = mails[start : start + MEMBERS]
        outcomes = await asyncio.gather(*(arrivals.take(mail) for mail, _ in portion))
        assert outcomes == [outcome for _, outcome in portion]
        expected.update(outcomes)
    assert arrivals.metrics.outcomes == expected
    await arrivals.notices.flush()

    owned = {(user.user.id, client): 1 for user, case in zip(users, cases, strict=True) for client in case.clients}
    for table in ("messages", "occurrences", "unconfirmed_messages JOIN messages USING (member_id, message_id)"):
        rows = await up.rows(
            f"SELECT DISTINCT member_id, client FROM {table} JOIN threads USING (member_id, thread_id)"
        )
        assert Counter((row[0], row[1]) for row in rows) == owned, table
    for rows in (
        await up.rows("SELECT member_id, client FROM threads"),
        await up.rows("SELECT member_id, client FROM messages JOIN threads USING (member_id, thread_id)"),
        await up.rows(
            "SELECT DISTINCT cards.member_id, client FROM cards JOIN card_items USING (discord_message_id) JOIN messages"
            " ON messages.member_id = card_items.member_id AND messages.message_id = card_items.message_id"
            " JOIN threads ON threads.member_id = messages.member_id AND threads.thread_id = messages.thread_id"
        ),
    ):
        assert Counter((row[0], row[1]) for row in rows) == owned
    counted = await up.rows("SELECT member_id, mails FROM mail_days")
    assert {row[0]: row[1] for row in counted} == {
        user.user.id: len(case.clients) for user, case in zip(users, cases, strict=True)
    }
    for number, user in enumerate(users):
        shown = "".join(text_of(message) for message in user.bot_messages())
        assert {other for other in range(MEMBERS) if f"Studio{other:02}x" in shown} == {number}
        assert "共通商事" in shown
        assert "捨" not in shown


async def test_two_members_whom_the_mail_server_hands_the_same_mail_each_get_a_receipt(
    up: Stage, arrivals: Arrivals
) -> None:
    people = [await joined(up, arrivals, name) for name in ("ken", "ren")]
    mail = notification("共通商事", sent_at=up.clock.now() - timedelta(hours=1))
    for _, address in people:
        assert await arrivals.intake.take(IncomingMail(mail, address)) is MailOutcome.TAKEN
    await arrivals.notices.flush()
    rows = await up.rows("SELECT member_id, client FROM messages JOIN threads USING (member_id, thread_id)")
    assert {tuple(row) for row in rows} == {(user.user.id, "共通商事") for user, _ in people}
    receipts = [message for user, _ in people for message in user.bot_messages()]
    assert len({message.body["nonce"] for message in receipts}) == len(receipts) == 2


MEMBER_TABLES: Final = (
    "members",
    "threads",
    "messages",
    "occurrences",
    "mail_addresses",
    "mail_paths",
    "mail_days",
    "unconfirmed_messages",
    "cards",
    "changes",
)


async def rows_of(up: Stage, user: FakeUser) -> dict[str, Counter[str]]:
    """Everything stored of a member."""
    return {
        table: Counter(
            str(tuple(row)) for row in await up.rows(f"SELECT * FROM {table} WHERE member_id = $1", user.user.id)
        )
        for table in MEMBER_TABLES
    }


def without(mail: bytes, name: bytes) -> bytes:
    """A mail without a field of Lancers'."""
    return b"\r\n".join(line for line in mail.split(b"\r\n") if not line.startswith(name + b": "))


REPLAYS: Final[dict[str, Callable[[bytes, bytes], bytes]]] = {
    "as it is": lambda mail, _to: mail,
    "another To above": lambda mail, to: b"To: " + to + b"\r\n" + mail,
    "another To in place of its own": lambda mail, to: b"To: " + to + b"\r\n" + without(mail, b"To"),
    "another To in its own": lambda mail, to: mail.replace(b"\r\nTo: ", b"\r\nTo: " + to + b", "),
    "no To": lambda mail, _to: without(mail, b"To"),
    "sent on by its reader": lambda mail, to: b"Resent-To: " + to + b"\r\nX-Forwarded-To: " + to + b"\r\n" + mail,
}
"""What another member, whose mail it was, can do to a mail that Lancers signed."""


@pytest.mark.slow
async def test_a_signed_mail_of_another_member_is_not_verified(up: Stage, arrivals: Arrivals) -> None:
    async def take(address: str, mail: bytes, *, by_mail_server: bool = False) -> None:
        delivered = b"Delivered-To: " + address.encode() + b"\r\n" + mail
        one = IncomingMail(mail, address) if by_mail_server else IncomingMail(delivered)
        assert await arrivals.intake.take(one) is MailOutcome.TAKEN
        await arrivals.notices.flush()

    def signed(client: str, to: str, sender: str) -> bytes:
        sent = notification(client, sent_at=up.clock.now() - timedelta(hours=1), to=to, sender=sender)
        return sign_mail(sent, b"lancers.co.jp")

    (mika, mikas), (ken, kens) = [await joined(up, arrivals, name) for name in ("mika2", "ken")]
    for user, address in ((mika, mikas), (ken, kens)):
        await take(address, signed("制作会社A", f"{user.user.name}@example.com", "noreply@lancers.co.jp"))
        receipt = await user.next_bot_message()
        assert shows(text_of(receipt), "receipt-unconfirmed")
        await user.click(receipt, says("action-from-lancers"))
    clients = []
    for number, (name, by_mail_server) in enumerate(product(REPLAYS, (False, True))):
        clients.append(client := f"制作会社{number}号")
        mail = signed(client, "mika2@example.com", f"info@n{number}.lancers.co.jp")
        await take(mikas, mail)
        assert not shows(text_of(await mika.next_bot_message()), "receipt-unconfirmed"), "of mika it is verified"
        before = await rows_of(up, mika)
        await take(kens, REPLAYS[name](mail, b"ken@example.com"), by_mail_server=by_mail_server)
        assert shows(text_of(await ken.next_bot_message()), "receipt-unconfirmed"), name
        assert await rows_of(up, mika) == before
        assert mika.drain_bot_messages() == []
    marked = "SELECT client FROM unconfirmed_messages JOIN messages USING (member_id, message_id)"
    rows = await up.rows(f"{marked} JOIN threads USING (member_id, thread_id) WHERE member_id = $1", ken.user.id)
    assert Counter(row[0] for row in rows) == Counter(clients)
