"""Threads under contract: no card advises silence, and 連絡催促 has its own reminders and its own window."""

from datetime import timedelta

import pytest

from bot.discord_app.ui import layout
from bot.fake_discord.api_errors import CANNOT_SEND_TO_USER
from bot.fake_discord.state import Message
from bot.fake_discord.users import buttons_of, text_of
from bot.fake_discord.validation import walk_components
from tests.helpers.scenarios import eml, recorded
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


CLIENT = "制作会社A"
REQUEST_SUBJECT = "[ランサーズ] 連絡催促のお知らせ"


def custom_ids(message: Message) -> set[str]:
    return {node["custom_id"] for node in walk_components(message.body["components"]) if "custom_id" in node}


async def message_id(up: Stage) -> int:
    [[found]] = await up.rows("SELECT max(message_id) FROM messages")
    return int(found)


async def mark(up: Stage, card: Message, action: str = "contract") -> Message:
    """Press a mark; the card as it is then."""
    return (await up.mika.click_custom_id(card, f"press:message:{await message_id(up)}:{action}")).message


async def planned(up: Stage) -> list[tuple[str, timedelta]]:
    """The planned reminders of contracts, with their distance from noon of the first day."""
    rows = await up.rows(
        "SELECT kind, remind_at FROM occurrences WHERE state = 'planned'"
        " AND kind IN ('unanswered', 'client_silent', 'contact_request') ORDER BY remind_at"
    )
    noon = up.at(12)
    return [(row[0], timedelta(microseconds=row[1] - int(noon.timestamp()) * 1_000_000)) for row in rows]


async def request_by_mail(up: Stage, subject: str = REQUEST_SUBJECT) -> Message:
    await up.mika.write(files=[("m.eml", eml(subject, date="Tue, 24 Nov 2026 10:00:00 +0900"))])
    return await up.mika.next_bot_message()


async def counts(up: Stage) -> list[int]:
    """Exchanges and windows."""
    [[exchanges]] = await up.rows("SELECT count(*) FROM exchanges")
    [[windows]] = await up.rows("SELECT count(*) FROM windows")
    return [int(exchanges), int(windows)]


async def test_a_marked_thread_is_reminded_of_once_after_96_hours(up: Stage) -> None:
    receipt = await recorded(up)
    assert shows(text_of(await mark(up, receipt)), "thread-under-contract")
    await mark(up, receipt)  # twice is once
    assert await planned(up) == [("unanswered", timedelta(hours=94, minutes=30))]
    up.news()
    await up.live_to(up.at(10, 29, days=4))
    assert not any(shows(text_of(news), "contract-unanswered-title") for news in up.news())
    await up.live_to(up.at(10, 30, days=4))
    [news] = up.news()
    assert shows(text_of(news), "contract-unanswered-title")
    await up.live_to(up.at(10, 30, days=9))
    assert not any(shows(text_of(each), "contract-unanswered-title") for each in up.news())


async def test_it_comes_after_a_dismissal_too_and_not_at_night(up: Stage) -> None:
    receipt = await recorded(up, "制作会社A様 今日 2:00")
    await mark(up, receipt)
    await up.mika.click(receipt, says("action-dismiss"))
    assert await planned(up) == [("unanswered", timedelta(hours=91))]
    up.news()
    await up.live_to(up.at(7, days=4))
    [news] = up.news()
    assert shows(text_of(news), "contract-unanswered-plain")


@pytest.mark.both_engines
@pytest.mark.parametrize("end", ["reply", "unmark", "mute", "new thread", "other site"])
async def test_the_reminder_is_cancelled_once_it_is_not_needed(up: Stage, end: str) -> None:
    receipt = await recorded(up)
    number = await message_id(up)
    await mark(up, receipt)
    match end:
        case "reply":
            await up.mika.click(receipt, says("action-now"))
        case "unmark":
            await mark(up, receipt, "contract-end")
        case "mute":
            await up.mika.command("mute", client=CLIENT)
        case "new thread":
            await up.mika.click_custom_id(receipt, f"press:window:{number}:new-thread")
        case _:
            await mark(up, receipt, "other-site")
    assert "unanswered" not in dict(await planned(up))


async def test_the_client_s_silence_is_told_once_after_seven_days(up: Stage) -> None:
    receipt = await recorded(up)
    await mark(up, receipt)
    await up.mika.click(receipt, says("action-now"))
    await up.move_to(up.at(12, days=1))
    await up.mika.write("制作会社Aさんに返信した")
    question = await up.mika.next_bot_message()
    await up.mika.click(question, says("action-anyway"))
    assert await planned(up) == [("client_silent", timedelta(hours=168))], "from the message that waits longest"
    up.news()
    await up.live_to(up.at(12, days=7))
    [news] = up.news()
    assert shows(text_of(news), "contract-client-silent-title")
    assert says("action-dismiss") not in buttons_of(news)
    await up.live_to(up.at(12, days=20))
    assert not any(shows(text_of(each), "contract-client-silent-title") for each in up.news())


