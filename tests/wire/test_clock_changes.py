"""Times that a member's clocks skip or show twice, wherever they can be written."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.calendar import instant_from_micros
from bot.fake_discord.state import Message
from bot.fake_discord.users import text_of
from tests.helpers.scenarios import correct
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

NEW_YORK = ZoneInfo("America/New_York")


async def reply_at(up: Stage) -> float:
    """When the one reply was sent."""
    [[sent_at]] = await up.rows("SELECT sent_at FROM messages WHERE direction = 'sent'")
    return instant_from_micros(sent_at).timestamp()


async def by_form(up: Stage, receipt: Message) -> None:
    form = await up.mika.click(receipt, says("action-other-time"))
    await up.mika.submit_modal(form, "1:30")


async def by_command(up: Stage, _: Message) -> None:
    await up.mika.command("replied", client="Acme", at="1:30")


async def by_line(up: Stage, _: Message) -> None:
    await up.mika.write("Acme様に1:30に返信しました")
    await up.mika.next_bot_message()


async def by_answers(up: Stage, _: Message) -> None:
    for line in ("Acme様に今日返信しました", "1:30", "はい"):
        await up.mika.write(line)
        await up.mika.next_bot_message()


async def by_correction(up: Stage, _: Message) -> None:
    await up.mika.write("Acme様に 1:50 EST に返信しました")
    form = await correct(up.mika, await up.mika.next_bot_message(), "correct-time")
    await up.mika.submit_modal(form, "1:30")


@pytest.mark.parametrize("say", [by_form, by_command, by_line, by_answers, by_correction])
async def test_a_reply_in_a_repeated_hour_is_the_later_one_however_it_is_said(
    up: Stage, say: Callable[[Stage, Message], Awaitable[None]]
) -> None:
    """At the earlier one it would be on time."""
    await up.move_to(datetime(2027, 11, 7, 9, tzinfo=NEW_YORK))
    await up.mika.command("settings", timezone=NEW_YORK.key)
    up.news()
    await up.mika.write("Acme様 11/6 1:45")
    await say(up, await up.mika.next_bot_message())
    assert await reply_at(up) == datetime(2027, 11, 7, 1, 30, tzinfo=NEW_YORK, fold=1).timestamp()


@pytest.mark.parametrize("zone_letters", ["EDT", "EST"])
async def test_a_form_for_a_time_of_a_repeated_hour_changes_nothing_by_itself(up: Stage, zone_letters: str) -> None:
    await up.move_to(datetime(2027, 11, 7, 9, tzinfo=NEW_YORK))
    await up.mika.command("settings", timezone=NEW_YORK.key)
    up.news()
    await up.mika.command("received", client="Acme", at="11/6 20:00")
    await up.mika.write(f"Acme様に 1:30 {zone_letters} に返信しました")
    form = await correct(up.mika, await up.mika.next_bot_message(), "correct-time")
    before = await reply_at(up)
    await up.mika.submit_modal(form, form.modal["components"][0]["component"]["value"])
    assert await reply_at(up) == before


async def test_a_time_that_the_clocks_skipped_is_no_answer(up: Stage) -> None:
    await up.move_to(datetime(2027, 3, 15, 8, tzinfo=NEW_YORK))
    await up.mika.command("settings", timezone=NEW_YORK.key)
    up.news()
    await up.mika.write("Acme様 昨日")
    await up.mika.next_bot_message()
    await up.mika.write("2:30")
    refused = text_of(await up.mika.next_bot_message())
    assert shows(refused, "time-skipped-by-clocks")
    await up.mika.write("3:30")
    proposed = datetime(2027, 3, 14, 3, 30, tzinfo=NEW_YORK)
    assert f"<t:{int(proposed.timestamp())}:f>" in text_of(await up.mika.next_bot_message())
