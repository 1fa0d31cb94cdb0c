"""Conversations on other sites than Lancers, and the links to the pages of those on it."""

from email.message import EmailMessage
from typing import Any

import pytest

from bot.fake_discord.state import Message
from bot.fake_discord.users import buttons_of, text_of
from tests.helpers.scenarios import recorded
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


CLIENT = "制作会社A"


def mail(sender: str, subject: str, body: str = "本文", *, html: str | None = None) -> bytes:
    message = EmailMessage()
    message["From"] = sender
    message["Subject"] = subject
    message["Date"] = "Tue, 24 Nov 2026 09:12:34 +0900"
    message.set_content(body)
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


async def send(up: Stage, data: bytes) -> Message:
    await up.mika.write(files=[("m.eml", data)])
    return await up.mika.next_bot_message()


async def mark(up: Stage, card: Message, action: str) -> Message:
    [[number]] = await up.rows("SELECT min(message_id) FROM messages")
    return (await up.mika.click_custom_id(card, f"press:message:{number}:{action}")).message


def links(message: Message) -> list[str]:
    """The addresses of the buttons that are links."""
    found: list[str] = []

    def search(node: Any) -> None:
        if isinstance(node, list):
            for each in node:
                search(each)
        elif isinstance(node, dict):
            found.extend([node["url"]] if node.get("style") == 5 else [])
            search(list(node.values()))

    search(message.body.get("components", []))
    return found


async def exchanges(up: Stage) -> int:
    [[count]] = await up.rows("SELECT count(*) FROM exchanges")
    return int(count)


async def test_the_mark_takes_replies_out_of_the_rate_and_back(up: Stage) -> None:
    receipt = await recorded(up)
    await up.mika.click(receipt, says("action-now"))
    assert await exchanges(up) == 1
    marked = await mark(up, receipt, "other-site")
    assert await exchanges(up) == 0
    assert shows(text_of(marked), "shown-answered-elsewhere")
    await mark(up, receipt, "other-site")  # twice is once
    history = (await up.mika.command("history")).message
    await up.mika.click(history, says("action-revert"))
    assert await exchanges(up) == 1, "an undo takes the mark back"


async def test_of_a_closing_message_nothing_is_said_to_count(up: Stage) -> None:
    await up.mika.forward("ありがとうございました。", posted_at=up.at(11))
    receipt = await up.mika.next_bot_message()
    assert shows(text_of(receipt), "receipt-looks-final")
    assert not shows(text_of(await mark(up, receipt, "other-site")), "receipt-looks-final")


@pytest.mark.both_engines
async def test_reminders_yes_rate_no(up: Stage) -> None:
    receipt = await recorded(up, "制作会社A様 昨日 17:00")
    marked = await mark(up, receipt, "other-site")
    assert shows(text_of(marked), "thread-other-site")
    assert links(marked) == []
    up.news()
    await up.live_to(up.at(13))
    [news] = up.news()
    assert shows(text_of(news), "reminder-title", count=1, overdue=0)
    pending = (await up.mika.command("pending")).text
    assert shows(pending, "thread-other-site")
    await up.move_to(up.at(18))
    await up.mika.click(news, says("action-now"))
    assert await exchanges(up) == 0
    replied = await up.rows("SELECT count(*) FROM messages WHERE direction = 'sent'")
    assert [list(row) for row in replied] == [[1]], "a late reply is not asked about"


async def test_its_late_receipts_do_not_speak_of_the_rate(up: Stage) -> None:
    await recorded(up, "制作会社A様 昨日 8:00")
    receipt = await recorded(up, "制作会社A様 昨日 9:00")
    marked = await mark(up, receipt, "other-site")
    assert shows(text_of(marked), "receipt-closed-other-site")
    assert says("action-new-thread") not in buttons_of(marked)
    check = (await up.mika.command("check", client=CLIENT)).text
    assert shows(check, "check-card-overdue-other-site")
    assert not shows(check, "advice-neutral")
    await up.mika.click(marked, says("action-dismiss"))
    history = (await up.mika.command("history")).text
    assert shows(history, "reason-dismissed-other-site")
    assert not shows(history, "reason-dismissed")


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("sender", "site"),
    [
        ("クラウドワークス <no-reply@crowdworks.jp>", "クラウドワークス"),
        ("ココナラ <noreply@mail.coconala.com>", "ココナラ"),
    ],
)
async def test_a_mail_of_another_site_is_offered(up: Stage, sender: str, site: str) -> None:
    await recorded(up)  # the client of that name on Lancers
    question = await send(up, mail(sender, "メッセージが届きました"))
    assert shows(text_of(question), "question-other-site", site=site)
    form = await up.mika.click(question, says("draft-remind-of-it"))
    receipt = (await up.mika.submit_modal(form, CLIENT, site)).message
    assert shows(text_of(receipt), "thread-other-site")
    rows = await up.rows("SELECT client, title, site FROM threads ORDER BY thread_id")
    assert [list(row) for row in rows] == [[CLIENT, None, "lancers"], [CLIENT, site, "other"]]
    [[planned]] = await up.rows("SELECT count(*) FROM occurrences WHERE state = 'planned' AND kind = 'lead'")
    assert planned > 1


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    "sender", ["x <a@crowdworks.jp.example.com>", "x <a@notcrowdworks.jp>", "友人 <a@example.com>"]
)
async def test_any_other_mail_is_none_of_them(up: Stage, sender: str) -> None:
    assert shows(text_of(await send(up, mail(sender, "メッセージが届きました"))), "mail-not-lancers")


