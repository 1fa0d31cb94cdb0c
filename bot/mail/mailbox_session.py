"""What the reader requires of a mailbox, and how a mailbox fails. A mailbox in memory implements it too."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class MailboxFault(StrEnum):
    """Why the mailbox is not read as it should be; a word of logs and of the doctor."""

    AWAY = "away"
    """The server does not answer, or has closed the connection."""
    PASSWORD = "password"  # noqa: S105 — a word
    CERTIFICATE = "certificate"
    """The server's certificate is not trusted, is not for this host, or there is no TLS."""
    SLOW = "slow"
    """The server takes connections, and does not answer in time."""
    FULL = "full"
    """Nothing fits into the mailbox any more."""
    REFUSED = "refused"
    """The server refuses a command, or answers it in a way that cannot be read."""
    IDLE_UNANSWERED = "idle_unanswered"
    """The server does not tell of new mails: they are noticed only by the poll."""


class MailboxError(Exception):
    """The mailbox cannot be read now. It never bears a text of the server's, which may quote a mail."""

    def __init__(self, fault: MailboxFault) -> None:
        super().__init__(fault)
        self.fault = fault


class MailboxSession(Protocol):
    """One connection to a mailbox at a time. All methods block, raise `MailboxError`, and run in one thread.

    A UID is a mail's number in the inbox.
    """

    announces: bool
    """Whether the server can tell of new mails. Valid once it is open."""

    def open(self) -> int:
        """Connect, and select the inbox; its UIDVALIDITY: while it stays the same, a UID means the same mail.

        0: the server does not say; then a UID means a mail as long as the session is open.
        """

    def list_uids(self, limit: int, leave_out: Collection[int]) -> Sequence[int]:
        """The first mails of the inbox, at most `limit`, without those of `leave_out`."""

    def size_of(self, uid: int) -> int | None:
        """Bytes of a mail; 0: the server does not say; None: it is gone."""

    def load(self, uid: int) -> bytes | None:
        """A mail; None if it is gone."""

    def remove(self, uids: Collection[int]) -> None:
        """Remove mails so that they are in no folder any more."""

    def remove_flagged(self) -> None:
        """Remove the mails of the inbox that are flagged as deleted: a process ended before it could remove them."""

    def move_to_failed(self, uid: int) -> None:
        """Move a mail into the folder `Failed`, which is made if it is missing."""

    def purge_failed(self, before: datetime) -> None:
        """Remove the mails of `Failed` that came before an instant."""

    def wait(self, seconds: float) -> bool:
        """Wait so long for new mails; whether the server announced something."""

    def interrupt(self) -> None:
        """Let whatever is waited for end at once, with an error. The one method for other threads."""

    def close(self) -> None:
        """End the connection. It raises nothing, and the session may be opened again unless it was interrupted."""
