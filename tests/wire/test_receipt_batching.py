"""Several forwards in a row, over the wire: each recorded on arrival, one card for all of them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.discord_app.inbound.receipts import ReadCheckpoints, ReceiptBatch, ReceiptBatcher, ReceiptEntry
from bot.discord_app.timeouts import Timeouts
from bot.domain.types import MemberId
from bot.errors import NinteiError, SettingError, StorageError
from bot.fake_discord.users import buttons_of, selects_of, text_of
from bot.fake_discord.validation import walk_components
from bot.services.members import MemberService
from bot.services.recording import RecordingService
from bot.settings import read_settings
from tests.helpers.scenarios import HOSTILE_NAMES, correct, eml, stamp
from tests.helpers.stage import Stage
from tests.helpers.virtual_time import VirtualTimeLoop
from tests.helpers.wording import count_shown, says, shows

LONG = "5"
"""A wait that no test sits out: what is gathered goes out when the bot is told to stop."""


def mail(client: str) -> str:
    return f"{client}さんからのメッセージ受信通知"


@pytest.fixture
async def slow(stage: Stage) -> AsyncIterator[Stage]:
    """The bot with receipts that wait until `flush` is called."""
    stage.environ["RECEIPT_WAIT"] = LONG
    async with stage.open_bot():
        yield stage


async def recorded(stage: Stage, count: int) -> None:
    """Return once so many messages are in the database."""
    async with asyncio.timeout(10):
        while (await stage.rows("SELECT count(*) FROM messages"))[0][0] != count:  # noqa: ASYNC110 — another's doing
            await asyncio.sleep(0.01)


async def drain(stage: Stage) -> None:
    assert stage.bot is not None
    await stage.bot.client.finish_handlers()


@pytest.mark.parametrize("typed", [True, False])
async def test_an_undo_is_done_after_what_it_undoes_was_answered_and_noted_as_read(slow: Stage, *, typed: bool) -> None:
    """A process that dies then does not read the forward again, of which the undo has left no trace."""
    forward = await slow.mika.forward(mail("甲"), posted_at=slow.at(9))
    await recorded(slow, 1)
    if typed:
        await slow.mika.write("取り消し")
    else:
        history = await slow.mika.command("history")
        await slow.mika.click(history.message, says("action-revert"))
    await recorded(slow, 0)
    assert slow.news(), "its receipt"
    assert (await slow.rows("SELECT handled_id FROM members"))[0][0] >= forward.id


async def test_a_line_names_a_deadline_that_has_passed_as_overdue(slow: Stage) -> None:
    """As lists do, though the newest message has opened another window."""
    await slow.mika.forward(mail("甲"), posted_at=slow.at(9, days=-1))
    await slow.mika.forward(mail("甲"), posted_at=slow.at(11))
    await slow.mika.forward(mail("乙"), posted_at=slow.at(11, 30))
    await recorded(slow, 3)
    await drain(slow)
    [card] = slow.news()
    assert count_shown(text_of(card), "batch-closed", at=stamp(slow, 9, 0)) == 2
    assert count_shown(text_of(card), "batch-waits", at=stamp(slow, 11, 30, days=1)) == 1


async def test_a_line_names_the_time_of_a_reply_that_is_asked_about(slow: Stage) -> None:
    await slow.mika.write("海山に返信した\n田中様から連絡")
    await recorded(slow, 1)
    await drain(slow)
    [card] = slow.news()
    assert shows(text_of(card), "batch-new-client", client="**海山**", at=stamp(slow, 12, 0))
    descriptions = {
        option["label"]: option.get("description") for select in selects_of(card) for option in select["options"]
    }
    assert descriptions["海山"] == descriptions["田中"]


async def test_messages_of_one_client_on_one_card_leave_an_earlier_card_among_the_newest(slow: Stage) -> None:
    """Cards are counted, not the messages on them."""
    receipt = (await slow.mika.command("received", client="甲", at="9:00")).message
    for minute in (1, 2, 3):
        await slow.mika.forward(mail("甲"), posted_at=slow.at(9, minute))
    await recorded(slow, 4)
    await drain(slow)
    await slow.mika.command("replied", client="甲", at="11:00")
    await slow.move_to(slow.clock.now() + timedelta(minutes=2))
    assert says("action-now") not in buttons_of(receipt)


@pytest.mark.both_engines
async def test_each_is_recorded_at_once_and_all_are_answered_with_one_card(slow: Stage) -> None:
    for number, client in enumerate("甲乙丙"):
        await slow.mika.forward(mail(client), posted_at=slow.at(9, number))
    await recorded(slow, 3)
    assert slow.mika.bot_messages() == []
    assert (await slow.rows("SELECT handled_id FROM members"))[0][0] is None
    await drain(slow)
    [card] = slow.news()
    words = text_of(card)
    assert shows(words, "batch-title", count=3)
    for number, client in enumerate("甲乙丙"):
        assert client in words
        assert stamp(slow, 9, number, days=1) in words
    assert not shows(words, "receipt-rate")  # three received messages change no rate
    handled = (await slow.rows("SELECT handled_id FROM members"))[0][0]
    assert handled == max(each.id for each in slow.mika.visible_messages() if each.author is slow.mika.user)


@pytest.mark.both_engines
async def test_a_line_counts_as_what_came_with_it_says(slow: Stage) -> None:
    lines = [
        "田中様 今日 9:00",
        "田中さんに 10:00 返信した",
        "田中様 今日 11:00",
        "鈴木様 今日 8:00",
        "鈴木さん返信不要",
    ]
    for count, line in enumerate(lines, 1):
        await slow.mika.write(line)
        await recorded(slow, count)
    await drain(slow)
    [card] = slow.news()
    words = text_of(card)
    assert count_shown(words, "batch-waits") == 1
    assert stamp(slow, 11, 0, days=1) in words
    for hour, verdict in ((9, "verdict-on-time"), (10, "verdict-on-time"), (8, "verdict-dismissed")):
        assert says("batch-counted", thread="", at=stamp(slow, hour, 0), counted=says(verdict)).strip("・") in words


@pytest.mark.parametrize("replied", [True, False])
async def test_a_card_shows_the_reply_that_was_recorded_between_its_messages(slow: Stage, *, replied: bool) -> None:
    """It is edited for that alone."""
    for count, client in enumerate("甲乙丙", 1):
        await slow.mika.forward(mail(client), posted_at=slow.at(9, 0))
        await recorded(slow, count + (replied and count > 1))
        slow.clock.advance_to(slow.clock.now() + timedelta(seconds=1))
        if replied and count == 1:
            await slow.mika.command("replied", client="甲")
            slow.clock.advance_to(slow.clock.now() + timedelta(seconds=1))
    await drain(slow)
    [card] = [each for each in slow.mika.bot_messages() if shows(text_of(each), "batch-title", count=3)]
    assert count_shown(text_of(card), "batch-waits") == 3
    await slow.move_to(slow.clock.now() + timedelta(minutes=2))
    assert count_shown(text_of(card), "batch-waits") == 3 - replied
    edits = [request for request in slow.discord.requests if request.path.endswith(f"/messages/{card.id}")]
    assert len(edits) == replied


async def test_one_alone_has_its_own_receipt_after_a_moment(stage: Stage) -> None:
    stage.environ["RECEIPT_WAIT"] = "0.05"
    async with stage.open_bot():
        await stage.mika.forward(mail("甲"), posted_at=stage.at(9, 0))
        receipt = await stage.mika.next_bot_message()
        assert says("action-undo") in buttons_of(receipt)
        assert selects_of(receipt) == []


def test_nobody_waits_longer_than_the_longest() -> None:
    """Forwards that come every 1.1 s never end a wait of 2 s; 5 s after the first of them a card goes out."""
    sent: list[tuple[float, int]] = []

    async def forward_twenty() -> None:
        clock = asyncio.get_running_loop().time

        async def send(batch: ReceiptBatch) -> None:
            await batcher.wait_until_complete(batch)
            sent.append((round(clock(), 1), len(batch.entries)))

        batcher = ReceiptBatcher(wait=2.0)
        async with asyncio.TaskGroup() as sending:
            for number in range(20):
                if batch := batcher.add(MemberId(1), ReceiptEntry(number, 0, NinteiError("intake-empty"))):
                    sending.create_task(send(batch))
                await asyncio.sleep(1.1)

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(forward_twenty())
    assert sent == [(5.0, 5), (10.5, 5), (16.0, 5), (21.5, 5)]


async def test_a_reply_that_leaves_something_open_is_asked_about_as_one(slow: Stage) -> None:
    await slow.mika.write("高橋さん 9:05")
    await slow.mika.write("返信した")
    await recorded(slow, 1)
    await drain(slow)
    [card] = slow.news()
    assert shows(text_of(card), "batch-replied-client")


async def test_a_receipt_is_chosen_and_put_right(slow: Stage) -> None:
    """Those that ask something come first; the card stays, so that the next one can be chosen."""
    await slow.mika.forward(mail("甲"), posted_at=slow.at(9, 0))
    await slow.mika.forward("いつ頃になりますか？", posted_at=slow.at(9, 40))
    await slow.mika.forward("[ランサーズ] 仕事の招待状が届きました", posted_at=slow.at(10, 0))
    await slow.mika.write(mail("丁"))
    await slow.mika.write("こんにちは")
    await slow.mika.forward("[ランサーズ] ログイン認証コードのお知らせ\n認証コード: 918273", posted_at=slow.at(9, 0))
    await recorded(slow, 2)
    await drain(slow)
    [card] = slow.news()
    words = text_of(card)
    assert shows(words, "batch-title", count=6)
    [asks] = [line for line in words.splitlines() if shows(line, "batch-unsorted")]
    assert words.index(asks) < words.index("甲")
    for text_id in ("batch-start", "batch-time", "mail-login-code", "parsing-unreadable"):
        assert shows(words, text_id)
    assert "918273" not in words
    [select] = selects_of(card)
    assert [each["label"] for each in select["options"]] == [
        says("thread-nobody-plain"),
        says("thread-nobody-plain"),
        "丁",
        "甲",
    ]
    assert select["options"][0]["description"] == "11月24日 9:40"
    unsorted = (await slow.mika.select_option(card, says("thread-nobody-plain"))).message
    assert shows(text_of(unsorted), "receipt-which-client")
    assert "甲" in (await slow.mika.select_option(unsorted, "甲")).text
    question = (await slow.mika.select_option(card, "丁")).message
    form = await slow.mika.click(question, says("draft-enter-time"))
    assert stamp(slow, 10, 30) in (await slow.mika.submit_modal(form, "今日 10:30")).text
    receipt = (await slow.mika.select_option(card, "甲")).message
    assert shows((await slow.mika.click(receipt, says("action-undo"))).text, "receipt-undone")
    assert shows((await slow.mika.select_option(card, "甲")).text, "recording-message-gone")


async def test_nobody_else_looks_at_them(slow: Stage) -> None:
    for client in "甲乙":
        await slow.mika.forward(mail(client), posted_at=slow.at(9, 0))
    await recorded(slow, 2)
    await drain(slow)
    [card] = slow.news()
    ren = slow.discord.add_user("ren")
    await ren.write("丙社様 今日 9:00")
    await recorded(slow, 3)
    await drain(slow)
    own = await ren.next_bot_message()
    own.body["components"] = card.body["components"]
    assert shows((await ren.select_option(own, "甲")).text, "recording-message-gone")


async def test_a_thread_that_came_twice_shows_how_it_stands_in_the_end(slow: Stage) -> None:
    await slow.mika.forward(mail("甲"), posted_at=slow.at(9, 40))
    await slow.mika.forward(mail("甲"), posted_at=slow.at(9, 10))
    await slow.mika.forward(mail("甲"), posted_at=slow.at(9, 10))
    await slow.mika.forward(mail("乙"), posted_at=slow.at(9, 0, days=-2))
    await recorded(slow, 3)
    await drain(slow)
    [card] = slow.news()
    words = text_of(card)
    assert words.count(stamp(slow, 9, 10, days=1)) == 3
    assert count_shown(words, "batch-repeated") == 1
    assert shows(words, "batch-closed")


@pytest.mark.slow
async def test_many_with_the_longest_names_fit_and_each_can_be_chosen(slow: Stage) -> None:
    for number in range(60):
        await slow.mika.forward(mail(f"{number:02}{HOSTILE_NAMES['markdown']}"[:100]), posted_at=slow.at(9, number))
    await recorded(slow, 60)
    await drain(slow)
    [card] = slow.news()
    everything = list(walk_components(card.body["components"]))
    assert len(everything) <= 40
    assert sum(len(each.get("content", "")) for each in everything) <= 4000
    assert shows(text_of(card), "batch-more")
    assert [len(each["options"]) for each in selects_of(card)] == [25, 25, 10]
    last = selects_of(card)[2]["options"][-1]["label"]
    assert last.startswith("59")
    assert says("action-undo") in buttons_of((await slow.mika.select_option(card, last, select=2)).message)


async def test_more_than_one_card_holds_are_two() -> None:
    batcher = ReceiptBatcher(wait=60.0, max_entries=3)
    entries = [ReceiptEntry(number, 0, NinteiError("intake-empty")) for number in range(5)]
    batches = [batch for entry in entries if (batch := batcher.add(MemberId(1), entry))]
    assert [batch.entries for batch in batches] == [entries[:3], entries[3:]]
    assert [batch.complete.is_set() for batch in batches] == [True, False]


async def test_what_was_recorded_and_not_told_is_told_after_a_crash(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.environ["RECEIPT_WAIT"] = LONG
    with monkeypatch.context() as dead:
        async with stage.open_bot() as bot:
            await stage.mika.command("status")

            async def nothing(*_: object) -> None: ...

            dead.setattr(bot.client.dm_handler.receipts, "_send_batch", nothing)
            for client in "甲乙":
                await stage.mika.forward(mail(client), posted_at=stage.at(9, 0))
            await recorded(stage, 2)
    assert stage.news() == []
    async with stage.open_bot():
        pass
    [card] = stage.news()
    assert count_shown(text_of(card), "batch-repeated") == 2
    async with stage.open_bot():
        assert shows((await stage.mika.command("pending")).text, "pending-title", count=2)
    assert stage.news() == []


async def test_a_second_try_is_answered_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the receipt and its note: the same messages have the same nonce."""
    stage.environ["RECEIPT_WAIT"] = LONG
    with monkeypatch.context() as dead:

        async def nothing(*_: object) -> None: ...

        dead.setattr(MemberService, "set_last_read", nothing)
        async with stage.open_bot():
            await stage.mika.command("status")
            for client in "甲乙":
                await stage.mika.forward(mail(client), posted_at=stage.at(9, 0))
            await recorded(stage, 2)
    async with stage.open_bot():
        pass
    assert len(stage.news()) == 1
    assert (await stage.rows("SELECT handled_id FROM members"))[0][0] is not None


