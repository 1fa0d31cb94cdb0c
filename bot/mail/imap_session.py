"""A mailbox that is read by IMAP with TLS from the start. Everything blocks, with a time limit."""

import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, IMAPClientError, LoginError
from imapclient.tls import IMAP4_TLS

from bot.mail.mailbox_session import MailboxError, MailboxFault

INBOX: Final = "INBOX"
FAILED: Final = "Failed"
DELETED: Final = rb"\Deleted"
TRASH: Final = rb"\Trash"

_WORDS: Final = re.compile(rb"^(?:\*|[A-Z]+[0-9]+) (?:[0-9]+ )?[A-Za-z-]+(?: \[[A-Za-z-]+)?")
"""What a line begins with that says what it means; of it RFC 3501 does not tell small letters from capitals."""
_LITERAL: Final = re.compile(rb"~\{([0-9]+)\}$")
"""A literal of bytes (RFC 3516)."""

# At its lowest level the library logs every line of the conversation, and with it the mails.
logging.getLogger("imapclient").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapAccount:
    """The mailbox, and how its server is trusted."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    ca_file: Path | None
    """Certificates that are trusted in place of the system's."""
    connect_timeout: float = 10.0
    """Seconds."""
    read_timeout: float = 30.0
    """Seconds without any answer."""


class _Connection(IMAP4_TLS):  # type: ignore[misc]
    def _get_line(self) -> bytes:
        """The library reads words in capitals alone, and no literal with a sign in front."""
        line: bytes = super()._get_line()
        return _LITERAL.sub(rb"{\1}", _WORDS.sub(lambda match: match[0].upper(), line))


class _Client(IMAPClient):  # type: ignore[misc]
    def _create_IMAP4(self) -> _Connection:  # noqa: N802 — the library's name
        return _Connection(self.host, self.port, self.ssl_context, self._timeout.connect)

    def _poll_socket(self, sock: Any, timeout: float | None = None) -> Any:
        """The library waits for the socket, and misses what it has read from it already: 0 reads without waiting."""
        return [sock] if timeout == 0 else super()._poll_socket(sock, timeout)

    def _raw_command_untagged(self, command: bytes, *args: Any, **options: Any) -> Any:
        """The library reads no numbers that come in several lines, and none but for a blank."""
        data = super()._raw_command_untagged(command, *args, **options)
        return [b" ".join(line for line in data if line).strip()] if command == b"SEARCH" else data


