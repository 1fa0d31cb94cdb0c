"""What happens around a running bot: its database's file goes, the clock jumps, the token is refused, commands are."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog

from bot.cli.main import main
from bot.discord_app import command_sync
from bot.errors import StorageError
from bot.fake_discord.api_errors import UNAUTHORIZED, DiscordApiError
from bot.fake_discord.users import text_of
from bot.i18n.translations import get_translations
from bot.ops.doctor import run_doctor_checks
from bot.ops.self_checks import self_checks_running
from storage.admin.file_lock import hold_database_lock
from tests.helpers.amounts import others_slow
from tests.helpers.machine import free_port
from tests.helpers.stage import Stage

pytestmark = pytest.mark.both_engines

Lines = list[Any]


async def until(lines: Lines, event: str) -> Any:
    async with asyncio.timeout(10):
        while not (found := [line for line in lines if line["event"] == event]):  # noqa: ASYNC110 — a log line
            await asyncio.sleep(0.01)
    return found[0]


def remove(file: Path) -> None:
    file.unlink()


def remove_with_log(file: Path) -> None:
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()


def replace_by_another(file: Path) -> None:
    shutil.copy(file, file.with_name("other"))
    file.with_name("other").replace(file)


def remove_log(file: Path) -> None:
    file.with_name(f"{file.name}-wal").unlink()


def remove_folder(file: Path) -> None:
    file.parent.rename(file.parent.with_name("elsewhere"))


@pytest.mark.sqlite_only
@pytest.mark.parametrize("lose", others_slow([remove, remove_with_log, replace_by_another, remove_log, remove_folder]))
async def test_a_database_file_that_goes_is_noticed_and_nothing_is_confirmed(
    stage: Stage, lose: Callable[[Path], None]
) -> None:
    folder = stage.database.parent / "data"
    folder.mkdir()
    stage.database.rename(folder / "nintei.db")
    stage.database_url = f"sqlite:///{folder}/nintei.db"
    assert stage.monitoring_limits.self_check_interval <= 60
    stage.monitoring_limits = replace(stage.monitoring_limits, self_check_interval=0.05)
    port = free_port()
    stage.environ["METRICS_PORT"] = str(port)
    environ = {"DISCORD_TOKEN": stage.discord.token, "DISCORD_API_URL": stage.discord.api_url}
    with structlog.testing.capture_logs() as lines:
        async with stage.open_bot():
            await stage.mika.write("制作会社A様 今日 9:00")
            await stage.mika.next_bot_message()
            lose(stage.database)
            assert (await until(lines, "database_file_lost"))["log_level"] == "critical"
            await stage.mika.write("制作会社B様 今日 10:00")
            assert "制作会社B" not in text_of(await stage.mika.next_bot_message())
            error = StorageError("storage-file-lost", path=str(stage.database))
            answer = await stage.mika.command("received", client="C社", at="11:00")
            assert get_translations("ja").format_error(error) in answer.text
            async with aiohttp.ClientSession() as session:
                for path in ("/healthz", "/readyz"):
                    async with session.get(f"http://127.0.0.1:{port}{path}") as response:
                        assert response.status == 503
                        assert "database-file" in (await response.json())["reasons"]
                async with session.get(f"http://127.0.0.1:{port}/metrics") as response:
                    assert "nintei_database_up 0.0" in await response.text()
            if lose in {remove, remove_with_log, replace_by_another}:
                results = [
                    result
                    async for result in run_doctor_checks({**environ, "DATABASE_URL": stage.database_url}, stage.clock)
                ]
                assert "storage-file-lost" in {result.message_id for result in results if result.needs_action}
            stage.news()


@pytest.mark.sqlite_only
async def test_a_file_has_one_user_at_a_time(stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url, copy = stage.database_url, tmp_path / "copy.db"
    async with stage.open_bot():
        with pytest.raises(StorageError) as raised:
            async with stage.start():
                pass
        assert raised.value.message_id == "storage-in-use"
        environment = pytest.MonkeyPatch()
        environment.setenv("DATABASE_URL", url)
        assert await asyncio.to_thread(main, ["backup", str(copy)]) == 0  # it only reads
        for arguments in (
            ["restore", str(copy)],
            ["move-database", url, f"sqlite:///{tmp_path}/new.db"],
            ["move-database", f"sqlite:///{copy}", url],
        ):
            capsys.readouterr()
            assert await asyncio.to_thread(main, arguments) == 2
            assert len(capsys.readouterr().err.splitlines()) == 1
        environment.undo()
    with hold_database_lock(stage.database), pytest.raises(StorageError):  # a restore or a move
        async with stage.start():
            pass
    async with stage.open_bot():
        pass


async def test_a_clock_that_jumps_is_logged(up: Stage) -> None:
    checks = self_checks_running(up.bot.client.services.database, up.clock, 0.05)  # type: ignore[union-attr]
    with structlog.testing.capture_logs() as lines:
        async with checks:
            await asyncio.sleep(0)
            up.clock.advance(timedelta(minutes=3))
            jumped = await until(lines, "clock_jumped")
    assert 179 < jumped["seconds"] < 181


async def test_a_token_that_is_refused_is_logged_once_and_not_ready(stage: Stage) -> None:
    port = free_port()
    stage.environ["METRICS_PORT"] = str(port)
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 昨日 17:00")
        await stage.mika.next_bot_message()
        await stage.mika.write("制作会社B様 昨日 17:00")
        await stage.mika.next_bot_message()
        stage.discord.faults.refuse("POST", r"/channels/\d+/messages", UNAUTHORIZED, times=3)
        with structlog.testing.capture_logs() as lines:
            await stage.move_to(stage.at(13))
        assert [line["event"] for line in lines].count("token_refused") == 1
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/readyz") as response:
            assert "token" in (await response.json())["reasons"]
        stage.news()


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("status", others_slow([400, 403, 503]))
async def test_commands_that_are_refused_are_sent_again_and_reminders_go_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, method: str, status: int
) -> None:
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 昨日 17:00")
        await stage.mika.next_bot_message()
    stage.discord.state.commands.clear()
    again = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        await again.wait()

    monkeypatch.setattr(command_sync, "sleep", sleep)
    error = DiscordApiError(status, 0 if status == 503 else 50035, "no")
    stage.discord.faults.refuse(method, "/commands", error, times=1)
    with structlog.testing.capture_logs() as lines:
        async with stage.open_bot():
            assert (await until(lines, "commands_not_synced"))["status"] == status
            await stage.move_to(stage.at(13))
            assert "制作会社A" in text_of(stage.news()[0])
            assert stage.discord.state.commands == []
            again.set()
            await until(lines, "commands_synced")
    assert stage.discord.state.commands


@pytest.mark.postgres
async def test_processes_with_different_shard_counts_say_so(server_url: str, stage: Stage, engine: str) -> None:
    if engine == "sqlite":
        stage.database_url = server_url
    with structlog.testing.capture_logs() as lines:
        async with stage.open_bot():
            stage.environ["SHARD_COUNT"] = "2"
            async with stage.start():
                differ = await until(lines, "shard_counts_differ")
    assert {differ["own"], *differ["others"]} == {1, 2}
