"""No text of a mail is kept or told: not in the database, its log, a backup or an export, no log line, no figure."""

import asyncio
import io
import logging
import re
import smtplib
import urllib.request
from collections.abc import Awaitable, Callable
from contextlib import redirect_stderr
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import dns.exception
import dns.resolver
import pytest
import structlog

from bot.domain.types import MemberId
from bot.fake_discord.users import buttons_of
from bot.logging_setup import configure_logging
from bot.mail import intake
from bot.mail.memory_mailbox_session import MemoryMailboxSession
from bot.settings import read_settings
from tests.helpers.canary_mails import (
    CANARY,
    COMMENTED,
    CONFIRMATION_CODE,
    FAILING,
    SECRET_TEXT,
    confirmation_request,
    mail,
    other_mails,
)
from tests.helpers.machine import free_port
from tests.helpers.mail_reading import until
from tests.helpers.stage import Stage
from tests.helpers.wording import says

MAIL_LIBRARIES: Final = ("mail.log", "mail.debug", "imapclient", "dkimpy", "dns", "asyncio")
SECRETS: Final = (CANARY, SECRET_TEXT, CONFIRMATION_CODE)

Deliver = Callable[[bytes], Awaitable[None]]


def secrets_in(data: bytes) -> set[bytes]:
    """What there is of a mail in some bytes, with what is around it."""
    places = ((data.lower().find(secret.encode()), secret) for secret in SECRETS)
    return {data[max(place - 20, 0) : place + 40] for place, _ in places if place >= 0}


def read_files(folder: Path) -> list[bytes]:
    """The contents of all files."""
    return [file.read_bytes() for file in folder.rglob("*") if file.is_file()]


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, stage: Stage) -> Callable[[], str]:
    """The log as an operator sets it up at its most talkative, with every line of the libraries that see a mail."""
    environ = {"DISCORD_TOKEN": stage.discord.token, "DATABASE_URL": stage.database_url, "LOG_LEVEL": "DEBUG"}
    stream = io.StringIO()
    with redirect_stderr(stream):
        configure_logging(read_settings(environ))
    structlog.configure(**{**structlog.get_config(), "cache_logger_on_first_use": False})
    for name in MAIL_LIBRARIES:
        if logging.getLogger(name).level == logging.NOTSET:  # else the bot itself limits it
            caplog.set_level(logging.DEBUG, logger=name)
    return lambda: "".join([stream.getvalue(), *capsys.readouterr()])


@pytest.fixture
def failures(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often the mail that cannot be read was tried; the error quotes it."""
    parse, tries = intake.parse_mail, list[str]()

    def fails(data: bytes, **options: Any) -> Any:
        if FAILING.encode() in data:
            tries.append(FAILING)
            raise ValueError(data.decode())
        return parse(data, **options)

    def unreachable(name: str, *_: object, **__: object) -> Any:
        raise dns.exception.DNSException(name)

    monkeypatch.setattr(intake, "parse_mail", fails)
    monkeypatch.setattr(dns.resolver, "resolve", unreachable)
    return tries


@pytest.fixture(params=["mailbox", "lmtp"])
async def deliver(request: pytest.FixtureRequest, stage: Stage, tmp_path: Path) -> Deliver:
    """Delivers a mail, and returns once it was taken in or could not be."""
    stage.environ |= {"MAIL_ADDRESS": "box@example.jp", "MAIL_LMTP": f"unix:{tmp_path}/lmtp"}
    mailbox = MemoryMailboxSession()

    async def to_mailbox(one: bytes) -> None:
        mailbox.deliver(one)
        if FAILING.encode() not in one:
            await until(lambda: len(mailbox._mails) <= 1 and one not in mailbox._mails.values())

    def hand_over(one: bytes) -> None:
        [address] = re.findall(rb"^Delivered-To: (\S+)", one, re.MULTILINE)[:1]
        with smtplib.LMTP(f"{tmp_path}/lmtp", 0) as client:
            client.ehlo(f"{CANARY}.example.jp")
            client.docmd(f"VRFY {CANARY}")
            client.mail(f"{CANARY}-bounce@{CANARY}-mailer.example")
            assert client.rcpt(address.decode())[0] == 250
            client.data(one)

    if request.param == "mailbox":
        stage.make_mailbox_session = lambda: mailbox
        return to_mailbox
    return lambda one: asyncio.to_thread(hand_over, one)


async def deliver_failing(deliver: Deliver, failures: list[str], address: str, now: datetime) -> None:
    """A mail that cannot be read comes; it is tried again where another one comes, or its server hands it over again."""
    failing = mail(address, FAILING, now)
    await deliver(failing)
    for tries in (1, 2):
        await until(lambda tries=tries: len(failures) >= tries)  # type: ignore[misc]
        in_mailbox = "to_mailbox" in deliver.__qualname__  # type: ignore[attr-defined]
        await deliver(mail(address, f"{CANARY}-{tries}", now) if in_mailbox else failing)
    await until(lambda: len(failures) == 3)


async def press_everything(up: Stage) -> None:
    """The member answers what is asked, confirms the path of the first mail, and refuses that of the others."""
    for message in up.news():
        for label in (says("action-from-lancers"), says("action-not-lancers"), *buttons_of(message)):
            if label in buttons_of(message):
                await up.mika.click(message, label)
                break


@pytest.mark.both_engines
@pytest.mark.slow
async def test_no_text_of_a_mail_is_kept_or_told(
    stage: Stage, tmp_path: Path, deliver: Deliver, failures: list[str], logged: Callable[[], str], engine: str
) -> None:
    port, kept = free_port(), []
    stage.environ |= {"METRICS_PORT": str(port), "BACKUP_KEEP": "2", "BACKUP_FOLDER": str(tmp_path / "backups")}
    async with stage.open_bot() as bot:
        mika, now = MemberId(stage.mika.user.id), stage.clock.now()
        await stage.mika.command("mail")
        service = bot.client.services.mail
        address = service.full_address(await service.get_or_create_address(mika, now=now))
        token = address.partition("+")[2].partition("@")[0]
        await deliver(mail(address, COMMENTED.format("A"), now - timedelta(hours=3)))
        await stage.mika.click(await stage.mika.next_bot_message(), says("action-from-lancers"))
        await service.start_test(mika, now=now)
        for one in other_mails(address, now):
            await deliver(one)
        await deliver_failing(deliver, failures, address, now)
        await deliver(confirmation_request(address))
        await deliver(mail(address, COMMENTED.format("B"), now, sender=f"a@{CANARY}.lancers.co.jp"))
        await bot.client.finish_handlers()
        kept.append(await stage.raw())
        await press_everything(stage)
        await deliver(mail(address, COMMENTED.format("C"), now, sender=f"a@{CANARY}.lancers.co.jp"))
        exported = b"".join((await stage.mika.command("export")).files.values())
        await stage.live_to(stage.at(12, days=1))
        if engine == "sqlite":
            await until(lambda: len(list((tmp_path / "backups").glob("*.db"))) == 2)
        figures = await asyncio.to_thread(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read())
        kept += [await stage.raw(), *read_files(tmp_path)]
    kept += [await stage.raw(), *read_files(tmp_path)]
    log = logged().encode()
    for name in ("A", "B", "F"):
        assert f"制作会社{name}".encode() in kept[-1] + exported
    assert all(word in log for word in (b"mail_taken", b"failed")), "the log was read"
    assert b'nintei_mails_total{outcome="taken"}' in figures
    assert set.union(*map(secrets_in, kept)) == set()
    assert secrets_in(exported) == secrets_in(figures) == secrets_in(log) == set()
    assert token.encode() not in log + figures
