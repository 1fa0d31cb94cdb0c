"""The session over servers that answer in unusual ways."""

import socket
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from bot.mail.imap_session import ImapAccount, ImapSession, _Connection
from bot.mail.mailbox_session import MailboxError, MailboxFault

ACCOUNT = ImapAccount(host="imap.example.jp", port=993, user="box", password="secret", ca_file=None)


class OddClient:
    """The calls of `IMAPClient` that the session makes; UIDs 1 to 4, of which 4 was removed meanwhile."""

    def __init__(self, error: type[Exception] | None = None) -> None:
        """`error`: what a request for the size of mail 2 raises; None: the answer has no size."""
        self._error = error

    def login(self, *_: str) -> None:
        """Accept."""

    def has_capability(self, _name: str) -> bool:
        return False

    def select_folder(self, _name: str) -> dict[bytes, int]:
        return {b"UIDVALIDITY": 1}

    def search(self, _criteria: str) -> list[int]:
        return [1, 2, 3, 4]

    def fetch(self, uids: Collection[int], _items: list[str]) -> dict[int, dict[bytes, Any]]:
        if 2 in uids and self._error is not None:
            raise self._error
        sizes = {1: {b"RFC822.SIZE": 10}, 2: {b"SEQ": 2}, 3: {b"RFC822.SIZE": 30}}
        return {uid: sizes[uid] for uid in uids if uid in sizes}


def opened(client: OddClient) -> ImapSession:
    session = ImapSession(ACCOUNT, lambda _account: client)
    session.open()
    return session


@pytest.mark.parametrize("error", [IMAPClientError, None])
def test_a_mail_whose_size_the_server_does_not_say_is_there(
    error: type[Exception] | None,
) -> None:
    session = opened(OddClient(error))
    assert session.list_uids(50, (2,)) == [1, 3, 4]
    assert [session.size_of(uid) for uid in session.list_uids(50, ())] == [10, 0, 30, None]


@pytest.mark.parametrize(
    ("error", "fault"), [(IMAPClient.AbortError, MailboxFault.AWAY), (TimeoutError, MailboxFault.SLOW)]
)
def test_a_connection_that_ends_is_no_size(error: type[Exception], fault: MailboxFault) -> None:
    with pytest.raises(MailboxError) as raised:
        opened(OddClient(error)).size_of(2)
    assert raised.value.fault is fault


def test_a_goodbye_in_place_of_a_greeting_refuses_no_command() -> None:
    def connect(_account: ImapAccount) -> None:
        raise IMAPClientError

    with pytest.raises(MailboxError) as raised:
        ImapSession(ACCOUNT, connect).open()
    assert raised.value.fault is MailboxFault.AWAY


MAIL: Final = b"Subject: one\r\n\r\nhello\r\n"
ANSWERS: Final = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
    b"SELECT": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n",
    b"SEARCH": b"* SEARCH 4 5\r\n",
    b"RFC822.SIZE": b"* 1 FETCH (UID 4 RFC822.SIZE 23)\r\n",
    b"BODY.PEEK[]": b"* 1 FETCH (UID 4 BODY[] {23}\r\n" + MAIL + b")\r\n",
}
"""What an ordinary server says before its last line, by a word of the command."""


@contextmanager
def served(
    monkeypatch: pytest.MonkeyPatch, answers: Mapping[bytes, bytes], done: bytes = b"OK"
) -> Iterator[ImapSession]:
    """A session with a server that gives these answers in place of `ANSWERS`."""
    here, there = socket.socketpair()

    def serve() -> None:
        with there, there.makefile("rb") as lines:
            there.sendall(b"* " + done + b" hello\r\n")
            for line in lines:
                word = next((word for word in ANSWERS if word in line), b"")
                there.sendall({**ANSWERS, **answers}.get(word, b"") + line.split()[0] + b" " + done + b" done\r\n")

    monkeypatch.setattr(_Connection, "_create_socket", lambda *_: here)
    thread = threading.Thread(target=serve)
    thread.start()
    session = ImapSession(ACCOUNT)
    try:
        yield session
    finally:
        session.close()
        here.close()
        thread.join()


@pytest.mark.parametrize(
    ("answer", "uids"),
    [
        (b"* SEARCH 4 5 \r\n", [4, 5]),
        (b"* SEARCH \r\n", []),
        (b"* SEARCH  \r\n", []),
        (b"", []),
        (b"* SEARCH 5\r\n* SEARCH\r\n* SEARCH 4\r\n", [4, 5]),
        (b"* search 4 5\r\n", [4, 5]),
    ],
)
def test_uids_are_listed_in_whatever_lines_they_come(
    monkeypatch: pytest.MonkeyPatch, answer: bytes, uids: list[int]
) -> None:
    with served(monkeypatch, {b"SEARCH": answer}) as session:
        assert session.open() == 7
        assert session.list_uids(50, ()) == uids


def test_uids_that_cannot_be_read_are_a_fault_of_the_mailbox(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(monkeypatch, {b"SEARCH": b"* SEARCH none\r\n"}) as session:
        session.open()
        with pytest.raises(MailboxError) as raised:
            session.list_uids(50, ())
    assert raised.value.fault is MailboxFault.REFUSED


def test_a_server_without_uidvalidity_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(monkeypatch, {b"SELECT": b"* 3 EXISTS\r\n"}) as session:
        assert session.open() == 0
        assert session.load(4) == MAIL


def test_a_server_that_writes_small_letters_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    small = {word: answer.lower() for word, answer in ANSWERS.items() if MAIL not in answer}
    small[b"BODY.PEEK[]"] = b"* 1 fetch (uid 4 body[] {23}\r\n" + MAIL + b")\r\n"
    with served(monkeypatch, small, b"ok") as session:
        assert session.open() == 7
        assert session.list_uids(50, ()) == [4, 5]
        assert session.size_of(4) == len(MAIL)
        assert session.load(4) == MAIL


def test_a_literal_of_bytes_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = b"* 1 FETCH (UID 4 BODY[] ~{23}\r\n" + MAIL + b")\r\n"
    with served(monkeypatch, {b"BODY.PEEK[]": answer}) as session:
        session.open()
        assert session.load(4) == MAIL
