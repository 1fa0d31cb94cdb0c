"""A form is handled from its custom id: after a restart, after any time, by any process. What was typed is not lost."""

from datetime import timedelta

import pytest

from bot.fake_discord.users import InteractionResult
from bot.fake_discord.validation import walk_components
from tests.helpers.scenarios import correct, due_at_one, stamp
from tests.helpers.stage import Stage
from tests.helpers.wording import shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


async def opened(stage: Stage) -> list[tuple[InteractionResult, tuple[str, ...], str]]:
    """Forms of several cards, what is typed into each, and a piece of the answer."""
    mika = stage.mika
    receipt = await due_at_one(stage)
    time = await correct(mika, receipt, "correct-time")
    card = await mika.command("settings")
    lead_times = await mika.click_custom_id(card.message, "press:setting:0:lead-times")
    await stage.live_to(stage.at(13))
    reminder = await mika.next_bot_message()
    ids = [node["custom_id"] for node in walk_components(reminder.body["components"]) if "custom_id" in node]
    replied = await mika.click_custom_id(reminder, next(each for each in ids if each.endswith(":other-time")))
    return [
        (time, ("昨日 17:30",), stamp(stage, 17, 30, days=-1)),
        (lead_times, ("2h",), "**2h**"),
        (replied, ("今日 12:40",), stamp(stage, 12, 40, style="t")),
    ]


async def test_after_a_restart_and_ten_minutes(stage: Stage) -> None:
    async with stage.open_bot():
        forms = await opened(stage)
    stage.clock.advance(timedelta(minutes=20))
    async with stage.open_bot():
        for form, typed, expected in forms:
            assert expected in (await stage.mika.submit_modal(form, *typed)).text


async def test_a_form_of_a_former_version_gives_back_what_was_typed(up: Stage) -> None:
    [(form, _, _), *_] = await opened(up)
    form.modal["custom_id"] = "0f" * 16
    form.interaction.response["data"]["custom_id"] = "0f" * 16  # type: ignore[index]
    answer = await up.mika.submit_modal(form, "11/23 `17:30`")
    assert shows(answer.text, "form-unknown")
    assert "`11/23 ´17:30´`" in answer.text


@pytest.mark.parametrize("typed", ["someday", "2099-01-01 10:00"])
async def test_a_refused_form_gives_back_what_was_typed(up: Stage, typed: str) -> None:
    [(form, _, _), *_] = await opened(up)
    assert f"`{typed}`" in (await up.mika.submit_modal(form, typed)).text


async def test_a_form_about_what_is_gone_gives_back_what_was_typed(up: Stage) -> None:
    [(form, _, _), *_] = await opened(up)
    await up.rows("DELETE FROM messages")
    answer = await up.mika.submit_modal(form, "11/23 17:30")
    assert shows(answer.text, "recording-message-gone")
    assert "`11/23 17:30`" in answer.text
