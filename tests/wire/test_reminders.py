"""Reminders by direct message, over the wire: when they come, what they say, what their buttons do."""

from datetime import datetime, timedelta

import pytest

from bot.domain.calendar import instant_from_micros
from bot.domain.types import Locale
from bot.fake_discord.api_errors import CANNOT_SEND_TO_USER, DM_OPEN_RATE_LIMITED, MISSING_ACCESS, NO_MUTUAL_GUILDS
from bot.fake_discord.state import Message
from bot.fake_discord.users import buttons_of, text_of
from bot.fake_discord.validation import walk_components
from tests.helpers.scenarios import stamp
from tests.helpers.stage import Stage
from tests.helpers.wording import count_shown, says, shows


async def record(up: Stage, line: str) -> Message:
    await up.mika.write(line)
    return await up.mika.next_bot_message()


async def reminder(up: Stage, line: str = "制作会社A様 昨日 17:00") -> Message:
    """A window that closes at 17:00 today; its 4 h reminder, at 13:00."""
    await record(up, line)
    await up.live_to(up.at(13, 0))
    return await up.mika.next_bot_message()


async def test_they_come_at_their_lead_times_and_the_close_is_told_next_morning(up: Stage) -> None:
    await record(up, "制作会社A様 昨日 17:00")
    seen = []
    for hour, minute, days in ((12, 59, 0), (13, 0, 0), (15, 59, 0), (16, 0, 0), (6, 59, 1), (7, 0, 1)):
        await up.live_to(up.at(hour, minute, days=days))
        seen.append([text_of(each) for each in up.news()])
    assert [len(each) for each in seen] == [0, 1, 0, 1, 0, 1]
    assert shows(seen[1][0], "reminder-open")
    assert shows(seen[3][0], "reminder-open")
    assert shows(seen[5][0], "reminder-closed")
    await up.live_to(up.at(12, 0, days=5))
    assert up.news() == []


async def test_a_close_is_told_though_an_import_changed_which_window_it_was(up: Stage) -> None:
    """Between the messages that the bot knows and their windows comes an earlier one, which shifts both windows."""
    await record(up, "制作会社A様 12:00")
    await up.live_to(up.at(11, days=1))
    await record(up, "制作会社A様 11:00")
    await up.live_to(up.at(11, 30, days=2))
    rows = f"thread,direction,sent_at\n制作会社A,received,{up.at(20, days=-1).isoformat()}"
    preview = await up.mika.command("import", file=("h.csv", rows.encode()))
    await up.mika.click(preview.message, says("action-confirm"))
    up.news()
    await up.live_to(up.at(7, days=3))
    [told] = up.news()
    assert shows(text_of(told), "reminder-closed")


async def test_a_closed_window_is_told_by_the_next_reminder(up: Stage) -> None:
    await record(up, "制作会社A様 昨日 12:30")
    await record(up, "制作会社B様 昨日 17:00")
    await up.live_to(up.at(13, 0))
    [told] = up.news()
    assert shows(text_of(told), "reminder-title", count=2, overdue=1)
    assert count_shown(text_of(told), "reminder-closed") == 1
    assert not shows(text_of(told), "reminder-closed-title"), "the line above counts it"
    await up.live_to(up.at(16, 0))
    assert not shows(text_of(up.news()[0]), "reminder-closed"), "once"


async def test_the_headline_of_a_closed_notice_counts_all_that_waits(up: Stage) -> None:
    await record(up, "制作会社A様 昨日 13:00")
    await up.live_to(up.at(7, days=1))
    assert shows(text_of(up.news()[-1]), "reminder-closed-title", count=1)
    await record(up, "制作会社B様 昨日 8:00")
    await up.live_to(up.at(7, 30, days=1))
    await record(up, "制作会社C様 昨日 9:00")
    await up.live_to(up.at(12, 0, days=1))
    assert shows((await up.mika.command("pending")).text, "pending-title", count=3)
    up.news()
    await up.live_to(up.at(7, 0, days=2))
    [closed] = up.news()
    assert "制作会社A" not in text_of(closed)
    assert shows(text_of(closed), "reminder-closed-title", count=3)


