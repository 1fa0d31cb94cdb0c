"""The door for mail servers: LMTP over real sockets, with an intake of the test's own."""

import asyncio
import contextlib
import logging
import smtplib
import socket
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.errors import SettingError, StorageError
from bot.mail.intake import IncomingMail
from bot.mail.lmtp import DEFAULT_LIMITS, LmtpLimits, lmtp_served
from tests.helpers.machine import free_port

TOKEN = "abcdefghij234567klmn"
BOX = "Box@example.jp"
RECIPIENT = f"box+{TOKEN}@example.jp"
SENDER = "sender@example.com"
Result = TypeVar("Result")
MAIL = b"From: a@example.com\r\nSubject: x\r\n\r\nbody\r\n"


@dataclass
class Intake:
    """Notes the mails, and does with each what the test says."""

    mails: list[IncomingMail] = field(default_factory=list)
    error: Exception | None = None
    started: asyncio.Event = field(default_factory=asyncio.Event)
    has_ended: asyncio.Event = field(default_factory=asyncio.Event)
    may_end: asyncio.Event | None = None
    ended: int = 0

    async def take(self, mail: IncomingMail) -> None:
        """See `MailIntake`."""
        self.mails.append(mail)
        self.started.set()
        if self.may_end:
            await self.may_end.wait()
        if self.error:
            raise self.error
        self.ended += 1
        self.has_ended.set()


@pytest.fixture
def intake() -> Intake:
    return Intake()


@asynccontextmanager
async def opened(intake: Intake, path: Path, limits: LmtpLimits = DEFAULT_LIMITS) -> AsyncIterator[Path]:
    """Served at a path while the block runs."""
    async with lmtp_served(f"unix:{path}", intake.take, mailbox=BOX, limits=limits):
        yield path


@pytest.fixture
async def served(intake: Intake, tmp_path: Path) -> AsyncIterator[Path]:
    async with opened(intake, tmp_path / "lmtp.sock") as path:
        yield path


async def talk(path: Path, conversation: Callable[[smtplib.LMTP], Result]) -> Result:
    """Have a conversation beside the event loop."""

    def whole() -> Result:
        with smtplib.LMTP(str(path), 0) as client:
            client.ehlo("mx.example.jp")
            return conversation(client)

    return await asyncio.to_thread(whole)


def hand_over(data: bytes = MAIL, *, to: str = RECIPIENT, options: tuple[str, ...] = ()) -> Callable[[Any], int]:
    """A whole transaction; the status of its last answer."""

    def conversation(client: smtplib.LMTP) -> int:
        for command in (lambda: client.mail(SENDER, options), lambda: client.rcpt(to)):
            if (status := command()[0]) != 250:
                return status
        return client.data(data)[0]

    return conversation


async def test_a_mail_is_taken_in_with_what_the_envelope_says(served: Path, intake: Intake) -> None:
    assert await talk(served, hand_over()) == 250
    assert intake.mails == [IncomingMail(MAIL, RECIPIENT, SENDER)]


async def test_it_is_accepted_only_after_it_was_taken_in(served: Path, intake: Intake) -> None:
    intake.may_end = asyncio.Event()
    task = asyncio.create_task(talk(served, hand_over()))
    await intake.started.wait()
    assert not task.done()
    intake.may_end.set()
    assert (await task, intake.ended) == (250, 1)


