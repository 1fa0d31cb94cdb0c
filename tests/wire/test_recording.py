"""Every way in which something reaches the bot by direct message, over the wire."""

import pytest

from bot.fake_discord.state import Message
from bot.fake_discord.users import buttons_of, selects_of, text_of
from tests.helpers.scenarios import eml, stamp
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


SUBJECT = "[ランサーズ] 制作会社A さんから ロゴ制作 のコメントが届いています"
MESSAGE_SUBJECT = "制作会社Aさんからのメッセージ受信通知"

GMAIL = """---------- Forwarded message ---------
差出人: ランサーズ事務局 <noreply@lancers.co.jp>
Date: 2026年11月24日(火) 9:12
Subject: 制作会社Aさんからのメッセージ受信通知
To: <mika@example.com>

本文"""


async def test_a_forwarded_notification_is_recorded_for_its_client_and_job(up: Stage) -> None:
    """The time is when it was posted, never when it was forwarded; the receipt names the thread."""
    await up.mika.forward(SUBJECT, posted_at=up.at(9, 12))
    receipt = text_of(await up.mika.next_bot_message())
    assert "制作会社A" in receipt
    assert "ロゴ制作" in receipt
    assert stamp(up, 9, 12) in receipt
    assert stamp(up, 9, 12, days=1) in receipt
    assert shows(receipt, "source-posted")


async def test_an_embed_of_a_mail_bridge_is_recognised(up: Stage) -> None:
    await up.mika.forward("", posted_at=up.at(9, 12), embeds=[{"type": "rich", "title": MESSAGE_SUBJECT}])
    assert "制作会社A" in text_of(await up.mika.next_bot_message())


async def test_a_forward_without_a_name_is_recorded_and_asks_whose_it_is(up: Stage) -> None:
    """Its reminders run at once; choosing a client moves it there."""
    await up.mika.forward(SUBJECT, posted_at=up.at(9, 0))
    await up.mika.next_bot_message()
    await up.mika.forward("いつ頃になりますか？", posted_at=up.at(9, 40))
    receipt = await up.mika.next_bot_message()
    assert stamp(up, 9, 40) in text_of(receipt)
    assert shows(text_of(receipt), "receipt-which-client")
    answer = await up.mika.select_option(receipt, "制作会社A「ロゴ制作」")
    assert not shows(answer.text, "receipt-which-client")
    assert (await up.mika.command("pending")).text.count("制作会社A") == 1


async def test_a_new_name_for_a_forward_comes_from_a_form(up: Stage) -> None:
    await up.mika.forward("いつ頃になりますか？", posted_at=up.at(9, 40))
    receipt = await up.mika.next_bot_message()
    form = await up.mika.select_option(receipt, says("choose-another"))
    answer = await up.mika.submit_modal(form, "スタジオB様", "バナー")
    assert "スタジオB" in answer.text
    assert "バナー" in answer.text


async def test_a_pasted_mail_uses_its_quoted_date(up: Stage) -> None:
    await up.mika.write(GMAIL)
    receipt = text_of(await up.mika.next_bot_message())
    assert stamp(up, 9, 12) in receipt
    assert shows(receipt, "source-quoted")


async def test_a_pasted_subject_alone_asks_for_the_time(up: Stage) -> None:
    """Nothing is recorded until the member has said when."""
    await up.mika.write(MESSAGE_SUBJECT)
    question = await up.mika.next_bot_message()
    assert shows(text_of(question), "question-time")
    assert shows((await up.mika.command("pending")).text, "pending-none")
    form = await up.mika.click(question, says("draft-enter-time"))
    answer = await up.mika.submit_modal(form, "今日 10:30")
    assert stamp(up, 10, 30) in answer.text
    assert "制作会社A" in (await up.mika.command("pending")).text


