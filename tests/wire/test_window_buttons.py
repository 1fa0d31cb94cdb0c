"""A button acts on the reply window that its card showed, on no other; else it says what is true."""

from collections.abc import Awaitable, Callable

import pytest

from bot.fake_discord.state import Message
from bot.fake_discord.users import InteractionResult, buttons_of, text_of
from bot.fake_discord.validation import walk_components
from tests.helpers.amounts import others_slow
from tests.helpers.scenarios import correct, count_waiting, due_at_one, stamp
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

ACTIONS = ["now", "ten-ago", "thirty-ago", "dismiss", "later"]


async def reminder_at_one(up: Stage) -> Message:
    """The reminder of a window that closes at 17:00."""
    await due_at_one(up)
    await up.live_to(up.at(13))
    return await up.mika.next_bot_message()


async def press(up: Stage, card: Message, action: str) -> InteractionResult:
    """Press the button of the card's first window, also one that the card has lost since it was sent."""
    ids = [node["custom_id"] for node in walk_components(card.body["components"]) if "custom_id" in node]
    if shown := [custom_id for custom_id in ids if custom_id.endswith(f":{action}")]:
        return await up.mika.click_custom_id(card, shown[0])
    [[window_id]] = await up.rows(
        "SELECT message_id FROM card_items WHERE discord_message_id = $1 AND position = 0", card.id
    )
    return await up.mika.click_custom_id(card, f"press:window:{window_id}:{action}")


async def press_of_a_former_version(up: Stage, card: Message, action: str) -> InteractionResult:
    """Press the button as cards had it that named the thread."""
    [[thread_id]] = await up.rows("SELECT min(thread_id) FROM threads")
    return await up.mika.click_custom_id(card, f"press:thread:{thread_id}:{action}")


Press = Callable[[Stage, Message, str], Awaitable[InteractionResult]]
PRESSES: list[Press] = [press, press_of_a_former_version]


@pytest.mark.parametrize("by", others_slow(PRESSES))
@pytest.mark.parametrize("action", ACTIONS)
async def test_a_card_of_an_answered_window_leaves_the_next_one_alone(up: Stage, by: Press, action: str) -> None:
    card = await reminder_at_one(up)
    await up.mika.command("replied", client="制作会社A", at="今日 12:30")
    await up.mika.command("received", client="制作会社A", at="今日 12:40")
    before = await up.rows("SELECT count(*) FROM messages")
    answer = await by(up, card, action)
    assert await up.rows("SELECT count(*) FROM messages") == before
    assert await up.rows("SELECT 1 FROM snoozes") == []
    assert await count_waiting(up) == 1
    assert shows(answer.text, "window-open-now")
    if by is press:
        assert stamp(up, 12, 30) in answer.text
    done = await press(up, answer.message, "dismiss")  # what is possible now
    assert shows(done.text, "shown-dismissed")
    assert await count_waiting(up) == 0


@pytest.mark.both_engines
@pytest.mark.parametrize("by", others_slow(PRESSES))
@pytest.mark.parametrize("action", ACTIONS)
async def test_a_card_of_the_open_window_acts(up: Stage, by: Press, action: str) -> None:
    card = await reminder_at_one(up)
    await up.mika.command("received", client="制作会社A", at="今日 12:10")  # the same window
    before = await up.rows("SELECT count(*) FROM messages")
    answer = await by(up, card, action)
    assert not shows(answer.text, "window-open-now")
    if action == "later":
        assert len(await up.rows("SELECT 1 FROM snoozes")) == 1
    else:
        assert await up.rows("SELECT count(*) FROM messages") != before
        assert await count_waiting(up) == 0


async def test_a_dismissed_window_followed_by_another_message(up: Stage) -> None:
    card = await reminder_at_one(up)
    await press(up, card, "dismiss")
    await up.live_to(up.at(13, 5))
    await up.mika.command("received", client="制作会社A", at="今日 13:05")
    for action in ACTIONS:
        assert shows((await press(up, card, action)).text, "window-dismissed")
        assert await count_waiting(up) == 1


async def test_the_card_follows_its_message_to_another_thread(up: Stage) -> None:
    receipt = await due_at_one(up)
    await up.live_to(up.at(13))
    card = await up.mika.next_bot_message()
    await up.mika.submit_modal(await correct(up.mika, receipt, "correct-client"), "制作会社B", "")
    answer = await press(up, card, "now")
    assert "制作会社B" in answer.text
    assert await count_waiting(up) == 0


async def test_a_receipts_no_reply_needed_is_about_its_message(up: Stage) -> None:
    receipt = await due_at_one(up)
    await up.mika.command("replied", client="制作会社A", at="今日 9:30")
    await up.mika.command("received", client="制作会社A", at="今日 10:00")
    answer = await press(up, receipt, "dismiss")
    assert stamp(up, 9, 30) in answer.text
    assert await count_waiting(up) == 1


async def test_a_deleted_message_is_said_to_be_gone(up: Stage) -> None:
    receipt = await due_at_one(up)
    await up.live_to(up.at(13))
    card = await up.mika.next_bot_message()
    await press(up, receipt, "undo")
    for action in ACTIONS:
        assert shows((await press(up, card, action)).text, "recording-message-gone")


@pytest.mark.both_engines
async def test_the_buttons_of_pending_name_the_window(up: Stage) -> None:
    await due_at_one(up)
    listed = await up.mika.command("pending")
    await up.mika.command("replied", client="制作会社A", at="今日 11:00")
    await up.mika.command("received", client="制作会社A", at="今日 11:30")
    assert stamp(up, 11, 0) in (await press(up, listed.message, "open")).text
    shown = await press(up, (await up.mika.command("pending")).message, "open")
    assert "now" in " ".join(buttons_of(shown.message).values())
    assert "制作会社A" in text_of(shown.message)


@pytest.mark.parametrize(("received", "is_offered"), [(["11/23 11:40"], True), (["11/22 9:00", "11/23 11:40"], False)])
async def test_a_closed_window_offers_an_earlier_reply_where_it_was_on_time(
    up: Stage, received: list[str], *, is_offered: bool
) -> None:
    """Half an hour ago the window of the newest message was open; that of the oldest one may have closed before."""
    for at in received:
        await up.mika.command("received", client="甲", at=at)
    listed = (await up.mika.command("pending")).message
    card = (await up.mika.click(listed, says("pending-more"))).message
    assert [*buttons_of(card)][:2] == [says("action-new-thread"), says("action-dismiss")]
    assert (says("action-thirty-ago") in buttons_of(card)) is is_offered


async def test_a_form_opened_before_the_client_wrote_again(up: Stage) -> None:
    card = await reminder_at_one(up)
    form = await press(up, card, "other-time")
    await up.mika.command("replied", client="制作会社A", at="今日 12:30")
    await up.mika.command("received", client="制作会社A", at="今日 12:40")
    answer = await up.mika.submit_modal(form, "今日 12:50")
    assert stamp(up, 12, 30) in answer.text
    assert await count_waiting(up) == 1