@pytest.mark.parametrize("error", [StorageError("storage-busy"), ValueError(f"{RECIPIENT} in the way")])
async def test_an_error_leaves_the_mail_with_the_server(
    error: Exception, served: Path, intake: Intake, capsys: pytest.CaptureFixture[str]
) -> None:
    intake.error = error

    def conversation(client: smtplib.LMTP) -> tuple[int, bytes]:
        client.mail(SENDER)
        client.rcpt(RECIPIENT)
        return client.data(MAIL)

    status, text = await talk(served, conversation)
    assert (status, text) == (451, b"4.3.0 Try again later")
    assert TOKEN not in "".join(capsys.readouterr())
    intake.error = None
    assert await talk(served, hand_over()) == 250, "the next one is taken"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (RECIPIENT, 250),
        (RECIPIENT.upper(), 250),
        ("box@example.jp", 250),
        ("box+unknown@example.jp", 250),
        ("box+@example.jp", 250),
        ("postmaster@example.jp", 550),
        (f"box+{TOKEN}@example.com", 550),
        (f"boxx+{TOKEN}@example.jp", 550),
        (f"other+box+{TOKEN}@example.jp", 550),
        ("box", 550),
    ],
)
async def test_which_recipients_are_the_mailbox(address: str, status: int, served: Path, intake: Intake) -> None:
    assert await talk(served, hand_over(to=address)) == status
    assert len(intake.mails) == (status == 250)


async def test_a_second_recipient_comes_in_a_transaction_of_its_own(served: Path, intake: Intake) -> None:
    def conversation(client: smtplib.LMTP) -> list[int]:
        client.mail(SENDER)
        statuses = [
            client.rcpt(RECIPIENT)[0],
            client.rcpt("box+second@example.jp")[0],
            client.rcpt("no@body.example")[0],
        ]
        return [*statuses, client.data(MAIL)[0]]

    assert await talk(served, conversation) == [250, 452, 550, 250]
    assert [mail.envelope_recipient for mail in intake.mails] == [RECIPIENT]


async def test_several_mails_on_one_connection(served: Path, intake: Intake) -> None:
    addresses = [f"box+{number}@example.jp" for number in range(3)]
    assert await talk(served, lambda client: [hand_over(to=address)(client) for address in addresses]) == [250] * 3
    assert [mail.envelope_recipient for mail in intake.mails] == addresses


async def test_a_delivery_report_has_no_sender(served: Path, intake: Intake) -> None:
    def conversation(client: smtplib.LMTP) -> int:
        assert client.docmd("MAIL FROM:<>")[0] == 250
        client.rcpt(RECIPIENT)
        return client.data(MAIL)[0]

    assert await talk(served, conversation) == 250
    assert [mail.envelope_sender for mail in intake.mails] == [None]


@pytest.mark.parametrize(
    "data",
    [
        b"Subject: x\r\n\r\n.one\r\n..two\r\n...\r\n",
        b"Subject: x\r\n\r\nbare\nline\n.\nfeeds\n\r\n",
        b"Subject: x\r\n\r\nbare\n.\r\nfeed and dot\r\n",
        "Subject: 件名\r\n\r\n本文\r\n".encode(),
        b"Subject: x\r\n\r\n\x00\xff\xfe\r\n",
        b"Subject: x\r\n\r\n" + b"y" * 20_000 + b"\r\n",
    ],
)
async def test_the_text_arrives_byte_by_byte(data: bytes, served: Path, intake: Intake) -> None:
    def conversation(client: smtplib.LMTP) -> int:
        client.mail(SENDER, ("BODY=8BITMIME", "SMTPUTF8"))
        client.rcpt(RECIPIENT)
        client.docmd("DATA")
        # smtplib would make line feeds of its own out of bare ones.
        stuffed = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in data.split(b"\r\n"))
        client.send(stuffed + b".\r\n")
        return client.getreply()[0]

    assert await talk(served, conversation) == 250
    assert [mail.data for mail in intake.mails] == [data]


async def test_what_is_announced_and_what_is_not(served: Path) -> None:
    def conversation(client: smtplib.LMTP) -> tuple[dict[str, str], list[int]]:
        commands = ("AUTH PLAIN AGEAYg==", f"VRFY <{RECIPIENT}>", "EXPN list", "STARTTLS", "HELO x", "EHLO x")
        return client.esmtp_features, [client.docmd(command)[0] for command in commands]

    features, statuses = await talk(served, conversation)
    assert features["size"] == str(10 * 1024 * 1024)
    assert {"8bitmime", "smtputf8"} <= features.keys()
    assert not {"auth", "starttls", "vrfy", "expn"} & features.keys()
    assert statuses == [502, 502, 502, 454, 500, 500]


