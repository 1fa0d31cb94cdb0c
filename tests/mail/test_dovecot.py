"""The reader and a session of its own over a real mail server."""

import asyncio
import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.mail.imap_session import ImapAccount, ImapSession
from bot.mail.intake import MAX_MAIL_BYTES, IncomingMail
from bot.mail.mailbox_session import MailboxError, MailboxFault
from tests.helpers.dovecot import PASSWORD, USER, Dovecot, needs_dovecot, running_dovecot
from tests.helpers.mail_reading import FAST, RecordingIntake, make_reader, until

pytestmark = needs_dovecot

MAIL = b"Subject: one\r\n\r\nhello\r\n"


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with running_dovecot() as dovecot:
        yield dovecot


@pytest.fixture
def account(server: Dovecot) -> ImapAccount:
    return ImapAccount(host="localhost", port=server.port, user=USER, password=PASSWORD, ca_file=server.ca_file)


def fault_of_opening(account: ImapAccount) -> MailboxFault:
    session = ImapSession(account)
    try:
        with pytest.raises(MailboxError) as raised:
            session.open()
    finally:
        session.close()
    return raised.value.fault


async def test_a_mail_is_taken_and_is_in_no_folder_afterwards(server: Dovecot, account: ImapAccount) -> None:
    intake = RecordingIntake()
    server.deliver(MAIL, recipient="box+abc@example.jp")
    async with make_reader(lambda: ImapSession(account), intake).running():
        await until(lambda: intake.flushed == 1)
        await asyncio.to_thread(server.deliver, MAIL)  # it is announced: the poll comes after half a minute
        async with asyncio.timeout(10):
            await intake.wait_for(lambda: len(intake.taken) == 2)
        await until(lambda: intake.flushed == 2)
    assert b"for <box+abc@example.jp>;" in (intake.taken[0] or b"")
    assert server.folders() == {}


async def test_mails_of_a_process_that_ended_before_it_could_expunge_them_are_removed(
    server: Dovecot, account: ImapAccount
) -> None:
    server.deliver(MAIL, b"Subject: two\r\n\r\n", b"Subject: three\r\n\r\n")
    with server.inspected() as client:
        client.select("INBOX")
        client.store("1:2", "+FLAGS", r"(\Deleted)")
    intake = RecordingIntake()
    async with make_reader(lambda: ImapSession(account), intake).running():
        await until(lambda: intake.flushed == 1)
    [taken] = intake.taken
    assert b"Subject: three" in (taken or b"")
    assert server.folders() == {}


