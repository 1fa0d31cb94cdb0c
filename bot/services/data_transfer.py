"""The export of everything about a member, and imports that write all rows or none (see `bulk_changes`)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

import structlog

from bot.domain.calendar import instant_to_micros
from bot.domain.certification.jobs import Job, count_jobs
from bot.domain.reply.reply_rate import RateRule, ReplyRate
from bot.domain.types import MemberId, ThreadId, UndoStepId
from bot.errors import NotAllowedError
from bot.parsing.import_file import ImportProblem
from bot.services.bulk_changes import BulkChangeRunner
from bot.services.export_writer import Export, write_export
from bot.services.import_contents import ImportContents, ImportFile, pack_rows, unpack_rows
from bot.services.import_reader import read_import_file
from bot.services.import_writer import (
    BatchWriter,
    has_missing_statements,
    restore_profile_and_settings,
    split_into_batches,
)
from bot.services.members import load_preferences
from bot.services.record_transaction import RecordTransactions
from bot.services.recorded_rows import RecordedRows
from storage import jobs, messages, threads, undo_log, waiting_threads
from storage.exchanges import load_reply_rate

log = structlog.get_logger()

PAGE_SIZE: Final = 1000
"""Rows of one read."""

MAX_PENDING_ROWS: Final = 500_000
"""Rows of all imports that wait for confirmation; beyond it the oldest is discarded."""

ProgressCallback = Callable[[int, int], Awaitable[None]]
"""Takes the rows written so far, and the rows in all."""


class ImportKind(StrEnum):
    """What a file contains."""

    HISTORY = "history"
    JOBS = "jobs"
    EXPORT = "export"
    MAILS = "mails"
    SEVERAL = "several"
    """Files of several kinds in a zip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """The effect that an import would have."""

    name: str
    kind: ImportKind
    rows: int
    """Rows in the file, of messages and of jobs."""
    messages: int
    jobs: int
    """New ones; a row can have several. Those that are known are among the duplicates."""
    duplicates: int
    threads: int
    skipped: int
    problems: tuple[ImportProblem, ...]
    problem_count: int
    """If there are any, nothing can be imported."""
    has_statements: bool = False
    """Whether there is something of a profile or of settings that the member has not set."""
    number: int = 0
    """By which the buttons name it, of all previews by `/import`, also those before a restart; 0: it has none."""

    @property
    def is_importable(self) -> bool:
        """Whether all rows can be read, and something is new."""
        return not self.problems and (self.messages + self.jobs > 0 or self.has_statements)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """The effect that an import had."""

    messages: int
    jobs: int
    duplicates: int
    rate_before: ReplyRate
    rate_after: ReplyRate
    rule: RateRule
    """The criterion that the reply rate is judged by."""
    has_statements: bool
    """Whether something of a profile or of settings was restored that the member had not set."""
    without_reminder: int
    """Replies that are due and of which no reminder comes before."""


