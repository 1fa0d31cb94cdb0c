"""Claim what is due, deliver it, save the result: each planned reminder ends in exactly one outcome.

A delivery and its reminders are committed before it is sent, and its result is saved at once. After a crash between the
two the claim's lease expires, and the retry has the same nonce, so Discord answers it with the first message. Therefore
a retry never contains more than the attempt before it: a reminder that is left out has ended before anything is sent.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain.calendar import instant_to_micros
from bot.domain.reminders.load_spreading import MAX_EARLY, STEP, STEPS, lookahead_for_sending_rate
from bot.domain.reminders.plan import ReminderKind
from bot.domain.types import DeliveryId, MemberId
from bot.errors import StorageError
from bot.instrumentation import NULL_METRICS, Metrics
from bot.scheduling import ports
from bot.scheduling.result_writer import ResultWriter
from bot.scheduling.scheduling_loop import SchedulingLoop
from bot.scheduling.wakeup import WakeUp
from bot.services.member_guard import member_guard
from bot.settings import SEND_RATE
from storage import deliveries, delivery_results, members
from storage.database import Database, Transaction
from storage.deliveries import ClaimedDelivery, ClaimedReminder
from storage.delivery_results import DeliveryResult, SentReminder
from storage.planned_reminders import ReminderOutcome

CLAIM_LEASE: Final = timedelta(seconds=60)
"""How long a claim and its send may last; shorter than Discord remembers a nonce (docs/platform-facts.md#nonces)."""

RATE_SAFETY_FACTOR: Final = 0.9
"""The share of the send limit that is planned for when a peak is spread."""

RATE: Final = RATE_SAFETY_FACTOR * SEND_RATE

NOTIFY_DUE: Final = "due"
"""The notification that a reminder is due earlier than the other processes expect."""

MAX_CONCURRENT_SENDS: Final = 20
LATE_AFTER: Final = timedelta(minutes=5)
"""A reminder that is later than this says so."""

BACKOFF_INITIAL: Final = timedelta(seconds=5)
BACKOFF_MAX: Final = timedelta(minutes=10)
FAULT_PAUSE: Final = timedelta(minutes=5)
"""After a fault of a member's rows until their result is saved again; meanwhile nothing is sent to them."""

CLOSED_NOTICE_TTL: Final = timedelta(days=7)
"""How long after a window closed its "closed" notice is still sent."""

log = structlog.get_logger()


class ReminderDispatcher(SchedulingLoop):
    """Sends reminders. Several processes may share a database, since a claim belongs to one of them."""

    name = "dispatcher"

    def __init__(
        self,
        database: Database,
        clock: Clock,
        sender: ports.ReminderSender,
        wakeup: WakeUp,
        quiet_hours_end: ports.QuietHoursEnd,
        *,
        rate: float = RATE,
        claim_lease: timedelta = CLAIM_LEASE,
        metrics: Metrics = NULL_METRICS,
    ) -> None:
        """`rate`: reminders per second."""
        super().__init__(wakeup)
        self._database = database
        self._clock = clock
        self._sender = sender
        self._quiet_hours_end = quiet_hours_end
        self._rate = rate
        self._claim_lease = claim_lease
        self._metrics = metrics
        self._result_writer = ResultWriter(database, clock)
        self._notified_due: datetime | None = None
        """The earliest due instant that the other processes know from this one (`NOTIFY_DUE`)."""
        self._lookahead = timedelta()
        self._lookahead_updated_at: datetime | None = None
        self._send_slots = asyncio.Semaphore(MAX_CONCURRENT_SENDS)
        self._sending: set[DeliveryId] = set()
        self._unsaved_results: dict[DeliveryId, DeliveryResult] = {}
        self._save_not_before: dict[DeliveryId, datetime] = {}
        """When an unsaved result is tried again that only its member's rows keep from being saved."""
        self._member_tasks: set[asyncio.Task[None]] = set()
        self._busy_members: set[MemberId] = set()
        """Those whose claimed deliveries are being sent; nothing more of theirs is claimed meanwhile."""
        self._claim_count = 0
        self.last_poll_attempt: float | None = None
        """When due reminders were last to be queried, in seconds of the event loop's clock; None before it runs."""
        self.last_successful_poll: float | None = None
        """When the database last answered such a query; until then, when this task began."""

    async def wait_idle(self) -> None:
        """Return once everything that was due at the call is handled. Only while it runs."""
        asked_at = self._clock.now()
        while True:
            claims_before = self._claim_count
            await self._wakeup.next_tick()
            if not self._member_tasks and self._claim_count == claims_before:
                return
            await self._finish_deliveries()
            # A member's further reminders are claimed when the ones before them are sent.
            next_due = await self.next_due()
            if next_due is None or next_due > asked_at:
                return

    async def next_due(self) -> datetime | None:
        """When the next reminder is to be sent or retried."""
        return await deliveries.next_delivery_attempt_at(self._database, busy=self._members_with_unsaved_results())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Dispatch while the block runs; on leaving, deliveries in progress are finished and their results saved."""
        self.last_poll_attempt = self.last_successful_poll = asyncio.get_running_loop().time()
        try:
            async with super().running():
                yield
        finally:
            await self._finish_deliveries()

    async def _finish_deliveries(self) -> None:
        while self._member_tasks:
            await asyncio.wait(self._member_tasks)

    async def _do_due_work(self) -> datetime | None:
        while await self._dispatch_due():
            pass
        # Without the members whose claims are being worked on: the end of their work wakes the loop.
        next_due = await deliveries.next_delivery_attempt_at(self._database, busy=self._busy_or_unsaved_members())
        notified, self._notified_due = self._notified_due, next_due
        if next_due is not None and (notified is None or next_due < notified):
            await self._database.notify(NOTIFY_DUE)
        return next_due

    async def _dispatch_due(self) -> bool:
        """Claim about a second's worth of what is due and begin to send it; False when nothing was due."""
        while len(self._member_tasks) >= MAX_CONCURRENT_SENDS:
            await asyncio.wait(self._member_tasks, return_when=asyncio.FIRST_COMPLETED)
        if self._is_stopping:
            return False
        self.last_poll_attempt = asyncio.get_running_loop().time()
        await self._retry_unsaved_results()
        now = self._clock.now()
        async with self._database.write() as transaction:
            await deliveries.release_expired_reminder_claims(transaction, now=now)
            await self._update_lookahead(transaction, now)
            claimed = await deliveries.claim_deliveries(
                transaction,
                now=now,
                lease=self._claim_lease,
                ahead=self._lookahead,
                busy=self._busy_or_unsaved_members(),
            )
        self.last_successful_poll = asyncio.get_running_loop().time()
        by_member: dict[MemberId, list[ClaimedDelivery]] = defaultdict(list)
        for delivery in claimed:
            by_member[delivery.member_id].append(delivery)
        for member_id, member_deliveries in by_member.items():
            self._busy_members.add(member_id)
            self._claim_count += 1
            task = asyncio.create_task(self._deliver_to_member(member_id, member_deliveries))
            self._member_tasks.add(task)
            task.add_done_callback(self._member_tasks.discard)
        return bool(claimed)

    async def _retry_unsaved_results(self) -> None:
        """Save what could not be saved before. Raises `StorageError` when the database cannot be reached."""
        now = self._clock.now()
        for delivery_id in self._unsaved_results.keys() - self._sending:
            if self._save_not_before.get(delivery_id, now) > now:
                continue
            result = self._unsaved_results[delivery_id]
            with member_guard("reminders", result.claimed.member_id, self._metrics):
                await self._save_result(result)
            if delivery_id in self._unsaved_results:
                self._save_not_before[delivery_id] = now + FAULT_PAUSE

    def _busy_or_unsaved_members(self) -> set[MemberId]:
        """Those of whom nothing is claimed now: without its result, what was sent would be sent again."""
        return self._busy_members | self._members_with_unsaved_results()

    def _members_with_unsaved_results(self) -> set[MemberId]:
        return {result.claimed.member_id for result in self._unsaved_results.values()}

    async def _update_lookahead(self, transaction: Transaction, now: datetime) -> None:
        """Check once a second whether a peak is coming for which reminders have to be sent early."""
        if self._lookahead_updated_at is not None and abs(now - self._lookahead_updated_at) < STEP:
            return
        self._lookahead_updated_at, self._lookahead = now, timedelta()
        if await deliveries.has_due_reminders_by(
            transaction, now + MAX_EARLY, max(1, int(self._rate * STEP.total_seconds()))
        ):
            due = await deliveries.count_due_members_per_step(transaction, now=now, step=STEP, steps=STEPS)
            self._lookahead = lookahead_for_sending_rate(due, self._rate)

    async def _deliver_to_member(self, member_id: MemberId, claimed: Iterable[ClaimedDelivery]) -> None:
        """Send a member's deliveries one after another: Discord limits each channel separately."""
        try:
            for delivery in claimed:
                await self._deliver_in_slot(delivery)
        finally:
            self._busy_members.discard(member_id)
            self._wakeup.wake()  # more of this member may be due

    async def _deliver_in_slot(self, delivery: ClaimedDelivery) -> None:
        """Deliver once one of the `MAX_CONCURRENT_SENDS` slots is free; errors are logged."""
        async with self._send_slots:
            # After a jump of the clock a lease may expire although its send is still going on in this process.
            if self._is_stopping or delivery.delivery_id in self._sending:
                return
            self._sending.add(delivery.delivery_id)
            with structlog.contextvars.bound_contextvars(
                delivery_id=delivery.delivery_id, member_id=delivery.member_id
            ):
                try:
                    await self._deliver_claimed(delivery)
                except StorageError as error:
                    # The claim's lease expires, and the retry has the same nonce.
                    log.warning("delivery_result_not_saved", error=error.message_id)
                except Exception:
                    log.exception("delivery_failed")
                    self._metrics.count("member_faults", "reminders")
                finally:
                    self._sending.discard(delivery.delivery_id)

    async def _deliver_claimed(self, claimed: ClaimedDelivery) -> None:
        """Send what is still due, and save the outcomes, or when it is tried again. Raises `StorageError`."""
        if self._clock.now() >= claimed.lease_until:
            return
        due, ended = await self._end_outdated(claimed)
        now = self._clock.now()
        if due and now >= claimed.lease_until:
            return
        outcome: ReminderOutcome | None = None
        sent = retry_at = None
        if due:
            try:
                sent = await self._send_delivery(claimed, due, now)
                outcome = ReminderOutcome.DELIVERED
            except ports.MemberUnreachableError:
                outcome = ReminderOutcome.UNDELIVERABLE
            except (ports.RetryLaterError, TimeoutError) as error:
                delay = error.delay if isinstance(error, ports.RetryLaterError) else None
                self._metrics.count("delivery_retries", "delayed" if delay else "failed")
                retry_at = self._clock.now() + (delay or _delivery_retry_delay(claimed.attempts))
            not_due_yet = _reminders_not_due_yet(claimed, due, now) if outcome is ReminderOutcome.UNDELIVERABLE else ()
            outcomes = (
                () if outcome is None else tuple((reminder, outcome) for reminder in due if reminder not in not_due_yet)
            )
            await self._save_result(DeliveryResult(claimed, outcomes, not_due_yet, sent, retry_at))
        if retry_at is not None:
            self._wakeup.wake()
        log.info(
            "delivery_attempted",
            outcome=outcome or ("retry_later" if due else "nothing_due"),
            reminders=len(due),
            superseded=ended.count(ReminderOutcome.SUPERSEDED),
            expired=ended.count(ReminderOutcome.EXPIRED),
            attempts=claimed.attempts + 1,
        )

    async def _save_result(self, result: DeliveryResult) -> None:
        """Save a result; until that succeeds it is retried, since without it the delivery would be sent again."""
        if result.outcomes:
            self._unsaved_results[result.claimed.delivery_id] = result
        await self._result_writer.save(result)
        self._unsaved_results.pop(result.claimed.delivery_id, None)
        self._save_not_before.pop(result.claimed.delivery_id, None)
        self._report_outcomes(result.outcomes)

    def _report_outcomes(self, outcomes: Iterable[tuple[ClaimedReminder, ReminderOutcome]]) -> None:
        now = self._clock.now()
        for reminder, outcome in outcomes:
            lateness = (now - reminder.remind_at).total_seconds() if outcome is ReminderOutcome.DELIVERED else None
            self._metrics.observe_reminder(reminder.kind, outcome, lateness)

    async def _end_outdated(
        self, claimed: ClaimedDelivery
    ) -> tuple[Sequence[ClaimedReminder], Sequence[ReminderOutcome]]:
        """End what must not be sent any more, before anything is sent: the reminders that are left, and the outcomes.

        Otherwise a retry could contain what the first attempt left out, and Discord would answer it with the first
        message.
        """
        now = self._clock.now()
        reminders = await deliveries.load_claimed_reminders(self._database, claimed, now=now)
        if not any(_outcome_of_outdated_reminder(reminder, now) for reminder in reminders):
            return reminders, ()
        async with self._database.write() as transaction:
            # Checked again under the member's lock: a reminder whose window waits again has not ended.
            await members.lock_member(transaction, claimed.member_id)
            due, ended = [], []
            for reminder in await deliveries.load_claimed_reminders(transaction, claimed, now=now):
                outcome = _outcome_of_outdated_reminder(reminder, now)
                if outcome is None:
                    due.append(reminder)
                else:
                    ended.append((reminder, outcome))
            await delivery_results.save_delivery_results(transaction, [DeliveryResult(claimed, tuple(ended))], now=now)
        self._report_outcomes(ended)
        return due, [outcome for _, outcome in ended]

    async def _send_delivery(
        self, claimed: ClaimedDelivery, due: Sequence[ClaimedReminder], now: datetime
    ) -> SentReminder:
        """Send one message for what is due.

        Raises `MemberUnreachableError`, `RetryLaterError`, or `TimeoutError` when the lease expires first.
        """
        shown = delivery_results.shown_reminders(due, now=now)
        late_by = max(now - reminder.remind_at for reminder in shown)
        # Only snoozed reminders may be sent in quiet hours. Others that are late, or early in a peak, wait.
        off_time = late_by >= LATE_AFTER or late_by < timedelta()
        if off_time and all(reminder.kind is not ReminderKind.SNOOZED for reminder in shown):
            quiet_until = await self._quiet_hours_end(claimed.member_id, now)
            if quiet_until is not None:
                raise ports.RetryLaterError(quiet_until - now)
        delivery = ports.Delivery(
            id=claimed.delivery_id,
            member_id=claimed.member_id,
            nonce=_delivery_nonce(claimed),
            items=shown,
            late_by=late_by if late_by >= LATE_AFTER else None,
            waiting=due[0].waiting,
        )
        async with asyncio.timeout((claimed.lease_until - self._clock.now()).total_seconds()):
            return await self._sender.send_reminder(delivery, now=now)


def _reminders_not_due_yet(
    claimed: ClaimedDelivery, reminders: Iterable[ClaimedReminder], now: datetime
) -> tuple[ClaimedReminder, ...]:
    """Those that an undeliverable message took along: they are tried when they are due; the member may be reached then.

    Never the one whose id is the delivery's, which no other delivery may have.
    """
    return tuple(
        reminder
        for reminder in reminders
        if reminder.remind_at > now + MAX_EARLY and int(reminder.planned_reminder_id) != int(claimed.delivery_id)
    )


def _outcome_of_outdated_reminder(reminder: ClaimedReminder, now: datetime) -> ReminderOutcome | None:
    """The outcome of a reminder that must not be sent any more; None when it is to be sent."""
    if not reminder.window_still_open or reminder.superseded_by_later:
        return ReminderOutcome.SUPERSEDED
    ttl = CLOSED_NOTICE_TTL if reminder.kind is ReminderKind.CLOSED else timedelta()
    return ReminderOutcome.EXPIRED if now > reminder.closes_at + ttl else None


def _delivery_nonce(claimed: ClaimedDelivery) -> str:
    """At most 25 characters, with the second of creation, so that a new or restored database repeats none."""
    return f"nintei-{claimed.delivery_id:x}-{instant_to_micros(claimed.created_at) // 1_000_000:x}"


def _delivery_retry_delay(attempts: int) -> timedelta:
    return min(BACKOFF_INITIAL * (1 << min(attempts, 10)), BACKOFF_MAX)