async def test_no_log_has_a_mail_or_the_password(
    server: Dovecot, account: ImapAccount, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    intake = RecordingIntake()

    def refuse(mail: IncomingMail) -> None:
        if b"failing" in (mail.data or b""):
            raise ValueError(mail.data)

    intake.refuse = refuse
    server.deliver(
        b"Subject: failing canary\r\n\r\n", b"X: canary\r\n\r\ncanary\r\n", recipient="box+canary@example.jp"
    )
    reader = make_reader(lambda: ImapSession(account), intake)
    async with reader.running():
        await until(lambda: server.folders() == {"Failed": 1} and intake.flushed == 1)
        server.stop()
        await until(lambda: reader.fault is MailboxFault.AWAY)
    logged = caplog.text + "".join(capsys.readouterr())
    assert "mail_moved_to_failed" in logged
    assert "canary" not in logged
    assert PASSWORD not in logged


async def test_a_mail_that_fails_goes_to_its_folder_and_leaves_it_in_the_end(
    server: Dovecot, account: ImapAccount
) -> None:
    intake = RecordingIntake()

    def refuse(mail: IncomingMail) -> None:
        if b"bad" in (mail.data or b""):
            raise ValueError

    intake.refuse = refuse
    server.deliver(b"Subject: bad\r\n\r\n", MAIL)
    reader = make_reader(lambda: ImapSession(account), intake)
    async with reader.running():
        await until(lambda: "Failed" in server.folders())
        await intake.wait_for(lambda: len(intake.taken) == 1)
        await until(lambda: intake.flushed == 1)
    assert server.folders() == {"Failed": 1}
    session, now = ImapSession(account), datetime.now(UTC)
    session.open()
    session.purge_failed(now - timedelta(days=7))
    assert server.folders() == {"Failed": 1}
    session.purge_failed(now + timedelta(minutes=1))
    session.close()
    assert server.folders() == {}


async def test_two_hundred_mails_at_once_are_taken_once_each(server: Dovecot, account: ImapAccount) -> None:
    intake = RecordingIntake()
    server.deliver(*(b"Subject: %d\r\n\r\n" % number for number in range(200)))
    reader = make_reader(lambda: ImapSession(account), intake)
    async with reader.running():
        await until(lambda: intake.flushed == 4)
    assert len(set(intake.taken)) == intake.tries == 200
    assert server.folders() == {}


async def test_a_mail_that_is_too_large_is_not_loaded(server: Dovecot, account: ImapAccount) -> None:
    intake = RecordingIntake()
    server.deliver(MAIL + b"x" * 70 + b"\r\n" + (b"y" * 98 + b"\r\n") * (12 * 1024 * 1024 // 100))
    server.deliver(MAIL + (b"y" * 98 + b"\r\n") * (MAX_MAIL_BYTES // 100 - 100))
    async with make_reader(lambda: ImapSession(account), intake).running():
        await until(lambda: intake.flushed == 1)
    assert intake.taken[0] is None
    assert len(intake.taken[1] or b"") > MAX_MAIL_BYTES - 20_000
    assert server.folders() == {}


async def test_a_server_that_was_ended_and_comes_back_is_read_on(server: Dovecot, account: ImapAccount) -> None:
    intake = RecordingIntake()
    reader = make_reader(lambda: ImapSession(account), intake)
    async with reader.running():
        seen = reader.last_seen_at
        await until(lambda: reader.last_seen_at > seen)
        await asyncio.to_thread(server.stop)
        await until(lambda: reader.fault is MailboxFault.AWAY)
        await asyncio.to_thread(server.start)
        await asyncio.to_thread(server.deliver, MAIL)
        await until(lambda: intake.flushed == 1)
        assert reader.fault is None
    assert server.folders() == {}


async def test_a_mailbox_that_was_made_anew_is_read(server: Dovecot, account: ImapAccount) -> None:
    intake = RecordingIntake()
    reader = make_reader(lambda: ImapSession(account), intake)
    async with reader.running():
        await asyncio.to_thread(server.deliver, MAIL)
        await until(lambda: intake.flushed == 1)
        await asyncio.to_thread(server.renumber)
        await asyncio.to_thread(server.deliver, MAIL)
        await until(lambda: intake.flushed == 2)
    assert server.folders() == {}


def test_each_reason_not_to_log_in_is_named(server: Dovecot, account: ImapAccount) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        reasons = {
            "password": replace(account, password="wrong"),
            "authority": replace(account, ca_file=server.other_ca_file),
            "system's authorities": replace(account, ca_file=None),
            "host": replace(account, host="127.0.0.1"),
            "port": replace(account, port=unused.getsockname()[1]),
        }
        faults = {reason: fault_of_opening(account) for reason, account in reasons.items()}
    assert faults == {
        "password": MailboxFault.PASSWORD,
        "authority": MailboxFault.CERTIFICATE,
        "system's authorities": MailboxFault.CERTIFICATE,
        "host": MailboxFault.CERTIFICATE,
        "port": MailboxFault.AWAY,
    }


def test_a_server_without_tls_is_refused(account: ImapAccount) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        plain.settimeout(20)

        def answer() -> None:
            connection, _ = plain.accept()
            connection.sendall(b"* OK plain text\r\n" * 10)
            connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        fault = fault_of_opening(replace(account, port=plain.getsockname()[1]))
        thread.join()
    assert fault is MailboxFault.CERTIFICATE


async def test_a_stop_does_not_wait_for_a_server_that_says_nothing(account: ImapAccount) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent_account = replace(account, port=silent.getsockname()[1], connect_timeout=30)
        async with asyncio.timeout(10):
            async with make_reader(lambda: ImapSession(silent_account), RecordingIntake(), timing=FAST).running():
                connection, _ = await asyncio.to_thread(silent.accept)
        connection.close()


def test_a_mail_that_came_just_before_the_wait_is_announced(server: Dovecot, account: ImapAccount) -> None:
    session = ImapSession(account)
    session.open()
    for _ in range(20):
        session.remove(session.list_uids(10, ()))
        server.deliver(MAIL)
        assert session.wait(10)
    session.close()