@pytest.mark.parametrize("timeouts", [Timeouts(receipt_retry_delays=())])
async def test_a_receipt_that_discord_did_not_take_is_told_with_the_next_session(stage: Stage) -> None:
    stage.environ["RECEIPT_WAIT"] = "0.05"
    async with stage.open_bot() as bot:
        await stage.mika.command("status")
        stage.discord.faults.rate_limit("POST", r"/channels/\d+/messages", 0.1, via_header=False)
        await stage.mika.forward(mail("甲"), posted_at=stage.at(9, 0))
        await recorded(stage, 1)
        await bot.client.finish_handlers()
        assert stage.news() == []
        await stage.mika.forward(mail("乙"), posted_at=stage.at(9, 0))
        assert "乙" in text_of(await stage.mika.next_bot_message())
        assert (await stage.rows("SELECT handled_id FROM members"))[0][0] is None
    stage.clock.advance_to(stage.clock.now() + timedelta(hours=1))
    async with stage.open_bot():
        pass
    assert "甲" in "".join(map(text_of, stage.news()))


@pytest.mark.slow
@pytest.mark.parametrize("timeouts", [Timeouts(request=1.0, receipt_retry_delays=())])
async def test_one_members_receipts_hold_up_nobody(stage: Stage) -> None:
    stage.environ["RECEIPT_WAIT"] = "0.05"
    ren = stage.discord.add_user("ren")
    async with stage.open_bot():
        await ren.command("status")
        stage.discord.faults.hang("POST", rf"/channels/{stage.mika.dm.id}/messages")
        await stage.mika.forward(mail("甲"), posted_at=stage.at(9, 0))
        await recorded(stage, 1)
        await ren.forward(mail("乙"), posted_at=stage.at(9, 0))
        assert "乙" in text_of(await ren.next_bot_message())
        assert stage.news() == []
        await stage.discord.gateway.close_all()