@dataclass(frozen=True, slots=True)
class ImportDiff:
    """The rows of an import that are not recorded yet."""

    parts: list[bytes]
    """The messages, packed; those of one thread adjoin."""
    rows: int
    """The number of messages."""
    threads: int
    jobs: list[Job]
    duplicates: int


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that was read, and the effect that importing it would have."""

    preview: ImportPreview
    contents: ImportContents
    recorded: int
    """Messages that the member had recorded then."""

    @property
    def row_count(self) -> int:
        """The number of rows that an import reads."""
        return self.preview.rows + self.recorded


class DataTransferService:
    """Exports and imports. An import waits in memory for confirmation; after a restart the file is sent again."""

    def __init__(self, transactions: RecordTransactions, bulk_changes: BulkChangeRunner) -> None:
        self._transactions = transactions
        self._bulk_changes = bulk_changes
        self._pending: dict[MemberId, OpenedFile] = {}
        """The imports that wait for a confirmation."""
        self._newest: dict[MemberId, int] = {}
        """The number of each member's newest preview, also after it was confirmed or discarded."""
        self._last_number = 0
        self._discarded_numbers: dict[MemberId, int] = {}
        """The number of the preview that was discarded last, by member."""
        self._discarded: Counter[MemberId] = Counter()
        """How often each member's import was discarded: one that is about to be written must notice."""
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
        """Everything about the member, read in one transaction; `unnamed_label` names clients without a name.

        Raises `NotAllowedError` where temporary files cannot be written.
        """
        async with self._transactions.database.long_read() as transaction:
            try:
                return await write_export(transaction, member_id, now=now, unnamed_label=unnamed_label)
            except OSError as error:
                log.warning("temporary_file_refused", reason=error.strerror)
                raise NotAllowedError("export-no-room") from error

    async def preview_import(self, member_id: MemberId, name: str, content: bytes, *, now: datetime) -> ImportPreview:
        """Open a file, which waits for the member's confirmation from then on. Raises `InvalidInputError`."""
        opened = await self.open_import_file(member_id, name, content, now=now)
        if not opened.preview.problems:
            # By the clock, so that no preview has the number of one that was shown before a restart.
            self._last_number = max(self._last_number + 1, instant_to_micros(now))
            opened = replace(opened, preview=replace(opened.preview, number=self._last_number))
            self._newest[member_id] = self._last_number
            self._pending.pop(member_id, None)
            self._pending[member_id] = opened
            while (
                len(self._pending) > 1 and sum(item.preview.rows for item in self._pending.values()) > MAX_PENDING_ROWS
            ):
                self._pending.pop(next(iter(self._pending)))
        return opened.preview

    async def open_import_file(self, member_id: MemberId, name: str, content: bytes, *, now: datetime) -> OpenedFile:
        """Parse a file and compare it with the record. Writes nothing of it.

        Raises `InvalidInputError`, and `NotAllowedError` while another import of the member is written.
        """
        preferences = await load_preferences(self._transactions.database, member_id, self._transactions.defaults)
        data = await read_import_file(ImportFile(name, content, now, preferences.zone))
        await self._bulk_changes.roll_back_interrupted_import(member_id, now=now)
        new = await self._rows_not_recorded(member_id, data)
        recorded = await messages.count_messages(self._transactions.database, member_id)
        has_statements = False
        if data.export is not None:
            async with self._transactions.database.read() as transaction:
                has_statements = await has_missing_statements(transaction, member_id, data.export)
        preview = ImportPreview(
            name=name,
            kind=_detect_import_kind(name, data),
            rows=data.message_count + len(data.jobs),
            messages=new.rows,
            jobs=count_jobs(new.jobs),
            duplicates=new.duplicates,
            threads=new.threads,
            skipped=data.skipped,
            problems=tuple(data.problems),
            problem_count=data.problem_count,
            has_statements=has_statements,
        )
        return OpenedFile(preview, data, recorded)

    def discard_import(self, member_id: MemberId, number: int | None = None) -> None:
        """Discard the member's pending import.

        `number`: of its preview; None: whichever it is, if any, also one that is about to be written. Raises
        `NotAllowedError` when a later preview has replaced it, or when it may have been written.
        """
        self._ensure_not_replaced(member_id, number)
        if number is not None and number != self._discarded_numbers.get(member_id):
            self._get_pending_import(member_id, number)
            self._discarded_numbers[member_id] = number
        self._discarded[member_id] += 1
        self._pending.pop(member_id, None)

    def pending_row_count(self, member_id: MemberId, number: int | None) -> int:
        """The number of rows that a commit reads. Raises `NotAllowedError` as `commit_import` does."""
        return self._get_pending_import(member_id, number).row_count

    def _ensure_not_replaced(self, member_id: MemberId, number: int | None) -> None:
        if number is not None and number != self._newest.get(member_id, number):
            raise NotAllowedError("import-replaced")

    def _get_pending_import(self, member_id: MemberId, number: int | None) -> OpenedFile:
        self._ensure_not_replaced(member_id, number)
        pending = self._pending.get(member_id)
        if pending is None or number not in {None, pending.preview.number}:
            raise NotAllowedError("import-not-waiting")
        return pending

    async def commit_import(
        self, member_id: MemberId, progress: ProgressCallback, *, now: datetime, number: int | None = None
    ) -> ImportResult:
        """Write the pending import, all of it or nothing, as one step.

        `number`: of its preview; None: whichever it is. Raises `NotAllowedError` when it is not pending any more, or
        when no slot is free: then it stays pending.
        """
        self._get_pending_import(member_id, number)
        async with self._bulk_changes.import_slot(member_id, now=now):
            data = self._get_pending_import(member_id, number).contents
            del self._pending[member_id]
            return await self._write_import(member_id, data, progress, now=now)

    async def import_opened_file(
        self, member_id: MemberId, opened: OpenedFile, progress: ProgressCallback, *, now: datetime
    ) -> ImportResult:
        """Write an opened file, all of it or nothing, as one step. Raises `NotAllowedError` when no slot is free."""
        async with self._bulk_changes.import_slot(member_id, now=now):
            return await self._write_import(member_id, opened.contents, progress, now=now)

    async def _write_import(
        self, member_id: MemberId, data: ImportContents, progress: ProgressCallback, *, now: datetime
    ) -> ImportResult:
        discarded = self._discarded[member_id]
        new = await self._rows_not_recorded(member_id, data)
        step_id = await self._bulk_changes.begin_step(member_id, "imported", now=now)
        try:
            if self._discarded[member_id] != discarded:
                raise NotAllowedError("import-cut-off")  # noqa: TRY301 — the step is taken back below
            rate_before = await self._write_messages(member_id, step_id, new, progress, now=now)
            async with self._transactions.begin(member_id, now, "imported", step_id=step_id) as record:
                await jobs.add_jobs(record.transaction, member_id, new.jobs)
                has_statements = data.export is not None and await restore_profile_and_settings(record, data.export)
                without_reminder = await waiting_threads.count_windows_without_reminder(
                    record.transaction, member_id, step_id, now=now
                )
                await undo_log.finish_undo_step(record.transaction, member_id, step_id)
                if not new.rows:
                    await undo_log.delete_undo_step(record.transaction, member_id, step_id)
                after = await load_reply_rate(record.transaction, member_id, now, record.preferences.rate_rule)
                before = rate_before or record.rate_before
                result = ImportResult(
                    messages=new.rows,
                    jobs=count_jobs(new.jobs),
                    duplicates=new.duplicates,
                    rate_before=before,
                    rate_after=after,
                    rule=record.preferences.rate_rule,
                    has_statements=has_statements,
                    without_reminder=without_reminder,
                )
        except Exception:
            await self._bulk_changes.roll_back_if_possible(member_id, step_id, now=now)
            raise
        self._transactions.on_schedule_changed()
        return result

    async def _write_messages(
        self, member_id: MemberId, step_id: UndoStepId, new: ImportDiff, progress: ProgressCallback, *, now: datetime
    ) -> ReplyRate | None:
        """Write the messages in batches. The reply rate before the first one; None when there is no batch."""
        rate_before: ReplyRate | None = None
        rows, writer = 0, BatchWriter(step_id)
        for batch in split_into_batches(new.parts, self._bulk_changes.limits):
            async with self._transactions.begin(
                member_id, now, "imported", step_id=step_id, known_rate=rate_before
            ) as record:
                rate_before = record.rate_before
                await writer.write(record, batch)
            rows += sum(len(chunk.rows) for chunk in batch)
            await progress(rows, new.rows)
        return rate_before

    async def _rows_not_recorded(self, member_id: MemberId, data: ImportContents) -> ImportDiff:
        """The rows not recorded yet: compared by source key, or by thread, direction, kind and time.

        If n rows are equal, n messages are expected. The record is read in pages, since a long read would delay others
        too. Messages that the member records in the meantime are compared by their source key only, as later ones are.
        """
        database = self._transactions.database
        recorded = RecordedRows()
        last_thread_id = ThreadId(0)
        while keys_page := await threads.list_thread_keys_after(
            database, member_id, after=last_thread_id, limit=PAGE_SIZE
        ):
            recorded.add_threads(keys_page)
            last_thread_id = keys_page[-1][0]
        last_message_id = 0
        while page := await messages.list_message_rows_after(database, member_id, last_message_id, limit=PAGE_SIZE):
            recorded.add_messages(page)
            last_message_id = page[-1].message_id
            await asyncio.sleep(0)
        parts: list[bytes] = []
        new_per_thread: Counter[int] = Counter()
        for part in data.parts:
            read = unpack_rows(part)
            new = recorded.take_new_rows(read, new_per_thread, self._bulk_changes.limits.messages_per_thread)
            parts += [part] if len(new) == len(read) else pack_rows(new)
            await asyncio.sleep(0)
        unmatched_jobs = Counter(await jobs.list_jobs(database, member_id))
        new_jobs = []
        for job in data.jobs:
            if unmatched_jobs[job] > 0:
                unmatched_jobs[job] -= 1
            else:
                new_jobs.append(job)
        rows = new_per_thread.total()
        duplicates = data.message_count - rows + count_jobs(data.jobs) - count_jobs(new_jobs)
        return ImportDiff(parts, rows, len(new_per_thread), new_jobs, duplicates)


def _detect_import_kind(name: str, data: ImportContents) -> ImportKind:
    if data.export is not None:
        return ImportKind.EXPORT
    match name.casefold().rpartition(".")[2]:
        case "eml" | "emlx" | "mbox" | "mbx":
            return ImportKind.MAILS
        case "zip":
            return ImportKind.SEVERAL
    return ImportKind.JOBS if data.jobs else ImportKind.HISTORY
