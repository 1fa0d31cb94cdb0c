"""Every command, over the wire."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from bot.errors import StorageError
from bot.fake_discord.api_errors import CANNOT_SEND_TO_USER
from bot.fake_discord.users import InvalidUserActionError, buttons_of, selects_of, text_of
from storage import members
from tests.helpers.scenarios import stamp
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

DEFAULT_LEAD_TIMES = " · ".join(says("span-hours", hours=hours) for hours in (12, 4, 1))


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


SUBCOMMAND: Final = 1
MESSAGE_MENU: Final = 3
JAPANESE: Final = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


async def test_every_command_is_synced_for_servers_and_user_installs(up: Stage) -> None:
    commands = up.discord.state.commands
    assert [each["name"] for each in commands] == [
        "status", "fee", "pending", "check", "away", "job", "profile", "goal", "calibrate", "history", "import", "export",
        "erase", "settings", "mute", "mail", "inbox", "received", "replied", "start", "help", "about", says("menu-received", locale="en"), says("menu-replied", locale="en"),
    ]  # fmt: skip
    for command in commands:
        assert set(command["contexts"]) == {0, 1, 2}
        assert set(command["integration_types"]) == {0, 1}


SAID_ALIKE = {says("locale-ja"), says("locale-en")}
"""Choices that are the same in both languages."""


def spoken(commands: list[dict[str, Any]]) -> Iterator[tuple[str, str | None]]:
    """Every word that Discord shows of commands, in English and in Japanese; a command's own name is English."""
    for each in commands:
        if each.get("description"):
            yield each["description"], (each.get("description_localizations") or {}).get("ja")
        for option in each.get("options", []):
            if option["type"] != SUBCOMMAND:
                yield option["name"], (option.get("name_localizations") or {}).get("ja")
            for choice in option.get("choices", []):
                yield choice["name"], (choice.get("name_localizations") or {}).get("ja")
        if each["type"] == MESSAGE_MENU:
            yield each["name"], (each.get("name_localizations") or {}).get("ja")
        yield from spoken(each.get("options", []))


async def test_every_command_option_and_choice_is_in_both_languages(up: Stage) -> None:
    words = list(spoken(up.discord.state.commands))
    assert len(words) > 150
    assert {english for english, _ in words if JAPANESE.search(english)} <= {
        *SAID_ALIKE, 'Stars 1 to 5, 満足 or 残念; "-" removes it', "The displayed share of 満足: 97",
        "The contract: 50,000, 5万", "What you were paid, each: 50,000, 5万, 0",
    }  # fmt: skip
    assert {(english, ja) for english, ja in words if english == ja or not ja} <= {
        (each, ja) for each in SAID_ALIKE for ja in (None, each)
    }
    assert {ja for english, ja in words if english not in SAID_ALIKE and not JAPANESE.search(ja or "")} == set()


async def test_they_are_synced_again_only_when_they_changed(stage: Stage) -> None:
    stage.discord.state.commands.clear()
    for _ in range(2):
        async with stage.open_bot():
            pass
    assert sum(each.method == "PUT" for each in stage.discord.requests) == 1
    stage.discord.state.commands.pop()
    async with stage.open_bot():
        pass
    assert sum(each.method == "PUT" for each in stage.discord.requests) == 2


async def test_status_before_anything_is_recorded(up: Stage) -> None:
    answer = await up.mika.command("status")
    assert shows(answer.text.splitlines()[0], "status-unknown-only", count=5)
    assert shows(answer.text, "status-unknown-name")
    assert shows(answer.text, "status-rate-none")
    assert shows(answer.text, "status-review", date="12/1")


async def test_status_counts_and_names_slack_and_needed(up: Stage) -> None:
    for number in range(5):
        await up.mika.command("received", client=f"甲{number}", at="昨日 9:00")
        await up.mika.command("replied", client=f"甲{number}", at="昨日 10:00")
    answer = await up.mika.command("status")
    assert "100.0 % (5/5)" in answer.text
    assert shows(answer.text, "status-rate", mark="✅", margin=says("status-rate-slack", slack=1))
    for number in range(2):
        await up.mika.command("received", client=f"乙{number}", at="11/20 9:00")
        await up.mika.command("replied", client=f"乙{number}", at="11/22 10:00")
    answer = await up.mika.command("status")
    assert "71.4 % (5/7)" in answer.text
    assert shows(answer.text, "status-rate", mark="❌", margin=says("status-rate-needed", needed=3))
    assert shows(answer.text.splitlines()[0], "status-missing-reply-rate", value="71.4 %", needed=3)