async def test_a_mail_that_is_too_large(intake: Intake, tmp_path: Path) -> None:
    limits = LmtpLimits(mail_bytes=1000)
    async with opened(intake, tmp_path / "s", limits) as path:
        assert await talk(path, hand_over(options=("SIZE=1001",))) == 552
        assert await talk(path, hand_over(b"x\r\n" * 400)) == 552
        assert [mail.data for mail in intake.mails] == [None, None], "both are counted"
        assert await talk(path, hand_over(options=("SIZE=1000",))) == 250
    assert len(intake.mails) == 3


async def test_a_line_that_is_too_long(intake: Intake, tmp_path: Path) -> None:
    async with opened(intake, tmp_path / "s", LmtpLimits(line_bytes=2000)) as path:
        assert await talk(path, hand_over(b"x" * 5000 + b"\r\n")) == 500
        assert [mail.data for mail in intake.mails] == [None], "it is counted"
        assert await talk(path, lambda client: client.docmd("NOOP " + "x" * 5000)[0]) == 500
        assert await talk(path, hand_over(b"x" * 1500 + b"\r\n")) == 250
    assert len(intake.mails) == 2


async def test_a_line_that_does_not_end_ends_the_connection(intake: Intake, tmp_path: Path) -> None:
    limits = LmtpLimits(line_bytes=2000, mail_bytes=10_000, unanswered_bytes=50_000)
    async with opened(intake, tmp_path / "s", limits) as path:
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(b"LHLO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<" + RECIPIENT.encode() + b">\r\nDATA\r\n")
        while not (await reader.readline()).startswith(b"354"):
            pass
        with contextlib.suppress(ConnectionError):
            for _ in range(1000):
                writer.write(b"x" * 60_000)
                await writer.drain()
        with pytest.raises(ConnectionError):
            while True:
                writer.write(b"x")
                await writer.drain()
        writer.close()
        assert await talk(path, hand_over()) == 250
    assert len(intake.mails) == 1


async def test_a_connection_too_many_is_refused(intake: Intake, tmp_path: Path) -> None:
    async with opened(intake, tmp_path / "s", LmtpLimits(connections=2)) as path:
        streams = [await asyncio.open_unix_connection(path) for _ in range(3)]
        greetings = [await reader.readline() for reader, _ in streams]
        assert [greeting[:3] for greeting in greetings] == [b"220", b"220", b"421"]
        for _, writer in streams:
            writer.close()
            await writer.wait_closed()
        assert await talk(path, hand_over()) == 250, "there is room again"


async def test_a_silent_connection_ends(intake: Intake, tmp_path: Path) -> None:
    async with opened(intake, tmp_path / "s", LmtpLimits(idle_seconds=0.05)) as path:
        reader, writer = await asyncio.open_unix_connection(path)
        assert (await reader.readline()).startswith(b"220")
        assert await reader.read() == b""
        writer.close()


async def test_a_lost_connection_does_not_interrupt_a_mail(served: Path, intake: Intake) -> None:
    intake.may_end = asyncio.Event()
    _, writer = await begun(served)
    await intake.started.wait()
    writer.close()
    await writer.wait_closed()
    await talk(served, lambda client: client.noop())  # the loss was noticed by now
    intake.may_end.set()
    async with asyncio.timeout(10):
        await intake.has_ended.wait()


