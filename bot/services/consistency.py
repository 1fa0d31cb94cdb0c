"""Reading threads again: whether what was derived of them is still what follows from their messages."""

import random
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Final

from bot.services.preferences import effective_preferences
from bot.services.projection import is_stale, recompute_thread
from bot.settings import MemberDefaults
from storage import members, threads
from storage.database import Database, Transaction
from storage.threads import ThreadOwner

BATCH_SIZE: Final = 50
"""Threads of a transaction: few enough that nobody waits for one."""


async def find_stale_threads(
    transaction: Transaction, thread_owners: Iterable[ThreadOwner], defaults: MemberDefaults, *, now: datetime
) -> list[ThreadOwner]:
    """Those whose exchanges, window or planned reminders are not what their messages and the preferences make."""
    found = []
    for member, thread in thread_owners:
        preferences = effective_preferences(await transaction.query(members.find(member)), defaults)
        if await is_stale(transaction, member, thread, preferences.reminders, now=now):
            found.append((member, thread))
    return found


class ConsistencyChecker:
    """Compares while the bot runs, and puts right under the locks that the bot takes.

    Each tells how many threads were read, and how many of them differed.
    """

    def __init__(self, database: Database, defaults: MemberDefaults) -> None:
        self._database = database
        self._defaults = defaults

    async def check_sample(self, size: int, *, now: datetime) -> tuple[int, int]:
        """Half of it those whose reminders come next, half at random."""
        async with self._database.read() as transaction:
            thread_owners = set(await threads.list_by_next_reminder(transaction, limit=size // 2))
            lowest, highest = await threads.id_range(transaction)
            drawn = random.sample(range(lowest, highest + 1), min(size, highest + 1 - lowest))
            for number in drawn:
                if len(thread_owners) == size:
                    break
                thread_owners.update(await threads.list_after(transaction, number - 1, limit=1))
            return len(thread_owners), len(
                await find_stale_threads(transaction, thread_owners, self._defaults, now=now)
            )

    async def check_all(self, *, now: datetime) -> tuple[int, int]:
        """Every thread."""
        read = differ = 0
        async for step in self._steps():
            async with self._database.read() as transaction:
                differ += len(await find_stale_threads(transaction, step, self._defaults, now=now))
            read += len(step)
        return read, differ

    async def repair(self, *, now: datetime) -> tuple[int, int]:
        """Derive those that differ anew."""
        read = differed = 0
        async for step in self._steps():
            async with self._database.read() as transaction:
                found = await find_stale_threads(transaction, step, self._defaults, now=now)
            if found:
                async with self._database.write() as transaction:
                    for member, thread in sorted(found):
                        preferences = effective_preferences(await members.lock(transaction, member), self._defaults)
                        await recompute_thread(transaction, member, thread, preferences.reminders, now=now)
            read, differed = read + len(step), differed + len(found)
        return read, differed

    async def _steps(self) -> AsyncIterator[Sequence[ThreadOwner]]:
        last = 0
        while step := await threads.list_after(self._database, last, limit=BATCH_SIZE):
            yield step
            last = step[-1][1]
