"""Claim, deliver, mark: every occurrence ends in exactly one outcome.

A delivery and its occurrences are committed before it is sent, and marked at once after it. A crash between the two
leaves a claim whose lease ends; the next try bears the same nonce, so Discord answers it with the first message. So no
try speaks of more than the one before it: what is left out has ended before the message is sent.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain.reminders.load_spreading import MAX_EARLY, STEP, STEPS, lookahead_for_rate
from bot.domain.reminders.plan import ReminderKind
from bot.domain.types import DeliveryId, MemberId, to_micros
from bot.errors import StorageError
from bot.instrumentation import NULL_METRICS, Metrics
from bot.scheduling.ports import Delivery, MemberUnreachableError, ReminderItem, ReminderSender, RetryLaterError
from bot.scheduling.result_writer import ResultWriter
from bot.scheduling.wakeup import WakeUp
from bot.settings import SEND_RATE
from storage import deliveries, members
from storage.database import Database, Transaction
from storage.deliveries import ClaimedDelivery, ClaimedReminder, DeliveryResult
from storage.planned_reminders import ReminderOutcome

CLAIM_LEASE: Final = timedelta(seconds=60)
"""How long a claim holds, and a send may take; well within Discord's memory of a nonce."""

RATE_SAFETY_FACTOR: Final = 0.9
"""Of the limit, when a peak is levelled."""

RATE: Final = RATE_SAFETY_FACTOR * SEND_RATE

NOTIFY_DUE: Final = "due"
"""The word that a process says when a reminder falls due before what the others wait for."""

MAX_CONCURRENT_SENDS: Final = 20
LATE_AFTER: Final = timedelta(minutes=5)
"""From this on a reminder says that it is late."""

BACKOFF_INITIAL: Final = timedelta(seconds=5)
BACKOFF_MAX: Final = timedelta(minutes=10)
CLOSED_NOTICE_TTL: Final = timedelta(days=7)
"""How long after the close it still helps to hear of it."""

QuietUntil = Callable[[MemberId, datetime], Awaitable[datetime | None]]
"""The end of the quiet hours that the member is in at an instant; None outside them."""

log = structlog.get_logger()