async def test_what_does_not_fit_in_a_message_is_counted_and_one_tap_away(up: Stage) -> None:
    for number in range(9):
        await record(up, f"甲{number}社様 今日 11:{10 + number}")
    await up.live_to(up.at(7, 0, days=1))
    [morning] = up.news()
    assert not shows(text_of(morning), "reminder-all"), "it shows them all"
    await up.live_to(up.at(10, 10, days=1))
    [reminder] = up.news()
    assert shows(text_of(reminder), "reminder-title", count=9, overdue=0)
    assert "甲8社" not in text_of(reminder)
    assert shows(text_of(reminder), "reminder-all")


async def test_a_window_closed_when_recorded_gets_no_closed_message(up: Stage) -> None:
    assert shows(text_of(await record(up, "制作会社A様 一昨日 9:00")), "receipt-closed")
    await up.live_to(up.at(12, 0, days=2))
    assert up.news() == []


async def test_without_a_lead_time_left_the_receipt_is_the_reminder(up: Stage) -> None:
    receipt = await record(up, "制作会社A様 昨日 12:30")
    assert shows(text_of(receipt), "receipt-is-the-reminder")
    await up.live_to(up.at(7, 0, days=1))
    assert shows(text_of(await up.mika.next_bot_message()), "reminder-closed")


async def test_windows_that_close_while_the_member_sleeps_are_announced_before(up: Stage) -> None:
    """Closing at 02:00 and 07:30; both told at 22:30 in one message, nothing at night, what has closed at 07:00."""
    await record(up, "制作会社A様 今日 2:00")
    await record(up, "制作会社B様 今日 7:30")
    await up.live_to(up.at(22, 29))
    up.news()
    await up.live_to(up.at(22, 30))
    [evening] = up.news()
    assert shows(text_of(evening), "reminder-overnight", count=2)
    await up.live_to(up.at(6, 59, days=1))
    assert up.news() == []
    await up.live_to(up.at(7, 0, days=1))
    [closed] = up.news()
    assert "制作会社A" in text_of(closed)
    assert shows(text_of(closed), "reminder-closed")


@pytest.mark.both_engines
async def test_quiet_hours_follow_the_members_zone_and_choice(up: Stage) -> None:
    await up.mika.command("settings", timezone="America/New_York", quiet_hours="なし", lead_times="90m")
    await record(up, "制作会社A様 2026-11-23T17:00+09:00")
    await up.live_to(up.at(15, 29))
    assert up.news() == []
    await up.live_to(up.at(15, 30))
    reminder = text_of(await up.mika.next_bot_message())
    assert shows(reminder, "reminder-open")
    assert stamp(up, 17, 0) in reminder


@pytest.mark.parametrize(("quiet_hours", "comes"), [("21:15-07:00", True), ("20:30-07:00", False)])
async def test_other_quiet_hours_lose_no_reminder_that_can_still_come(
    up: Stage, quiet_hours: str, *, comes: bool
) -> None:
    """At 21:00 the evening card of a night from 21:15 on is past, and within the night none may come."""
    await up.live_to(up.at(2, days=1))
    await up.mika.command("received", client="夜野", at="2:00")
    await up.live_to(up.at(21, days=1))
    up.news()
    await up.mika.command("settings", quiet_hours=quiet_hours)
    await up.mika.command("received", client="夜野", at="20:50")  # planned once more, which changes nothing
    assert up.bot is not None
    await up.live_to(up.at(21, 1, days=1))
    assert [shows(text_of(each), "reminder-overnight", count=1) for each in up.news()] == [True] * comes
    checked, differing = await up.bot.client.services.consistency.check_sample(10, now=up.clock.now())
    assert (checked, differing) == (1, 0)
    await up.live_to(up.at(6, 59, days=2))
    assert up.news() == []
    await up.live_to(up.at(7, days=2))
    assert [shows(text_of(each), "reminder-closed") for each in up.news()] == [True]