async def test_a_notice_under_contract_that_could_not_be_delivered_is_told_at_the_next_contact(up: Stage) -> None:
    receipt = await recorded(up)
    await mark(up, receipt)
    await up.mika.click(receipt, says("action-now"))
    up.news()
    up.discord.faults.dm_blocked[up.mika.user.id] = CANNOT_SEND_TO_USER
    await up.live_to(up.at(12, days=8))
    assert ["undeliverable"] in [
        [*row] for row in await up.rows("SELECT state FROM occurrences WHERE kind = 'client_silent'")
    ]
    del up.discord.faults.dm_blocked[up.mika.user.id]
    for _ in range(2):
        await up.mika.write("ヘルプ")
        await up.mika.next_bot_message()
        await up.handlers_done()
    told = [each for each in up.mika.bot_messages() if shows(text_of(each), "missed-contract-undeliverable")]
    assert len(told) == 1
    assert CLIENT in text_of(told[0])
    assert not shows(text_of(told[0]), "advice-contract")


async def test_the_client_s_message_ends_the_silence(up: Stage) -> None:
    receipt = await recorded(up)
    await mark(up, receipt)
    await up.mika.click(receipt, says("action-now"))
    await up.move_to(up.at(9, days=2))
    await recorded(up, "制作会社A様 今日 8:00")
    assert "client_silent" not in dict(await planned(up))


async def test_no_card_advises_silence(up: Stage) -> None:
    receipt = await recorded(up, "制作会社A様 昨日 9:00")
    number = await message_id(up)
    marked = await mark(up, receipt)
    assert shows(text_of(marked), "receipt-closed-in-contract")
    assert next(iter(buttons_of(marked))) == says("action-new-thread")
    assert list(buttons_of(marked))[-1] == says("action-dismiss")
    check = (await up.mika.command("check", client=CLIENT)).text
    assert shows(check, "advice-contract")
    assert not shows(check, "advice-neutral")
    away = (await up.mika.command("away", **{"from": "明日 9:00", "to": "11/30 9:00"})).text
    assert shows(away, "away-contract")
    assert not any(shows(away, text_id) for text_id in ("away-overdue", "away-over-a-day", "away-worst-case"))
    pending = (await up.mika.command("pending")).message
    assert shows(text_of(pending), "pending-contract-overdue")
    window = (await up.mika.click_custom_id(pending, f"press:window:{number}:open")).message
    assert shows(text_of(window), "reminder-closed-contract")
    assert next(iter(buttons_of(window))) == says("action-new-thread")
    assert says("action-contract-end") in buttons_of(window)


@pytest.mark.both_engines
async def test_an_undo_takes_a_mark_back(up: Stage) -> None:
    receipt = await recorded(up)
    await mark(up, receipt)
    history = (await up.mika.command("history")).message
    undone = await up.mika.click(history, says("action-revert"))
    assert "0件" not in undone.text, "no message was changed"
    assert await planned(up) == []
    assert not shows(text_of((await up.mika.command("pending")).message), "thread-under-contract")


@pytest.mark.both_engines
async def test_a_moved_message_takes_the_mark_along(up: Stage) -> None:
    receipt = await recorded(up)
    await mark(up, receipt)
    menu = await up.mika.click_custom_id(receipt, f"press:message:{await message_id(up)}:correct")
    form = await up.mika.click(menu.message, says("correct-client"))
    await up.mika.submit_modal(form, "制作会社B", "")
    rows = await up.rows("SELECT client FROM threads WHERE contract_at IS NOT NULL ORDER BY thread_id")
    assert ["制作会社B"] in [list(row) for row in rows]
    assert [kind for kind, _ in await planned(up)] == ["unanswered"]


@pytest.mark.both_engines
async def test_a_merged_thread_takes_the_mark_along(up: Stage) -> None:
    receipt = await recorded(up)
    await mark(up, receipt)
    number = await message_id(up)
    await recorded(up, "制作会社B様 今日 9:30")
    offered = await up.mika.click_custom_id(receipt, f"press:message:{number}:merge")
    await up.mika.select_option(offered.message, "制作会社B")
    assert ["制作会社B"] in [
        list(row) for row in await up.rows("SELECT client FROM threads WHERE contract_at IS NOT NULL")
    ]
    assert [kind for kind, _ in await planned(up)] == ["unanswered"]