async def test_status_by_the_newest_reading_is_shown_beside(up: Stage) -> None:
    await up.mika.command("received", client="甲", at="11/20 9:00")
    await up.mika.command("received", client="甲", at="11/21 9:00")
    answer = await up.mika.command("replied", client="甲", at="11/21 10:00")
    assert shows(answer.text, "receipt-verdict-ambiguous")
    assert shows((await up.mika.command("status")).text, "status-rate-newest")


async def test_status_rules_name_their_sources(up: Stage) -> None:
    answer = await up.mika.command("status", view="rules")
    assert "info.lancers.jp/16641" in answer.text
    assert shows(answer.text, "rule-source", confidence="official")


async def test_status_of_the_other_edition(up: Stage) -> None:
    await up.mika.command("settings", edition="2024")
    answer = await up.mika.command("status")
    assert shows(answer.text, "status-criterion", name=says("criterion-satisfaction"))
    assert shows(answer.text, "status-criterion", name=says("criterion-last-login"))
    assert shows(answer.text, "status-review", edition=says("edition-name", key="y2024", year="2024"))


FIFTY_THOUSAND = says("fee-contract", amount="¥50,000", tax=says("tax-included"))


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"amount": "50,000"}, ["¥52,750", "¥41,750"]),
        ({"amount": "７５０００円", "tax": "excluded"}, ["¥82,500", "¥87,037"]),
        ({"amount": "1万", "tax": "excluded"}, ["¥1,815", "¥9,185"]),
        ({"take_home": "41,750"}, ["¥49,998", "¥52,746", "¥41,750"]),
        ({"client_pays": "52,750"}, ["¥41,750"]),
        ({"amount": "50,000", "certified": True}, [says("fee-name-nomination-fee"), "¥150", "¥41,900"]),
        ({"amount": "50,000", "certified": True, "compensation": "charged"}, ["¥1,000", "¥53,750"]),
        ({"amount": "100,000", "on": "2016-09-01"}, ["¥80,000"]),
        (
            {"amount": "50,000", "withholding": True},
            [says("fee-name-withholding"), says("fee-period-withholding-corporate")],
        ),
        ({"amount": "税抜100,000", "method": "hourly"}, ["¥115,500", "¥93,500", says("method-hourly")]),
        (
            {"hours": "12.5", "hourly_rate": "8,000", "tax": "excluded"},
            ["12.5", "¥8,000", "¥93,500", says("method-hourly")],
        ),
        ({"hours": "1.5", "hourly_rate": "3,333"}, ["¥4,999"]),
        ({"hours": "20", "hourly_rate": "3,000", "method": "project"}, ["¥50,100"]),
        (
            {"amount": "50,000", "count": 3},
            ["¥125,250", says("fee-contract-count", contract=FIFTY_THOUSAND, count="3")],
        ),
        (
            {"amount": "50,000", "method": "monthly"},
            ["¥41,750", says("fee-method-as-project", method=says("method-monthly"))],
        ),
        ({"amount": "50,000", "client_discount": True}, ["¥51,650", says("fee-period-client-discount-end-unknown")]),
        ({"client_pays": "10万"}, ["**¥94,788**", "¥100,000"]),
        ({"client_pays": "10万", "count": 3}, ["**¥31,597**", "¥99,999"]),
        ({"client_pays": "10万", "hours": "20"}, ["**¥4,761**", "¥99,980"]),
        ({"client_pays": "2", "count": 3}, [says("fee-budget-none", target="¥2")]),
        ({"take_home": "5万", "hours": "20"}, [says("method-hourly"), "**¥2,942**"]),
        ({"amount": "50,000", "certified": True, "edition": "2024"}, ["¥41,750", says("note-programme-none")]),
    ],
)
async def test_fee(up: Stage, options: dict[str, object], expected: list[str]) -> None:
    answer = await up.mika.command("fee", **options)
    for figure in expected:
        assert figure in answer.text


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    ("options", "headline", "basis"),
    [
        ({"amount": "50,000"}, {"amount": "¥41,750", "nomination": "none"},
         ("method-project", "2026/11/24", says("fee-schedule-since", **{"from": "2022/10/01"}), "2016")),
        ({"amount": "50,000", "certified": True}, {"amount": "¥41,900", "nomination": "¥150"},
         ("method-project", "2026/11/24", says("fee-schedule-since", **{"from": "2022/10/01"}), "2016")),
        ({"amount": "50,000", "method": "hourly", "on": "2019-05-01", "edition": "2024"},
         {"amount": "¥40,000", "nomination": "none"},
         ("method-hourly", "2019/05/01", says("fee-schedule-until", until="2022/09/30"), "2024")),
    ],
)  # fmt: skip
async def test_the_answer_to_fee_stands_first(
    up: Stage, options: dict[str, object], headline: dict[str, str], basis: tuple[str, str, str, str]
) -> None:
    """Below it the method, the day and the rules."""
    answer = await up.mika.command("fee", **options)
    first, second, *_ = answer.text.splitlines()
    assert shows(first, "fee-headline", **headline)
    method, on, schedule, edition = basis
    contract = says("fee-contract", amount="¥50,000", tax=says("tax-included"))
    assert shows(second, "fee-basis", contract=contract, method=says(method), on=on, schedule=schedule, edition=edition)


