"""Marking what became of deliveries: at once, and those that end while one commit is under way share the next."""

import asyncio
from dataclasses import dataclass, field

from bot.clock import Clock
from storage import deliveries
from storage.database import Database
from storage.deliveries import DeliveryResult


@dataclass(eq=False, slots=True)
class _PendingResult:
    result: DeliveryResult
    error: Exception | None = field(default=None)


class ResultWriter:
    """A commit waits for the disk; twenty deliveries need not wait for it twenty times."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: list[_PendingResult] = []
        self._lock = asyncio.Lock()

    async def save(self, result: DeliveryResult) -> None:
        """Durable when it returns. Raises `StorageError` when nothing was marked."""
        mine = _PendingResult(result)
        self._waiting.append(mine)
        async with self._lock:
            if mine in self._waiting:
                together, self._waiting = self._waiting, []
                try:
                    async with self._database.write() as transaction:
                        await deliveries.save_results(
                            transaction, [each.result for each in together], now=self._clock.now()
                        )
                except Exception as error:  # noqa: BLE001 — everybody whose mark it was is told
                    for each in together:
                        each.error = error
        if mine.error is not None:
            raise mine.error
