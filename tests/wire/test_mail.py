"""`/mail`, and the direct messages about mails that arrive by themselves."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from bot.discord_app.features.mail.cards import MAIL_PROVIDERS
from bot.discord_app.inbound.mail_notices import DirectMessageMailNotices
from bot.domain.types import Locale, MemberId
from bot.fake_discord.state import Message
from bot.fake_discord.users import FakeUser, InteractionResult, buttons_of, text_of
from bot.instrumentation import NULL_METRICS
from bot.mail import ports
from bot.mail.intake import IncomingMail, MailIntake, MailOutcome
from bot.mail.signatures import SignatureChecker
from bot.parsing.forwarding_confirmation import ForwardingConfirmation
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

MAILBOX = "box@example.jp"
YES, NO = says("action-from-lancers"), says("action-not-lancers")


class Unsigned(SignatureChecker):
    """No mail is signed."""

    async def is_signed(self, data: bytes) -> bool:
        del data
        return False


@pytest.fixture
async def up(stage: Stage, tmp_path: Path) -> AsyncIterator[Stage]:
    """A bot whose operator has a mailbox."""
    stage.environ |= {"MAIL_ADDRESS": MAILBOX, "MAIL_LMTP": f"unix:{tmp_path}/lmtp"}
    async with stage.open_bot():
        yield stage


def notices_of(up: Stage) -> DirectMessageMailNotices:
    assert up.bot is not None
    client = up.bot.client
    return DirectMessageMailNotices(client.sender, client.dm_handler.receipts)


async def arrive(
    up: Stage,
    address: str,
    client: str | None = "制作会社A",
    *,
    minutes: int = 5,
    sender: str = "noreply@lancers.co.jp",
) -> MailOutcome:
    """A mail arrives: Lancers' notification of a client's message, or any other mail (None)."""
    assert up.bot is not None
    subject = f"[ランサーズ] {client} さんから ロゴ制作 のコメントが届いています" if client else "こんにちは"
    sent_at = format_datetime(up.clock.now() - timedelta(minutes=minutes))
    mail = (
        f"Delivered-To: {address}\r\nFrom: <{sender}>\r\nTo: mika@example.com\r\nSubject: {subject}\r\n"
        f"Date: {sent_at}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n本文\r\n"
    )
    intake = MailIntake(
        up.bot.client.services, up.clock, notices_of(up), Unsigned([]), mailbox=MAILBOX, metrics=NULL_METRICS
    )
    return await intake.take(IncomingMail(mail.encode()))


async def guide(up: Stage, number: int = 1, user: FakeUser | None = None) -> Message:
    user = user or up.mika
    card = (await user.command("mail")).message
    if f"press:mail:0:mailbox:{number}" not in buttons_of(card).values():
        card = (await user.click_custom_id(card, "press:mail:0:mailbox:0")).message
    return (await user.click_custom_id(card, f"press:mail:0:mailbox:{number}")).message


def address_on(card: Message) -> str:
    found = re.search(r"```\n(box\+[a-z2-7]{20}@example\.jp)\n```", text_of(card))
    assert found is not None, text_of(card)
    return found[1]


async def press(up: Stage, card: Message, button: str) -> InteractionResult:
    return await up.mika.click_custom_id(card, button)


@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_each_mail_provider_has_a_guide_with_the_address(up: Stage, locale: Locale) -> None:
    ren = up.discord.add_user("ren", locale={"ja": "ja", "en": "en-US"}[locale])
    await ren.write("制作会社A様 今日 9:00" if locale == "ja" else "Acme Inc. today 9:00")
    await ren.next_bot_message()
    addresses = set()
    for number, provider in enumerate(MAIL_PROVIDERS, 1):
        card = await guide(up, number, ren)
        addresses.add(address_on(card))
        assert shows(text_of(card), f"mail-guide-{provider.name}", locale)
        if provider.page is None:
            assert shows(text_of(card), "mail-guide-unchecked", locale)
        else:
            assert shows(text_of(card), "mail-guide-checked", locale, page=provider.page, day="2026-11-29")
    assert len(addresses) == 1


async def test_from_nothing_to_a_recorded_mail_takes_one_tap(up: Stage) -> None:
    card = (await up.mika.command("mail")).message
    card = (await up.mika.click(card, says("mail-box-icloud"))).message
    assert await arrive(up, address_on(card)) is MailOutcome.TAKEN
    receipt = await up.mika.next_bot_message()
    assert "制作会社A" in text_of(receipt)
    assert says("action-now") in buttons_of(receipt)


async def test_what_came_is_shown(up: Stage) -> None:
    address = address_on(await guide(up))
    await arrive(up, address)
    up.clock.advance_to(up.at(12, 2))
    card = (await up.mika.command("mail")).message
    assert shows(text_of(card), "mail-last", count=1)
    await up.mika.next_bot_message()
    await up.mika.write("制作会社A様に返信しました")
    await up.mika.next_bot_message()
    up.clock.advance_to(up.at(12, days=8))
    card = (await up.mika.command("mail")).message
    assert shows(text_of(card), "mail-missing", days=8, replies=1)


async def test_it_is_said_that_no_mail_has_come_yet(up: Stage) -> None:
    await guide(up)
    card = (await up.mika.command("mail")).message
    assert shows(text_of(card), "mail-last-none")
    assert not shows(text_of(card), "mail-missing-first")
    up.clock.advance_to(up.at(13, days=2))
    assert shows((await up.mika.command("mail")).text, "mail-missing-first")


async def test_a_test_says_what_came(up: Stage) -> None:
    card = await guide(up)
    answer = await press(up, card, "press:mail:1:test")
    assert shows(answer.text, "mail-test-started")
    await arrive(up, address_on(answer.message), None, sender="ken@example.com")
    result = text_of(await up.mika.next_bot_message())
    assert shows(result, "mail-test-received", sender="`example.com`")
    assert says("mail-test-unsigned") in result
    assert says("mail-test-nothing") in result
    await arrive(up, address_on(answer.message), None, minutes=6, sender="ken@example.com")
    assert [text_of(m) for m in up.news()] == []


async def test_a_paused_address_takes_no_mail(up: Stage) -> None:
    address = address_on((await press(up, await guide(up), "press:mail:1:test")).message)
    card = (await press(up, (await up.mika.command("mail")).message, "press:mail:0:pause")).message
    assert shows(text_of(card), "mail-paused")
    assert not shows(text_of(card), "mail-test-waits")
    assert await arrive(up, address) is MailOutcome.PAUSED
    card = (await press(up, card, "press:mail:0:resume")).message
    assert shows(text_of(card), "mail-test-waits")
    assert await arrive(up, address) is MailOutcome.TAKEN


@pytest.mark.both_engines
@pytest.mark.parametrize("action", ["new-address", "remove-address"])
async def test_an_address_that_was_given_up_is_unknown(up: Stage, action: str) -> None:
    address = address_on(await guide(up))
    question = (await press(up, (await up.mika.command("mail")).message, f"press:mail:0:{action}")).message
    assert says(f"mail-{action}-question") in text_of(question)
    assert await arrive(up, address) is MailOutcome.TAKEN
    await press(up, question, f"press:mail:0:{action}:1")
    assert await arrive(up, address, minutes=9) is MailOutcome.UNKNOWN_TOKEN
    assert address_on(await guide(up)) != address


async def test_erasing_gives_up_the_address(up: Stage) -> None:
    address = address_on(await guide(up))
    assert up.bot is not None
    member_id = MemberId(up.mika.user.id)
    await up.bot.client.services.erasure.erase(member_id, now=up.clock.now())
    assert await arrive(up, address) is MailOutcome.UNKNOWN_TOKEN


async def test_a_confirmed_path_is_marked_no_more(up: Stage) -> None:
    address = address_on(await guide(up))
    await arrive(up, address, "制作会社A")
    first = await up.mika.next_bot_message()
    await arrive(up, address, "制作会社B")
    second = await up.mika.next_bot_message()
    assert shows(text_of(first), "receipt-unconfirmed")
    assert shows(text_of(second), "receipt-unconfirmed")
    answer = await up.mika.click(first, YES)
    assert not shows(answer.text, "receipt-unconfirmed")
    assert YES not in buttons_of(answer.message)
    await up.move_to(up.at(12, 5))
    assert not shows(text_of(second), "receipt-unconfirmed")
    assert shows(
        (await up.mika.click_custom_id(first, custom_id(first, "from-lancers"))).text, "mail-confirmed-already"
    )
    await arrive(up, address, "制作会社C")
    assert not shows(text_of(await up.mika.next_bot_message()), "receipt-unconfirmed")


def custom_id(card: Message, action: str) -> str:
    """The custom id that a button of the receipt had."""
    found = re.search(r"press:message:(\d+):", " ".join(buttons_of(card).values()))
    assert found is not None
    return f"press:message:{found[1]}:{action}"


async def count_messages(up: Stage) -> int:
    [[count]] = await up.rows("SELECT count(*) FROM messages")
    assert isinstance(count, int)
    return count


async def test_after_a_refused_mail_the_next_is_asked_about(up: Stage) -> None:
    address = address_on(await guide(up))
    await arrive(up, address)
    receipt = await up.mika.next_bot_message()
    answer = await up.mika.click(receipt, NO)
    assert list(buttons_of(answer.message)) == [says("action-restore")]
    assert await count_messages(up) == 0
    await arrive(up, address, "制作会社B", minutes=7)
    question = await up.mika.next_bot_message()
    assert shows(text_of(question), "question-uncertain-mail")
    assert "制作会社B" in text_of(question)
    assert await count_messages(up) == 0
    restored = await up.mika.click(answer.message, says("action-restore"))
    assert not shows(restored.text, "receipt-unconfirmed")


@pytest.mark.both_engines
async def test_a_question_can_be_answered_though_its_mail_was_read_twice(up: Stage) -> None:
    address = address_on(await guide(up))
    await arrive(up, address)
    await up.mika.click(await up.mika.next_bot_message(), NO)
    await arrive(up, address, "制作会社B", minutes=7)
    question = await up.mika.next_bot_message()
    await arrive(up, address, "制作会社C", minutes=6)  # so that SQLite does not give the id of the first draft again
    await up.mika.next_bot_message()
    await arrive(up, address, "制作会社B", minutes=7)
    asked = await up.mika.click(question, says("action-as-read"))
    await up.mika.click(asked.message, next(iter(buttons_of(asked.message))))  # that the client is new
    assert await up.rows("SELECT client FROM messages JOIN threads USING (member_id, thread_id)") == [("制作会社B",)]


async def test_no_recipient_is_confirmed_where_two_mails_of_a_path_differ(up: Stage) -> None:
    assert up.bot is not None
    mail, now, member = up.bot.client.services.mail, up.clock.now(), MemberId(up.mika.user.id)
    address = await mail.get_or_create_address(member, now=now)
    for recipient in ("ours", "forged", "ours"):
        arrived = await mail.note_arrival(address, "path", recipient, now=now)
    assert arrived is not None
    assert arrived.path.recipient is None


async def test_nobody_confirms_the_mail_of_another(up: Stage) -> None:
    address = address_on(await guide(up))
    await arrive(up, address)
    receipt = await up.mika.next_bot_message()
    ken = up.discord.add_user("ken")
    card = (await ken.command("mail")).message
    for action in ("from-lancers", "not-lancers"):
        answer = await ken.click_custom_id(card, custom_id(receipt, action))
        assert shows(answer.text, "mail-confirmed-already")
    assert shows(text_of(receipt), "receipt-unconfirmed")
    assert address_on(await guide(up, user=ken)) != address


@pytest.mark.both_engines
async def test_a_card_of_several_confirms_them(up: Stage) -> None:
    address = address_on(await guide(up))
    assert up.bot is not None
    up.bot.client.dm_handler.receipts._batcher.wait = 5
    notices = notices_of(up)
    await arrive(up, address, "制作会社A")
    await arrive(up, address, "制作会社B")
    notices._unsent.add(MemberId(up.mika.user.id))
    await notices.flush()
    card = await up.mika.next_bot_message()
    assert shows(text_of(card), "batch-unconfirmed", count=2)
    answer = await up.mika.click(card, YES)
    assert not shows(answer.text, "batch-unconfirmed")


async def test_a_request_to_confirm_is_passed_on(up: Stage) -> None:
    link = "https://mail-settings.google.com/mail/vf-abc"
    request = ForwardingConfirmation(code="123456789", link=link, requester="mika@gmail.com")
    await notices_of(up).send_confirmation(MemberId(up.mika.user.id), 7, request)
    card = await up.mika.next_bot_message()
    assert shows(text_of(card), "mail-confirm", requester="`mika@gmail.com`")
    assert "```\n123456789\n```" in text_of(card)
    assert link in str(card.body)
    await notices_of(up).send_confirmation(MemberId(up.mika.user.id), 7, request)
    assert up.news() == []


async def test_a_test_result_names_what_was_recorded(up: Stage) -> None:
    result = ports.TestResult(sender_domain="lancers.co.jp", is_signed=True, recorded=1, asked=1)
    await notices_of(up).send_test_result(MemberId(up.mika.user.id), 8, result)
    text = text_of(await up.mika.next_bot_message())
    assert says("mail-test-signed") in text
    assert says("mail-test-recorded", count=1) in text
    assert says("mail-test-asked", count=1) in text


async def test_the_welcome_leads_to_it(up: Stage) -> None:
    card = (await up.mika.command("start")).message
    card = (await up.mika.click(card, says("start-method-mail"))).message
    assert says("start-seen-mailbox-none") in text_of(card)
    card = (await up.mika.click(card, says("start-to-mail"))).message
    assert says("mail-box-gmail") in buttons_of(card)
    await arrive(up, address_on(await guide(up)))
    card = (await up.mika.command("start")).message
    assert shows((await up.mika.click(card, says("start-method-mail"))).text, "start-seen-mailbox")


async def test_without_a_mailbox_it_leads_to_the_inbox_channel(stage: Stage) -> None:
    async with stage.open_bot():
        card = (await stage.mika.command("mail")).message
        assert shows(text_of(card), "mail-bridge")
        answer = await stage.mika.click(card, says("mail-test"))
        assert says("start-seen-mail-unset") in answer.text
        answer = await stage.mika.click_custom_id(answer.message, "press:mail:0:mailbox:1")
        assert shows(answer.text, "mail-unavailable")
