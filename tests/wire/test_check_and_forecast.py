"""Before, not after: check, traps, closing messages, forecast, absence, digest."""

import re
from datetime import timedelta

import pytest

from bot.fake_discord.users import buttons_of, text_of
from tests.helpers.scenarios import stamp
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


async def replies(up: Stage, count: int) -> None:
    for number in range(count):
        await up.mika.command("received", client=f"甲{number}", at="11/20 9:00")
        await up.mika.command("replied", client=f"甲{number}", at="11/20 10:00")


def effect(after: str, slack: str, left: str) -> dict[str, str]:
    """How the texts about the effect of replies name a rate of 100 % that changes, and the late replies allowed."""
    change = says("rate-change", before="100.0 %", after=after, estimate="")
    return {"change": change, "margin": says("rate-margin-change", slack=slack, left=left)}


async def test_check_an_open_window(up: Stage) -> None:
    await replies(up, 5)
    await up.mika.command("received", client="A社", at="10:00")
    answer = await up.mika.command("check", client="ａ社")
    assert stamp(up, 10, 0, days=1) in answer.text
    unchanged = says("rate-unchanged", before="100.0 %", estimate="")
    assert shows(answer.text, "advice-reply", change=unchanged, margin="")
    assert [each["value"] for each in await up.mika.complete("check", "client", "a")] == ["A社"]
    opened = await up.mika.click(answer.message, says("action-open"))
    await up.mika.click(opened.message, says("action-now"))
    assert shows((await up.mika.command("check", client="A社")).text, "check-card-nothing-waiting")


async def test_check_of_a_dismissed_conversation_says_so_and_offers_no_window(up: Stage) -> None:
    await up.mika.write("A社様 10:00")
    await up.mika.next_bot_message()
    await up.mika.write("A社 返信不要")
    await up.mika.next_bot_message()
    answer = await up.mika.command("check", client="A社")
    assert shows(answer.text, "check-off-list")
    assert says("action-open") not in buttons_of(answer.message)


async def test_check_after_the_line_shows_the_cost_beside_the_neutral_ways(up: Stage) -> None:
    await replies(up, 12)
    await up.mika.command("received", client="A社", at="11/22 10:00")
    text = (await up.mika.command("check", client="A社")).text
    assert shows(text, "advice-reply", **effect("92.3 %", "3", "2"))
    assert shows(text, "advice-neutral")
    assert shows((await up.mika.command("check", client="知らない社")).text, "check-nobody")


async def test_the_same_advice_stands_on_every_overdue_card(up: Stage) -> None:
    await replies(up, 5)
    receipt = await up.mika.command("received", client="A社", at="11/22 10:00")
    advice = {"before": "100.0 %", **effect("83.3 %", "1", "0")}
    assert shows(receipt.text, "advice-late", **advice)
    pending = await up.mika.command("pending")
    assert shows(pending.text, "advice-late", **advice)
    opened = await up.mika.click(pending.message, says("pending-more"))
    assert shows(opened.text, "advice-late", **advice)
    await up.mika.command("received", client="B社", at="10:00")
    await up.live_to(up.at(7, days=2))
    closed = [text_of(each) for each in up.news() if shows(text_of(each), "reminder-closed")]
    assert shows(closed[-1], "advice-late", **advice)


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    "said",
    ["ありがとうございました。", "今後とも宜しくお願いします！", "Thanks!", "田中様\nこの度はありがとうございました。\nまた機会がありましたらよろしくお願いいたします。", "Thank you very much. Best regards,"],
)  # fmt: skip
async def test_a_closing_message_is_offered_and_never_decided(up: Stage, said: str) -> None:
    await up.mika.forward(said, posted_at=up.at(11))
    receipt = await up.mika.next_bot_message()
    assert shows(text_of(receipt), "receipt-looks-final")
    assert shows((await up.mika.command("pending")).text, "pending-title", count=1)


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    "said",
    ["修正をお願いします。よろしくお願いいたします。", "ありがとうございます。納期はいつですか？", "Thanks! When can you start?", "宜しいでしょうか", "thankful"],
)  # fmt: skip
async def test_other_messages_are_not_taken_for_closing_ones(up: Stage, said: str) -> None:
    await up.mika.forward(said, posted_at=up.at(11))
    assert not shows(text_of(await up.mika.next_bot_message()), "receipt-looks-final")


