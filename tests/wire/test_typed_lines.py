"""Typed lines over the wire: what is clear is recorded, everything else is asked, and one tap answers."""

from datetime import timedelta

import pytest

from bot.domain.calendar import instant_to_micros
from bot.fake_discord.users import buttons_of, text_of
from tests.helpers.scenarios import stamp
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows
from tests.wire.written_lines import answer, messages


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


SUBJECT = "[ランサーズ] 制作会社A さんから ロゴ制作 のコメントが届いています"


async def pressed(stage: Stage, line: str, label: str) -> str:
    await stage.mika.write(line)
    return (await stage.mika.click(await stage.mika.next_bot_message(), label)).text


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("line", ["返信不要", "高橋さん返信不要"])
async def test_no_conversation_is_meant_where_none_waits(up: Stage, line: str) -> None:
    """Nobody is said to have been replied to who never wrote."""
    assert shows(await answer(up, line), "pending-none")


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    "line", ["制作会社Aさんに返信しました", "返信した 制作会社A", "制作会社A に返した", "replied to 制作会社A just now"]
)
async def test_a_reply_is_recorded_for_what_waits(up: Stage, line: str) -> None:
    await up.mika.forward(SUBJECT, posted_at=up.at(9, 12))
    await up.mika.next_bot_message()
    assert "ロゴ制作" in await answer(up, line)
    assert await messages(up) == [("制作会社A", "received"), ("制作会社A", "sent")]


async def test_a_reply_without_a_time_after_the_deadline_is_asked_about(up: Stage) -> None:
    await answer(up, "制作会社A様 8:00")
    await up.move_to(up.at(10, days=1))
    up.news()
    await up.mika.write("制作会社Aさんに返信しました")
    question = await up.mika.next_bot_message()
    assert await messages(up) == [("制作会社A", "received")]
    assert set(
        map(
            says, ("action-at-now", "action-at-ten-ago", "action-at-hour-ago", "draft-enter-time", "draft-not-recorded")
        )
    ) <= set(buttons_of(question))
    await up.mika.click(question, says("action-at-now"))
    assert await messages(up) == [("制作会社A", "received"), ("制作会社A", "sent")]


async def test_a_reply_to_nobody_known_or_waiting_is_asked_about(up: Stage) -> None:
    assert shows(await answer(up, "replied to Tanaka"), "question-replied-new-client")
    await answer(up, "田中様 8:00")
    await answer(up, "田中さんに返信しました")
    assert shows(await answer(up, "田中さんに返信しました"), "question-nothing-waits")
    assert await messages(up) == [("田中", "received"), ("田中", "sent")]


async def test_a_name_without_a_title_is_a_new_client_after_one_tap(up: Stage) -> None:
    assert stamp(up, 9, 0) in await pressed(up, "スタジオ海 9:00", says("draft-new-client", client="スタジオ海"))
    assert await messages(up) == [("スタジオ海", "received")]


async def test_a_near_match_of_a_known_client_is_offered(up: Stage) -> None:
    await answer(up, "Acme Inc. 9:00")
    await up.mika.write("Acme様 9:30")
    question = await up.mika.next_bot_message()
    assert "Acme Inc." in buttons_of(question)
    await up.mika.click(question, "Acme Inc.")
    assert await messages(up) == [("Acme Inc.", "received"), ("Acme Inc.", "received")]


@pytest.mark.parametrize("yes", ["draft-new-client", "はい", "Acme様"])
async def test_a_new_client_with_a_name_like_a_known_one_is_confirmed_once(up: Stage, yes: str) -> None:
    await answer(up, "Acme Inc. 9:00")
    await up.mika.write("Acme様 9:30")
    question = await up.mika.next_bot_message()
    if yes.startswith("draft"):
        await up.mika.click(question, says(yes, client="Acme"))
    else:
        await answer(up, yes)
    assert await messages(up) == [("Acme Inc.", "received"), ("Acme", "received")]


async def test_a_reply_to_a_new_client_with_a_name_like_a_known_one_is_asked_about_once(up: Stage) -> None:
    await answer(up, "Acme Inc. 9:00")
    assert shows(await answer(up, "Acme様に返信した"), "question-replied-new-client-near")
    assert shows(await answer(up, "はい"), "question-nothing-waits")
    assert shows(await answer(up, "はい"), "recording-reply-before-received")


@pytest.mark.parametrize(
    ("action", "recorded"), [("action-received-now", [("田中", "received")]), ("draft-not-recorded", [])]
)
async def test_a_name_alone_is_asked_about(up: Stage, action: str, recorded: list[tuple[str, str]]) -> None:
    await answer(up, "田中様 8:00")
    await pressed(up, "田中様", says(action))
    assert (await messages(up))[1:] == recorded


async def test_a_name_alone_can_be_a_reply(up: Stage) -> None:
    await answer(up, "田中様 8:00")
    await pressed(up, "田中様", says("action-now"))
    assert await messages(up) == [("田中", "received"), ("田中", "sent")]