async def test_a_wrong_time_in_the_form_is_a_sentence_and_the_question_stays(up: Stage) -> None:
    await up.mika.write(MESSAGE_SUBJECT)
    question = await up.mika.next_bot_message()
    form = await up.mika.click(question, says("draft-enter-time"))
    answer = await up.mika.submit_modal(form, "明日 10:30")
    assert shows(answer.text, "time-future")
    form = await up.mika.click(question, says("draft-enter-time"))
    assert stamp(up, 10, 30) in (await up.mika.submit_modal(form, "今日 10:30")).text


async def test_an_eml_file_uses_the_mails_own_date(up: Stage) -> None:
    await up.mika.write(files=[("mail.eml", eml(MESSAGE_SUBJECT))])
    receipt = text_of(await up.mika.next_bot_message())
    assert f"<t:{int(up.at(9, 12).timestamp()) + 34}:f>" in receipt
    assert shows(receipt, "source-mail")


async def test_a_forwarded_eml_file_is_read_too(up: Stage) -> None:
    await up.mika.forward("", posted_at=up.at(11, 0), files=[("mail.eml", eml(MESSAGE_SUBJECT, charset="iso-2022-jp"))])
    assert shows(text_of(await up.mika.next_bot_message()), "source-mail")


async def test_the_same_mail_as_file_and_as_paste_is_one_message(up: Stage) -> None:
    await up.mika.write(files=[("mail.eml", eml(MESSAGE_SUBJECT))])
    await up.mika.next_bot_message()
    await up.mika.write(GMAIL)
    assert shows(text_of(await up.mika.next_bot_message()), "receipt-repeated")
    assert shows((await up.mika.command("pending")).text, "pending-title", count=1)


async def test_the_same_forward_twice_is_one_message(up: Stage) -> None:
    original = await up.mika.write("x", channel=up.discord.add_guild())
    for _ in range(2):
        await up.mika.forward("いつ頃ですか", posted_at=up.at(9, 0), original=original)
    await up.mika.next_bot_message()
    assert shows(text_of(await up.mika.next_bot_message()), "receipt-repeated")
    assert shows((await up.mika.command("pending")).text, "pending-title", count=1)


async def test_a_forward_out_of_the_direct_message_itself_records_nothing(up: Stage) -> None:
    """Neither the bot's own cards, nor what the member wrote or forwarded there, which was read when it came."""
    line = await up.mika.write("制作会社A様 今日 9:00")
    receipt = await up.mika.next_bot_message()
    forward = await up.mika.forward("いつ頃ですか", posted_at=up.at(9, 0))
    question = await up.mika.next_bot_message()
    listed = (await up.mika.command("pending")).message
    for message in (line, receipt, forward, question, listed):
        await up.mika.forward_existing(message)
        assert shows(text_of(await up.mika.next_bot_message()), "parsing-forward-from-here")
    assert shows((await up.mika.command("history")).text, "history-title", count=2)


async def test_a_forward_of_a_message_that_the_direct_message_does_not_have_is_recorded(up: Stage) -> None:
    """Though it names the direct message as its origin."""
    origin = Message(id=up.discord.state.next_id(), channel=up.mika.dm, author=up.mika.user, body={})
    await up.mika.forward("高橋さんからのメッセージ受信通知", posted_at=up.at(9, 0), original=origin)
    assert "高橋" in text_of(await up.mika.next_bot_message())
    assert shows((await up.mika.command("pending")).text, "pending-title", count=1)


async def test_a_mail_in_the_direct_message_is_read_again_when_it_is_forwarded_there(up: Stage) -> None:
    """Its file may not have been fetched before; the mail is recorded once."""
    message = await up.mika.write(files=[("mail.eml", eml(MESSAGE_SUBJECT))])
    await up.mika.next_bot_message()
    await up.mika.forward_existing(message)
    assert shows(text_of(await up.mika.next_bot_message()), "receipt-repeated")


