"""The export of everything about a member, and imports that write all rows or none (see `bulk_changes`)."""

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
from bot.domain.source_keys import KnownKeys
from bot.domain.types import MemberId, MessageId, ThreadId, UndoStepId
from bot.errors import InvalidInputError, NotAllowedError
from bot.parsing.export_format import ImportedMessage, jobs_csv, to_json, write_history_csv
from bot.parsing.import_file import ImportData, ImportProblem, parse_import_file
from bot.services.bulk_changes import BulkChangeRunner
from bot.services.import_writer import batches, restore_profile_and_settings, write_batch
from bot.services.members import effective_preferences
from bot.services.projection import load_reply_rate
from bot.services.record_transaction import RecordTransactions
from storage import jobs, member_data, members, messages, threads, undo_log
from storage.messages import Message
from storage.threads import ThreadKey

PAGE_SIZE: Final = 1000
"""Rows of one read."""

MAX_ATTACHMENT_BYTES: Final = 8 * 1024 * 1024
"""The size limit of a Discord message's files."""

MAX_PENDING_ROWS: Final = 500_000
"""Rows of all imports that wait for confirmation; beyond it the oldest is discarded."""

ProgressCallback = Callable[[int, int], Awaitable[None]]
"""Takes the rows written so far, and the rows in all."""

_MessageIdentity = tuple[ThreadKey, ThreadEvent]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """The effect that an import would have."""

    name: str
    messages: int
    jobs: int
    duplicates: int
    threads: int
    skipped: int
    problems: tuple[ImportProblem, ...]
    """If there are any, nothing can be imported."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The effect that an import had."""

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
    """The rows of an import that are not recorded yet."""

    messages: dict[ThreadKey, list[ImportedMessage]]
    jobs: list[Job]
    duplicates: int

    @property
    def rows(self) -> int:
        """The number of messages."""
        return sum(map(len, self.messages.values()))


@dataclass(frozen=True, slots=True)
class PendingImport:
    """An import that waits for the member's confirmation."""

    data: ImportData
    recorded: int
    """Messages that the member had recorded at the preview."""

    @property
    def rows(self) -> int:
        """The number of messages and jobs."""
        return len(self.data.messages) + len(self.data.jobs)


class DataTransferService:
    """Exports and imports. An import waits in memory for confirmation; after a restart the file is sent again."""

    def __init__(self, transactions: RecordTransactions, bulk_changes: BulkChangeRunner) -> None:
        self._transactions = transactions
        self._bulk_changes = bulk_changes
        self._pending: dict[MemberId, PendingImport] = {}
        self._uploads = 0

    @asynccontextmanager
    async def upload_slot(self) -> AsyncIterator[None]:
        """Held while a file is downloaded and previewed. Raises `NotAllowedError` when all slots are taken."""
        max_slots = self._transactions.defaults.limits.import_slots
        if self._uploads >= max_slots:
            raise NotAllowedError("limits-imports", most=max_slots)
        self._uploads += 1
        try:
            yield
        finally:
            self._uploads -= 1

    async def export(self, member_id: MemberId, *, now: datetime, unnamed_label: str) -> Export:
        """Everything about the member, read in one transaction; `unnamed_label` names clients without a name."""
        async with self._transactions.database.long_read() as transaction:
            tables = await member_data.dump_member(transaction, member_id)
            member_jobs = await jobs.list_all(transaction, member_id)
        files = await asyncio.to_thread(
            lambda: {
                "history.csv": write_history_csv(tables, unnamed_label),
                "jobs.csv": jobs_csv(member_jobs),
                "nintei.json": to_json(tables, now=now),
            }
        )
        return Export(files, len(tables["messages"]), len(member_jobs))

    async def preview(self, member_id: MemberId, name: str, content: bytes, *, now: datetime) -> ImportPreview:
        """Parse a file and compare it with the record. Writes nothing. Raises `InvalidInputError`."""
        member = await self._transactions.database.query(members.find(member_id))
        zone = effective_preferences(member, self._transactions.defaults).zone
        # 100,000 rows take seconds to parse: in a thread, they delay no other member.
        data = await asyncio.to_thread(parse_import_file, name, content, now=now, zone=zone)
        new = await self._diff(member_id, data)
        recorded = await messages.count(self._transactions.database, member_id)
        self._pending.pop(member_id, None)
        if not data.problems:
            self._pending[member_id] = PendingImport(data, recorded)
            while len(self._pending) > 1 and sum(item.rows for item in self._pending.values()) > MAX_PENDING_ROWS:
                self._pending.pop(next(iter(self._pending)))
        return ImportPreview(
            name=name,
            messages=new.rows,
            jobs=len(new.jobs),
            duplicates=new.duplicates,
            threads=len(new.messages),
            skipped=data.skipped,
            problems=tuple(data.problems),
        )

    def discard(self, member_id: MemberId) -> None:
        """Discard the member's pending import, if any."""
        self._pending.pop(member_id, None)

    def row_count(self, member_id: MemberId) -> int:
        """The number of rows that a commit reads. Raises `NotAllowedError` when no import of the member is pending."""
        if member_id not in self._pending:
            raise NotAllowedError("import-not-waiting")
        return self._pending[member_id].rows + self._pending[member_id].recorded

    async def commit(self, member_id: MemberId, progress: ProgressCallback, *, now: datetime) -> ImportResult:
        """Write the pending import, all of it or nothing, as one step.

        Raises `NotAllowedError` when nothing is pending, or when no slot is free: then it stays pending.
        """
        self.row_count(member_id)
        async with self._bulk_changes.slot(member_id):
            self.row_count(member_id)
            data = self._pending.pop(member_id).data
            new = await self._diff(member_id, data)
            step_id = await self._bulk_changes.begin(member_id, "imported", now=now)
            try:
                rate_before = await self._write_messages(member_id, step_id, new, progress, now=now)
                async with self._transactions.begin(member_id, now, "imported", step_id=step_id) as record:
                    await jobs.add_many(record.transaction, member_id, new.jobs)
                    if data.export is not None:
                        await restore_profile_and_settings(record, data.export)
                    await undo_log.finish(record.transaction, member_id, step_id)
                    if not new.messages:
                        await undo_log.delete(record.transaction, member_id, step_id)
                    after = await load_reply_rate(record.transaction, member_id, now)
                    before = rate_before or record.rate_before
                    result = ImportResult(new.rows, len(new.jobs), new.duplicates, before, after)
            except Exception:
                await self._bulk_changes.abort(member_id, step_id, now=now)
                raise
        self._transactions.on_schedule_changed()
        return result

    async def _write_messages(
        self, member_id: MemberId, step_id: UndoStepId, new: ImportDiff, progress: ProgressCallback, *, now: datetime
    ) -> ReplyRate | None:
        """Write the messages in batches. The reply rate before the first one; None when there is no batch."""
        rate_before, rows, source_keys = None, 0, Counter[str]()
        for batch in batches(new.messages, self._bulk_changes.limits):
            async with self._transactions.begin(member_id, now, "imported", step_id=step_id) as record:
                rate_before = rate_before or record.rate_before
                await write_batch(record, batch, source_keys)
            rows += sum(len(chunk.rows) for chunk in batch)
            await progress(rows, new.rows)
        return rate_before

    async def _diff(self, member_id: MemberId, data: ImportData) -> ImportDiff:
        """The rows not recorded yet: compared by source key, or by thread, direction, kind and time.

        If n rows are equal, n messages are expected. The record is read in pages, since a long read would delay others
        too. Messages that the member records in the meantime are compared by their source key only, as later ones are.
        """
        database = self._transactions.database
        thread_keys: dict[ThreadId, ThreadKey] = {}
        last_thread_id = ThreadId(0)
        while keys_page := await threads.keys_after(database, member_id, after=last_thread_id, limit=PAGE_SIZE):
            thread_keys.update(keys_page)
            last_thread_id = keys_page[-1][0]
        recorded: list[Message] = []
        last_message_id = MessageId(0)
        while page := await messages.list_after(database, member_id, last_message_id, limit=PAGE_SIZE):
            recorded += page
            last_message_id = page[-1].id
            await asyncio.sleep(0)
        async with database.read() as transaction:
            recorded_jobs = await jobs.list_all(transaction, member_id)
        max_messages = self._bulk_changes.limits.messages_per_thread
        return await asyncio.to_thread(_compare, data, thread_keys, recorded, recorded_jobs, max_messages)


