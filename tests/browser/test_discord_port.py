"""Which requests the fake Discord behind the page accepts: requests as other pages and programs would send them."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.cli.demo.environment import open_demo
from bot.domain.calendar import EPOCH
from bot.fake_discord.clock import ManualClock
from bot.fake_discord.server import FakeDiscord
from bot.fake_discord.state import PNG_SIGNATURE
from bot.i18n.translations import get_translations

PATHS = ["/gw", "/gw/", "/api/v10/gateway", "/api/v10/users/@me", "/attachments/1/1/a.txt", "/nonsense"]
OTHER_PAGES = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(ManualClock(EPOCH + timedelta(days=20_000))) as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def authorization(discord: FakeDiscord) -> dict[str, str]:
    return {"Authorization": f"Bot {discord.token}"}


async def test_each_run_has_a_token_of_its_own() -> None:
    tokens = set()
    for _ in range(2):
        async with open_demo({}, get_translations("en"), "mika") as demo:
            assert demo.settings.token == demo.discord.token
            tokens.add(demo.discord.token)
    assert len(tokens) == 2
    assert min(map(len, tokens)) >= 24


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}", ""]
)
async def test_another_name_for_this_machine_is_refused(
    discord: FakeDiscord, client: aiohttp.ClientSession, path: str, host: str
) -> None:
    headers = authorization(discord) | {"Host": host.format(port=discord.state.address.rsplit(":", 1)[1])}
    async with client.get(discord.state.address + path, headers=headers) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("headers", OTHER_PAGES)
async def test_another_page_is_refused(
    discord: FakeDiscord, client: aiohttp.ClientSession, path: str, headers: dict[str, str]
) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        async with client.request(
            method, discord.state.address + path, headers=authorization(discord) | headers
        ) as answer:
            assert answer.status == 403
            assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    assert discord.requests == []


@pytest.mark.parametrize("headers", [*OTHER_PAGES, {"Host": "evil.example"}])
async def test_another_page_opens_no_websocket(
    discord: FakeDiscord, client: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.ws_connect(discord.state.address + "/gw", headers=headers)
    assert refused.value.status == 403
    assert discord.gateway.connections == 0


@pytest.mark.parametrize("token", ["rehearsal-token", "", None, "x" * 24, 5, {}])
async def test_without_the_token_nothing_is_heard_and_nothing_is_said(
    discord: FakeDiscord, client: aiohttp.ClientSession, token: object
) -> None:
    mika = discord.add_user("mika")
    async with client.ws_connect(discord.state.address + "/gw") as socket:
        await socket.receive_json()
        await socket.send_json({"op": 2, "d": {"token": token, "intents": 1 << 12}})
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == 4004
    channel = discord.state.dm_with(mika.user).id
    for method in ("GET", "POST"):
        async with client.request(
            method, f"{discord.api_url}/channels/{channel}/messages", headers={"Authorization": f"Bot {token}"}
        ) as answer:
            assert answer.status == 401


@pytest.mark.parametrize(
    "frame",
    [
        "", "{", "[]", "5", "null", "[" * 100_000, '{"op": 2}', '{"op": 2, "d": []}', '{"op": 6, "d": null}',
        '{"op": 6, "d": {"session_id": []}}', '{"op": 2, "d": {"token": {}}}', '{"op": [], "d": {}}',
        '{"op": ' + "9" * 5000 + "}",
    ],
)  # fmt: skip
async def test_a_frame_that_is_none_ends_its_connection_alone(
    discord: FakeDiscord, client: aiohttp.ClientSession, frame: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with client.ws_connect(discord.state.address + "/gw") as socket:
        await socket.receive_json()
        await socket.send_str(frame)
        await socket.send_json({"op": 2, "d": {"token": discord.token, "intents": 0}})
        answer = await socket.receive()  # closed, or the frame was ignored and this is READY
        assert answer.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.TEXT}
        assert socket.close_code in {None, 4002, 4004}
    assert caplog.records == []


HUGE = "9" * 5000


@pytest.mark.parametrize("number", [HUGE, "9" * 30, "0", "-1", "x", "٣", "²", "1.0", "%00"])
async def test_a_number_that_is_no_file_is_not_found(
    discord: FakeDiscord, client: aiohttp.ClientSession, number: str
) -> None:
    async with client.get(f"{discord.state.address}/attachments/1/{number}/a.txt") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"/channels/{HUGE}", 404),
        ("GET", f"/channels/{HUGE}/messages", 404),
        ("GET", "/channels/{channel}/messages?limit=x", 400),
        ("GET", "/channels/{channel}/messages?limit=" + "9" * 5000, 400),
        ("GET", "/channels/{channel}/messages?after=x", 400),
        ("GET", "/channels/{channel}/messages?before=-", 400),
    ],
)
async def test_a_number_that_cannot_be_is_refused(
    discord: FakeDiscord, client: aiohttp.ClientSession, method: str, path: str, status: int
) -> None:
    channel = discord.state.dm_with(discord.add_user("mika").user).id
    async with client.request(
        method, discord.api_url + path.format(channel=channel), headers=authorization(discord)
    ) as answer:
        assert answer.status == status


async def test_a_charset_that_is_none_is_refused(discord: FakeDiscord, client: aiohttp.ClientSession) -> None:
    headers: dict[str, Any] = authorization(discord) | {"Content-Type": "application/json; charset=none"}
    async with client.post(discord.api_url + "/users/@me/channels", data="{}", headers=headers) as answer:
        assert answer.status == 400


def test_a_picture_that_was_cut_off_is_a_file_without_a_size(discord: FakeDiscord) -> None:
    channel = discord.state.dm_with(discord.add_user("mika").user)
    for length in (8, 23):
        [attachment] = discord.state.store_files(channel, [("a.png", (PNG_SIGNATURE + bytes(20))[:length])])
        assert "width" not in attachment


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[" * 100_000,
        '{"recipient_id": "x"}',
        "[]",
        "null",
        json.dumps({"recipient_id": HUGE}),
        '{"recipient_id": ' + HUGE + "}",
    ],
)
async def test_a_body_that_is_none_is_refused(discord: FakeDiscord, client: aiohttp.ClientSession, body: str) -> None:
    headers: dict[str, Any] = authorization(discord) | {"Content-Type": "application/json"}
    async with client.post(discord.api_url + "/users/@me/channels", data=body, headers=headers) as answer:
        assert answer.status == 400
