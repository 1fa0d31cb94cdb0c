"""Every question, answered by a button and by a plain text as the next message, in both languages."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle

import pytest

from bot.domain.types import Locale
from bot.fake_discord.state import Message
from bot.fake_discord.users import buttons_of, selects_of, text_of
from tests.helpers.amounts import others_slow
from tests.helpers.mail_builder import make_mail
from tests.helpers.scenarios import correct, eml
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


SUBJECT = "制作会社Aさんからのメッセージ受信通知"
INVITATION = "[ランサーズ] 仕事の招待状が届きました"
GRANTED = "[Lancers] 認定ランサー認可のお知らせ"
UNKNOWN = "[ランサーズ] システムからの重要なご案内がございます"


@dataclass(frozen=True)
class Question:
    """How a question comes up, and its answers."""

    text_id: str
    asked_by: str
    buttons: tuple[str, ...]
    """Those that it must have, as `label` takes them; the first one is pressed."""
    ja: str
    en: str
    after: tuple[tuple[str | None, str], ...]
    """Client and direction of what is recorded then."""
    forwarded: bool = False
    received: tuple[str, ...] = ()
    """Lines before it."""
    a_day_later: bool = False


TIME_BUTTONS = ("action-at-now", "action-at-ten-ago", "action-at-hour-ago", "draft-enter-time", "draft-not-recorded")
KNOWN = ("田中様 8:00",)
RECEIVED_TANAKA = ("田中", "received")
TWO_JOBS = ("高橋様「ロゴ」8:00", "高橋様「バナー」8:10")
RECEIVED_TWICE = (("高橋", "received"),) * 2
QUESTIONS = {
    "when": Question(
        "question-time", SUBJECT, TIME_BUTTONS, "10分前", "10 min ago", (("制作会社A", "received"),)
    ),
    "now": Question("question-time", SUBJECT, TIME_BUTTONS, "いま", "just now", (("制作会社A", "received"),)),
    "when it was replied": Question(
        "question-replied-time",
        "田中さんに返信しました",
        TIME_BUTTONS,
        "10分前に返信した",
        "10 min ago",
        (RECEIVED_TANAKA, ("田中", "sent")),
        received=KNOWN,
        a_day_later=True,
    ),
    "who": Question(
        "question-client", "9:30", ("田中", "action-client", "draft-not-recorded"), "田中", "田中さん",
        (RECEIVED_TANAKA, RECEIVED_TANAKA), received=KNOWN,
    ),
    "who was answered": Question(
        "question-replied-client", "返信しました 9:30", ("田中", "action-client", "draft-not-recorded"),
        "田中様", "田中", (RECEIVED_TANAKA, ("田中", "sent")), received=KNOWN,
    ),
    "a new client": Question(
        "question-new-client", "スタジオ海 9:00", ("draft-new-client スタジオ海", "action-client", "draft-not-recorded"),
        "はい", "yes", (("スタジオ海", "received"),),
    ),
    "a new client by the name": Question(
        "question-new-client", "海山 9:00", ("draft-new-client 海山", "action-client", "draft-not-recorded"),
        "海山", "海山さん", (("海山", "received"),),
    ),
    "a new client's name alone": Question(
        "question-new-client-event", "海山",
        ("draft-new-client-now 海山", "action-at-ten-ago", "draft-enter-time", "action-client", "draft-not-recorded"),
        "いま", "10 min ago", (("海山", "received"),),
    ),
    "what happened": Question(
        "question-event", "田中",
        ("action-now", "action-received-now", "action-dismiss", "draft-enter-received-time", "draft-not-recorded"),
        "返信した", "replied", (RECEIVED_TANAKA, ("田中", "sent")), received=KNOWN,
    ),
    "what happened, no reply": Question(
        "question-event", "田中", ("action-dismiss",), "返信不要", "no reply needed",
        (RECEIVED_TANAKA, ("田中", "sent")), received=KNOWN,
    ),
    "what happened, received": Question(
        "question-event", "田中", ("action-received-now",), "9:30", "9:30",
        (RECEIVED_TANAKA, RECEIVED_TANAKA), received=KNOWN,
    ),
    "that moment": Question(
        "question-moment", "田中様 11/25 9:00", ("action-as-read", "draft-enter-time", "draft-not-recorded"),
        "はい", "9:30", (RECEIVED_TANAKA, RECEIVED_TANAKA), received=KNOWN,
    ),
    "really a reply": Question(
        "question-nothing-waits", "田中さんに9:10に返信しました", ("action-anyway", "draft-not-recorded"),
        "はい", "yes", (RECEIVED_TANAKA, ("田中", "sent"), ("田中", "sent")),
        received=(*KNOWN, "田中さんに9:00に返信しました"),
    ),
    "which conversation was answered": Question(
        "question-thread", "高橋さんに返信しました", ("thread-titled 高橋 ロゴ", "thread-titled 高橋 バナー", "draft-not-recorded"),
        "ロゴ", "高橋「ロゴ」", (*RECEIVED_TWICE, ("高橋", "sent")), received=TWO_JOBS,
    ),
    "which conversation needs no reply": Question(
        "question-dismissed-client", "高橋さん返信不要", ("thread-titled 高橋 ロゴ", "thread-titled 高橋 バナー", "draft-not-recorded"),
        "バナー", "高橋「バナー」", (*RECEIVED_TWICE, ("高橋", "sent")), received=TWO_JOBS,
    ),
    "whose text": Question(
        "question-unclear", "お世話になっております。\n先日の件、いかがでしょうか。",
        ("田中", "action-client", "draft-not-recorded"), "田中", "田中さん",
        (RECEIVED_TANAKA,), received=KNOWN,
    ),
    "whose mail": Question(
        "question-unknown-mail", UNKNOWN, ("田中", "action-client", "draft-not-recorded"), "田中さん", "田中",
        (RECEIVED_TANAKA, RECEIVED_TANAKA), received=KNOWN, forwarded=True,
    ),
    "an invitation": Question(
        "question-start", INVITATION, ("action-start", "draft-not-recorded"), "制作会社B", "Studio Sun Inc.",
        (), forwarded=True,
    ),
    "the badge": Question(
        "question-badge", GRANTED, ("action-held", "draft-not-recorded"), "はい", "yes", (), forwarded=True
    ),
    "a late reply": Question(
        "question-trap", "/replied",
        ("action-count-it", "action-elsewhere", "draft-not-recorded"), "はい", "yes",
        (RECEIVED_TANAKA, ("田中", "sent"), ("田中", "sent")),
        received=("田中様 11/20 9:00", "田中さん返信不要"),
    ),
}  # fmt: skip


def label(button: str, locale: Locale) -> str:
    """The label of a button: a client, or the id of a text with its client and title."""
    text_id, *names = button.split(" ")
    if not text_id.isascii():
        return text_id
    return says(text_id, locale, **dict(zip(("client", "title"), names, strict=False)))


async def say(up: Stage, line: str, *, forwarded: bool = False) -> Message:
    if forwarded:
        await up.mika.forward(line, posted_at=up.at(9, 0))
    else:
        await up.mika.write(line)
    return await up.mika.next_bot_message()


async def ask(up: Stage, question: Question, locale: Locale) -> Message:
    await up.mika.command("settings", locale=locale)
    for line in question.received:
        await say(up, line)
        up.clock.advance(timedelta(minutes=1))
    if question.a_day_later:
        await up.move_to(up.at(9, days=1))
        up.news()
    if question.asked_by == "/replied":
        card = (await up.mika.command("replied", client="田中")).message
    else:
        card = await say(up, question.asked_by, forwarded=question.forwarded)
    assert shows(text_of(card), question.text_id, locale)
    return card


async def recorded(up: Stage) -> tuple[tuple[str | None, str], ...]:
    rows = await up.rows(
        "SELECT threads.client, direction FROM messages JOIN threads USING (member_id, thread_id) ORDER BY message_id"
    )
    return tuple((row[0], row[1]) for row in rows)


LOCALES: list[Locale] = ["ja", "en"]
IN_TURN = list(zip(QUESTIONS, cycle(LOCALES), strict=False))
"""Every question in one of the languages: their texts are in tests/cards."""


@pytest.mark.both_engines
@pytest.mark.parametrize(("name", "locale"), IN_TURN)
async def test_a_button_answers(up: Stage, name: str, locale: Locale) -> None:
    question = QUESTIONS[name]
    card = await ask(up, question, locale)
    expected = [label(each, locale) for each in question.buttons]
    assert set(expected) <= set(buttons_of(card))
    answer = await up.mika.click(card, expected[0])
    match name:
        case "an invitation":
            answer = await up.mika.submit_modal(answer, "招待主", "")
            assert await recorded(up) == (("招待主", "received"),)
        case "whose text":
            assert shows(answer.text, "question-time", locale)
            await up.mika.click(card, says("action-at-now", locale))
            assert await recorded(up) == (RECEIVED_TANAKA, RECEIVED_TANAKA)
        case _:
            assert await recorded(up) == question.after
    assert await up.rows("SELECT 1 FROM drafts") == []


@pytest.mark.others_on_sqlite("locale")
@pytest.mark.parametrize("locale", others_slow(LOCALES))
@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_plain_text_answers(up: Stage, name: str, locale: Locale) -> None:
    question = QUESTIONS[name]
    await ask(up, question, locale)
    up.clock.advance(timedelta(minutes=1))
    answer = await say(up, question.ja if locale == "ja" else question.en)
    match name:
        case "an invitation":
            assert len(await recorded(up)) == 1
        case "whose text":
            assert shows(text_of(answer), "question-time", locale)
            await say(up, "いま" if locale == "ja" else "now")
            assert await recorded(up) == (RECEIVED_TANAKA, RECEIVED_TANAKA)
        case "the badge":
            assert shows(text_of(answer), "badge-noted", locale)
        case _:
            assert await recorded(up) == question.after
    assert await up.rows("SELECT 1 FROM drafts") == []


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(("name", "locale"), IN_TURN)
async def test_no_drops_every_question(up: Stage, name: str, locale: Locale) -> None:
    question, word = QUESTIONS[name], "いいえ" if locale == "ja" else "no"
    await ask(up, question, locale)
    before = await recorded(up)
    up.clock.advance(timedelta(minutes=1))
    assert shows(text_of(await say(up, word)), "draft-cancelled", locale)
    assert await recorded(up) == before
    assert await up.rows("SELECT 1 FROM drafts") == []


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_question_from_a_card_of_several_is_complete(up: Stage, name: str) -> None:
    card = await ask(up, QUESTIONS[name], "ja")
    text, buttons = text_of(card), buttons_of(card)
    number = next(iter(buttons.values())).split(":")[2]
    card.body["components"] = [
        {
            "type": 1,
            "components": [
                {
                    "type": 3,
                    "custom_id": "choose:gathered:0:look",
                    "options": [{"label": "?", "value": f"draft-{number}"}],
                }
            ],
        }
    ]
    chosen = (await up.mika.select_option(card, "?")).message
    assert (text_of(chosen), buttons_of(chosen)) == (text, buttons)


@pytest.mark.both_engines
async def test_yes_to_what_leaves_something_open_asks_for_it(up: Stage) -> None:
    await say(up, "海山")
    assert shows(text_of(await say(up, "はい")), "question-time")
    await say(up, "10分前")
    assert await recorded(up) == (("海山", "received"),)
    up.clock.advance(timedelta(minutes=1))
    await say(up, INVITATION, forwarded=True)
    up.clock.advance(timedelta(minutes=1))
    who = await say(up, "はい")
    assert "海山" in buttons_of(who)
    await up.mika.click(who, "海山")
    assert await recorded(up) == (("海山", "received"), ("海山", "received"))


async def test_another_name_than_the_new_one_asks_what_happened_again(up: Stage) -> None:
    await say(up, "田中様 8:00")
    form = await up.mika.click(await say(up, "海山"), says("action-client"))
    answer = await up.mika.submit_modal(form, "田中", "")
    assert shows(answer.text, "question-event")
    await up.mika.click(answer.message, says("action-received-now"))
    assert await recorded(up) == (RECEIVED_TANAKA, RECEIVED_TANAKA)


async def test_another_new_name_is_no_answer_to_whether_one_is_new(up: Stage) -> None:
    first = await say(up, "海山 9:00")
    up.clock.advance(timedelta(minutes=1))
    assert shows(text_of(await say(up, "北村")), "question-new-client-event")
    await up.mika.click(first, says("draft-new-client", client="海山"))
    assert await recorded(up) == (("海山", "received"),)


FORWARDED = "いつ頃になりますか？"


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("line", "asked"),
    [("田中", False), ("田中さん", False), ("北村様", False), ("北村", True), ("Beta", True)],
)
async def test_who_wrote_a_forwarded_text_is_said_by_a_plain_text(up: Stage, line: str, *, asked: bool) -> None:
    await say(up, "田中様 8:00")
    up.clock.advance(timedelta(minutes=1))
    await say(up, FORWARDED, forwarded=True)
    up.clock.advance(timedelta(minutes=1))
    answer = await say(up, line)
    client = line.rstrip("さん様")
    if asked:
        assert shows(text_of(answer), "question-whose")
        assert [each for each, _ in await recorded(up)] == ["田中", None]
        await up.mika.click(answer, says("draft-new-client", client=client))
    assert [each for each, _ in await recorded(up)] == ["田中", client]


@pytest.mark.both_engines
async def test_who_wrote_a_forwarded_text_can_be_left_open(up: Stage) -> None:
    receipt = await say(up, FORWARDED, forwarded=True)
    up.clock.advance(timedelta(minutes=1))
    question = await say(up, "北村")
    await up.mika.click(question, says("draft-not-decided"))
    form = await up.mika.click(receipt, says("receipt-enter-client"))
    assert (await up.mika.submit_modal(form, "北村", "")).message is receipt
    assert await recorded(up) == (("北村", "received"),)


async def test_the_clients_that_wait_are_buttons_of_a_forwarded_text(up: Stage) -> None:
    for line in ("田中様 8:00", "佐藤様 9:00"):
        await say(up, line)
    receipt = await say(up, FORWARDED, forwarded=True)
    assert list(buttons_of(receipt))[:3] == ["田中", "佐藤", says("action-client")]
    await up.mika.click(receipt, "佐藤")
    assert [each for each, _ in await recorded(up)] == ["田中", "佐藤", "佐藤"]


async def test_who_wrote_a_forwarded_text_is_asked_in_the_history_too(up: Stage) -> None:
    await say(up, "田中様 8:00")
    receipt = await say(up, FORWARDED, forwarded=True)
    listed = (await up.mika.command("history")).message
    shown = (await up.mika.click(listed, says("action-look"))).message
    assert buttons_of(shown) == buttons_of(receipt)
    await up.mika.click(shown, "田中")
    assert [each for each, _ in await recorded(up)] == ["田中", "田中"]


@pytest.mark.both_engines
async def test_a_forwarded_text_belongs_to_the_clients_only_conversation(up: Stage) -> None:
    await say(up, "高橋様「ロゴ」8:00")
    up.clock.advance(timedelta(minutes=1))
    await say(up, FORWARDED, forwarded=True)
    up.clock.advance(timedelta(minutes=1))
    assert "ロゴ" in text_of(await say(up, "高橋さん"))


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("title", ["バナー", "バナーの件", "バナーの方です", "高橋「バナー」"])
async def test_which_conversation_a_mail_belongs_to_is_said_by_its_title(up: Stage, title: str) -> None:
    for line in TWO_JOBS:
        await say(up, line)
    up.clock.advance(timedelta(minutes=1))
    await up.mika.write(files=[("mail.eml", eml("高橋さんからのメッセージ受信通知"))])
    receipt = await up.mika.next_bot_message()
    assert shows(text_of(receipt), "receipt-which-thread")
    assert len(selects_of(receipt)[0]["options"]) == 3
    up.clock.advance(timedelta(minutes=1))
    assert "バナー" in text_of(await say(up, title))
    assert (
        await up.rows("SELECT 1 FROM threads WHERE unsorted = 1 AND thread_id IN (SELECT thread_id FROM messages)")
        == []
    )


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("line", "before"),
    [("海山", ()), ("佐藤", ("佐藤様 8:30", "佐藤さんに9:00に返信しました"))],
    ids=["a new client", "a client who was answered"],
)
async def test_a_reply_without_a_name_is_not_recorded_for_the_client_of_an_open_question_who_waits_for_none(
    up: Stage, line: str, before: tuple[str, ...]
) -> None:
    for each in ("田中様 8:00", *before):
        await say(up, each)
        up.clock.advance(timedelta(minutes=1))
    recorded_before = await recorded(up)
    await say(up, line)
    up.clock.advance(timedelta(minutes=1))
    question = await say(up, "返信しました")
    assert await recorded(up) == recorded_before
    assert shows(text_of(question), "question-nothing-waits")
    assert "田中" in buttons_of(question)
    assert says("draft-not-recorded") in buttons_of(question)
    await up.mika.click(question, "田中")
    assert await recorded(up) == (*recorded_before, ("田中", "sent"))


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("asked_by", [SUBJECT, "スタジオ海 9:00", "田中様 11/25 9:00"])
async def test_a_reply_without_a_name_beside_a_question_about_a_message_is_asked_about(
    up: Stage, asked_by: str
) -> None:
    for each in ("田中様 8:00", "佐藤様 8:30"):
        await say(up, each)
        up.clock.advance(timedelta(minutes=1))
    before = await recorded(up)
    await say(up, asked_by)
    up.clock.advance(timedelta(minutes=1))
    question = await say(up, "返信しました")
    assert await recorded(up) == before
    assert shows(text_of(question), "question-replied-client")
    assert {"田中", "佐藤"} <= set(buttons_of(question))
    await up.mika.click(question, "佐藤")
    assert await recorded(up) == (*before, ("佐藤", "sent"))


async def test_a_name_given_to_a_question_that_nothing_waits_for_is_asked_about_there(up: Stage) -> None:
    for each in ("田中様 8:00", "佐藤様 8:30", "佐藤さんに9:00に返信しました"):
        await say(up, each)
        up.clock.advance(timedelta(minutes=1))
    before = await recorded(up)
    assert shows(text_of(await say(up, "佐藤さんに返信しました")), "question-nothing-waits")
    up.clock.advance(timedelta(minutes=1))
    await say(up, "田中さん")
    assert await recorded(up) == (*before, ("田中", "sent"))


async def test_another_client_than_the_one_who_waits_for_none_is_asked_when_the_window_has_closed(up: Stage) -> None:
    for each in ("田中様 昨日 8:00", "佐藤様 8:30", "佐藤さんに9:00に返信しました"):
        await say(up, each)
        up.clock.advance(timedelta(minutes=1))
    before = await recorded(up)
    answer = await up.mika.click(await say(up, "佐藤さんに返信しました"), "田中")
    assert shows(answer.text, "question-replied-time")
    assert await recorded(up) == before


@pytest.mark.both_engines
@pytest.mark.parametrize("line", ["高橋「ロゴ制作」 8:00", "高橋「ロゴ制作」"])
async def test_a_question_names_the_job_that_was_read(up: Stage, line: str) -> None:
    await up.mika.write(line)
    question = await up.mika.next_bot_message()
    assert shows(text_of(question), "question-job", title="ロゴ制作")
    answer = await up.mika.click(question, next(iter(buttons_of(question))))
    assert "「ロゴ制作」" in answer.text


@pytest.mark.both_engines
async def test_a_dismissal_names_a_client_who_does_not_wait(up: Stage) -> None:
    for line in ("田中様 8:00", "佐藤様 8:10"):
        await up.mika.write(line)
        await up.mika.next_bot_message()
    asked = text_of(await say(up, "株式会社青空 返信不要"))
    assert shows(asked, "question-dismissed-other-client", client="**株式会社青空**")


@pytest.mark.both_engines
async def test_the_question_about_a_line_that_was_edited_has_ended(up: Stage) -> None:
    line = await up.mika.write("田中商店")
    first = await up.mika.next_bot_message()
    pressed = buttons_of(first)[says("draft-new-client-now", client="田中商店")]
    up.clock.advance(timedelta(seconds=30))
    await up.mika.edit(line, "佐藤商店")
    second = await up.mika.next_bot_message()
    assert up.bot is not None
    await up.bot.card_updates.wait_idle()
    assert buttons_of(first) == {}
    await up.mika.click_custom_id(first, pressed)
    assert await recorded(up) == ()
    await up.mika.click(second, says("draft-new-client-now", client="佐藤商店"))
    assert await recorded(up) == (("佐藤商店", "received"),)


@pytest.mark.both_engines
async def test_an_invitation_that_came_in_two_forms_is_recorded_once(up: Stage) -> None:
    """It was asked about twice, since only one form has an identity of its own."""
    questions = []
    for message_id in ("", "a1"):
        mail = make_mail(
            "direct", "utf-8", "noreply@lancers.co.jp", "Tue, 24 Nov 2026 09:12:34 +0900", INVITATION, message_id
        )
        await up.mika.write(files=[("m.eml", mail)])
        questions.append(await up.mika.next_bot_message())
        assert shows(text_of(questions[-1]), "question-start")
        up.clock.advance(timedelta(minutes=1))
    for question in questions:
        form = await up.mika.click(question, says("action-start"))
        answer = await up.mika.submit_modal(form, "招待商店", "")
    assert shows(answer.text, "receipt-repeated")
    assert await recorded(up) == (("招待商店", "received"),)
    assert await up.rows("SELECT 1 FROM drafts") == []


async def correct_client(up: Stage, receipt: Message, client: str) -> None:
    form = await correct(up.mika, receipt, "correct-client")
    await up.mika.submit_modal(form, client, "")


async def warned_of_late_reply(up: Stage, client: str) -> Message:
    """The question about a late reply to a client, who is found to be another one meanwhile."""
    receipt = await say(up, "田中様 11/20 9:00")
    await say(up, "田中さん返信不要")
    question = (await up.mika.command("replied", client="田中")).message
    assert shows(text_of(question), "question-trap")
    await correct_client(up, receipt, client)
    return question


@pytest.mark.both_engines
async def test_a_late_reply_to_a_client_who_was_corrected_is_asked_about_again(up: Stage) -> None:
    question = await warned_of_late_reply(up, "北村工房")
    asked = await up.mika.click(question, says("action-count-it"))
    assert shows(asked.text, "question-thread")
    again = await up.mika.click(asked.message, "北村工房")
    assert shows(again.text, "question-trap")
    await up.mika.click(again.message, says("action-count-it"))
    assert (await recorded(up))[-1] == ("北村工房", "sent")
    assert await up.rows("SELECT 1 FROM drafts") == []


@pytest.mark.both_engines
async def test_a_new_message_instead_of_a_reply_to_a_client_who_was_corrected_is_refused(up: Stage) -> None:
    question = await warned_of_late_reply(up, "北村工房")
    before = await recorded(up)
    refused = await up.mika.click(question, says("action-elsewhere"))
    assert shows(refused.text, "recording-thread-gone")
    assert await recorded(up) == before
    assert says("action-count-it") in buttons_of(question), "the question is still asked"


@pytest.mark.both_engines
async def test_a_client_who_was_corrected_is_no_answer(up: Stage) -> None:
    receipt = await say(up, "田中様 8:00")
    question = await say(up, "9:30")
    await correct_client(up, receipt, "北村工房")
    refused = await up.mika.click(question, "田中")
    assert shows(refused.text, "recording-thread-gone")
    assert await recorded(up) == (("北村工房", "received"),)


@pytest.mark.parametrize(("answer", "hour"), [("はい", 3), ("3:00", 3), ("15:00", 15), ("午後3時", 15)])
async def test_a_time_that_may_be_of_the_night_or_the_afternoon_is_recorded_as_answered(
    up: Stage, answer: str, hour: int
) -> None:
    await up.move_to(up.at(16))
    await say(up, KNOWN[0])
    card = await say(up, "田中様 3時")
    assert shows(text_of(card), "question-moment")
    assert await recorded(up) == (RECEIVED_TANAKA,)
    await say(up, answer)
    [_, (at,)] = await up.rows("SELECT sent_at FROM messages ORDER BY message_id")
    assert at == int(up.at(hour).timestamp() * 1_000_000)


@pytest.mark.parametrize(("written", "hour"), [("3:00", 3), ("15:00", 15)])
async def test_a_time_that_may_be_of_the_night_or_the_afternoon_can_be_written_in_the_form(
    up: Stage, written: str, hour: int
) -> None:
    await up.move_to(up.at(16))
    await say(up, KNOWN[0])
    card = await say(up, "田中様 3時")
    form = await up.mika.click(card, says("draft-enter-time"))
    await up.mika.submit_modal(form, written)
    [_, (at,)] = await up.rows("SELECT sent_at FROM messages ORDER BY message_id")
    assert at == int(up.at(hour).timestamp() * 1_000_000)


@pytest.mark.parametrize("written", ["はい", "返信した", "山田さん 9:00", "山田さんと田中さん", "-"])
async def test_a_doubtful_name_in_the_form_of_a_question_is_asked_about(up: Stage, written: str) -> None:
    await up.mika.write("7:10")
    asked = await up.mika.next_bot_message()
    [form] = [each for each in buttons_of(asked).values() if each.endswith(":client")]
    answer = await up.mika.submit_modal(await up.mika.click(asked, form), written, "")
    assert shows(answer.text, "question-new-client")
    assert shows((await up.mika.command("pending")).text, "pending-none")
    assert shows((await up.mika.click(answer.message, next(iter(buttons_of(answer.message))))).text, "receipt-due")


async def test_a_known_name_in_the_form_of_a_question_is_no_doubtful_one(up: Stage) -> None:
    question = await up.mika.command("received", client="全員", at="6:00")
    await up.mika.click(question.message, next(iter(buttons_of(question.message))))
    await up.mika.write("7:10")
    asked = await up.mika.next_bot_message()
    [form] = [each for each in buttons_of(asked).values() if each.endswith(":client")]
    answer = await up.mika.submit_modal(await up.mika.click(asked, form), "全員", "")
    assert shows(answer.text, "receipt-due")


async def test_a_time_still_ahead_today_is_not_called_a_coming_day(up: Stage) -> None:
    receipt = (await up.mika.command("received", client="甲", at="8:00")).message
    form = await up.mika.click((await up.mika.click(receipt, says("action-correct"))).message, says("correct-time"))
    for written, understood, proposed in (
        ("11/24 24:10", "2026/11/25 0:10", "2026/11/24 0:10"),
        ("11/24 15:00", "2026/11/24 15:00", "2026/11/23 15:00"),
    ):
        refused = (await up.mika.submit_modal(form, written)).text
        assert shows(refused, "time-coming-hour", understood=understood, proposed=proposed)
