"""The gateway as Discord drives it: told to reconnect, sessions declared invalid, beats unheard, doors closed."""

import asyncio
from typing import Any

import discord
import pytest
from aiohttp import web

from bot.discord_app.timeouts import Timeouts
from bot.domain.calendar import instant_to_micros
from bot.errors import DiscordError
from bot.fake_discord import gateway, server
from bot.fake_discord.users import FakeUser, text_of
from tests.helpers.scenarios import due_at_one, outcomes
from tests.helpers.stage import Stage

Json = dict[str, Any]


async def test_told_to_reconnect_it_resumes_and_hears_what_it_missed(up: Stage) -> None:
    [session] = up.discord.gateway.sessions.values()
    await up.discord.gateway.ask_to_reconnect()
    await up.mika.write("制作会社A様 今日 9:00")
    assert "制作会社A" in text_of(await up.mika.next_bot_message())
    assert list(up.discord.gateway.sessions.values()) == [session]
    assert up.news() == []


async def test_what_a_resumed_session_tells_late_is_of_when_it_was_said(up: Stage) -> None:
    for client in ("甲社", "乙社"):
        await up.mika.command("received", client=client, at="9:00")
    up.discord.faults.gateway.append("refused")
    await up.discord.gateway.close_all()
    await up.mika.write("甲社に返信しました")
    command = asyncio.create_task(up.mika.command("replied", client="乙社"))
    await up.discord.state.wait_until(
        lambda: any(each.response is None for each in up.discord.state.interactions.values())
    )
    up.clock.advance_to(up.at(12, 4))
    async with asyncio.timeout(10):
        while len(sent := await up.rows("SELECT sent_at FROM messages WHERE direction = 'sent'")) < 2:  # noqa: ASYNC110 — another connection
            await asyncio.sleep(0.02)
    command.cancel()
    assert {row[0] for row in sent} == {instant_to_micros(up.at(12))}


async def test_without_a_resumed_session_a_message_is_of_when_it_arrives(up: Stage) -> None:
    """The ids of a server, or the clock of this machine, may be behind."""
    await up.mika.command("received", client="甲社", at="9:00")
    earlier = await up.mika.write("ヘルプ")
    await up.mika.next_bot_message()
    late = {"id": str(discord.utils.time_snowflake(up.at(11, 59))), "content": "甲社に返信しました"}
    await up.discord.gateway.dispatch("MESSAGE_CREATE", earlier.payload() | late, intent=gateway.DIRECT_MESSAGES)
    await up.mika.next_bot_message()
    [[sent_at]] = await up.rows("SELECT max(sent_at) FROM messages WHERE direction = 'sent'")
    assert sent_at == instant_to_micros(up.at(12))


async def test_an_invalid_session_that_may_be_resumed_is(up: Stage) -> None:
    [session] = up.discord.gateway.sessions.values()
    await up.discord.gateway.invalidate(resumable=True)
    await up.mika.write("制作会社A様 今日 9:00")
    assert "制作会社A" in text_of(await up.mika.next_bot_message())
    assert list(up.discord.gateway.sessions.values()) == [session]


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("code", [1000, 1006, 4000, 4007, 4009])
async def test_whatever_closes_the_gateway_for_a_moment_it_comes_back(up: Stage, code: int) -> None:
    if code == 1006:  # nobody says it: the connection is cut
        for session in up.discord.gateway.sessions.values():
            session.socket._req.transport.abort()  # type: ignore[union-attr]
    else:
        await up.discord.gateway.close_all(code)
    await up.mika.write("制作会社A様 今日 9:00")
    assert "制作会社A" in text_of(await up.mika.next_bot_message())


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("code", [4004, 4013, 4014])
async def test_a_gateway_that_closes_for_good_is_a_sentence(up: Stage, code: int) -> None:
    assert up.bot is not None
    await up.discord.gateway.close_all(code)
    with pytest.raises(DiscordError) as told:
        await asyncio.wait_for(asyncio.shield(up.bot.gateway_task), 10)
    assert told.value.message_id == "discord-lost"