async def test_the_cost_of_a_late_reply_is_said_from_five_replies_on(up: Stage) -> None:
    """Before that no rate is judged, and "– → 0.0 %" would only alarm."""
    await up.mika.command("received", client="A社", at="10:00")
    await up.move_to(up.at(12, days=3))
    assert "0.0 %" not in (await up.mika.command("pending")).text
    assert not [text for message in up.mika.bot_messages() if "0.0 %" in (text := text_of(message))]
    assert "0.0 %" not in (await up.mika.command("status")).text


@pytest.mark.both_engines
async def test_a_dismissed_thread_is_warned_about(up: Stage) -> None:
    await replies(up, 5)
    receipt = await up.mika.command("received", client="A社", at="10:00")
    await up.mika.click(receipt.message, says("action-dismiss"))
    assert "🪤" not in (await up.mika.command("pending")).text
    await up.move_to(up.at(12, days=3))
    pending = (await up.mika.command("pending")).text
    assert "🪤" in pending
    assert "**A社**" in pending
    assert "100.0 % → 83.3 %" in pending
    assert shows((await up.mika.command("check", client="A社")).text, "advice-dismissed")
    asked = await up.mika.command("replied", client="A社", at="11:00")
    assert shows(asked.text, "question-trap")
    assert "100.0 % (5/5) → 83.3 % (5/6)" in asked.text
    assert "100.0 % (5/5)" in (await up.mika.command("status")).text
    assert shows((await up.mika.click(asked.message, says("action-elsewhere"))).text, "draft-new-thread")
    assert "100.0 % (5/5)" in (await up.mika.command("status")).text
    asked = await up.mika.command("replied", client="A社", at="11:30")
    button = buttons_of(asked.message)[says("action-count-it")]
    assert shows((await up.discord.add_user("ken").click_custom_id(asked.message, button)).text, "recording-draft-gone")
    counted = await up.mika.click(asked.message, says("action-count-it"))
    assert shows(counted.text, "receipt-verdict-late")
    assert "83.3 % (5/6)" in (await up.mika.command("status")).text
    await up.handlers_done()  # a press before the card is stored is answered as one on a question
    assert shows((await up.mika.click_custom_id(asked.message, button)).text, "recording-draft-gone")


@pytest.mark.parametrize("locale", ["ja", "en-US"])
async def test_a_message_in_a_new_thread_is_nowhere_called_dismissed(up: Stage, locale: str) -> None:
    up.mika.user.locale = locale
    receipt = (await up.mika.command("received", client="A社", at="11/22 10:00")).message
    [new_thread] = [each for each in buttons_of(receipt).values() if each.endswith(":new-thread")]
    await up.mika.click_custom_id(receipt, new_thread)
    told = [(await up.mika.command(name)).text for name in ("pending", "history")]
    told.append((await up.mika.command("check", client="A社")).text)
    told.append((await up.mika.click_custom_id(receipt, new_thread)).text)
    told.append((await up.mika.command("replied", client="A社", at="11:00")).text)
    for text in told:
        assert "A社" in text
        assert says("action-dismiss") not in text
        assert not re.search("no reply (is |was )?needed|dismissed", text, re.IGNORECASE)


async def test_warnings_are_not_hidden_by_what_was_dismissed_in_time(up: Stage) -> None:
    for number, at in enumerate(["11/22 10:00"] * 6 + ["10:00"] * 6):
        receipt = (await up.mika.command("received", client=f"{number}社", at=at)).message
        await up.mika.click(receipt, says("action-dismiss"))
    [line] = [each for each in (await up.mika.command("pending")).text.splitlines() if "🪤" in each]
    assert shows(line, "pending-follow-ups-many")
    assert [number for number in range(12) if f"**{number}社**" in line] == [0, 1, 2, 3, 4]