async def test_a_budget_gives_the_largest_contract_first(up: Stage) -> None:
    answer = await up.mika.command("fee", client_pays="10万")
    first, second, *_ = answer.text.splitlines()
    assert shows(first, "fee-budget", target="¥100,000", contract="¥94,788", gives="¥100,000")
    assert shows(second, "fee-headline", amount="¥79,149")


async def test_what_is_assumed_is_marked_on_its_line(up: Stage) -> None:
    answer = await up.mika.command("fee", amount="50,001", on="2016-08-03", certified=True)
    marked = [line for line in answer.text.splitlines() if says("confidence-assumed") in line]
    names = ("fee-name-consumption-tax", "fee-name-client-fee", "fee-name-system-fee", "fee-name-nomination-fee")
    for name in names:
        assert any(line.removeprefix("-# ").startswith(says(name)) for line in marked), name
    today = await up.mika.command("fee", amount="50,000")
    [line] = [line for line in today.text.splitlines() if line.startswith(f"-# {says('fee-name-system-fee')} ")]
    assert says("confidence-assumed") not in line


async def test_fee_takes_the_badge_from_the_settings(up: Stage) -> None:
    settings = (await up.mika.command("settings", badge="held")).text
    assert shows(settings, "preference-line", name=says("preference-badge"), value=says("badge-held-choice"))
    certified = await up.mika.command("fee", amount="50000")
    assert shows(certified.text, "fee-line", name=says("fee-name-nomination-fee"))
    not_certified = await up.mika.command("fee", amount="50000", certified=False)
    assert not shows(not_certified.text, "fee-line", name=says("fee-name-nomination-fee"))


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"amount": "5,0000"},
        {"amount": "1e5"},
        {"amount": "0"},
        {"amount": "5", "take_home": "5"},
        {"amount": "5", "on": "x"},
        {"amount": "9" * 400},
    ],
)
async def test_fee_refuses_with_a_sentence(up: Stage, options: dict[str, object]) -> None:
    answer = await up.mika.command("fee", **options)
    assert answer.ephemeral
    assert "。" in answer.text or "例" in answer.text


async def test_received_and_replied_by_hand(up: Stage) -> None:
    answer = await up.mika.command("received", client="制作会社A様", at="昨日 14:30", thread="ロゴ制作")
    assert stamp(up, 14, 30, days=-1) in answer.text
    assert shows(answer.text, "thread-titled", title="ロゴ制作")
    answer = await up.mika.command("replied", client="制作会社A", at="今日 9:00")
    assert shows(answer.text, "receipt-verdict-on-time", span="18時間30分")


