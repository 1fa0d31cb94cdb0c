"""The limit of requests that the bot makes by itself: what is entered together comes one after the other."""

import asyncio
from datetime import timedelta

import pytest

from bot.discord_app.limits import RateLimiter


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


async def test_a_proxy_keeps_it_instead() -> None:
    """None waits for another: all are in flight together."""
    limiter, together = RateLimiter(0), asyncio.Barrier(50)

    async def request() -> None:
        async with limiter:
            await together.wait()

    async with asyncio.timeout(10):
        await asyncio.gather(*(request() for _ in range(50)))
    assert limiter.waiting == limiter.in_flight == 0
