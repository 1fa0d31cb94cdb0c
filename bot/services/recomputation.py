"""Reading threads again: whether what was derived of them is still what follows from their messages."""

import random
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Final

from bot.services.follow import follow, strays
from bot.services.preferences import preferences_of
from bot.settings import MemberDefaults
from storage import members, threads
from storage.database import Database, Transaction
from storage.threads import ThreadOwner

A_STEP: Final = 50
"""Threads of a transaction: few enough that nobody waits for one."""


async def differing(
    transaction: Transaction, owned: Iterable[ThreadOwner], defaults: MemberDefaults, *, now: datetime
) -> list[ThreadOwner]:
    """Those whose exchanges, window or planned reminders are not what their messages and the preferences make."""
    found = []
    for member, thread in owned:
        preferences = preferences_of(await transaction.query(members.find(member)), defaults)
        if await strays(transaction, member, thread, preferences.reminders, now=now):
            found.append((member, thread))
    return found


class Recomputer:
    """Compares while the bot runs, and puts right under the locks that the bot takes.

    Each tells how many threads were read, and how many of them differed.
    """

    def __init__(self, database: Database, defaults: MemberDefaults) -> None:
        self._database = database
        self._defaults = defaults

    async def sample(self, size: int, *, now: datetime) -> tuple[int, int]:
        """Half of it those whose reminders come next, half at random."""
        async with self._database.read() as transaction:
            owned = set(await threads.list_by_next_reminder(transaction, limit=size // 2))
            lowest, highest = await threads.id_range(transaction)
            drawn = random.sample(range(lowest, highest + 1), min(size, highest + 1 - lowest))
            for number in drawn:
                if len(owned) == size:
                    break
                owned.update(await threads.list_after(transaction, number - 1, limit=1))
            return len(owned), len(await differing(transaction, owned, self._defaults, now=now))

    async def all(self, *, now: datetime) -> tuple[int, int]:
        """Every thread."""
        read = differ = 0
        async for step in self._steps():
            async with self._database.read() as transaction:
                differ += len(await differing(transaction, step, self._defaults, now=now))
            read += len(step)
        return read, differ

    async def put_right(self, *, now: datetime) -> tuple[int, int]:
        """Derive those that differ anew."""
        read = differed = 0
        async for step in self._steps():
            async with self._database.read() as transaction:
                found = await differing(transaction, step, self._defaults, now=now)
            if found:
                async with self._database.write() as transaction:
                    for member, thread in sorted(found):
                        preferences = preferences_of(await members.lock(transaction, member), self._defaults)
                        await follow(transaction, member, thread, preferences.reminders, now=now)
            read, differed = read + len(step), differed + len(found)
        return read, differed

    async def _steps(self) -> AsyncIterator[Sequence[ThreadOwner]]:
        last = 0
        while step := await threads.list_after(self._database, last, limit=A_STEP):
            yield step
            last = step[-1][1]
