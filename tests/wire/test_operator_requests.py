"""What the operator asks for on the command line, carried out by a running bot, and what members see of it."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.cli.main import main
from bot.discord_app.ui.press_words import Action
from bot.domain.calendar import instant_to_micros
from bot.errors import StorageError
from bot.fake_discord.api_errors import CANNOT_SEND_TO_USER
from bot.fake_discord.users import FakeUser, text_of
from storage import operator_requests
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

pytestmark = pytest.mark.both_engines

TEXT = "No service tomorrow from 2:00 to 3:00."

Command = Callable[..., Awaitable[str]]


@pytest.fixture
def command(stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs an operator's command beside the bot; what it printed."""
    monkeypatch.setenv("DATABASE_URL", stage.database_url)
    monkeypatch.setenv("DEFAULT_LOCALE", "ja")

    async def run(*arguments: str, status: int = 0) -> str:
        capsys.readouterr()  # log lines of the bot
        assert await asyncio.to_thread(main, arguments) == status
        printed = capsys.readouterr()
        return printed.out + printed.err

    return run


async def carried_out(stage: Stage) -> None:
    assert stage.bot is not None
    await stage.bot.operator_requests.wait_idle()


async def read_json(command: Command, *arguments: str) -> Any:
    """The JSON that a command prints."""
    found = re.search(r"^[\[{]$.*^[\]}]$", await command(*arguments, "--json"), re.MULTILINE | re.DOTALL)
    assert found is not None
    return json.loads(found[0])


async def state_of(command: Command) -> dict[str, int]:
    """The newest announcement."""
    newest: dict[str, int] = (await read_json(command, "announce", "--status"))[0]
    return newest


async def members_of(stage: Stage, *names: str) -> list[FakeUser]:
    """Members who have been welcomed."""
    users = [stage.discord.add_user(name) for name in names]
    for user in users:
        await user.write("制作会社A様 昨日 17:00")
        await user.next_bot_message()
        await user.next_bot_message()
    return users


async def test_an_announcement_reaches_every_member_once(up: Stage, command: Command) -> None:
    anna, ren = await members_of(up, "anna", "ren")
    assert says("operator-handed-in", id="1") in await command("announce", TEXT)
    await carried_out(up)
    for member in (up.mika, anna, ren):
        assert TEXT in text_of(await member.next_bot_message())
    await carried_out(up)
    assert [member.drain_bot_messages() for member in (up.mika, anna, ren)] == [[], [], []]
    state = await state_of(command)
    assert (state["delivered"], state["planned"]) == (3, 0)
    assert state["finished_at"] is not None


async def test_an_announcement_goes_on_after_a_kill_with_the_same_nonces(stage: Stage, command: Command) -> None:
    async with stage.open_bot():
        await command("announce", TEXT)
        await carried_out(stage)
        assert len(stage.news()) == 1
    # As if the process had been killed after sending and before storing it.
    await stage.rows("UPDATE announcement_recipients SET state = 'planned'")
    await stage.rows("UPDATE operator_requests SET finished_at = NULL, outcome = NULL")
    async with stage.open_bot():
        await carried_out(stage)
        assert (await state_of(command))["delivered"] == 1
        assert stage.news() == []


