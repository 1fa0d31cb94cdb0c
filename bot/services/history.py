"""The history, and changes of several messages of it: splitting and merging threads, undoing a step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.names import title_key, title_with_suffix
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import EntryExplanation, explain_entry
from bot.domain.types import MemberId, MessageId, ThreadId, UndoStepId
from bot.errors import NotAllowedError
from bot.services.bulk_changes import BulkChangeRunner
from bot.services.projection import BULK_THRESHOLD
from bot.services.record_transaction import RecordTransaction, RecordTransactions
from bot.services.results import EditSummary
from storage import exchanges, messages, reply_state, threads, undo_log
from storage.exchanges import load_reply_rate
from storage.messages import Message
from storage.threads import Thread
from storage.undo_log import UndoStep

PAGE_SIZE: Final = 6
"""Messages on one page of the history."""
MAX_SIBLING_THREADS: Final = 100


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A message of the history, and how it counts."""

    message: Message
    thread: Thread
    reason: EntryExplanation


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Messages, the newest first."""

    entries: tuple[HistoryEntry, ...]
    page: int
    pages: int
    total: int
    last_step: UndoStep | None
    """The step that "undo" would undo."""


class HistoryService:
    """Every method raises `InvalidInputError` or `NotAllowedError` when nothing was changed."""

    def __init__(self, transactions: RecordTransactions, bulk_changes: BulkChangeRunner) -> None:
        self._transactions = transactions
        self._bulk_changes = bulk_changes

    async def page(self, member_id: MemberId, page: int = 0) -> HistoryPage:
        """A page of the history, from 0; the last one for a page past the end."""
        async with self._transactions.database.read() as transaction:
            total = await messages.count_messages(transaction, member_id)
            pages = max(1, -(-total // PAGE_SIZE))
            page = min(max(page, 0), pages - 1)
            on_page = await messages.list_messages_page(
                transaction, member_id, limit=PAGE_SIZE, offset=page * PAGE_SIZE
            )
            states = await exchanges.load_message_states(transaction, member_id, [message.id for message in on_page])
            entries = []
            for message in on_page:
                found = states[message.id]
                reason = explain_entry(found.state, message.entry, is_second=found.is_second)
                entries.append(HistoryEntry(message, found.thread, reason))
            return HistoryPage(
                tuple(entries), page, pages, total, await transaction.query(undo_log.latest_step_query(member_id))
            )

    async def split_thread(self, member_id: MemberId, message_id: MessageId, *, now: datetime) -> EditSummary:
        """Move a message and all later ones of its thread to a new thread with the same client."""
        async with self._transactions.begin(member_id, now, "split") as record:
            message = await record.get_message(message_id)
            origin = await record.get_thread(message.thread_id)
            thread_messages = await record.transaction.query(messages.thread_messages_query(member_id, origin.id))
            position = [other.id for other in thread_messages].index(message.id)
            if position == 0 or origin.unassigned:
                raise NotAllowedError("edit-nothing-to-split")
            target = await _create_split_thread(record, origin)
            moving = thread_messages[position:]
            before = await _count_verdicts(record, [origin.id])
            target = await record.inherit_thread_marks(origin, target, all_moved=False)
            await record.move_messages(moving, target)
            return await _build_edit_summary(record, "split", len(moving), (origin, target), before)

    async def merge_threads(
        self, member_id: MemberId, thread_id: ThreadId, target_thread_id: ThreadId, *, now: datetime
    ) -> EditSummary:
        """Move all messages of a thread to another."""
        async with self._transactions.begin(member_id, now, "merged") as record:
            origin, target = await record.get_thread(thread_id), await record.get_chosen_thread(target_thread_id)
            moving = await record.transaction.query(messages.thread_messages_query(member_id, origin.id))
            if origin.id == target.id or not moving:
                raise NotAllowedError("edit-nothing-to-merge")
            await record.ensure_room_in_thread(target, len(moving))
            before = await _count_verdicts(record, [origin.id, target.id])
            target = await record.inherit_thread_marks(origin, target, all_moved=True)
            await record.move_messages(moving, target)
            return await _build_edit_summary(record, "merged", len(moving), (origin, target), before)

    async def step_size(self, member_id: MemberId, step_id: UndoStepId) -> int:
        """The number of messages that a step changed."""
        return await undo_log.count_undo_step_messages(self._transactions.database, member_id, step_id)

    async def newest_step(self, member_id: MemberId) -> UndoStep:
        """The step that an undo would take back. Raises `NotAllowedError` without one."""
        newest = await self._transactions.database.query(undo_log.latest_step_query(member_id))
        if newest is None:
            raise NotAllowedError("edit-nothing-to-undo")
        return newest

    async def undo_newest_step(self, member_id: MemberId, step_id: UndoStepId, *, now: datetime) -> EditSummary:
        """Undo the newest step. Raises `NotAllowedError` when `step_id` is another one, as at a second press."""
        if await self.step_size(member_id, step_id) > self._bulk_changes.limits.batch_rows:
            async with self._bulk_changes.import_slot(member_id, now=now):
                if summary := await self._undo_import(member_id, step_id, now=now):
                    return summary
        async with self._transactions.begin(member_id, now, "reverted") as record:
            newest = await record.transaction.query(undo_log.latest_step_query(member_id))
            if newest is None or newest.id != step_id:
                raise NotAllowedError("edit-step-gone")
            snapshots = await undo_log.load_undo_step_snapshots(record.transaction, member_id, step_id)
            current = await messages.find_messages(record.transaction, member_id, list(snapshots))
            restored = [message for message in snapshots.values() if message is not None]
            affected_ids = {message.thread_id for message in (*restored, *current)}
            before = await _count_verdicts(record, affected_ids)
            added = [message_id for message_id, message in snapshots.items() if message is None]
            marked = await undo_log.list_threads_marked_by_undo_step(record.transaction, member_id, step_id)
            affected_ids |= {thread.id for thread in marked}
            await threads.save_thread_marks(record.transaction, member_id, marked)
            await messages.upsert_messages(record.transaction, member_id, restored)
            await messages.delete_messages(record.transaction, member_id, added)
            await undo_log.delete_undo_step(record.transaction, member_id, step_id)
            affected = await _load_existing_threads(record, sorted(affected_ids))
            return await _build_edit_summary(record, newest.kind, len(snapshots), affected, before, undone=True)

    async def _undo_import(self, member_id: MemberId, step_id: UndoStepId, *, now: datetime) -> EditSummary | None:
        """Undo a large import in batches; None when the step is no import or not the newest one."""
        database = self._transactions.database
        async with self._transactions.begin(member_id, now, "reverted") as record:
            newest = await record.transaction.query(undo_log.latest_step_query(member_id))
            if newest is None or newest.id != step_id or newest.kind != "imported":
                return None
            await undo_log.reopen_undo_step(record.transaction, member_id, step_id)
            size = await undo_log.count_undo_step_messages(record.transaction, member_id, step_id)
            rate_before = record.rate_before
        affected_ids = await undo_log.list_thread_ids_of_undo_step(database, member_id, step_id)
        verdicts_before = await reply_state.load_reply_rate_of_threads(database, member_id, affected_ids)
        await self._bulk_changes.roll_back(member_id, step_id, now=now)
        verdicts_after = await reply_state.load_reply_rate_of_threads(database, member_id, affected_ids)
        async with self._transactions.begin(member_id, now, "reverted") as record:
            return EditSummary(
                undo_kind="imported",
                undone=True,
                messages=size,
                threads=await _load_existing_threads(record, affected_ids[:BULK_THRESHOLD]),
                verdicts_before=verdicts_before,
                verdicts_after=verdicts_after,
                rate_before=rate_before,
                rate_after=record.rate_before,
                rule=record.preferences.rate_rule,
            )


async def _create_split_thread(record: RecordTransaction, origin: Thread) -> Thread:
    """A thread with the same client and the title followed by the first free number from 2."""
    siblings = await threads.list_threads_of_same_client(record.transaction, record.member_id, origin.id)
    taken = {title_key(sibling.title or "") for sibling in siblings}
    for number in range(2, MAX_SIBLING_THREADS):
        title = title_with_suffix(origin.title or "", f"({number})")
        if title_key(title) not in taken:
            return await record.get_or_create_thread(origin.client or "", title)
    raise NotAllowedError("edit-too-many-parts")


async def _load_existing_threads(record: RecordTransaction, ids: Iterable[ThreadId]) -> tuple[Thread, ...]:
    """Those of some threads that exist."""
    rows = [await record.transaction.query(threads.thread_query(record.member_id, thread_id)) for thread_id in ids]
    return tuple(thread for thread in rows if thread is not None)


async def _count_verdicts(record: RecordTransaction, ids: Iterable[ThreadId]) -> ReplyRate:
    return await reply_state.load_reply_rate_of_threads(record.transaction, record.member_id, list(ids))


async def _build_edit_summary(
    record: RecordTransaction,
    undo_kind: str,
    count: int,
    affected: Sequence[Thread],
    before: ReplyRate,
    *,
    undone: bool = False,
) -> EditSummary:
    ids = [thread.id for thread in affected]
    await record.recompute_threads(*ids)
    return EditSummary(
        undo_kind=undo_kind,
        undone=undone,
        messages=count,
        threads=tuple(affected),
        verdicts_before=before,
        verdicts_after=await _count_verdicts(record, ids),
        rate_before=record.rate_before,
        rate_after=await load_reply_rate(
            record.transaction, record.member_id, record.now, record.preferences.rate_rule
        ),
        rule=record.preferences.rate_rule,
    )