class ImapSession:
    """Implements `MailboxSession`."""

    def __init__(self, account: ImapAccount, connect: Callable[[ImapAccount], Any] | None = None) -> None:
        """`connect`: returns an `IMAPClient`; tests give another one."""
        self._account = account
        self._connect = connect or _connect_to_imap
        self._open_client: Any = None
        self._interrupted = threading.Event()
        self.announces = False
        self.is_gmail = False
        """Gmail archives what is expunged: only what is expunged from its trash is gone."""
        self.trash: str | None = None

    @property
    def _connected_client(self) -> Any:
        if self._open_client is None or self._interrupted.is_set():
            raise MailboxError(MailboxFault.AWAY)
        return self._open_client

    def open(self) -> int:
        with _raise_mailbox_errors(is_connecting=True):
            client = self._connect(self._account)
        self._open_client = client
        client.normalise_times = False  # instants with their zone
        try:
            return self._log_in_to_mailbox()
        except BaseException:
            self.close()
            raise

    def _log_in_to_mailbox(self) -> int:
        account = self._account
        with _raise_mailbox_errors():
            self._connected_client.login(account.user, account.password)
            self.announces = bool(self._connected_client.has_capability("IDLE"))
            self.is_gmail = bool(self._connected_client.has_capability("X-GM-EXT-1"))
            if self.is_gmail:
                self.trash = next(
                    (name for flags, _, name in self._connected_client.list_folders() if TRASH in flags), None
                )
            return int(self._connected_client.select_folder(INBOX).get(b"UIDVALIDITY", 0))

    def list_uids(self, limit: int, leave_out: Collection[int]) -> list[int]:
        with _raise_mailbox_errors():
            return [uid for uid in sorted(self._connected_client.search("UNDELETED")) if uid not in leave_out][:limit]

    def size_of(self, uid: int) -> int | None:
        try:
            with _raise_mailbox_errors():
                fetched = self._connected_client.fetch([uid], ["RFC822.SIZE"])
                return int(fetched[uid].get(b"RFC822.SIZE", 0)) if uid in fetched else None
        except MailboxError as error:
            if error.fault is not MailboxFault.REFUSED:
                raise
            return 0

    def load(self, uid: int) -> bytes | None:
        with _raise_mailbox_errors():
            data = self._connected_client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]")
        return bytes(data) if data is not None else None

    def remove(self, uids: Collection[int]) -> None:
        if uids:
            with _raise_mailbox_errors():
                self._remove_from_folder(INBOX, uids)

    def remove_flagged(self) -> None:
        with _raise_mailbox_errors():
            self.remove(self._connected_client.search("DELETED"))

    def move_to_failed(self, uid: int) -> None:
        with _raise_mailbox_errors():
            if not self._connected_client.folder_exists(FAILED):
                self._connected_client.create_folder(FAILED)
            self._move_mails([uid], FAILED)

    def purge_failed(self, before: datetime) -> None:
        with _raise_mailbox_errors():
            if not self._connected_client.folder_exists(FAILED):
                return
            try:
                self._connected_client.select_folder(FAILED)  # no folder is selected where that is refused
                uids = self._connected_client.search()
                dates = self._connected_client.fetch(uids, ["INTERNALDATE"]) if uids else {}
                old = [uid for uid, values in dates.items() if values[b"INTERNALDATE"] < before]
                if old:
                    self._remove_from_folder(FAILED, old)
            finally:
                self._connected_client.select_folder(INBOX)

    def count_mails(self, folder: str) -> int:
        """The number of mails in a folder; 0 where there is no such folder."""
        with _raise_mailbox_errors():
            if not self._connected_client.folder_exists(folder):
                return 0
            return int(self._connected_client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"])

    def wait(self, seconds: float) -> bool:
        if not self.announces:
            self._interrupted.wait(seconds)
            return False
        with _raise_mailbox_errors():
            client = self._connected_client
            client.idle()
            deadline = time.monotonic() + seconds
            events = client.idle_check(timeout=0)
            while not _announces_mail(events) and (left := deadline - time.monotonic()) > 0:
                events = client.idle_check(timeout=left)
                if not events and time.monotonic() < deadline:
                    raise MailboxError(MailboxFault.AWAY)  # the end of the connection
            _, more = client.idle_done()
            return _announces_mail([*events, *more])

    def interrupt(self) -> None:
        self._interrupted.set()
        if (client := self._open_client) is not None:
            with suppress(OSError):  # below TLS, whose state belongs to the other thread
                socket.socket.shutdown(client.socket(), socket.SHUT_RDWR)

    def close(self) -> None:
        client, self._open_client = self._open_client, None
        if client is not None:
            with suppress(OSError, IMAPClientError):
                client.shutdown()

    def _move_mails(self, uids: Collection[int], folder: str) -> None:
        if self._connected_client.has_capability("MOVE"):
            self._connected_client.move(uids, folder)
            return
        self._connected_client.copy(uids, folder)
        self._delete_mails(uids)

    def _delete_mails(self, uids: Collection[int]) -> None:
        self._connected_client.add_flags(uids, [DELETED], silent=True)
        if self._connected_client.has_capability("UIDPLUS"):
            self._connected_client.uid_expunge(uids)
        else:
            self._connected_client.expunge()

    def _remove_from_folder(self, folder: str, uids: Collection[int]) -> None:
        """Remove mails of the selected folder."""
        if not self.is_gmail or self.trash is None:
            self._delete_mails(uids)
            return
        fetched = self._connected_client.fetch(uids, ["X-GM-MSGID"])
        gmail_ids = [str(values[b"X-GM-MSGID"]) for values in fetched.values()]
        self._move_mails(uids, self.trash)
        self._connected_client.select_folder(self.trash)
        try:
            uids = [uid for gmail_id in gmail_ids for uid in self._connected_client.search(["X-GM-MSGID", gmail_id])]
            if uids:
                self._delete_mails(uids)
        finally:
            self._connected_client.select_folder(folder)


def _connect_to_imap(account: ImapAccount) -> IMAPClient:
    return _Client(
        account.host,
        account.port,
        ssl=True,
        ssl_context=ssl.create_default_context(cafile=account.ca_file and str(account.ca_file)),
        timeout=SocketTimeout(account.connect_timeout, account.read_timeout),
    )


def _announces_mail(events: Collection[tuple[Any, ...]]) -> bool:
    return any(len(event) > 1 and event[1] in {b"EXISTS", b"RECENT"} for event in events)


@contextmanager
def _raise_mailbox_errors(*, is_connecting: bool = False) -> Iterator[None]:
    """Raise errors of the connection and of the server as `MailboxError`."""
    try:
        yield
    except ssl.SSLError as error:
        is_refused = isinstance(error, ssl.SSLCertVerificationError) or is_connecting
        raise MailboxError(MailboxFault.CERTIFICATE if is_refused else MailboxFault.AWAY) from None
    except TimeoutError:
        raise MailboxError(MailboxFault.AWAY if is_connecting else MailboxFault.SLOW) from None
    except OSError:
        raise MailboxError(MailboxFault.AWAY) from None
    except LoginError as error:
        is_away = "UNAVAILABLE" in str(error)
        raise MailboxError(MailboxFault.AWAY if is_away else MailboxFault.PASSWORD) from None
    except (IMAPClient.AbortError, IMAPClient.ReadOnlyError):
        raise MailboxError(MailboxFault.AWAY) from None
    # The library raises the last ones over an answer that it cannot read.
    except (IMAPClientError, CapabilityError, ValueError, LookupError, TypeError) as error:
        is_full = "OVERQUOTA" in str(error)
        # A server that says goodbye in its greeting refuses no command.
        fault = MailboxFault.AWAY if is_connecting else MailboxFault.REFUSED
        raise MailboxError(MailboxFault.FULL if is_full else fault) from None
