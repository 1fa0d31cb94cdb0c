"""What people write instead: a paste that becomes a file, an answer in words, an edited line."""

from datetime import timedelta

import pytest

from bot.fake_discord.users import buttons_of, text_of
from bot.fake_discord.validation import walk_components
from tests.helpers.scenarios import stamp
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


PASTE = """From: ランサーズ事務局 <noreply@lancers.co.jp>
Date: Tue, 24 Nov 2026 09:12:00 +0900
Subject: 制作会社Mさんからのメッセージ受信通知
To: mika@example.com

"""


async def records(stage: Stage) -> int:
    [[count]] = await stage.rows("SELECT count(*) FROM messages")
    return int(count)


async def test_a_long_paste_that_discord_sends_as_a_file(up: Stage) -> None:
    typed = PASTE + "本文です。\n" * 20
    await up.mika.write(typed)
    receipt = text_of(await up.mika.next_bot_message())
    await up.rows("DELETE FROM messages")
    await up.mika.write(files=[("message.txt", (PASTE + "本文です。\n" * 900).encode())])
    as_file = text_of(await up.mika.next_bot_message())
    assert stamp(up, 9, 12) in as_file
    assert as_file.splitlines()[0] == receipt.splitlines()[0]


async def test_a_file_that_says_nothing_is_answered_as_a_line_is(up: Stage) -> None:
    await up.mika.write("お世話になっております。")
    assert shows(text_of(await up.mika.next_bot_message()), "question-unclear")
    await up.mika.write(files=[("message.txt", "お世話になっております。\n".encode() * 300)])
    assert shows(text_of(await up.mika.next_bot_message()), "question-unclear")
    assert await records(up) == 0


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("name", ["制作会社B", "山田様"])
async def test_a_comment_after_a_forward_says_who(up: Stage, name: str) -> None:
    await up.mika.forward("見積もりをお願いします", posted_at=up.at(10))
    assert shows(text_of(await up.mika.next_bot_message()), "receipt-which-client")
    await up.mika.write(name)
    assert name.removesuffix("様") in text_of(await up.mika.next_bot_message())
    assert (
        await up.rows(
            "SELECT 1 FROM threads WHERE unsorted = 1 AND EXISTS"
            " (SELECT 1 FROM messages WHERE messages.thread_id = threads.thread_id)"
        )
        == []
    )
    assert await records(up) == 1


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("text", ["よろしく", "了解です。", "ok"])
async def test_what_is_no_answer_changes_nothing(up: Stage, text: str) -> None:
    await up.mika.forward("見積もりをお願いします", posted_at=up.at(10))
    await up.mika.next_bot_message()
    await up.mika.write(text)
    await up.mika.next_bot_message()
    assert await up.rows("SELECT 1 FROM threads WHERE client IS NOT NULL") == []


async def test_a_time_in_words_answers_when(up: Stage) -> None:
    await up.mika.write("制作会社Mさんからのメッセージ受信通知")
    assert shows(text_of(await up.mika.next_bot_message()), "question-time")
    await up.mika.write("今日 9:30")
    assert stamp(up, 9, 30) in text_of(await up.mika.next_bot_message())
    assert await records(up) == 1


async def test_an_edited_typo_is_read_anew(up: Stage) -> None:
    line = await up.mika.write("制作会社A様 今日 29:00")
    await up.mika.next_bot_message()
    assert await records(up) == 0
    up.clock.advance(timedelta(seconds=30))
    await up.mika.edit(line, "制作会社A様 今日 9:00")
    assert stamp(up, 9, 0) in text_of(await up.mika.next_bot_message())
    assert await records(up) == 1


