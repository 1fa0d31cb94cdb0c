"""Taking along and bringing back: an export of everything, and imports that write all or nothing.

How an import of any size is one step without holding others up is told in `long_steps`.
"""

import asyncio
import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from bot.domain.certification.jobs import Job
from bot.domain.names import client_key, title_key
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import ThreadEvent
from bot.domain.types import MemberId, MessageId, ThreadId, UndoStepId
from bot.errors import InvalidInputError, NotAllowedError
from bot.parsing.export_format import ImportedMessage, history_csv, jobs_csv, to_json
from bot.parsing.import_file import ImportData, ImportProblem, parse_import_file
from bot.services.desk import Desks
from bot.services.importing import Place, batches, restore, write_batch
from bot.services.long_steps import LongSteps
from bot.services.preferences import preferences_of
from storage import jobs, member_data, members, messages, threads, undo_log
from storage.messages import Message

A_PAGE: Final = 1000
"""Rows read at once."""

MOST_IN_A_THREAD: Final = 10_000
"""Messages of one thread: it is read whole whenever one is recorded in it."""

MOST_ATTACHED: Final = 8 * 1024 * 1024
"""Bytes that go into one Discord message."""

PENDING: Final = 500_000
"""Rows of the imports that wait for a yes; the oldest is forgotten first."""

Progress = Callable[[int, int], Awaitable[None]]
"""Rows written, and rows in all."""

_Known = tuple[Place, ThreadEvent]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do."""

    name: str
    messages: int
    jobs: int
    duplicates: int
    threads: int
    skipped: int
    bad: tuple[ImportProblem, ...]
    """If there is one, nothing can be imported."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an import did."""

    messages: int
    jobs: int
    duplicates: int
    rate_before: ReplyRate
    rate_after: ReplyRate


@dataclass(frozen=True, slots=True)
class Taken:
    """The files of an export, by name."""

    files: dict[str, bytes]
    messages: int
    jobs: int


@dataclass(frozen=True, slots=True)
class _New:
    """What of a bundle is not recorded yet."""

    messages: dict[Place, list[ImportedMessage]]
    jobs: list[Job]
    duplicates: int

    @property
    def rows(self) -> int:
        return sum(map(len, self.messages.values()))


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An import that waits for the member's yes."""

    bundle: ImportData
    recorded: int

    @property
    def rows(self) -> int:
        return len(self.bundle.messages) + len(self.bundle.jobs)


