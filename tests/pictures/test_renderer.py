"""The process that draws: each picture once, kept, given up when it takes too long, and gone when the bot stops."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.pictures.models import PictureModel
from bot.pictures.renderer import DRAW_TIMEOUT, MAX_QUEUED, PictureRenderer
from tests.pictures.samples import RATE, REMINDER


@pytest.fixture
async def studio() -> AsyncIterator[PictureRenderer]:
    there = PictureRenderer()
    yield there
    await there.close()


def another(number: int) -> PictureModel:
    return replace(RATE, title=f"{number}")


def runs(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_nothing_is_started_before_the_first_picture_which_is_then_kept(studio: PictureRenderer) -> None:
    assert (studio.pid, studio.cached(RATE)) == (None, None)
    png = await studio.draw(RATE)
    assert png is not None
    assert png.startswith(b"\x89PNG")
    assert studio.cached(replace(RATE)) == png
    assert studio.cached(another(1)) is None


async def test_a_bot_package_in_the_current_folder_is_not_what_draws(
    studio: PictureRenderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot/__init__.py").write_text("raise RuntimeError('the folder of somebody else')\n")
    monkeypatch.chdir(tmp_path)
    assert await studio.draw(RATE) is not None


async def test_two_at_once_wait_for_one_drawing(studio: PictureRenderer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    ask = studio._request

    async def count(panel: PictureModel) -> bytes:
        asked.append(panel)
        return await ask(panel)

    monkeypatch.setattr(studio, "_request", count)
    one, other = await asyncio.gather(studio.draw(RATE), studio.draw(replace(RATE)))
    assert one == other
    assert one is not None
    assert asked == [RATE]


async def test_who_gives_up_waiting_takes_it_from_nobody(studio: PictureRenderer) -> None:
    impatient = asyncio.create_task(studio.draw(RATE))
    patient = asyncio.create_task(studio.draw(RATE))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient is not None


async def test_the_oldest_is_forgotten() -> None:
    studio = PictureRenderer(cache_size=2)
    try:
        for number in range(2):
            await studio.draw(another(number))
        studio.cached(another(0))
        await studio.draw(another(2))
        assert [studio.cached(another(number)) is not None for number in range(3)] == [True, False, True]
    finally:
        await studio.close()


async def test_a_process_that_was_killed_is_replaced(studio: PictureRenderer) -> None:
    assert await studio.draw(RATE) is not None
    first = studio.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert await studio.draw(another(1)) is not None
    assert studio.pid not in {None, first}


async def test_one_killed_while_it_draws_is_replaced_and_the_picture_comes(studio: PictureRenderer) -> None:
    await studio.draw(RATE)
    first = studio.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    task = asyncio.create_task(studio.draw(another(1)))
    await asyncio.sleep(0)
    os.kill(first, signal.SIGKILL)
    assert await task is not None


async def test_a_hung_drawing_is_given_up_and_the_next_ones_rest() -> None:
    studio = PictureRenderer()
    try:
        await studio.draw(RATE)
        first = studio.pid
        assert first is not None
        os.kill(first, signal.SIGSTOP)
        studio.draw_timeout = 0.05
        assert await studio.draw(another(1)) is None
        assert not runs(first)
        assert await studio.draw(another(1)) is None  # at rest
        assert studio.pid is None
        assert studio.cached(RATE) is not None
        studio.draw_timeout, studio.failure_cooldown = DRAW_TIMEOUT, 0.0
        assert await studio.draw(another(1)) is not None
    finally:
        await studio.close()


async def test_a_panel_that_cannot_be_drawn_is_no_picture_and_ends_nothing(
    studio: PictureRenderer, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = replace(RATE, before="nonsense")  # type: ignore[arg-type]
    assert await studio.draw(broken) is None
    assert "TypeError" in capfd.readouterr().err
    first = studio.pid
    assert await studio.draw(RATE) is not None
    assert studio.pid == first


async def test_no_more_wait_than_there_is_room_for(studio: PictureRenderer) -> None:
    drawn = await asyncio.gather(*(studio.draw(another(number)) for number in range(20)))
    assert sum(each is not None for each in drawn) == MAX_QUEUED


async def test_a_process_that_cannot_be_started_is_no_fault(
    studio: PictureRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(Path("nowhere") / "python"))
    assert await studio.draw(RATE) is None


async def test_closed_it_ends_at_once_whatever_it_does() -> None:
    studio = PictureRenderer()
    await studio.draw(RATE)
    first = studio.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    task = asyncio.create_task(studio.draw(another(1)))
    await asyncio.sleep(0)
    await studio.close()
    assert not runs(first)
    assert task.cancelled() or await asyncio.gather(task, return_exceptions=True)
    assert await studio.draw(REMINDER) is None


async def test_idle_it_gives_its_memory_back_and_comes_again() -> None:
    studio = PictureRenderer(idle_shutdown=0.0)
    try:
        await studio.draw(RATE)
        assert studio._process is not None
        await studio._process.wait()
        assert await studio.draw(another(1)) is not None
    finally:
        await studio.close()


async def test_it_is_told_no_secret(studio: PictureRenderer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very-secret")
    await studio.draw(RATE)
    assert b"very-secret" not in await asyncio.to_thread(Path(f"/proc/{studio.pid}/environ").read_bytes)
