"""Tasks by the calendar: digests, interrupted bulk changes, and once a day the deletion of data past its retention."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain.calendar import ONE_DAY, lancers_date, lancers_midnight, months_before, to_micros
from bot.errors import StorageError
from bot.scheduling.ports import DigestSender, MemberUnreachableError, RetryLaterError
from bot.scheduling.wakeup import WakeUp
from bot.services.container import Services
from storage import event_claims, members, periodic_runs, retention
from storage.admin import erasure_log

DIGEST_BATCH: Final = 100
"""Digests sent before the next query."""

log = structlog.get_logger()


class PeriodicTasks:
    """One long-lived task. The next digest is planned after one was sent; a crash between the two repeats its nonce."""

    def __init__(
        self,
        services: Services,
        clock: Clock,
        sender: DigestSender,
        *,
        retention_months: int,
        backup_retention_days: int,
    ) -> None:
        self._services = services
        self._database = services.database
        self._clock = clock
        self._sender = sender
        self._retention_months = retention_months
        self._backup_retention_days = backup_retention_days
        self._wakeup = WakeUp(clock)
        self._next_purge_at: datetime | None = None
        self._stop = asyncio.Event()

    async def wait_idle(self) -> None:
        """Return once everything that was due at the call is done. Only while it runs."""
        await self._wakeup.next_tick()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run while the block runs."""
        task = asyncio.create_task(self._run(), name="periodic tasks")
        try:
            yield
        finally:
            self._stop.set()
            self._wakeup.wake()
            await task

    async def _run(self) -> None:
        while not self._stop.is_set():
            next_digest_at = None
            with self._wakeup.tick():
                try:
                    async with self._database.try_lock("digests") as acquired:
                        if acquired:
                            await self._send_digests()
                    await self._services.bulk_changes.resume_interrupted(now=self._clock.now())
                    await self._purge_daily()
                    next_digest_at = await members.next_digest_after(self._database, self._clock.now())
                except StorageError as error:
                    log.warning("periodic_tasks_waiting_for_database", error=error.message_id)
                except Exception:
                    log.exception("periodic_tasks_failed")
            if not self._stop.is_set():
                due = [instant for instant in (next_digest_at, self._next_purge_at) if instant is not None]
                await self._wakeup.wait(min(due, default=None))

    async def _send_digests(self) -> None:
        due = await members.members_due_digest(self._database, self._clock.now(), limit=DIGEST_BATCH)
        for member_id, due_at in due:
            now = self._clock.now()
            if self._stop.is_set() or await self._services.members.quiet_hours_end(member_id, now) is not None:
                continue
            try:
                nonce = f"digest-{member_id:x}-{to_micros(due_at) // 10**9:x}"[:25]
                await self._sender.send_digest(member_id, nonce, now=now)
            except RetryLaterError:
                continue  # the next poll tries again, with the same nonce
            except MemberUnreachableError:
                log.info("digest_undeliverable", member_id=member_id)
            await self._services.preferences.schedule_next_digest(member_id, now=now)

    async def _purge_daily(self) -> None:
        now = self._clock.now()
        if self._next_purge_at is not None and now < self._next_purge_at:
            return
        self._next_purge_at = now + ONE_DAY
        prune_before = now - timedelta(days=self._backup_retention_days)
        await asyncio.to_thread(erasure_log.prune, self._database.erasure_log_path, prune_before)
        purge_before = lancers_midnight(months_before(lancers_date(now).replace(day=1), self._retention_months))
        async with self._database.write() as transaction:
            if not await periodic_runs.claim_if_due(transaction, "purge", ONE_DAY, now=now):
                return
            purged = await retention.purge(transaction, purge_before, now=now)
            await event_claims.purge(transaction)
        log.info("data_purged", messages=purged)