async def test_received_without_a_time_is_now(up: Stage) -> None:
    assert stamp(up, 12, 0) in (await up.mika.command("received", client="甲")).text


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("at", ["明日 9:00", "ぜんぜん", "25:70", "2026/11/22(月) 9:00", "1" * 500])
async def test_received_refuses_a_wrong_time(up: Stage, at: str) -> None:
    answer = await up.mika.command("received", client="甲", at=at)
    assert answer.ephemeral
    assert shows((await up.mika.command("pending")).text, "pending-none")


async def test_replied_before_anything_was_received_is_refused(up: Stage) -> None:
    assert shows((await up.mika.command("replied", client="甲")).text, "recording-reply-before-received")


@pytest.mark.both_engines
async def test_replied_with_several_threads_asks_which(up: Stage) -> None:
    for title in ("ロゴ", "バナー"):
        await up.mika.command("received", client="甲", at="今日 9:00", thread=title)
    question = await up.mika.command("replied", client="甲", at="今日 10:00")
    assert shows(question.text, "question-thread")
    answer = await up.mika.click(question.message, "甲「ロゴ」")
    assert shows(answer.text, "receipt-verdict-on-time")
    assert "ロゴ" not in (await up.mika.command("pending")).text


async def test_clients_and_threads_complete_over_ones_own(up: Stage) -> None:
    ren = up.discord.add_user("ren")
    await ren.command("received", client="よその社")
    await up.mika.command("received", client="制作会社A", thread="ロゴ")
    await up.mika.command("received", client="Studio B")
    assert [each["value"] for each in await up.mika.complete("received", "client", "")] == ["Studio B", "制作会社A"]
    assert [each["value"] for each in await up.mika.complete("replied", "client", "ＳＴＵ")] == ["Studio B"]
    assert await up.mika.complete("received", "client", "よその") == []
    titles = await up.mika.complete("replied", "thread", "", client="制作会社A")
    assert [each["value"] for each in titles] == ["ロゴ"]


async def test_pending_lists_the_most_urgent_first_and_opens_each(up: Stage) -> None:
    await up.mika.command("received", client="遅い社", at="今日 9:00")
    await up.mika.command("received", client="急ぎ社", at="昨日 15:00")
    answer = await up.mika.command("pending")
    assert answer.text.index("急ぎ社") < answer.text.index("遅い社")
    opened = await up.mika.click(answer.message, says("pending-more"))
    assert "急ぎ社" in opened.text
    answer = await up.mika.click(opened.message, says("action-now"))
    assert answer.message.id == opened.message.id
    assert shows(answer.text, "shown-answered", verdict=says("verdict-on-time"))


async def test_pending_has_pages(up: Stage) -> None:
    for number in range(21):
        await up.mika.command("received", client=f"{number:02}社", at=f"今日 {number // 2}:{number % 2}0")
    first = await up.mika.command("pending")
    assert "20社" not in first.text
    assert "1 / 2" in first.text
    second = await up.mika.click(first.message, says("pagination-after"))
    assert "20社" in second.text
    assert "00社" in (await up.mika.click(first.message, says("pagination-before"))).text


async def test_the_label_of_a_suggested_zone_names_it(up: Stage) -> None:
    """It may be typed, or be left from the day before."""
    [choice, *_] = await up.mika.complete("settings", "timezone", "ニューヨーク")
    assert "**America/New_York**" in (await up.mika.command("settings", timezone=choice["name"])).text
    assert "**UTC**" not in (await up.mika.command("settings", timezone="UTC +9")).text


@pytest.mark.parametrize(
    ("option", "written", "refusal"),
    [
        ("lead_times", "  ", "reminders-lead-time-unreadable"),
        ("lead_times", "4h, 1秒", "reminders-lead-time-range"),
        ("quiet_hours", "\u3000", "reminders-quiet-hours-unreadable"),
        ("review_day", " ", "preference-review-day-unreadable"),
        ("timezone", "EST", "preference-zone-several"),
        ("timezone", "mst", "preference-zone-several"),
    ],
)
async def test_a_blank_or_ambiguous_setting_changes_nothing(up: Stage, option: str, written: str, refusal: str) -> None:
    """Blanks turned every reminder off, a lead time of a second was shown as 0 minutes."""
    before = (await up.mika.command("settings")).text
    assert shows((await up.mika.command("settings", **{option: written})).text, refusal)
    assert (await up.mika.command("settings")).text == before


