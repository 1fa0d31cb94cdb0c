"""A muted client: no reminders of its windows, which stay on the lists; all of them again afterwards."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.fake_discord.state import Message
from bot.fake_discord.users import text_of
from tests.helpers.scenarios import claimed_at_one, due_at_one, outcomes
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.fixture
def up(shared: Stage) -> Stage:
    """Most tests here begin alike, and none sees what another did."""
    return shared


CLIENT = "制作会社A"


async def planned(up: Stage) -> list[tuple[object, ...]]:
    rows = await up.rows("SELECT kind, lead, remind_at FROM occurrences WHERE state = 'planned' ORDER BY 3, 1")
    return [tuple(row) for row in rows]


async def by_command(up: Stage, receipt: Message) -> Message:
    del receipt
    return (await up.mika.command("mute", client=CLIENT)).message


async def by_window(up: Stage, receipt: Message) -> Message:
    [[window_id]] = await up.rows("SELECT message_id FROM messages")
    answer = await up.mika.click_custom_id(receipt, f"press:window:{window_id}:mute")
    assert answer.message.id == receipt.id  # the card whose menu had the button is shown again
    await up.discord.state.wait_until(lambda: bool(answer.interaction.followups))
    return answer.interaction.followups[0]


Mute = Callable[[Stage, Message], Awaitable[Message]]


@pytest.mark.parametrize("mute", [by_command, by_window])
async def test_a_muted_client_is_not_reminded_of_but_listed(up: Stage, mute: Mute) -> None:
    receipt = await due_at_one(up)
    before = await planned(up)
    assert before
    card = await mute(up, receipt)
    assert shows(text_of(card), "mute-muted")
    assert await planned(up) == []
    receipt_of_muted = await up.mika.command("received", client=CLIENT, at="今日 11:00", thread="別の仕事")
    assert shows(receipt_of_muted.text, "receipt-muted")
    assert await planned(up) == []
    up.news()
    await up.live_to(up.at(12, 30, days=1))
    assert up.news() == []
    for command in ("pending", "status"):
        assert f"🔕 **{CLIENT}**" in (await up.mika.command(command)).text


@pytest.mark.both_engines
async def test_unmuting_plans_the_same_reminders(up: Stage) -> None:
    await due_at_one(up)
    before = await planned(up)
    card = (await up.mika.command("mute", client=CLIENT)).message
    await up.mika.command("received", client="よその社", at="今日 11:00")
    up.news()
    answer = await up.mika.click(card, says("action-unmute"))
    assert answer.message.id == card.id
    assert shows(answer.text, "mute-unmuted")
    assert set(before) <= set(await planned(up))
    await up.live_to(up.at(13))
    assert CLIENT in text_of(await up.mika.next_bot_message())
    again = await up.mika.click(answer.message, says("action-mute"))
    assert shows(again.text, "mute-muted")
    gone = await up.mika.click(again.message, says("action-unmute"))
    assert shows(gone.text, "mute-unmuted")


@pytest.mark.both_engines
async def test_muting_twice_and_unmuting_twice(up: Stage) -> None:
    await due_at_one(up)
    first = (await up.mika.command("mute", client=CLIENT)).message
    second = (await up.mika.command("mute", client="制作会社A様")).message
    assert len(await up.rows("SELECT 1 FROM muted_clients")) == 1
    await up.mika.click(first, says("action-unmute"))
    assert shows((await up.mika.click(second, says("action-unmute"))).text, "mute-gone")


async def test_the_list_of_muted_clients(up: Stage) -> None:
    assert shows((await up.mika.command("mute")).text, "mute-none")
    for client in ("甲", "乙"):
        await up.mika.command("received", client=client, at="今日 11:00")
        await up.mika.command("mute", client=client)
    settings = (await up.mika.command("settings")).message
    card = (await up.mika.click(settings, says("mute-list"))).message
    assert shows(text_of(card), "mute-title", count=2)
    assert "**乙** · **甲**" in text_of(card)
    answer = await up.mika.select_option(card, "甲")
    assert shows(answer.text, "mute-unmuted", client="**甲**")
    assert shows((await up.mika.command("mute")).text, "mute-title", count=1)
    assert [each["value"] for each in await up.mika.complete("mute", "client", "")] == ["乙", "甲"]


async def test_an_unknown_client_is_not_muted(up: Stage) -> None:
    answer = await up.mika.command("mute", client="知らない社")
    assert shows(answer.text, "mute-unknown")
    assert await up.rows("SELECT 1 FROM muted_clients") == []


@pytest.mark.both_engines
async def test_a_client_who_is_not_named_yet_cannot_be_muted(up: Stage) -> None:
    await up.mika.forward("修正をお願いします。", posted_at=up.at(11))
    receipt = await up.mika.next_bot_message()
    [[window_id]] = await up.rows("SELECT message_id FROM messages")
    assert shows((await up.mika.click_custom_id(receipt, f"press:window:{window_id}:mute")).text, "mute-nobody")


async def later(up: Stage, card: Message) -> None:
    menu = await up.mika.click(card, says("action-snooze"))
    await up.mika.click(menu.message, says("action-two-hours"))


async def test_a_later_asked_for_after_muting_comes(up: Stage) -> None:
    await due_at_one(up)
    await up.live_to(up.at(13))
    card = await up.mika.next_bot_message()
    await up.mika.command("mute", client=CLIENT)
    assert await planned(up) == []
    await later(up, card)
    assert [row[0] for row in await planned(up)] == ["snoozed"]
    await up.live_to(up.at(15))
    assert CLIENT in text_of(await up.mika.next_bot_message())


async def test_a_later_asked_for_before_muting_does_not_come(up: Stage) -> None:
    await due_at_one(up)
    await up.live_to(up.at(13))
    card = await up.mika.next_bot_message()
    await later(up, card)
    up.clock.advance_to(up.clock.now() + timedelta(seconds=1))
    await up.mika.command("mute", client=CLIENT)
    assert await planned(up) == []


async def test_muted_between_the_claim_and_the_sending(up: Stage) -> None:
    await due_at_one(up)
    async with claimed_at_one(up):
        await up.mika.command("mute", client=CLIENT)
    assert up.news() == []
    assert set(await outcomes(up)) == {"superseded"}


@pytest.mark.both_engines
async def test_another_member_is_not_muted(up: Stage) -> None:
    await due_at_one(up)
    ren = up.discord.add_user("ren")
    await ren.command("received", client=CLIENT, at="今日 11:00")
    await ren.command("mute", client=CLIENT)
    assert await planned(up)
    [[muted_id]] = await up.rows("SELECT muted_id FROM muted_clients")
    listed = (await up.mika.command("pending")).message
    assert shows((await up.mika.click_custom_id(listed, f"press:muted:{muted_id}:unmute")).text, "mute-gone")
    assert len(await up.rows("SELECT 1 FROM muted_clients")) == 1


@pytest.mark.both_engines
async def test_muted_clients_are_exported_imported_and_erased(up: Stage) -> None:
    await due_at_one(up)
    await up.mika.command("mute", client=CLIENT)
    exported = (await up.mika.command("export")).files["nintei.json"]
    await up.mika.click((await up.mika.command("erase")).message, says("action-confirm"))
    assert await up.rows("SELECT 1 FROM muted_clients") == []
    up.clock.advance_to(up.clock.now() + timedelta(minutes=1))
    preview = await up.mika.command("import", file=("nintei.json", exported))
    await up.mika.click(preview.message, says("action-confirm"))
    assert shows((await up.mika.command("mute")).text, "mute-title", count=1)
    assert await planned(up) == []


@pytest.mark.both_engines
async def test_many_windows_of_a_client_are_planned_again(up: Stage) -> None:
    rows = ["thread,direction,sent_at,client,title"]
    at = up.clock.now() - timedelta(hours=1)
    rows += [f"T{number},received,{at.isoformat()},{CLIENT},仕事{number}" for number in range(120)]
    preview = await up.mika.command("import", file=("h.csv", "\n".join(rows).encode()))
    await up.mika.click(preview.message, says("action-confirm"))
    before = await planned(up)
    assert len(before) >= 120
    card = (await up.mika.command("mute", client=CLIENT)).message
    assert await planned(up) == []
    await up.mika.click(card, says("action-unmute"))
    assert await planned(up) == before
