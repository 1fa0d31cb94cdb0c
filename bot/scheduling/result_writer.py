"""Saving the results of deliveries. Results that arrive during a commit share the next one."""

import asyncio
from dataclasses import dataclass

from bot.clock import Clock
from storage import delivery_results
from storage.database import Database
from storage.delivery_results import DeliveryResult


@dataclass(eq=False, slots=True)
class _PendingResult:
    result: DeliveryResult
    error: Exception | None = None


class ResultWriter:
    """Saves results at once. A commit waits for the disk, so twenty at a time need one wait instead of twenty."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._pending: list[_PendingResult] = []
        self._lock = asyncio.Lock()

    async def save(self, result: DeliveryResult) -> None:
        """Save a result; it is durable on return. Raises `StorageError` when it was not saved."""
        own = _PendingResult(result)
        self._pending.append(own)
        async with self._lock:
            if own in self._pending:
                batch, self._pending = self._pending, []
                try:
                    async with self._database.write() as transaction:
                        results = [pending.result for pending in batch]
                        await delivery_results.save_delivery_results(transaction, results, now=self._clock.now())
                except Exception as error:  # noqa: BLE001 — every caller whose result was in the batch raises it
                    for pending in batch:
                        pending.error = error
        if own.error is not None:
            raise own.error