@pytest.mark.parametrize(
    "written",
    [
        "お世話になっております。山田です。", "返信した", "はい", "田中さんと伊藤さん", "ご担当者様", "-", "??",
        "様", "status",
    ],
)  # fmt: skip
async def test_a_name_that_says_something_else_is_asked_about(up: Stage, written: str) -> None:
    question = await up.mika.command("received", client=written)
    assert shows(question.text, "question-new-client")
    assert shows((await up.mika.command("pending")).text, "pending-none")


@pytest.mark.parametrize(
    "written",
    [
        "田中",
        "Studio B",
        "株式会社返信堂",
        "鈴木（人事部）",
        "ねこ🐱",
        "スナック金曜",
        "ケンの店",
        "メール配信会社",
        "No Limit Inc.",
    ],
)
async def test_a_plain_name_is_recorded_at_once(up: Stage, written: str) -> None:
    assert shows((await up.mika.command("received", client=written, at="9:00")).text, "receipt-due")


async def test_a_reply_is_not_checked_for_nobody(up: Stage) -> None:
    for written in ("  ", "\u200b"):
        assert shows((await up.mika.command("check", client=written)).text, "check-client-missing")


@pytest.mark.both_engines
async def test_settings_show_and_change_every_value(up: Stage) -> None:
    answer = await up.mika.command("settings")
    for value in (
        "Asia/Tokyo",
        says("locale-ja"),
        "2016",
        says("badge-unknown-choice"),
        DEFAULT_LEAD_TIMES,
        "23:00-07:00",
    ):
        assert value in answer.text
    answer = await up.mika.command(
        "settings", timezone="europe/berlin", locale="en", edition="2024", badge="held", badge_since="2026/11/1",
        lead_times="6時間、30分", quiet_hours="22時〜6時",
    )  # fmt: skip
    for value in ("Europe/Berlin", "2024", "6 h · 30 min", "22:00-06:00"):
        assert value in answer.text
    assert shows(answer.text, "badge-held", locale="en")
    assert shows(answer.text, "preference-line", locale="en", value=says("locale-en"))


@pytest.mark.both_engines
async def test_settings_by_its_selects_and_forms(up: Stage) -> None:
    card = (await up.mika.command("settings")).message
    assert len(selects_of(card)) == 4
    edition = says("edition-name", key="y2024", year="2024")
    assert f"**{edition}**" in (await up.mika.select_option(card, edition, select=1)).text
    form = await up.mika.click(card, says("action-lead-times"))
    assert f"**{says('span-hours', hours=2)}**" in (await up.mika.submit_modal(form, "2h")).text
    form = await up.mika.click(card, says("action-quiet-hours"))
    without = await up.mika.submit_modal(form, "")
    assert shows(without.text, "preference-line", name=says("preference-quiet-hours"), value=says("preference-none"))
    form = await up.mika.click(card, says("action-timezone"))
    assert shows((await up.mika.submit_modal(form, "Atlantis")).text, "preference-zone-unknown", written="Atlantis")
    assert shows((await up.mika.select_option(card, says("locale-en"), select=0)).text, "settings-title", locale="en")


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(
    "options", [{"timezone": "Mars"}, {"lead_times": "30h"}, {"quiet_hours": "25-99"}, {"badge_since": "いつか"}]
)
async def test_settings_refuse_with_a_sentence_and_change_nothing(up: Stage, options: dict[str, object]) -> None:
    assert (await up.mika.command("settings", **options)).ephemeral
    assert DEFAULT_LEAD_TIMES in (await up.mika.command("settings")).text