async def begun(path: Path, end: bytes = b".\r\n") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which a mail was sent, up to `end`; its answers up to that of DATA are read."""
    reader, writer = await asyncio.open_unix_connection(path)
    lines = b"LHLO x\r\nMAIL FROM:<" + SENDER.encode() + b">\r\nRCPT TO:<" + RECIPIENT.encode() + b">\r\nDATA\r\n"
    writer.write(lines)
    while not (await reader.readline()).startswith(b"354"):
        pass
    writer.write(MAIL + end)
    return reader, writer


async def test_a_stop_lets_a_mail_end(intake: Intake, tmp_path: Path) -> None:
    intake.may_end = asyncio.Event()
    async with contextlib.AsyncExitStack() as stack:
        path = await stack.enter_async_context(opened(intake, tmp_path / "s"))
        idle, idle_writer = await asyncio.open_unix_connection(path)
        assert (await idle.readline()).startswith(b"220")
        reader, writer = await begun(path)
        await intake.started.wait()
        stop = asyncio.create_task(stack.pop_all().aclose())
        assert (await idle.read()).startswith(b"421"), "who hands nothing over is sent away at once"
        assert not stop.done()
        intake.may_end.set()
        await stop
        assert (await reader.read()).startswith(b"250 ")
        for each in (writer, idle_writer):
            each.close()
    assert intake.ended == 1
    assert not path.exists()


@pytest.mark.parametrize("end", [b".\r\n", b""])
async def test_a_stop_waits_for_so_long(end: bytes, intake: Intake, tmp_path: Path) -> None:
    intake.may_end = asyncio.Event()
    async with opened(intake, tmp_path / "s", LmtpLimits(stop_seconds=0.05)) as path:
        reader, writer = await begun(path, end)
    with contextlib.suppress(ConnectionError):
        assert b"250" not in await reader.read()
    writer.close()
    assert intake.ended == 0


async def test_the_socket_is_for_the_group_and_is_removed(intake: Intake, tmp_path: Path) -> None:
    async with opened(intake, tmp_path / "s") as path:
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
    assert not path.exists()


async def test_what_a_dead_process_left_is_replaced_and_a_living_one_is_left_alone(
    intake: Intake, tmp_path: Path
) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    async with opened(intake, path):
        with pytest.raises(SettingError) as refused:
            async with opened(Intake(), path):
                pass
        assert refused.value.message_id == "setting-lmtp-refused"
        assert await talk(path, hand_over()) == 250


async def test_an_address_that_cannot_be_opened_is_a_sentence(intake: Intake, tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "file").write_text("kept")
    addresses = [f"unix:{tmp_path}/no/s", f"unix:{tmp_path}/file", f"unix:{tmp_path}/{'x' * 200}", "192.0.2.1:2424"]
    async with lmtp_served(f"127.0.0.1:{port}", intake.take, mailbox=BOX):
        for address in [*addresses, f"127.0.0.1:{port}"]:
            with pytest.raises(SettingError) as refused:
                async with lmtp_served(address, intake.take, mailbox=BOX):
                    pass
            assert refused.value.message_id == "setting-lmtp-refused"
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
async def test_a_port(host: str, intake: Intake) -> None:
    port = free_port()
    async with lmtp_served(f"{host}:{port}", intake.take, mailbox=BOX):

        def whole() -> int:
            with smtplib.LMTP(host.strip("[]"), port) as client:
                client.ehlo("x")
                return hand_over()(client)

        assert await asyncio.to_thread(whole) == 250


async def test_no_log_has_a_token_or_an_address(
    intake: Intake, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("mail.log").setLevel(logging.DEBUG)
    async with opened(intake, tmp_path / "s") as path:
        intake.error = ValueError(RECIPIENT)
        await talk(path, hand_over())
        intake.error = None
        for command in (RECIPIENT, f"VRFY {RECIPIENT}", f"RCPT TO:<{RECIPIENT}> X=Y", "MAIL FROM:<@@>"):
            await talk(path, lambda client, line=command: client.docmd(line))  # type: ignore[misc]
        await talk(path, hand_over())
    logged = caplog.text + "".join(capsys.readouterr())
    assert "lmtp_mail_failed" in logged
    assert "ValueError" in logged
    for secret in (TOKEN, SENDER, "example.jp", "body"):
        assert secret not in logged
