"""Steps too large for one transaction: an import, undoing one, and planning the reminders of many windows again.

SQLite has one writer: 100,000 rows in one transaction would block every other member for seconds. So such a step is
written in batches. Each batch is a transaction of its own that leaves the messages of its threads consistent with what
is derived from them. The step's row in `changes` joins the batches, and is *in progress* from the first to the last:
it is not offered for undoing, and each batch checks first that it is still in progress. If the process dies or a batch
fails, the step stays in progress and is rolled back batch by batch: at the next start before any member is answered,
or by the periodic tasks of another process. Undoing an import is a step in progress too, so after a crash it is
continued in the same way. An import is complete or absent at the end, except for what the member has recorded again or
corrected in the meantime: they were told that it is recorded, so it stays. Changed preferences are stored together
with a step in progress for the windows that are planned again; after a crash all of them are.

The process that works on a step holds `Database.try_lock` for the member; a dead process loses the lock. So no process
rolls back a step that is still being written. Until then only the member can see its messages.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

import structlog

from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.types import MemberId, ThreadId, UndoStepId
from bot.errors import NinteiError, NotAllowedError
from bot.services.member_guard import member_guard
from bot.services.projection import recompute_threads_one_by_one
from bot.services.record_transaction import RecordTransactions
from storage import messages, undo_log, waiting_threads

log = structlog.get_logger()


REPLANNED_KIND: Final = "replanned"
"""The kind of a step that plans the reminders of many windows again."""


class BulkChangeRunner:
    """Runs steps in batches. All processes together run no more imports at once than the operator allows."""

    def __init__(self, transactions: RecordTransactions) -> None:
        self._transactions = transactions
        self.limits = transactions.limits

    @asynccontextmanager
    async def import_slot(self, member_id: MemberId, *, now: datetime) -> AsyncIterator[None]:
        """Have the member's lock and one of the import slots while the block runs.

        Raises `NotAllowedError` when one is taken. A step of the member's that a dead process left in progress is ended
        first; the block does not run when that fails: what is rolled back later would be taken for recorded.
        """
        try_lock, max_slots = self._transactions.database.try_lock, self._transactions.defaults.limits.import_slots
        async with try_lock(_bulk_change_lock_name(member_id)) as has_member_lock:
            if not has_member_lock:
                raise NotAllowedError("limits-import-running")
            for slot in range(max_slots):
                async with try_lock(f"import {slot}") as has_slot:
                    if not has_slot:
                        continue
                    await self._end_interrupted_steps(member_id, now=now)
                    yield
                    return
            raise NotAllowedError("limits-imports", most=max_slots)

    async def roll_back_interrupted_import(self, member_id: MemberId, *, now: datetime) -> None:
        """Roll back what a dead process left of an import, if one did: it would be taken for recorded.

        Raises `NotAllowedError` while one is written.
        """
        steps = await undo_log.list_undo_steps_in_progress(self._transactions.database)
        if any(owner == member_id and kind != REPLANNED_KIND for owner, _, kind in steps):
            async with self._transactions.database.try_lock(_bulk_change_lock_name(member_id)) as acquired:
                if not acquired:
                    raise NotAllowedError("limits-import-running")
                await self._end_interrupted_steps(member_id, now=now)

    async def begin_step(self, member_id: MemberId, undo_kind: str, *, now: datetime) -> UndoStepId:
        """Start an empty step in progress."""
        async with self._transactions.begin(member_id, now, undo_kind) as record:
            return await undo_log.begin_undo_step(record.transaction, member_id, undo_kind, now=now)

    async def roll_back_if_possible(self, member_id: MemberId, step_id: UndoStepId, *, now: datetime) -> None:
        """Roll back a step after a failed batch; if that fails too, `resume_interrupted_steps` does it later."""
        try:
            await self.roll_back(member_id, step_id, now=now)
        except Exception:
            log.exception("bulk_change_left_in_progress", member_id=member_id, undo_step_id=step_id)

    async def roll_back(self, member_id: MemberId, step_id: UndoStepId, *, now: datetime) -> None:
        """Delete the messages that a step added, with the marks of their threads, batch by batch, and then the step."""
        is_last = False
        while not is_last:
            async with self._transactions.begin(member_id, now, "reverted", step_id=step_id) as record:
                transaction = record.transaction
                added_ids = await undo_log.list_message_ids_of_undo_step(
                    transaction, member_id, step_id, limit=self.limits.batch_rows
                )
                existing = await messages.find_messages(transaction, member_id, added_ids)
                await messages.delete_messages(transaction, member_id, added_ids)
                await undo_log.remove_messages_from_undo_step(transaction, member_id, step_id, added_ids)
                affected_ids = sorted({message.thread_id for message in existing})
                await undo_log.restore_marks_of_undo_step(transaction, member_id, step_id, affected_ids)
                await record.recompute_threads(*affected_ids)
                is_last = len(added_ids) < self.limits.batch_rows
                if is_last:
                    await undo_log.delete_undo_step(transaction, member_id, step_id)
        self._transactions.on_schedule_changed()

    async def replan_reminders(self, member_id: MemberId, step_id: UndoStepId, *, now: datetime) -> None:
        """Plan the reminders of all open windows by the member's present preferences, batch by batch, and end the step.

        Where another step of the member is worked on, `resume_interrupted_steps` does it later. It may have
        done so already.
        """
        database = self._transactions.database
        async with database.try_lock(_bulk_change_lock_name(member_id)) as acquired:
            if acquired and await undo_log.is_undo_step_in_progress(database, member_id, step_id):
                await self._replan_open_windows(member_id, step_id, now=now)

    async def _replan_open_windows(self, member_id: MemberId, step_id: UndoStepId, *, now: datetime) -> None:
        last_id = ThreadId(0)
        while batch := await waiting_threads.list_thread_ids_with_reminders(
            self._transactions.database, member_id, now=now, after=last_id, limit=self.limits.batch_threads
        ):
            async with self._transactions.begin(
                member_id, now, REPLANNED_KIND, step_id=step_id, known_rate=ReplyRate(0, 0, 0)
            ) as record:
                await recompute_threads_one_by_one(
                    record.transaction, member_id, batch, record.preferences.reminders, now=now, replanning=True
                )
                record.recomputed_ids.update(batch)  # receipts name the reminders
            last_id = batch[-1]
        async with self._transactions.database.write() as transaction:
            await undo_log.delete_undo_step(transaction, member_id, step_id)
        self._transactions.on_schedule_changed()

    async def resume_interrupted_steps(self, *, now: datetime) -> None:
        """Roll back the steps in progress that no process works on; planning again is done again."""
        for member_id, step_id, kind in await undo_log.list_undo_steps_in_progress(self._transactions.database):
            async with self._transactions.database.try_lock(_bulk_change_lock_name(member_id)) as acquired:
                if not acquired:
                    continue
                with member_guard("bulk_changes", member_id):
                    try:
                        await self._end_interrupted_step(member_id, step_id, kind, now=now)
                    except NinteiError as error:  # it ended, the member was erased, or the database is unavailable
                        log.warning(
                            "bulk_change_not_rolled_back",
                            member_id=member_id,
                            undo_step_id=step_id,
                            error=error.message_id,
                        )

    async def _end_interrupted_steps(self, member_id: MemberId, *, now: datetime) -> None:
        """End the steps of a member, whose lock is held."""
        for owner, step_id, kind in await undo_log.list_undo_steps_in_progress(self._transactions.database):
            if owner == member_id:
                await self._end_interrupted_step(member_id, step_id, kind, now=now)

    async def _end_interrupted_step(
        self, member_id: MemberId, step_id: UndoStepId, kind: str, *, now: datetime
    ) -> None:
        if kind == REPLANNED_KIND:
            await self._replan_open_windows(member_id, step_id, now=now)
            return
        await self.roll_back(member_id, step_id, now=now)
        log.info("bulk_change_rolled_back", member_id=member_id, undo_step_id=step_id)


def _bulk_change_lock_name(member_id: MemberId) -> str:
    return f"import of {member_id}"
