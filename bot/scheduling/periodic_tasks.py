"""Tasks by the calendar: digests, and once a day the deletion of data past its retention.

Interrupted bulk changes and erasures are ended at every round.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain.calendar import ONE_DAY
from bot.domain.certification.ranks import Rank
from bot.domain.retention import first_kept_job_day, retention_cutoff
from bot.domain.types import MemberId
from bot.errors import StorageError
from bot.instrumentation import NULL_METRICS, Metrics
from bot.scheduling.ports import DigestSender, MemberUnreachableError, RetryLaterError
from bot.scheduling.scheduling_loop import SchedulingLoop
from bot.scheduling.wakeup import WakeUp
from bot.services.container import Services
from bot.services.member_guard import may_be_fault_of_one_member, member_guard
from storage import erased_members, event_claims, members, operator_requests, periodic_runs, retention
from storage.admin import erasure_log
from storage.admin.erasure_log import write_missing_erasure_notes

DIGEST_BATCH: Final = 100
"""Digests sent before the next query."""

PURGE_BATCH: Final = 500
"""Members whose old rows are deleted in one transaction."""

FAULT_PAUSE: Final = timedelta(hours=1)
"""After a fault of a member's digest, of the rest of their erasure, or of the purge, until it is tried again."""

log = structlog.get_logger()


