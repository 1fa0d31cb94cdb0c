"""A mailbox in memory for the reader's tests. It can be cut off, silent about new mails, full or slow to connect."""

import threading
from collections.abc import Collection
from datetime import UTC, datetime
from itertools import count, islice

from bot.mail.mailbox_session import MailboxError, MailboxFault


class MemoryMailbox:
    """What lies on the server; several sessions may be open."""

    def __init__(self) -> None:
        self.inbox: dict[int, bytes] = {}
        self.failed: dict[int, datetime] = {}
        self.uidvalidity = 1
        self.fault: MailboxFault | None = None
        """What every call raises."""
        self.unloadable: bytes | None = None
        """The mail that the server refuses to hand out."""
        self.unloadable_by = MailboxFault.REFUSED
        """How it refuses it."""
        self.unsized: bytes | None = None
        """The mail of which the server does not say the size, but does what `unloadable_by` says."""
        self.missing: bytes | None = None
        """The mail that it lists, and of which it says when it is loaded that it has none, or an empty one."""
        self.missing_loads = 0
        self.keeps_flagged: MailboxFault | None = None
        """What the removal of flagged mails raises."""
        self.keeps_failed: MailboxFault | None = None
        """What the removal of old mails from `Failed` raises."""
        self.moves_none: MailboxFault | None = None
        """What a move to `Failed` raises."""
        self.is_silent = False
        self.hangs = threading.Event()
        """Set: connecting takes until it is cleared."""
        self.opened = 0
        self.announced = 0
        """How often it told of new mails."""
        self.changed = threading.Condition()
        self._uids = count(1)

    def deliver(self, *mails: bytes) -> None:
        with self.changed:
            self.inbox.update(zip(self._uids, mails))  # noqa: B905 — it counts on
            if not self.is_silent:
                self.announced += 1
                self.changed.notify_all()

    def session(self) -> "MemorySession":
        return MemorySession(self)


class MemorySession:
    """Implements `MailboxSession`."""

    announces = True

    def __init__(self, mailbox: MemoryMailbox) -> None:
        self._mailbox = mailbox
        self._interrupted = threading.Event()
        self._listed_at = 0
        """`announced` when the inbox was listed: a server tells also of what came between that and the waiting."""

    def _check(self) -> None:
        if self._interrupted.is_set():
            raise MailboxError(MailboxFault.AWAY)
        if self._mailbox.fault is not None:
            raise MailboxError(self._mailbox.fault)

    def open(self) -> int:
        while self._mailbox.hangs.is_set():
            threading.Event().wait(0.01)
        self._check()
        self._mailbox.opened += 1
        return self._mailbox.uidvalidity

    def list_uids(self, limit: int, leave_out: Collection[int]) -> list[int]:
        self._check()
        self._listed_at = self._mailbox.announced
        return list(islice((uid for uid in self._mailbox.inbox if uid not in leave_out), limit))

    def size_of(self, uid: int) -> int | None:
        self._check()
        data = self._mailbox.inbox.get(uid)
        if data is not None and data == self._mailbox.unsized:
            raise MailboxError(self._mailbox.unloadable_by)
        return len(data) if data is not None else None

    def load(self, uid: int) -> bytes | None:
        self._check()
        data = self._mailbox.inbox.get(uid)
        if data is not None and data == self._mailbox.unloadable:
            raise MailboxError(self._mailbox.unloadable_by)
        if data is not None and data == self._mailbox.missing:
            self._mailbox.missing_loads += 1
            return b"" if self._mailbox.missing_loads % 2 else None
        return data

    def remove(self, uids: Collection[int]) -> None:
        self._check()
        for uid in uids:
            self._mailbox.inbox.pop(uid, None)

    def move_to_failed(self, uid: int) -> None:
        self._check()
        if self._mailbox.moves_none is not None:
            raise MailboxError(self._mailbox.moves_none)
        del self._mailbox.inbox[uid]
        self._mailbox.failed[uid] = datetime.now(UTC)

    def remove_flagged(self) -> None:
        """See `MailboxSession`."""
        if self._mailbox.keeps_flagged is not None:
            raise MailboxError(self._mailbox.keeps_flagged)

    def purge_failed(self, before: datetime) -> None:
        self._check()
        if self._mailbox.keeps_failed is not None:
            raise MailboxError(self._mailbox.keeps_failed)
        self._mailbox.failed = {uid: at for uid, at in self._mailbox.failed.items() if at >= before}

    def wait(self, seconds: float) -> bool:
        self._check()
        with self._mailbox.changed:
            announced = self._mailbox.changed.wait_for(self._has_news, seconds)
        self._check()
        return announced

    def _has_news(self) -> bool:
        return self._interrupted.is_set() or self._mailbox.announced != self._listed_at

    def interrupt(self) -> None:
        self._interrupted.set()
        with self._mailbox.changed:
            self._mailbox.changed.notify_all()

    def close(self) -> None:
        """Nothing to end."""
