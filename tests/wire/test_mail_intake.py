"""Mails that arrive by themselves, from the intake to the direct message: whose they are, how often, who sent them."""

import asyncio
import smtplib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from bot.discord_app.timeouts import Timeouts
from bot.domain.types import MemberId
from bot.errors import StorageError
from bot.fake_discord.api_errors import CANNOT_SEND_TO_USER
from bot.fake_discord.users import text_of
from bot.mail.intake import IncomingMail, MailOutcome
from bot.mail.lmtp import LmtpLimits, lmtp_served
from bot.mail.mailbox import MailboxReader
from bot.services.container import Services
from bot.settings import read_defaults
from storage import members
from tests.helpers.amounts import others_slow
from tests.helpers.arriving_mails import MAILBOX, Arrivals, notification
from tests.helpers.mail_reading import FAST, OneProcess, until
from tests.helpers.memory_mailbox import MemoryMailbox
from tests.helpers.signed_mails import sign_mail
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

YES, NO = says("action-from-lancers"), says("action-not-lancers")
CONFIRMING = "https://mail-settings.google.com/mail/vf-abc"
CANCELLING = "https://mail-settings.google.com/mail/uf-abc"


@pytest.fixture
async def up(stage: Stage, tmp_path: Path) -> AsyncIterator[Stage]:
    """A bot whose operator has a mailbox."""
    stage.environ |= {"MAIL_ADDRESS": "box@example.jp", "MAIL_LMTP": f"unix:{tmp_path}/lmtp"}
    async with stage.open_bot():
        yield stage


@pytest.fixture
def arrivals(up: Stage) -> Arrivals:
    return Arrivals(up)


@pytest.fixture
async def address(up: Stage, arrivals: Arrivals) -> str:
    return await arrivals.address_of(up.mika)


def mail(up: Stage, address: str, client: str = "制作会社A", *, hours: int = 1, **options: Any) -> bytes:
    """A notification that a client wrote some hours ago."""
    return notification(
        client, sent_at=up.clock.now() - timedelta(hours=hours), head={"Delivered-To": address}, **options
    )


async def count_messages(up: Stage) -> int:
    [[count]] = await up.rows("SELECT count(*) FROM messages")
    assert isinstance(count, int)
    return count


async def test_a_guessed_token_finds_nobody(up: Stage, arrivals: Arrivals, address: str) -> None:
    token = address.partition("+")[2].partition("@")[0]
    for guess in (token[:-1], token + "a", token[::-1], "a" * 20, "%", "_" * 20, "*", token.replace(token[0], "_")):
        await arrivals.take(mail(up, f"box+{guess}@example.jp"))
    assert MailOutcome.TAKEN not in arrivals.metrics.outcomes
    assert await count_messages(up) == 0


async def test_a_receipt_whose_channel_cannot_be_stored_counts_as_sent(
    up: Stage, arrivals: Arrivals, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first message to the member: the database is away for a moment, and the card is one that stays live."""

    async def refuses(*_: object) -> None:
        raise StorageError("storage-unreachable")

    monkeypatch.setattr(members, "mark_dm_open", refuses)
    assert await arrivals.take(mail(up, address)) is MailOutcome.TAKEN
    receipt = await up.mika.next_bot_message()
    assert [row[0] for row in await up.rows("SELECT discord_message_id FROM cards")] == [receipt.id]


def request(address: str, text: str) -> bytes:
    """Gmail's request to confirm an address."""
    message = EmailMessage()
    message["Delivered-To"] = message["To"] = address
    message["From"] = "Gmail チーム <forwarding-noreply@google.com>"
    message["Subject"] = "(#123456789) Gmail の転送の確認 - mika@gmail.com からメールを受け取る"
    message.set_content(text)
    return message.as_bytes()


@pytest.mark.both_engines
async def test_a_request_to_confirm_comes_within_a_day_of_having_asked(
    up: Stage, arrivals: Arrivals, address: str
) -> None:
    up.clock.advance_to(up.at(12, days=1))
    assert await arrivals.take(request(address, f"{CANCELLING}\n{CONFIRMING}\n"), times=2) is MailOutcome.CONFIRMATION
    card = await up.mika.next_bot_message()
    assert shows(text_of(card), "mail-confirm", requester="`mika@gmail.com`")
    assert "123456789" in text_of(card)
    assert CONFIRMING in str(card.body)
    assert CANCELLING not in str(card.body)
    up.clock.advance_to(up.at(12, 1, days=1))
    assert await arrivals.take(request(address, CONFIRMING)) is MailOutcome.UNASKED_CONFIRMATION
    await arrivals.address_of(up.mika)
    assert await arrivals.take(request(address, CONFIRMING + " ")) is MailOutcome.CONFIRMATION
    await up.mika.next_bot_message()
    assert up.news() == []
    assert (await arrivals.services.mail.overview(MemberId(up.mika.user.id), now=up.clock.now())).address is not None


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    "link", [CANCELLING, CONFIRMING.replace("google.com", "google.com.evil.jp"), "http" + CONFIRMING[5:]]
)
async def test_a_forged_request_has_no_link(up: Stage, arrivals: Arrivals, address: str, link: str) -> None:
    assert await arrivals.take(request(address, f"{link}\n")) is MailOutcome.CONFIRMATION
    card = await up.mika.next_bot_message()
    assert "123456789" in text_of(card)
    assert "/mail/" not in str(card.body)
    assert "evil" not in str(card.body)


