"""What happens by the calendar: the digests, and once a day taking out what can no longer matter."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.clock import Clock
from bot.domain.calendar import lancers_date, lancers_midnight, months_before
from bot.domain.types import MemberId, to_micros
from bot.errors import StorageError
from bot.scheduling.dispatcher import QuietUntil
from bot.scheduling.ports import MemberUnreachableError, RetryLaterError
from bot.scheduling.wakeup import WakeUp
from storage import event_claims, members, periodic_runs, retention
from storage.admin import erasure_log
from storage.database import Database

DIGEST_BATCH: Final = 100
"""Digests sent before looking again."""

DAILY: Final = timedelta(days=1)

log = structlog.get_logger()


class DigestSender(Protocol):
    """Carries one digest."""

    async def send_digest(self, member_id: MemberId, nonce: str, *, now: datetime) -> None:
        """Send it. Raises `Unreachable` or `TryLater`."""


class PlanDigest(Protocol):
    """Works out when a member's next digest is due."""

    async def __call__(self, member_id: MemberId, *, now: datetime) -> None: ...


class Tidy(Protocol):
    """Takes back what a process that died had begun."""

    async def __call__(self, *, now: datetime) -> None: ...


class PeriodicTasks:
    """One long-lived task. A digest that was sent is planned anew; a crash between the two repeats its nonce."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        sender: DigestSender,
        schedule_next_digest: PlanDigest,
        quiet_until: QuietUntil,
        *,
        resume_interrupted: Tidy,
        retention_months: int,
        backup_retention_days: int,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sender = sender
        self._plan = schedule_next_digest
        self._quiet_until = quiet_until
        self._tidy = resume_interrupted
        self._keep_months = retention_months
        self._backup_days = backup_retention_days
        self._wakeup = WakeUp(clock)
        self._purge_at: datetime | None = None
        self._stop = asyncio.Event()

    async def wait_idle(self) -> None:
        """Return once everything that was due when called has been done. Only while it runs."""
        await self._wakeup.next_tick()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Go on while the block runs."""
        task = asyncio.create_task(self._run(), name="rounds")
        try:
            yield
        finally:
            self._stop.set()
            self._wakeup.wake()
            await task

    async def _run(self) -> None:
        while not self._stop.is_set():
            earliest = None
            with self._wakeup.tick():
                try:
                    async with self._database.try_lock("digests") as mine:
                        if mine:
                            await self._digests()
                    await self._tidy(now=self._clock.now())
                    await self._purge_daily()
                    async with self._database.read() as transaction:
                        earliest = await members.next_digest_after(transaction, self._clock.now())
                except StorageError as error:
                    log.warning("rounds_waiting_for_the_database", reason=error.message_id)
                except Exception:
                    log.exception("rounds_fault")
            if not self._stop.is_set():
                wake = [each for each in (earliest, self._purge_at) if each is not None]
                await self._wakeup.wait(min(wake, default=None))

    async def _digests(self) -> None:
        async with self._database.read() as transaction:
            due = await members.members_due_digest(transaction, self._clock.now(), limit=DIGEST_BATCH)
        for member, at in due:
            now = self._clock.now()
            if self._stop.is_set() or await self._quiet_until(member, now) is not None:
                continue
            try:
                await self._sender.send_digest(member, f"digest-{member:x}-{to_micros(at) // 10**9:x}"[:25], now=now)
            except RetryLaterError:
                continue  # the sweep tries again, with the same nonce
            except MemberUnreachableError:
                log.info("digest_undeliverable", member=member)
            await self._plan(member, now=now)

    async def _purge_daily(self) -> None:
        now = self._clock.now()
        if self._purge_at is not None and now < self._purge_at:
            return
        self._purge_at = now + DAILY
        await asyncio.to_thread(
            erasure_log.prune, self._database.erasure_log_path, now - timedelta(days=self._backup_days)
        )
        before = lancers_midnight(months_before(lancers_date(now).replace(day=1), self._keep_months))
        async with self._database.write() as transaction:
            if not await periodic_runs.claim_if_due(transaction, "purge", DAILY, now=now):
                return
            gone = await retention.purge(transaction, before, now=now)
            await event_claims.purge(transaction)
        log.info("purged", messages=gone)