async def test_an_edited_record_offers_to_be_corrected(up: Stage) -> None:
    line = await up.mika.write("制作会社A様 今日 9:00")
    await up.mika.next_bot_message()
    up.clock.advance(timedelta(seconds=30))
    await up.mika.edit(line, "制作会社B様 今日 9:30")
    offer = await up.mika.next_bot_message()
    assert shows(text_of(offer), "edited-message")
    assert stamp(up, 9, 0) in text_of(offer)
    [select] = [node for node in walk_components(offer.body["components"]) if "options" in node]
    labels = [option["label"] for option in select["options"]]
    answer = await up.mika.select_option(offer, *labels)
    assert "制作会社B" in answer.text
    assert stamp(up, 9, 30) in answer.text
    assert await records(up) == 1


async def test_an_edit_that_says_the_same_is_not_answered(up: Stage) -> None:
    line = await up.mika.write("制作会社A様 今日 9:00")
    await up.mika.next_bot_message()
    up.clock.advance(timedelta(seconds=30))
    await up.mika.edit(line, "制作会社A様　今日 9:00")
    await up.mika.write("制作会社C様 今日 9:10")
    assert "制作会社C" in text_of(await up.mika.next_bot_message())


@pytest.mark.parametrize(
    ("written", "edited"),
    [
        ("制作会社A様 20分前", "制作会社A様　20分前です"),
        ("Mr. Tanaka just now", "Mr. Tanaka just now."),
        ("制作会社A様 いま届いた", "制作会社A様 いま届いた！"),
    ],
)
async def test_a_time_counted_back_from_now_is_the_same_in_an_edited_message(
    up: Stage, written: str, edited: str
) -> None:
    line = await up.mika.write(written)
    await up.mika.next_bot_message()
    # Discord received it a moment before the bot did.
    line.body["timestamp"] = (up.clock.now() - timedelta(milliseconds=180)).isoformat()
    up.clock.advance(timedelta(seconds=30))
    await up.mika.edit(line, edited)
    await up.mika.write("制作会社C様 今日 9:10")
    assert "制作会社C" in text_of(await up.mika.next_bot_message())


async def test_each_line_of_an_edited_message_is_read(up: Stage) -> None:
    lines = ["制作会社A様 今日 9:00", "制作会社B様 今日 9:10"]
    message = await up.mika.write("\n".join(lines))
    for _ in lines:
        await up.mika.next_bot_message()
    up.clock.advance(timedelta(seconds=30))
    await up.mika.edit(message, "\n".join([lines[0], "制作会社B様 今日 9:20", "制作会社C様 今日 9:30"]))
    offer = text_of(await up.mika.next_bot_message())
    assert shows(offer, "edited-message")
    assert "制作会社B" in offer
    assert stamp(up, 9, 10) in offer
    assert "制作会社C" in text_of(await up.mika.next_bot_message())
    assert await records(up) == 3


@pytest.mark.parametrize(("word", "text_id"), [("返信待ち", "pending-title"), ("取り消し", "edited-undo")])
async def test_a_request_in_an_edited_message_is_answered_and_undoes_nothing(
    up: Stage, word: str, text_id: str
) -> None:
    line = await up.mika.write("制作会社A様 今日 9:00")
    await up.mika.next_bot_message()
    await up.mika.write("制作会社B様 今日 9:10")
    await up.mika.next_bot_message()
    up.clock.advance(timedelta(seconds=30))
    await up.mika.edit(line, word)
    assert shows(text_of(await up.mika.next_bot_message()), text_id)
    assert await records(up) == 2


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("written", "edited", "client"),
    [
        ("制作会社A様に返信した 10:00", "制作会社B様に返信した 9:10", "制作会社A"),
        ("制作会社A様に返信した 9:10", "制作会社B様に返信した 9:40", "制作会社B"),
    ],
    ids=["together refused", "together possible"],
)
async def test_client_and_time_of_an_edited_reply_are_corrected_together_or_not_at_all(
    up: Stage, written: str, edited: str, client: str
) -> None:
    for line in ("制作会社A様 今日 9:00", "制作会社B様 今日 9:30"):
        await up.mika.write(line)
        await up.mika.next_bot_message()
    reply = await up.mika.write(written)
    await up.mika.next_bot_message()
    up.clock.advance(timedelta(seconds=30))
    await up.mika.edit(reply, edited)
    offer = await up.mika.next_bot_message()
    [select] = [node for node in walk_components(offer.body["components"]) if "options" in node]
    answer = await up.mika.select_option(offer, *(option["label"] for option in select["options"]))
    assert shows(answer.text, "recording-reply-before-received") is (client == "制作会社A")
    query = "SELECT client FROM messages JOIN threads USING (member_id, thread_id) WHERE direction = 'sent'"
    assert await up.rows(query) == [(client,)]
    if client == "制作会社B":
        assert stamp(up, 9, 40) in answer.text
        await up.mika.write("取り消し")
        await up.mika.next_bot_message()
        assert await up.rows(query) == [("制作会社A",)]


