"""The session over servers that answer in unusual ways."""

from collections.abc import Collection
from typing import Any

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from bot.mail.imap_session import ImapAccount, ImapSession
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
def test_a_mail_whose_size_the_server_does_not_say_is_listed_and_so_are_the_others(
    error: type[Exception] | None,
) -> None:
    session = opened(OddClient(error))
    assert session.list_sizes(50, ()) == {1: 10, 2: 0, 3: 30}
    assert session.list_sizes(50, (2,)) == {1: 10, 3: 30}


@pytest.mark.parametrize(
    ("error", "fault"), [(IMAPClient.AbortError, MailboxFault.AWAY), (TimeoutError, MailboxFault.SLOW)]
)
def test_a_connection_that_ends_is_no_size(error: type[Exception], fault: MailboxFault) -> None:
    with pytest.raises(MailboxError) as raised:
        opened(OddClient(error)).list_sizes(50, ())
    assert raised.value.fault is fault


def test_a_goodbye_in_place_of_a_greeting_refuses_no_command() -> None:
    def connect(_account: ImapAccount) -> None:
        raise IMAPClientError

    with pytest.raises(MailboxError) as raised:
        ImapSession(ACCOUNT, connect).open()
    assert raised.value.fault is MailboxFault.AWAY