@pytest.mark.both_engines
async def test_a_name_alone_that_is_like_a_known_one_keeps_what_is_said_of_it(up: Stage) -> None:
    await answer(up, "Acme Inc. 9:00")
    await up.mika.write("Acme様")
    event = await up.mika.next_bot_message()
    who = (await up.mika.click(event, says("action-now"))).message
    await up.mika.click(who, "Acme Inc.")
    assert await messages(up) == [("Acme Inc.", "received"), ("Acme Inc.", "sent")]


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("line", ["Acme返信不要", "Acmeさんは返信不要です"])
async def test_no_reply_needed_by_a_name_that_is_like_a_known_one(up: Stage, line: str) -> None:
    for received in ("Acme Inc. 8:00", "田中様 8:00"):
        await answer(up, received)
    await up.mika.write(line)
    question = await up.mika.next_bot_message()
    assert "Acme Inc." in buttons_of(question)
    assert "田中" not in buttons_of(question)
    await up.mika.click(question, "Acme Inc.")
    assert [client for client, _ in await messages(up)] == ["Acme Inc.", "田中", "Acme Inc."]
    assert "Acme" not in await answer(up, "返信待ち")


async def test_which_conversation_is_answered_by_one_tap_or_its_title(up: Stage) -> None:
    for job in ("ロゴ", "バナー", "名刺"):
        await up.mika.command("received", client="高橋", thread=job, at="今日 8:00")
    await up.mika.write("高橋さん返信不要")
    await up.mika.next_bot_message()
    assert "ロゴ" in await answer(up, "ロゴ")
    await up.mika.write("高橋さんに返信しました")
    which = await up.mika.next_bot_message()
    assert {"高橋「バナー」", "高橋「名刺」", says("draft-not-recorded")} == set(buttons_of(which))
    await up.mika.click(which, "高橋「バナー」")
    assert "名刺" in await answer(up, "返信待ち")
    assert "バナー" not in await answer(up, "返信待ち")


@pytest.mark.parametrize("line", ["高橋さん「ロゴ制作」返信不要", "高橋さん ロゴ制作の件 返信不要"])
async def test_no_reply_needed_in_a_job_that_is_called_otherwise(up: Stage, line: str) -> None:
    """That nothing waits there would be taken for done."""
    await answer(up, "高橋様「ロゴ」8:00")
    await answer(up, "田中様 8:10")
    await up.mika.write(line)
    which = await up.mika.next_bot_message()
    assert shows(text_of(which), "question-dismissed-client")
    assert {"高橋「ロゴ」", says("draft-not-recorded")} == set(buttons_of(which))
    await up.mika.click(which, "高橋「ロゴ」")
    assert len(await messages(up)) == 3
    assert shows(await answer(up, line), "recording-nothing-waits")


async def test_a_time_alone_asks_who_with_those_that_wait_as_buttons(up: Stage) -> None:
    await answer(up, "田中様 8:00")
    await pressed(up, "9:30", "田中")
    assert await messages(up) == [("田中", "received"), ("田中", "received")]


async def test_a_slip_of_the_day_is_confirmed(up: Stage) -> None:
    tomorrow = up.at(9, 0, days=1)
    await up.mika.write(f"田中様 {tomorrow.month}/{tomorrow.day} 9:00")
    question = await up.mika.next_bot_message()
    assert shows(text_of(question), "question-moment", at=stamp(up, 9, 0))
    assert await messages(up) == []
    await up.mika.click(question, says("action-as-read"))
    assert await messages(up) == [("田中", "received")]


async def test_a_slip_in_a_command_is_confirmed(up: Stage) -> None:
    await answer(up, "田中様 8:00")
    tomorrow = up.at(9, 0, days=1)
    question = await up.mika.command("received", client="田中", at=f"{tomorrow.month}/{tomorrow.day} 9:00")
    assert len(await messages(up)) == 1
    await up.mika.click(question.message, says("action-as-read"))
    assert await messages(up) == [("田中", "received"), ("田中", "received")]


async def test_what_a_client_wrote_is_asked_about_and_not_stored(up: Stage) -> None:
    await answer(up, "田中様 8:00")
    text = "お世話になっております。\n先日のバナーの件、いかがでしょうか。"
    await up.mika.write(text)
    question = await up.mika.next_bot_message()
    assert "田中" in buttons_of(question)
    assert await messages(up) == [("田中", "received")]
    when = (await up.mika.click(question, "田中")).message
    await up.mika.click(when, says("action-at-ten-ago"))
    assert await messages(up) == [("田中", "received"), ("田中", "received")]
    stored = str(await up.rows("SELECT * FROM drafts")) + str(await up.rows("SELECT * FROM messages"))
    assert "バナー" not in stored


async def test_several_in_one_line_and_in_several(up: Stage) -> None:
    for line in ("山田さんと田中さん 8時", "佐藤さん 8時\n高橋様 9時"):
        await up.mika.write(line)
        for _ in range(2):
            await up.mika.next_bot_message()
    assert sorted(await messages(up)) == [(name, "received") for name in sorted(["山田", "田中", "佐藤", "高橋"])]