async def test_an_edited_line_that_needs_no_reply_names_no_time_of_its_own(up: Stage) -> None:
    await up.mika.write("制作会社A様 今日 9:00")
    await up.mika.next_bot_message()
    line = await up.mika.write("制作会社A様 9:00 返信不要")
    await up.mika.next_bot_message()
    up.clock.advance(timedelta(seconds=30))
    await up.mika.edit(line, "制作会社A様 9:00 返信不要です")
    await up.mika.write("制作会社C様 今日 9:10")
    assert "制作会社C" in text_of(await up.mika.next_bot_message())


@pytest.mark.parametrize("added", ["制作会社B様 今日 9:10\n制作会社C様 今日 9:20", "制作会社B様 今日 9:10"])
async def test_a_line_that_is_added_by_an_edit_is_recorded(up: Stage, added: str) -> None:
    first = "制作会社A様 今日 9:00"
    line = await up.mika.write(first)
    await up.mika.next_bot_message()
    up.clock.advance(timedelta(seconds=30))
    await up.mika.edit(line, f"{first}\n{added}")
    for added_line in added.splitlines():
        assert added_line.partition("様")[0] in text_of(await up.mika.next_bot_message())
    assert await records(up) == 1 + len(added.splitlines())
    up.clock.advance(timedelta(seconds=30))
    await up.mika.edit(line, f"{first}\n\n{added}")  # says the same
    await up.mika.write("制作会社D様 今日 9:30")
    assert "制作会社D" in text_of(await up.mika.next_bot_message())


@pytest.mark.parametrize(
    ("written", "edited"),
    [
        ("制作会社Aさんに返信した 11:00", "制作会社Aさんから届いた 11:00"),
        ("制作会社Aさんから届いた 11:00", "制作会社Aさんに返信した 11:10"),
        ("制作会社A様 9:00", "制作会社A様 返信不要"),
    ],
)
async def test_an_edit_that_says_that_something_else_happened_shows_the_record(
    up: Stage, written: str, edited: str
) -> None:
    await up.mika.write("制作会社A様 今日 8:00")
    await up.mika.next_bot_message()
    line = await up.mika.write(written)
    await up.mika.next_bot_message()
    up.clock.advance(timedelta(seconds=30))
    await up.mika.edit(line, edited)
    receipt = await up.mika.next_bot_message()
    assert shows(text_of(receipt), "receipt-repeated")
    assert {says("action-correct"), says("action-undo")} <= set(buttons_of(receipt))
    deleted = await up.mika.click(receipt, says("action-undo"))
    assert shows(deleted.text, "receipt-undone")
    assert await records(up) == 1


@pytest.mark.both_engines
@pytest.mark.parametrize("is_older", [True, False])
async def test_an_edit_answers_only_a_question_that_came_before_the_message(up: Stage, *, is_older: bool) -> None:
    lines = ["ヘルプ", "昨日、制作会社A様から届いた"]
    written = []
    for line in lines if is_older else reversed(lines):
        up.clock.advance(timedelta(minutes=1))
        written.append(await up.mika.write(line))
        asked = text_of(await up.mika.next_bot_message())
        assert shows(asked, "question-day") is (line == lines[1])
    up.clock.advance(timedelta(minutes=1))
    await up.mika.edit(written[0 if is_older else 1], "9:30")
    answer = text_of(await up.mika.next_bot_message())
    assert ("**制作会社A**" in answer) is not is_older
    assert await records(up) == 0  # it is asked who wrote, or whether the client is a new one