async def test_a_database_away_after_an_announcement_was_sent_repeats_nothing(
    up: Stage, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody stores to whom it was sent for longer than a nonce is remembered."""

    async def refuses(*_: object, **__: object) -> None:
        raise StorageError("storage-unreachable")

    await command("announce", TEXT)
    with monkeypatch.context() as away:
        away.setattr(operator_requests, "save_recipient_states", refuses)
        for minute in range(0, 30, 2):
            up.clock.advance_to(up.at(12, minute))
            await carried_out(up)
    await carried_out(up)
    assert [TEXT in text_of(message) for message in up.news()] == [True]
    state = await state_of(command)
    assert (state["delivered"], state["planned"]) == (1, 0)


async def test_results_that_cannot_be_stored_are_not_tried_again_without_a_pause(
    up: Stage, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk can be read."""
    tries = 0

    async def refuses(*_: object, **__: object) -> None:
        nonlocal tries
        tries += 1
        raise StorageError("storage-full")

    monkeypatch.setattr(operator_requests, "save_recipient_states", refuses)
    await command("announce", TEXT)
    await carried_out(up)
    tries = 0
    await asyncio.sleep(0.1)
    assert tries <= 1
    assert [TEXT in text_of(message) for message in up.news()] == [True]


@pytest.mark.postgres
async def test_several_processes_send_an_announcement_once(stage: Stage, command: Command) -> None:
    if not stage.database_url.startswith("postgresql"):
        return
    async with stage.open_bot() as first, stage.start() as second:
        anna, ren = await members_of(stage, "anna", "ren")
        await command("announce", TEXT)
        await asyncio.gather(first.operator_requests.wait_idle(), second.operator_requests.wait_idle())
        await first.operator_requests.wait_idle()
        for member in (stage.mika, anna, ren):
            assert [TEXT in text_of(message) for message in member.drain_bot_messages()] == [True]
        sent = [each for each in stage.discord.requests if TEXT in json.dumps(each.body, ensure_ascii=False)]
        assert len(sent) == 3


async def test_quiet_hours_are_waited_for_unless_it_is_urgent(up: Stage, command: Command) -> None:
    await up.mika.command("settings", quiet_hours="22:00-07:00")
    await up.move_to(up.at(23))
    await command("announce", TEXT)
    await carried_out(up)
    assert up.news() == []
    assert (await state_of(command))["planned"] == 1
    await command("announce", "urgent", "--now")
    await carried_out(up)
    assert "urgent" in text_of(await up.mika.next_bot_message())
    await up.move_to(up.at(7, days=1))
    await carried_out(up)
    assert [TEXT in text_of(message) for message in up.news()] == [True]
    assert [(each["delivered"], each["planned"]) for each in (await read_json(command, "announce", "--status"))] == [
        (1, 0), (1, 0),
    ]  # fmt: skip


async def test_a_member_can_opt_out_and_in_again(up: Stage, command: Command) -> None:
    await command("announce", TEXT)
    await carried_out(up)
    announcement = await up.mika.next_bot_message()
    answer = await up.mika.click(announcement, says(f"action-{Action.STOP_ANNOUNCEMENTS}"))
    assert shows(answer.text, "announcements-stopped")
    await command("announce", "second")
    await carried_out(up)
    assert up.news() == []
    assert (await state_of(command))["declined"] == 1
    await up.mika.command("settings", announcements=True)
    await command("announce", "third")
    await carried_out(up)
    assert "third" in text_of(await up.mika.next_bot_message())


async def test_an_announcement_that_waited_a_day_is_not_sent(up: Stage, command: Command) -> None:
    at = instant_to_micros(up.at(12, days=-1))
    await up.rows(f"INSERT INTO operator_requests (kind, text, requested_at) VALUES ('announce', 'old', {at})")
    await carried_out(up)
    assert up.news() == []
    assert (await state_of(command))["expired"] == 1


async def test_closed_direct_messages_and_an_unreadable_choice_keep_it_from_nobody(up: Stage, command: Command) -> None:
    anna, ren = await members_of(up, "anna", "ren")
    up.discord.faults.dm_blocked[anna.user.id] = CANNOT_SEND_TO_USER
    await up.rows("UPDATE members SET timezone = 'Nowhere/Nothing' WHERE member_id = $1", ren.user.id)
    await command("announce", TEXT)
    await carried_out(up)
    assert TEXT in text_of(await up.mika.next_bot_message())
    state = await state_of(command)
    assert (state["delivered"], state["undeliverable"], state["planned"]) == (2, 1, 0)


async def test_erasing_somebody_as_their_own_erase_would(up: Stage, command: Command) -> None:
    await up.mika.write("制作会社A様 昨日 17:00")
    await up.mika.next_bot_message()
    waiting = asyncio.create_task(command("erase", str(up.mika.user.id), "--wait"))
    while not await up.rows("SELECT 1 FROM operator_requests"):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await carried_out(up)
    assert says("operator-outcome-erased") in await waiting
    assert await up.rows("SELECT 1 FROM members") == []
    assert [row[0] for row in await up.rows("SELECT user_id FROM operator_requests")] == [None]
    assert len(await up.rows("SELECT 1 FROM erasures")) == 1


async def test_what_was_recorded_after_the_erasure_stays(stage: Stage, command: Command) -> None:
    """Erased once, also when the bot is started again."""
    async with stage.open_bot():
        await command("erase", str(stage.mika.user.id))
        await carried_out(stage)
        stage.clock.advance_to(stage.at(12, 1))
        await stage.mika.write("制作会社A様 昨日 17:00")
        await stage.mika.next_bot_message()
    async with stage.open_bot():
        await carried_out(stage)
        assert len(await stage.rows("SELECT 1 FROM messages")) == 1


async def test_with_no_bot_running_a_request_waits_for_the_next_start(stage: Stage, command: Command) -> None:
    async with stage.open_bot():
        pass
    user = str(stage.mika.user.id)
    assert says("operator-no-bot", id="1") in await command("block", user)
    assert says("operator-no-bot", id="2") in await command("erase", user, "--wait", status=1)
    stage.newcomer = True
    async with stage.open_bot():
        await carried_out(stage)
        outcomes = await stage.rows("SELECT outcome FROM operator_requests ORDER BY request_id")
        assert [row[0] for row in outcomes] == ["blocked", "erased"]


async def test_what_was_carried_out_is_logged_once(up: Stage, command: Command) -> None:
    with capture_logs() as logged:
        await command("block", str(up.mika.user.id))
        await carried_out(up)
        await carried_out(up)
    lines = [each for each in logged if each["event"] == "operator_request_carried_out"]
    assert [(each["request_id"], each["outcome"]) for each in lines] == [(1, "blocked")]


async def test_somebody_blocked_is_told_once_and_nothing_is_recorded(up: Stage, command: Command) -> None:
    await command("block", str(up.mika.user.id))
    await carried_out(up)
    await up.mika.write("制作会社A様 昨日 17:00")
    assert shows(text_of(await up.mika.next_bot_message()), "member-blocked")
    await up.mika.write("制作会社B様 昨日 17:00")
    assert shows((await up.mika.command("received", client="制作会社C")).text, "member-blocked")
    assert up.news() == []
    await command("announce", TEXT, "--now")
    await carried_out(up)
    assert up.news() == []
    assert await up.rows("SELECT 1 FROM messages") == []


async def test_a_stranger_who_is_blocked_leaves_no_row_and_is_read_from_the_unblocking_on(
    stage: Stage, command: Command
) -> None:
    anna = stage.discord.add_user("anna")
    async with stage.open_bot():
        await command("block", str(anna.user.id))
        await carried_out(stage)
        await anna.write("制作会社A様 昨日 17:00")
        assert shows(text_of(await anna.next_bot_message()), "member-blocked")
        assert await stage.rows("SELECT 1 FROM members WHERE member_id = $1", anna.user.id) == []
    await anna.write("制作会社B様 昨日 17:00")
    async with stage.open_bot():
        stage.clock.advance_to(stage.at(12, 1))
        await command("unblock", str(anna.user.id))
        await carried_out(stage)
        stage.clock.advance_to(stage.at(12, 2))
        await anna.write("制作会社C様 昨日 17:00")
        await anna.next_bot_message()
        await anna.next_bot_message()
    async with stage.open_bot():
        clients = await stage.rows("SELECT client FROM threads WHERE member_id = $1", anna.user.id)
        assert [row[0] for row in clients] == ["制作会社C"]


async def test_reminders_of_somebody_blocked_are_not_sent(up: Stage, command: Command) -> None:
    await up.mika.write("制作会社A様 昨日 17:00")
    await up.mika.next_bot_message()
    await command("block", str(up.mika.user.id))
    await carried_out(up)
    await up.live_to(up.at(17, days=1))
    assert up.news() == []


async def test_members_are_counted_and_not_named(up: Stage, command: Command) -> None:
    [anna] = await members_of(up, "anna")
    await command("block", str(anna.user.id))
    await carried_out(up)
    counts = await read_json(command, "members")
    assert counts["members"] == 2
    assert counts["blocked"] == 1
    assert counts["waiting"] == 1
    shown = await command("members")
    assert says("members-active") in shown
    assert str(anna.user.id) not in shown
    assert "制作会社A" not in shown
