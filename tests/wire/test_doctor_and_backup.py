"""Looking, keeping and going back while members use the bot."""

import asyncio
import os
from pathlib import Path

import pytest

from bot.domain.calendar import instant_to_micros
from bot.errors import StorageError
from bot.fake_discord.users import buttons_of, text_of
from bot.ops.daily_backup import list_daily_backups
from bot.ops.doctor import run_doctor_checks
from storage.admin.backup import create_backup, restore_backup
from storage.connect import connect
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

pytestmark = pytest.mark.both_engines


async def doctor(stage: Stage, *, fix: bool = False) -> dict[str, str]:
    environ = {
        "DISCORD_TOKEN": stage.discord.token,
        "DISCORD_API_URL": stage.discord.api_url,
        "DATABASE_URL": stage.database_url,
        **stage.environ,
    }
    return {
        each.check: each.message_id
        async for each in run_doctor_checks(environ, stage.clock, all_threads=not fix, fix=fix)
    }


async def test_the_doctor_looks_at_a_running_bot_and_finds_nothing(up: Stage) -> None:
    for line in ("制作会社A様 昨日 17:00", "Studio-B様 今日 9:00", "制作会社C様 昨日 14:30"):
        await up.mika.write(line)
        await up.mika.next_bot_message()
    await up.live_to(up.at(13, 0))
    found = await doctor(up)
    assert found["token"] == "doctor-token-fine"
    assert found["database"] == "doctor-database-fine"
    assert found["integrity"] == "doctor-integrity-fine"
    assert found["derived"] == "doctor-derived-fine"


async def test_what_the_doctor_puts_right_is_what_members_are_reminded_of(up: Stage) -> None:
    await up.mika.write("制作会社A様 昨日 17:00")
    await up.mika.next_bot_message()
    await up.rows("DELETE FROM occurrences")
    assert (await doctor(up))["derived"] == "doctor-derived-differ"
    assert (await doctor(up, fix=True))["derived"] == "doctor-derived-fixed"
    await up.live_to(up.at(13, 0))
    assert shows(text_of(await up.mika.next_bot_message()), "reminder-open")


@pytest.mark.sqlite_only
async def test_a_backup_of_a_running_bot_is_a_bot_as_it_was(stage: Stage, tmp_path: Path) -> None:
    """What was written to it since is read again from its direct messages; what came by commands is gone."""
    copy = tmp_path / "copy.db"
    anna = stage.discord.add_user("anna")
    async with stage.open_bot():
        for person in (stage.mika, anna):
            await person.write("制作会社A様 昨日 17:00")
            await person.next_bot_message()
        copied = await asyncio.to_thread(create_backup, stage.database, copy)
        assert (copied.members, copied.messages) == (2, 2)
        await stage.mika.write("Studio-B様 今日 9:00")
        await stage.mika.next_bot_message()
        await stage.mika.command("received", client="制作会社C")
        await anna.click((await anna.command("erase")).message, says("action-confirm"))
        with pytest.raises(StorageError) as told:
            await asyncio.to_thread(restore_backup, copy, stage.database, now=stage.clock.now())
        assert told.value.message_id == "restore-running"
        assert "制作会社C" in (await stage.mika.command("pending")).text
    await asyncio.to_thread(restore_backup, copy, stage.database, now=stage.clock.now())
    async with stage.open_bot():
        pending = (await stage.mika.command("pending")).text
        assert "制作会社A" in pending
        assert "Studio-B" in pending
        assert "制作会社C" not in pending
        assert await stage.rows("SELECT 1 FROM members WHERE member_id = $1", anna.user.id) == []
        await stage.live_to(stage.at(13, 0))
        assert "制作会社A" in text_of(await stage.mika.next_bot_message())


@pytest.mark.sqlite_only
async def test_a_card_of_what_a_restore_has_lost_changes_nothing_that_was_recorded_since(
    stage: Stage, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    async with stage.open_bot():
        await asyncio.to_thread(create_backup, stage.database, copy)
        lost = (await stage.mika.command("received", client="制作会社A", at="10:00")).message
        lost_list = (await stage.mika.command("history")).message
        undo = buttons_of(lost)[says("action-undo")]
    await asyncio.to_thread(restore_backup, copy, stage.database, now=stage.clock.now())
    async with stage.open_bot():
        await stage.mika.command("received", client="制作会社B", at="11:00")
        assert shows((await stage.mika.click_custom_id(lost, undo)).text, "recording-message-gone")
        assert shows((await stage.mika.click(lost_list, says("action-revert"))).text, "edit-step-gone")
        assert "制作会社B" in (await stage.mika.command("pending")).text


@pytest.mark.sqlite_only
async def test_a_backup_a_day_while_members_go_on(stage: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    stage.environ |= {"BACKUP_KEEP": "2", "BACKUP_FOLDER": str(folder)}
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 昨日 17:00")
        await stage.mika.next_bot_message()
        for days in range(1, 4):
            await backed_up(stage)
            await stage.live_to(stage.at(12, 0, days=days))
        await backed_up(stage)
        assert (await stage.mika.command("pending")).text
    kept = list_daily_backups(folder)
    assert len(kept) == len(os.listdir(folder)) == 2  # noqa: PTH208 — an async test
    database = await connect(f"sqlite:///{kept[-1]}")
    try:
        assert len(await database.fetch("SELECT 1 FROM messages")) == 1
    finally:
        await database.close()


async def backed_up(stage: Stage) -> None:
    """Until the backup of the day is noted."""
    now = instant_to_micros(stage.clock.now())
    async with asyncio.timeout(20):
        while not await stage.rows("SELECT 1 FROM duties WHERE name = 'backup' AND done_at >= $1", now):  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # another thread works
