"""A gateway that fails in every way Discord's can: connections are counted, pauses are moved over and added up."""

import asyncio
from dataclasses import replace
from typing import Any, get_args

import pytest
import structlog

from bot.discord_app import session_starts, shard_connection
from bot.discord_app.shard_connection import MAX_RECONNECT_PAUSE, reconnect_pause
from bot.discord_app.timeouts import DEFAULT_TIMEOUTS
from bot.errors import DiscordError
from bot.fake_discord.fault_injection import GatewayFault
from bot.fake_discord.users import FakeUser, text_of
from tests.helpers.amounts import others_slow, with_slow
from tests.helpers.stage import Stage

pytestmark = [pytest.mark.both_engines, pytest.mark.others_on_sqlite]

OUTAGE_SECONDS = 300.0

SILENT = ("no_upgrade", "no_hello", "no_session")
"""Each of these connections ends with a time-out."""


class MovedTime:
    """What the bot waited for, without waiting."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self.enough = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        if sum(self.pauses) >= OUTAGE_SECONDS:
            self.enough.set()
        await asyncio.sleep(0)


@pytest.fixture
async def known(moved: MovedTime, up: Stage) -> Stage:
    """The bot knows mika's channel, and reads what she wrote while no session was there."""
    del moved  # before the bot starts
    await up.mika.write("制作会社Z様 今日 8:00")
    await up.mika.next_bot_message()
    return up


