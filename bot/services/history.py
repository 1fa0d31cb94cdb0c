"""Putting right what is recorded: a time, a direction, a thread, a step back. The answer tells what it changed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.messages import MessageSource, ParsedTime
from bot.domain.names import title_key
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import Direction, EntryExplanation, EventKind, compute_thread_state, explain_entry
from bot.domain.types import MemberId, MessageId, ThreadId, UndoStepId
from bot.errors import NotAllowedError
from bot.services.bulk_changes import BATCH_ROWS, BulkChangeRunner
from bot.services.projection import BULK_THRESHOLD
from bot.services.record_transaction import RecordTransaction, RecordTransactions, ensure_not_future, thread_ids
from bot.services.results import EditSummary, Receipt, ReceiptKind
from storage import messages, reply_state, threads, undo_log
from storage.messages import Message
from storage.threads import Thread
from storage.undo_log import UndoStep

PAGE_SIZE: Final = 6
"""Messages on one page of the history."""
MAX_SIBLING_THREADS: Final = 100


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A message of the history, with why it counted."""

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
    """What "undo" would take back."""


class HistoryService:
    """Every method raises `InputError` or `RefusedError` with a sentence, and then nothing was changed."""

    def __init__(self, desks: RecordTransactions, steps: BulkChangeRunner) -> None:
        self._desks = desks
        self._steps = steps

    async def history(self, member: MemberId, page: int = 0) -> HistoryPage:
        """A page of the history; one past the end is the last one."""
        async with self._desks.database.read() as transaction:
            total = await messages.count(transaction, member)
            pages = max(1, -(-total // PAGE_SIZE))
            page = min(max(page, 0), pages - 1)
            shown = await messages.page(transaction, member, limit=PAGE_SIZE, offset=page * PAGE_SIZE)
            entered = []
            clocks_read = {
                message_id: compute_thread_state(
                    each.entry for each in await messages.list_in_thread(transaction, member, message_id)
                )
                for message_id in thread_ids(shown)
            }
            for message in shown:
                thread = await threads.find(transaction, member, message.thread_id)
                if thread is not None:
                    entered.append(HistoryEntry(message, thread, explain_entry(clocks_read[thread.id], message.entry)))
            return HistoryPage(tuple(entered), page, pages, total, await undo_log.latest(transaction, member))

    async def get_receipt(self, member: MemberId, message_id: MessageId, *, now: datetime) -> Receipt:
        """The receipt of a message, as it stands now."""
        async with self._desks.begin(member, now, "looked") as desk:
            message = await desk.get_message(message_id)
            return await desk.build_receipt(ReceiptKind.SHOWN, message, await desk.get_thread(message.thread_id))

    async def set_time(self, member: MemberId, message_id: MessageId, moment: ParsedTime, *, now: datetime) -> Receipt:
        """The time was read wrongly, or remembered better."""
        async with self._desks.begin(member, now, "time") as desk:
            message = await desk.get_message(message_id)
            ensure_not_future(moment.at, now)
            corrected = replace(
                message,
                entry=replace(message.entry, at=moment.at),
                precision=moment.precision,
                source=MessageSource.WRITTEN,
                recorded_at=now,
            )
            await desk.ensure_reply_has_received(corrected)
            return await self._correct(desk, message, corrected)

    async def flip_direction(self, member: MemberId, message_id: MessageId, *, now: datetime) -> Receipt:
        """It was the other direction: "this was my reply", or the client's message after all."""
        async with self._desks.begin(member, now, "direction") as desk:
            message = await desk.get_message(message_id)
            if message.entry.kind is not EventKind.MESSAGE:
                raise NotAllowedError("recording-not-a-message")
            sent = message.entry.direction is Direction.RECEIVED
            direction = Direction.SENT if sent else Direction.RECEIVED
            turned = replace(message, entry=replace(message.entry, direction=direction), recorded_at=now)
            await desk.ensure_reply_has_received(turned)
            return await self._correct(desk, message, turned)

    async def _correct(self, desk: RecordTransaction, old: Message, new: Message) -> Receipt:
        before = await desk.explain(old)
        await desk.update_messages((old, new))
        return await desk.build_receipt(ReceiptKind.CORRECTED, new, await desk.get_thread(new.thread_id), before)

    async def move(
        self,
        member: MemberId,
        message_id: MessageId,
        *,
        now: datetime,
        thread: ThreadId | None = None,
        client: str | None = None,
        title: str | None = None,
    ) -> Receipt:
        """It belongs to another client or thread: one that exists, or one by name.

        Out of an unsorted thread everything moves, what the member has done there meanwhile included.
        """
        async with self._desks.begin(member, now, "moved") as desk:
            message = await desk.get_message(message_id)
            origin = await desk.get_thread(message.thread_id)
            target = (
                await desk.get_thread(thread)
                if thread is not None
                else await desk.get_or_create_thread(client or origin.client or "", title)
            )
            before = await desk.explain(message)
            moving = [message]
            if origin.unassigned:
                moving = await messages.list_in_thread(desk.transaction, member, origin.id)
            await desk.update_messages(*((each, replace(each, thread_id=target.id)) for each in moving))
            moved = replace(message, thread_id=target.id)
            if not origin.unassigned:
                await desk.ensure_reply_has_received(moved)
            await desk.recompute_thread(origin.id)
            return await desk.build_receipt(ReceiptKind.CORRECTED, moved, target, before)

    async def split(self, member: MemberId, message_id: MessageId, *, now: datetime) -> EditSummary:
        """The message and everything after it in its thread belong to a thread of their own, with the same client."""
        async with self._desks.begin(member, now, "split") as desk:
            message = await desk.get_message(message_id)
            origin = await desk.get_thread(message.thread_id)
            recorded = await messages.list_in_thread(desk.transaction, member, origin.id)
            place = [each.id for each in recorded].index(message.id)
            if place == 0 or origin.unassigned:
                raise NotAllowedError("edit-nothing-to-split")
            target = await self._new_sibling_thread(desk, origin)
            moving = recorded[place:]
            before = await _count_verdicts(desk, [origin.id])
            await desk.update_messages(*((each, replace(each, thread_id=target.id)) for each in moving))
            return await _edit_summary(desk, "split", len(moving), (origin, target), before)

    async def _new_sibling_thread(self, desk: RecordTransaction, origin: Thread) -> Thread:
        """A thread with the same client and a title of its own: 2, 3, ..."""
        taken = {
            title_key(each.title or "")
            for each in await threads.list_of_same_client(desk.transaction, desk.member, origin.id)
        }
        for message_id in range(2, MAX_SIBLING_THREADS):
            title = f"{origin.title or ''} ({message_id})".strip()
            if title_key(title) not in taken:
                return await desk.get_or_create_thread(origin.client or "", title)
        raise NotAllowedError("edit-too-many-parts")

    async def merge(
        self, member: MemberId, message_id: ThreadId, target_thread: ThreadId, *, now: datetime
    ) -> EditSummary:
        """Two threads are one conversation: everything of the first belongs to the second."""
        async with self._desks.begin(member, now, "merged") as desk:
            origin, target = await desk.get_thread(message_id), await desk.get_thread(target_thread)
            moving = await messages.list_in_thread(desk.transaction, member, origin.id)
            if origin.id == target.id or not moving:
                raise NotAllowedError("edit-nothing-to-merge")
            before = await _count_verdicts(desk, [origin.id, target.id])
            await desk.update_messages(*((each, replace(each, thread_id=target.id)) for each in moving))
            return await _edit_summary(desk, "merged", len(moving), (origin, target), before)

    async def sent_at(self, member: MemberId, message_id: MessageId) -> datetime:
        """When a message was sent, as it is recorded. Raises `RefusedError`."""
        async with self._desks.database.read() as transaction:
            if found := await messages.find(transaction, member, message_id):
                return found.entry.at
        raise NotAllowedError("recording-message-gone")

    async def thread_of(self, member: MemberId, message_id: MessageId) -> ThreadId:
        """Where a message is recorded."""
        async with self._desks.database.read() as transaction:
            if found := await messages.find(transaction, member, message_id):
                return found.thread_id
        raise NotAllowedError("recording-message-gone")

    async def delete_message(self, member: MemberId, message_id: MessageId, *, now: datetime) -> Receipt:
        """As if it had never been recorded."""
        async with self._desks.begin(member, now, "deleted") as desk:
            message = await desk.get_message(message_id)
            thread = await desk.get_thread(message.thread_id)
            before = await desk.explain(message)
            await desk.delete_messages(message)
            return await desk.build_receipt(ReceiptKind.UNDONE, message, thread, before)

    async def step_size(self, member: MemberId, step: UndoStepId) -> int:
        """How many messages a step changed."""
        async with self._desks.database.read() as transaction:
            return await undo_log.size(transaction, member, step)

    async def undo_step(self, member: MemberId, step: UndoStepId, *, now: datetime) -> EditSummary:
        """Take back the newest step, whatever it was. `step` names it, so that pressing twice undoes one."""
        if await self.step_size(member, step) > BATCH_ROWS:
            async with self._steps.slot(member):
                if long := await self._undo_import(member, step, now=now):
                    return long
        async with self._desks.begin(member, now, "reverted") as desk:
            newest = await undo_log.latest(desk.transaction, member)
            if newest is None or newest.id != step:
                raise NotAllowedError("edit-step-gone")
            states = await undo_log.snapshots(desk.transaction, member, step)
            present = await _existing_messages(desk, states)
            touched = thread_ids([*states.values(), *(present.get(message_id) for message_id in states)])
            before = await _count_verdicts(desk, touched)
            await messages.upsert(desk.transaction, member, [each for each in states.values() if each is not None])
            gone = [message_id for message_id, each in states.items() if each is None]
            await messages.remove(desk.transaction, member, gone)
            await undo_log.delete(desk.transaction, member, step)
            affected_threads = [
                await threads.find(desk.transaction, member, message_id) for message_id in sorted(touched)
            ]
            known = [each for each in affected_threads if each is not None]
            return await _edit_summary(desk, newest.kind, len(states), known, before)

    async def _undo_import(self, member: MemberId, step: UndoStepId, *, now: datetime) -> EditSummary | None:
        """A large import is taken back as it was written, in batches; None: it is none, or not the newest step."""
        database = self._desks.database
        async with self._desks.begin(member, now, "reverted") as desk:
            newest = await undo_log.latest(desk.transaction, member)
            if newest is None or newest.id != step or newest.kind != "imported":
                return None
            await undo_log.reopen(desk.transaction, member, step)
            size, rate = await undo_log.size(desk.transaction, member, step), desk.rate_before
        touched = await undo_log.thread_ids(database, member, step)
        before = await reply_state.reply_rate_of_threads(database, member, touched)
        await self._steps.roll_back(member, step, now=now)
        after = await reply_state.reply_rate_of_threads(database, member, touched)
        async with self._desks.begin(member, now, "reverted") as desk:
            named = [
                await threads.find(desk.transaction, member, message_id) for message_id in touched[:BULK_THRESHOLD]
            ]
            affected_threads = tuple(each for each in named if each is not None)
            return EditSummary("imported", size, affected_threads, before, after, rate, desk.rate_before)


async def _existing_messages(desk: RecordTransaction, numbers: Collection[MessageId]) -> dict[MessageId, Message]:
    """Those of some messages that are recorded now."""
    if len(numbers) > BULK_THRESHOLD:
        return {each.id: each for each in await messages.list_all(desk.transaction, desk.member)}
    found = [await messages.find(desk.transaction, desk.member, message_id) for message_id in numbers]
    return {each.id: each for each in found if each is not None}


async def _count_verdicts(desk: RecordTransaction, numbers: Iterable[ThreadId]) -> ReplyRate:
    return await reply_state.reply_rate_of_threads(desk.transaction, desk.member, list(numbers))


async def _edit_summary(
    desk: RecordTransaction, what: str, count: int, affected_threads: Sequence[Thread], before: ReplyRate
) -> EditSummary:
    await desk.recompute_threads([thread.id for thread in affected_threads])
    after = await _count_verdicts(desk, [thread.id for thread in affected_threads])
    return EditSummary(what, count, tuple(affected_threads), before, after, desk.rate_before, await desk.rate())