async def test_what_is_due_within_two_hours_is_one_message_with_a_row_each(up: Stage) -> None:
    for number, minutes in enumerate((0, 60, 120, 121)):
        await record(up, f"制作会社{number}様 昨日 {17 + minutes // 60}:{minutes % 60:02}")
    await up.live_to(up.at(13, 15))
    [together] = up.news()
    assert shows(text_of(together), "reminder-title", count=4, overdue=0), "the headline counts all that waits"
    rows = [custom_id for custom_id in _ids(together) if custom_id.endswith(":now")]
    assert len(rows) == 3


def _ids(message: Message) -> list[str]:
    return [each["custom_id"] for each in walk_components(message.body["components"]) if "custom_id" in each]


@pytest.mark.both_engines
async def test_many_windows_stay_within_discords_limits(up: Stage) -> None:
    """25 waiting threads with the longest names: one message, nothing is refused."""
    for number in range(25):
        await up.mika.command("received", client=f"{'長' * 97}{number:03}", at="昨日 17:00")
    await up.live_to(up.at(13, 1))
    [told] = up.news()
    assert shows(text_of(told), "reminder-title", count=25, overdue=0)
    assert "25" in (await up.mika.command("pending")).text
    await up.mika.command("status")
    assert [each for each in up.discord.requests if each.status >= 400] == []


async def sent_at(up: Stage) -> list[datetime]:
    """When each recorded reply was sent."""
    rows = await up.rows("SELECT sent_at FROM messages WHERE direction = 'sent' AND kind = 'message' ORDER BY 1")
    return [instant_from_micros(row[0]) for row in rows]


@pytest.mark.parametrize(
    ("label_id", "minutes"), [("action-now", 0), ("action-ten-ago", 10), ("action-thirty-ago", 30)]
)
async def test_replied_in_one_tap(up: Stage, label_id: str, minutes: int) -> None:
    told = await reminder(up)
    answer = await up.mika.click(told, says(label_id))
    assert answer.message.id == told.id
    at = stamp(up, 13 if not minutes else 12, 0 if not minutes else 60 - minutes, style="t")
    assert shows(answer.text, "shown-answered", at=at, verdict=says("verdict-on-time"))
    assert await sent_at(up) == [up.at(13) - timedelta(minutes=minutes)]
    await up.live_to(up.at(12, 0, days=2))
    assert up.news() == []


@pytest.mark.both_engines
async def test_replied_at_another_time(up: Stage) -> None:
    told = await reminder(up)
    form = await up.mika.click(told, says("action-other-time"))
    answer = await up.mika.submit_modal(form, "今日 9:30")
    assert answer.message.id == told.id
    assert shows(answer.text, "shown-answered", at=stamp(up, 9, 30, style="t"), verdict=says("verdict-on-time"))
    assert await sent_at(up) == [up.at(9, 30)]


async def test_a_second_tap_is_refused_with_a_sentence(up: Stage) -> None:
    """As from a device that still shows the card with its buttons."""
    told = await reminder(up)
    now = buttons_of(told)[says("action-now")]
    await up.mika.click_custom_id(told, now)
    up.clock.advance_to(up.at(13, 1))
    assert shows((await up.mika.click_custom_id(told, now)).text, "window-answered")
    assert await sent_at(up) == [up.at(13)]


