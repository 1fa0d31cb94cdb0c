"""What the doctor says of the address for LMTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.mail.intake import IncomingMail
from bot.mail.lmtp import LmtpLimits, lmtp_served
from bot.ops.checks.lmtp import check_lmtp
from bot.settings import MailSettings, read_settings
from tests.helpers.machine import free_port


def settings_for(address: str) -> MailSettings:
    return read_settings({"MAIL_ADDRESS": "box@example.jp", "MAIL_LMTP": address}).mail


@pytest.fixture(params=["port", "every address", "path"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    names = {"port": f"127.0.0.1:{free_port()}", "every address": f"0.0.0.0:{free_port()}"}
    return names.get(request.param, f"unix:{tmp_path}/lmtp")


async def said(address: str) -> tuple[str, str]:
    result = await check_lmtp(settings_for(address), answer_timeout=0.2)
    assert result is not None
    return result.message_id, result.severity


async def take(_mail: IncomingMail) -> None:
    raise AssertionError


@asynccontextmanager
async def another_program(address: str, greeting: bytes) -> AsyncIterator[None]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await reader.read()
        writer.close()
        ended.set()

    ended = asyncio.Event()

    if address.startswith("unix:"):
        server = await asyncio.start_unix_server(answer, address.removeprefix("unix:"))
    else:
        host, _, port = address.rpartition(":")
        server = await asyncio.start_server(answer, host, int(port))
    try:
        yield
        await ended.wait()
    finally:
        server.close()


async def test_without_the_setting_nothing_is_said() -> None:
    assert await check_lmtp(read_settings({}).mail) is None


async def test_a_free_address_stays_free(address: str, tmp_path: Path) -> None:
    assert await said(address) == ("doctor-lmtp-free", "fine")
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []
    async with lmtp_served(address, take, mailbox="box@example.jp"):
        pass


@pytest.mark.parametrize("connections", [20, 0])
async def test_a_bot_that_runs_is_recognised(address: str, connections: int) -> None:
    async with lmtp_served(address, take, mailbox="box@example.jp", limits=LmtpLimits(connections=connections)):
        assert await said(address) == ("doctor-lmtp-served", "fine")


@pytest.mark.parametrize("greeting", [b"220 example.jp ESMTP Postfix\r\n", b""])
async def test_another_program_is_named(address: str, greeting: bytes) -> None:
    async with another_program(address, greeting):
        assert await said(address) == ("doctor-lmtp-other", "wrong")


async def test_an_address_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    for address in (f"unix:{tmp_path}/no/lmtp", f"unix:{tmp_path}/{'x' * 200}", "192.0.2.1:2424"):
        assert await said(address) == ("setting-lmtp-refused", "wrong")
