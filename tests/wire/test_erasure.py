"""`/erase`, whatever comes before, after or between: nothing erased comes back, nothing later is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.domain.types import MemberId
from bot.errors import StorageError
from bot.fake_discord.users import text_of
from bot.services.statements import StatementService
from storage import erased_members, member_data
from storage.connect import connect
from tests.helpers.amounts import others_slow
from tests.helpers.erasure_notes import append_note, list_noted
from tests.helpers.locking import refused_by_a_lock
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

pytestmark = pytest.mark.both_engines


async def erase(stage: Stage) -> str:
    return (await stage.mika.click((await stage.mika.command("erase")).message, says("action-confirm"))).text


async def clients(stage: Stage) -> list[str]:
    return [row[0] for row in await stage.rows("SELECT client FROM threads ORDER BY thread_id")]


async def noted(stage: Stage) -> list[MemberId]:
    database = await connect(stage.database_url)
    await database.close()
    return [member_id for member_id, _ in list_noted(database.erasure_log_path)]


async def write(stage: Stage, client: str) -> None:
    stage.news()
    await stage.mika.write(f"{client}社様 昨日 14:30")
    await stage.mika.next_bot_message()
    assert stage.bot is not None
    await stage.bot.client.finish_handlers()


@pytest.mark.parametrize("look", others_slow([["status"], ["help"], ["erase"], [], ["erase", "status", "help"]]))
async def test_nothing_from_before_an_erasure_is_read_again_and_everything_after_it_is(
    stage: Stage, look: list[str]
) -> None:
    stage.newcomer = True
    async with stage.open_bot():
        await write(stage, "甲")
        assert shows(await erase(stage), "erase-done")
        for command in look:
            await stage.mika.command(command)
    await stage.mika.write("乙社様 昨日 15:30")
    async with stage.open_bot() as bot:
        await bot.client.finish_handlers()
        assert await clients(stage) == (["乙社"] if look else [])
        await write(stage, "丙")
        assert await clients(stage) == ["乙社", "丙社"]
    async with stage.open_bot() as bot:
        await bot.client.finish_handlers()
        assert await clients(stage) == ["乙社", "丙社"]


async def test_erased_twice_only_what_came_last_is_there(stage: Stage) -> None:
    async with stage.open_bot():
        for client in "甲乙":
            await write(stage, client)
            await erase(stage)
        await stage.mika.command("status")
        await write(stage, "丙")
    async with stage.open_bot() as bot:
        await bot.client.finish_handlers()
        assert await clients(stage) == ["丙社"]
        assert await noted(stage) == [stage.mika.user.id]


@pytest.mark.parametrize("reason", others_slow(["storage-full", "storage-unreachable", "storage-busy"]))
@pytest.mark.parametrize("step", [(member_data, "erase_member"), (erased_members, "save_erasures")])
async def test_a_refused_erasure_is_never_carried_out(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, step: tuple[Any, str], reason: str
) -> None:
    async def refuse(*_args: object, **_options: object) -> None:
        raise StorageError(reason)

    async with stage.open_bot():
        await write(stage, "甲")
        with monkeypatch.context() as fault:
            fault.setattr(*step, refuse)
            assert not shows(await erase(stage), "erase-done")
        assert await noted(stage) == []
        await write(stage, "乙")
    stage.clock.advance_to(stage.at(13))
    async with stage.open_bot():
        assert await clients(stage) == ["甲社", "乙社"]
        assert await noted(stage) == []


async def test_an_erasure_of_a_locked_member_is_refused(stage: Stage) -> None:
    async with stage.open_bot():
        await write(stage, "甲")
        asked = await stage.mika.command("erase")
        answer = await refused_by_a_lock(stage, stage.mika.click(asked.message, says("action-confirm")))
        assert not shows(answer.text, "erase-done")
    async with stage.open_bot():
        assert await clients(stage) == ["甲社"]
        assert await noted(stage) == []


async def test_who_says_nothing_right_after_an_erasure_is_welcomed(stage: Stage) -> None:
    """Discord answers a nonce of the last minutes with the former message."""
    stage.newcomer = True
    async with stage.open_bot():
        for _ in range(3):
            await stage.mika.write("こんにちは")
            assert shows(text_of(await stage.mika.next_bot_message()), "start-title")
            await erase(stage)
        await stage.mika.write("こんにちは")
        await stage.mika.write("どうも")
        assert shows(text_of(await stage.mika.next_bot_message()), "start-title")


async def test_a_message_in_hand_while_its_member_is_erased_is_not_recorded(
    up: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, goes_on = asyncio.Event(), asyncio.Event()
    record: Callable[..., Awaitable[Any]] = StatementService.record

    async def record_later(*args: Any, **options: Any) -> Any:
        began.set()
        await goes_on.wait()
        return await record(*args, **options)

    monkeypatch.setattr(StatementService, "record", record_later)
    await up.mika.write("甲社様 昨日 14:30")
    await began.wait()
    await erase(up)
    await up.mika.command("status")
    goes_on.set()
    assert up.bot is not None
    await up.bot.client.finish_handlers()
    assert await clients(up) == []
    await write(up, "乙")
    assert await clients(up) == ["乙社"]


@pytest.mark.parametrize("files_in_use", [False, True])
async def test_a_receipt_that_waits_is_not_sent_after_an_erasure(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, *, files_in_use: bool
) -> None:
    async def refuse() -> None:
        raise StorageError("storage-scrub-waits")

    stage.environ["RECEIPT_WAIT"] = "5"
    async with stage.open_bot() as bot:
        await stage.mika.write("甲社様 昨日 14:30")
        while not await clients(stage):
            pass
        if files_in_use:
            monkeypatch.setattr(bot.client.services.database, "purge_deleted_data", refuse)
        assert shows(await erase(stage), "erase-done") is not files_in_use
        await bot.client.finish_handlers()
        assert stage.news() == []


@pytest.mark.slow
async def test_a_restored_database_brings_nobody_back_and_loses_nothing_written_since(stage: Stage) -> None:
    """Restored as pg_restore does: every row as it was, the erasures too."""
    async with stage.open_bot():
        await write(stage, "甲")
    before = {
        table: (list(await columns_of(stage, table)), await stage.rows(f"SELECT * FROM {table}"))
        for table in member_data.TABLES
    }
    stage.clock.advance_to(stage.at(13))
    async with stage.open_bot():
        await erase(stage)
        await write(stage, "乙")
    await stage.rows("DELETE FROM erasures")
    for table in reversed(member_data.TABLES):
        await stage.rows(f"DELETE FROM {table}")
    for table, (columns, rows) in before.items():
        for row in rows:
            places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
            await stage.rows(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", *row)
    await stage.rows("DELETE FROM claimed_events")
    stage.clock.advance_to(stage.at(14))
    async with stage.open_bot():
        assert await clients(stage) == []
        assert shows((await stage.mika.command("history")).text, "history-none")
        await write(stage, "丙")
        assert await clients(stage) == ["乙社", "丙社"]


async def columns_of(stage: Stage, table: str) -> list[str]:
    database = await connect(stage.database_url)
    try:
        async with database.read() as transaction:
            return await transaction.columns(table)
    finally:
        await database.close()


async def test_a_member_whose_erasure_cannot_be_repeated_is_shown_and_sent_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ken = stage.discord.add_user("ken")
    async with stage.open_bot():
        await stage.mika.command("received", client="甲社", at="10:00")
        await stage.mika.command("settings", digest="weekly")
        await ken.command("received", client="残社", at="10:00")
    database = await connect(stage.database_url)
    await database.close()
    append_note(database.erasure_log_path, MemberId(stage.mika.user.id), stage.at(12, 30))

    async def refuse(*_args: object, **_options: object) -> None:
        raise StorageError("storage-busy")

    stage.clock.advance_to(stage.at(13))
    with monkeypatch.context() as fault:
        fault.setattr(member_data, "erase_member", refuse)
        stage.newcomer = True
        async with stage.open_bot():
            for command in ("status", "history", "export", "pending"):
                assert "甲社" not in (await stage.mika.command(command)).text
            await stage.live_to(stage.at(12, days=8))
            assert "甲社" not in "".join(map(text_of, stage.news()))
            assert "残社" in (await ken.command("history")).text
    async with stage.open_bot():
        assert await clients(stage) == ["残社"]


async def test_the_card_says_what_is_kept(up: Stage) -> None:
    assert shows((await up.mika.command("erase")).text, "erase-remains")
