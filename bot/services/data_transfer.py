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
from bot.services.bulk_changes import BulkChangeRunner
from bot.services.import_writer import ThreadKey, batches, restore_profile_and_settings, write_batch
from bot.services.preferences import effective_preferences
from bot.services.record_transaction import RecordTransactions
from storage import jobs, member_data, members, messages, threads, undo_log
from storage.messages import Message

PAGE_SIZE: Final = 1000
"""Rows read at once."""

MAX_MESSAGES_PER_THREAD: Final = 10_000
"""Messages of one thread: it is read whole whenever one is recorded in it."""

MAX_ATTACHMENT_BYTES: Final = 8 * 1024 * 1024
"""Bytes that go into one Discord message."""

MAX_PENDING_ROWS: Final = 500_000
"""Rows of the imports that wait for a yes; the oldest is forgotten first."""

ProgressCallback = Callable[[int, int], Awaitable[None]]
"""Rows written, and rows in all."""

_MessageIdentity = tuple[ThreadKey, ThreadEvent]


@dataclass(frozen=True, slots=True)
class ImportPreview:
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
class ImportResult:
    """What an import did."""

    messages: int
    jobs: int
    duplicates: int
    rate_before: ReplyRate
    rate_after: ReplyRate


@dataclass(frozen=True, slots=True)
class Export:
    """The files of an export, by name."""

    files: dict[str, bytes]
    messages: int
    jobs: int


@dataclass(frozen=True, slots=True)
class ImportDiff:
    """What of a bundle is not recorded yet."""

    messages: dict[ThreadKey, list[ImportedMessage]]
    jobs: list[Job]
    duplicates: int

    @property
    def rows(self) -> int:
        return sum(map(len, self.messages.values()))


@dataclass(frozen=True, slots=True)
class PendingImport:
    """An import that waits for the member's yes."""

    bundle: ImportData
    recorded: int

    @property
    def rows(self) -> int:
        return len(self.bundle.messages) + len(self.bundle.jobs)


class DataTransferService:
    """An import waits in memory for the member's yes; after a restart the file is handed in again."""

    def __init__(self, desks: RecordTransactions, steps: BulkChangeRunner) -> None:
        self._desks = desks
        self._steps = steps
        self._waiting: dict[MemberId, PendingImport] = {}
        self._reading = 0

    @asynccontextmanager
    async def upload_slot(self) -> AsyncIterator[None]:
        """While a file is fetched and previewed. Raises `RefusedError` when as many are being read as may be."""
        most = self._desks.defaults.limits.import_slots
        if self._reading >= most:
            raise NotAllowedError("limits-imports", most=most)
        self._reading += 1
        try:
            yield
        finally:
            self._reading -= 1

    async def export(self, member: MemberId, *, now: datetime, unnamed_label: str) -> Export:
        """Everything about the member, of one moment. `nobody`: what a thread without a client is called in the CSV."""
        async with self._desks.database.long_read() as transaction:
            tables = await member_data.dump_member(transaction, member)
            all_jobs = await jobs.list_all(transaction, member)
        files = await asyncio.to_thread(
            lambda: {
                "history.csv": history_csv(tables, unnamed_label),
                "jobs.csv": jobs_csv(all_jobs),
                "nintei.json": to_json(tables, now=now),
            }
        )
        return Export(files, len(tables["messages"]), len(all_jobs))

    async def preview(self, member: MemberId, name: str, data: bytes, *, now: datetime) -> ImportPreview:
        """Read a file and hold it against the record; nothing is written. Raises `InputError`."""
        async with self._desks.database.read() as transaction:
            preferences = effective_preferences(await transaction.query(members.find(member)), self._desks.defaults)
        # Reading 100,000 rows takes a while, and nobody else should wait for it.
        bundle = await asyncio.to_thread(parse_import_file, name, data, now=now, zone=preferences.zone)
        new = await self._diff(member, bundle)
        async with self._desks.database.read() as transaction:
            recorded = await messages.count(transaction, member)
        self._waiting.pop(member, None)
        if not bundle.problems:
            self._waiting[member] = PendingImport(bundle, recorded)
            while len(self._waiting) > 1 and sum(each.rows for each in self._waiting.values()) > MAX_PENDING_ROWS:
                self._waiting.pop(next(iter(self._waiting)))
        return ImportPreview(
            name,
            new.rows,
            len(new.jobs),
            new.duplicates,
            len(new.messages),
            bundle.skipped,
            tuple(bundle.problems),
        )

    def discard(self, member: MemberId) -> None:
        """The member said no, or is erased."""
        self._waiting.pop(member, None)

    def row_count(self, member: MemberId) -> int:
        """How many rows a commit has to look at. Raises `RefusedError` when nothing waits for the member's yes."""
        if member not in self._waiting:
            raise NotAllowedError("import-not-waiting")
        return self._waiting[member].rows + self._waiting[member].recorded

    async def commit(self, member: MemberId, progress: ProgressCallback, *, now: datetime) -> ImportResult:
        """Write what was previewed, all of it or nothing, as one step.

        Raises `RefusedError` when there is nothing to write, or no room for it now: then it goes on waiting.
        """
        self.row_count(member)
        async with self._steps.slot(member):
            self.row_count(member)
            bundle = self._waiting.pop(member).bundle
            new = await self._diff(member, bundle)
            step = await self._steps.begin(member, "imported", now=now)
            try:
                before = await self._write(member, step, new, progress, now=now)
                async with self._desks.begin(member, now, "imported", step=step) as desk:
                    await jobs.add_many(desk.transaction, member, new.jobs)
                    if bundle.export is not None:
                        await restore_profile_and_settings(desk, bundle.export)
                    await undo_log.finish(desk.transaction, member, step)
                    if not new.messages:
                        await undo_log.delete(desk.transaction, member, step)
                    done = ImportResult(
                        new.rows,
                        len(new.jobs),
                        new.duplicates,
                        before or desk.rate_before,
                        await desk.rate(),
                    )
            except Exception:
                await self._steps.abort(member, step, now=now)
                raise
        self._desks.on_schedule_changed()
        return done

    async def _write(
        self, member: MemberId, step: UndoStepId, new: ImportDiff, progress: ProgressCallback, *, now: datetime
    ) -> ReplyRate | None:
        """Batch by batch; the member's reply rate before the first one."""
        before, written, keys = None, 0, Counter[str]()
        for batch in batches(new.messages):
            async with self._desks.begin(member, now, "imported", step=step) as desk:
                before = before or desk.rate_before
                await write_batch(desk, batch, keys)
            written += sum(len(each.rows) for each in batch)
            await progress(written, new.rows)
        return before

    async def _diff(self, member: MemberId, bundle: ImportData) -> ImportDiff:
        """What is not recorded yet: by its key, or by thread, direction, kind and time. n equal rows are n messages.

        Read page by page: a long read would keep others waiting, too. What the member records by hand meanwhile is
        looked at by its key alone, as what is recorded after the import is.
        """
        database = self._desks.database
        thread_keys: dict[ThreadId, ThreadKey] = {}
        newest = ThreadId(0)
        while some := await threads.keys_after(database, member, after=newest, limit=PAGE_SIZE):
            thread_keys.update(some)
            newest = some[-1][0]
        recorded: list[Message] = []
        last = MessageId(0)
        while page := await messages.list_after(database, member, last, limit=PAGE_SIZE):
            recorded += page
            last = page[-1].id
            await asyncio.sleep(0)
        async with database.read() as transaction:
            existing_jobs = await jobs.list_all(transaction, member)
        return await asyncio.to_thread(_compare, bundle, thread_keys, recorded, existing_jobs)


