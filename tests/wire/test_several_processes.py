"""Several processes on one PostgreSQL database: one listens, all send, nothing is answered twice, a dead one is replaced.

Here they live in one Python process, each with its own connections; tests/crash kills real ones.
"""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta

import aiohttp
import pytest

from bot.app import RunningBot
from bot.errors import StorageError
from bot.fake_discord.clock import ManualClock
from bot.fake_discord.server import FakeDiscord
from bot.fake_discord.users import text_of
from bot.scheduling.membership import LeaseTiming
from bot.scheduling.ports import Delivery, SentReminder
from storage import processes
from storage.connect import connect
from tests.helpers.closing import CloseLater
from tests.helpers.stage import Stage
from tests.helpers.wording import shows

pytestmark = [pytest.mark.both_engines, pytest.mark.postgres]


@pytest.fixture
async def stage(server_url: str, fake_discord: FakeDiscord, clock: ManualClock) -> Stage:
    return Stage(fake_discord, clock, server_url, {}, fake_discord.add_user("mika"))


@pytest.fixture
def fast(stage: Stage) -> None:
    """A lease timing of tenths of seconds."""
    stage.lease_timing = LeaseTiming(
        timedelta(seconds=0.2), timedelta(seconds=1), timedelta(seconds=0.5), identify_retry_seconds=0.05
    )


@pytest.fixture
async def two(stage: Stage, fast: None) -> AsyncIterator[tuple[RunningBot, RunningBot]]:
    """Two processes: the one with the gateway connection, and the other."""
    del fast
    async with stage.open_bot() as first, stage.start() as second:
        stage.bot = first
        yield first, second


def listens(bot: RunningBot) -> bool:
    return any(not shard.is_closed() for shard in bot.client.shards.values())


def living(bot: RunningBot) -> float:
    """The number of processes with which this one shares the send limit."""
    return round(bot.client.rate_limiter._limiter.time_period * 40, 3)  # type: ignore[attr-defined]


async def until(happened: Callable[[], object], within: float = 10) -> None:
    async with asyncio.timeout(within):
        while not happened():  # noqa: ASYNC110 — what happens is discord.py's, which has no event for it
            await asyncio.sleep(0.02)


async def test_one_listens_and_both_send(stage: Stage) -> None:
    """With a lease of the usual length: on a busy machine a short one ends while its process does not run."""
    people = [stage.discord.add_user(f"p{number}") for number in range(120)]
    async with stage.open_bot() as first, stage.start() as second:
        for person in people:
            await person.write("制作会社A様 昨日 17:00")
        for person in people:
            await person.next_bot_message()
        assert (listens(first), listens(second)) == (True, False)
        sent = [count_reminders(each) for each in (first, second)]
        stage.discord.faults.latency = lambda: 0.02
        stage.clock.advance_to(stage.at(13))
        for _ in range(2):
            await asyncio.gather(first.dispatcher.wait_idle(), second.dispatcher.wait_idle())
        stage.discord.faults.latency = None
    assert [len(each.bot_messages()) for each in people] == [3] * 120
    assert all(sent)
    assert sum(map(len, sent)) == 120
    states = await stage.rows("SELECT DISTINCT state FROM occurrences WHERE remind_at <= $1", at(stage))
    assert [row[0] for row in states] == ["delivered"]
    for person in people:
        person.drain_bot_messages()


def count_reminders(bot: RunningBot) -> list[object]:
    """The reminders that a process sends from now on."""
    sent: list[object] = []
    send = bot.client.sender.send_reminder

    async def send_and_note(delivery: Delivery, *, now: datetime) -> SentReminder:
        sent.append(delivery)
        return await send(delivery, now=now)

    bot.client.sender.send_reminder = send_and_note  # type: ignore[method-assign]
    return sent


def at(stage: Stage) -> int:
    return int(stage.clock.now().timestamp()) * 1_000_000


async def test_the_send_limit_is_shared(stage: Stage, two: tuple[RunningBot, RunningBot]) -> None:
    del stage
    await until(lambda: all(living(each) == 2 for each in two))


async def let_both_listen(two: tuple[RunningBot, RunningBot]) -> None:
    """Let both processes connect to the gateway, as when one was taken for dead by mistake."""
    first, second = two
    second.client.backlog_processed.clear()
    hold = second.client.set_shards

    async def hold_on(shards: object) -> None:
        del shards
        await hold([0])

    second.client.set_shards = hold_on  # type: ignore[method-assign]
    await until(lambda: listens(second))
    await second.client.backlog_processed.wait()
    assert listens(first)


def note_claims(bot: RunningBot) -> dict[int, bool]:
    """The events that a process asks for from now on, and whether it got them."""
    answers: dict[int, bool] = {}
    claim = bot.client.claims.claim

    async def noted(event_id: int, *, steal_from_dead: bool = False) -> bool:
        answers[event_id] = await claim(event_id, steal_from_dead=steal_from_dead)
        return answers[event_id]

    bot.client.claims.claim = noted  # type: ignore[method-assign]
    return answers