async def test_no_reply_needed(up: Stage) -> None:
    await answer(up, "高橋様 8:00")
    await answer(up, "高橋さん返信不要")
    assert "高橋" not in await answer(up, "返信待ち")
    await answer(up, "取り消し")
    assert "高橋" in await answer(up, "返信待ちは？")


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("line", "command", "options"),
    [
        ("ヘルプ", "help", {}), ("ヘルプお願いします！", "help", {}), ("使い方", "help", {}),
        ("使い方を教えてください。", "help", {}), ("ヘルプ、お願いします", "help", {}), ("help", "help", {}), ("Help, please", "help", {}),
        ("手数料 5万円", "fee", {"amount": "50000"}), ("5万円だと手数料はいくらですか？", "fee", {"amount": "50000"}),
        ("手数料 20時間×3000円", "fee", {"hours": "20", "hourly_rate": "3000"}), ("手数料 5万円×3", "fee", {"amount": "50000", "count": 3}),
        ("予算10万円", "fee", {"client_pays": "100000"}), ("手取り5万円にしたい", "fee", {"take_home": "50000"}),
        ("手数料 税抜5万円", "fee", {"amount": "50000", "tax": "excluded"}), ("budget 100k", "fee", {"client_pays": "100000"}),
        ("I want to keep 50k", "fee", {"take_home": "50000"}), ("fee 20h x 3000", "fee", {"hours": "20", "hourly_rate": "3000"}),
        ("fee for 50,000 yen please", "fee", {"amount": "50000"}), ("pending", "pending", {}),
        ("show me what's pending", "pending", {}), ("返信待ち", "pending", {}), ("返信待ちは？", "pending", {}),
        ("返信待ちを見せてください", "pending", {}), ("未返信ある？", "pending", {}),
    ],
)  # fmt: skip
async def test_plain_words_do_what_the_command_does(
    up: Stage, line: str, command: str, options: dict[str, str]
) -> None:
    assert await answer(up, line) == (await up.mika.command(command, **options)).text


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("line", ["status", "Status please", "what's my status?", "ステータス見せて", "今の返信率は？"])
async def test_the_standing_by_a_plain_word(up: Stage, line: str) -> None:
    await answer(up, "田中様 8:00")
    assert "2016" in await answer(up, line)


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    "line", ["undo", "Undo that, please.", "取り消し", "取り消してください", "さっきのを取り消して！", "元に戻して"]
)
async def test_undo_takes_back_the_last_record(up: Stage, line: str) -> None:
    await answer(up, "高橋様 8:00")
    await answer(up, line)
    assert await messages(up) == []


async def test_undo_drops_the_question_that_was_asked_last(up: Stage) -> None:
    await answer(up, "高橋様 8:00")
    up.clock.advance_to(up.at(12, 1))
    await answer(up, "スタジオ海 9:00")
    assert shows(await answer(up, "取り消し"), "draft-cancelled")
    assert await up.rows("SELECT 1 FROM drafts") == []
    assert await messages(up) == [("高橋", "received")]
    await answer(up, "取り消し")
    assert await messages(up) == []


@pytest.mark.both_engines
async def test_undo_takes_back_what_was_recorded_after_a_question(up: Stage) -> None:
    await answer(up, "スタジオ海 9:00")
    up.clock.advance_to(up.at(12, 1))
    await answer(up, "高橋様 8:00")
    await answer(up, "undo")
    assert await messages(up) == []
    assert len(await up.rows("SELECT 1 FROM drafts")) == 1


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("line", "text_id"),
    [
        ("手数料 約5万円", "amount-vague"),
        ("手数料 5万〜6万円", "amount-vague"),
        ("fee $500", "amount-unreadable"),
        ("手数料 20時間", "fee-rate-missing"),
        ("手数料 時給3000円", "fee-hours-missing"),
        ("予算 税抜10万円", "fee-target-excluded"),
    ],
)
async def test_a_fee_of_what_is_no_amount_is_refused(up: Stage, line: str, text_id: str) -> None:
    assert shows(await answer(up, line), text_id)
    assert await messages(up) == []


async def test_another_members_question_cannot_be_answered(up: Stage) -> None:
    await up.mika.write("スタジオ海 9:00")
    question = await up.mika.next_bot_message()
    ren = up.discord.add_user("Ren")
    [custom_id] = [button["custom_id"] for button in _buttons(question) if button["custom_id"].endswith("new-client")]
    await ren.write("hello")
    own = await ren.next_bot_message()
    await ren.click_custom_id(own, custom_id)
    assert await messages(up) == []


def _buttons(message: object) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def walk(parts: list[dict[str, object]]) -> None:
        for part in parts:
            if "custom_id" in part:
                found.append(part)  # type: ignore[arg-type]
            walk(part.get("components", []))  # type: ignore[arg-type]

    walk(message.body["components"])  # type: ignore[attr-defined]
    return found


