"""The buttons of a receipt, over the wire."""

import pytest

from bot.fake_discord.state import Message
from bot.fake_discord.users import InvalidUserActionError, buttons_of, text_of
from tests.helpers.scenarios import stamp
from tests.helpers.stage import Stage


async def recorded(up: Stage, line: str = "制作会社A様 今日 10:30") -> Message:
    await up.mika.write(line)
    return await up.mika.next_bot_message()


async def test_a_wrong_time_is_put_right(up: Stage) -> None:
    receipt = await recorded(up)
    answer = await up.mika.submit_modal(await up.mika.click(receipt, "時刻が違う"), "昨日 22:00")
    assert stamp(up, 22, 0, days=-1) in answer.text
    assert stamp(up, 22, 0) in answer.text
    assert answer.message is receipt


async def test_it_belongs_to_another_client(up: Stage) -> None:
    await recorded(up, "制作会社B様 今日 9:00")
    receipt = await recorded(up)
    choice = await up.mika.click(receipt, "相手・スレッドを変更")
    answer = await up.mika.select_option(choice.message, "制作会社B")
    assert "制作会社B" in answer.text
    assert "制作会社A" not in (await up.mika.command("pending")).text


async def test_it_was_the_members_own_reply(up: Stage) -> None:
    await recorded(up, "制作会社A様 今日 9:00")
    receipt = await recorded(up)
    answer = await up.mika.click(receipt, "自分の返信だった")
    assert "24時間以内" in answer.text
    assert "100.0 % (1/1)" in answer.text
    back = await up.mika.click(receipt, "相手からだった")
    assert "返信期限" in back.text


async def test_a_reply_before_anything_was_received_is_refused(up: Stage) -> None:
    receipt = await recorded(up)
    answer = await up.mika.click(receipt, "自分の返信だった")
    assert "先に受信を記録" in answer.text
    assert answer.ephemeral
    assert "からの受信" in text_of(receipt)


async def test_no_reply_needed_and_its_undo(up: Stage) -> None:
    receipt = await recorded(up)
    answer = await up.mika.click(receipt, "返信不要")
    assert "返信不要にしました" in answer.text
    assert "返信待ちはありません" in (await up.mika.command("pending")).text
    await up.live_to(up.at(12, 0, days=2))
    assert up.news() == []
    assert "取り消しました" in (await up.mika.click(receipt, "取り消し")).text
    assert "制作会社A" in (await up.mika.command("pending")).text


async def test_undo_leaves_no_trace_and_works_once(up: Stage) -> None:
    receipt = await recorded(up)
    number = buttons_of(receipt)["取り消し"]
    assert "取り消しました" in (await up.mika.click(receipt, "取り消し")).text
    assert buttons_of(receipt) == {}
    again = await up.mika.click_custom_id(receipt, number)
    assert "見つかりません" in again.text
    await up.live_to(up.at(12, 0, days=2))
    assert up.news() == []


async def test_what_was_undone_can_be_forwarded_again(up: Stage) -> None:
    subject = "制作会社Aさんからのメッセージ受信通知"
    await up.mika.forward(subject, posted_at=up.at(9, 0))
    await up.mika.click(await up.mika.next_bot_message(), "取り消し")
    await up.mika.forward(subject, posted_at=up.at(9, 0))
    assert "すでに記録済み" not in text_of(await up.mika.next_bot_message())


async def test_buttons_work_after_a_restart(stage: Stage) -> None:
    async with stage.open_bot():
        receipt = await recorded(stage)
    async with stage.open_bot():
        assert "取り消しました" in (await stage.mika.click(receipt, "取り消し")).text


@pytest.mark.parametrize("act", ["time", "move", "turn", "dismiss", "undo"])
async def test_nobody_else_can_press_them(up: Stage, act: str) -> None:
    """The custom id carries no right: a forged press on somebody else's row finds nothing."""
    receipt = await recorded(up)
    ren = up.discord.add_user("ren")
    await ren.write("乙社様 今日 9:00")
    own = await ren.next_bot_message()
    number = buttons_of(receipt)["取り消し"].split(":")[2]
    answer = await ren.click_custom_id(own, f"press:message:{number}:{act}")
    assert "ほかの方" in answer.text
    assert "制作会社A" in (await up.mika.command("pending")).text
    assert stamp(up, 10, 30) in (await up.mika.command("pending")).text


async def test_a_forged_custom_id_is_ignored_or_refused(up: Stage) -> None:
    receipt = await recorded(up)
    answer = await up.mika.click_custom_id(receipt, "press:message:1:later")
    assert "使えません" in answer.text
    answer = await up.mika.click_custom_id(receipt, "press:window:999999999999999999:now")
    assert "ほかの方" in answer.text
    answer = await up.mika.click_custom_id(receipt, "press:thread:999999999999999999:now")
    assert "もう返信待ちではありません" in answer.text


async def test_an_unknown_label_cannot_be_pressed(up: Stage) -> None:
    with pytest.raises(InvalidUserActionError):
        await up.mika.click(await recorded(up), "送金")
