"""A mailbox in memory for the rehearsal, as the reader sees it: a session that delivers what is put in."""

import threading
from collections.abc import Collection
from datetime import datetime

from bot.mail.mailbox_session import MailboxError, MailboxFault, MailboxSession


class MemoryMailboxSession(MailboxSession):
    """Mails are delivered from any thread."""

    def __init__(self) -> None:
        self.announces = True
        self._mails: dict[int, bytes] = {}
        self._failed: list[bytes] = []
        self._next_uid = 1
        self._changed = threading.Condition()
        self._was_delivered = False
        self._interrupted = False

    def deliver(self, mail: bytes) -> None:
        """Put a mail into the inbox."""
        with self._changed:
            self._mails[self._next_uid] = mail
            self._next_uid += 1
            self._was_delivered = True
            self._changed.notify_all()

    def open(self) -> int:
        """See `MailboxSession`."""
        return 1

    def list_uids(self, limit: int, leave_out: Collection[int]) -> list[int]:
        """See `MailboxSession`."""
        with self._changed:
            return [uid for uid in self._mails if uid not in leave_out][:limit]

    def size_of(self, uid: int) -> int | None:
        """See `MailboxSession`."""
        return len(self._mails[uid]) if uid in self._mails else None

    def load(self, uid: int) -> bytes | None:
        """See `MailboxSession`."""
        return self._mails.get(uid)

    def remove(self, uids: Collection[int]) -> None:
        """See `MailboxSession`."""
        with self._changed:
            for uid in uids:
                self._mails.pop(uid, None)

    def remove_flagged(self) -> None:
        """See `MailboxSession`; what is removed is gone at once here."""

    def move_to_failed(self, uid: int) -> None:
        """See `MailboxSession`."""
        with self._changed:
            self._failed.append(self._mails.pop(uid))

    def purge_failed(self, before: datetime) -> None:
        """See `MailboxSession`; nothing grows old here."""

    def wait(self, seconds: float) -> bool:
        """See `MailboxSession`."""
        with self._changed:
            self._changed.wait_for(lambda: self._was_delivered or self._interrupted, seconds)
            if self._interrupted:
                raise MailboxError(MailboxFault.AWAY)
            was_delivered, self._was_delivered = self._was_delivered, False
            return was_delivered

    def interrupt(self) -> None:
        """See `MailboxSession`."""
        with self._changed:
            self._interrupted = True
            self._changed.notify_all()

    def close(self) -> None:
        """See `MailboxSession`."""
