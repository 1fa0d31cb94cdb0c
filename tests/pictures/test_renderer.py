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
from tests.helpers.picture_samples import RATE, REMINDER

pytestmark = pytest.mark.slow  # processes that draw


@pytest.fixture
async def renderer() -> AsyncIterator[PictureRenderer]:
    renderer = PictureRenderer()
    yield renderer
    await renderer.close()


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


async def test_nothing_is_started_before_the_first_picture_which_is_then_kept(renderer: PictureRenderer) -> None:
    assert (renderer.pid, renderer.cached(RATE)) == (None, None)
    png = await renderer.draw(RATE)
    assert png is not None
    assert png.startswith(b"\x89PNG")
    assert renderer.cached(replace(RATE)) == png
    assert renderer.cached(another(1)) is None


async def test_a_bot_package_in_the_current_folder_is_not_what_draws(
    renderer: PictureRenderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot/__init__.py").write_text("raise RuntimeError('the folder of somebody else')\n")
    monkeypatch.chdir(tmp_path)
    assert await renderer.draw(RATE) is not None


async def test_two_at_once_wait_for_one_drawing(renderer: PictureRenderer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    ask = renderer._request_picture_from_worker

    async def count(model: PictureModel) -> bytes:
        asked.append(model)
        return await ask(model)

    monkeypatch.setattr(renderer, "_request_picture_from_worker", count)
    one, other = await asyncio.gather(renderer.draw(RATE), renderer.draw(replace(RATE)))
    assert one == other
    assert one is not None
    assert asked == [RATE]


async def test_a_cancelled_caller_does_not_cancel_the_drawing_for_others(renderer: PictureRenderer) -> None:
    impatient = asyncio.create_task(renderer.draw(RATE))
    patient = asyncio.create_task(renderer.draw(RATE))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient is not None


async def test_the_oldest_is_forgotten() -> None:
    renderer = PictureRenderer(cache_size=2)
    try:
        for number in range(2):
            await renderer.draw(another(number))
        renderer.cached(another(0))
        await renderer.draw(another(2))
        assert [renderer.cached(another(number)) is not None for number in range(3)] == [True, False, True]
    finally:
        await renderer.close()


async def test_a_process_that_was_killed_is_replaced(renderer: PictureRenderer) -> None:
    assert await renderer.draw(RATE) is not None
    first = renderer.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert await renderer.draw(another(1)) is not None
    assert renderer.pid not in {None, first}


async def test_one_killed_while_it_draws_is_replaced_and_the_picture_comes(renderer: PictureRenderer) -> None:
    await renderer.draw(RATE)
    first = renderer.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    task = asyncio.create_task(renderer.draw(another(1)))
    await asyncio.sleep(0)
    os.kill(first, signal.SIGKILL)
    assert await task is not None


async def test_a_hung_drawing_is_given_up_and_the_next_ones_rest() -> None:
    renderer = PictureRenderer()
    try:
        await renderer.draw(RATE)
        first = renderer.pid
        assert first is not None
        os.kill(first, signal.SIGSTOP)
        renderer.draw_timeout = 0.05
        assert await renderer.draw(another(1)) is None
        assert not runs(first)
        assert await renderer.draw(another(1)) is None  # at rest
        assert renderer.pid is None
        assert renderer.cached(RATE) is not None
        renderer.draw_timeout, renderer.failure_cooldown = DRAW_TIMEOUT, 0.0
        assert await renderer.draw(another(1)) is not None
    finally:
        await renderer.close()


async def test_a_panel_that_cannot_be_drawn_is_no_picture_and_ends_nothing(
    renderer: PictureRenderer, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = replace(RATE, before="nonsense")  # type: ignore[arg-type]
    assert await renderer.draw(broken) is None
    assert "TypeError" in capfd.readouterr().err
    first = renderer.pid
    assert await renderer.draw(RATE) is not None
    assert renderer.pid == first


async def test_no_more_wait_than_there_is_room_for(renderer: PictureRenderer) -> None:
    drawn = await asyncio.gather(*(renderer.draw(another(number)) for number in range(20)))
    assert sum(each is not None for each in drawn) == MAX_QUEUED


async def test_a_process_that_cannot_be_started_is_no_fault(
    renderer: PictureRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(Path("nowhere") / "python"))
    assert await renderer.draw(RATE) is None


async def test_closed_it_ends_at_once_whatever_it_does() -> None:
    renderer = PictureRenderer()
    await renderer.draw(RATE)
    first = renderer.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    task = asyncio.create_task(renderer.draw(another(1)))
    await asyncio.sleep(0)
    await renderer.close()
    assert not runs(first)
    assert task.cancelled() or await asyncio.gather(task, return_exceptions=True)
    assert await renderer.draw(REMINDER) is None


async def test_idle_it_gives_its_memory_back_and_comes_again() -> None:
    renderer = PictureRenderer(idle_shutdown=0.0)
    try:
        await renderer.draw(RATE)
        assert renderer._process is not None
        await renderer._process.wait()
        assert await renderer.draw(another(1)) is not None
    finally:
        await renderer.close()


async def test_it_is_told_no_secret(renderer: PictureRenderer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very-secret")
    await renderer.draw(RATE)
    assert b"very-secret" not in await asyncio.to_thread(Path(f"/proc/{renderer.pid}/environ").read_bytes)