class PeriodicTasks(SchedulingLoop):
    """The next digest is planned after one was sent; a crash between the two repeats its nonce.

    If the next one cannot be planned, the process remembers what it sent: Discord soon forgets the nonce.
    """

    name = "periodic_tasks"

    def __init__(
        self,
        services: Services,
        clock: Clock,
        sender: DigestSender,
        *,
        backup_retention_days: int,
        metrics: Metrics = NULL_METRICS,
    ) -> None:
        super().__init__(WakeUp(clock))
        self._services = services
        self._database = services.database
        self._clock = clock
        self._sender = sender
        self._backup_retention_days = backup_retention_days
        self._metrics = metrics
        self._digest_not_before: dict[MemberId, datetime] = {}
        """When a digest is tried again that could not be sent; until then the member is passed over."""
        self._sent_digests: dict[MemberId, tuple[int, Rank | None]] = {}
        """When the digests were due that were sent, and their ranks, until the next one is planned."""
        self._erasure_not_before: dict[MemberId, datetime] = {}
        """When the deletion of an erased record is tried again that failed by the member's rows."""
        self._defaults_compared = False
        self._next_purge_at: datetime | None = None

    async def _do_due_work(self) -> datetime | None:
        async with self._database.try_lock("digests") as acquired:
            if acquired:
                await self._send_digests()
        await self._services.bulk_changes.resume_interrupted_steps(now=self._clock.now())
        await write_missing_erasure_notes(self._database)
        await self._erase_rest_of_records()
        await self._purge_daily()
        if not self._defaults_compared:
            await self._services.consistency.repair_after_changed_defaults(now=self._clock.now())
            self._defaults_compared = True
        next_digest_at = await members.next_stored_digest_at(self._database, self._clock.now())
        return min(filter(None, (next_digest_at, self._next_purge_at)), default=None)

    async def _send_digests(self) -> None:
        """Go once through everybody whose digest is due; one that has to wait delays no other."""
        last: tuple[int, MemberId] | None = None
        started_at = self._clock.now()
        while due := await members.list_members_due_digest(self._database, started_at, after=last, limit=DIGEST_BATCH):
            for last in due:
                due_micros, member_id = last
                if self._is_stopping:
                    return
                now = self._clock.now()
                if self._digest_not_before.get(member_id, now) > now:
                    continue
                retry_at: datetime | None = now + FAULT_PAUSE
                with member_guard("digests", member_id, self._metrics):
                    retry_at = await self._send_digest(member_id, due_micros, now)
                if retry_at is None:
                    self._digest_not_before.pop(member_id, None)
                else:
                    self._digest_not_before[member_id] = retry_at

    async def _send_digest(self, member_id: MemberId, due_micros: int, now: datetime) -> datetime | None:
        """Send a member's digest, unless that was done. Returns when to try again; None when this digest is over."""
        sent_due_micros, rank = self._sent_digests.get(member_id, (None, None))
        if sent_due_micros != due_micros:
            quiet_hours_end = await self._services.members.quiet_hours_end(member_id, now)
            if quiet_hours_end is not None:
                return now
            try:
                nonce = f"digest-{member_id:x}-{due_micros // 10**9:x}"[:25]
                rank = await self._sender.send_digest(member_id, nonce, now=now)
            except RetryLaterError as error:
                return now + (error.delay or timedelta())  # tried again with the same nonce
            except MemberUnreachableError:
                log.info("digest_undeliverable", member_id=member_id)
                rank = None
            self._sent_digests[member_id] = due_micros, rank
        await self._services.preferences.schedule_next_digest(member_id, now=now, shown_rank=rank)
        del self._sent_digests[member_id]
        return None

    async def _erase_rest_of_records(self) -> None:
        """Delete what is left of erased records: the database refused one of the steps, or the process died.

        Also what is left of them in the files: they were in use when a record was deleted.
        """
        erased = self._database.needs_purge
        for member_id in await erased_members.list_returned_members(self._database):
            now = self._clock.now()
            if self._erasure_not_before.get(member_id, now) > now:
                continue
            with member_guard("purge", member_id, self._metrics):
                await erased_members.erase_rest_of_record(self._database, member_id)
                self._erasure_not_before.pop(member_id, None)
                erased = True
                continue
            self._erasure_not_before[member_id] = now + FAULT_PAUSE
        if erased:
            try:
                await self._database.purge_deleted_data()
            except StorageError as error:
                log.warning("deleted_data_not_purged", error=error.message_id)

    async def _purge_daily(self) -> None:
        now = self._clock.now()
        if self._next_purge_at is not None and now < self._next_purge_at:
            return
        self._next_purge_at = now + FAULT_PAUSE
        prune_before = now - timedelta(days=self._backup_retention_days)
        try:
            await asyncio.to_thread(erasure_log.prune_erasure_log, self._database.erasure_log_path, prune_before)
        except OSError as error:
            log.warning("erasure_notes_not_pruned", error_type=type(error).__name__)
        async with self._database.try_lock("purge") as acquired:
            if not acquired:
                return
            if await periodic_runs.is_periodic_task_due(self._database, "purge", ONE_DAY, now=now):
                await self._purge(now)
        self._next_purge_at = now + ONE_DAY

    async def _purge(self, now: datetime) -> None:
        """Delete data past its retention. Done is what deleted everything: a fault repeats all of it."""
        async with self._database.write() as transaction:
            await event_claims.purge_event_claims(transaction)
            await operator_requests.purge_operator_requests(transaction, now=now)
        purged, last = 0, MemberId(0)
        while member_ids := await members.list_member_ids_after(self._database, last, limit=PURGE_BATCH):
            purged += await self._purge_members(member_ids, now)
            last = member_ids[-1]
        async with self._database.write() as transaction:
            await periodic_runs.save_run_of_periodic_task(transaction, "purge", now=now)
        log.info("data_purged", messages=purged)

    async def _purge_members(self, member_ids: Sequence[MemberId], now: datetime) -> int:
        """Purge members together; if their rows cannot be purged so, each half by itself, down to the one at fault."""
        if len(member_ids) == 1:
            with member_guard("purge", member_ids[0], self._metrics):
                return await self._purge_range(member_ids, now)
            return 0
        try:
            return await self._purge_range(member_ids, now)
        except Exception as error:
            if not may_be_fault_of_one_member(error):
                raise
        middle = len(member_ids) // 2
        halves = (member_ids[:middle], member_ids[middle:])
        return sum([await self._purge_members(half, now) for half in halves])

    async def _purge_range(self, member_ids: Sequence[MemberId], now: datetime) -> int:
        months = self._services.retention_months
        async with self._database.write() as transaction:
            return await retention.purge_old_rows(
                transaction,
                member_ids[0],
                member_ids[-1],
                retention_cutoff(now, months),
                first_job_day=first_kept_job_day(now, months),
                now=now,
            )
