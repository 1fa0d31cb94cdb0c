"""Compare the stored derived state of threads with what follows from their messages, and repair differences."""

import random
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Final

import structlog

from bot.domain.reminders.lead_times import format_lead_times
from bot.domain.reminders.quiet_hours import format_quiet_hours
from bot.services.member_guard import member_guard
from bot.services.members import effective_preferences, load_preferences
from bot.services.projection import is_projection_stale, recompute_thread
from bot.settings import MemberDefaults
from storage import cards, members, periodic_runs, threads
from storage.database import Database, Transaction
from storage.threads import ThreadOwner

log = structlog.get_logger()

REMINDER_DEFAULTS: Final = "reminder defaults"

REMINDER_RULES: Final = "reminder rules"
RULES_VERSION: Final = "2"
"""Changes with the rules by which reminders are planned, so that an upgrade plans those of before anew."""

BEING_CHANGED: Final = "being changed"

BATCH_SIZE: Final = 50
"""Threads of one transaction, so that none takes long."""


async def find_threads_with_stale_projections(
    transaction: Transaction, thread_owners: Iterable[ThreadOwner], defaults: MemberDefaults, *, now: datetime
) -> list[ThreadOwner]:
    """Those threads whose stored exchanges, window or planned reminders are not what `recompute_thread` would store."""
    stale = []
    for member_id, thread_id in thread_owners:
        differs = True  # also where a fault hinders the comparison
        with member_guard("recomputation", member_id):
            preferences = await load_preferences(transaction, member_id, defaults)
            differs = await is_projection_stale(transaction, member_id, thread_id, preferences.reminders, now=now)
        if differs:
            stale.append((member_id, thread_id))
    return stale


class ConsistencyChecker:
    """Works while the bot runs. Every method returns how many threads were read, and how many of them differed."""

    def __init__(self, database: Database, defaults: MemberDefaults) -> None:
        self._database = database
        self._defaults = defaults

    async def check_sample(self, size: int, *, now: datetime) -> tuple[int, int]:
        """Check a sample: one half the threads whose reminders are due next, the other half at random."""
        async with self._database.read() as transaction:
            thread_ids = set(await threads.list_threads_by_next_reminder(transaction, limit=size // 2))
            lowest, highest = await threads.find_thread_id_range(transaction)
            for thread_id in random.sample(range(lowest, highest + 1), min(size, highest + 1 - lowest)):
                if len(thread_ids) == size:
                    break
                thread_ids.update(await threads.list_threads_after(transaction, thread_id - 1, limit=1))
            return len(thread_ids), len(
                await find_threads_with_stale_projections(transaction, thread_ids, self._defaults, now=now)
            )

    async def check_all(self, *, now: datetime) -> tuple[int, int]:
        """Check every thread."""
        read = stale_count = 0
        async for batch in self._thread_batches():
            async with self._database.read() as transaction:
                stale_count += len(
                    await find_threads_with_stale_projections(transaction, batch, self._defaults, now=now)
                )
            read += len(batch)
        return read, stale_count

    async def repair(self, *, now: datetime) -> tuple[int, int]:
        """Check every thread, and recompute those that differ."""
        read = stale_count = 0
        async for batch in self._thread_batches():
            async with self._database.read() as transaction:
                stale = await find_threads_with_stale_projections(transaction, batch, self._defaults, now=now)
            for member_id, thread_id in sorted(stale):
                with member_guard("recomputation", member_id):
                    async with self._database.write() as transaction:
                        preferences = effective_preferences(
                            await members.lock_member(transaction, member_id), self._defaults
                        )
                        await recompute_thread(
                            transaction, member_id, thread_id, preferences.reminders, now=now, replanning=True
                        )
                        await cards.mark_cards_changed(transaction, member_id, [thread_id], now=now)
                    stale_count += 1
            read += len(batch)
        return read, stale_count

    async def repair_after_changed_defaults(self, *, now: datetime) -> None:
        """Plan reminders anew if the operator has changed the defaults, or an upgrade the rules, of their plans."""
        defaults = self._defaults
        leads, quiet_hours = format_lead_times(defaults.lead_times), format_quiet_hours(defaults.quiet_hours)
        present = f"{leads} {quiet_hours} {defaults.timezone}"
        planned_by = {REMINDER_DEFAULTS: present, REMINDER_RULES: RULES_VERSION}
        if await periodic_runs.are_values_stored(self._database, planned_by):
            return
        if await periodic_runs.load_stored_value(self._database, REMINDER_DEFAULTS) is not None:
            async with self._database.write() as transaction:  # after an end in the middle the next start repairs all
                await periodic_runs.save_stored_value(transaction, REMINDER_DEFAULTS, BEING_CHANGED, now=now)
            read, changed = await self.repair(now=now)
            log.info("reminders_planned_anew", threads=read, changed=changed)
        async with self._database.write() as transaction:
            for name, value in planned_by.items():
                await periodic_runs.save_stored_value(transaction, name, value, now=now)

    async def _thread_batches(self) -> AsyncIterator[Sequence[ThreadOwner]]:
        last_thread_id = 0
        while batch := await threads.list_threads_after(self._database, last_thread_id, limit=BATCH_SIZE):
            yield batch
            last_thread_id = batch[-1][1]
