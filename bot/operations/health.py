"""Whether the process lives, and whether it is of use: what is wrong, each a text's id with its arguments."""

import asyncio
from typing import Final

from bot.errors import NinteiError, StorageError
from bot.operations.parts import PATIENCE, Parts

DIRECT_MESSAGES: Final = 0
"""The shard on which they all arrive: only who holds it catches up."""

TOO_LONG: Final = 180.0
"""Seconds without a look for what is due: three sweeps, or a database that answers neither yes nor no."""


class Health:
    """Asks the parts."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._asking: asyncio.Task[bool] | None = None

    def lives(self) -> list[NinteiError]:
        """Wrong here: only a restart helps. That the event loop goes on is shown by the answer itself."""
        age = self._parts.sweep_age()
        return [NinteiError("watching-sweep", seconds=int(age))] if age is not None and age > TOO_LONG else []

    async def is_ready(self) -> list[NinteiError]:
        """Wrong here: members are not served just now, or would wait."""
        found = self.lives()
        gateway, shards = self._parts.gateway, self._parts.shards()
        if gateway.user is None:
            found.append(NinteiError("watching-logged-in"))
        elif self._parts.membership.place is None:
            found.append(NinteiError("watching-membership"))
        elif away := sorted(set(shards) - gateway.connected):
            found.append(NinteiError("watching-gateway", shards=", ".join(map(str, away))))
        elif DIRECT_MESSAGES in shards and not gateway.caught_up.is_set():
            found.append(NinteiError("watching-caught-up"))
        if not await self.database_answers():
            found.append(NinteiError("watching-database", seconds=int(PATIENCE)))
        return found

    async def database_answers(self) -> bool:
        """Whether a transaction that may write can begin and end. A question that hangs is waited for by the next."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask(), name="health")
        answered, _ = await asyncio.wait({self._asking}, timeout=PATIENCE)
        return bool(answered) and self._asking.result()

    async def _ask(self) -> bool:
        try:
            async with self._parts.database.write():
                return True
        except StorageError:
            return False

    async def close(self) -> None:
        """Leave no question behind."""
        if self._asking is not None:
            await asyncio.gather(self._asking, return_exceptions=True)
