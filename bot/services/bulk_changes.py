"""A step too large for one transaction: an import, and taking one back.

SQLite has one writer: 100,000 rows in one transaction would keep every other member waiting for seconds. So such a
step is written in batches, each a transaction of its own that leaves whole threads in agreement with what is derived
of them. What makes one step of the batches is its row in `changes`. From the first transaction to the last it is
*under way*: it is not offered for undoing, and each batch looks first whether it still is. Where the process dies, or
a batch fails, the step stays under way with nobody at it, and is taken back batch by batch: at the next start before
anybody is answered, or, where other processes live on, by the next of their rounds. Taking back is a step under way
too, so a crash over it is gone on with in the same way. An import ends whole or not at all.

Who is at work holds `Database.alone` on the member, which a dead process holds no more; so nobody takes back what
somebody is still writing. Until it has ended, the member alone may see it grow.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Final

import structlog

from bot.domain.types import MemberId, UndoStepId
from bot.errors import NinteiError, NotAllowedError
from bot.services.record_transaction import RecordTransactions, thread_ids
from storage import messages, undo_log

BATCH_ROWS: Final = 500
"""Messages in one batch: some ten milliseconds in which nobody else can write."""

log = structlog.get_logger()


class BulkChangeRunner:
    """Imports under way, all processes together, are no more than the operator allows."""

    def __init__(self, desks: RecordTransactions) -> None:
        self._desks = desks
        self._most = desks.defaults.limits.import_slots

    @asynccontextmanager
    async def slot(self, member: MemberId) -> AsyncIterator[None]:
        """Be the one that works on a long step of a member. Raises `RefusedError` when there is no room."""
        async with AsyncExitStack() as held:
            if not await held.enter_async_context(self._desks.database.try_lock(_lock_name(member))):
                raise NotAllowedError("limits-import-running")
            for place in range(self._most):
                if await held.enter_async_context(self._desks.database.try_lock(f"import {place}")):
                    yield
                    return
            raise NotAllowedError("limits-imports", most=self._most)

    async def begin(self, member: MemberId, undo_kind: str, *, now: datetime) -> UndoStepId:
        """A step under way, with nothing in it yet."""
        async with self._desks.begin(member, now, undo_kind) as desk:
            return await undo_log.begin(desk.transaction, member, undo_kind, now=now)

    async def abort(self, member: MemberId, step: UndoStepId, *, now: datetime) -> None:
        """A batch failed: take back what is there; if that fails too, a later round does it."""
        try:
            await self.roll_back(member, step, now=now)
        except Exception:
            log.exception("step_left_under_way", member=member, step=step)

    async def roll_back(self, member: MemberId, step: UndoStepId, *, now: datetime) -> None:
        """Remove what a step added, batch by batch, and then the step."""
        more = True
        while more:
            async with self._desks.begin(member, now, "reverted", step=step) as desk:
                some = await undo_log.message_ids(desk.transaction, member, step, limit=BATCH_ROWS)
                there = await messages.find_many(desk.transaction, member, some)
                await messages.remove(desk.transaction, member, some)
                await undo_log.remove_messages(desk.transaction, member, step, some)
                await desk.recompute_threads(sorted(thread_ids(there)))
                more = len(some) == BATCH_ROWS
                if not more:
                    await undo_log.delete(desk.transaction, member, step)
        self._desks.on_schedule_changed()

    async def resume_interrupted(self, *, now: datetime) -> None:
        """Take back what nobody is at any more."""
        for member, step in await undo_log.list_in_progress(self._desks.database):
            async with self._desks.database.try_lock(_lock_name(member)) as nobody_else:
                if not nobody_else:
                    continue
                try:
                    await self.roll_back(member, step, now=now)
                    log.info("step_taken_back", member=member, step=step)
                except NinteiError as fault:  # ended or erased meanwhile, or the database is away
                    log.warning("step_not_taken_back", member=member, step=step, reason=fault.message_id)


def _lock_name(member: MemberId) -> str:
    return f"import of {member}"