@pytest.mark.both_engines
async def test_an_edited_answer_is_none_to_the_question_that_it_was_asked(up: Stage) -> None:
    """It would be taken for 9:30 of the day that 29:00 of yesterday is."""
    await up.mika.write("昨日、制作会社A様から届いた")
    await up.mika.next_bot_message()
    up.clock.advance(timedelta(minutes=1))
    written = await up.mika.write("29:00")
    assert shows(text_of(await up.mika.next_bot_message()), "question-new-client-moment")
    await up.mika.edit(written, "9:30")
    assert shows(text_of(await up.mika.next_bot_message()), "question-client")
    assert await records(up) == 0


@pytest.mark.both_engines
async def test_an_edit_names_no_client_of_a_message_that_came_after_it(up: Stage) -> None:
    older = await up.mika.write("29:00")
    await up.mika.next_bot_message()
    up.clock.advance(timedelta(minutes=1))
    await up.mika.forward("見積もりをお願いします", posted_at=up.at(10))
    assert shows(text_of(await up.mika.next_bot_message()), "receipt-which-client")
    up.clock.advance(timedelta(seconds=30))
    await up.mika.edit(older, "山田様")
    await up.mika.next_bot_message()
    assert await up.rows("SELECT 1 FROM threads WHERE client IS NOT NULL") == []


@pytest.mark.both_engines
@pytest.mark.parametrize("undone", [False, True])
async def test_a_forward_that_was_undone_is_not_recorded_when_it_is_read_again(stage: Stage, *, undone: bool) -> None:
    """The process dies before it has stored how far the channel was read."""
    async with stage.open_bot():
        await stage.mika.forward("見積もりをお願いします", posted_at=stage.at(10))
        receipt = await stage.mika.next_bot_message()
        stage.clock.advance(timedelta(seconds=30))
        if undone:
            await stage.mika.click(receipt, says("action-undo"))
            assert await records(stage) == 0
    await stage.rows("UPDATE members SET handled_id = NULL")
    stage.news()
    stage.mika.dm.nonces.clear()  # which Discord remembers for some minutes
    async with stage.open_bot():
        assert await records(stage) == (0 if undone else 1)
        if not undone:
            return
        assert [text_of(each) for each in stage.news()] == [says("recording-undone")]
        stage.clock.advance(timedelta(seconds=30))
        await stage.mika.forward("見積もりをお願いします", posted_at=stage.at(10))
        await stage.mika.next_bot_message()
        assert await records(stage) == 1, "it was forwarded once more, after it was undone"


@pytest.mark.both_engines
async def test_a_typed_undo_that_is_read_again_takes_nothing_more_back(stage: Stage) -> None:
    async with stage.open_bot():
        for hour in (9, 10):
            line = await stage.mika.write(f"制作会社{hour}様 今日 {hour}:00")
            await stage.mika.next_bot_message()
        await stage.mika.write("取り消し")
        await stage.mika.next_bot_message()
        assert await records(stage) == 1
    await stage.rows("UPDATE members SET handled_id = $1", line.id)
    stage.mika.dm.nonces.clear()
    async with stage.open_bot():
        assert await records(stage) == 1


@pytest.mark.parametrize(
    ("written", "edited", "shown"),
    [
        ("川村", "9時", "question-client"),
        ("海山", "10:30", "question-client"),
        ("海山", "はい", "parsing-unreadable"),
    ],
)
async def test_an_edit_answers_no_question_about_the_line_itself(
    up: Stage, written: str, edited: str, shown: str
) -> None:
    """Not even where Discord's clock is not behind: the question about a name was answered with another line."""
    line = await up.mika.write(written)
    assert shows(text_of(await up.mika.next_bot_message()), "question-new-client-event")
    await up.mika.edit(line, edited)
    assert shows(text_of(await up.mika.next_bot_message()), shown)
    assert await records(up) == 0
