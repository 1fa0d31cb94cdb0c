"""A reader of a mailbox as the tests run it: what it took in, and with short waits."""

import asyncio
from collections.abc import Callable
from typing import Any

from bot.clock import Clock, SystemClock
from bot.mail.intake import IncomingMail
from bot.mail.mailbox import MailboxReader, MailboxTiming
from bot.mail.mailbox_session import MailboxSession
from bot.mail.ports import MailNotices
from storage.engines.sqlite import SQLite

FAST = MailboxTiming(
    poll_interval=30, lock_interval=0.05, retry_delay=0.01, first_backoff=0.01, max_backoff=0.05, stop_timeout=1
)


class RecordingIntake:
    """Stands for `MailIntake`, and for the notices."""

    def __init__(self) -> None:
        self.taken: list[bytes | None] = []
        self.tries = 0
        self.refuse: Callable[[IncomingMail], None] = lambda _mail: None
        """Raises for a mail that cannot be taken."""
        self.flushed = 0
        self._changed = asyncio.Condition()

    async def take(self, mail: IncomingMail) -> str:
        self.tries += 1
        try:
            self.refuse(mail)
            self.taken.append(mail.data)
        finally:
            async with self._changed:
                self._changed.notify_all()
        return "taken"

    async def flush(self) -> None:
        self.flushed += 1

    async def wait_for(self, is_reached: Callable[[], bool]) -> None:
        async with self._changed:
            await self._changed.wait_for(is_reached)


class SilentNotices(MailNotices):
    """Sends nothing."""

    async def send_outcomes(self, *_: object) -> None:
        """See `MailNotices`."""

    async def send_confirmation(self, *_: object) -> bool:
        """See `MailNotices`."""
        return True

    async def send_test_result(self, *_: object) -> bool:
        """See `MailNotices`."""
        return True

    async def flush(self) -> None:
        """See `MailNotices`."""


class OneProcess:
    """The locks of a process that is alone."""

    try_lock = SQLite.try_lock

    def __init__(self) -> None:
        self._named_locks: set[str] = set()


def make_reader(
    make_session: Callable[[], MailboxSession],
    intake: RecordingIntake,
    locks: Any = None,
    timing: MailboxTiming = FAST,
    clock: Clock | None = None,
) -> MailboxReader:
    """A reader that is not running yet."""
    return MailboxReader(
        make_session,
        try_lock=(locks or OneProcess()).try_lock,
        take=intake.take,
        flush_notices=intake.flush,
        clock=clock or SystemClock(),
        timing=timing,
    )


async def until(is_reached: Callable[[], bool]) -> None:
    """Return once something is so that no event tells of."""
    async with asyncio.timeout(30):
        while not is_reached():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
