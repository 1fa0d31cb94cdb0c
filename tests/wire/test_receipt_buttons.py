"""The buttons of a receipt, over the wire."""

import pytest

from bot.fake_discord.users import InvalidUserActionError, buttons_of, text_of
from tests.helpers.scenarios import correct, recorded, stamp
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


async def test_a_wrong_time_is_put_right(up: Stage) -> None:
    receipt = await recorded(up)
    answer = await up.mika.submit_modal(await correct(up.mika, receipt, "correct-time"), "昨日 22:00")
    assert stamp(up, 22, 0, days=-1) in answer.text
    assert stamp(up, 22, 0) in answer.text
    assert answer.message is receipt


async def test_it_belongs_to_another_client(up: Stage) -> None:
    await recorded(up, "制作会社B様 今日 9:00")
    receipt = await recorded(up)
    choice = await up.mika.click(receipt, says("action-correct"))
    answer = await up.mika.select_option(choice.message, "制作会社B")
    assert "制作会社B" in answer.text
    assert "制作会社A" not in (await up.mika.command("pending")).text


async def test_it_was_the_members_own_reply(up: Stage) -> None:
    await recorded(up, "制作会社A様 今日 9:00")
    receipt = await recorded(up)
    answer = await correct(up.mika, receipt, "correct-to-sent")
    assert shows(answer.text, "receipt-verdict-on-time")
    assert "100.0 % (1/1)" in (await up.mika.command("status")).text
    back = await correct(up.mika, receipt, "correct-to-received")
    assert shows(back.text, "receipt-due")


async def test_a_second_press_of_a_direction_leaves_it_as_it_is(up: Stage) -> None:
    await recorded(up, "制作会社A様 今日 9:00")
    receipt = await recorded(up)
    for label in ("correct-to-sent", "correct-to-received"):
        menu = (await up.mika.click(receipt, says("action-correct"))).message
        custom_id = buttons_of(menu)[says(label)]
        answers = [await up.mika.click_custom_id(receipt, custom_id) for _ in range(2)]
        assert shows(answers[1].text, "receipt-unchanged")
        assert shows(answers[1].text, "receipt-due") is (label == "correct-to-received")


async def test_a_reply_before_anything_was_received_is_refused(up: Stage) -> None:
    receipt = await recorded(up)
    answer = await correct(up.mika, receipt, "correct-to-sent")
    assert shows(answer.text, "recording-reply-before-received")
    assert answer.ephemeral
    assert shows((await up.mika.click(receipt, says("action-back"))).text, "receipt-received")


async def test_no_reply_needed_and_its_undo(up: Stage) -> None:
    receipt = await recorded(up)
    answer = await up.mika.click(receipt, says("action-dismiss"))
    assert shows((await up.mika.command("pending")).text, "pending-none")
    await up.live_to(up.at(12, 0, days=2))
    assert up.news() == []
    await up.mika.click(answer.message, says("action-undo"))
    assert "制作会社A" in (await up.mika.command("pending")).text


async def test_a_message_from_before_no_reply_needed_says_that_it_does_not_wait(up: Stage) -> None:
    first = await up.mika.command("received", client="甲", at="10:00")
    await up.mika.click(first.message, says("action-dismiss"))
    earlier = await up.mika.command("received", client="甲", at="11:00")
    assert shows(earlier.text, "receipt-off-list")
    assert not shows(earlier.text, "receipt-due")
    assert says("action-now") not in buttons_of(earlier.message)


async def test_undo_leaves_no_trace_and_works_once(up: Stage) -> None:
    receipt = await recorded(up)
    number = buttons_of(receipt)[says("action-undo")]
    assert shows((await up.mika.click(receipt, says("action-undo"))).text, "receipt-undone")
    assert list(buttons_of(receipt)) == [says("action-restore")]
    again = await up.mika.click_custom_id(receipt, number)
    assert again.message is receipt
    assert shows(again.text, "shown-removed")
    assert list(buttons_of(receipt)) == [says("action-restore")]
    await up.live_to(up.at(12, 0, days=2))
    assert up.news() == []


@pytest.mark.parametrize("action", ["action-now", "action-dismiss"])
async def test_an_undo_pressed_twice_shows_what_is_true_now(up: Stage, action: str) -> None:
    receipt = await recorded(up)
    await up.mika.click(receipt, says(action))
    undo = buttons_of(receipt)[says("action-undo")]
    await up.mika.click_custom_id(receipt, undo)
    again = await up.mika.click_custom_id(receipt, undo)
    assert again.message is receipt
    assert shows(again.text, "receipt-due")
    assert says(action) in buttons_of(receipt)