async def test_what_fails_comes_behind_what_was_gathered(slow: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await slow.mika.forward(mail("甲"), posted_at=slow.at(9, 0))
    await recorded(slow, 1)

    async def refuses(*_: object, **__: object) -> None:
        raise StorageError("storage-busy")

    monkeypatch.setattr(MemberService, "get_or_register", refuses)
    await slow.mika.forward(mail("乙"), posted_at=slow.at(9, 0))
    assert "甲" in text_of(await slow.mika.next_bot_message())
    assert shows(text_of(await slow.mika.next_bot_message()), "storage-busy")


async def test_what_is_refused_is_one_line(slow: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuses(*_: object, **__: object) -> None:
        raise StorageError("storage-full")

    monkeypatch.setattr(RecordingService, "record", refuses)
    for client in "甲乙":
        await slow.mika.forward(mail(client), posted_at=slow.at(9, 0))
    assert slow.bot is not None
    gathered = slow.bot.client.dm_handler.receipts._batcher._open
    async with asyncio.timeout(10):
        while sum(len(each.entries) for each in gathered.values()) < 2:  # noqa: ASYNC110 — another's doing
            await asyncio.sleep(0.01)
    await drain(slow)
    [card] = slow.news()
    assert count_shown(text_of(card), "storage-full") == 1
    assert f"{says('storage-full')}（2件）" in text_of(card)
    assert selects_of(card) == []


def prefilled(form: dict[str, Any]) -> str:
    return str(form["components"][0]["component"]["value"])


@pytest.mark.both_engines
async def test_the_forms_for_a_time_open_with_one(up: Stage) -> None:
    """The present time where one is asked for, the recorded one where it is put right, in the member's zone."""
    await up.mika.command("settings", timezone="America/New_York")
    await up.mika.write(mail("甲"))
    question = await up.mika.next_bot_message()
    assert prefilled((await up.mika.click(question, says("draft-enter-time"))).modal) == "2026-11-23 22:00"
    await up.mika.forward(mail("乙"), posted_at=up.at(9, 12).replace(second=34))
    receipt = await up.mika.next_bot_message()
    form = await correct(up.mika, receipt, "correct-time")
    assert prefilled(form.modal) == "2026-11-23 19:12:34"
    answer = await up.mika.submit_modal(form, prefilled(form.modal))
    assert f"<t:{int(up.at(9, 12).timestamp()) + 34}:f>" in answer.text
    card = (await up.mika.click((await up.mika.command("pending")).message, says("pending-more"))).message
    up.clock.advance_to(up.at(12, 5).replace(second=40))
    form = await up.mika.click(card, says("action-other-time"))
    assert prefilled(form.modal) == "2026-11-23 22:05"
    answer = await up.mika.submit_modal(form, prefilled(form.modal))
    assert answer.message.id == card.id
    assert shows(answer.text, "shown-answered", at=stamp(up, 12, 5, style="t"))


async def test_replied_ten_minutes_ago_in_one_tap(up: Stage) -> None:
    """On a reminder, and on the card of one thread that waits."""
    await up.mika.command("settings", quiet_hours="なし")
    await up.mika.write("甲社様 昨日 17:00")
    await up.mika.next_bot_message()
    await up.live_to(up.at(13, 0))
    [reminder] = up.news()
    answer = await up.mika.click(reminder, says("action-ten-ago"))
    replied = {"at": stamp(up, 12, 50, style="t"), "verdict": says("verdict-on-time")}
    assert shows(answer.text, "shown-answered", **replied)
    await up.mika.write("乙社様 今日 9:00")
    await up.mika.next_bot_message()
    card = (await up.mika.click((await up.mika.command("pending")).message, says("pending-more"))).message
    assert shows((await up.mika.click(card, says("action-ten-ago"))).text, "shown-answered", **replied)
    assert shows((await up.mika.command("pending")).text, "pending-none")


async def test_completion_finds_hiragana_and_katakana(up: Stage) -> None:
    await up.mika.command("received", client="カフェ・ミヤコ", at="9:00", thread="ロゴ")
    await up.mika.command("received", client="さくら工房", at="9:10")
    for typed, found in (("かふぇ", "カフェ・ミヤコ"), ("ﾐﾔｺ", "カフェ・ミヤコ"), ("サクラ", "さくら工房")):
        assert [each["value"] for each in await up.mika.complete("replied", "client", typed)] == [found]
    assert [each["value"] for each in await up.mika.complete("replied", "thread", "ろご", client="かふぇ")] == ["ロゴ"]


async def test_the_menus_take_what_has_no_words_and_several_mails(up: Stage) -> None:
    """The target of a context menu has its content without any intent."""
    channel = up.discord.add_guild()
    ren = up.discord.add_user("ren")
    picture = await ren.write(files=[("photo.png", b"x")], channel=channel)
    answer = await up.mika.menu("Record as received", picture)
    assert shows(answer.text, "receipt-which-client")
    assert answer.ephemeral
    mine = await up.mika.write("", channel=channel)
    question = await up.mika.menu("Record as my reply", mine)
    assert shows(question.text, "question-thread-none", client=says("thread-nobody"))
    files = [(f"{name}.eml", eml(mail(name))) for name in ("甲", "乙")]
    answer = await up.mika.menu("Record as received", await ren.write(files=files, channel=channel))
    assert shows(answer.text, "batch-title", count=2)
    assert "甲" in answer.text
    receipt = await up.mika.select_option(answer.message, "乙")
    assert receipt.ephemeral
    assert says("action-undo") in buttons_of(receipt.message)


@pytest.mark.parametrize("text", ["はい", "返信待ち"])
async def test_the_menus_record_nothing_of_an_answer_or_a_plain_word(up: Stage, text: str) -> None:
    post = await up.discord.add_user("ren").write(files=[("memo.txt", text.encode())], channel=up.discord.add_guild())
    assert shows((await up.mika.menu("Record as received", post)).text, "parsing-unreadable")


async def test_the_menus_read_a_bridges_post_as_a_forward_of_it_is_read(up: Stage) -> None:
    channel = up.discord.add_guild()
    fields = [
        {"name": "件名", "value": mail("甲")},
        {"name": "差出人", "value": "ランサーズ事務局 <noreply@lancers.co.jp>"},
        {"name": "日時", "value": up.at(9, 12).isoformat()},
    ]
    url = up.discord.add_webhook(channel)
    async with aiohttp.ClientSession() as session:
        await (await session.post(url, json={"embeds": [{"fields": fields}]})).read()
    [post] = [each for each in channel.messages.values() if each.body.get("webhook_id")]
    for menu, said in (("Record as my reply", says("menu-notification")), ("Record as received", stamp(up, 9, 12))):
        assert said in (await up.mika.menu(menu, post)).text
    await up.mika.next_bot_message()
    await up.mika.forward("", posted_at=up.at(11, 0), embeds=[{"fields": fields}], original=post)
    assert shows(text_of(await up.mika.next_bot_message()), "receipt-repeated")


async def test_the_menus_refuse_the_bots_own_cards_and_system_messages(up: Stage) -> None:
    await up.mika.write("甲社様 今日 9:00")
    receipt = await up.mika.next_bot_message()
    joined = await up.mika.write("", channel=up.discord.add_guild(), type=7)
    for message in (receipt, joined):
        assert shows((await up.mika.menu("Record as received", message)).text, "menu-nothing")
    assert shows((await up.mika.command("history")).text, "history-title", count=1)


async def test_what_is_told_behind_a_gap_is_noted_if_it_came_before_it(slow: Stage) -> None:
    """A connection that ends, or a process that stops listening, tells what it gathered."""
    await slow.mika.command("status")
    for client in "甲乙":
        await slow.mika.forward(mail(client), posted_at=slow.at(9, 0))
    await recorded(slow, 2)
    assert slow.bot is not None
    slow.bot.client.dm_handler.reset_checkpoints()
    await drain(slow)
    assert len(slow.news()) == 1
    handled = (await slow.rows("SELECT handled_id FROM members"))[0][0]
    assert handled == max(each.id for each in slow.mika.visible_messages() if each.author is slow.mika.user)


@pytest.mark.parametrize(("written", "wait"), [("", 1.5), ("0", 0.0), ("0.25", 0.25), ("5", 5.0)])
def test_the_wait_is_the_operators(written: str, wait: float) -> None:
    assert read_settings({"RECEIPT_WAIT": written}).receipt_wait == wait


@pytest.mark.parametrize("written", ["-1", "5.1", "60", "x", "1,5", "1e0", "nan", "٣"])
def test_a_wait_that_is_none_is_a_sentence(written: str) -> None:
    with pytest.raises(SettingError):
        read_settings({"RECEIPT_WAIT": written})


async def test_the_menus_ask_again_about_questions_that_share_a_card(stage: Stage) -> None:
    stage.environ["RECEIPT_WAIT"] = "0.05"
    async with stage.open_bot():
        message = await stage.mika.write("スタジオ 今日 8:00\nバナー 今日 9:00")
        await stage.mika.next_bot_message()
        asked = await stage.rows("SELECT source_key FROM drafts ORDER BY 1")
        again = await stage.mika.menu("Record as received", message)
        for client in ("スタジオ", "バナー"):
            assert shows(again.text, "batch-new-client", client=f"**{client}**")
        assert await stage.rows("SELECT source_key FROM drafts ORDER BY 1") == asked


def test_a_message_that_two_sessions_handle_is_unfinished_until_both_have_ended() -> None:
    """The first one still loads a file of it when the next session reads it, and the database refuses it there."""
    member, former = MemberId(1), ReadCheckpoints()
    former.note_caught_up(None)
    former.begin(member, 2)
    former.begin(member, 3)
    later = former.begin_next()
    former.pass_waiting_to(later)
    later.begin(member, 2)
    later.block(member)
    later.end(member, 2)
    assert former.note_handled(member, 3) is None
    assert former.note_handled(member, 2) == 3