@pytest.fixture
async def moved(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> MovedTime:
    """The pauses between connections take no time, and a step that hangs takes little."""
    time = MovedTime()
    for module in (shard_connection, session_starts):
        monkeypatch.setattr(module, "sleep", time.sleep)
    stage.timeouts = replace(stage.timeouts, gateway_step=0.1, gateway_close=0.1, identify_interval=0.0)
    return time


async def outage(stage: Stage, moved: MovedTime, fault: GatewayFault) -> int:
    """Five minutes of it, by the pauses; how many connections were made."""
    gateway = stage.discord.gateway
    before = gateway.connections
    stage.discord.faults.every_gateway = fault
    await gateway.close_all()
    async with asyncio.timeout(60):
        await moved.enough.wait()
    stage.discord.faults.every_gateway = None
    return gateway.connections - before


@pytest.mark.parametrize("fault", others_slow(get_args(GatewayFault)))
async def test_every_failure_backs_off_is_logged_and_recovers(
    moved: MovedTime, known: Stage, fault: GatewayFault
) -> None:
    with structlog.testing.capture_logs() as lines:
        connections = await outage(known, moved, fault)
        await known.mika.write("制作会社A様 今日 9:00")
        assert "制作会社A" in text_of(await known.mika.next_bot_message())
    assert connections <= 35
    assert max(moved.pauses) <= MAX_RECONNECT_PAUSE
    logged = [line for line in lines if line["event"] == "gateway_connection_failed"]
    assert len(logged) >= connections - 3
    assert known.bot is not None
    assert not known.bot.gateway_task.done()


async def test_a_503_and_then_a_close_before_hello(moved: MovedTime, up: Stage) -> None:
    del moved
    up.discord.faults.gateway.extend(["refused", "closed", "refused", "cut", "reconnect"])
    await up.discord.gateway.close_all()
    await up.mika.write("制作会社A様 今日 9:00")
    assert "制作会社A" in text_of(await up.mika.next_bot_message())


@pytest.mark.parametrize("fault", with_slow(["refused", "closed", "cut", "no_hello", "no_upgrade"], SILENT))
async def test_the_session_is_resumed_after_connections_that_failed(
    moved: MovedTime, up: Stage, fault: GatewayFault
) -> None:
    [session] = up.discord.gateway.sessions.values()
    identified = len(up.discord.gateway.identified)
    await outage(up, moved, fault)
    await up.mika.write("制作会社A様 今日 9:00")
    assert "制作会社A" in text_of(await up.mika.next_bot_message())
    assert list(up.discord.gateway.sessions.values()) == [session]
    assert len(up.discord.gateway.identified) == identified
    assert up.news() == []


@pytest.mark.parametrize("fault", with_slow(["reconnect", "resumable", "no_session"], SILENT))
async def test_a_session_that_is_neither_resumed_nor_ended_is_given_up(
    moved: MovedTime, up: Stage, fault: GatewayFault
) -> None:
    resumes = up.discord.gateway.resumes
    await outage(up, moved, fault)
    assert up.discord.gateway.resumes - resumes == shard_connection.MAX_REFUSED_RESUMES


@pytest.mark.parametrize("fault", others_slow(get_args(GatewayFault)))
async def test_a_first_connection_that_fails_is_tried_again(
    stage: Stage, moved: MovedTime, fault: GatewayFault
) -> None:
    del moved
    stage.discord.faults.gateway.extend([fault] * 3)
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 今日 9:00")
        assert "制作会社A" in text_of(await stage.mika.next_bot_message())


async def test_discords_limit_on_new_sessions_is_never_passed(moved: MovedTime, known: Stage) -> None:
    known.discord.faults.session_starts = 20
    known.discord.faults.every_gateway = "invalid"
    with structlog.testing.capture_logs() as lines:
        await known.discord.gateway.close_all()
        async with asyncio.timeout(30):
            while not any(line["event"] == "session_starts_used_up" for line in lines):  # noqa: ASYNC110 — a log line
                await asyncio.sleep(0.01)
        identified = len(known.discord.gateway.identified)
        moved.enough.clear()
        await moved.enough.wait()
    assert known.discord.faults.session_starts == 0
    assert len(known.discord.gateway.identified) == identified
    assert any(line["event"] == "session_start_delayed" for line in lines)
    known.discord.faults.session_starts, known.discord.faults.every_gateway = 1000, None
    await known.mika.write("制作会社A様 今日 9:00")
    assert "制作会社A" in text_of(await known.mika.next_bot_message())


@pytest.mark.parametrize(("stable_seconds", "expected"), [(0.0, [0, 0, 0]), (1000.0, [0, 1, 2])])
async def test_a_session_that_lasted_makes_the_next_pause_none_again(
    moved: MovedTime, known: Stage, stable_seconds: float, expected: list[int]
) -> None:
    assert known.bot is not None
    [connection] = known.bot.client._shard_connections.connections.values()
    connection.timeouts = replace(connection.timeouts, gateway_stable=stable_seconds)
    for number in range(len(expected)):
        await known.discord.gateway.close_all()
        await known.mika.write(f"制作会社A様 今日 9:0{number}")
        await known.mika.next_bot_message()
    assert len(moved.pauses) == len(expected)
    assert all(longest / 2 <= pause <= longest for pause, longest in zip(moved.pauses, expected, strict=True))


def test_pauses_grow_are_random_and_stay_below_a_limit() -> None:
    assert reconnect_pause(1) == 0
    for failures in range(2, 40):
        pauses = {reconnect_pause(failures) for _ in range(50)}
        longest = min(MAX_RECONNECT_PAUSE, 2 ** (failures - 2))
        assert len(pauses) > 40
        assert longest / 2 <= min(pauses) <= max(pauses) <= longest
    assert 2 * DEFAULT_TIMEOUTS.gateway_step + MAX_RECONNECT_PAUSE <= 60


@pytest.mark.parametrize(("code", "message_id"), [(4010, "discord-shard-count"), (4011, "discord-shard-count")])
async def test_a_wrong_number_of_shards_names_the_setting(up: Stage, code: int, message_id: str) -> None:
    assert up.bot is not None
    await up.discord.gateway.close_all(code)
    with pytest.raises(DiscordError) as raised:
        await asyncio.wait_for(asyncio.shield(up.bot.gateway_task), 10)
    assert raised.value.message_id == message_id


async def test_a_direct_message_whose_server_is_null_is_read(up: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    for keys in (("guild_id",), ("guild_id", "member", "webhook_id")):
        await up.mika.write("制作会社A様 今日 9:00", **dict.fromkeys(keys))
        assert "制作会社A" in text_of(await up.mika.next_bot_message())
    payload = FakeUser._interaction_payload

    def payload_with_nulls(self: FakeUser, *args: Any) -> dict[str, Any]:
        return {"guild_id": None, "member": None, **payload(self, *args)}

    monkeypatch.setattr(FakeUser, "_interaction_payload", payload_with_nulls)
    assert "制作会社A" in (await up.mika.command("pending")).text