async def test_other_lead_times_plan_the_open_windows_anew(up: Stage) -> None:
    await up.mika.command("received", client="甲", at="昨日 17:00")
    await up.mika.command("settings", lead_times="2h")
    up.news()
    await up.live_to(up.at(16, 30))
    [told] = up.news()
    assert shows(text_of(told), "reminder-open")


@pytest.mark.both_engines
async def test_context_menus_record_both_directions(up: Stage) -> None:
    channel = up.discord.add_guild()
    bridge = up.discord.add_user("bridge")
    posted = await bridge.write("制作会社Aさんからのメッセージ受信通知", channel=channel)
    answer = await up.mika.menu("Record as received", posted)
    assert "制作会社A" in answer.text
    assert answer.ephemeral
    mine = await up.mika.write("修正版をお送りしました", channel=channel)
    question = await up.mika.menu("Record as my reply", mine)
    answer = await up.mika.click(question.message, "制作会社A")
    assert shows(answer.text, "receipt-verdict-on-time")


@pytest.mark.both_engines
@pytest.mark.parametrize("way", ["forward", "menu"])
async def test_what_stands_in_components_alone_is_read(up: Stage, way: str) -> None:
    text = {"type": 10, "content": "制作会社Aさんからのメッセージ受信通知"}
    section = {
        "type": 9,
        "components": [text],
        "accessory": {"type": 2, "style": 5, "url": "https://x.jp", "label": "x"},
    }
    card = [{"type": 17, "components": [{"type": 10, "content": "### 新着メール"}, section]}]
    bot = up.discord.add_user("other-bot")
    posted = await bot.write(channel=up.discord.add_guild(), components=card, flags=1 << 15)
    if way == "menu":
        told = (await up.mika.menu("Record as received", posted)).text
    else:
        await up.mika.forward_existing(posted)
        told = text_of(await up.mika.next_bot_message())
    assert "制作会社A" in told
    assert await up.rows("SELECT count(*) FROM messages") == [(1,)]


async def test_the_first_record_in_a_server_tries_the_direct_message(up: Stage) -> None:
    channel = up.discord.add_guild()
    answer = await up.mika.command("received", client="甲", channel=channel)
    assert answer.ephemeral
    assert shows(text_of(await up.mika.next_bot_message()), "greeting")
    await up.mika.command("received", client="乙", channel=channel)
    assert up.news() == []