@pytest.mark.parametrize("action", ["now", "ten-ago", "dismiss"])
async def test_a_double_tap_is_one_press(up: Stage, action: str) -> None:
    told = await reminder(up)
    pressed = buttons_of(told)[says("action-now")].replace(":now", f":{action}")
    once = (await up.mika.click_custom_id(told, pressed)).text
    up.clock.advance_to(up.at(13) + timedelta(seconds=5))
    assert (await up.mika.click_custom_id(told, pressed)).text == once
    assert shows(once, "shown-dismissed" if action == "dismiss" else "shown-answered")
    assert await up.rows("SELECT count(*) FROM messages WHERE direction = 'sent'") == [(1,)]
    other = pressed.replace(f":{action}", ":dismiss" if action != "dismiss" else ":new-thread")
    answer = await up.mika.click_custom_id(told, other)
    assert shows(answer.text, "window-dismissed" if action == "dismiss" else "window-answered")


async def test_no_reply_needed_from_a_reminder(up: Stage) -> None:
    told = await reminder(up)
    answer = await up.mika.click(told, says("action-dismiss"))
    assert answer.message.id == told.id
    assert shows(answer.text, "shown-dismissed")
    await up.live_to(up.at(12, 0, days=2))
    assert up.news() == []


async def test_written_in_a_new_thread_after_the_close(up: Stage) -> None:
    await record(up, "制作会社A様 昨日 12:30")
    await up.live_to(up.at(7, 0, days=1))
    closed = await up.mika.next_bot_message()
    answer = await up.mika.click(closed, says("action-new-thread"))
    assert answer.message.id == closed.id
    assert shows(answer.text, "shown-new-thread")
    assert "0/0" not in answer.text


async def test_later_offers_what_is_before_the_close_and_comes_then(up: Stage) -> None:
    told = await reminder(up)
    menu = await up.mika.click(told, says("action-snooze"))
    choices = ["action-half-hour", "action-two-hours", "action-back", "action-mute"]
    assert list(buttons_of(menu.message)) == list(map(says, choices))
    answer = await up.mika.click(menu.message, says("action-two-hours"))
    assert shows(answer.text, "shown-snoozed", at=stamp(up, 15, 0, style="t"))
    await up.live_to(up.at(14, 59))
    assert up.news() == []
    await up.live_to(up.at(15, 0))
    assert shows(text_of(await up.mika.next_bot_message()), "reminder-open")
    await up.live_to(up.at(16, 0))
    menu = await up.mika.click(await up.mika.next_bot_message(), says("action-snooze"))
    assert says("action-two-hours") not in buttons_of(menu.message)


async def test_later_of_a_former_version_is_an_hour_or_half_of_what_remains(up: Stage) -> None:
    told = await reminder(up)
    later = buttons_of(told)[says("action-now")].replace(":now", ":later")
    answer = await up.mika.click_custom_id(told, later)
    assert shows(answer.text, "shown-snoozed", at=stamp(up, 14, 0, style="t"))
    await up.live_to(up.at(13, 59))
    assert up.news() == []
    await up.live_to(up.at(14, 0))
    assert shows(text_of(await up.mika.next_bot_message()), "reminder-open")
    await up.live_to(up.at(16, 0))
    last = await up.mika.click_custom_id(await up.mika.next_bot_message(), later)
    assert shows(last.text, "shown-snoozed", at=stamp(up, 16, 30, style="t"))
    await up.live_to(up.at(16, 29))
    assert up.news() == []
    await up.live_to(up.at(16, 30))
    assert shows(text_of(await up.mika.next_bot_message()), "reminder-open")


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(("locale", "at"), [("ja", "7:00"), ("en", "7:00 AM")])
async def test_tomorrow_morning_is_a_time_as_the_readers_language_writes_it(up: Stage, locale: Locale, at: str) -> None:
    await up.mika.command("settings", locale=locale)
    await record(up, "制作会社A様 今日 9:00")
    await up.live_to(up.at(21, 0))
    menu = await up.mika.click(await up.mika.next_bot_message(), says("action-snooze", locale=locale))
    assert says("action-tomorrow-morning", locale=locale, at=at) in buttons_of(menu.message)


async def test_a_morning_of_today_is_not_called_tomorrows(up: Stage) -> None:
    await up.move_to(up.at(2, 0, days=1))
    receipt = await record(up, "制作会社A様 昨日 20:00")
    menu = await up.mika.click_custom_id(receipt, "press:window:1:snooze")
    assert says("action-this-morning", at="7:00") in buttons_of(menu.message)