@pytest.mark.parametrize("timeouts", [Timeouts(gateway_silence=0.2, gateway_ack=0.5)])
async def test_a_connection_lasts_whatever_the_interval_of_its_heartbeats(stage: Stage) -> None:
    """The server says how often it wants one: it may be less often than the bot gives a silent connection up."""
    stage.discord.gateway.heartbeat_milliseconds = 500
    async with stage.open_bot():
        await asyncio.sleep(1.2)
        assert stage.discord.gateway.connections == 1
        [shard] = stage.bot.client.shards.values()
        assert shard.latency < 0.4  # from the heartbeat to its acknowledgement, not from the one before
        stage.discord.faults.ignore_heartbeats = True
        await stage.discord.state.wait_until(lambda: stage.discord.gateway.connections > 1)


async def test_unacknowledged_heartbeats_end_the_connection_and_a_new_one_is_made(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A peer that is gone without a word: nothing is ever received."""
    stage.discord.gateway.heartbeat_milliseconds = 100
    receive = discord.gateway.DiscordWebSocket.from_client

    async def impatient(*args: Any, **kwargs: Any) -> Any:
        socket = await receive(*args, **kwargs)
        socket._max_heartbeat_timeout = 0.5
        if socket._keep_alive is not None:
            socket._keep_alive.heartbeat_timeout = 0.5
        return socket

    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "from_client", impatient)
    async with stage.open_bot():
        [session] = stage.discord.gateway.sessions.values()
        stage.discord.faults.ignore_heartbeats = True
        gone = session.socket
        async with asyncio.timeout(10):
            while session.socket is gone or session.socket is None:  # noqa: ASYNC110 — real time
                await asyncio.sleep(0.02)
        stage.discord.faults.ignore_heartbeats = False
        await stage.mika.write("制作会社A様 今日 9:00")
        assert "制作会社A" in text_of(await stage.mika.next_bot_message())


async def test_a_ready_with_no_more_than_it_must_have(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    send = gateway.Gateway._send

    async def send_less(self: gateway.Gateway, session: gateway.GatewaySession, event: str, data: Json) -> None:
        if event == "READY":
            kept = ("v", "user", "guilds", "session_id", "resume_gateway_url", "application", "shard")
            data = {key: value for key, value in data.items() if key in kept}
            data["user"] = {
                key: value
                for key, value in data["user"].items()
                if key in {"id", "username", "discriminator", "avatar", "global_name"}
            }
        await send(self, session, event, data)

    monkeypatch.setattr(gateway.Gateway, "_send", send_less)
    async with stage.open_bot():
        await stage.mika.write("制作会社A様 今日 9:00")
        assert "制作会社A" in text_of(await stage.mika.next_bot_message())


async def test_an_interaction_in_a_channel_of_which_little_is_told(up: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    payload = FakeUser._interaction_payload

    def payload_with_less(self: FakeUser, *args: Any) -> Json:
        told = payload(self, *args)
        told["channel"] = {"id": told["channel_id"], "type": 1}
        for key in ("app_permissions", "entitlements", "authorizing_integration_owners"):
            del told[key]
        return told

    monkeypatch.setattr(FakeUser, "_interaction_payload", payload_with_less)
    answer = await up.mika.command("received", client="A社", at="10:00")
    assert "A社" in answer.text
    assert not answer.ephemeral


async def test_answers_in_pieces_in_another_order_and_with_more_than_is_known(
    up: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = server._json_response

    def answer_otherwise(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
        if isinstance(body, dict):
            body = {"new": {"since": [2027]}, **dict(reversed(body.items()))}
        response = answer(status, body, headers)
        response.enable_chunked_encoding()
        return response

    monkeypatch.setattr(server, "_json_response", answer_otherwise)
    await due_at_one(up)
    assert "制作会社A" in (await up.mika.command("pending")).text
    await up.live_to(up.at(13))
    assert len(up.news()) == 1
    assert await outcomes(up) == ["delivered"]
