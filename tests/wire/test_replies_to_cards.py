"""Discord's reply function: a text that replies to a card is about that card, whatever was asked or recorded since."""

import pytest

from bot.domain.calendar import instant_to_micros
from bot.fake_discord.state import Message
from bot.fake_discord.users import text_of
from tests.helpers.stage import Stage
from tests.helpers.wording import shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


async def cards_of(stage: Stage, *lines: str) -> list[Message]:
    """The card that answers each line."""
    cards = []
    for line in lines:
        await stage.mika.write(line)
        cards.append(await stage.mika.next_bot_message())
        await stage.handlers_done()
        stage.clock.advance_to(stage.at(12, len(cards)))
    return cards


async def reply(stage: Stage, card: Message, text: str) -> str:
    await stage.mika.reply(card, text)
    return text_of(await stage.mika.next_bot_message())


async def records(stage: Stage) -> list[tuple[str, str, int]]:
    """Client, what happened, and the hour, of every recorded message."""
    rows = await stage.rows(
        "SELECT client, direction, kind, sent_at FROM messages JOIN threads USING (member_id, thread_id)"
        " ORDER BY message_id"
    )
    begin = instant_to_micros(stage.at(0))
    return [(row[0], row[2] if row[2] == "dismissed" else row[1], (row[3] - begin) // 3_600_000_000) for row in rows]


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("lines", "said", "recorded"),
    [
        (["スタジオ海 9:00", "スタジオ山 10:00"], "はい", [("スタジオ海", "received", 9)]),
        (["スタジオ海 9:00", "スタジオ山 10:00"], "いいえ", []),
        (["9:30", "10:30"], "田中さん", [("田中", "received", 9)]),
        (["9:30", "スタジオ海 10:00"], "田中さん", [("田中", "received", 9)]),
        (["9:30", "田中さん 8:00"], "田中さん", [("田中", "received", 8), ("田中", "received", 9)]),
    ],
)
async def test_a_reply_answers_the_question_on_its_card(
    up: Stage, lines: list[str], said: str, recorded: list[tuple[str, str, int]]
) -> None:
    first, _ = await cards_of(up, *lines)
    await reply(up, first, said)
    assert await records(up) == recorded


async def test_a_question_is_answered_by_a_reply_long_after_it_was_asked(up: Stage) -> None:
    [question] = await cards_of(up, "9:30")
    await up.move_to(up.at(10, days=1))
    assert shows(await reply(up, question, "田中さん"), "receipt-received")


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("said", "happened", "hour"),
    [("返信した", "sent", 12), ("10:00に返信しました", "sent", 10), ("返信不要です", "dismissed", 12)],
)
async def test_what_names_nobody_is_about_the_client_on_the_card(
    up: Stage, said: str, happened: str, hour: int
) -> None:
    receipt, _ = await cards_of(up, "田中さん 8:00", "高橋さん 9:00")
    await reply(up, receipt, said)
    assert (await records(up))[2:] == [("田中", happened, hour)]


async def test_a_reply_is_about_the_job_on_the_card(up: Stage) -> None:
    receipt, _ = await cards_of(up, "田中さん「ロゴ」8:00", "田中さん「バナー」9:00")
    assert "ロゴ" in await reply(up, receipt, "返信しました")


async def test_an_edited_reply_is_about_its_card_as_well(up: Stage) -> None:
    """Though a question was asked since it was written: about what it said before."""
    receipt, _ = await cards_of(up, "田中さん 8:00", "高橋さん 9:00")
    line = await up.mika.reply(receipt, "返信")
    assert shows(text_of(await up.mika.next_bot_message()), "question-unclear")
    await up.mika.edit(line, "返信した")
    assert shows(text_of(await up.mika.next_bot_message()), "receipt-sent")
    assert (await records(up))[2:] == [("田中", "sent", 12)]


async def test_who_wrote_a_forwarded_message_is_said_on_its_receipt(up: Stage) -> None:
    await up.mika.forward("お世話になっております。ロゴの件、いかがでしょうか。", posted_at=up.at(9))
    receipt = await up.mika.next_bot_message()
    await up.handlers_done()
    up.clock.advance_to(up.at(12, 1))
    await cards_of(up, "10:30")
    await reply(up, receipt, "田中さん")
    assert await records(up) == [("田中", "received", 9)]


@pytest.mark.parametrize(("said", "asked"), [("9:30", "question-client"), ("はい", "parsing-unreadable")])
async def test_a_reply_to_a_receipt_answers_no_question(up: Stage, said: str, asked: str) -> None:
    """A time may correct it, or be that of another message."""
    receipt, question = await cards_of(up, "田中さん 8:00", "スタジオ海 9:00")
    assert shows(text_of(question), "question-new-client")
    assert shows(await reply(up, receipt, said), asked)
    assert await records(up) == [("田中", "received", 8)]


@pytest.mark.parametrize(
    ("said", "shown"), [("高橋さん 9:00", "receipt-received"), ("返信した", "question-replied-client")]
)
async def test_a_reply_to_the_receipt_of_what_was_undone_is_a_line_of_its_own(up: Stage, said: str, shown: str) -> None:
    receipt, _ = await cards_of(up, "田中さん 8:00", "取り消し")
    assert shows(await reply(up, receipt, said), shown)


