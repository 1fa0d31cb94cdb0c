"""What must hold after every kill: nothing acknowledged is gone, nothing was said twice, nothing is inconsistent."""

import shutil
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.certification.reply_clock import Direction, Entry, Kind, read_thread
from bot.intake.reader import _key
from bot.values import from_micros, to_micros
from tests.crash.members import Member, mentions

GRACE = timedelta(seconds=5)
"""How long after its moment an occurrence may still be on its way."""


@dataclass
class Report:
    """What the audits found."""

    kills: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    corrupt: list[str] = field(default_factory=list)
    records: int = 0
    reminders: int = 0
    presses: int = 0

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.corrupt)

    @property
    def seen(self) -> str:
        """What there was to lose."""
        return f"{self.records} records, {self.reminders} reminders, {self.presses} presses"

    def __str__(self) -> str:
        return f"{self.kills} kills: {len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.corrupt)} corrupt"


class Audit:
    """One look at a copy of the dead bot's files: the bot itself recovers the originals."""

    def __init__(self, database: Path, members: Iterable[Member], report: Report) -> None:
        self._members = {each.person.user.id: each for each in members}
        self._report = report
        self._folder = Path(tempfile.mkdtemp())
        for file in database.parent.glob(f"{database.name}*"):
            if not file.name.endswith("-shm"):
                shutil.copy(file, self._folder / file.name)
        self._database = sqlite3.connect(self._folder / database.name)

    def close(self) -> None:
        self._database.close()
        shutil.rmtree(self._folder)

    def _rows(self, sql: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        return self._database.execute(sql, values).fetchall()

    def after_a_kill(self) -> None:
        """What holds at any moment."""
        if self._rows("PRAGMA integrity_check") != [("ok",)] or self._rows("PRAGMA foreign_key_check"):
            self._report.corrupt.append("the file's own check fails")
        recorded = {row[0] for row in self._rows("SELECT message_id FROM messages")}
        for number, member in self._members.items():
            for gone in member.acknowledged - recorded:
                self._report.lost.append(f"record {gone} of {number} was acknowledged and is gone")
            for there in member.undone & recorded:
                self._report.lost.append(f"record {there} of {number} was undone, acknowledged, and is back")
            member.perhaps_undone.clear()
            member.undone |= {each for each in self._shown(member) if each not in recorded}
        self._derived()
        self._said()

    def _shown(self, member: Member) -> set[int]:
        return member.acknowledged

    def _derived(self) -> None:
        threads: dict[int, list[Entry]] = defaultdict(list)
        for thread, direction, kind, at in self._rows("SELECT thread_id, direction, kind, sent_at FROM messages"):
            threads[thread].append(Entry(Direction(direction), Kind(kind), from_micros(at)))
        read = {thread: read_thread(entries) for thread, entries in threads.items()}
        exchanges = {
            (thread, to_micros(each.asked_at), to_micros(each.replied_at), each.on_time)
            for thread, clock in read.items()
            for each in clock.exchanges
        }
        if exchanges != set(self._rows("SELECT thread_id, asked_at, replied_at, on_time FROM exchanges")):
            self._report.corrupt.append("exchanges differ from a recomputation")
        windows = {
            (thread, to_micros(open_.oldest), to_micros(open_.reminds_from), open_.dismissed)
            for thread, clock in read.items()
            if (open_ := clock.unanswered) is not None
        }
        if windows != set(self._rows("SELECT thread_id, oldest_at, reminds_from, dismissed FROM windows")):
            self._report.corrupt.append("windows differ from a recomputation")

    def _said(self) -> None:
        """Each delivery is at most one message, and what is marked as delivered arrived."""
        of_thread: dict[int, set[int]] = defaultdict(set)
        for thread, delivery in self._rows(
            "SELECT thread_id, delivery_id FROM occurrences WHERE delivery_id IS NOT NULL"
        ):
            of_thread[thread].add(delivery)
        told: dict[int, list[int]] = defaultdict(list)
        for member in self._members.values():
            for message in member.reminders():
                for thread in mentions(message):
                    told[thread].append(message.id)
        for thread, messages in told.items():
            if len(messages) > len(of_thread[thread]):
                what = f"thread {thread}: {len(messages)} messages for {len(of_thread[thread])} deliveries"
                if what not in self._report.doubled:
                    self._report.doubled.append(what)
        for number, thread, message in self._rows(
            "SELECT occurrence_id, thread_id, discord_message_id FROM occurrences"
            " LEFT JOIN deliveries USING (member_id, delivery_id) WHERE state = 'delivered'"
        ):
            what = f"occurrence {number} is marked as delivered, and no message spoke of it"
            if message not in told[thread] and what not in self._report.lost:
                self._report.lost.append(what)

    def in_the_end(self, stopped_at: datetime) -> None:
        """Everything whose moment came has exactly one outcome; everything forwarded is recorded."""
        self.after_a_kill()
        before = to_micros(stopped_at - GRACE)
        for number, state in self._rows(
            "SELECT occurrence_id, state FROM occurrences WHERE state IN ('planned', 'claimed') AND remind_at <= ?",
            before,
        ):
            self._report.lost.append(f"occurrence {number} never ended: {state}")
        for (number,) in self._rows(
            "SELECT occurrence_id FROM occurrences WHERE state IN ('expired', 'undeliverable') AND settled_at < closes_at"
        ):
            self._report.lost.append(f"occurrence {number} was given up while its window was open")
        keys = {row[0] for row in self._rows("SELECT source_key FROM messages")}
        changed = {row[0] for row in self._rows("SELECT source_key FROM changed_messages WHERE source_key IS NOT NULL")}
        for number, member in self._members.items():
            for origin in member.forwarded:
                if _key("posted", origin) not in keys | changed:
                    self._report.lost.append(f"a forward of {number} was never recorded")
        self._report.records = len(keys)
        [(self._report.reminders,)] = self._rows("SELECT count(*) FROM occurrences WHERE state = 'delivered'")
        self._report.presses = sum(member.pressed for member in self._members.values())


def now() -> datetime:
    """The machine's time, as the bot has it."""
    return datetime.now(UTC)