async def test_a_window_that_is_due_for_two_reasons_is_shown_once(up: Stage) -> None:
    """Its 96 hours end when the last reminder of what the client wrote since is due: Discord takes no button twice."""
    await mark(up, await recorded(up, "制作会社A様 11/22 10:00"))
    await up.live_to(up.at(11, days=1))
    await recorded(up, "制作会社A様 11/25 11:00")
    await up.live_to(up.at(9, 59, days=2))
    up.news()
    await up.live_to(up.at(10, 1, days=2))
    [reminder] = up.news()
    assert shows(text_of(reminder), "contract-unanswered-title")
    assert [each for each in custom_ids(reminder) if each.endswith(":now")] == ["press:window:1:now"]


async def test_a_contact_request_has_its_own_window(up: Stage) -> None:
    await recorded(up, "制作会社A様 今日 9:30")
    before = await counts(up)
    card = await request_by_mail(up)
    assert shows(text_of(card), "receipt-contact-request")
    assert shows(text_of(card), "contact-request-open")
    assert await counts(up) == before, "it is in no window and no exchange"
    await up.mika.click(card, CLIENT)
    leads = [timedelta(hours=hours) - timedelta(hours=2) for hours in (168 - 72, 168 - 24)]
    kinds = [row for row in await planned(up) if row[0] == "contact_request"]
    assert [at for _, at in kinds][:2] == leads
    assert kinds[2][1] == timedelta(hours=7 * 24 - 5), "4 hours before the close is at night: at its end"
    assert await counts(up) == before
    pending = (await up.mika.command("pending")).message
    assert shows(text_of(pending), "contact-request-open")
    assert shows(text_of(pending), "pending-title", count=1)


@pytest.mark.both_engines
async def test_a_press_in_a_list_outside_the_direct_message_shows_no_other_row_of_it(up: Stage) -> None:
    """No card is stored there, and the controls of a list name several."""
    for hour in (9, 10):
        date = f"Tue, 24 Nov 2026 {hour:02}:00:00 +0900"
        await up.mika.write(files=[("m.eml", eml(REQUEST_SUBJECT, date=date))])
        await up.mika.next_bot_message()
    listed = await up.mika.command("pending", channel=up.discord.add_guild())
    pressed, other = (f"press:message:{number}:contacted" for number in (2, 1))
    assert {pressed, other} <= custom_ids(listed.message)
    answer = await up.mika.click_custom_id(listed.message, pressed)
    assert not custom_ids(answer.message) & {pressed, other}
    assert "press:message:3:undo" in custom_ids(answer.message)


@pytest.mark.parametrize("action", ["contact-now", "contacted"])
async def test_a_reply_or_a_button_ends_it(up: Stage, action: str) -> None:
    await recorded(up, "制作会社A様 昨日 9:30")
    card = await request_by_mail(up)
    request = await message_id(up)
    await up.mika.click(card, CLIENT)
    before = await counts(up)
    ended = (await up.mika.click_custom_id(card, f"press:message:{request}:{action}")).message
    assert not shows(text_of(ended), "contact-request-open")
    assert "contact_request" not in dict(await planned(up))
    replied = action == "contact-now"
    assert await counts(up) == ([before[0] + 1, before[1] - 1] if replied else before)
    assert not shows(text_of((await up.mika.command("pending")).message), "contact-request-open")
    again = await up.mika.click_custom_id(card, f"press:message:{request}:{action}")
    assert shows(again.text, "contact-request-ended")


async def test_eight_of_them_fit_in_one_message(up: Stage) -> None:
    for minute in range(8):
        date = f"Tue, 24 Nov 2026 01:{minute:02}:00 +0900"
        await up.mika.write(files=[("m.eml", eml(REQUEST_SUBJECT, date=date))])
        await up.mika.next_bot_message()
    await up.live_to(up.at(7, days=4))
    [reminder] = up.news()
    assert len([each for each in custom_ids(reminder) if each.endswith(":contacted")]) == 8


async def test_cards_say_that_its_time_is_over(up: Stage) -> None:
    shown = [await request_by_mail(up), (await up.mika.command("pending")).message]
    await up.live_to(up.at(10, days=7))
    shown += [news for news in up.news() if shows(text_of(news), "contract-contact-request-title")]
    assert len(shown) > 2
    await up.live_to(up.at(10, 11, days=7))
    assert all(shows(text_of(card), "contact-request-over") for card in shown[-3:])