async def test_a_snooze_for_which_it_is_too_late_says_so(up: Stage) -> None:
    await record(up, "制作会社A様 昨日 17:00")
    await up.live_to(up.at(16, 0))
    told = up.news()[-1]
    up.clock.advance_to(up.at(16, 45))
    menu = await up.mika.click(told, says("action-snooze"))
    assert shows(menu.text, "snooze-too-late")
    assert not shows(menu.text, "snooze-when")
    assert says("action-now") in buttons_of((await up.mika.click(menu.message, says("action-back"))).message)


async def test_buttons_of_a_reminder_refuse_anybody_else(up: Stage) -> None:
    told = await reminder(up)
    ren = up.discord.add_user("ren")
    await ren.write("乙社様 今日 9:00")
    own = await ren.next_bot_message()
    for act in (
        "now", "ten-ago", "dismiss", "new-thread", "later", "snooze", "half-hour", "two-hours", "tomorrow-morning"
    ):  # fmt: skip
        custom_id = buttons_of(told)[says("action-now")].replace(":now", f":{act}")
        assert shows((await ren.click_custom_id(own, custom_id)).text, "recording-message-gone")
    assert "制作会社A" in (await up.mika.command("pending")).text


async def test_a_newer_message_after_the_close_opens_a_new_window(up: Stage) -> None:
    """The rate still counts from the oldest; reminders come for the newest."""
    await record(up, "制作会社A様 昨日 12:30")
    await up.live_to(up.at(12, 45))
    up.news()
    receipt = await record(up, "制作会社A様 今日 12:40")
    assert shows(text_of(receipt), "receipt-newer-window", at=stamp(up, 12, 40, days=1))
    await up.live_to(up.at(6, 59, days=1))
    assert up.news() == []
    await up.live_to(up.at(11, 40, days=1))
    assert any(shows(text_of(each), "reminder-open") for each in up.news())


async def test_every_card_says_which_deadline_of_two_windows_it_names(up: Stage) -> None:
    """Where an earlier window has closed, lists and `/check` name the deadline from the oldest message."""
    await record(up, "制作会社A様 昨日 12:30")
    await up.live_to(up.at(12, 45))
    await record(up, "制作会社A様 今日 12:40")
    oldest, newest = stamp(up, 12, 30), stamp(up, 12, 40, days=1)
    pending = await up.mika.command("pending")
    opened = await up.mika.click(pending.message, says("pending-more"))
    assert shows((await up.mika.command("check", client="制作会社A")).text, "check-ambiguous")
    both = {"reminder-open": newest, "shown-newer-window": oldest}
    assert all(shows(opened.text, text_id, at=at) for text_id, at in both.items())
    up.news()
    await up.live_to(up.at(11, 40, days=1))
    reminders = up.news()
    assert reminders
    for reminder_text in map(text_of, reminders):
        assert shows(reminder_text, "reminder-title", count=1, overdue=1)
        assert all(shows(reminder_text, text_id, at=at) for text_id, at in both.items())
    await up.live_to(up.at(12, 45, days=2))
    closed = [text for each in up.news() if shows(text := text_of(each), "reminder-closed")]
    assert any(shows(text, "reminder-closed", at=oldest) for text in closed)
    assert not any(shows(text, "reminder-closed", at=newest) for text in closed)
    checked = (await up.mika.command("check", client="制作会社A")).text
    assert shows(checked, "check-card-overdue", at=oldest)
    assert not shows(checked, "check-ambiguous")