class ReminderDispatcher:
    """The one long-lived task that sends reminders. Several may share a database: a claim belongs to one."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        sender: ReminderSender,
        wakeup: WakeUp,
        quiet_until: QuietUntil,
        *,
        rate: float = RATE,
        meter: Metrics = NULL_METRICS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sender = sender
        self._wakeup = wakeup
        self._quiet_until = quiet_until
        self._rate = rate
        self._meter = meter
        self._result_writer = ResultWriter(database, clock)
        self._announced_due: datetime | None = None
        self._ahead = timedelta()
        self._levelled_at: datetime | None = None
        self._send_slots = asyncio.Semaphore(MAX_CONCURRENT_SENDS)
        self._deliveries_in_progress: set[DeliveryId] = set()
        self._unsaved_results: dict[DeliveryId, DeliveryResult] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()
        self.last_poll: float | None = None
        """When it last looked at what is due, in seconds of the loop's steady clock."""

    async def wait_idle(self) -> None:
        """Return once everything that was due when called has been handled. Only while it runs."""
        await self._wakeup.next_tick()
        await self._drain()

    async def next_due(self) -> datetime | None:
        """When the next reminder is to be tried."""
        async with self._database.read() as transaction:
            return await deliveries.next_attempt_at(transaction)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Dispatch while the block runs; on leaving, let deliveries under way finish and be marked."""
        task = asyncio.create_task(self._run(), name="dispatcher")
        try:
            yield
        finally:
            self._stop.set()
            self._wakeup.wake()
            await task
            await self._drain()

    async def _drain(self) -> None:
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _run(self) -> None:
        while not self._stop.is_set():
            earliest = None
            with self._wakeup.tick():
                try:
                    while await self._dispatch_due():
                        pass
                    earliest = await self.next_due()
                    await self._notify_peers(earliest)
                except StorageError as error:
                    log.warning("reminders_waiting_for_the_database", reason=error.message_id)
                except Exception:
                    # A error of ours; it must not end all reminders. The sweep tries again.
                    log.exception("dispatcher_fault")
            if not self._stop.is_set():
                await self._wakeup.wait(earliest)

    async def _notify_peers(self, earliest: datetime | None) -> None:
        """The other processes wait for what was the earliest so far, or for something before it."""
        earlier = earliest is not None and (self._announced_due is None or earliest < self._announced_due)
        self._announced_due = earliest
        if earlier:
            await self._database.notify(NOTIFY_DUE)

    async def _dispatch_due(self) -> bool:
        """Claim about a second's worth, once there is room for it, and start on it; whether there was anything."""
        while len(self._under_way) >= MAX_CONCURRENT_SENDS:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        if self._stop.is_set():
            return False
        self.last_poll = asyncio.get_running_loop().time()
        for end in [end for number, end in self._unsaved_results.items() if number not in self._deliveries_in_progress]:
            await self._save_result(end)
        now = self._clock.now()
        async with self._database.write() as transaction:
            await deliveries.release_expired_claims(transaction, now=now)
            await self._update_lookahead(transaction, now)
            claimed = await deliveries.claim(transaction, now=now, lease=CLAIM_LEASE, ahead=self._ahead)
        by_member: dict[MemberId, list[ClaimedDelivery]] = defaultdict(list)
        for reminder in claimed:
            by_member[reminder.member_id].append(reminder)
        for of_member in by_member.values():
            task = asyncio.create_task(self._process_member(of_member))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return bool(claimed)

    async def _update_lookahead(self, transaction: Transaction, now: datetime) -> None:
        """Look every second whether a peak is coming for which reminders have to go early."""
        if self._levelled_at is not None and abs(now - self._levelled_at) < STEP:
            return
        self._levelled_at, self._ahead = now, timedelta()
        if await deliveries.has_due_by(transaction, now + MAX_EARLY, max(1, int(self._rate * STEP.total_seconds()))):
            due = await deliveries.count_due_per_step(transaction, now=now, step=STEP, steps=STEPS)
            self._ahead = lookahead_for_rate(due, self._rate)

    async def _process_member(self, claimed: Iterable[ClaimedDelivery]) -> None:
        """One member's deliveries, one after the other: Discord limits each channel by itself."""
        for reminder in claimed:
            async with self._send_slots:
                # A clock that jumped may end a lease under a send that is still going on here.
                if self._stop.is_set() or reminder.delivery_id in self._deliveries_in_progress:
                    continue
                self._deliveries_in_progress.add(reminder.delivery_id)
                with structlog.contextvars.bound_contextvars(delivery=reminder.delivery_id, member=reminder.member_id):
                    try:
                        await self._process_delivery(reminder)
                    except StorageError as error:
                        # The claim's lease ends by itself, and the next try bears the same nonce.
                        log.warning("delivery_not_marked", reason=error.message_id)
                    except Exception:
                        log.exception("delivery_fault")
                    finally:
                        self._deliveries_in_progress.discard(reminder.delivery_id)

    async def _process_delivery(self, claimed: ClaimedDelivery) -> None:
        if self._clock.now() >= claimed.lease_until:
            return
        due, over = await self._recheck(claimed)
        now = self._clock.now()
        if due and now >= claimed.lease_until:
            return
        outcome: ReminderOutcome | None = None
        message = put_off_until = None
        if due:
            try:
                message = await self._send(claimed, due, now)
                outcome = ReminderOutcome.DELIVERED
            except MemberUnreachableError:
                outcome = ReminderOutcome.UNDELIVERABLE
            except (RetryLaterError, TimeoutError) as error:
                after = error.delay if isinstance(error, RetryLaterError) else None
                self._meter.count_delivery_retry("delayed" if after else "failed")
                put_off_until = self._clock.now() + (after or _backoff(claimed.attempts))
            outcomes = () if outcome is None else tuple((reminder, outcome) for reminder in due)
            await self._save_result(DeliveryResult(claimed, outcomes, message, put_off_until))
        if put_off_until is not None:
            self._wakeup.wake()
        log.info(
            "delivery",
            outcome=outcome or ("put_off" if due else "nothing_left"),
            occurrences=len(due),
            superseded=over.count(ReminderOutcome.SUPERSEDED),
            expired=over.count(ReminderOutcome.EXPIRED),
            attempts=claimed.attempts + 1,
        )

    async def _save_result(self, end: DeliveryResult) -> None:
        """Mark, and keep it in mind until that is done: once Discord has forgotten the nonce it would arrive twice."""
        if end.outcomes:
            self._unsaved_results[end.claimed.delivery_id] = end
        await self._result_writer.save(end)
        self._unsaved_results.pop(end.claimed.delivery_id, None)
        self._report(end.outcomes)

    def _report(self, outcomes: Iterable[tuple[ClaimedReminder, ReminderOutcome]]) -> None:
        now = self._clock.now()
        for look, outcome in outcomes:
            late = (now - look.remind_at).total_seconds() if outcome is ReminderOutcome.DELIVERED else None
            self._meter.observe_reminder(look.kind, outcome, late)

    async def _recheck(self, claimed: ClaimedDelivery) -> tuple[Sequence[ClaimedReminder], Sequence[ReminderOutcome]]:
        """What is still to be told, and the outcomes of the rest, durable before anything is sent.

        Else another try could speak of what the first one left out, and Discord would answer it with the first message.
        """
        now = self._clock.now()
        looks = await deliveries.load_claimed(self._database, claimed, now=now)
        if not any(_terminal_outcome(reminder, now) for reminder in looks):
            return looks, ()
        async with self._database.write() as transaction:
            # Once more while nobody can change it: what waits again by now is not over.
            await members.lock(transaction, claimed.member_id)
            looks = await deliveries.load_claimed(transaction, claimed, now=now)
            over = [(reminder, outcome) for reminder in looks if (outcome := _terminal_outcome(reminder, now))]
            await deliveries.save_results(transaction, [DeliveryResult(claimed, tuple(over))], now=now)
        self._report(over)
        return [reminder for reminder in looks if not _terminal_outcome(reminder, now)], [
            outcome for _, outcome in over
        ]

    async def _send(self, claimed: ClaimedDelivery, due: Sequence[ClaimedReminder], now: datetime) -> int:
        """Send what is due. Raises `Unreachable`, `TryLater`, or `TimeoutError` when the claim ends first."""
        told = {reminder.thread.id: reminder for reminder in due}  # of several for one window the newest speaks
        late_by = max(now - reminder.remind_at for reminder in told.values())
        # Only "later" may speak at night. What missed its evening waits for the morning.
        if late_by >= LATE_AFTER and all(reminder.kind is not ReminderKind.SNOOZED for reminder in told.values()):
            quiet_until = await self._quiet_until(claimed.member_id, now)
            if quiet_until is not None:
                raise RetryLaterError(quiet_until - now)
        delivery = Delivery(
            claimed.delivery_id,
            claimed.member_id,
            _nonce(claimed),
            tuple(
                ReminderItem(reminder.thread, reminder.opened_at, reminder.closes_at, reminder.kind, reminder.remind_at)
                for reminder in told.values()
            ),
            late_by if late_by >= LATE_AFTER else None,
        )
        async with asyncio.timeout((claimed.lease_until - self._clock.now()).total_seconds()):
            return await self._sender.send_reminder(delivery, now=now)


def _terminal_outcome(reminder: ClaimedReminder, now: datetime) -> ReminderOutcome | None:
    """What an occurrence ends in without being told; None when it is to be told."""
    if not reminder.window_still_open or reminder.superseded_by_later:
        return ReminderOutcome.SUPERSEDED
    helps_until = reminder.closes_at + CLOSED_NOTICE_TTL if reminder.kind is ReminderKind.CLOSED else reminder.closes_at
    return ReminderOutcome.EXPIRED if now > helps_until else None


def _nonce(claimed: ClaimedDelivery) -> str:
    """At most 25 characters. With the second in it, so that a new or restored database repeats none."""
    return f"nintei-{claimed.delivery_id:x}-{to_micros(claimed.created_at) // 1_000_000:x}"


def _backoff(attempts: int) -> timedelta:
    return min(BACKOFF_INITIAL * (1 << min(attempts, 10)), BACKOFF_MAX)