async def test_an_undone_end_is_shown_again_on_the_list_that_recorded_it(up: Stage) -> None:
    await request_by_mail(up)
    listed = (await up.mika.command("pending")).message
    await up.mika.click_custom_id(listed, f"press:message:{await message_id(up)}:contacted")
    assert not shows(text_of(listed), "contact-request-open")
    await recorded(up, "取り消し")
    await up.move_to(up.clock.now() + timedelta(minutes=2))
    assert shows(text_of(listed), "contact-request-open")


async def test_a_question_about_a_reply_to_it_leaves_the_list_as_it_is(up: Stage) -> None:
    await recorded(up, "制作会社A様 昨日 9:30")
    await up.mika.write("制作会社A 返信不要")
    await up.mika.next_bot_message()
    card = await request_by_mail(up)
    request = await message_id(up)
    await up.mika.click(card, CLIENT)
    await recorded(up, "B社様 11:00")
    listed = (await up.mika.command("pending")).message
    asked = await up.mika.click_custom_id(listed, f"press:message:{request}:contact-now")
    assert (await up.rows("SELECT asks FROM drafts")) == [("trap",)]
    assert asked.message.id != listed.id
    assert "B社" in text_of(listed)


async def test_away_names_no_request_whose_time_is_over(up: Stage) -> None:
    await recorded(up, "制作会社A様 昨日 9:30")
    await up.mika.click(await request_by_mail(up), CLIENT)
    away = await up.mika.command("away", **{"from": "今日", "to": "12/3"})
    assert shows(away.text, "away-nothing")
    assert shows(away.text, "contact-request-open")
    assert away.message.body["components"][0]["accent_color"] == layout.WARNING.value
    await up.move_to(up.at(12, days=7))
    away = await up.mika.command("away", **{"from": "今日", "to": "明日"})
    assert not shows(away.text, "contact-request-open")
    assert not shows(away.text, "contact-request-over")


async def test_its_reminders_say_what_it_is_and_follow_the_window(up: Stage) -> None:
    await recorded(up, "制作会社A様 昨日 9:30")
    card = await request_by_mail(up)
    request = await message_id(up)
    await up.mika.click(card, CLIENT)
    up.news()
    await up.live_to(up.at(10, days=4))
    titled = [news for news in up.news() if shows(text_of(news), "contract-contact-request-title")]
    assert len(titled) == 1
    await up.mika.click_custom_id(titled[0], f"press:message:{request}:contacted")
    up.news()
    await up.live_to(up.at(10, days=8))
    assert not any(shows(text_of(news), "contract-contact-request-title") for news in up.news())


async def test_the_same_mail_again_is_the_same_request(up: Stage) -> None:
    first = await request_by_mail(up)
    again = await request_by_mail(up)
    assert shows(text_of(again), "receipt-repeated")
    assert first.id != again.id
    [[count]] = await up.rows("SELECT count(*) FROM messages")
    assert count == 1


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    "subject",
    [
        "[ランサーズ] 連絡催促の申請を受け付けました",
        "[ランサーズ] 謎のお知らせ",
        "[ランサーズ] 連絡催促を取り下げました",
    ],
)
async def test_what_is_half_understood_is_asked(up: Stage, subject: str) -> None:
    await recorded(up, "制作会社A様 今日 9:30")
    question = await request_by_mail(up, subject)
    assert shows(text_of(question), "question-unknown-mail")
    assert await planned(up) == []
    card = (await up.mika.click(question, says("action-contact-request"))).message
    assert shows(text_of(card), "contact-request-open")
    assert {kind for kind, _ in await planned(up)} == {"contact_request"}


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    "subject", ["[ランサーズ] 「ロゴ制作」の契約が成立しました", "[ランサーズ] 仕事を開始してください"]
)
async def test_a_mail_about_a_contract_asks_for_the_thread(up: Stage, subject: str) -> None:
    await recorded(up)
    question = await request_by_mail(up, subject)
    assert shows(text_of(question), "question-contract")
    [[marked]] = await up.rows("SELECT count(*) FROM threads WHERE contract_at IS NOT NULL")
    assert marked == 0
    noted = (await up.mika.click(question, CLIENT)).message
    assert shows(text_of(noted), "contract-noted")
    assert [kind for kind, _ in await planned(up)] == ["unanswered"]


