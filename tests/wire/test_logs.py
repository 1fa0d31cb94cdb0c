"""The log: one id through everything that belongs to an interaction, a message, a delivery; never a word or a token."""

import asyncio
import io
import json
import logging
import zipfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import redirect_stderr
from email.message import EmailMessage
from typing import Any

import pytest
import structlog

from bot.discord_app import registry
from bot.discord_app.inbound import dm_handler
from bot.discord_app.timeouts import Timeouts
from bot.errors import StorageError
from bot.fake_discord.api_errors import CANNOT_SEND_TO_USER
from bot.fake_discord.payloads import find_slash_command
from bot.logging_setup import configure_logging
from bot.services.members import MemberService
from bot.services.recording import RecordingService
from bot.services.status import StatusQueries
from bot.settings import read_settings
from tests.helpers.scenarios import correct
from tests.helpers.stage import Stage
from tests.helpers.wording import says

POST = ("POST", r"/channels/\d+/messages")
SECRET = "秘密hush"
HOSTILE = f"**[{SECRET}](https://example.com)** ||<@1>|| `{SECRET}` %s %(name)s {{0}} \\u0000\n```{SECRET}```"


class Log:
    """The log lines since the last reading."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    def text(self) -> str:
        """The lines as they were printed."""
        text = self._stream.getvalue()
        self._stream.seek(0)
        self._stream.truncate()
        return text

    def lines(self) -> list[dict[str, Any]]:
        """The lines of the JSON format, parsed."""
        return [json.loads(line) for line in self.text().splitlines()]


@pytest.fixture(params=["json", "console"])
def form(request: pytest.FixtureRequest) -> str:
    """Of a line."""
    return str(request.param)


@pytest.fixture
def log(form: str) -> Log:
    """The log as an operator sets it up, at its most talkative."""
    environ = {"DISCORD_TOKEN": "rehearsal-token", "LOG_LEVEL": "DEBUG", "LOG_FORMAT": form}
    stream = io.StringIO()
    with redirect_stderr(stream):
        configure_logging(read_settings(environ))
    structlog.configure(**{**structlog.get_config(), "cache_logger_on_first_use": False})
    return Log(stream)


def eml(subject: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "noreply@lancers.co.jp"
    mail["Subject"] = subject
    mail["Date"] = "Tue, 24 Nov 2026 09:00:00 +0900"
    mail.set_content(SECRET)
    return mail.as_bytes()


def bundle(names: Sequence[str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, eml(f"{SECRET}さんからのメッセージ受信通知"))
    return packed.getvalue()


async def speaks_of_it(*_: object, **__: object) -> Any:
    """A fault of ours that quotes what it was given, and the one it came from."""
    try:
        {}[SECRET]
    except KeyError as fault:
        raise ExceptionGroup(SECRET, [ValueError(f"invalid literal: {SECRET!r}")]) from fault


async def write_everywhere(stage: Stage) -> None:
    """A secret in every place where a member can write."""
    mika = stage.mika
    for words in (f"{SECRET}様 昨日 17:00", SECRET, HOSTILE, "件名: " + SECRET, SECRET * 200):
        await mika.write(words)
        await mika.next_bot_message()
    embed = {"type": "rich", "title": f"{SECRET}さんからのメッセージ受信通知", "description": HOSTILE}
    await mika.forward(SECRET, posted_at=stage.at(9))
    await mika.next_bot_message()
    await mika.forward("", posted_at=stage.at(9), embeds=[embed])
    receipt = await mika.next_bot_message()
    await mika.write(files=[(f"{SECRET}.eml", eml(f"{SECRET}さんからのメッセージ受信通知"))])
    await mika.next_bot_message()
    await mika.write(files=[(f"{SECRET}.eml", b"\x00" + SECRET.encode()), (f"{SECRET}.png", SECRET.encode())])
    await stage.discord.state.wait_until(lambda: len(mika.bot_messages()) >= 10)
    mika.drain_bot_messages()
    for command, options in (
        ("received", {"client": SECRET, "at": "10:00", "thread": HOSTILE[:90]}),
        ("received", {"client": SECRET, "at": SECRET}),
        ("replied", {"client": HOSTILE[:90]}),
        ("check", {"client": SECRET, "thread": SECRET}),
        ("away", {"leaves": SECRET, "returns": SECRET}),
        ("fee", {"amount": SECRET}),
        ("import", {"file": (f"{SECRET}.csv", f"thread,direction,sent_at\n{SECRET},{SECRET},{SECRET}\n".encode())}),
        ("import", {"file": (f"{SECRET}.zip", bundle([f"{SECRET}.eml", f"../{SECRET}.eml"]))}),
        ("import", {"file": (f"{SECRET}.zip", SECRET.encode())}),
        ("goal", {"line": SECRET, "category": SECRET, "source": SECRET}),
        ("job add", {"method": "project", "reward": "50,000", "date": SECRET}),
        ("job add", {"method": "project", "reward": "50,000", "category": SECRET, "client": SECRET}),
        ("export", {}),
        ("status", {}),
        ("history", {}),
    ):
        used = find_slash_command(stage.discord.state, command)
        known = {each["name"] for each in used.get("options", [])}
        needed = {each["name"]: SECRET for each in used.get("options", []) if each.get("required")}
        await mika.command(command, **{**needed, **{name: value for name, value in options.items() if name in known}})
    opened = await correct(mika, receipt, "correct-time")
    await mika.submit_modal(opened, SECRET)
    await mika.complete("received", "client", SECRET)
    listed = await mika.command("pending")
    for forged in (SECRET, f"press:thread:1:{SECRET}", "press:thread:999:show", "x" * 80 + SECRET):
        await mika.click_custom_id(listed.message, forged)
    posted = await mika.write(f"{SECRET}様")
    await mika.next_bot_message()
    menu = next(each["name"] for each in stage.discord.state.commands if each.get("type") == 3)
    await mika.menu(menu, posted)


async def break_everything(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults of Discord's, of the database's and of ours, each with the secret in it."""
    mika, faults = stage.mika, stage.discord.faults
    await mika.command("received", client=f"{SECRET}社", at="昨日 17:00")  # whose reminder is refused in the end
    for status in (503, 500, 429):
        faults.status(*POST, status) if status != 429 else faults.rate_limit(*POST, 0.01)
        await mika.write(f"{SECRET}様 今日 9:0{status % 9}")
        await mika.next_bot_message()
    faults.rate_limit("POST", "/interactions/", 0.01)
    await mika.command("status")
    faults.drop_connection("POST", "/interactions/", "after")
    await mika.command("received", client=SECRET, at="10:00")
    faults.status("POST", "/interactions/", 400)
    await mika.command("status")
    for event in ("MESSAGE_CREATE", "INTERACTION_CREATE", "CHANNEL_UPDATE"):
        await stage.discord.gateway.dispatch(event, {"nonsense": SECRET, "id": SECRET, "type": SECRET})
    with monkeypatch.context() as broken:
        broken.setattr(RecordingService, "record", speaks_of_it)
        broken.setattr(StatusQueries, "list_recent_threads", speaks_of_it)
        broken.setattr(StatusQueries, "search_clients", speaks_of_it)
        await mika.write(f"{SECRET}様 今日 9:00")
        await mika.next_bot_message()
        await mika.command("received", client=SECRET)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await mika.complete("received", "client", SECRET)
    with monkeypatch.context() as broken:
        broken.setattr(dm_handler, "to_incoming_message", speaks_of_it)
        # a command that breaks outside of everything
        broken.setattr(registry, "interaction_context", lambda _: _raise(SECRET))
        await mika.write(SECRET)
        await mika.next_bot_message()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await mika.command("received", client=SECRET)
    loop = asyncio.get_running_loop()
    loop.call_soon(_raise, SECRET)
    forgotten = asyncio.create_task(speaks_of_it(), name="forgotten")
    await asyncio.wait({forgotten})
    del forgotten
    logging.getLogger("discord.ui.view").error("Ignoring exception in view %r for item %r", [SECRET], {SECRET: 1})
    faults.dm_blocked[mika.user.id] = CANNOT_SEND_TO_USER
    stage.clock.advance_to(stage.at(13))
    await stage.move_to(stage.at(13))
    await stage.discord.gateway.close_all()
    await stage.discord.wait_for_bot()


