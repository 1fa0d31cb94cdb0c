"""What must hold after every kill.

Nothing acknowledged is gone, nothing was said twice, nothing is inconsistent, nothing erased has come back.
"""

import shutil
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.calendar import instant_to_micros
from bot.domain.reminders.merging import MAX_WINDOWS
from bot.domain.source_keys import hash_source_key_parts, source_key_base
from bot.domain.types import MemberId, ThreadId
from bot.services.consistency import find_threads_with_stale_projections
from bot.settings import read_defaults
from storage.connect import connect
from storage.database import Transaction, Value
from tests.crash.arriving import ROWS
from tests.crash.members import SETTLING, Member
from tests.crash.report import Report

GRACE = timedelta(seconds=5)
"""How long after its moment an occurrence may still be on its way."""

DEFAULTS = read_defaults({"DEFAULT_QUIET_HOURS": ""})
"""Of the bot under test."""


@asynccontextmanager
async def auditing(url: str, members: Iterable[Member], report: Report) -> AsyncIterator["Audit"]:
    """Audit once: a copy of a dead bot's files (the bot itself recovers the originals), or one moment of a server.

    What the bot has acknowledged is read before the database, and what it has sent once more after it, since other
    processes go on meanwhile.
    """
    members = list(members)
    if url.startswith("sqlite"):
        database = Path(url.removeprefix("sqlite:///"))
        with tempfile.TemporaryDirectory() as folder:
            for file in database.parent.glob(f"{database.name}*"):
                if not file.name.endswith("-shm"):
                    shutil.copy(file, folder)
            with sqlite3.connect(Path(folder) / database.name) as copy:
                if copy.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                    report.corrupt.append("the file's own check fails")
                if copy.execute("PRAGMA foreign_key_check").fetchall():
                    report.corrupt.append("a foreign key has no row")
            async with _reading(f"sqlite:///{folder}/{database.name}") as transaction:
                yield Audit(transaction, members, report, alone=True)
    else:
        async with _reading(url) as transaction:
            yield Audit(transaction, members, report, alone=False)


@asynccontextmanager
async def _reading(url: str) -> AsyncIterator[Transaction]:
    database = await connect(url)
    try:
        async with database.read() as transaction:
            yield transaction
    finally:
        await database.close()