@pytest.mark.both_engines
async def test_a_late_reply_to_one_of_several_is_asked_when(up: Stage) -> None:
    """Which thread is the first question, and when the second, since now would be late and the reply perhaps was not."""
    for title in ("ロゴ", "バナー"):
        await answer(up, f"田中様「{title}」8:00")
    await up.move_to(up.at(10, days=1))
    up.news()
    await up.mika.write("田中さんに返信しました")
    which = await up.mika.next_bot_message()
    when = (await up.mika.click(which, next(label for label in buttons_of(which) if "ロゴ" in label))).message
    assert shows(text_of(when), "question-replied-time")
    assert await messages(up) == [("田中", "received")] * 2
    await up.mika.click(when, says("action-at-hour-ago"))
    assert await messages(up) == [("田中", "received"), ("田中", "received"), ("田中", "sent")]


@pytest.mark.parametrize(("word", "recorded"), [("はい", 1), ("yes", 1), ("いいえ", 0), ("no", 0)])
async def test_yes_and_no_answer_a_question(up: Stage, word: str, recorded: int) -> None:
    await answer(up, "スタジオ海 9:00")
    said = await answer(up, word)
    assert len(await messages(up)) == recorded
    assert shows(said, "draft-cancelled") is (recorded == 0)
    assert shows(await answer(up, word), "parsing-unreadable")
    assert len(await messages(up)) == recorded


NAMED_DAYS = [
    # what is typed, who is picked or answered, the direction, the day and the time of day that is meant
    ("昨日連絡きた", "田中", "received", 23),
    ("一昨日返信した", "田中", "sent", 22),
    ("昨日Acmeから連絡", "draft-new-client Acme", "received", 23),
    ("22日にAcmeに返信した", "draft-new-client Acme", "sent", 22),
    ("田中さん 昨日", "draft-received", "received", 23),
    ("田中さん 日曜", "draft-replied", "sent", 22),
    ("昨日", "田中", "received", 23),
]


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(("line", "answer", "direction", "day"), NAMED_DAYS)
async def test_a_day_without_a_time_is_never_taken_for_now(
    up: Stage, line: str, answer: str, direction: str, day: int
) -> None:
    """Whatever is asked first, the time of that day is asked too, and a time of day is one of that day."""
    await up.mika.write("田中さん 11/20 9:00")
    await up.mika.next_bot_message()
    await up.mika.write(line)
    asked = await up.mika.next_bot_message()
    label, _, client = answer.partition(" ")
    card = await up.mika.click(asked, says(label, client=client) if label.startswith("draft") else answer)
    assert shows(card.text, "question-day" if direction == "received" else "question-replied-day")
    assert [each[1] for each in await messages(up)] == ["received"]
    await up.mika.write("8時")
    confirmed = await up.mika.next_bot_message()
    assert stamp(up, 8, 0, days=day - 24) in text_of(confirmed)
    await up.mika.write("はい")
    await up.mika.next_bot_message()
    times = {row[0] for row in await up.rows("SELECT sent_at FROM messages")}
    assert times <= {instant_to_micros(at) for at in (up.at(9, days=-4), up.at(8, days=day - 24))}


@pytest.mark.parametrize(
    ("line", "said", "direction", "hour"),
    [
        ("Acmeから連絡", "draft-new-client", "received", 12),
        ("連絡きた", "田中", "received", 12),
        ("返信した", "田中", "sent", 12),
    ],
)
async def test_a_question_that_is_answered_later_is_of_when_its_line_was_typed(
    up: Stage, line: str, said: str, direction: str, hour: int
) -> None:
    await answer(up, "田中さん 8:00")
    await up.mika.write(line)
    question = await up.mika.next_bot_message()
    await up.move_to(up.at(15))
    await up.mika.click(question, says(said, client="Acme") if said.startswith("draft") else said)
    rows = await up.rows("SELECT direction, sent_at FROM messages ORDER BY message_id DESC LIMIT 1")
    assert [tuple(row) for row in rows] == [(direction, instant_to_micros(up.at(hour)))]


@pytest.mark.both_engines
async def test_a_reply_is_of_when_it_was_typed_however_many_questions_follow(up: Stage) -> None:
    """It was on time then, and is not asked about when its last question is answered after the deadline."""
    for title in ("ロゴ", "バナー"):
        await answer(up, f"田中様「{title}」昨日 12:10")
    assert shows(await answer(up, "返信した"), "question-replied-client")
    await up.move_to(up.at(12, 20))
    up.news()
    await up.mika.write("田中")
    which = await up.mika.next_bot_message()
    await up.move_to(up.at(12, 45))
    await up.mika.click(which, next(label for label in buttons_of(which) if "ロゴ" in label))
    rows = await up.rows("SELECT sent_at FROM messages WHERE direction = 'sent'")
    assert [row[0] for row in rows] == [instant_to_micros(up.at(12))]


@pytest.mark.both_engines
async def test_what_happened_is_of_when_it_was_said_and_not_when_the_name_was_typed(up: Stage) -> None:
    for title in ("ロゴ", "バナー"):
        await answer(up, f"田中様「{title}」9:00")
    await up.mika.write("田中")
    event = await up.mika.next_bot_message()
    await up.move_to(up.at(12, 20))
    which = (await up.mika.click(event, says("action-now"))).message
    await up.move_to(up.at(12, 45))
    await up.mika.click(which, next(label for label in buttons_of(which) if "ロゴ" in label))
    rows = await up.rows("SELECT sent_at FROM messages WHERE direction = 'sent'")
    assert [row[0] for row in rows] == [instant_to_micros(up.at(12, 20))]