def _compare(
    data: ImportData,
    thread_keys: Mapping[ThreadId, ThreadKey],
    recorded: Iterable[Message],
    recorded_jobs: Iterable[Job],
    max_messages_per_thread: int,
) -> ImportDiff:
    source_keys = KnownKeys(message.source_key for message in recorded)
    unmatched: Counter[_MessageIdentity] = Counter(
        (thread_keys[message.thread_id], message.entry) for message in recorded
    )
    thread_sizes = Counter(thread_keys[message.thread_id] for message in recorded)
    thread_key_of = cache(_thread_key)  # most rows name the same few threads
    new: defaultdict[ThreadKey, list[ImportedMessage]] = defaultdict(list)
    for row in data.messages:
        thread_key = thread_key_of(row.client, row.title, row.unassigned)
        is_known = row.source_key is not None and row.source_key in source_keys
        # Another mail of the same second is not the recorded one.
        is_other = row.source_key is not None and source_keys.has_base(row.source_key)
        if is_known or (not is_other and unmatched[thread_key, row.entry] > 0):
            unmatched[thread_key, row.entry] -= 1
        else:
            new[thread_key].append(row)
            if row.source_key is not None:
                source_keys.add(row.source_key)
    for thread_key, rows in new.items():
        if thread_sizes[thread_key] + len(rows) > max_messages_per_thread:
            name = rows[0].title or rows[0].client or "–"
            raise InvalidInputError("limits-thread", name=name[:60], most=max_messages_per_thread)
    unmatched_jobs = Counter(recorded_jobs)
    new_jobs = []
    for job in data.jobs:
        if unmatched_jobs[job] > 0:
            unmatched_jobs[job] -= 1
        else:
            new_jobs.append(job)
    rows_in_all, new_rows = len(data.messages) + len(data.jobs), sum(map(len, new.values())) + len(new_jobs)
    return ImportDiff(dict(new), new_jobs, duplicates=rows_in_all - new_rows)


def _thread_key(client: str | None, title: str | None, unassigned: str | None) -> ThreadKey:
    return client_key(client or ""), title_key(title or "") if unassigned is None else unassigned


def zip_if_large(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files, or one zip of them where they are too large for a Discord message."""
    if sum(map(len, files.values())) <= MAX_ATTACHMENT_BYTES:
        return files
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return {"nintei.zip": buffer.getvalue()}