async def test_no_link_is_opened(up: Stage, arrivals: Arrivals, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    loop = asyncio.get_running_loop()
    look_up = loop.getaddrinfo

    async def note(host: object, *arguments: Any, **options: Any) -> Any:
        asked.append(host)
        return await look_up(host, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "getaddrinfo", note)
    await arrivals.take(request(address, CONFIRMING))
    await up.mika.next_bot_message()
    assert [host for host in asked if host != "127.0.0.1"] == []


@pytest.mark.parametrize("client", ["制作会社A", None])
async def test_the_same_mail_twice(up: Stage, arrivals: Arrivals, address: str, client: str | None) -> None:
    one = mail(up, address) if client else mail(up, address).replace("コメントが届いています".encode(), b"?")
    assert await arrivals.take(one, times=2) is MailOutcome.TAKEN
    await up.mika.next_bot_message()
    assert up.news() == []
    assert await count_messages(up) == (1 if client else 0)


@pytest.mark.both_engines
async def test_a_crash_between_the_record_and_its_receipt(
    up: Stage, arrivals: Arrivals, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = mail(up, address)

    async def dies(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(arrivals.notices, "send_outcomes", dies)
        with pytest.raises(asyncio.CancelledError):
            await arrivals.take(one)
    assert await count_messages(up) == 1
    assert up.news() == []
    await arrivals.take(one, times=2)
    assert shows(text_of(await up.mika.next_bot_message()), "receipt-unconfirmed")
    assert up.news() == []
    assert await count_messages(up) == 1
    assert await up.rows("SELECT 1 FROM unconfirmed_messages") == [(1,)]


@contextmanager
def discord_is_away(up: Stage) -> Iterator[None]:
    up.discord.faults.status("POST", r"/channels/\d+/messages", 503, times=1_000_000)
    yield
    up.discord.faults.planned.clear()


@contextmanager
def database_is_away(up: Stage) -> Iterator[None]:
    """Just when receipts are to be sent."""
    assert up.bot is not None

    async def refuses(*_: object) -> None:
        raise StorageError("storage-busy")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(up.bot.client.dm_handler.receipts, "_build_batch_card", refuses)
        yield


QUICK_TO_GIVE_UP = Timeouts(request_retry_delays=(), receipt_retry_delays=(0.01,))


def reader_of(up: Stage, arrivals: Arrivals, mailbox: MemoryMailbox) -> MailboxReader:
    return MailboxReader(
        mailbox.session,
        try_lock=OneProcess().try_lock,
        take=arrivals.intake.take,
        flush_notices=arrivals.notices.flush,
        clock=up.clock,
        timing=FAST,
    )


@pytest.mark.both_engines
@pytest.mark.parametrize("timeouts", [QUICK_TO_GIVE_UP])
@pytest.mark.parametrize(
    ("what", "away"),
    others_slow(
        [
            ("receipt", discord_is_away),
            ("receipt", database_is_away),
            ("question", discord_is_away),
            ("question", database_is_away),
            ("request", discord_is_away),
        ]
    ),
)
async def test_a_mail_stays_in_the_mailbox_until_its_member_can_be_told(
    up: Stage,
    arrivals: Arrivals,
    address: str,
    what: str,
    away: Callable[[Stage], AbstractContextManager[None]],
) -> None:
    await up.mika.command("status")  # a channel is opened only once in a while
    one = mail(up, address)
    if what == "question":
        one = one.replace("コメントが届いています".encode(), b"?")
    elif what == "request":
        one = request(address, CONFIRMING)
    outcome = MailOutcome.CONFIRMATION if what == "request" else MailOutcome.TAKEN
    mailbox = MemoryMailbox()
    mailbox.deliver(one)
    async with reader_of(up, arrivals, mailbox).running():
        with away(up):
            await until(lambda: arrivals.metrics.outcomes[outcome] > 2)
            assert len(mailbox.inbox) == 1
            assert up.news() == []
        await until(lambda: not mailbox.inbox)
    assert arrivals.metrics.outcomes.keys() == {outcome}
    await up.mika.next_bot_message()
    assert up.news() == []
    assert await count_messages(up) == (what == "receipt")
    assert len(await up.rows("SELECT 1 FROM drafts")) == (what == "question")
    assert await up.rows("SELECT mails FROM mail_days") == [(1,)]


@pytest.mark.parametrize("timeouts", [QUICK_TO_GIVE_UP])
async def test_what_was_told_is_not_told_again_where_another_members_receipt_could_not_be_sent(
    up: Stage, arrivals: Arrivals, address: str
) -> None:
    ken = up.discord.add_user("ken")
    for user in (up.mika, ken):
        await user.command("status")  # a channel is opened only once in a while
    mailbox = MemoryMailbox()
    mailbox.deliver(mail(up, address), mail(up, await arrivals.address_of(ken)))
    up.discord.faults.status("POST", rf"/channels/{ken.dm.id}/messages", 503, times=1_000_000)
    async with reader_of(up, arrivals, mailbox).running():
        await until(lambda: len(mailbox.inbox) == 1 and arrivals.metrics.outcomes[MailOutcome.TAKEN] > 4)
        up.discord.faults.planned.clear()
        await until(lambda: not mailbox.inbox)
    assert len(up.mika.bot_messages()) == len(ken.bot_messages()) == 1
    up.news()


@pytest.mark.both_engines
@pytest.mark.parametrize("what", ["closed", "erased"])
async def test_a_receipt_that_can_never_be_sent_keeps_no_mail(
    up: Stage, arrivals: Arrivals, address: str, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    member_id = MemberId(up.mika.user.id)
    assert up.bot is not None
    receipts = up.bot.client.dm_handler.receipts
    if what == "closed":
        up.discord.faults.dm_blocked[up.mika.user.id] = CANNOT_SEND_TO_USER
    else:
        receipts._batcher.wait = 5

        async def erase() -> None:
            await arrivals.services.erasure.erase(member_id, now=up.clock.now())

        interrupted(receipts, "add", erase, monkeypatch)
    mailbox = MemoryMailbox()
    mailbox.deliver(mail(up, address))
    async with reader_of(up, arrivals, mailbox).running():
        await until(lambda: not mailbox.inbox)
    assert arrivals.metrics.outcomes == {MailOutcome.TAKEN: 1}
    assert up.news() == []


@pytest.mark.both_engines
async def test_a_mail_is_removed_whose_member_is_erased_just_after_its_receipt_was_sent(
    up: Stage, arrivals: Arrivals, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they wrote beside it is noted as read only then."""
    assert up.bot is not None
    up.bot.client.dm_handler.receipts._batcher.wait = 5

    async def erase() -> None:
        await arrivals.services.erasure.erase(MemberId(up.mika.user.id), now=up.clock.now())

    interrupted(arrivals.services.members, "set_last_read", erase, monkeypatch)
    await up.mika.write("制作会社B様 昨日 10:00")
    while await count_messages(up) == 0:  # noqa: ASYNC110 — another's doing
        await asyncio.sleep(0.01)
    mailbox = MemoryMailbox()
    mailbox.deliver(mail(up, address))
    async with reader_of(up, arrivals, mailbox).running():
        await until(lambda: not mailbox.inbox)
    assert arrivals.metrics.outcomes == {MailOutcome.TAKEN: 1}
    up.news()


@pytest.mark.both_engines
async def test_a_member_whom_another_process_erased_gets_no_receipt(
    up: Stage, arrivals: Arrivals, address: str
) -> None:
    assert up.bot is not None
    receipts, database = up.bot.client.dm_handler.receipts, arrivals.services.database
    receipts._batcher.wait = 5
    incoming = IncomingMail(mail(up, address))
    await arrivals.intake.take(incoming)
    other = Services(database, read_defaults({}), lambda: None)
    await other.erasure.erase(MemberId(up.mika.user.id), now=up.clock.now())
    await receipts.flush()
    assert up.news() == []
    assert (incoming.progress.pending, incoming.progress.has_unsent) == (0, False)


QUESTIONS = {
    "record": "制作会社A さんから ロゴ制作 のコメントが届いています",
    "when": "?",
    "contract": "ロゴ制作 に関するプロジェクトが成立しました",
}


@pytest.mark.parametrize("subject", QUESTIONS.values(), ids=QUESTIONS)
async def test_a_mail_that_is_read_again_after_a_crash_counts_once(
    up: Stage, arrivals: Arrivals, address: str, monkeypatch: pytest.MonkeyPatch, subject: str
) -> None:
    one = mail(up, address).replace(QUESTIONS["record"].encode(), subject.encode())

    async def dies(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(arrivals.notices, "send_outcomes", dies)
        with pytest.raises(asyncio.CancelledError):
            await arrivals.take(one)
    assert up.news() == []
    await arrivals.take(one, times=2)
    await up.mika.next_bot_message()
    assert up.news() == []
    assert await up.rows("SELECT mails FROM mail_days") == [(1,)]


def signed(up: Stage, address: str, client: str, **options: Any) -> bytes:
    """A mail that Lancers signed, and that was then delivered to an address."""
    sent = notification(client, sent_at=up.clock.now() - timedelta(hours=1), **options)
    return f"Delivered-To: {address}\r\n".encode() + sign_mail(sent, b"lancers.co.jp")


async def test_a_verified_mail_needs_no_confirmation(up: Stage, arrivals: Arrivals, address: str) -> None:
    await arrivals.take(signed(up, address, "制作会社A"))
    first = await up.mika.next_bot_message()
    assert shows(text_of(first), "receipt-unconfirmed")  # to whom Lancers writes is not confirmed yet
    await up.mika.click(first, YES)
    for client, options, is_marked in (
        ("制作会社B", {"sender": "info@lancers.co.jp"}, False),
        ("制作会社C", {"sender": "a@new.lancers.co.jp"}, False),
        ("制作会社D", {"sender": "a@newer.lancers.co.jp", "to": "ken@example.com"}, True),
        ("制作会社E", {"sender": "a@newest.lancers.co.jp", "to": "mika@example.com, ken@example.com"}, True),
    ):
        await arrivals.take(signed(up, address, client, **options))
        receipt = await up.mika.next_bot_message()
        assert client in text_of(receipt)
        assert shows(text_of(receipt), "receipt-unconfirmed") is is_marked, client


async def test_a_contact_request_of_a_refused_path_is_asked_about(up: Stage, arrivals: Arrivals, address: str) -> None:
    await arrivals.take(mail(up, address))
    await up.mika.click(await up.mika.next_bot_message(), NO)
    subject = "制作会社B さんから ロゴ制作 のコメントが届いています"
    request_mail = mail(up, address, "制作会社B").replace(subject.encode(), "連絡催促が届きました".encode())
    await arrivals.take(request_mail, times=2)
    question = await up.mika.next_bot_message()
    assert await count_messages(up) == 0
    answer = await up.mika.click(question, says("action-contact-request"))
    assert await up.rows("SELECT kind FROM messages") == [("contact_request",)], answer.text
    assert up.news() == []


Interrupt = Callable[[], Awaitable[object]]


def interrupted(service: object, name: str, interrupt: Interrupt, patch: pytest.MonkeyPatch) -> None:
    """Let something happen just after the method of a service."""
    original = getattr(service, name)

    async def then(*arguments: Any, **options: Any) -> Any:
        returned = await original(*arguments, **options)
        await interrupt()
        return returned

    patch.setattr(service, name, then)


@pytest.mark.parametrize(
    ("after", "outcome"), [("find_addresses", MailOutcome.OVER_LIMIT), ("note_arrival", MailOutcome.REFUSED)]
)
@pytest.mark.parametrize("text", ["コメントが届いています", "?"])
async def test_a_member_who_is_erased_meanwhile_does_not_come_back(
    up: Stage,
    arrivals: Arrivals,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    after: str,
    outcome: MailOutcome,
    text: str,
) -> None:
    member_id = MemberId(up.mika.user.id)
    await arrivals.services.mail.start_test(member_id, now=up.clock.now())
    one = mail(up, address).replace("コメントが届いています".encode(), text.encode())

    async def erase() -> None:
        await arrivals.services.erasure.erase(member_id, now=up.clock.now())

    interrupted(arrivals.services.mail, after, erase, monkeypatch)
    assert await arrivals.take(one) is outcome
    for table in (
        "members",
        "threads",
        "messages",
        "mail_addresses",
        "mail_paths",
        "mail_days",
        "unconfirmed_messages",
    ):
        assert await up.rows(f"SELECT 1 FROM {table} WHERE member_id = $1", member_id) == [], table
    assert up.news() == []


async def test_the_address_is_replaced_meanwhile(
    up: Stage, arrivals: Arrivals, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    member_id = MemberId(up.mika.user.id)
    interrupted(
        arrivals.services.mail,
        "find_addresses",
        lambda: arrivals.services.mail.replace_address(member_id, now=up.clock.now()),
        monkeypatch,
    )
    assert await arrivals.take(mail(up, address)) is MailOutcome.OVER_LIMIT
    assert await arrivals.take(request(address, CONFIRMING)) is MailOutcome.UNKNOWN_TOKEN
    assert await count_messages(up) == 0


@pytest.mark.both_engines
async def test_of_a_blocked_member_nothing_is_recorded(up: Stage, arrivals: Arrivals, address: str) -> None:
    await up.rows("INSERT INTO blocked_users (user_id, blocked_at) VALUES ($1, 1)", up.mika.user.id)
    assert await arrivals.take(mail(up, address)) is MailOutcome.REFUSED
    await arrivals.take(request(address, CONFIRMING))
    assert await count_messages(up) == 0
    assert up.news() == []


async def test_while_paused_nothing_is_recorded(up: Stage, arrivals: Arrivals, address: str) -> None:
    await arrivals.services.mail.set_recording_paused(MemberId(up.mika.user.id), up.clock.now())
    assert await arrivals.take(mail(up, address)) is MailOutcome.PAUSED
    assert await count_messages(up) == 0
    assert up.news() == []
    assert await arrivals.take(request(address, CONFIRMING)) is MailOutcome.CONFIRMATION
    assert "123456789" in text_of(await up.mika.next_bot_message())


@pytest.mark.both_engines
async def test_a_day_has_a_limit_of_mails(up: Stage, arrivals: Arrivals, address: str) -> None:
    await arrivals.take(mail(up, address, "制作会社A"))
    await up.mika.next_bot_message()
    await up.rows("UPDATE mail_days SET mails = 299")
    await arrivals.take(request(address, CONFIRMING))
    assert "123456789" in text_of(await up.mika.next_bot_message())
    assert await arrivals.take(mail(up, address, "制作会社B")) is MailOutcome.OVER_LIMIT
    assert await arrivals.take(request(address, CONFIRMING + " ")) is MailOutcome.OVER_LIMIT
    assert await count_messages(up) == 1
    assert up.news() == []
    up.clock.advance_to(up.at(0, 1, days=1))
    assert await arrivals.take(mail(up, address, "制作会社B")) is MailOutcome.TAKEN


@pytest.mark.both_engines
async def test_a_repetition_on_a_path_of_its_own_counts_towards_the_limit_of_a_day(
    up: Stage, arrivals: Arrivals, address: str
) -> None:
    one = mail(up, address)
    await arrivals.take(one, times=2)
    await up.mika.next_bot_message()
    await arrivals.take(b"Return-Path: <a@other.example>\n" + one, times=2)
    assert await up.rows("SELECT mails FROM mail_days") == [(2,)]
    await up.rows("UPDATE mail_days SET mails = 300")
    assert await arrivals.take(b"Return-Path: <a@third.example>\n" + one) is MailOutcome.OVER_LIMIT
    assert await up.rows("SELECT count(*) FROM mail_paths") == [(2,)]
    assert up.news() == []


@pytest.mark.both_engines
@pytest.mark.parametrize("timeouts", [QUICK_TO_GIVE_UP])
async def test_the_receipt_of_the_last_mail_within_the_limit_is_sent_later(
    up: Stage, arrivals: Arrivals, address: str
) -> None:
    await up.mika.command("status")  # a channel is opened only once in a while
    mailbox = MemoryMailbox()
    mailbox.deliver(mail(up, address))
    async with reader_of(up, arrivals, mailbox).running():
        with discord_is_away(up):
            await until(lambda: arrivals.metrics.outcomes.total() > 0)
            await up.rows("UPDATE mail_days SET mails = 300")
            tries = arrivals.metrics.outcomes.total()
            await until(lambda: arrivals.metrics.outcomes.total() > tries + 1)
        await until(lambda: not mailbox.inbox)
    assert arrivals.metrics.outcomes.keys() == {MailOutcome.TAKEN}
    await up.mika.next_bot_message()
    assert await arrivals.take(mail(up, address, "制作会社B")) is MailOutcome.OVER_LIMIT


BOMBS = {
    "headers": b"X: a\r\n" * 3000,
    "parameters": b"Content-Type: text/plain;" + b"a*0=b;" * 10_000 + b"\r\n",
    "nested": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1000)),
}


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("bomb", BOMBS)
async def test_a_mail_that_would_take_long_is_dropped_and_counted(
    up: Stage, arrivals: Arrivals, address: str, bomb: str
) -> None:
    one = mail(up, address).replace(b"Content-Type:", BOMBS[bomb] + b"Content-Type:")
    assert await arrivals.take(one) is MailOutcome.UNREADABLE
    assert arrivals.metrics.outcomes == {MailOutcome.UNREADABLE: 1}
    assert await count_messages(up) == 0
    assert up.news() == []
    assert await up.rows("SELECT mails FROM mail_days") == [(1,)], "towards the limit of the day"
    await arrivals.services.mail.start_test(MemberId(up.mika.user.id), now=up.clock.now())
    assert await arrivals.take(one + b" ") is MailOutcome.UNREADABLE
    assert shows(text_of(await up.mika.next_bot_message()), "mail-test-received", sender="`lancers.co.jp`")


def is_test_result(text: str) -> bool:
    return shows(text, "mail-test-received", sender="`lancers.co.jp`")


@pytest.mark.both_engines
@pytest.mark.parametrize("failing", ["members.find", "recording.record_item", "mail.mark_unconfirmed", "mail.end_test"])
async def test_the_result_of_a_test_is_told_once_though_its_mail_has_to_be_taken_in_twice(
    up: Stage, arrivals: Arrivals, address: str, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    await arrivals.services.mail.start_test(MemberId(up.mika.user.id), now=up.clock.now())
    service, _, method = failing.partition(".")

    async def refuses(*_: object, **__: object) -> None:
        raise StorageError("storage-busy")

    one = mail(up, address)
    with monkeypatch.context() as patch:
        patch.setattr(getattr(arrivals.services, service), method, refuses)
        with pytest.raises(StorageError):
            await arrivals.take(one)
    await arrivals.take(one)
    await arrivals.take(mail(up, address, "制作会社B"))
    texts = [text_of(message) for message in up.news()]
    [result] = filter(is_test_result, texts)
    assert shows(result, "mail-test-recorded", count=1)
    assert sum(shows(text, "receipt-unconfirmed") for text in texts) == 2


@pytest.mark.parametrize("timeouts", [QUICK_TO_GIVE_UP])
async def test_the_result_of_a_test_that_could_not_be_sent_is_told_later(
    up: Stage, arrivals: Arrivals, address: str
) -> None:
    await up.mika.command("status")  # a channel is opened only once in a while
    await arrivals.services.mail.start_test(MemberId(up.mika.user.id), now=up.clock.now())
    mailbox = MemoryMailbox()
    mailbox.deliver(mail(up, address, sender="info@lancers.co.jp").replace("コメントが届いています".encode(), b"?"))
    async with reader_of(up, arrivals, mailbox).running():
        with discord_is_away(up):
            await until(lambda: arrivals.metrics.outcomes[MailOutcome.TAKEN] > 1)
        await until(lambda: not mailbox.inbox)
    await arrivals.take(mail(up, address, "制作会社B"))
    assert sum(is_test_result(text_of(message)) for message in up.news()) == 1


async def test_a_test_that_was_begun_anew_goes_on(up: Stage, arrivals: Arrivals, address: str) -> None:
    service, member_id, began = arrivals.services.mail, MemberId(up.mika.user.id), up.clock.now()
    await service.start_test(member_id, now=began)
    await service.start_test(member_id, now=began + timedelta(seconds=1))
    await service.end_test(member_id, began)
    await arrivals.take(mail(up, address))
    assert any(is_test_result(text_of(message)) for message in up.news())


async def test_a_mail_that_is_too_large_is_dropped_and_counted(up: Stage, arrivals: Arrivals, address: str) -> None:
    large = mail(up, address) + b"x" * (10 * 1024 * 1024)
    assert await arrivals.take(large) is MailOutcome.TOO_LARGE
    assert await arrivals.take(mail(up, address) + b"x" * (9 * 1024 * 1024)) is MailOutcome.TAKEN
    assert await count_messages(up) == 1


@pytest.mark.parametrize("method", ["find_addresses", "note_arrival", "mark_unconfirmed"])
async def test_where_the_database_refuses_the_mail_stays_and_is_taken_later(
    up: Stage, arrivals: Arrivals, address: str, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    async def refuses(*_: object, **__: object) -> None:
        raise StorageError("storage-busy")

    one = mail(up, address)
    with monkeypatch.context() as patch:
        patch.setattr(arrivals.services.mail, method, refuses)
        with pytest.raises(StorageError):
            await arrivals.take(one)
    assert up.news() == []
    assert await arrivals.take(one) is MailOutcome.TAKEN
    assert shows(text_of(await up.mika.next_bot_message()), "receipt-unconfirmed")
    assert await count_messages(up) == 1


async def test_a_mail_that_lmtp_refuses_as_too_large_is_counted(
    up: Stage, arrivals: Arrivals, address: str, tmp_path: Path
) -> None:
    def hand_over() -> int:
        with smtplib.LMTP(f"{tmp_path}/small", 0) as client:
            client.ehlo("mx.example.jp")
            client.mail("a@example.com")
            client.rcpt(address)
            return client.data(b"x\r\n" * 1000)[0]

    limits = LmtpLimits(mail_bytes=1000)
    async with lmtp_served(f"unix:{tmp_path}/small", arrivals.intake.take, mailbox=MAILBOX, limits=limits):
        assert await asyncio.to_thread(hand_over) == 552
    assert arrivals.metrics.outcomes == {MailOutcome.TOO_LARGE: 1}
    assert up.news() == []


@pytest.mark.both_engines
async def test_a_replayed_mail_opens_no_window_again(up: Stage, arrivals: Arrivals, address: str) -> None:
    one = signed(up, address, "制作会社A")
    await arrivals.take(one)
    await up.mika.click(await up.mika.next_bot_message(), YES)
    await up.mika.write("制作会社A様に返信しました")
    await up.mika.next_bot_message()
    for replay in (one, b"X: y\r\n" + one, one.replace(b"From:", b"Message-ID: <other@lancers.co.jp>\r\nFrom:")):
        assert await arrivals.take(replay) is MailOutcome.TAKEN
    assert await up.rows("SELECT 1 FROM occurrences WHERE state = 'planned'") == []


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    "field",
    ["Auto-Submitted: auto-replied", "Content-Type: multipart/report", f"From: {MAILBOX}", f"Sender: {MAILBOX}"],
)
async def test_an_automatic_reply_is_dropped_and_nothing_is_answered(
    up: Stage, arrivals: Arrivals, address: str, field: str
) -> None:
    assert await arrivals.take(f"{field}\r\n".encode() + mail(up, address)) is MailOutcome.AUTOMATIC
    assert await count_messages(up) == 0
    assert up.news() == []
