"""Which requests the page accepts: no browser, only requests as other pages and programs would send them."""

import json
import socket
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import aiohttp
import pytest

from bot.domain.calendar import EPOCH
from bot.domain.types import Locale
from bot.fake_discord.clock import ManualClock
from bot.fake_discord.page.web_app import FakeDiscordPage
from bot.fake_discord.server import FakeDiscord
from bot.fake_discord.users import FakeUser

WORDS = {
    "ja": {"page-mail-1": "甲さんからのメッセージ受信通知"},
    "en": {"page-mail-1": "甲さんからのメッセージ受信通知"},
}


class NothingDue:
    """A control of a clock, without a bot that has something to do."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock

    async def next_due(self) -> datetime | None:
        return None

    async def advance_to(self, instant: datetime) -> None:
        self.clock.advance_to(instant)


async def no_bot(_person: FakeUser, _locale: Locale) -> None:
    """Nobody to be told a language."""


async def no_mailbox(_person: FakeUser, _subject: str) -> bool:
    """Nobody has an address."""
    return False


@pytest.fixture
async def page() -> AsyncIterator[FakeDiscordPage]:
    """Without a bot."""
    clock = ManualClock(EPOCH + timedelta(days=20_000))
    async with FakeDiscord(clock) as discord:
        discord.add_guild()
        people = [discord.add_user("mika"), discord.add_user("ken")]
        served = FakeDiscordPage(discord, people, NothingDue(clock), WORDS, deliver_mail=no_mailbox, on_language=no_bot)
        await served.start()
        yield served
        await served.close()


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def origin(page: FakeDiscordPage) -> str:
    return page.address.split("/", 3)[0] + "//" + page.address.split("/")[2]


def action_form(**fields: object) -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("request", json.dumps({"user": "mika", **fields}))
    return form


PATHS = ["", "events", "static/main.js", "files/1", "nonsense"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "[::1]:{port}", ""]
)
async def test_another_name_for_this_machine_is_refused(
    page: FakeDiscordPage, browser: aiohttp.ClientSession, path: str, host: str
) -> None:
    port = page.address.split(":")[2].split("/")[0]
    async with browser.get(page.address + path, headers={"Host": host.format(port=port)}) as answer:
        assert answer.status == 403
        assert "127.0.0.1" in await answer.text()


@pytest.mark.parametrize("path", ["", "/", "/wrong/", "/wrong/events", "/%E3%81%82/", "/../", "//"])
async def test_without_the_token_nothing_is_served(
    page: FakeDiscordPage, browser: aiohttp.ClientSession, path: str
) -> None:
    async with browser.get(origin(page) + path) as answer:
        assert answer.status == 403
        assert "token" in await answer.text()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_page_is_refused(
    page: FakeDiscordPage, browser: aiohttp.ClientSession, path: str, headers: dict[str, str]
) -> None:
    async with browser.get(page.address + path, headers=headers) as answer:
        assert answer.status == 403
        assert "another" in await answer.text()


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}])
async def test_what_acts_must_come_from_the_page(
    page: FakeDiscordPage, browser: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    async with browser.post(
        page.address + "actions", data=action_form(action="advance_clock", minutes=10), headers=headers
    ) as answer:
        assert answer.status == 403
    async with browser.post(
        page.address + "actions", data=action_form(action="advance_clock", minutes=10), headers={"Origin": origin(page)}
    ) as answer:
        assert await answer.json() == {"advanced": True}


async def test_it_listens_on_loopback_alone(page: FakeDiscordPage) -> None:
    port = int(page.address.split(":")[2].split("/")[0])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it only asks which address would be used
        except OSError:
            return  # this machine has no other address
        address = probe.getsockname()[0]
    with socket.socket() as other:
        assert other.connect_ex((address, port)) != 0


@pytest.mark.parametrize(
    "path", ["", "static/main.js", "static/style.css", "nonsense", "static/nonsense", "static/..%2Fsite.py"]
)
async def test_every_answer_bears_the_policy(page: FakeDiscordPage, browser: aiohttp.ClientSession, path: str) -> None:
    async with browser.get(page.address + path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.status == (404 if "nonsense" in path or "site" in path else 200)


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"action": "nonsense"}, {"action": "write"}, {"action": "write", "channel": "1", "content": "x"}, {"action": "write", "channel": "x", "content": "x"},
        {"action": "click", "channel": "1", "message": "1", "custom_id": "x"}, {"action": "advance_clock", "minutes": "soon"}, {"action": "advance_clock", "minutes": None}, {"action": "advance_clock", "minutes": 10**20},
        {"action": "submit_form", "form": "1", "values": []}, {"action": "set_locale", "locale": "xx"}, {"action": "command", "name": 5, "channel": "1", "options": []},
        {"action": ["write"]}, {"user": "nobody", "action": "advance_clock", "minutes": 1}, {"user": {}, "action": "advance_clock"},
    ],
)  # fmt: skip
async def test_nonsense_is_a_refusal(
    page: FakeDiscordPage, browser: aiohttp.ClientSession, fields: dict[str, object]
) -> None:
    async with browser.post(
        page.address + "actions", data=action_form(**fields), headers={"Origin": origin(page)}
    ) as answer:
        assert answer.status == 400


@pytest.mark.parametrize("body", [b"", b"request", b"{}"])
async def test_a_body_that_is_no_form_is_a_refusal(
    page: FakeDiscordPage, browser: aiohttp.ClientSession, body: bytes
) -> None:
    async with browser.post(page.address + "actions", data=body, headers={"Origin": origin(page)}) as answer:
        assert answer.status == 400


async def test_backwards_and_for_ever_the_clock_does_not_go(
    page: FakeDiscordPage, browser: aiohttp.ClientSession
) -> None:
    for minutes in (-10, 0, 10**9):
        async with browser.post(
            page.address + "actions",
            data=action_form(action="advance_clock", minutes=minutes),
            headers={"Origin": origin(page)},
        ) as answer:
            assert "refused" in await answer.json()


async def test_one_person_cannot_act_in_the_others_conversation(
    page: FakeDiscordPage, browser: aiohttp.ClientSession
) -> None:
    async with browser.get(page.address + "events?user=ken") as stream:
        while not (line := (await stream.content.readline()).decode()).startswith("data:") or "channels" not in line:
            pass
    [direct] = [each for each in json.loads(line.removeprefix("data:"))["channels"] if each["dm"]]
    sent = action_form(action="write", channel=direct["id"], content="x")
    async with browser.post(page.address + "actions", data=sent, headers={"Origin": origin(page)}) as answer:
        assert answer.status == 400


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "0", "-1", "x", "٣", "²", "%00"])
async def test_a_number_that_is_no_file_is_not_found(
    page: FakeDiscordPage, browser: aiohttp.ClientSession, number: str
) -> None:
    async with browser.get(page.address + f"files/{number}") as answer:
        assert answer.status == 404


@pytest.mark.parametrize("nonsense", ["[" * 100_000, '{"user": "mika", "action": ' + "9" * 5000 + "}"])
async def test_json_that_cannot_be_read_is_a_refusal(
    page: FakeDiscordPage, browser: aiohttp.ClientSession, nonsense: str
) -> None:
    form = aiohttp.FormData()
    form.add_field("request", nonsense)
    async with browser.post(page.address + "actions", data=form, headers={"Origin": origin(page)}) as answer:
        assert answer.status == 400
