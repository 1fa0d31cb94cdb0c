"""Saving the results of deliveries. Results that arrive during a commit share the next one."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.clock import Clock
from bot.services.member_guard import may_be_fault_of_one_member
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
                batch = tuple(self._pending)
                await self._save_batch(batch)
                # Not sooner: when this caller is cancelled, the next one saves the batch.
                del self._pending[: len(batch)]
        if own.error is not None:
            raise own.error

    async def _save_batch(self, batch: Sequence[_PendingResult]) -> None:
        """Save results together; if one of them may be at fault, each by itself. Notes the error of each."""
        error: Exception | None = None
        try:
            async with self._database.write() as transaction:
                results = [pending.result for pending in batch]
                await delivery_results.save_delivery_results(transaction, results, now=self._clock.now())
        except Exception as raised:  # noqa: BLE001 — every caller whose result was in the batch raises it
            error = raised
        if error is not None and len(batch) > 1 and may_be_fault_of_one_member(error):
            for pending in batch:
                await self._save_batch([pending])
            return
        for pending in batch:
            pending.error = error