LANCERS = "ランサーズ事務局 <noreply@lancers.co.jp>"
SUBJECT = "制作会社Aさんからのメッセージ受信通知"


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("body", "page"),
    [
        ("https://www.lancers.jp/message/12345?token=abc#x", "/message/12345"),
        ("ご確認ください。 https://lancers.jp/work/detail/678 以上", "/work/detail/678"),
        ("https://www.lancers.jp/message/1 と https://www.lancers.jp/work/detail/2", "/message/1"),
        ("https://www.lancers.jp/message/1 https://www.lancers.jp/message/2", "/message"),
        ("http://www.lancers.jp/message/1", "/message"),
        ("https://www.lancers.jp.example.com/message/1", "/message"),
        ("https://www.lancers.jp@example.com/message/1", "/message"),
        ("https://example.com/?u=https://www.lancers.jp/message/1", "/message"),
        ("https://www.lancers.jp/message/1/a8f3c0de77bb4411a8f3c0de77bb4411", "/message"),
        ("https://www.lancers.jp/user/login/auto/9", "/message"),
        ("本文", "/message"),
    ],
)
async def test_the_page_is_linked_where_it_is_known(up: Stage, body: str, page: str) -> None:
    receipt = await send(up, mail(LANCERS, SUBJECT, body))
    assert links(receipt) == [f"https://www.lancers.jp{page}"]
    pending = (await up.mika.command("pending")).message
    [[number]] = await up.rows("SELECT max(message_id) FROM messages")
    window = (await up.mika.click_custom_id(pending, f"press:window:{number}:open")).message
    assert links(window) == [f"https://www.lancers.jp{page}"]


async def test_a_mail_keeps_page_and_source_through_its_questions(up: Stage) -> None:
    """Who wrote it, by a word that may be no name, and whether that is a new client."""
    unclear = mail(LANCERS, "[ランサーズ] 謎のお知らせ", "https://www.lancers.jp/message/12345")
    assert shows(text_of(await send(up, unclear)), "question-unknown-mail")
    await up.mika.write("海山")
    question = await up.mika.next_bot_message()
    assert shows(text_of(question), "question-new-client")
    receipt = (await up.mika.click(question, says("draft-new-client", client="海山"))).message
    assert says("source-mail") in text_of(receipt)
    assert links(receipt) == ["https://www.lancers.jp/message/12345"]


async def test_a_link_of_html_is_read_and_no_address_is_stored_whole(up: Stage) -> None:
    html = '<a href="https://www.lancers.jp/message/77?utm_source=mail&amp;key=SECRETKEY">開く</a>'
    receipt = await send(up, mail(LANCERS, SUBJECT, html=html))
    assert links(receipt) == ["https://www.lancers.jp/message/77"]
    assert b"SECRETKEY" not in await up.raw()


@pytest.mark.both_engines
async def test_a_csv_says_the_site(up: Stage) -> None:
    csv = (
        "thread,direction,sent_at,site\n"
        "甲,received,2026-11-20T09:00:00+09:00,other\n甲,sent,2026-11-20T10:00:00+09:00,\n"
        "乙,received,2026-11-20T09:00:00+09:00,\n乙,sent,2026-11-20T10:00:00+09:00,ランサーズ\n"
    )
    offered = (await up.mika.command("import", file=("history.csv", csv.encode()))).message
    await up.mika.click(offered, says("action-confirm"))
    assert await exchanges(up) == 1
    exported = (await up.mika.command("export")).files["history.csv"].decode("utf-8-sig").splitlines()
    assert exported[0] == "thread,direction,sent_at,kind,client,title,site"
    assert sum(line.endswith(",other") for line in exported) == 2
