"""SIGTERM to the real process, in the middle of a burst: what was sent is marked, the rest waits, nothing crashes."""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.calendar import to_micros
from tests.helpers.machine import ROOT
from tests.helpers.stage import Stage

PEOPLE = 40


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
    stage.discord.faults.latency = lambda: 0.1
    environ = {
        **os.environ,
        "DISCORD_TOKEN": stage.discord.token,
        "DISCORD_API_URL": stage.discord.api_url,
        "DATABASE_URL": stage.database_url,
        "DEFAULT_QUIET_HOURS": "",
        "PICTURES": "off",
        "PYTHONPATH": str(ROOT),
    }
    with (tmp_path / "log").open("w+") as log:
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=tmp_path, env=environ, stdout=log, stderr=log
        )
        try:
            await stage.discord.state.wait_until(
                lambda: any(person.bot_messages()[2:] for person in people), timeout_seconds=30
            )
            bot.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(bot.wait(), 30) == 0
        finally:
            if bot.returncode is None:
                bot.kill()
                await bot.wait()
        log.seek(0)
        told = log.read()
    assert "stopping" in told
    assert "error" not in told
    heard = [len(person.drain_bot_messages()) for person in people]
    assert set(heard) <= {0, 1}
    assert 0 < sum(heard) < PEOPLE
    states = [row[0] for row in await stage.rows("SELECT state FROM occurrences WHERE lead = 14400000000")]
    assert states.count("delivered") == sum(heard)
    assert set(states) <= {"delivered", "planned", "claimed"}