class Porter:
    """An import waits in memory for the member's yes; after a restart the file is handed in again."""

    def __init__(self, desks: Desks, steps: LongSteps) -> None:
        self._desks = desks
        self._steps = steps
        self._waiting: dict[MemberId, _Waiting] = {}
        self._reading = 0

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """While a file is fetched and previewed. Raises `RefusedError` when as many are being read as may be."""
        most = self._desks.defaults.limits.import_slots
        if self._reading >= most:
            raise NotAllowedError("limits-imports", most=most)
        self._reading += 1
        try:
            yield
        finally:
            self._reading -= 1

    async def export(self, member: MemberId, *, now: datetime, nobody: str) -> Taken:
        """Everything about the member, of one moment. `nobody`: what a thread without a client is called in the CSV."""
        async with self._desks.database.long_read() as transaction:
            tables = await member_data.dump_member(transaction, member)
            all_jobs = await jobs.list_all(transaction, member)
        files = await asyncio.to_thread(
            lambda: {
                "history.csv": history_csv(tables, nobody),
                "jobs.csv": jobs_csv(all_jobs),
                "nintei.json": to_json(tables, now=now),
            }
        )
        return Taken(files, len(tables["messages"]), len(all_jobs))

    async def preview(self, member: MemberId, name: str, data: bytes, *, now: datetime) -> Preview:
        """Read a file and hold it against the record; nothing is written. Raises `InputError`."""
        async with self._desks.database.read() as transaction:
            preferences = preferences_of(await transaction.query(members.find(member)), self._desks.defaults)
        # Reading 100,000 rows takes a while, and nobody else should wait for it.
        bundle = await asyncio.to_thread(parse_import_file, name, data, now=now, zone=preferences.zone)
        new = await self._new(member, bundle)
        async with self._desks.database.read() as transaction:
            recorded = await messages.count(transaction, member)
        self._waiting.pop(member, None)
        if not bundle.problems:
            self._waiting[member] = _Waiting(bundle, recorded)
            while len(self._waiting) > 1 and sum(each.rows for each in self._waiting.values()) > PENDING:
                self._waiting.pop(next(iter(self._waiting)))
        return Preview(
            name,
            new.rows,
            len(new.jobs),
            new.duplicates,
            len(new.messages),
            bundle.skipped,
            tuple(bundle.problems),
        )

    def forget(self, member: MemberId) -> None:
        """The member said no, or is erased."""
        self._waiting.pop(member, None)

    def weight(self, member: MemberId) -> int:
        """How many rows a commit has to look at. Raises `RefusedError` when nothing waits for the member's yes."""
        if member not in self._waiting:
            raise NotAllowedError("import-gone")
        return self._waiting[member].rows + self._waiting[member].recorded

    async def commit(self, member: MemberId, progress: Progress, *, now: datetime) -> Done:
        """Write what was previewed, all of it or nothing, as one step.

        Raises `RefusedError` when there is nothing to write, or no room for it now: then it goes on waiting.
        """
        self.weight(member)
        async with self._steps.room(member):
            self.weight(member)
            bundle = self._waiting.pop(member).bundle
            new = await self._new(member, bundle)
            step = await self._steps.begin(member, "imported", now=now)
            try:
                before = await self._write(member, step, new, progress, now=now)
                async with self._desks.open(member, now, "imported", step=step) as desk:
                    await jobs.add_many(desk.transaction, member, new.jobs)
                    if bundle.export is not None:
                        await restore(desk, bundle.export)
                    await undo_log.finish(desk.transaction, member, step)
                    if not new.messages:
                        await undo_log.drop(desk.transaction, member, step)
                    done = Done(
                        new.rows,
                        len(new.jobs),
                        new.duplicates,
                        before or desk.rate_before,
                        await desk.rate(),
                    )
            except Exception:
                await self._steps.give_up(member, step, now=now)
                raise
        self._desks.nudge()
        return done

    async def _write(
        self, member: MemberId, step: UndoStepId, new: _New, progress: Progress, *, now: datetime
    ) -> ReplyRate | None:
        """Batch by batch; the member's reply rate before the first one."""
        before, written, keys = None, 0, Counter[str]()
        for batch in batches(new.messages):
            async with self._desks.open(member, now, "imported", step=step) as desk:
                before = before or desk.rate_before
                await write_batch(desk, batch, keys)
            written += sum(len(each.rows) for each in batch)
            await progress(written, new.rows)
        return before

    async def _new(self, member: MemberId, bundle: ImportData) -> _New:
        """What is not recorded yet: by its key, or by thread, direction, kind and time. n equal rows are n messages.

        Read page by page: a long read would keep others waiting, too. What the member records by hand meanwhile is
        looked at by its key alone, as what is recorded after the import is.
        """
        database = self._desks.database
        places: dict[ThreadId, Place] = {}
        newest = ThreadId(0)
        while some := await threads.keys_after(database, member, after=newest, limit=A_PAGE):
            places.update(some)
            newest = some[-1][0]
        recorded: list[Message] = []
        last = MessageId(0)
        while page := await messages.list_after(database, member, last, limit=A_PAGE):
            recorded += page
            last = page[-1].id
            await asyncio.sleep(0)
        async with database.read() as transaction:
            entered = await jobs.list_all(transaction, member)
        return await asyncio.to_thread(_compare, bundle, places, recorded, entered)


def _compare(
    bundle: ImportData, places: Mapping[ThreadId, Place], recorded: Iterable[Message], entered: Iterable[Job]
) -> _New:
    keys = {each.source_key for each in recorded}
    known: Counter[_Known] = Counter((places[each.thread_id], each.entry) for each in recorded)
    there = Counter(places[each.thread_id] for each in recorded)
    place_of = cache(_place)
    fresh: defaultdict[Place, list[ImportedMessage]] = defaultdict(list)
    duplicates = 0
    for each in bundle.messages:
        place = place_of(each.client, each.title, each.unassigned)
        if (each.key is not None and each.key in keys) or known[place, each.entry] > 0:
            known[place, each.entry] -= 1
            duplicates += 1
        else:
            fresh[place].append(each)
            if each.key is not None:
                keys.add(each.key)
    for place, rows in fresh.items():
        if there[place] + len(rows) > MOST_IN_A_THREAD:
            name = rows[0].title or rows[0].client or "–"
            raise InvalidInputError("limits-thread", name=name[:60], most=MOST_IN_A_THREAD)
    entries = Counter(entered)
    fresh_jobs = [job for job in bundle.jobs if not _take(entries, job)]
    return _New(dict(fresh), fresh_jobs, duplicates + len(bundle.jobs) - len(fresh_jobs))


def _place(client: str | None, title: str | None, unsorted: str | None) -> Place:
    return client_key(client or ""), title_key(title or "") if unsorted is None else unsorted


def _take(entered: Counter[Job], job: Job) -> bool:
    if entered[job] <= 0:
        return False
    entered[job] -= 1
    return True


def packed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files as they are, or in one zip where they are too large for a message."""
    if sum(map(len, files.values())) <= MOST_ATTACHED:
        return files
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return {"nintei.zip": whole.getvalue()}