async def test_too_many_and_too_large_files_are_sentences(up: Stage) -> None:
    files = [(f"{number}.eml", eml(f"{number}さんからのメッセージ受信通知")) for number in range(11)]
    await up.mika.write(files=[("big.eml", b"x" * (1024 * 1024 + 1)), ("photo.png", b"\x89PNG")])
    assert shows(text_of(await up.mika.next_bot_message()), "parsing-file-too-large")
    assert "photo.png" in text_of(await up.mika.next_bot_message())
    await up.mika.write(files=files)
    for _ in range(10):
        assert shows(text_of(await up.mika.next_bot_message()), "receipt-received")
    assert shows(text_of(await up.mika.next_bot_message()), "parsing-too-many-files", most=10)


async def test_short_lines_in_japanese_and_english(up: Stage) -> None:
    for written, hour, minute, days in (
        ("制作会社A様 昨日 14:30", 14, 30, -1),
        ("制作会社B様 3時間前", 9, 0, 0),
        ("Studio-A 11/22 9:05", 9, 5, -2),
        ("昨日 14:30 制作会社C様", 14, 30, -1),
    ):
        await up.mika.write(written)
        assert stamp(up, hour, minute, days=days) in text_of(await up.mika.next_bot_message())


async def test_an_invitation_is_neutral_until_its_clock_is_started(up: Stage) -> None:
    await up.mika.forward("[ランサーズ] 仕事の招待状が届きました", posted_at=up.at(9, 0))
    question = await up.mika.next_bot_message()
    assert shows(text_of(question), "question-start")
    assert list(buttons_of(question)) == [says("action-start"), says("draft-not-recorded")]
    assert shows((await up.mika.command("pending")).text, "pending-none")
    form = await up.mika.click(question, says("action-start"))
    answer = await up.mika.submit_modal(form, "スカウト社", "")
    assert stamp(up, 9, 0) in answer.text


@pytest.mark.both_engines
async def test_a_granted_badge_is_noted_after_a_confirmation(up: Stage) -> None:
    await up.mika.forward("[Lancers] 認定ランサー認可のお知らせ", posted_at=up.at(9, 0))
    question = await up.mika.next_bot_message()
    assert shows((await up.mika.command("status")).text, "status-badge-unknown")
    assert shows((await up.mika.click(question, says("action-held"))).text, "badge-noted")
    assert shows((await up.mika.command("status")).text, "status-badge-held")


async def test_a_log_in_code_is_neither_stored_nor_echoed(up: Stage) -> None:
    await up.mika.forward("[ランサーズ] ログイン認証コードのお知らせ\n認証コード: 918273", posted_at=up.at(9, 0))
    answer = text_of(await up.mika.next_bot_message())
    assert shows(answer, "mail-login-code")
    assert "918273" not in answer
    await up.mika.write(files=[("mail.eml", eml("【ランサーズ】ログイン認証コードのお知らせ 918273"))])
    assert "918273" not in text_of(await up.mika.next_bot_message())
    assert b"918273" not in await up.raw()


async def test_an_unknown_mail_of_lancers_is_asked(up: Stage) -> None:
    await up.mika.forward("[ランサーズ] 11月のお知らせ", posted_at=up.at(9, 0))
    assert shows(text_of(await up.mika.next_bot_message()), "question-unknown-mail")


async def test_what_cannot_be_read_is_a_sentence_with_an_example(up: Stage) -> None:
    for written, text_id in (
        ("こんにちは", "parsing-unreadable"),
        ("制作会社A様 明日 9:00", "time-future"),
        ("制作会社A様 2026/11/22(月) 9:00", "time-weekday"),
        ("。", "parsing-unreadable"),
        ("", "parsing-empty"),
    ):
        await up.mika.write(written)
        assert shows(text_of(await up.mika.next_bot_message()), text_id), written
    assert shows((await up.mika.command("pending")).text, "pending-none")