def _compare(
    bundle: ImportData,
    thread_keys: Mapping[ThreadId, ThreadKey],
    recorded: Iterable[Message],
    existing_jobs: Iterable[Job],
) -> ImportDiff:
    keys = {each.source_key for each in recorded}
    known: Counter[_MessageIdentity] = Counter((thread_keys[each.thread_id], each.entry) for each in recorded)
    there = Counter(thread_keys[each.thread_id] for each in recorded)
    place_of = cache(_thread_key)
    fresh: defaultdict[ThreadKey, list[ImportedMessage]] = defaultdict(list)
    duplicates = 0
    for each in bundle.messages:
        place = place_of(each.client, each.title, each.unassigned)
        if (each.source_key is not None and each.source_key in keys) or known[place, each.entry] > 0:
            known[place, each.entry] -= 1
            duplicates += 1
        else:
            fresh[place].append(each)
            if each.source_key is not None:
                keys.add(each.source_key)
    for place, rows in fresh.items():
        if there[place] + len(rows) > MAX_MESSAGES_PER_THREAD:
            name = rows[0].title or rows[0].client or "–"
            raise InvalidInputError("limits-thread", name=name[:60], most=MAX_MESSAGES_PER_THREAD)
    entries = Counter(existing_jobs)
    fresh_jobs = [job for job in bundle.jobs if not _consume_known_job(entries, job)]
    return ImportDiff(dict(fresh), fresh_jobs, duplicates + len(bundle.jobs) - len(fresh_jobs))


def _thread_key(client: str | None, title: str | None, unsorted: str | None) -> ThreadKey:
    return client_key(client or ""), title_key(title or "") if unsorted is None else unsorted


def _consume_known_job(existing_jobs: Counter[Job], job: Job) -> bool:
    if existing_jobs[job] <= 0:
        return False
    existing_jobs[job] -= 1
    return True


def zip_if_large(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files as they are, or in one zip where they are too large for a message."""
    if sum(map(len, files.values())) <= MAX_ATTACHMENT_BYTES:
        return files
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return {"nintei.zip": whole.getvalue()}