@pytest.mark.both_engines
async def test_the_question_of_which_thread_ends_on_each_of_its_cards(up: Stage) -> None:
    """The pressed one says what was noted, also after the next question has ended."""
    await recorded(up)
    subject = "[ランサーズ] 仕事を開始してください"
    other, question = await request_by_mail(up, subject), await request_by_mail(up, subject)
    noted = (await up.mika.click(question, CLIENT)).message
    await recorded(up, "制作会社B 9:30")
    await recorded(up, "はい")
    assert up.bot is not None
    await up.bot.card_updates.wait_idle()
    assert shows(text_of(noted), "contract-noted")
    assert buttons_of(other) == {}
    assert await up.rows("SELECT 1 FROM cards WHERE discord_message_id = $1", noted.id) == [], "nothing edits it"


@pytest.mark.both_engines
async def test_an_export_brings_marks_and_requests_back(up: Stage) -> None:
    await recorded(up)
    card = await request_by_mail(up)
    await up.mika.click(card, CLIENT)
    before = await planned(up)
    assert before
    exported = (await up.mika.command("export")).files["nintei.json"]
    erased = (await up.mika.command("erase")).message
    await up.mika.click(erased, says("action-confirm"))
    for table in ("threads", "changed_threads", "messages"):
        [[left]] = await up.rows(f"SELECT count(*) FROM {table}")
        assert left == 0
    await up.mika.write(files=[("nintei.json", exported)])
    while says("action-take") not in buttons_of(offered := await up.mika.next_bot_message()):
        pass
    await up.mika.click(offered, says("action-take"))
    assert await planned(up) == before


@pytest.mark.both_engines
async def test_a_typed_reply_ends_the_request_of_its_client(up: Stage) -> None:
    await recorded(up, "制作会社A様 今日 8:30")
    await up.mika.write("制作会社Aさんに返信した 9:00")
    await up.mika.next_bot_message()
    card = await request_by_mail(up)
    await up.mika.click(card, CLIENT)
    assert "contact_request" in dict(await planned(up))
    await up.move_to(up.at(13))
    up.news()
    await up.mika.write("制作会社Aさんに返信した")
    assert shows(text_of(await up.mika.next_bot_message()), "receipt-sent")
    assert "contact_request" not in dict(await planned(up))


async def test_the_status_shows_an_open_request_that_is_no_waiting_reply(up: Stage) -> None:
    card = await request_by_mail(up)
    text = (await up.mika.command("status")).text
    assert shows(text, "contact-request-open")
    assert shows(text, "status-waiting-none")
    await up.mika.click(card, says("action-contacted"))
    assert not shows((await up.mika.command("status")).text, "contact-request-open")


@pytest.mark.parametrize(("action", "advice"), [("contract", "advice-contract"), ("other-site", None)])
async def test_what_came_too_late_advises_no_silence_there(stage: Stage, action: str, advice: str | None) -> None:
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 昨日 17:00")
        await mark(stage, await stage.mika.next_bot_message(), action)
    stage.clock.advance_to(stage.at(12, 0, days=9))
    async with stage.open_bot() as bot:
        await bot.dispatcher.wait_idle()
        answer = await stage.mika.command("status")
        await stage.discord.state.wait_until(lambda: bool(answer.interaction.followups))
    missed = text_of(answer.interaction.followups[0])
    assert shows(missed, "missed-expired")
    assert [each for each in ("advice-neutral", "advice-contract") if shows(missed, each)] == (
        [advice] if advice else []
    )


async def test_a_notice_while_nobody_waits_counts_nobody_in_the_fallback_channel(up: Stage) -> None:
    channel = up.discord.add_guild()
    await up.mika.command("settings", fallback=channel)
    receipt = await recorded(up, "制作会社A様 今日 2:00")
    await mark(up, receipt)
    await up.mika.click(receipt, says("action-dismiss"))
    up.discord.faults.dm_blocked[up.mika.user.id] = CANNOT_SEND_TO_USER
    await up.live_to(up.at(7, days=4))
    [post] = [each for each in channel.messages.values() if each.author is up.discord.state.bot]
    assert shows(text_of(post), "fallback-notice")


async def test_a_notice_in_the_fallback_channel_takes_its_time_for_nobodys_deadline(up: Stage) -> None:
    """Another client waits, and is reminded of at another time."""
    channel = up.discord.add_guild()
    await up.mika.command("settings", fallback=channel)
    receipt = await recorded(up, "制作会社A様 今日 10:00")
    await mark(up, receipt)
    await up.mika.click(receipt, says("action-dismiss"))
    await up.live_to(up.at(9, 30, days=4))
    await recorded(up, "乙社様 9:20")
    up.discord.faults.dm_blocked[up.mika.user.id] = CANNOT_SEND_TO_USER
    await up.live_to(up.at(10, 1, days=4))
    [post] = [each for each in channel.messages.values() if each.author is up.discord.state.bot]
    assert shows(text_of(post), "fallback-notice")
