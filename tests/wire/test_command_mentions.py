"""Commands in what members read are mentions that can be tapped, after a restart and in every process."""

import asyncio
import re

import pytest

from bot.discord_app import command_sync
from bot.fake_discord.api_errors import DiscordApiError
from tests.helpers.stage import Stage
from tests.helpers.wording import shows

REFUSED = DiscordApiError(503, 0, "no")


def ids(stage: Stage) -> dict[str, str]:
    return {command["name"]: command["id"] for command in stage.discord.state.commands}


async def mentioned(stage: Stage) -> list[tuple[str, str]]:
    """The commands that /job list mentions while there is no job, with their ids."""
    answer = await stage.mika.command("job list")
    assert shows(answer.text, "job-none")
    assert "`/" not in answer.text
    return re.findall(r"</([a-z ]+):(\d+)>", answer.text)


async def test_commands_and_those_of_groups(stage: Stage) -> None:
    async with stage.open_bot():
        known = ids(stage)
        assert await mentioned(stage) == [("job add", known["job"]), ("import", known["import"])]
        help_text = (await stage.mika.command("help")).text
        assert f"</pending:{known['pending']}>" in help_text
        assert "`/" not in help_text


async def test_a_direct_message_and_an_error(stage: Stage) -> None:
    async with stage.open_bot():
        known = ids(stage)
        answer = await stage.mika.command("pending")
        pressed = await stage.mika.click_custom_id(answer.message, "press:job:1:cancel")
        assert f"</pending:{known['pending']}>" in pressed.text
        assert f"</settings:{known['settings']}>" in pressed.text


@pytest.fixture
def no_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(_seconds: float) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(command_sync, "sleep", sleep)


@pytest.mark.both_engines
@pytest.mark.usefixtures("no_retry")
async def test_plain_before_the_ids_are_known(stage: Stage) -> None:
    async with stage.open_bot():
        pass
    await stage.rows("DELETE FROM synced_commands")
    stage.discord.faults.refuse("GET", "/commands", REFUSED, times=1)
    async with stage.open_bot():
        assert await mentioned(stage) == []


@pytest.mark.usefixtures("no_retry")
async def test_known_after_a_restart_without_discord(stage: Stage) -> None:
    async with stage.open_bot():
        before = await mentioned(stage)
    stage.discord.faults.refuse("GET", "/commands", REFUSED, times=1)
    async with stage.open_bot():
        assert await mentioned(stage) == before != []


@pytest.mark.both_engines
async def test_ids_that_discord_gave_anew_replace_the_stored_ones(stage: Stage) -> None:
    async with stage.open_bot():
        before = await mentioned(stage)
    for command in stage.discord.state.commands:
        command["id"] = str(int(command["id"]) + 1000)
    async with stage.open_bot():
        after = await mentioned(stage)
        assert [int(number) - 1000 for _, number in after] == [int(number) for _, number in before]
    [[stored]] = await stage.rows("SELECT command_ids FROM synced_commands")
    assert after[0][1] in stored
