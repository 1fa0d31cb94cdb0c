"""Gmail keeps what is expunged in its archive: only what is expunged from the trash is gone."""

from collections.abc import Collection
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from imapclient.exceptions import IMAPClientError

from bot.mail.imap_session import ImapAccount, ImapSession
from bot.mail.mailbox_session import MailboxError

TRASH = "[Gmail]/ゴミ箱"
ARCHIVE = "[Gmail]/すべてのメール"
ACCOUNT = ImapAccount(host="imap.gmail.com", port=993, user="box", password="secret", ca_file=None)


class GmailClient:
    """The calls of `IMAPClient` that the session makes, as Gmail answers them. UIDs are those of the folder."""

    normalise_times = True

    def __init__(self, *inbox: int) -> None:
        """`inbox`: Gmail's own numbers of the mails."""
        self._uids = count(101)
        self.folders: dict[str, dict[int, int]] = {"INBOX": {}, ARCHIVE: {}, TRASH: {}}
        for gmail_id in inbox:
            self._add("INBOX", gmail_id)
            self._add(ARCHIVE, gmail_id)
        self.selected = "INBOX"
        self.not_selectable: set[str] = set()
        self._deleted: set[int] = set()

    def _add(self, folder: str, gmail_id: int) -> None:
        self.folders[folder][next(self._uids)] = gmail_id

    def login(self, _user: str, _password: str) -> None:
        """Accept."""

    def has_capability(self, name: str) -> bool:
        return name in {"IDLE", "MOVE", "UIDPLUS", "X-GM-EXT-1"}

    def list_folders(self) -> list[tuple[tuple[bytes, ...], bytes, str]]:
        flags = {TRASH: (rb"\Trash",), ARCHIVE: (rb"\All",)}
        return [(flags.get(name, ()), b"/", name) for name in self.folders]

    def folder_exists(self, name: str) -> bool:
        return name in self.folders

    def create_folder(self, name: str) -> None:
        self.folders[name] = {}

    def select_folder(self, name: str) -> dict[bytes, Any]:
        self.selected = ""
        if name in self.not_selectable:
            raise IMAPClientError
        self.selected = name
        return {b"UIDVALIDITY": 1}

    def search(self, criteria: Any = "ALL") -> list[int]:
        mails = self.folders[self.selected]
        if isinstance(criteria, list):
            return [uid for uid, gmail_id in mails.items() if str(gmail_id) == criteria[1]]
        return list(mails)

    def fetch(self, uids: Collection[int], items: list[str]) -> dict[int, dict[bytes, Any]]:
        values = {"X-GM-MSGID": lambda uid: self.folders[self.selected][uid], "RFC822.SIZE": lambda _uid: 10}
        return {uid: {items[0].encode(): values[items[0]](uid)} for uid in uids if uid in self.folders[self.selected]}

    def move(self, uids: Collection[int], folder: str) -> None:
        for uid in uids:
            gmail_id = self.folders[self.selected].pop(uid)
            self._add(folder, gmail_id)
            if folder == TRASH:  # out of every other folder
                for name, mails in self.folders.items():
                    if name != TRASH:
                        self.folders[name] = {uid: known for uid, known in mails.items() if known != gmail_id}

    def add_flags(self, uids: Collection[int], _flags: object, *, silent: bool) -> None:
        assert silent
        self._deleted |= set(uids)

    def uid_expunge(self, uids: Collection[int]) -> None:
        """From the inbox it only goes out of sight: it stays in the archive."""
        for uid in set(uids) & self._deleted:
            self.folders[self.selected].pop(uid, None)

    def shutdown(self) -> None:
        """Nothing to end."""


def session_of(client: GmailClient) -> ImapSession:
    session = ImapSession(ACCOUNT, lambda _account: client)
    session.open()
    return session


def test_what_is_removed_is_in_no_folder() -> None:
    client = GmailClient(11, 12, 13)
    client.folders[TRASH][99] = 77  # somebody else's
    session = session_of(client)
    session.remove(session.list_uids(2, ()))
    left = {name: set(mails.values()) for name, mails in client.folders.items()}
    assert left == {"INBOX": {13}, ARCHIVE: {13}, TRASH: {77}}
    assert client.selected == "INBOX"


def test_an_expunge_alone_would_leave_it_in_the_archive() -> None:
    client = GmailClient(11)
    client.add_flags([101], [], silent=True)
    client.uid_expunge([101])
    assert set(client.folders[ARCHIVE].values()) == {11}


def test_what_has_failed_is_removed_from_all_folders_too() -> None:
    client = GmailClient(11)
    session = session_of(client)
    session.move_to_failed(session.list_uids(1, ())[0])
    assert set(client.folders["Failed"].values()) == {11}
    client.select_folder("Failed")
    session._remove_from_folder("Failed", list(client.folders["Failed"]))
    assert all(not mails for mails in client.folders.values())


def test_where_the_folder_of_failed_mails_is_refused_the_inbox_is_read_on() -> None:
    client = GmailClient(11)
    client.create_folder("Failed")
    client.not_selectable.add("Failed")
    session = session_of(client)
    with pytest.raises(MailboxError):
        session.purge_failed(datetime.now(UTC))
    assert client.selected == "INBOX"