async def test_a_receipt_whose_message_was_undone_elsewhere_has_the_way_back(up: Stage) -> None:
    receipt = await recorded(up)
    opened = await up.mika.click((await up.mika.command("history")).message, says("action-look"))
    await up.mika.click(opened.message, says("action-undo"))
    assert up.bot is not None
    await up.bot.card_updates.wait_idle()
    assert shows(text_of(receipt), "shown-removed")
    back = await up.mika.click(receipt, says("action-restore"))
    assert shows(back.text, "receipt-restored")
    assert says("action-now") in buttons_of(receipt)


async def test_what_was_undone_can_be_forwarded_again(up: Stage) -> None:
    subject = "制作会社Aさんからのメッセージ受信通知"
    await up.mika.forward(subject, posted_at=up.at(9, 0))
    await up.mika.click(await up.mika.next_bot_message(), says("action-undo"))
    await up.mika.forward(subject, posted_at=up.at(9, 0))
    assert not shows(text_of(await up.mika.next_bot_message()), "receipt-repeated")


async def test_buttons_work_after_a_restart(stage: Stage) -> None:
    async with stage.open_bot():
        receipt = await recorded(stage)
    async with stage.open_bot():
        assert shows((await stage.mika.click(receipt, says("action-undo"))).text, "receipt-undone")


@pytest.mark.parametrize("act", ["time", "move", "client", "turn", "dismiss", "undo", "correct", "back", "restore"])
async def test_nobody_else_can_press_them(up: Stage, act: str) -> None:
    """The custom id carries no right: a forged press on somebody else's row finds nothing."""
    receipt = await recorded(up)
    ren = up.discord.add_user("ren")
    await ren.write("乙社様 今日 9:00")
    own = await ren.next_bot_message()
    number = buttons_of(receipt)[says("action-undo")].split(":")[2]
    answer = await ren.click_custom_id(own, f"press:message:{number}:{act}")
    assert shows(answer.text, "recording-message-gone")
    pending = (await up.mika.command("pending")).text
    assert "制作会社A" in pending
    assert stamp(up, 10, 30, days=1, style="t") in pending


async def test_a_forged_custom_id_is_ignored_or_refused(up: Stage) -> None:
    receipt = await recorded(up)
    answer = await up.mika.click_custom_id(receipt, "press:message:1:later")
    assert shows(answer.text, "button-unknown")
    answer = await up.mika.click_custom_id(receipt, "press:window:999999999999999999:now")
    assert shows(answer.text, "recording-message-gone")
    answer = await up.mika.click_custom_id(receipt, "press:thread:999999999999999999:now")
    assert shows(answer.text, "window-not-shown")


async def test_an_unknown_label_cannot_be_pressed(up: Stage) -> None:
    with pytest.raises(InvalidUserActionError):
        await up.mika.click(await recorded(up), "送金")


@pytest.mark.both_engines
async def test_a_press_outside_the_direct_message_is_answered_in_its_card(up: Stage) -> None:
    """Nothing is stored of a card there: its controls say what it shows, and what was done takes them away."""
    receipt = await up.mika.command("received", client="甲", at="9:10", channel=up.discord.add_guild())
    answered = await up.mika.click(receipt.message, says("action-now"))
    assert answered.message.id == receipt.message.id
    assert says("action-now") not in buttons_of(answered.message), "it was done"
    undone = await up.mika.click(answered.message, says("action-undo"))
    assert undone.message.id == receipt.message.id
    assert says("action-now") in buttons_of(undone.message)
    assert "甲" in (await up.mika.command("pending")).text
    assert await up.rows("SELECT 1 FROM cards WHERE kind = 'receipt'") == []


async def test_a_snooze_outside_the_direct_message_leads_back(up: Stage) -> None:
    receipt = await up.mika.command("received", client="甲", at="9:10", channel=up.discord.add_guild())
    card = await up.mika.click_custom_id(receipt.message, "press:window:1:snooze")
    back = await up.mika.click(card.message, says("action-back"))
    assert back.message.id == receipt.message.id
    assert says("action-now") in buttons_of(back.message)
