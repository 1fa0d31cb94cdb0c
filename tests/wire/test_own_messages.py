"""`/erase` offers to delete the bot's own messages, which nobody else can delete."""

import asyncio

import pytest

from bot.fake_discord.api_errors import DiscordApiError
from bot.fake_discord.state import Message
from bot.fake_discord.users import buttons_of, text_of
from tests.helpers.scenarios import recorded
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

MISSING = DiscordApiError(404, 10008, "Unknown Message")


async def begin(stage: Stage) -> Message:
    """Erase with the bot's messages; the card of the answer."""
    asked = (await stage.mika.command("erase")).message
    answer = await stage.mika.click(asked, says("action-confirm-messages"))
    assert shows(answer.text, "erase-messages-begun") or shows(answer.text, "erase-messages-done")
    return answer.message


async def erase_with_messages(stage: Stage) -> Message:
    """The same, once the messages are deleted."""
    card = await begin(stage)
    await stage.discord.state.wait_until(lambda: shows(text_of(card), "erase-messages-done"))
    return card


def left(stage: Stage) -> list[Message]:
    return [each for each in stage.mika.bot_messages() if not each.deleted]


async def test_the_bots_messages_go_and_the_members_stay(up: Stage) -> None:
    for client in ("佐藤", "鈴木", "高橋"):
        await recorded(up, f"{client}さん いま届いた")
    own = [each for each in up.mika.visible_messages() if each.author is up.mika.user]
    answer = await erase_with_messages(up)
    assert left(up) == []
    assert not answer.deleted
    assert shows(text_of(answer), "erase-done")
    assert shows(text_of(answer), "erase-messages-done", count=3)
    assert not any(each.deleted for each in own)
    assert await up.rows("SELECT 1 FROM members") == []
    assert await up.rows("SELECT 1 FROM cards") == []


async def test_the_other_button_deletes_no_message(up: Stage) -> None:
    await recorded(up, "佐藤さん いま届いた")
    asked = (await up.mika.command("erase")).message
    assert list(buttons_of(asked))[:2] == [says("action-confirm"), says("action-confirm-messages")]
    await up.mika.click(asked, says("action-confirm"))
    assert len(left(up)) == 1


@pytest.mark.parametrize(
    "error",
    [MISSING, DiscordApiError(400, 50021, "Cannot execute action on a system message")],
    ids=["gone", "refused"],
)
async def test_a_message_that_cannot_be_deleted_is_passed_over(up: Stage, error: DiscordApiError) -> None:
    receipts = [await recorded(up, f"{client}さん いま届いた") for client in ("佐藤", "鈴木")]
    up.discord.faults.refuse("DELETE", f"/messages/{receipts[0].id}$", error, times=5)
    answer = await erase_with_messages(up)
    assert shows(text_of(answer), "erase-messages-done", count=1)


async def test_a_refusal_ends_it_and_says_how_many_went(up: Stage) -> None:
    receipts = [await recorded(up, f"{client}さん いま届いた") for client in ("佐藤", "鈴木", "高橋")]
    up.discord.faults.refuse("DELETE", f"/messages/{receipts[1].id}$", DiscordApiError(403, 50001, "Missing Access"))
    answer = await erase_with_messages(up)
    assert shows(text_of(answer), "erase-messages-done", count=1)
    assert await up.rows("SELECT 1 FROM members") == []


async def test_that_some_are_left_is_said(up: Stage) -> None:
    await recorded(up, "佐藤さん いま届いた")
    await recorded(up, "鈴木さん いま届いた")
    up.discord.faults.status("DELETE", "/messages/", 503)
    answer = await erase_with_messages(up)
    assert shows(text_of(answer), "erase-messages-done", count=1)
    assert shows(text_of(answer), "erase-messages-left")
    assert not shows(text_of(await erase_with_messages(up)), "erase-messages-left")
    assert len(left(up)) == 0


async def test_a_rate_limit_is_waited_for(up: Stage) -> None:
    await recorded(up, "佐藤さん いま届いた")
    up.discord.faults.rate_limit("DELETE", "/messages/", retry_after=0.1)
    answer = await erase_with_messages(up)
    assert shows(text_of(answer), "erase-messages-done", count=1)


async def test_a_stop_ends_it_and_the_record_is_gone(stage: Stage) -> None:
    async with stage.open_bot():
        await recorded(stage, "佐藤さん いま届いた")
        stage.discord.faults.hang("DELETE", "/messages/")
        await begin(stage)
        [fault] = stage.discord.faults.planned
        while fault.times:  # noqa: ASYNC110 — nobody is notified of a fault that was taken
            await asyncio.sleep(0.01)
        assert await stage.rows("SELECT 1 FROM members") == []
    stage.newcomer = True
    async with stage.open_bot():
        answer = await erase_with_messages(stage)
        assert shows(text_of(answer), "erase-messages-done")
        assert left(stage) == []