async def test_each_question_about_a_reply_names_the_time_at_which_it_was_typed(up: Stage) -> None:
    assert stamp(up, 12, 0) not in await answer(up, "返信した")
    await up.move_to(up.at(12, 20))
    asked = await answer(up, "海山")
    assert shows(asked, "question-replied-new-client")
    assert stamp(up, 12, 0) in asked
    await up.move_to(up.at(12, 45))
    asked = await answer(up, "はい")
    assert shows(asked, "question-nothing-waits")
    assert stamp(up, 12, 0) in asked


@pytest.mark.both_engines
async def test_a_dismissal_reaches_what_had_come_when_it_was_typed(up: Stage) -> None:
    await answer(up, "田中様 8:00")
    await answer(up, "返信不要")
    await up.move_to(up.at(12, 10))
    await answer(up, "佐藤様から連絡")
    await answer(up, "田中様から連絡")
    await up.move_to(up.at(12, 20))
    await answer(up, "返信不要")
    await up.mika.write("株式会社青空")
    asked = await up.mika.next_bot_message()
    assert shows(text_of(asked), "question-dismissed-other-client")
    await up.move_to(up.at(12, 45))
    await up.mika.click(asked, "佐藤")
    rows = await up.rows("SELECT sent_at FROM messages WHERE kind = 'dismissed'")
    assert [row[0] for row in rows] == [instant_to_micros(up.at(12, 20))]


async def test_the_time_of_a_pasted_text_is_not_known_while_its_client_is_confirmed(up: Stage) -> None:
    await answer(up, "お世話になっております。先日の件、いかがでしょうか。よろしくお願いします。")
    asked = await answer(up, "スタジオ海")
    assert shows(asked, "question-new-client")
    assert f"（{says('draft-now')}）" not in asked


@pytest.mark.parametrize(
    ("name", "asked"), [("スタジオ海", "question-new-client"), ("Acme", "question-new-client-near")]
)
async def test_when_a_pasted_text_came_is_asked_though_its_client_is_confirmed_first(
    up: Stage, name: str, asked: str
) -> None:
    """スタジオ海 is new, and Acme much like a known name."""
    await answer(up, "Acme Inc. 9:00")
    await answer(up, "お世話になっております。先日の件、いかがでしょうか。よろしくお願いします。")
    assert shows(await answer(up, name), asked)
    assert shows(await answer(up, "はい"), "question-time")
    assert len(await messages(up)) == 1
    await answer(up, "9:30")
    assert len(await messages(up)) == 2


async def test_what_happened_on_a_named_day_is_not_taken_for_now(up: Stage) -> None:
    await answer(up, "田中さん 11/23 8:00")
    assert shows(await answer(up, "田中さん 昨日"), "question-event")
    assert shows(await answer(up, "返信した"), "question-replied-day")
    assert shows(await answer(up, "昨日の夜9時"), "receipt-sent")
    assert await messages(up) == [("田中", "received"), ("田中", "sent")]


@pytest.mark.both_engines
async def test_a_day_answers_half_of_when_it_was(up: Stage) -> None:
    await answer(up, "田中さん 11/20 8:00")
    assert shows(await answer(up, "田中さんに返信した"), "question-replied-time")
    assert shows(await answer(up, "11/20"), "question-replied-day")
    assert shows(await answer(up, "9時"), "question-replied-moment")
    assert shows(await answer(up, "はい"), "receipt-sent")
    times = [row[0] for row in await up.rows("SELECT sent_at FROM messages ORDER BY sent_at")]
    assert times == [instant_to_micros(up.at(hour, days=-4)) for hour in (8, 9)]


@pytest.mark.parametrize("written", ["昨日", "11/23", "yesterday"])
async def test_a_day_alone_is_asked_about(up: Stage, written: str) -> None:
    """Who, then at what time; it is understood, so nothing says otherwise."""
    await answer(up, "田中さん 8:00")
    assert shows(await answer(up, written), "question-client")
    assert shows(await answer(up, "田中さん"), "question-day")
    assert shows(await answer(up, "9時"), "question-moment")
    assert shows(await answer(up, "はい"), "receipt-received")
    times = [row[0] for row in await up.rows("SELECT sent_at FROM messages ORDER BY sent_at")]
    assert times == [instant_to_micros(up.at(9, days=-1)), instant_to_micros(up.at(8))]


async def test_a_time_of_day_corrects_the_time_of_the_day_that_is_proposed(up: Stage) -> None:
    """9/1 10:00 is asked about, since it lies long ago; 11時 then is 11:00 of that day, not of today."""
    await answer(up, "田中様 8:00")
    assert shows(await answer(up, "田中様 9/1 10:00"), "question-moment")
    asked = await answer(up, "11時")
    assert shows(asked, "question-moment")
    assert stamp(up, 11, 0, days=-84) in asked
    assert len(await messages(up)) == 1


