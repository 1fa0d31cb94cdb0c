"""A full bot and a full day, as members see them; and files that nobody needs to read."""

import asyncio
import logging

import pytest

from bot.fake_discord.users import text_of
from storage.member_data import TABLES
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows


@pytest.mark.both_engines
async def test_a_full_bot_greets_and_keeps_nothing(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.environ["MAX_MEMBERS"] = "1"
    async with stage.open_bot() as bot:
        await stage.mika.command("received", client="A社", at="10:00")
        ken = stage.discord.add_user("ken", "en-US")
        away = await ken.command("received", client="B社", at="10:00")
        assert shows(away.text, "limits-members", locale="en")
        assert shows((await ken.click_custom_id(away.message, "press:page:0:show")).text, "limits-members", locale="en")
        assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []
        await ken.forward("こんにちは", posted_at=stage.at(11))
        assert shows(text_of(await ken.next_bot_message()), "limits-members")  # no language is kept of them either
        line = await ken.write("B社様 今日 9:00")
        await ken.next_bot_message()
        await ken.edit(line, "B社様 今日 10:00")
        await stage.mika.command("status")  # events come in order
        while running := bot.client._in_flight:
            await asyncio.wait(running)
        for table in TABLES:
            assert not await stage.rows(f"SELECT 1 FROM {table} WHERE member_id = $1", ken.user.id), table
        await stage.mika.forward("こんにちは", posted_at=stage.at(11))
        assert not shows(text_of(await stage.mika.next_bot_message()), "limits-members")
        await stage.mika.click((await stage.mika.command("erase")).message, says("action-confirm"))
        assert not shows((await ken.command("received", client="B社", at="10:00")).text, "limits-members", locale="en")


async def test_a_full_day_says_what_was_not_recorded_and_what_to_do(stage: Stage) -> None:
    stage.environ["MAX_RECORDS_A_DAY"] = "2"
    async with stage.open_bot():
        await stage.mika.command("received", client="A社", at="10:00")
        await stage.mika.forward("こんにちは", posted_at=stage.at(11))
        await stage.mika.next_bot_message()
        for refused in (
            (await stage.mika.command("received", client="B社", at="11:30")).text,
            text_of(await _forwarded(stage)),
        ):
            assert shows(refused, "limits-records", most=2)
            assert shows(refused, "limits-records")
        assert shows((await stage.mika.command("history")).text, "history-title", count=2)
        await stage.move_to(stage.at(0, 1, days=1))
        stage.mika.drain_bot_messages()
        assert not shows((await stage.mika.command("received", client="B社", at="0:00")).text, "limits-records")
        assert shows((await stage.mika.command("history")).text, "history-title", count=3)


async def _forwarded(stage: Stage) -> object:
    await stage.mika.forward("もう一つ", posted_at=stage.at(11, 40))
    return await stage.mika.next_bot_message()


async def test_a_mail_made_to_take_long_is_a_sentence(up: Stage) -> None:
    parts = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (each, each) for each in range(400))
    await up.mika.write(files=[("a.eml", b"Subject: a\n" + parts + b"x\n" * 300_000)])
    assert "a.eml" in text_of(await up.mika.next_bot_message())
    await up.mika.write(files=[("b.eml", b"x" * (2 * 1024 * 1024))])
    assert "b.eml" in text_of(await up.mika.next_bot_message())
    assert shows((await up.mika.command("history")).text, "history-none")