async def test_an_unanswered_closing_message_is_warned_about_too(up: Stage) -> None:
    await up.mika.forward("ありがとうございました", posted_at=up.at(11))
    receipt = await up.mika.next_bot_message()
    await up.mika.submit_modal(await up.mika.select_option(receipt, says("choose-another")), "A社", "")
    await up.move_to(up.at(12, days=2))
    asked = await up.mika.command("replied", client="A社")
    assert shows(asked.text, "question-trap")
    await up.mika.click(asked.message, says("action-elsewhere"))
    assert shows((await up.mika.command("pending")).text, "pending-none")


async def test_the_forecast_without_replies_says_so_once(up: Stage) -> None:
    text = (await up.mika.command("status", view="forecast")).text
    assert shows(text, "forecast-card-none")
    assert "2026/12/01" not in text
    assert not shows(text, "forecast-never-safe")


async def test_the_forecast_names_the_first_safe_review_and_when_the_late_ones_leave(up: Stage) -> None:
    await replies(up, 5)
    for number in range(2):
        await up.mika.command("received", client=f"遅{number}", at="2025/12/10 9:00")
        await up.mika.command("replied", client=f"遅{number}", at="2025/12/15 10:00")
    text = (await up.mika.command("status", view="forecast")).text
    assert shows(text, "forecast-card-assumed")
    assert shows(text, "forecast-card-line", day="2026/12/01", mark="❌", rate="71.4 %", counted="5/7")
    assert shows(text, "forecast-card-line", day="2027/01/01", mark="✅", rate="100.0 %", counted="5/5")
    reviews = [line for line in text.splitlines() if line.startswith("`202")]
    assert len(reviews) == 12
    assert max(map(len, reviews)) < 40, "one line each on a phone"
    assert shows(text, "forecast-safe", day="2027/01/01")
    assert shows(text, "forecast-card-leaves", day="2026/12/16", thread="**遅0**")
    await up.mika.command("settings", review_day="31")
    text = (await up.mika.command("status", view="forecast")).text
    assert not shows(text, "forecast-card-assumed")
    assert "`2026/11/30`" in text
    assert "`2027/02/28`" in text
    assert shows((await up.mika.command("status")).text, "status-review-set", date="11/30")
    for unreadable in ("32", "031999", "0", "00"):
        assert "1〜31" in (await up.mika.command("settings", review_day=unreadable)).text


async def test_away_tells_what_closes_in_which_order_and_the_worst_case(up: Stage) -> None:
    await replies(up, 8)
    await up.mika.command("received", client="B社", at="11:00")
    await up.mika.command("received", client="A社", at="10:00")
    await up.mika.command("received", client="古い社", at="11/20 10:00")
    answer = (await up.mika.command("away", **{"from": "18:00", "to": "11/28 9:00"})).text
    assert answer.index("1. **A社**") < answer.index("2. **B社**")
    assert shows(answer, "away-worst-case", before="100.0 %", **effect("80.0 %", "2", "0"))
    assert shows(answer, "away-overdue", count=1)
    assert shows(answer, "away-over-a-day")
    assert shows((await up.mika.command("away", **{"from": "13:00", "to": "15:00"})).text, "away-nothing")
    answer = (await up.mika.command("away", **{"from": "明日", "to": "明後日"})).text
    assert stamp(up, 23, 59, days=2) in answer
    assert shows(answer, "away-ends-with-day")
    assert shows((await up.mika.command("away", **{"from": "12/3", "to": "12/1"})).text, "away-order")
    assert "「" in (await up.mika.command("away", **{"from": "いつか", "to": "12/1"})).text