@pytest.mark.both_engines
async def test_a_time_of_today_that_is_just_ahead_is_confirmed(up: Stage) -> None:
    """At noon 13時 is perhaps a plan, or a slip: nothing is recorded for yesterday without a yes."""
    await answer(up, "田中様 8:00")
    await up.mika.write("田中さんに13時に返信しました")
    question = await up.mika.next_bot_message()
    assert shows(text_of(question), "question-replied-moment", at=stamp(up, 13, 0, days=-1))
    await up.mika.click(question, says("draft-not-recorded"))
    assert await messages(up) == [("田中", "received")]
    assert shows(await answer(up, "田中さん 13時"), "question-moment")
    await answer(up, "はい")
    assert [row[0] for row in await up.rows("SELECT MIN(sent_at) FROM messages")] == [
        instant_to_micros(up.at(13, days=-1))
    ]


@pytest.mark.parametrize("by_form", [False, True])
async def test_a_guessed_day_that_answers_a_question_is_confirmed_for_the_same_client(
    up: Stage, *, by_form: bool
) -> None:
    await answer(up, "田中様 8:00")
    await up.mika.write("田中様")
    question = await up.mika.next_bot_message()
    if by_form:
        form = await up.mika.click(question, says("draft-enter-received-time"))
        asked = (await up.mika.submit_modal(form, "11/25 10:00")).text
    else:
        asked = await answer(up, "11/25 10:00に届いた")
    assert shows(asked, "question-moment", at=stamp(up, 10, 0))
    assert len(await messages(up)) == 1
    await answer(up, "はい")
    assert await messages(up) == [("田中", "received"), ("田中", "received")]


async def test_a_time_of_day_is_one_of_the_day_that_was_asked_about(up: Stage) -> None:
    """昨日, then 21時: nine hours ahead today, but of yesterday."""
    await answer(up, "田中様 8:00")
    assert shows(await answer(up, "昨日田中様から連絡"), "question-day")
    asked = await answer(up, "21時")
    assert shows(asked, "question-moment", at=stamp(up, 21, 0, days=-1))
    await answer(up, "はい")
    assert await messages(up) == [("田中", "received"), ("田中", "received")]


async def test_a_guessed_day_for_what_is_no_line_is_refused_and_the_question_stays(up: Stage) -> None:
    """The question whether a time is meant is one about a message, and would make one of a 連絡催促."""
    await up.mika.write("[ランサーズ] クライアントから連絡催促がありました")
    question = await up.mika.next_bot_message()
    form = await up.mika.click(question, says("draft-enter-time"))
    assert shows((await up.mika.submit_modal(form, "11/25 10:00")).text, "time-coming-day")
    assert says("draft-enter-time") in buttons_of(question)
    assert await messages(up) == []


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("action-now", 12), ("draft-not-recorded", None), ("はい", 12), ("10時", 10), ("10時に返信した", 10), ("いいえ", None),
        ("返信不要", None),
    ],
)  # fmt: skip
async def test_a_reply_that_is_only_named_may_be_a_plan(up: Stage, said: str, hour: int | None) -> None:
    await answer(up, "田中様 8:00")
    await up.mika.write("田中さんに返信")
    question = await up.mika.next_bot_message()
    assert shows(text_of(question), "question-replied-event")
    assert len(await messages(up)) == 1
    if said.startswith(("action", "draft")):
        await up.mika.click(question, says(said))
    else:
        await answer(up, said)
    times = await up.rows("SELECT sent_at FROM messages WHERE direction = 'sent' AND kind = 'message'")
    assert [row[0] for row in times] == ([instant_to_micros(up.at(hour))] if hour else [])


async def test_a_reply_that_is_only_named_is_no_answer_to_who_wrote(up: Stage) -> None:
    await answer(up, "田中様 8:00")
    assert shows(await answer(up, "9:30"), "question-client")
    assert shows(await answer(up, "田中さんに返信"), "question-replied-event")
    assert await messages(up) == [("田中", "received")]


@pytest.mark.both_engines
async def test_a_reply_that_is_only_named_to_somebody_new_is_asked_about_twice(up: Stage) -> None:
    assert shows(await answer(up, "海に返信"), "question-replied-event")
    assert shows(await answer(up, "はい"), "question-nothing-waits")
    assert await messages(up) == []


@pytest.mark.parametrize("line", ["10時に届きました", "10時に連絡きた", "replied to me at 10am"])
@pytest.mark.parametrize(
    ("said", "question"),
    [("田中さんに返信", "question-replied-event"), ("田中さんに今朝返信した", "question-replied-day")],
)
async def test_what_was_received_is_no_answer_to_when_a_reply_was_sent(
    up: Stage, said: str, question: str, line: str
) -> None:
    await answer(up, "田中様 8:00")
    assert shows(await answer(up, said), question)
    assert shows(await answer(up, line), "question-client")
    assert await messages(up) == [("田中", "received")]


