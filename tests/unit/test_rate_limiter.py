"""The limit of requests that the bot makes by itself: what is entered together comes one after the other."""

import asyncio
from datetime import timedelta

import pytest

from bot.discord_app.limits import RateLimiter
from tests.helpers.virtual_time import VirtualTimeLoop


async def _seconds_of(limiter: RateLimiter, requests: int) -> float:
    """Until so many requests, which come together, have had their turn."""
    loop = asyncio.get_running_loop()
    began = loop.time()

    async def request() -> None:
        async with limiter:
            assert limiter.in_flight >= 1

    await asyncio.gather(*(request() for _ in range(requests)))
    assert limiter.waiting == limiter.in_flight == 0
    return loop.time() - began


async def test_no_more_than_the_rate() -> None:
    """A slow machine takes longer, never shorter."""
    assert await _seconds_of(RateLimiter(100), 11) >= 10 / 100


@pytest.mark.parametrize("processes", [1, 2, 3])
async def test_processes_share_it(processes: int) -> None:
    limiter = RateLimiter(200)
    limiter.set_process_count(processes)
    assert await _seconds_of(limiter, 11) >= 10 * processes / 200


async def test_a_pause_holds_up_what_comes_then() -> None:
    limiter = RateLimiter(1_000)
    limiter.pause_for(timedelta(seconds=0.05))
    assert await _seconds_of(limiter, 1) >= 0.05


def test_a_pause_that_grows_holds_up_what_waits_for_its_end() -> None:
    async def grow() -> float:
        limiter = RateLimiter(1_024)
        limiter.pause_for(timedelta(seconds=1))
        waiting = asyncio.create_task(_seconds_of(limiter, 1))
        await asyncio.sleep(0.5)
        limiter.pause_for(timedelta(seconds=2))
        return await waiting

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        assert runner.run(grow()) == pytest.approx(2.5, abs=0.1)


def test_a_pause_holds_up_what_waits_for_its_turn() -> None:
    """Afterwards the turns are as far apart as ever: nothing was saved up meanwhile."""
    turns: list[float] = []

    async def request(limiter: RateLimiter) -> None:
        async with limiter:
            turns.append(asyncio.get_running_loop().time())

    async def request_all() -> None:
        limiter = RateLimiter(8)  # an eighth has no rounding, which would hold up counted time
        requests = [asyncio.create_task(request(limiter)) for _ in range(5)]
        await requests[0]
        limiter.pause_for(timedelta(seconds=3))
        await asyncio.gather(*requests)

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(request_all())
    assert turns[0] == pytest.approx(0, abs=0.01)
    assert turns[1] >= 3
    assert turns[1:] == pytest.approx([turns[1] + number / 8 for number in range(4)], abs=0.01)


async def test_a_proxy_keeps_it_instead() -> None:
    """None waits for another: all are in flight together."""
    limiter, together = RateLimiter(0), asyncio.Barrier(50)

    async def request() -> None:
        async with limiter:
            await together.wait()

    async with asyncio.timeout(10):
        await asyncio.gather(*(request() for _ in range(50)))
    assert limiter.waiting == limiter.in_flight == 0