async def test_a_bridges_post_that_arrives_at_two_is_told_once(
    stage: Stage, two: tuple[RunningBot, RunningBot]
) -> None:
    channel = stage.discord.add_guild()
    url = stage.discord.add_webhook(channel)
    stage.mika.permissions |= 1 << 29
    await stage.mika.command("inbox set", channel=channel)
    await stage.mika.next_bot_message()
    await let_both_listen(two)
    claims = [note_claims(each) for each in two]
    bot = stage.discord.state.bot.id
    async with aiohttp.ClientSession() as session:
        for name in "甲乙":
            body = {"content": f"<@{bot}> {name}さんからのメッセージ受信通知"}
            await (await session.post(url, json=body)).read()
    posted = max(each.id for each in channel.messages.values() if "webhook_id" in each.body)
    await until(lambda: all(posted in each for each in claims))
    for each in two:
        await each.client.finish_handlers()
    assert sorted(text_of(each).split("**")[1] for each in stage.news()) == ["乙", "甲"]
    assert (await stage.rows("SELECT count(*) FROM messages"))[0][0] == 2


async def test_a_bridges_post_that_a_dead_process_had_claimed_is_read(stage: Stage) -> None:
    channel = stage.discord.add_guild()
    url = stage.discord.add_webhook(channel)
    stage.mika.permissions |= 1 << 29
    async with stage.open_bot():
        await stage.mika.command("inbox set", channel=channel)
        await stage.mika.next_bot_message()
    body = {"content": f"<@{stage.discord.state.bot.id}> 甲さんからのメッセージ受信通知"}
    async with aiohttp.ClientSession() as session:
        await (await session.post(url, json=body)).read()
    await stage.rows("INSERT INTO claimed_events (event_id, process_id) VALUES ($1, 'dead')", max(channel.messages))
    async with stage.open_bot():
        assert "甲" in text_of(await stage.mika.next_bot_message())


async def test_what_arrives_at_two_is_handled_once(stage: Stage, two: tuple[RunningBot, RunningBot]) -> None:
    """A process that others gave up for dead may still be connected."""
    await stage.mika.write("制作会社A様 今日 9:00")
    await stage.mika.next_bot_message()
    await let_both_listen(two)
    claims = [note_claims(each) for each in two]
    await stage.mika.command("job add", method="task", reward="500", date="2026/11/1")
    await stage.mika.command("received", client="B社", at="10:00")
    last = await stage.mika.write("制作会社C様 今日 9:30")
    await stage.mika.next_bot_message()
    # Events come in order: whoever has looked at the last one has looked at all.
    await until(lambda: all(last.id in each for each in claims))
    for each in two:
        await each.client.finish_handlers()
    assert stage.news() == []
    counts = [(await stage.rows(f"SELECT count(*) FROM {table}"))[0][0] for table in ("jobs", "messages")]
    assert counts == [1, 3]
    callbacks = [each for each in stage.discord.requests if each.path.endswith("/callback")]
    assert len(callbacks) == len({each.path for each in callbacks})


