"""The buttons of /status: where they lead, and that what is missing can be entered from there."""

import pytest

from bot.domain.certification.facts import ProfileItem
from bot.fake_discord.users import InteractionResult, buttons_of
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


BACK = says("action-back")


async def status(up: Stage) -> InteractionResult:
    return await up.mika.command("status")


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(("button", "sentence"), [("detail", "detail-title"), ("forecast", "forecast-card-title")])
async def test_a_view_replaces_the_summary_and_leads_back(up: Stage, button: str, sentence: str) -> None:
    answer = await status(up)
    summary = answer.text
    shown = await up.mika.click(answer.message, says(f"action-{button}"))
    assert shown.message.id == answer.message.id
    assert shows(shown.text, sentence)
    assert (await up.mika.click(shown.message, BACK)).text == summary


async def test_the_waiting_list_is_a_card_of_its_own(up: Stage) -> None:
    await up.mika.command("received", client="甲", at="9:00")
    answer = await status(up)
    shown = await up.mika.click(answer.message, says("action-pending"))
    assert shown.message.id != answer.message.id
    assert "甲" in shown.text
    assert says("action-now") in buttons_of(shown.message)


async def test_what_can_still_be_replied_to_is_named_before_what_is_overdue(up: Stage) -> None:
    """In the summary and among the answers to a question, in the order of the list."""
    for client, at in (("甲", "11/20 9:00"), ("乙", "11/21 9:00"), ("丙", "11/22 9:00"), ("丁", "昨日 13:00")):
        await up.mika.command("received", client=client, at=at)
    lines = (await status(up)).text.splitlines()
    first = next(number for number, line in enumerate(lines) if shows(line, "status-waiting", count=4, overdue=3))
    assert [line.split("**")[1] for line in lines[first + 1 : first + 4]] == ["丁", "丙", "乙"]
    await up.mika.write("返信した")
    question = await up.mika.next_bot_message()
    assert [*buttons_of(question)][:4] == ["丁", "丙", "乙", "甲"]


@pytest.mark.both_engines
async def test_what_lancers_displays_is_entered_with_two_taps(up: Stage) -> None:
    offered = await up.mika.click((await status(up)).message, says("action-fill"))
    for text_id in ("criterion-completion-rate", "criterion-evaluation"):
        assert says(text_id) in offered.text
    form = await up.mika.click(offered.message, says("action-displayed"))
    shown = await up.mika.submit_modal(form, "92.3", "39", "95", "4.7")
    assert shown.message.id == offered.message.id
    assert "92.3 %" in shown.text
    assert shows(shown.text.splitlines()[0], "status-missing", count=1)
    assert shows(shown.text.splitlines()[0], "status-missing-plain", value="4.70")


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("typed", [("92.3", "40", "", ""), ("", "x", "", ""), ("", "", "101", ""), ("", "", "", "6")])
async def test_what_cannot_be_is_asked_again_and_not_stored(up: Stage, typed: tuple[str, ...]) -> None:
    offered = await up.mika.click((await status(up)).message, says("action-fill"))
    form = await up.mika.click(offered.message, says("action-displayed"))
    refused = await up.mika.submit_modal(form, *typed)
    assert refused.ephemeral
    assert shows((await up.mika.command("calibrate")).text, "calibrate-none")


@pytest.mark.both_engines
async def test_todays_edition_asks_for_satisfaction_and_tasks_in_percent(up: Stage) -> None:
    await up.mika.command("settings", edition="2024")
    offered = await up.mika.click((await status(up)).message, says("action-fill"))
    form = await up.mika.click(offered.message, says("action-displayed"))
    shown = await up.mika.submit_modal(form, "", "", "100", "97", "95")
    assert shows(shown.text, "status-criterion", mark="✅", name=says("criterion-task-approval"), value="95.0 %")
    assert shows(shown.text, "status-criterion", mark="✅", name=says("criterion-satisfaction"))
    logged_in = await up.mika.click(
        (await up.mika.click(shown.message, says("action-fill"))).message, says("action-logged-in")
    )
    assert shows(logged_in.text, "status-criterion", mark="✅", name=says("criterion-last-login"))


async def test_one_way_that_is_left_opens_at_once(up: Stage) -> None:
    await up.mika.command("calibrate", reply_rate="92.3", replies=39, completion_rate="95", evaluation="4.9")
    await up.mika.command("job add", method="project", reward="100万", date="2026/11/1", category="Web", evaluation="5")
    offered = await up.mika.click((await status(up)).message, says("action-fill"))
    form = await up.mika.click(offered.message, says("action-goal"))
    shown = await up.mika.submit_modal(form, "Web", "95万")
    assert shows(shown.text.splitlines()[0], "status-unknown-only", count=1)
    profile = await up.mika.click(shown.message, says("action-fill"))
    assert shows(profile.text, "profile-title")
    await up.mika.select_option(profile.message, *(says(f"profile-{item}") for item in list(ProfileItem)[:7]))
    first = (await status(up)).text.splitlines()[0]
    items = says("status-name-separator").join((says("profile-phone"), says("profile-lancers-check")))
    assert first == says(
        "status-missing", count=1, items=says("status-missing-profile", filled="7", all="9", items=items)
    )