@pytest.mark.both_engines
async def test_a_time_alone_answers_when_a_reply_was_sent(up: Stage) -> None:
    await answer(up, "田中様 8:00")
    assert shows(await answer(up, "田中さんに今朝返信した"), "question-replied-day")
    assert shows(await answer(up, "10時"), "question-replied-moment")
    await answer(up, "はい")
    assert await messages(up) == [("田中", "received"), ("田中", "sent")]


ABOUT_A_REPLY = [
    # what follows 返信した, and what is recorded of the client 田中, who wrote at 8:00
    (["10時", "田中さん"], 10),
    (["田中さん 10時", "はい"], 10),
    (["昨日の22時", "田中さん"], None),
]


@pytest.mark.parametrize(("lines", "hour"), ABOUT_A_REPLY)
async def test_a_time_after_a_question_about_a_reply_is_no_message_of_the_client(
    up: Stage, lines: list[str], hour: int | None
) -> None:
    await answer(up, "田中さん 8:00")
    assert shows(await answer(up, "返信した"), "question-replied-client")
    for line in lines:
        assert len(await messages(up)) == 1
        await answer(up, line)
    rows = await up.rows("SELECT direction, sent_at FROM messages WHERE sent_at <> $1", instant_to_micros(up.at(8)))
    assert [tuple(row) for row in rows] == ([("sent", instant_to_micros(up.at(hour)))] if hour else [])


async def test_a_time_changes_the_reply_for_which_nothing_waits(up: Stage) -> None:
    await answer(up, "田中さん 8:00")
    await answer(up, "田中さんに9:00に返信した")
    assert shows(await answer(up, "田中さんに返信した"), "question-nothing-waits")
    assert shows(await answer(up, "11:00"), "question-nothing-waits")
    await answer(up, "はい")
    assert [row[0] for row in await up.rows("SELECT MAX(sent_at) FROM messages")] == [instant_to_micros(up.at(11))]


@pytest.mark.parametrize("line", ["9:30", "返信した", "返信不要"])
async def test_what_could_answer_either_of_two_questions_answers_none(up: Stage, line: str) -> None:
    """A message with several questions: what names no client of them could be meant for any."""
    await answer(up, "田中さん 8:00")
    await answer(up, "高橋さん 8:00")
    await answer(up, "田中さん\n高橋さん")
    await up.mika.next_bot_message()  # the second question
    await answer(up, line)
    assert len(await messages(up)) == 2


@pytest.mark.parametrize("lines", ["田中さん 11:00\n高橋さん 11:30", "田中さん 11:00、高橋さん 11:30"])
async def test_several_clients_with_times_after_the_question_who_was_answered_are_asked_about(
    up: Stage, lines: str
) -> None:
    """They may be the replies, or messages that came."""
    await answer(up, "田中さん 8:00\n高橋さん 9:00")
    await up.mika.next_bot_message()  # the second receipt
    up.clock.advance_to(up.at(12, 1))
    assert shows(await answer(up, "返信した"), "question-replied-client")
    assert shows(await answer(up, lines), "question-event")
    await up.mika.next_bot_message()  # the second question
    assert len(await messages(up)) == 2


@pytest.mark.parametrize("line", ["はい", "いいえ"])
async def test_yes_and_no_answer_none_of_two_questions(up: Stage, line: str) -> None:
    await answer(up, "スタジオ海 9:00\nスタジオ山 10:00")
    await up.mika.next_bot_message()  # the second question
    assert shows(await answer(up, line), "parsing-unreadable")
    assert await messages(up) == []
    assert len(await up.rows("SELECT 1 FROM drafts")) == 2


async def test_a_name_answers_the_question_about_it(up: Stage) -> None:
    await answer(up, "スタジオ海 9:00\nスタジオ山 10:00")
    await up.mika.next_bot_message()  # the second question
    await answer(up, "スタジオ海")
    rows = await up.rows("SELECT client, sent_at FROM messages JOIN threads USING (member_id, thread_id)")
    assert [tuple(row) for row in rows] == [("スタジオ海", instant_to_micros(up.at(9)))]


async def test_both_names_answer_the_questions_about_them(up: Stage) -> None:
    """What the first answer recorded does not hide the other question: nobody is asked again who and when."""
    await answer(up, "スタジオ海 9:00\nスタジオ山 10:00")
    await up.mika.next_bot_message()  # the second question
    up.clock.advance_to(up.at(12, 1))
    await answer(up, "スタジオ海")
    up.clock.advance_to(up.at(12, 2))
    await answer(up, "スタジオ山さん")
    assert await messages(up) == [("スタジオ海", "received"), ("スタジオ山", "received")]


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("asking", "slip", "answered", "asked"),
    [
        ("制作会社Aさんからのメッセージ受信通知", "900円", "9:00", "question-client"),
        ("高橋さん 昨日", "うーむ", "9時", "question-client"),
        ("高橋さん 昨日", "海山", "いま", "question-client"),
        ("9:30", "スタジオ海 10:00", "田中さん", "question-new-client-event"),
    ],
)
async def test_a_name_that_nobody_knows_hides_no_question_before_it(
    up: Stage, asking: str, slip: str, answered: str, asked: str
) -> None:
    """It may be a slip, which is corrected at once: 9時 would record a message of the client うーむ."""
    for line in (asking, slip):
        await answer(up, line)
        up.clock.advance(timedelta(seconds=10))
    assert shows(await answer(up, answered), asked)
    assert await messages(up) == []