class Audit:
    """One audit: the database, compared with what members have seen."""

    def __init__(self, transaction: Transaction, members: list[Member], report: Report, *, alone: bool) -> None:
        self._members = {each.person.user.id: each for each in members}
        self._acknowledged = {each.person.user.id: each.acknowledged for each in members}
        self._undone = {each.person.user.id: set(each.undone) for each in members}
        self._forwarded = {each.person.user.id: dict(each.forwarded) for each in members}
        self._accepted = {each.person.user.id: [mail for mail in each.mails if mail.accepted] for each in members}
        self._imported = {
            each.person.user.id: [file for file in each.histories if file.acknowledged] for each in members
        }
        self._acknowledged_erasures = {each.person.user.id: each.acknowledged_erasure for each in members}
        self._reminders = _reminders_by_window(members)
        self._report = report
        self._transaction = transaction
        self._alone = alone

    async def _rows(self, sql: str, *values: Value) -> list[tuple]:  # type: ignore[type-arg]
        return [tuple(row) for row in await self._transaction.fetch(sql, *values)]

    async def after_a_kill(self) -> None:
        """What holds at any moment."""
        await self._erased()
        await self._mails()
        await self._imports()
        recorded = {row[0] for row in await self._rows("SELECT message_id FROM messages")}
        for number, member in self._members.items():
            for gone in self._acknowledged[number] - recorded:
                shown = member.when_shown(gone)
                _note(self._report.lost, f"record {gone} of {number} was acknowledged and is gone: shown {shown}")
            for there in self._undone[number] & recorded:
                self._report.lost.append(f"record {there} of {number} was undone, acknowledged, and is back")
            if self._alone:  # else another process may still be undoing it
                member.perhaps_undone.clear()
                member.undone |= {each for each in member.acknowledged if each not in recorded}
        await self._derived()
        await self._deliveries()

    async def _erased(self) -> None:
        """Of whom the bot said that they are erased, or whom it erased when it died: nothing is there from before."""
        marks = dict(await self._rows("SELECT member_id, handled_id FROM erasures"))
        rows = await self._rows("SELECT source_key FROM messages UNION SELECT source_key FROM changed_messages")
        keys = {row[0] for row in rows}
        for number, member in self._members.items():
            erased_up_to = int(marks.get(number, 0))
            if erased_up_to < self._acknowledged_erasures[number]:
                self._report.come_back.append(f"the erasure of {number} was acknowledged and is gone")
            if erased_up_to > member.erased_up_to:
                member.forget(erased_up_to)
                self._acknowledged[number] = member.acknowledged
                self._undone[number] = set()
            for origin, message in self._forwarded[number].items():
                if message <= erased_up_to and hash_source_key_parts("posted", origin) in keys:
                    self._report.come_back.append(f"a forward of {number} was erased and is recorded")

    async def _mails(self) -> None:
        """What the bot has accepted is recorded once; what was sent before an erasure is not."""
        rows = await self._rows(
            "SELECT member_id, message_id, source_key FROM messages UNION"
            " SELECT member_id, message_id, source_key FROM changed_messages WHERE source_key IS NOT NULL"
        )
        recorded = Counter((number, source_key_base(key)) for number, _, key in rows)
        for number, member in self._members.items():
            for mail in list(member.mails):
                count = recorded[number, source_key_base(mail.source_key)]
                if count > 1:
                    _note(self._report.doubled, f"mail {mail.created_at} for {number} is recorded {count} times")
                if mail.created_at <= member.erased_up_to:
                    if count:
                        _note(self._report.come_back, f"mail {mail.created_at} for {number} was erased and is recorded")
                elif mail in self._accepted[number] and not count:
                    _note(self._report.lost, f"mail {mail.created_at} for {number} was accepted and is not recorded")

    async def _imports(self) -> None:
        """A history is recorded as a whole or not at all, but while it is written; none from before an erasure is."""
        rows = await self._rows(
            "SELECT member_id, client, count(*) FROM messages JOIN threads USING (member_id, thread_id)"
            " WHERE source_key LIKE 'row:%' GROUP BY member_id, client"
        )
        recorded = {(number, client): count for number, client, count in rows}
        unfinished = {row[0] for row in await self._rows("SELECT member_id FROM changes WHERE under_way = 1")}
        for number, member in self._members.items():
            for file in list(member.histories):
                count = recorded.get((number, file.client), 0)
                rows_of = f"{count} of {ROWS} rows of an import of {number}"
                if file.created_at <= member.erased_up_to:
                    if count:
                        _note(self._report.come_back, f"{rows_of} were erased and are recorded")
                elif count > ROWS:
                    _note(self._report.doubled, f"{rows_of} are recorded")
                elif count < ROWS and file in self._imported[number]:
                    _note(self._report.lost, f"{rows_of}, which was acknowledged, are recorded")
                elif 0 < count < ROWS and number not in unfinished:
                    _note(self._report.corrupt, f"{rows_of} are recorded, and it is not under way")

    async def _derived(self) -> None:
        # What is derived from a thread is written with the last rows of an import.
        rows = await self._rows(
            "SELECT member_id, thread_id FROM threads WHERE member_id NOT IN"
            " (SELECT member_id FROM changes WHERE under_way = 1)"
        )
        owned = [(MemberId(row[0]), ThreadId(row[1])) for row in rows]
        if found := await find_threads_with_stale_projections(
            self._transaction, owned, DEFAULTS, now=datetime.now(UTC)
        ):
            self._report.corrupt.append(f"threads {[thread for _, thread in found]} differ from a recomputation")

    async def _deliveries(self) -> None:
        """Each delivery is at most one message, and what is marked as delivered arrived."""
        of_thread: dict[int, set[int]] = defaultdict(set)
        for thread, delivery in await self._rows(
            "SELECT thread_id, delivery_id FROM occurrences WHERE delivery_id IS NOT NULL"
        ):
            of_thread[thread].add(delivery)
        rows = await self._rows(
            "SELECT message_id, thread_id FROM changed_messages WHERE thread_id IS NOT NULL"
            " UNION ALL SELECT message_id, thread_id FROM messages"
        )
        thread_of: dict[int, int] = dict(map(tuple, rows))
        # An erased window has no deliveries any more, and its number is given to another one.
        since_erasure = {
            window: [each for each in reminders if each[1] > self._members[each[0]].erased_up_to + SETTLING]
            for window, reminders in self._reminders.items()
        }
        for thread, messages in _by_thread(since_erasure, thread_of).items():
            if thread is not None and len(messages) > len(of_thread[thread]):
                what = f"thread {thread}: {len(messages)} messages for {len(of_thread[thread])} deliveries"
                _note(self._report.doubled, what)
        shown_in = _by_thread(_reminders_by_window(self._members.values()), thread_of)
        reminders = {message.id for member in self._members.values() for message in member.reminders(erased=True)}
        for number, thread, message, windows in await self._rows(
            "SELECT occurrence_id, thread_id, discord_message_id, (SELECT count(DISTINCT thread_id)"
            "  FROM occurrences AS others WHERE others.delivery_id = occurrences.delivery_id) FROM occurrences"
            " LEFT JOIN deliveries USING (member_id, delivery_id) WHERE state = 'delivered'"
        ):
            # A message with more windows than it has room for counts the rest.
            showing = reminders if windows > MAX_WINDOWS else shown_in[thread] | shown_in[None]
            if message not in showing:
                where = (
                    f"thread {thread}, message {message}, which shows {_windows_of(self._members.values(), message)}"
                )
                _note(
                    self._report.lost, f"occurrence {number} is marked as delivered, and no message shows it: {where}"
                )

    async def in_the_end(self, stopped_at: datetime) -> None:
        """Everything whose moment came has exactly one outcome; everything forwarded is recorded."""
        await self.after_a_kill()
        before = instant_to_micros(stopped_at - GRACE)
        for number, state in await self._rows(
            "SELECT occurrence_id, state FROM occurrences WHERE state IN ('planned', 'claimed') AND remind_at <= $1",
            before,
        ):
            self._report.lost.append(f"occurrence {number} never ended: {state}")
        for (number,) in await self._rows(
            "SELECT occurrence_id FROM occurrences WHERE state IN ('expired', 'undeliverable') AND settled_at < closes_at"
        ):
            self._report.lost.append(f"occurrence {number} was given up while its window was open")
        keys = {row[0] for row in await self._rows("SELECT source_key FROM messages")}
        rows = await self._rows("SELECT source_key FROM changed_messages WHERE source_key IS NOT NULL")
        changed = {row[0] for row in rows}
        for number, member in self._members.items():
            for origin, message in member.forwarded.items():
                if message > member.erased_up_to and hash_source_key_parts("posted", origin) not in keys | changed:
                    self._report.lost.append(f"a forward of {number} was never recorded")
        for (number,) in await self._rows("SELECT member_id FROM changes WHERE under_way = 1"):
            self._report.lost.append(f"an import of {number} was neither finished nor rolled back")
        self._report.records = len(keys)
        self._report.mails = sum(mail.accepted for member in self._members.values() for mail in member.mails)
        self._report.imports = sum(file.acknowledged for member in self._members.values() for file in member.histories)
        [(self._report.merged,)] = await self._rows(
            "SELECT count(*) FROM (SELECT delivery_id FROM occurrences WHERE state = 'delivered'"
            " GROUP BY delivery_id HAVING count(DISTINCT thread_id) > 1) AS of_several"
        )
        [(self._report.reminders,)] = await self._rows("SELECT count(*) FROM occurrences WHERE state = 'delivered'")
        self._report.erasures = sum(member.erasures for member in self._members.values())
        self._report.presses = sum(member.pressed for member in self._members.values())


def _note(findings: list[str], what: str) -> None:
    """A finding; the next audits find it again."""
    if what not in findings:
        findings.append(what)


def _reminders_by_window(members: Iterable[Member]) -> dict[int, list[tuple[int, int]]]:
    """Who was reminded of each window, and by which message."""
    reminders: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for member in members:
        for message in member.reminders(erased=True):
            for window in member.mentions(message):
                reminders[window].append((member.person.user.id, message.id))
    return reminders


def _windows_of(members: Iterable[Member], message_id: int) -> list[int]:
    """The windows that a message shows."""
    messages = ((member, message) for member in members for message in member.person.bot_messages())
    return sorted(
        window for member, message in messages if message.id == message_id for window in member.mentions(message)
    )


def _by_thread(
    reminders_of: dict[int, list[tuple[int, int]]], thread_of: dict[int, int]
) -> defaultdict[int | None, set[int]]:
    """The messages that show each thread; None: a window whose message is gone."""
    of_thread: defaultdict[int | None, set[int]] = defaultdict(set)
    for window, reminders in reminders_of.items():
        of_thread[thread_of.get(window)].update(message for _, message in reminders)
    return of_thread