async def test_a_client_with_several_threads_is_asked_about(up: Stage) -> None:
    """A mail that names no job goes to the only thread, else the member is asked."""
    await up.mika.forward(SUBJECT, posted_at=up.at(8, 0))
    await up.mika.next_bot_message()
    await up.mika.forward(MESSAGE_SUBJECT, posted_at=up.at(9, 0))
    assert "ロゴ制作" in text_of(await up.mika.next_bot_message())
    await up.mika.forward(SUBJECT.replace("ロゴ制作", "バナー"), posted_at=up.at(9, 30))
    await up.mika.next_bot_message()
    await up.mika.forward(MESSAGE_SUBJECT, posted_at=up.at(10, 0))
    receipt = await up.mika.next_bot_message()
    assert shows(text_of(receipt), "receipt-which-thread")
    labels = [option["label"] for option in selects_of(receipt)[0]["options"]]
    assert labels[:2] == ["制作会社A「バナー」", "制作会社A「ロゴ制作」"]
    assert "バナー" in (await up.mika.select_option(receipt, labels[0])).text


@pytest.mark.both_engines
async def test_names_are_never_markdown_or_mentions(up: Stage) -> None:
    await up.mika.write("@everyone **太字** <@1> \u202eevil 昨日 14:30")
    receipt = text_of(await up.mika.next_bot_message())
    assert "\u202e" not in receipt
    assert "<@1>" not in receipt
    assert "**太字**" not in receipt
    assert "@everyone" not in receipt


async def test_a_client_is_matched_whatever_the_width_case_and_honorific(up: Stage) -> None:
    await up.mika.command("received", client="Studio A", at="8:00")
    for written in ("ＳＴＵＤＩＯ　Ａさん 今日 9:00", "studio a様 今日 10:00"):
        await up.mika.write(written)
        await up.mika.next_bot_message()
    assert shows((await up.mika.command("pending")).text, "pending-title", count=1)


async def test_a_client_who_is_given_with_a_time_is_asked_about(up: Stage) -> None:
    """A command's name option, and the form for who wrote, take no line for a name."""
    line = "制作会社A様 昨日 14:30"
    await up.mika.command("received", client="スナック金曜", at="今日 9:00")
    for name in (line, "15:00", "今日", "田中 明日 9:00"):
        asked = await up.mika.command("received", client=name)
        assert shows(asked.text, "question-new-client"), name
    asked = await up.mika.command("replied", client=line, at="今日 9:00")
    assert shows(asked.text, "question-replied-new-client")
    await up.mika.write("9:30")
    who = await up.mika.next_bot_message()
    asked = await up.mika.submit_modal(await up.mika.click(who, says("action-client")), line, "")
    assert shows(asked.text, "question-new-client")
    assert "制作会社A" not in (await up.mika.command("pending")).text
    receipt = await up.mika.click(asked.message, says("draft-new-client", client=line))
    assert stamp(up, 9, 30) in receipt.text
    assert shows((await up.mika.command("received", client=line, at="今日 11:00")).text, "receipt-due")
    broken = await up.mika.command("received", client="\ud83d田中 15:00", thread="\ud83d", at="12:01")
    assert shows(broken.text, "question-moment")


async def test_who_wrote_a_forwarded_message_is_no_line_with_a_time(up: Stage) -> None:
    line = "乙デザイン様 昨日 15:30"
    await up.mika.forward("お返事をお待ちしています", posted_at=up.at(9))
    form = await up.mika.click(await up.mika.next_bot_message(), says("receipt-enter-client"))
    asked = await up.mika.submit_modal(form, line, "ロゴ")
    assert shows(asked.text, "question-whose")
    assert "乙デザイン" not in (await up.mika.command("pending")).text
    receipt = await up.mika.click(asked.message, says("draft-new-client", client=line))
    assert stamp(up, 9, 0) in receipt.text
    assert "ロゴ" in receipt.text
    assert "乙デザイン" in (await up.mika.command("pending")).text