async def test_a_restart_sends_what_is_due_once_and_says_that_it_is_late(stage: Stage) -> None:
    async with stage.open_bot():
        await record(stage, "制作会社A様 昨日 17:00")
    stage.clock.advance_to(stage.at(16, 20))
    async with stage.open_bot() as bot:
        await bot.dispatcher.wait_idle()
        [late] = stage.news()
        assert shows(text_of(late), "reminder-late")
        assert shows(text_of(late), "reminder-open")
    async with stage.open_bot() as bot:
        await bot.dispatcher.wait_idle()
        assert stage.news() == []


async def test_after_days_away_only_the_close_is_told(stage: Stage) -> None:
    async with stage.open_bot():
        await record(stage, "制作会社A様 昨日 17:00")
    stage.clock.advance_to(stage.at(12, 0, days=2))
    async with stage.open_bot() as bot:
        await bot.dispatcher.wait_idle()
        [late] = stage.news()
        assert shows(text_of(late), "reminder-closed")
        assert not shows(text_of(late), "reminder-open")


async def test_a_reply_recorded_meanwhile_silences_them(up: Stage) -> None:
    await record(up, "制作会社A様 昨日 17:00")
    await up.mika.command("replied", client="制作会社A", at="今日 11:00")
    await up.live_to(up.at(12, 0, days=2))
    assert up.news() == []


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("refusal", [CANNOT_SEND_TO_USER, NO_MUTUAL_GUILDS])
async def test_what_cannot_be_delivered_is_told_at_the_next_contact(up: Stage, refusal: Exception) -> None:
    await record(up, "制作会社A様 昨日 17:00")
    up.discord.faults.dm_blocked[up.mika.user.id] = refusal  # type: ignore[assignment]
    await up.live_to(up.at(13, 0))
    assert up.news() == []
    up.discord.faults.dm_blocked.clear()
    answer = await up.mika.command("status")
    await up.discord.state.wait_until(lambda: bool(answer.interaction.followups))
    assert shows(text_of(answer.interaction.followups[0]), "missed-undeliverable")
    assert up.bot is not None
    await up.bot.client.finish_handlers()
    await up.mika.command("status")
    await up.mika.command("pending")
    told = [text_of(each) for each in up.mika.visible_messages() if each.is_interaction_response]
    assert sum(shows(each, "missed-undeliverable") for each in told) == 1


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("status", [500, 503])
async def test_a_failing_send_is_tried_again_with_the_same_nonce(up: Stage, status: int) -> None:
    await record(up, "制作会社A様 昨日 17:00")
    up.discord.faults.status("POST", "/channels/", status, times=1)
    await up.live_to(up.at(13, 0))
    assert len(up.news()) == 1
    assert len({each.body["nonce"] for each in _sent(up) if str(each.body["nonce"]).startswith("nintei-")}) == 1


def _sent(up: Stage) -> list:  # type: ignore[type-arg]
    return [each for each in up.discord.requests if each.method == "POST" and each.path.endswith("/messages")]


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("lost", ["before", "after"])
async def test_a_cut_connection_sends_it_once(up: Stage, lost: str) -> None:
    """Lost before Discord acted, or after: the nonce makes it one message either way."""
    await record(up, "制作会社A様 昨日 17:00")
    up.discord.faults.drop_connection("POST", "/channels/", lost)  # type: ignore[arg-type]
    await up.live_to(up.at(13, 0))
    assert len(up.news()) == 1


async def test_a_channel_that_seems_gone_is_opened_anew(up: Stage) -> None:
    await record(up, "制作会社A様 昨日 17:00")
    up.discord.faults.refuse("POST", r"/channels/\d+/messages", MISSING_ACCESS)
    await up.live_to(up.at(13, 0))
    assert len(up.news()) == 1


async def test_a_reminder_put_off_comes_as_soon_as_discord_takes_it(up: Stage) -> None:
    await record(up, "制作会社A様 昨日 17:00")
    up.discord.faults.refuse("POST", r"/channels/\d+/messages", DM_OPEN_RATE_LIMITED)
    await up.live_to(up.at(13, 0))
    assert up.news() == []
    await up.live_to(up.at(13, 3))
    assert len(up.news()) == 1