def _raise(words: str) -> None:
    raise RuntimeError(words)


@pytest.mark.slow
@pytest.mark.parametrize("timeouts", [Timeouts(request_retry_delays=(0.01, 0.01))])
async def test_neither_words_nor_tokens_are_logged_whatever_breaks(
    stage: Stage, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.open_bot() as bot:
        await write_everywhere(stage)
        await break_everything(stage, monkeypatch)
        await bot.client.finish_handlers()
    logged = log.text()
    for expected in (
        "request_refused", "send_retried", "response_retried", "event_malformed", "message_failed", "interaction_failed", "delivery_attempted",
        "direct_message_refused", "rate limit", "Ignoring exception in command", "Ignoring exception in autocomplete",
        "Ignoring exception in view", "Exception in callback", "never retrieved", "builtins.KeyError",
        "builtins.ValueError",
    ):  # fmt: skip
        assert expected in logged, expected
    assert [line for line in logged.splitlines() if "ひみつ" in line or "hush" in line] == []
    assert "\\u3072" not in logged
    assert stage.discord.token not in logged
    assert [token for token in stage.discord.state.interactions if token in logged] == []


def test_addresses_of_interactions_and_the_token_are_taken_out_of_others_lines(log: Log) -> None:
    for words in ("POST https://discord.com/api/v10/interactions/12/aW50.x-_y/callback", "/webhooks/34/aW50.x-_y"):
        logging.getLogger("discord.http").warning("%s responded with %s", words, 429)
    logging.getLogger("elsewhere").warning("Bot rehearsal-token")
    logged = log.text()
    assert "aW50" not in logged
    assert "interactions/12/[token]/callback" in logged
    assert "responded with 429" in logged
    assert "rehearsal-token" not in logged


def test_libraries_that_print_what_they_handle_are_not_heard(log: Log) -> None:
    for library in ("aiosqlite", "asyncpg", "discord.gateway", "discord.http", "aiohttp.client"):
        logging.getLogger(library).debug(SECRET)
    logging.getLogger("aiosqlite").info(SECRET)
    structlog.get_logger("bot.anything").debug("heard")
    logged = log.text()
    assert SECRET not in logged
    assert "heard" in logged


@pytest.mark.both_engines
@pytest.mark.parametrize("form", ["json"])
class TestOneId:
    """Every line between one thing's beginning and its end belongs to it, and says so."""

    @pytest.mark.parametrize("timeouts", [Timeouts(request_retry_delays=(0.01, 0.01))])
    async def test_of_a_message(self, up: Stage, log: Log) -> None:
        up.discord.faults.status(*POST, 503)
        up.discord.faults.rate_limit(*POST, 0.01)
        said = await self._lines(log, lambda: _write_and_hear(up, "？"))
        assert {"send_retried"} <= {each["event"] for each in said}
        assert any("rate limited" in each["event"] for each in said)  # discord.py's own
        [message] = {each.get("message_id") for each in said}
        assert message == max(each.id for each in up.mika.visible_messages() if each.author is up.mika.user)
        assert {each["member_id"] for each in said} == {up.mika.user.id}

    async def test_of_a_message_that_the_database_refuses(
        self, up: Stage, log: Log, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def refuses(*_: object, **__: object) -> None:
            raise StorageError("storage-busy")

        monkeypatch.setattr(MemberService, "get_or_register", refuses)
        said = await self._lines(log, lambda: _write_and_hear(up, "？"))
        assert [each["event"] for each in said] == ["message_not_recorded"]
        assert "message_id" in said[0]

    async def test_of_a_command_and_what_it_started(self, up: Stage, log: Log) -> None:
        up.discord.faults.rate_limit("POST", "/interactions/", 0.01)
        channel = up.discord.add_guild()

        async def greeted() -> None:
            await up.mika.command("received", client="A社", at="昨日 17:00", channel=channel)
            await up.mika.next_bot_message()
            await up.bot.client.finish_handlers()  # type: ignore[union-attr]

        said = await self._lines(log, greeted)
        events = {each["event"] for each in said}
        assert {"direct_message_channel_opened", "response_retried"} <= events
        [interaction] = {each.get("interaction_id") for each in said}
        assert interaction in {each.id for each in up.discord.state.interactions.values()}

    async def test_of_a_completion_a_press_and_a_form(
        self, up: Stage, log: Log, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await up.mika.write("制作会社A様 今日 9:00")
        receipt = await up.mika.next_bot_message()
        menu = (await up.mika.click(receipt, says("action-correct"))).message
        opened = await up.mika.click(menu, says("correct-time"))
        await up.mika.click(menu, says("action-back"))
        monkeypatch.setattr(StatusQueries, "list_recent_threads", speaks_of_it)
        monkeypatch.setattr(StatusQueries, "search_clients", speaks_of_it)

        async def breaks() -> None:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await up.mika.complete("received", "client", "制")
            await up.mika.click(receipt, says("action-correct"))
            await up.mika.submit_modal(opened, "いつか")

        said = await self._lines(log, breaks)
        assert len(said) == 3
        assert {each["interaction_id"] for each in said} == {
            each.id for each in list(up.discord.state.interactions.values())[-3:]
        }

    @pytest.mark.parametrize("timeouts", [Timeouts(request_retry_delays=(0.01, 0.01))])
    async def test_of_a_delivery(self, up: Stage, log: Log) -> None:
        await up.mika.write("制作会社A様 昨日 17:00")
        await up.mika.next_bot_message()
        up.discord.faults.status(*POST, 503)
        up.discord.faults.rate_limit(*POST, 0.01)
        said = await self._lines(log, lambda: up.live_to(up.at(13)))
        assert {"send_retried", "delivery_attempted"} <= {each["event"] for each in said}
        assert any("rate limited" in each["event"] for each in said)
        [(delivery,)] = await up.rows("SELECT delivery_id FROM deliveries")
        assert {each.get("delivery_id") for each in said} == {delivery}
        assert {each["member_id"] for each in said} == {up.mika.user.id}

    async def test_of_an_interaction_that_goes_well(self, up: Stage, log: Log) -> None:
        log.lines()
        await up.mika.command("status")
        await up.bot.client.finish_handlers()  # type: ignore[union-attr]
        [said] = [each for each in log.lines() if each["event"] == "interaction_ended"]
        assert (said["interaction"], said["outcome"], said["level"]) == ("/status", "answered", "debug")
        assert said["interaction_id"] in {each.id for each in up.discord.state.interactions.values()}
        assert said["member_id"] == up.mika.user.id

    async def test_two_at_once_keep_theirs(self, up: Stage, log: Log) -> None:
        ken = up.discord.add_user("ken")

        async def both() -> None:
            await asyncio.gather(*(each.command("received", client="A社", at="？") for each in (up.mika, ken)))

        said = await self._lines(log, both)
        assert {each["member_id"] for each in said} == {up.mika.user.id, ken.user.id}
        assert len({each["interaction_id"] for each in said}) == 2

    @staticmethod
    async def _lines(log: Log, happens: Callable[[], Awaitable[object]]) -> list[dict[str, Any]]:
        log.lines()
        await happens()
        return [each for each in log.lines() if each["event"] not in {"data_purged", "interaction_ended"}]


async def _write_and_hear(up: Stage, words: str) -> None:
    await up.mika.write(words)
    await up.mika.next_bot_message()