async def test_a_known_name_after_a_question_is_meant_by_what_follows(up: Stage) -> None:
    await answer(up, "田中さん 8:00")
    for line in ("高橋さん 昨日", "田中さん"):
        up.clock.advance(timedelta(seconds=10))
        await answer(up, line)
    await answer(up, "9時")
    assert await messages(up) == [("田中", "received"), ("田中", "received")]


@pytest.mark.parametrize("line", ["はい", "いいえ"])
async def test_yes_and_no_answer_no_question_before_what_was_recorded_since(up: Stage, line: str) -> None:
    """いいえ may be about the receipt that was seen last, and that nothing was recorded would be untrue."""
    await answer(up, "スタジオ海 9:00")
    up.clock.advance_to(up.at(12, 1))
    await answer(up, "田中さん 10:00")
    up.clock.advance_to(up.at(12, 2))
    assert shows(await answer(up, line), "parsing-unreadable")
    assert await messages(up) == [("田中", "received")]
    assert len(await up.rows("SELECT 1 FROM drafts")) == 1


async def test_a_question_before_what_was_recorded_since_is_not_answered_by_a_name(up: Stage) -> None:
    for client in ("田中さん", "高橋さん"):
        await answer(up, f"{client} 8:00")
    assert shows(await answer(up, "返信した"), "question-replied-client")
    await up.move_to(up.at(12, 1))
    await answer(up, "田中さんに返信した")
    assert shows(await answer(up, "高橋さん"), "question-event")
    assert len(await messages(up)) == 3


@pytest.mark.both_engines
@pytest.mark.parametrize("name", ["高橋さん", "海山"])
async def test_a_new_client_and_the_moment_are_asked_about_at_once(up: Stage, name: str) -> None:
    asked = await answer(up, f"{name} 11/25 10:00")
    assert shows(asked, "question-new-client-moment", at=stamp(up, 10, 0))
    await answer(up, "はい")
    assert await messages(up) == [(name.removesuffix("さん"), "received")]


async def test_a_moment_is_asked_about_before_which_known_client_is_meant(up: Stage) -> None:
    await answer(up, "株式会社海山 8:00")
    assert shows(await answer(up, "海山 11/25 10:00"), "question-moment")
    assert shows(await answer(up, "はい"), "question-new-client-near")


async def test_a_moment_without_a_client_names_no_new_one(up: Stage) -> None:
    asked = await answer(up, "11/25 10:00")
    assert shows(asked, "question-moment")
    assert not shows(asked, "question-new-client-moment")
    assert shows(await answer(up, "はい"), "question-client")


@pytest.mark.parametrize(
    ("line", "hour", "days"), [("25:30", 1.5, 0), ("24時", 0, 0), ("0時", 0, -1), ("23時", 23, -1)]
)
async def test_an_hour_after_midnight_is_one_of_the_next_day(up: Stage, line: str, hour: float, days: int) -> None:
    await answer(up, "田中さん 8:00")
    await answer(up, "田中さん 昨日")
    asked = await answer(up, line)
    assert shows(asked, "question-moment", at=stamp(up, int(hour), int(hour % 1 * 60), days=days))


async def test_a_day_answers_half_of_what_happened(up: Stage) -> None:
    await answer(up, "田中さん 8:00")
    assert shows(await answer(up, "田中さん"), "question-event")
    assert shows(await answer(up, "昨日"), "question-event")
    assert shows(await answer(up, "20時"), "question-moment", at=stamp(up, 20, 0, days=-1))


@pytest.mark.parametrize("time", ["昨日", "10:00", "さっきの"])
async def test_a_time_beside_no_reply_needed_may_be_of_another_message(up: Stage, time: str) -> None:
    """What waits is of 8:00; the button then says which is meant."""
    await answer(up, "田中さん 8:00")
    await up.mika.write(f"{time} 田中さん返信不要")
    question = await up.mika.next_bot_message()
    assert shows(text_of(question), "question-dismissed-client")
    assert len(await messages(up)) == 1
    await up.mika.click(question, "田中")
    assert [row[0] for row in await up.rows("SELECT kind FROM messages ORDER BY message_id")] == [
        "message",
        "dismissed",
    ]


@pytest.mark.parametrize("line", ["田中さん 8時 返信不要", "田中さん 8時半頃 返信不要", "今 田中さん返信不要"])
async def test_no_reply_needed_with_the_time_of_what_waits_is_clear(up: Stage, line: str) -> None:
    await answer(up, "田中さん 8:00")
    await answer(up, line)
    assert [row[0] for row in await up.rows("SELECT kind FROM messages ORDER BY message_id")] == [
        "message",
        "dismissed",
    ]
