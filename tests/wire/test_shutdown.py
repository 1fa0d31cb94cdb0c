"""SIGTERM to the real process, in the middle of a burst: what was sent is marked, the rest waits, nothing crashes."""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.calendar import to_micros
from tests.helpers.machine import ROOT
from tests.helpers.stage import Stage

PEOPLE = 40


@pytest.mark.slow
async def test_sigterm_in_the_middle_of_a_burst(stage: Stage, tmp_path: Path) -> None:
    people = [stage.discord.add_user(f"p{number}") for number in range(PEOPLE)]
    async with stage.open_bot():
        for person in people:
            await person.write("制作会社A様 昨日 17:00")
            await person.next_bot_message()
            await person.next_bot_message()  # the welcome
    now = datetime.now(UTC)
    await stage.rows(
        "UPDATE occurrences SET remind_at = $1, try_at = $1, closes_at = $2 WHERE lead = 14400000000",
        to_micros(now),
        to_micros(now + timedelta(hours=4)),
    )
    await stage.rows("UPDATE occurrences SET remind_at = $1, try_at = $1 WHERE lead <> 14400000000", 1 << 52)
    stage.discord.faults.message_responses = asyncio.Event()
    environ = {
        **os.environ,
        "DISCORD_TOKEN": stage.discord.token,
        "DISCORD_API_URL": stage.discord.api_url,
        "DATABASE_URL": stage.database_url,
        "DEFAULT_QUIET_HOURS": "",
        "PICTURES": "off",
        "PYTHONPATH": str(ROOT),
    }
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=tmp_path, env=environ, stderr=asyncio.subprocess.PIPE
    )
    assert bot.stderr is not None
    try:
        await stage.discord.state.wait_until(
            lambda: any(person.bot_messages()[2:] for person in people), timeout_seconds=30
        )
        bot.send_signal(signal.SIGTERM)
        told = (await asyncio.wait_for(bot.stderr.readuntil(b"stopping"), 30)).decode()
        stage.discord.faults.message_responses.set()
        told += (await asyncio.wait_for(bot.stderr.read(), 30)).decode()
        assert await bot.wait() == 0
    finally:
        if bot.returncode is None:
            bot.kill()
            await bot.wait()
    assert "error" not in told
    heard = [len(person.drain_bot_messages()) for person in people]
    assert set(heard) <= {0, 1}
    assert 0 < sum(heard) <= PEOPLE
    states = [row[0] for row in await stage.rows("SELECT state FROM occurrences WHERE lead = 14400000000")]
    assert states.count("delivered") == sum(heard)
    assert set(states) <= {"delivered", "planned", "claimed"}