async def test_what_one_could_not_record_is_read_by_the_other_that_knows_it(
    stage: Stage, fast: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both hear of the message; the database refuses it to the one that claims it, which is stopped then."""
    del fast
    async with stage.start() as second, AsyncExitStack() as stack:
        first = await stack.enter_async_context(stage.start())
        await let_both_listen((second, first))
        await stage.mika.command("status")  # her channel is known
        asked = note_claims(second)
        claim, is_claimed = second.client.claims.claim, asyncio.Event()

        async def claim_after_the_other(event_id: int, *, steal_from_dead: bool = False) -> bool:
            await is_claimed.wait()
            return await claim(event_id, steal_from_dead=steal_from_dead)

        async def refuses_once_the_other_knows(*_: object, **__: object) -> None:
            is_claimed.set()
            await until(lambda: asked)
            raise StorageError("storage-busy")

        with monkeypatch.context() as busy:
            busy.setattr(second.client.claims, "claim", claim_after_the_other)
            busy.setattr(first.client.services.members, "get_or_register", refuses_once_the_other_knows)
            await stage.mika.write("制作会社A様 今日 9:00")
            assert shows(text_of(await stage.mika.next_bot_message()), "storage-busy")
        assert list(asked.values()) == [False]
        await stack.aclose()
        await stage.discord.gateway.invalidate()
        assert "制作会社A" in text_of(await stage.mika.next_bot_message())


async def test_a_stopped_one_is_replaced_and_what_came_meanwhile_is_read(stage: Stage, fast: None) -> None:
    del fast
    stage.lease_timing = replace(stage.lease_timing, ttl=timedelta(seconds=15))  # it is not waited for
    async with AsyncExitStack() as stack:
        first = stage.open_bot()
        await first.__aenter__()
        await stage.mika.write("制作会社A様 今日 9:00")
        await stage.mika.next_bot_message()
        second = await stack.enter_async_context(stage.start())
        await until(lambda: living(second) == 2)
        assert not listens(second)
        await first.__aexit__(None, None, None)
        await stage.mika.write("制作会社B様 今日 9:30")
        began = time.monotonic()
        await until(lambda: listens(second))
        assert time.monotonic() - began < 3
        assert "制作会社B" in text_of(await stage.mika.next_bot_message())
        assert "B" in (await stage.mika.command("pending")).text


async def test_a_silent_one_is_replaced_and_stops_listening_by_itself(
    stage: Stage, two: tuple[RunningBot, RunningBot], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two
    beat = processes.renew_process_lease

    async def fails_for_one(transaction, process, **rest):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN202
        if process == first.client._membership.process:
            raise StorageError("storage-unreachable")
        return await beat(transaction, process, **rest)

    monkeypatch.setattr(processes, "renew_process_lease", fails_for_one)
    await until(lambda: listens(second) and not listens(first))
    assert shows((await stage.mika.command("status")).text, "status-unknown-only")
    assert living(second) == 1
    monkeypatch.setattr(processes, "renew_process_lease", beat)
    await until(lambda: living(first) == living(second) == 2)
    assert [listens(each) for each in two] == [False, True]


async def test_shards_are_shared_out_and_identify_one_after_the_other(stage: Stage, fast: None) -> None:
    del fast
    stage.environ["SHARD_COUNT"] = "4"
    rooms = [stage.discord.add_guild(f"g{number}") for number in range(8)]
    async with stage.open_bot() as first, stage.start() as second:
        for each in (first, second):
            await until(lambda each=each: sum(not shard.is_closed() for shard in each.client.shards.values()) == 2)
        for room in rooms:
            assert (await stage.mika.command("status", channel=room)).text
        await stage.mika.write("制作会社A様 今日 9:00")
        await stage.mika.next_bot_message()
    times = sorted(when for when, _ in stage.discord.gateway.identified)
    assert {shard for _, shard in stage.discord.gateway.identified} == {0, 1, 2, 3}
    assert all(later - earlier > 0.4 for earlier, later in itertools.pairwise(times))


async def test_an_earlier_reminder_wakes_the_other(
    stage: Stage, two: tuple[RunningBot, RunningBot], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that recorded it cannot send; the other one, which waited for something later, does."""
    first, second = two

    async def claims_nothing() -> bool:
        return False

    monkeypatch.setattr(first.dispatcher, "_dispatch_due", claims_nothing)
    await stage.mika.write("制作会社A様 今日 11:00")
    await stage.mika.next_bot_message()
    await second.dispatcher.wait_idle()
    await stage.mika.write("制作会社B様 昨日 17:00")
    await stage.mika.next_bot_message()
    await until(lambda: second.dispatcher._notified_due == stage.at(13))  # it knows what it waits for now
    stage.clock.advance_to(stage.at(13))
    assert "制作会社B" in text_of(await stage.mika.next_bot_message())


async def test_a_claim_leaves_what_somebody_else_holds(stage: Stage, close_later: CloseLater) -> None:
    """A member's record is being changed while a claim is made: the others' reminders do not wait for it."""
    ken = stage.discord.add_user("ken")
    async with stage.open_bot() as bot:
        for person in (stage.mika, ken):
            await person.write("制作会社A様 昨日 17:00")
            await person.next_bot_message()
        await ken.next_bot_message()  # the welcome
        other = close_later(await connect(stage.database_url))
        async with other.write() as transaction:
            held = "SELECT occurrence_id FROM occurrences WHERE member_id = $1 FOR UPDATE"
            await transaction.fetch(held, stage.mika.user.id)
            stage.clock.advance_to(stage.at(13))
            async with asyncio.timeout(5):
                await bot.dispatcher.wait_idle()
            assert (len(ken.drain_bot_messages()), len(stage.mika.drain_bot_messages())) == (1, 0)
        await bot.dispatcher.wait_idle()
        assert len(stage.mika.drain_bot_messages()) == 1


async def test_digests_and_the_daily_purge_are_one_processs(stage: Stage, two: tuple[RunningBot, RunningBot]) -> None:
    await stage.mika.command("received", client="A社", at="11:00")
    await stage.mika.command("settings", digest="weekly")
    stage.clock.advance_to(stage.at(12, days=8))
    for each in (*two, *two):
        await each.periodic_tasks.wait_idle()
    await asyncio.gather(*(each.periodic_tasks.wait_idle() for each in two))
    digests = [each for each in stage.news() if shows(text_of(each), "digest-title")]
    assert len(digests) == 1
    tried = [
        each
        for each in stage.discord.requests
        if isinstance(each.body, dict) and "digest-" in str(each.body.get("nonce"))
    ]
    assert len(tried) == 1