async def test_a_first_direct_message_that_cannot_be_noted_has_arrived(
    up: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(*_: object) -> None:
        raise StorageError("storage-unreachable")

    monkeypatch.setattr(members, "mark_dm_open", refuses)
    answer = await up.mika.command("received", client="甲", channel=up.discord.add_guild())
    assert shows(text_of(await up.mika.next_bot_message()), "greeting")
    await up.discord.state.wait_until(lambda: bool(answer.interaction.followups))
    assert shows(text_of(answer.interaction.followups[0]), "dm-open")


async def test_a_refused_direct_message_is_said_with_what_to_do(up: Stage) -> None:
    up.discord.faults.dm_blocked[up.mika.user.id] = CANNOT_SEND_TO_USER
    answer = await up.mika.command("received", client="甲", channel=up.discord.add_guild())
    await up.discord.state.wait_until(lambda: bool(answer.interaction.followups))
    [told] = answer.interaction.followups
    assert shows(text_of(told), "dm-refused")


async def test_answers_in_a_server_are_for_the_member_alone(up: Stage) -> None:
    channel = up.discord.add_guild()
    for name, options in (("status", {}), ("fee", {"amount": "5万"}), ("pending", {}), ("settings", {})):
        assert (await up.mika.command(name, channel=channel, **options)).ephemeral
        assert not (await up.mika.command(name, **options)).ephemeral


async def test_english_for_who_reads_english(up: Stage) -> None:
    sam = up.discord.add_user("sam", "en-US")
    assert shows((await sam.command("status")).text, "status-unknown-only", locale="en")
    assert shows((await sam.command("status")).text, "status-review", locale="en")
    await sam.write("Acme Inc. yesterday 14:30")
    assert shows(text_of(await sam.next_bot_message()), "receipt-due", locale="en")


async def test_two_members_never_see_each_others_rows(up: Stage) -> None:
    ren = up.discord.add_user("ren")
    await up.mika.command("received", client="秘密社", at="昨日 15:00")
    for name in ("status", "pending"):
        assert "秘密社" not in (await ren.command(name)).text
    assert shows((await ren.command("replied", client="秘密社")).text, "recording-reply-before-received")


async def test_the_app_itself_refuses_what_is_too_much(up: Stage) -> None:
    with pytest.raises(InvalidUserActionError):
        await up.mika.command("status", view="nonsense")
    assert set(buttons_of((await up.mika.command("status")).message)) == {
        says(f"action-{action}") for action in ("detail", "forecast", "pending", "fill")
    }


async def test_options_that_contradict_each_other_are_refused(up: Stage) -> None:
    await up.mika.command("goal", category="Web", line="50,000")
    channel = up.discord.add_guild()
    before = (await up.mika.command("settings")).text
    for name, options, named in (
        ("settings", {"badge": "held", "rank": "bronze"}, ("badge", "rank")),
        ("settings", {"badge": "not_held", "rank": "certified"}, ("badge", "rank")),
        ("settings", {"badge_since": "2026/10/1", "rank": "bronze"}, ("badge-since", "rank")),
        ("settings", {"badge": "not_held", "badge_since": "2026/10/1"}, ("badge", "badge-since")),
        ("settings", {"fallback": channel, "no_fallback": True}, ("fallback", "no-fallback")),
        ("goal", {"category": "Web", "line": "60,000", "drop": True}, ("drop", "line")),
        ("goal", {"category": "Web", "source": "x", "drop": True}, ("drop", "source")),
    ):
        answer = await up.mika.command(name, **options)
        assert shows(answer.text, "options-contradict"), (name, options)
        assert all(f"`{says(f'option-{option}')}`" in answer.text for option in named), "as Discord shows them"
    assert (await up.mika.command("settings")).text == before
    assert "50,000" in (await up.mika.command("goal")).text
    await up.mika.command("settings", badge="held", badge_since="2026/10/1", rank="certified", review_day="20")
    cleared = await up.mika.command("settings", review_day="なし")
    assert says("review-day-assumed") in cleared.text
    assert says("badge-held-choice") in cleared.text
    await up.mika.command("settings", locale="en")
    refused = await up.mika.command("settings", badge="not_held", badge_since="2026/10/1")
    assert "`badge_since`" in refused.text, "a name of code is not escaped"


@pytest.mark.parametrize("menu", ["Record as received", "Record as my reply"])
@pytest.mark.parametrize("written", ["制作会社A様 今日 9:00", "甲社様 今日 8:00\n乙社様 今日 9:00"])
async def test_the_menus_say_that_a_direct_message_is_recorded_already(up: Stage, written: str, menu: str) -> None:
    message = await up.mika.write(written)
    await up.mika.next_bot_message()
    await up.handlers_done()
    before = await up.rows("SELECT count(*) FROM messages")
    answer = await up.mika.menu(menu, message)
    assert shows(answer.text, "receipt-repeated") or says("batch-repeated", line="").strip() in answer.text
    assert await up.rows("SELECT count(*) FROM messages") == before


async def test_the_menus_tell_what_is_recorded_and_what_is_asked_of_one_direct_message(up: Stage) -> None:
    message = await up.mika.write("甲社様 今日 8:00\nスタジオ 今日 9:00")
    await up.mika.next_bot_message()
    await up.handlers_done()
    again = await up.mika.menu("Record as received", message)
    assert "甲社" in again.text
    assert shows(again.text, "batch-new-client", client="**スタジオ**")
    assert await up.rows("SELECT count(*) FROM messages") == [(1,)]


async def test_the_menus_ask_again_what_is_asked_about_a_direct_message(up: Stage) -> None:
    message = await up.mika.write("[ランサーズ] 制作会社A さんから ロゴ制作 のコメントが届いています")
    question = await up.mika.next_bot_message()
    await up.handlers_done()
    again = await up.mika.menu("Record as received", message)
    assert buttons_of(again.message) == buttons_of(question)
    assert await up.rows("SELECT count(*) FROM messages") == [(0,)]
