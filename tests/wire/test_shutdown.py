"""A stop in the middle of something: what was sent is marked, the rest waits, nothing crashes."""

import asyncio
import os
import re
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.discord_app.client import NinteiClient
from bot.discord_app.timeouts import Timeouts
from bot.domain.calendar import instant_to_micros
from bot.fake_discord.api_request import ApiRequest
from bot.fake_discord.fault_injection import Fault
from bot.fake_discord.users import text_of
from tests.helpers.machine import ROOT
from tests.helpers.preloaded import PreloadedProcess, start_preloaded
from tests.helpers.scenarios import due_at_one
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

pytestmark = pytest.mark.both_engines

PEOPLE = 40
HISTORY = r"/channels/\d+/messages$"


async def start_process(stage: Stage, folder: Path) -> PreloadedProcess:
    """The bot as a process of its own, which can be sent a signal."""
    environ = {
        **os.environ,
        "DISCORD_TOKEN": stage.discord.token,
        "DISCORD_API_URL": stage.discord.api_url,
        "DATABASE_URL": stage.database_url,
        "DEFAULT_QUIET_HOURS": "",
        "PICTURES": "off",
        "PYTHONPATH": str(ROOT),
    }
    return await start_preloaded(["-m", "bot", "run"], cwd=folder, env=environ, stderr=True)


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
        instant_to_micros(now),
        instant_to_micros(now + timedelta(hours=4)),
    )
    await stage.rows("UPDATE occurrences SET remind_at = $1, try_at = $1 WHERE lead <> 14400000000", 1 << 52)
    stage.discord.faults.message_responses = asyncio.Event()
    bot = await start_process(stage, tmp_path)
    assert bot.stderr is not None
    try:
        await stage.discord.state.wait_until(
            lambda: any(person.bot_messages()[2:] for person in people), timeout_seconds=60
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


async def add_members_with_channels(stage: Stage) -> None:
    """Members whose channels are gone."""
    for member_id in range(1, PEOPLE + 1):
        sql = "INSERT INTO members (member_id, joined_at, channel_id) VALUES ($1, 0, $2)"
        await stage.rows(sql, member_id, 1000 + member_id)


def history_requests(stage: Stage) -> list[ApiRequest]:
    """The requests that read the history of a channel."""
    return [
        request for request in stage.discord.requests if request.method == "GET" and re.search(HISTORY, request.path)
    ]


def set_at_first_history(stage: Stage) -> asyncio.Event:
    """Set once a channel's history was read."""
    is_read = asyncio.Event()

    def note() -> float:
        if history_requests(stage):
            is_read.set()
        return 0

    stage.discord.faults.latency = note
    return is_read


@pytest.mark.slow
async def test_a_stop_ends_the_reading_of_what_came_meanwhile(stage: Stage, tmp_path: Path) -> None:
    await add_members_with_channels(stage)
    is_read = set_at_first_history(stage)
    bot = await start_process(stage, tmp_path)
    assert bot.stderr is not None
    try:
        await asyncio.wait_for(is_read.wait(), 30)
        bot.send_signal(signal.SIGTERM)
        logged = (await asyncio.wait_for(bot.stderr.read(), 30)).decode()
        assert await bot.wait() == 0
    finally:
        if bot.returncode is None:
            bot.kill()
            await bot.wait()
    assert "[error" not in logged
    assert "stop_forced" not in logged
    assert len(history_requests(stage)) < PEOPLE, "one read channel and its tries, or the next before the signal came"
    assert await stage.rows("SELECT 1 FROM members WHERE unread_since IS NOT NULL") == [], "the next start reads them"


async def test_a_stop_that_is_forced_closes_every_connection(stage: Stage) -> None:
    """A request hangs, and what waits for it is cancelled, as after the time for a stop."""
    await add_members_with_channels(stage)
    stage.discord.faults.planned.append(Fault(method="GET", path=HISTORY, hang=True))
    is_stopping = asyncio.Event()
    clients: list[NinteiClient] = []

    async def serve() -> None:
        async with stage.start() as bot:
            clients.append(bot.client)
            await stage.discord.state.wait_until(lambda: bool(history_requests(stage)))
            is_stopping.set()

    serving = asyncio.create_task(serve())
    await is_stopping.wait()
    await asyncio.wait({serving}, timeout=0.1)
    assert not serving.done()
    serving.cancel()
    await asyncio.wait({serving})
    assert serving.cancelled()
    assert clients[0].is_closed()
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("shard-")]


async def test_a_stop_that_is_forced_cancels_what_still_runs(stage: Stage) -> None:
    """A handler would go on with a database that is closed."""
    async with stage.start() as bot:
        client = bot.client
        running = client._start_task(asyncio.Event().wait())  # type: ignore[arg-type]
        draining = asyncio.create_task(client.finish_handlers())
        await asyncio.wait({draining}, timeout=0)
        draining.cancel()
        await asyncio.wait({running, draining})
        assert running.cancelled()


@pytest.mark.parametrize("timeouts", [Timeouts(receipt_retry_delays=(60.0,), shutdown_grace=0.1)])
async def test_a_receipt_that_waits_for_another_try_is_given_up_and_told_after_the_next_start(stage: Stage) -> None:
    """It waits longer than a stop."""
    stage.environ["RECEIPT_WAIT"] = "0.01"
    stage.discord.faults.rate_limit("POST", rf"/channels/{stage.mika.dm.id}/messages", 0.1, via_header=False)
    [limit] = stage.discord.faults.planned
    async with stage.open_bot():
        await stage.mika.command("status")
        await stage.mika.write("制作会社A様 今日 9:00")
        async with asyncio.timeout(10):
            while limit.times:  # noqa: ASYNC110 — a request's doing
                await asyncio.sleep(0.01)
    assert {each.get_name() for each in asyncio.all_tasks()} & {"receipts"} == set()
    assert stage.news() == []
    stage.clock.advance(timedelta(hours=1))
    async with stage.open_bot():
        assert shows(text_of(await stage.mika.next_bot_message()), "receipt-repeated")


@pytest.mark.parametrize("by", ["command", "press"])
async def test_what_comes_as_the_bot_stops_is_recorded_before(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """Also where its handler had not begun yet."""
    async with stage.open_bot() as bot:
        receipt = await due_at_one(stage)
        events: asyncio.Queue[object] = asyncio.Queue()
        parsers = bot.client._connection.parsers
        parse = parsers["INTERACTION_CREATE"]
        monkeypatch.setitem(parsers, "INTERACTION_CREATE", events.put_nowait)
        claim = bot.client.claims.claim

        async def claim_late(event_id: int) -> bool:
            await asyncio.sleep(0.3)
            return await claim(event_id)

        monkeypatch.setattr(bot.client.claims, "claim", claim_late)
        asking = asyncio.create_task(
            stage.mika.click(receipt, says("action-now"))
            if by == "press"
            else stage.mika.command("replied", client="制作会社A")
        )
        parse(await events.get())
        await bot.client.finish_handlers()
        assert await stage.rows("SELECT direction FROM messages ORDER BY message_id DESC LIMIT 1") == [("sent",)]
        await asking
