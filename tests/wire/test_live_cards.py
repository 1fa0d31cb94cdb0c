"""Cards are edited in place when what they show changes, in whatever way that happens."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.discord_app.stored_cards import CardMessageEditor
from bot.fake_discord.api_errors import DiscordApiError
from bot.fake_discord.api_request import ApiRequest
from bot.fake_discord.state import Message
from bot.fake_discord.users import buttons_of, text_of
from bot.fake_discord.validation import walk_components
from bot.services.members import MemberContact, MemberService
from storage.cards import FIRST_CHECK_AFTER, CardContent
from tests.helpers.card_text import format_card
from tests.helpers.scenarios import claimed_at_one, correct, due_at_one, recorded, stamp
from tests.helpers.stage import Stage
from tests.helpers.wording import count_shown, says, shows

NOW, UNDO, DISMISS = "action-now", "action-undo", "action-dismiss"


async def received(stage: Stage) -> Message:
    """The receipt of a message that was received now, once it is stored."""
    receipt = await recorded(stage, "田中さん いま届いた")
    await stage.handlers_done()
    return receipt


async def next_reminder(stage: Stage) -> Message:
    """Move to the next reminder."""
    assert stage.bot is not None
    due = await stage.bot.dispatcher.next_due()
    assert due is not None
    await stage.move_to(due)
    return await stage.mika.next_bot_message()


async def reminded(stage: Stage) -> Message:
    """The first reminder of a message that was received now."""
    await received(stage)
    return await next_reminder(stage)


async def reply(stage: Stage) -> None:
    """Type that a reply was sent, and wait for the edits."""
    await reply_to(stage, "田中")


async def reply_to(stage: Stage, client: str) -> None:
    await recorded(stage, f"{client}さんに返信しました")
    await settle(stage)


async def settle(stage: Stage) -> None:
    """Wait for the edits that are due."""
    assert stage.bot is not None
    await stage.bot.card_updates.wait_idle()


def edits(stage: Stage, message: Message) -> list[ApiRequest]:
    """The bot's requests that edit a message."""
    path = f"/messages/{message.id}"
    return [each for each in stage.discord.requests if each.method == "PATCH" and each.path.endswith(path)]


async def test_discord_py_keeps_no_card(up: Stage) -> None:
    """It would keep each until the bot ends: a card that is answered, pressed, sent, edited, or a form."""
    card = (await up.mika.command("settings")).message
    await up.mika.click_custom_id(card, "press:setting:0:lead-times")
    await up.mika.click_custom_id(card, "press:setting:0:keep")
    reminder = await reminded(up)
    await up.mika.click(reminder, says(NOW))
    await settle(up)
    assert up.bot is not None
    views = up.bot.client._connection._view_store
    assert (views._views, views._synced_message_views, views._modals) == ({}, {}, {})


async def test_a_press_answers_in_the_card_and_an_undo_brings_its_buttons_back(up: Stage) -> None:
    reminder = await reminded(up)
    answer = await up.mika.click(reminder, says(NOW))
    assert answer.message.id == reminder.id
    assert says(NOW) not in buttons_of(answer.message)
    assert says(UNDO) in buttons_of(answer.message)
    back = await up.mika.click(answer.message, says(UNDO))
    assert back.message.id == reminder.id
    assert says(NOW) in buttons_of(back.message)
    assert says(UNDO) not in buttons_of(back.message)
    assert not up.news()


async def test_a_press_on_one_card_edits_the_others_of_its_window(up: Stage) -> None:
    receipt = await received(up)
    reminder = await next_reminder(up)
    await up.mika.click(reminder, says(NOW))
    await settle(up)
    assert says(DISMISS) not in buttons_of(receipt)
    assert says(UNDO) in buttons_of(receipt)
    assert not up.news()


