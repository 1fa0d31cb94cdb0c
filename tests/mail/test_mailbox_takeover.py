"""A process loses the mailbox in the middle of a batch, and another one reads on: nothing is lost or recorded twice."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from bot.domain.types import MemberId
from bot.fake_discord.clock import ManualClock
from bot.mail.intake import IncomingMail, MailIntake
from bot.mail.mailbox import MailboxReader
from bot.mail.signatures import SignatureChecker
from bot.services.container import Services
from bot.services.mail import MailOptions
from bot.settings import read_defaults
from storage.connect import open_database
from storage.database import Database
from tests.helpers.arriving_mails import MAILBOX, CountedOutcomes, notification
from tests.helpers.mail_reading import FAST, OneProcess, SilentNotices, until
from tests.helpers.memory_mailbox import MemoryMailbox, MemorySession

NOW: Final = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MEMBERS: Final = 3
MAILS: Final = 30
STOPPED_AT: Final = 8
"""The mail with which the first process is busy when it loses the mailbox."""


class WatchedMailbox(MemoryMailbox):
    """Knows which mails were committed, and notes what is removed although it was not."""

    def __init__(self) -> None:
        super().__init__()
        self.committed: set[bytes] = set()
        self.removed_too_early: list[bytes] = []

    def session(self) -> MemorySession:
        return WatchedSession(self)


class WatchedSession(MemorySession):
    def __init__(self, mailbox: WatchedMailbox) -> None:
        super().__init__(mailbox)
        self._watched = mailbox

    def remove(self, uids: Collection[int]) -> None:
        removed = [self._watched.inbox[uid] for uid in uids if uid in self._watched.inbox]
        self._watched.removed_too_early += [mail for mail in removed if mail not in self._watched.committed]
        super().remove(uids)


class Process:
    """One that reads the mailbox; it can be stopped at a mail, before or after that is recorded."""

    def __init__(self, database: Database, mailbox: WatchedMailbox) -> None:
        self.database = database
        self.services: Services = Services(database, read_defaults({}), lambda: None, mail=MailOptions(MAILBOX, b"key"))
        self._mailbox = mailbox
        self._clock = ManualClock(NOW)
        self._notices = SilentNotices()
        self._intake = MailIntake(
            self.services,
            self._clock,
            self._notices,
            SignatureChecker([], lambda _name: None),
            mailbox=MAILBOX,
            metrics=CountedOutcomes(),
        )
        self.taken = 0
        self.stops_before: int | None = None
        self.stops_after: int | None = None
        self.is_stopped = asyncio.Event()
        self.goes_on = asyncio.Event()

    async def take(self, mail: IncomingMail) -> object:
        """See `MailIntake`."""
        self.taken += 1
        await self._stop_at(self.stops_before)
        outcome = await self._intake.take(mail)
        await self._stop_at(self.stops_after)
        assert mail.data is not None
        self._mailbox.committed.add(mail.data)
        return outcome

    async def _stop_at(self, number: int | None) -> None:
        if self.taken == number:
            self.is_stopped.set()
            await self.goes_on.wait()

    def reader(self, locks: Database | OneProcess) -> MailboxReader:
        return MailboxReader(
            self._mailbox.session,
            try_lock=locks.try_lock,
            take=self.take,
            flush_notices=self._notices.flush,
            clock=self._clock,
            timing=FAST,
        )


@asynccontextmanager
async def processes(database_url: str, mailbox: WatchedMailbox) -> AsyncIterator[list[Process]]:
    async with AsyncExitStack() as stack:
        made = []
        for _ in range(2):
            database = await open_database(database_url)
            stack.push_async_callback(database.close)
            made.append(Process(database, mailbox))
        yield made


async def deliver(process: Process, mailbox: WatchedMailbox) -> tuple[Counter[tuple[int, str]], Counter[int]]:
    """Mails come for several members. Which of them record a client, and how many questions each member gets."""
    mail = process.services.mail
    clients, questions = Counter[tuple[int, str]](), Counter[int]()
    addresses = [
        mail.full_address(await mail.get_or_create_address(MemberId(number), now=NOW))
        for number in range(1, MEMBERS + 1)
    ]
    for number in range(MAILS):
        member, is_clear = number % MEMBERS, number % 5 > 0
        one = notification(
            client := f"会社{number}",
            sent_at=NOW - timedelta(minutes=number + 1),
            head={"Delivered-To": addresses[member]},
        )
        mailbox.deliver(one if is_clear else one.replace("コメントが届いています".encode(), b"?"))
        if is_clear:
            clients[member + 1, client] += 1
        else:
            questions[member + 1] += 1
    return clients, questions


async def recorded(database: Database) -> tuple[Counter[tuple[int, str]], Counter[int]]:
    """As `deliver`, of what is stored."""
    joined = "messages JOIN threads USING (member_id, thread_id)"
    rows = await database.fetch(f"SELECT member_id, client FROM {joined}")
    drafts = await database.fetch("SELECT member_id FROM drafts")
    return Counter((row[0], row[1]) for row in rows), Counter(row[0] for row in drafts)


async def lose_lock(database: Database) -> None:
    """The connection is cut on which a process holds the mailbox."""
    await database.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
        " WHERE locktype = 'advisory' AND datname = current_database()"
    )


@pytest.mark.slow
@pytest.mark.parametrize("where", ["stops_before", "stops_after"])
async def test_the_mailbox_is_lost_in_the_middle_of_a_batch(database_url: str, engine: str, where: str) -> None:
    mailbox = WatchedMailbox()
    async with processes(database_url, mailbox) as (first, second):
        expected = await deliver(first, mailbox)
        setattr(first, where, STOPPED_AT)
        # With SQLite another process gets the mailbox only by force: it has the file for itself.
        locks = [first.database, second.database] if engine == "postgresql" else [OneProcess(), OneProcess()]
        async with asyncio.timeout(60), first.reader(locks[0]).running():
            await first.is_stopped.wait()
            assert len(mailbox.inbox) == MAILS
            if engine == "postgresql":
                await lose_lock(second.database)
            async with second.reader(locks[1]).running():
                await until(lambda: not mailbox.inbox)
                assert await recorded(second.database) == expected
                first.goes_on.set()
                mailbox.deliver(*mailbox.committed)
                await until(lambda: not mailbox.inbox)
        assert (first.taken >= STOPPED_AT, second.taken >= MAILS) == (True, True)
        assert await recorded(second.database) == expected
    assert mailbox.removed_too_early == []
    assert not mailbox.failed


@pytest.mark.slow
async def test_two_processes_read_at_the_same_time(database_url: str) -> None:
    mailbox = WatchedMailbox()
    async with processes(database_url, mailbox) as (first, second):
        expected = await deliver(first, mailbox)
        first.stops_before, second.stops_before = 1, 1
        async with (
            asyncio.timeout(60),
            first.reader(OneProcess()).running(),
            second.reader(OneProcess()).running(),
        ):
            await asyncio.gather(first.is_stopped.wait(), second.is_stopped.wait())
            first.goes_on.set()
            second.goes_on.set()
            await until(lambda: not mailbox.inbox)
        assert min(first.taken, second.taken) > 1
        assert await recorded(second.database) == expected
    assert mailbox.removed_too_early == []
    assert not mailbox.failed