@pytest.mark.parametrize("said", ["はい", "いいえ", "田中さん", "取り消し"])
async def test_a_reply_to_a_message_that_is_no_stored_card_answers_and_undoes_nothing(up: Stage, said: str) -> None:
    """Neither the bot's, nor the member's own: what is meant is not known."""
    card, _, _ = await cards_of(up, "ヘルプ", "高橋さん 8:00", "スタジオ海 9:00")
    own = await up.mika.write("スタジオ山 10:00")
    await up.mika.next_bot_message()
    for message in (card, own):
        await reply(up, message, said)
    assert await records(up) == [("高橋", "received", 8)]
    assert {"スタジオ海", "スタジオ山"} <= {row[0] for row in await up.rows("SELECT client FROM drafts")}


@pytest.mark.both_engines
@pytest.mark.parametrize("said", ["はい", "いいえ", "取り消し"])
async def test_a_reply_to_an_answered_question_says_nothing_about_another(up: Stage, said: str) -> None:
    question, _, _ = await cards_of(up, "スタジオ海 9:00", "はい", "スタジオ山 10:00")
    assert up.bot is not None
    await up.bot.card_updates.wait_idle()
    assert shows(text_of(question), "receipt-received")
    await reply(up, question, said)
    assert await records(up) == [("スタジオ海", "received", 9)]
    assert [row[0] for row in await up.rows("SELECT client FROM drafts")] == ["スタジオ山"]


@pytest.mark.both_engines
@pytest.mark.parametrize(("said", "happened"), [("返信した", "sent"), ("返信不要", "dismissed")])
async def test_a_reply_is_about_the_one_conversation_on_the_card(up: Stage, said: str, happened: str) -> None:
    """Not about another one with the same client, though the card's has no job."""
    receipt, _ = await cards_of(up, "田中さん 8:00", "田中さん「ロゴ」9:00")
    await reply(up, receipt, said)
    assert (await records(up))[2:] == [("田中", happened, 12)]
    titles = await up.rows("SELECT title FROM messages JOIN threads USING (member_id, thread_id) ORDER BY message_id")
    assert [row[0] for row in titles] == [None, "ロゴ", None]
    await reply(up, receipt, said)
    assert len(await records(up)) == 3


async def test_an_answered_card_dismisses_nothing_that_came_since(up: Stage) -> None:
    receipt, _, _ = await cards_of(up, "田中さん 8:00", "田中さんに9:00に返信した", "田中さん 10:00")
    assert shows(await reply(up, receipt, "返信不要"), "question-dismissed-client")
    assert len(await records(up)) == 3


@pytest.mark.parametrize(("said", "happened"), [("返信した", "sent"), ("返信不要", "dismissed")])
async def test_a_reply_is_about_the_message_whose_client_is_not_known(up: Stage, said: str, happened: str) -> None:
    await up.mika.forward("お世話になっております。ロゴの件、いかがでしょうか。", posted_at=up.at(9))
    receipt = await up.mika.next_bot_message()
    await up.handlers_done()
    await cards_of(up, "高橋さん 10:00")
    await reply(up, receipt, said)
    assert [(row[0], row[1]) for row in await records(up)][2:] == [(None, happened)]


@pytest.mark.both_engines
@pytest.mark.parametrize("line", ["田中さんに返信した", "田中さん返信不要"])
async def test_an_undo_that_replies_to_a_card_takes_back_what_ended_its_window(up: Stage, line: str) -> None:
    receipt, _ = await cards_of(up, "田中さん 8:00", line)
    assert shows(await reply(up, receipt, "取り消し"), "edit-undone")
    assert await records(up) == [("田中", "received", 8)]


async def test_a_list_that_was_asked_for_by_a_word_follows_what_is_recorded(up: Stage) -> None:
    _, listed = await cards_of(up, "田中さん 8:00", "返信待ち")
    await reply(up, listed, "返信した")
    assert await records(up) == [("田中", "received", 8), ("田中", "sent", 12)]
    assert up.bot is not None
    await up.bot.card_updates.wait_idle()
    assert shows(text_of(listed), "pending-none")


@pytest.mark.both_engines
async def test_an_undo_that_replies_to_a_card_undoes_nothing_else(up: Stage) -> None:
    first, second = await cards_of(up, "田中さん 8:00", "高橋さん 9:00")
    assert shows(await reply(up, first, "取り消し"), "undo-of-older-card")
    assert len(await records(up)) == 2
    assert shows(await reply(up, second, "取り消し"), "edit-undone")
    assert await records(up) == [("田中", "received", 8)]


async def test_an_undo_that_replies_to_a_question_drops_it_alone(up: Stage) -> None:
    first, _ = await cards_of(up, "スタジオ海 9:00", "スタジオ山 10:00")
    assert shows(await reply(up, first, "取り消し"), "draft-cancelled")
    assert [row[0] for row in await up.rows("SELECT client FROM drafts")] == ["スタジオ山"]