async def test_a_card_is_left_to_its_presses_until_each_has_ended(up: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two at once: the second ends before the first, and the record changes meanwhile."""
    reminder = await reminded(up)
    refresh, is_reached, may_go_on = MemberService.refresh_unreadable, asyncio.Event(), asyncio.Event()

    async def refresh_later(*args: Any) -> MemberContact:
        is_reached.set()
        await may_go_on.wait()
        return await refresh(*args)

    with monkeypatch.context() as slow:
        slow.setattr(MemberService, "refresh_unreadable", refresh_later)
        await up.mika.click(reminder, says("action-snooze"))
        await is_reached.wait()
    await up.mika.click(reminder, says("action-back"))
    await reply(up)
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert edits(up, reminder) == []
    may_go_on.set()
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert len(edits(up, reminder)) == 1
    assert says(NOW) not in buttons_of(reminder)


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    "line", ["田中さんに返信しました", "田中さん返信不要"], ids=["a typed reply", "a typed dismissal"]
)
async def test_a_typed_line_edits_the_reminder(up: Stage, line: str) -> None:
    reminder = await reminded(up)
    await recorded(up, line)
    await settle(up)
    assert says(NOW) not in buttons_of(reminder)


async def test_the_receipt_of_a_reply_follows_the_message_it_counts_from(up: Stage) -> None:
    await recorded(up, "田中さん 今日 10:00")
    receipt = await recorded(up, "田中さんに返信しました 今日 11:00")
    await recorded(up, "田中さん 今日 9:00")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert shows(text_of(receipt), "receipt-verdict-on-time", span=says("span-hours", hours="2"))


async def test_the_receipt_of_a_reply_follows_the_reminders_of_what_came_since(up: Stage) -> None:
    await recorded(up, "田中さん 今日 9:00")
    receipt = await recorded(up, "田中さんに返信しました 今日 10:00")
    newer = await recorded(up, "田中さん 今日 11:00")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    await up.mika.command("settings", lead_times="2h")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert text_of(receipt).splitlines()[-1] == text_of(newer).splitlines()[-1]
    assert stamp(up, 9, 0, days=1, style="t") in text_of(receipt)
    await up.live_to(up.at(11, 5, days=1))
    assert shows(text_of(receipt), "receipt-closed")
    assert not shows(text_of(receipt), "receipt-reminders")


@pytest.mark.parametrize(
    "before",
    [["田中さん 今日 9:00"], ["田中さん 今日 9:00", "田中さんに返信しました 今日 11:00"]],
    ids=["second", "answered"],
)
async def test_a_typed_undo_shows_the_former_time_of_a_message(up: Stage, before: list[str]) -> None:
    """A second message leaves the deadline of its window as it is, whenever it was sent."""
    for line in before:
        await recorded(up, line)
    receipt = await recorded(up, "田中さん 今日 10:00")
    await up.mika.submit_modal(await correct(up.mika, receipt, "correct-time"), "今日 10:30")
    assert stamp(up, 10, 30) in text_of(receipt)
    await recorded(up, "取り消し")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert stamp(up, 10, 0) in text_of(receipt)


async def test_a_typed_undo_edits_the_reminder_back(up: Stage) -> None:
    reminder = await reminded(up)
    await up.mika.click(reminder, says(NOW))
    await recorded(up, "取り消し")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert says(NOW) in buttons_of(reminder)


async def test_an_undo_after_an_edit_that_arrived_without_an_answer_edits_the_card_back(up: Stage) -> None:
    """It was taken for one that shows the open window still."""
    reminder = await reminded(up)
    up.discord.faults.drop_connection("PATCH", "/messages/", "after")
    await reply(up)
    await settle(up)
    assert says(NOW) not in buttons_of(reminder)
    await recorded(up, "取り消し")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert says(NOW) in buttons_of(reminder)


async def test_a_removed_message_takes_the_buttons_of_its_reminder_away(up: Stage) -> None:
    receipt = await received(up)
    reminder = await next_reminder(up)
    await up.mika.click(receipt, says(UNDO))
    await settle(up)
    assert buttons_of(reminder) == {}


@pytest.mark.both_engines
async def test_an_undo_during_the_edit_that_shows_a_move_edits_the_reminder_once_more(
    up: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the message is undone the stored card does not name its new thread yet."""
    receipt = await received(up)
    reminder = await next_reminder(up)
    edit_card, is_undone = CardMessageEditor.edit_card, asyncio.Event()

    async def edit_slowly(*args: Any, **options: Any) -> CardContent:
        content = await edit_card(*args, **options)
        await is_undone.wait()
        return content

    with monkeypatch.context() as slow:
        slow.setattr(CardMessageEditor, "edit_card", edit_slowly)
        moved = await up.mika.submit_modal(await correct(up.mika, receipt, "correct-client"), "佐藤", "")
        await up.discord.state.wait_until(lambda: bool(edits(up, reminder)))
        await up.mika.click(moved.message, says(UNDO))
        is_undone.set()
        await settle(up)
    await up.move_to(up.clock.now() + timedelta(minutes=11))
    assert buttons_of(reminder) == {}


async def test_the_cards_are_edited_when_the_window_closes(up: Stage) -> None:
    reminder = await reminded(up)
    await up.move_to(up.at(12, 1, days=1))
    assert next(iter(buttons_of(reminder))) == says("action-new-thread")
    assert shows(text_of(reminder), "reminder-closed-title")


async def test_a_card_is_edited_at_most_once_a_minute(up: Stage) -> None:
    reminder = await reminded(up)
    await reply(up)
    for _ in range(3):
        await recorded(up, "取り消し")
        await settle(up)
        await reply(up)
    await recorded(up, "取り消し")
    await settle(up)
    assert len(edits(up, reminder)) == 1
    assert says(NOW) not in buttons_of(reminder)
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert len(edits(up, reminder)) == 2
    assert says(NOW) in buttons_of(reminder)


async def test_edits_go_on_after_a_restart(stage: Stage) -> None:
    async with stage.open_bot():
        reminder = await reminded(stage)
    async with stage.open_bot():
        await reply(stage)
        assert says(NOW) not in buttons_of(reminder)


def windows_with_buttons(message: Message) -> set[str]:
    """The windows whose buttons a card has, by their number."""
    custom_ids = [node.get("custom_id", "") for node in walk_components(message.body["components"])]
    return {custom_id.split(":")[2] for custom_id in custom_ids if custom_id.startswith("press:window:")}


async def test_a_reminder_that_arrived_at_an_earlier_try_shows_only_the_windows_of_the_last_one(stage: Stage) -> None:
    """The process dies between sending and marking; then one of the two windows is answered."""

    def die() -> float:
        if str((stage.discord.requests[-1].body or {}).get("nonce", "")).startswith("nintei-"):
            for task in bot.dispatcher._member_tasks:
                task.cancel()
        return 0

    async with stage.open_bot() as bot:
        await due_at_one(stage)
        await recorded(stage, "制作会社B様 昨日 17:09")
        async with claimed_at_one(stage):
            stage.discord.faults.latency = die
        stage.discord.faults.latency = None
        reminder = stage.news()[-1]
    assert len(windows_with_buttons(reminder)) == 2
    async with stage.open_bot():
        await recorded(stage, "制作会社Bに返信しました")
        await stage.live_to(stage.at(13, 8))  # past the lease: the same delivery once more
        assert stage.news() == []
        await stage.move_to(stage.at(13, 10))
        assert len(windows_with_buttons(reminder)) == 1


async def test_discords_limit_on_old_messages_closes_the_card_and_delays_nothing(up: Stage) -> None:
    reminder = await reminded(up)
    await up.move_to(up.clock.now() + timedelta(hours=2))
    limit = DiscordApiError(429, 30046, "Maximum number of edits to messages older than 1 hour reached.")
    up.discord.faults.refuse("PATCH", f"/messages/{reminder.id}$", limit, times=9)
    await reply(up)
    assert [edit.status for edit in edits(up, reminder)] == [429]
    assert await up.rows("SELECT 1 FROM cards WHERE discord_message_id = $1", reminder.id) == []
    answer = await up.mika.click(reminder, says(NOW))
    assert shows(answer.text, "window-answered")


async def test_an_erased_member_has_no_cards(up: Stage) -> None:
    await reminded(up)
    await up.mika.click((await up.mika.command("erase")).message, says("action-confirm"))
    assert await up.rows("SELECT 1 FROM cards") == []
    assert await up.rows("SELECT 1 FROM card_items") == []


async def test_the_snooze_menu_leads_back_to_the_card(up: Stage) -> None:
    reminder = await reminded(up)
    menu = await up.mika.click(reminder, says("action-snooze"))
    assert menu.message.id == reminder.id
    back = await up.mika.click(menu.message, says("action-back"))
    assert says(NOW) in buttons_of(back.message)
    menu = await up.mika.click(back.message, says("action-snooze"))
    snoozed = await up.mika.click(menu.message, says("action-half-hour"))
    assert snoozed.message.id == reminder.id
    assert says(NOW) in buttons_of(snoozed.message)
    assert shows(snoozed.text, "shown-snoozed")
    await up.move_to(up.clock.now() + timedelta(minutes=31))
    assert says(NOW) in buttons_of(await up.mika.next_bot_message())


async def test_no_card_announces_a_snooze_that_has_come(up: Stage) -> None:
    reminder = await reminded(up)
    await up.mika.click(reminder, says("action-snooze"))
    await up.mika.click(reminder, says("action-half-hour"))
    assert shows(text_of(reminder), "shown-snoozed")
    await up.move_to(up.clock.now() + timedelta(minutes=30))
    snoozed = await up.mika.next_bot_message()
    assert not shows(text_of(snoozed), "shown-snoozed")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert not shows(text_of(reminder), "shown-snoozed")
    assert says(NOW) in buttons_of(reminder)
    assert edits(up, snoozed) == []


@pytest.mark.parametrize("action", [NOW, DISMISS])
async def test_a_card_older_than_the_newest_three_shows_itself_as_it_is_when_it_is_pressed(
    up: Stage, action: str
) -> None:
    first = await received(up)
    for _ in range(4):
        up.clock.advance_to(up.clock.now() + timedelta(minutes=5))
        await received(up)
    await reply(up)
    assert says(NOW) in buttons_of(first)
    answer = await up.mika.click(first, says(action))
    assert answer.message.id == first.id
    assert shows(answer.text, "window-answered")
    assert says(NOW) not in buttons_of(answer.message)


async def test_a_reminder_that_shows_what_is_recorded_is_not_edited(up: Stage) -> None:
    """It is compared with the record a minute after it was sent, and at the close."""
    await recorded(up, "佐藤さん いま届いた")
    reminder = await reminded(up)
    await up.move_to(up.clock.now() + 2 * FIRST_CHECK_AFTER)
    assert edits(up, reminder) == []
    await reply(up)
    assert len(edits(up, reminder)) == 1


async def test_a_typed_undo_does_not_take_back_an_undo_without_asking(up: Stage) -> None:
    receipt = await received(up)
    await up.mika.click(receipt, says(DISMISS))
    await up.mika.click(receipt, says(UNDO))
    assert says(NOW) in buttons_of(receipt)
    asked = await recorded(up, "取り消し")
    assert shows(text_of(asked), "edit-undone-before")
    assert says(NOW) in buttons_of(receipt)
    await up.mika.click(asked, says("edit-take-back"))
    await settle(up)  # an edit that is under way would end after the clock was moved, and the next one a minute later
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert says(NOW) not in buttons_of(receipt)


def says_as_of(stage: Stage, message: Message) -> bool:
    """Whether a card says for when its counts are true: now."""
    return says("as-of", at=f"<t:{int(stage.clock.now().timestamp())}:t>") in text_of(message)


async def test_the_headline_of_a_reminder_says_for_when_its_count_is_true(up: Stage) -> None:
    await recorded(up, "佐藤さん いま届いた")
    reminder = await reminded(up)
    assert shows(text_of(reminder), "reminder-title", count=2, overdue=0)
    assert says_as_of(up, reminder)
    await up.move_to(up.clock.now() + timedelta(minutes=30))
    await recorded(up, "鈴木さん いま届いた")
    await recorded(up, "佐藤さん返信不要")
    await settle(up)
    assert shows(text_of(reminder), "reminder-title", count=2, overdue=0)
    assert says_as_of(up, reminder)


async def test_the_list_says_for_when_its_count_is_true(up: Stage) -> None:
    await received(up)
    await recorded(up, "佐藤さん いま届いた")
    listed = (await up.mika.command("pending")).message
    assert says_as_of(up, listed)
    await up.move_to(up.clock.now() + timedelta(minutes=30))
    await reply(up)
    assert shows(text_of(listed), "pending-title", count=1)
    assert says_as_of(up, listed)


async def waiting_on_edited_list(stage: Stage) -> Message:
    """A list that was edited: the window of 佐藤 came in when that of 田中, which it showed, was answered."""
    await received(stage)
    listed = (await stage.mika.command("pending")).message
    await recorded(stage, "佐藤さん いま届いた")
    await stage.move_to(stage.clock.now() + timedelta(minutes=5))
    await reply(stage)
    assert shows(text_of(listed), "pending-title", count=1)
    assert "佐藤" in text_of(listed)
    return listed


@pytest.mark.parametrize("again", [False, True], ids=["at once", "after a restart"])
async def test_an_edited_list_follows_the_windows_that_came_into_it(stage: Stage, *, again: bool) -> None:
    async with stage.open_bot():
        listed = await waiting_on_edited_list(stage)
        if not again:
            await stage.mika.command("replied", client="佐藤")
            await stage.move_to(stage.clock.now() + timedelta(minutes=2))
    if again:
        async with stage.open_bot():
            await stage.mika.command("replied", client="佐藤")
            await stage.move_to(stage.clock.now() + timedelta(minutes=2))
    assert shows(text_of(listed), "pending-none")


async def test_an_edited_list_follows_the_close_of_a_window_that_came_into_it(up: Stage) -> None:
    listed = await waiting_on_edited_list(up)
    await up.move_to(up.at(12, 10, days=1))
    assert shows(text_of(listed), "pending-due-overdue")


async def test_an_edited_list_gets_a_window_back_whose_reply_is_undone(up: Stage) -> None:
    listed = await waiting_on_edited_list(up)
    await recorded(up, "取り消し")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert shows(text_of(listed), "pending-title", count=2)


async def test_an_edited_list_is_edited_no_more_than_once_for_each_change(up: Stage) -> None:
    listed = await waiting_on_edited_list(up)
    assert len(edits(up, listed)) == 1
    await up.move_to(up.clock.now() + timedelta(minutes=5))
    assert len(edits(up, listed)) == 1


async def test_a_headline_about_the_night_or_the_day_goes_when_its_windows_have_closed(up: Stage) -> None:
    for client, hour in (("佐藤", 2), ("鈴木", 3), ("高橋", 15), ("伊藤", 15)):
        await up.move_to(up.at(hour, days=1))
        await up.mika.command("received", client=client, at="いま")
    await up.live_to(up.at(22, 30, days=1))
    evening = up.news()[-1]
    assert shows(text_of(evening), "reminder-overnight", count=2)
    await up.live_to(up.at(7, days=2))
    morning = up.news()[-1]
    assert shows(text_of(morning), "reminder-morning")
    assert not shows(text_of(evening), "reminder-overnight")
    assert shows(text_of(evening), "reminder-title", count=4, overdue=2)
    assert count_shown(text_of(evening), "reminder-closed") == 2
    assert not shows(text_of(evening), "reminder-closed-title"), "the line above counts them"
    await up.live_to(up.at(15, 1, days=2))
    assert not shows(text_of(morning), "reminder-morning")
    assert shows(text_of(morning), "reminder-closed-title", count=4)


def planned(stage: Stage, *times: tuple[int, int]) -> str:
    """What a receipt says about reminders at times of the next day."""
    at = [f"<t:{int(stage.at(hour, minute, days=1).timestamp())}:t>" for hour, minute in times]
    return says("receipt-reminders", times=" · ".join(at))


async def test_a_receipt_stops_naming_a_reminder_that_another_message_took_along(up: Stage) -> None:
    await up.mika.command("settings", lead_times="4h,1h", quiet_hours="none")
    receipts = {}
    for client, hour, minute in (("佐藤", 14, 0), ("鈴木", 15, 30)):
        await up.move_to(up.at(hour, minute))
        receipts[client] = await stored(up, f"{client}さん いま届いた")
    assert planned(up, (11, 30), (14, 30)) in text_of(receipts["鈴木"])
    await up.live_to(up.at(10, days=1))
    reminder = text_of(up.news()[-1])
    assert all(client in reminder for client in receipts)
    await up.move_to(up.at(10, 2, days=1))
    assert planned(up, (14, 30)) in text_of(receipts["鈴木"])
    assert planned(up, (10, 0), (13, 0)) in text_of(receipts["佐藤"]), "it came when it said"


async def stored(stage: Stage, line: str) -> Message:
    """The answer to a line, once its card is stored: a clock that is moved before would move that too."""
    card = await recorded(stage, line)
    await stage.handlers_done()
    return card


async def test_a_receipt_whose_reminders_all_came_says_so_when_it_is_edited(up: Stage) -> None:
    await up.mika.command("settings", lead_times="4h", quiet_hours="none")
    receipts = {}
    for client, hour in (("佐藤", 14), ("鈴木", 15)):
        await up.move_to(up.at(hour))
        receipts[client] = await stored(up, f"{client}さん いま届いた")
    await up.live_to(up.at(10, days=1))
    await up.move_to(up.at(10, 2, days=1))
    assert shows(text_of(receipts["鈴木"]), "receipt-reminders-sent")


async def test_a_receipt_names_other_reminders_once_the_lead_times_are_others(up: Stage) -> None:
    receipt = await received(up)
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    await up.mika.command("settings", lead_times="5h", quiet_hours="none")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert planned(up, (7, 0)) in text_of(receipt)
    await up.mika.command("mute", client="田中")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert shows(text_of(receipt), "receipt-muted")


async def asked(stage: Stage, line: str = "海山") -> Message:
    """A question about a line, once its card is stored."""
    return await stored(stage, line)


@pytest.mark.both_engines
async def test_a_question_that_was_answered_by_a_line_says_what_was_recorded(up: Stage) -> None:
    question = await asked(up)
    await recorded(up, "いま")
    await settle(up)
    assert buttons_of(question) == {}
    assert shows(text_of(question), "question-answered")
    assert "海山" in text_of(question)
    assert await up.rows("SELECT 1 FROM cards WHERE discord_message_id = $1", question.id) == []


@pytest.mark.parametrize("line", ["いいえ", "取り消し", "はい"], ids=["dropped", "undone", "asked otherwise"])
async def test_a_question_that_ended_without_a_record_has_no_buttons(up: Stage, line: str) -> None:
    question = await asked(up)
    up.clock.advance(timedelta(seconds=1))
    await recorded(up, line)
    await settle(up)
    assert buttons_of(question) == {}
    assert shows(text_of(question), "question-answered")


@pytest.mark.both_engines
async def test_a_question_that_a_line_answers_before_it_is_known_to_have_arrived_is_edited(stage: Stage) -> None:
    """Discord is slow to confirm the question, and the member reads it before the bot has stored its card."""
    stage.environ["RECEIPT_WAIT"] = "0.01"
    async with stage.open_bot():
        stage.discord.faults.message_responses = confirmed = asyncio.Event()
        await stage.mika.write("海山")
        question = await stage.mika.next_bot_message()
        await stage.mika.write("いま")
        while not await stage.rows("SELECT 1 FROM messages"):  # noqa: ASYNC110 — the database has no event for it
            await asyncio.sleep(0.01)
        confirmed.set()
        assert "海山" in text_of(await stage.mika.next_bot_message())
        await stage.handlers_done()
        await stage.move_to(stage.clock.now() + FIRST_CHECK_AFTER)
        assert buttons_of(question) == {}
        assert shows(text_of(question), "question-answered")


@pytest.mark.both_engines
async def test_a_question_that_a_press_answers_before_it_is_known_to_have_arrived_stays_the_receipt(up: Stage) -> None:
    up.discord.faults.message_responses = confirmed = asyncio.Event()
    await up.mika.write("海山 10:30")
    question = await up.mika.next_bot_message()
    await up.mika.click(question, says("draft-new-client", client="海山"))
    confirmed.set()
    await up.handlers_done()
    receipt = text_of(question)
    await up.move_to(up.clock.now() + FIRST_CHECK_AFTER)
    assert text_of(question) == receipt
    assert says(NOW) in buttons_of(question)
    await up.move_to(up.clock.now() + FIRST_CHECK_AFTER)
    await reply_to(up, "海山")
    assert says(NOW) not in buttons_of(question)


async def test_an_answered_question_is_edited_after_a_restart(stage: Stage) -> None:
    async with stage.open_bot():
        question = await asked(stage)
        stage.discord.faults.refuse("PATCH", f"/messages/{question.id}$", DiscordApiError(503, 0, "oops"), times=20)
        await recorded(stage, "いま")
    stage.clock.advance(timedelta(minutes=10))
    stage.discord.faults.planned.clear()
    async with stage.open_bot():
        await settle(stage)
        assert buttons_of(question) == {}


@pytest.mark.both_engines
async def test_a_press_on_an_answered_question_says_what_came_of_it(up: Stage) -> None:
    question = await asked(up)
    up.discord.faults.refuse("PATCH", f"/messages/{question.id}$", DiscordApiError(503, 0, "oops"), times=20)
    button = next(iter(buttons_of(question)))
    await recorded(up, "いま")
    await settle(up)
    answer = await up.mika.click(question, button)
    assert answer.message is question
    assert shows(answer.text, "question-answered")
    assert "海山" in answer.text
    assert buttons_of(question) == {}
    [[count]] = await up.rows("SELECT count(*) FROM messages")
    assert count == 1


async def test_a_question_that_is_dropped_by_its_button_keeps_what_it_says_then(up: Stage) -> None:
    question = await asked(up)
    await up.mika.click(question, says("draft-not-recorded"))
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert shows(text_of(question), "draft-cancelled")


async def test_a_question_that_is_answered_by_its_button_becomes_the_receipt(up: Stage) -> None:
    question = await asked(up)
    await up.mika.click(question, says("draft-new-client-now", client="海山"))
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert says(NOW) in buttons_of(question)
    await recorded(up, "海山さんに返信しました")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert says(NOW) not in buttons_of(question)


async def test_the_way_back_from_the_corrections_leads_to_the_card_as_it_was(up: Stage) -> None:
    receipt = await received(up)
    for action in (NOW, DISMISS):
        await up.mika.click(receipt, says(action))
        shown = format_card(receipt)
        await up.mika.click(receipt, says("action-correct"))
        await up.mika.click(receipt, says("action-back"))
        assert format_card(receipt) == shown
        await up.mika.click(receipt, says(UNDO))
    assert says(NOW) in buttons_of(receipt)


async def test_a_corrected_receipt_of_an_answered_message_keeps_its_undo(up: Stage) -> None:
    receipt = await received(up)
    await up.move_to(up.clock.now() + timedelta(minutes=20))
    await up.mika.click(receipt, says(NOW))
    answer = await up.mika.submit_modal(await correct(up.mika, receipt, "correct-time"), "今日 11:00")
    assert shows(answer.text, "receipt-corrected")
    assert shows(answer.text, "shown-answered")
    await up.mika.click(receipt, says(UNDO))
    assert says(NOW) in buttons_of(receipt), "the reply was undone"


async def test_the_receipt_of_an_answered_message_says_nothing_of_what_came_later(up: Stage) -> None:
    await recorded(up, "田中様 今日 9:00")
    await up.mika.command("replied", client="田中", at="今日 10:00")
    await recorded(up, "田中様 今日 11:00")
    older = await recorded(up, "田中様 今日 9:30")
    assert shows(text_of(older), "receipt-answered")
    assert not shows(text_of(older), "receipt-due")
    assert says(NOW) not in buttons_of(older)


async def test_the_receipt_of_a_reply_names_what_waits_as_long_as_it_does(up: Stage) -> None:
    await recorded(up, "田中様 今日 9:00")
    await recorded(up, "田中様 今日 11:00")
    receipt = (await up.mika.command("replied", client="田中", at="今日 10:00")).message
    assert shows(text_of(receipt), "receipt-due")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    await up.mika.command("replied", client="田中", at="今日 12:00")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert not shows(text_of(receipt), "receipt-due")
    await recorded(up, "取り消し")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert shows(text_of(receipt), "receipt-due")


async def test_an_undone_receipt_says_nothing_that_changes_later(up: Stage) -> None:
    await recorded(up, "田中様 今日 9:00")
    receipt = await recorded(up, "田中さんに返信しました")
    await up.mika.click(receipt, says(UNDO))
    assert shows(text_of(receipt), "receipt-undone")
    assert not shows(text_of(receipt), "receipt-due")
    await up.mika.click(receipt, says("action-restore"))
    assert shows(text_of(receipt), "receipt-restored")


@pytest.mark.parametrize("action", [NOW, DISMISS])
async def test_an_undo_elsewhere_takes_back_what_the_list_says_of_a_press(up: Stage, action: str) -> None:
    await recorded(up, "佐藤様 今日 9:00")
    await recorded(up, "鈴木様 今日 9:01")
    listed = (await up.mika.command("pending")).message
    await up.mika.click(listed, says(action))
    assert shows(text_of(listed), "pending-title", count=1)
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    await recorded(up, "取り消し")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert shows(text_of(listed), "pending-title", count=2)
    assert says(UNDO) not in buttons_of(listed)


async def test_a_reminder_is_edited_when_its_client_is_corrected_at_once(up: Stage) -> None:
    receipt = await received(up)
    reminder = await next_reminder(up)
    await up.mika.submit_modal(await correct(up.mika, receipt, "correct-client"), "佐藤", "")
    await settle(up)
    assert "佐藤" in text_of(reminder)
    assert "田中" not in text_of(reminder)


@pytest.mark.parametrize("pressed", [0, 1])
async def test_windows_of_one_reminder_that_become_one_are_shown_as_one(up: Stage, pressed: int) -> None:
    await recorded(up, "佐藤様 今日 11:00")
    receipt = await recorded(up, "田中様 今日 11:30")
    reminder = await next_reminder(up)
    now = [node["custom_id"] for node in walk_components(reminder.body["components"]) if node.get("label") == says(NOW)]
    assert len(now) == 2
    menu = await up.mika.click(receipt, says("action-correct"))
    await up.mika.select_option(menu.message, "佐藤")
    await settle(up)
    assert shows(text_of(reminder), "reminder-title", count=1, overdue=0)
    assert "田中" not in text_of(reminder)
    answer = await up.mika.click_custom_id(reminder, now[pressed])
    assert answer.message.id == reminder.id
    assert count_shown(answer.text, "shown-answered") == 1
    await up.mika.click(reminder, says(UNDO))
    await reply_to(up, "佐藤")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert count_shown(text_of(reminder), "shown-answered") == 1


async def test_two_presses_on_a_list_are_undone_elsewhere_and_both_windows_come_back(up: Stage) -> None:
    for client in "甲乙丙":
        await recorded(up, f"{client}社様 今日 9:00")
    listed = (await up.mika.command("pending")).message
    for _ in "甲乙":
        listed = (await up.mika.click(listed, says(DISMISS))).message
    await up.handlers_done()
    for _ in "甲乙":
        up.clock.advance(timedelta(minutes=2))
        await up.mika.write("取り消し")
        await up.mika.next_bot_message()
        await settle(up)
    up.clock.advance(timedelta(minutes=2))
    await settle(up)
    assert [client for client in "甲乙丙" if f"{client}社" in text_of(listed)] == ["甲", "乙", "丙"]
    assert shows(text_of(listed), "pending-title", count=3)