@pytest.mark.both_engines
async def test_the_digest_comes_after_each_review_and_weekly_if_wanted(up: Stage) -> None:
    await replies(up, 5)
    await up.mika.command("received", client="ぎりぎり社", at="11/22 10:00")
    await up.mika.command("replied", client="ぎりぎり社", at="11/23 9:30")
    up.news()
    await up.live_to(up.at(8, 59) + timedelta(days=8))
    assert up.news() == []
    await up.live_to(up.at(9) + timedelta(days=8))  # 2 December
    [digest] = up.news()
    text = text_of(digest)
    assert "100.0 %" in text
    assert shows(text, "digest-median", span="1時間")
    assert "**ぎりぎり社**" in text
    assert shows(text, "digest-slowest", client="ぎりぎり社", span="23時間30分")
    await up.live_to(up.at(10) + timedelta(days=20))
    assert up.news() == []
    await up.mika.command("settings", digest="weekly")
    await up.live_to(up.at(10) + timedelta(days=27))  # Monday, 21 December
    assert len(up.news()) == 1
    await up.mika.command("settings", digest="off")
    await up.live_to(up.at(10) + timedelta(days=60))
    assert up.news() == []


@pytest.mark.slow
async def test_a_digest_that_cannot_be_sent_comes_once_later(up: Stage) -> None:
    await replies(up, 1)
    up.news()
    up.discord.faults.status("POST", r"/channels/\d+/messages", 503, times=100)
    await up.live_to(up.at(9) + timedelta(days=8))
    assert up.news() == []
    up.discord.faults.planned.clear()
    await up.live_to(up.at(9, 10) + timedelta(days=8))
    assert len(up.news()) == 1
    await up.live_to(up.at(12) + timedelta(days=8))
    assert up.news() == []


async def test_a_message_of_no_conversation_yet_waits_in_the_check_of_its_client(up: Stage) -> None:
    for title in ("翻訳", "校正"):
        await up.mika.command("received", client="甲", thread=title, at="11/20 9:00")
        await up.mika.command("replied", client="甲", thread=title, at="11/20 10:00")
    asked = await up.mika.command("received", client="甲", at="11/22 10:00")
    assert shows(asked.text, "receipt-which-thread")
    for options in ({}, {"thread": "翻訳"}):
        text = (await up.mika.command("check", client="甲", **options)).text
        assert shows(text, "check-card-overdue", thread="**甲**"), text
        assert shows(text, "check-unassigned")
        assert shows(text, "check-card-nothing-waiting", thread="**甲**「翻訳」")
    await up.mika.select_option(asked.message, "甲「翻訳」")
    text = (await up.mika.command("check", client="甲", thread="校正")).text
    assert not shows(text, "check-unassigned")
    assert not shows(text, "check-card-overdue")


async def test_of_many_conversations_with_a_client_those_that_wait_are_checked(up: Stage) -> None:
    await up.mika.command("received", client="甲", thread="古い", at="11/20 9:00")
    for number in range(7):
        await up.mika.command("received", client="甲", thread=f"その{number}", at="11/20 9:00")
        await up.mika.command("replied", client="甲", thread=f"その{number}", at="11/20 10:00")
    text = (await up.mika.command("check", client="甲")).text
    assert shows(text, "check-card-overdue", thread="**甲**「古い」")
    assert shows(text, "more-rows", count=3)


async def test_a_client_written_in_two_ways_is_not_compared_with_itself(up: Stage) -> None:
    await up.mika.command("settings", digest="weekly")
    for client, title, replied in (("Studio A", "翻訳", "10:00"), ("ＳＴＵＤＩＯ　Ａ", "校正", "20:00")):
        await up.mika.command("received", client=client, thread=title, at="11/23 9:00")
        await up.mika.command("replied", client=client, thread=title, at=f"11/23 {replied}")
    up.news()
    await up.live_to(up.at(9, days=6))  # Monday
    [digest] = up.news()
    assert shows(text_of(digest), "digest-median", count=2)
    assert not shows(text_of(digest), "digest-slowest")
