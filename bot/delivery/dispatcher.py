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
from bot.delivery.alarm import Alarm
from bot.delivery.marks import Marks
from bot.delivery.sender import Delivery, DueWindow, Sender, TryLater, Unreachable
from bot.domain.reminders.load_spreading import MAX_EARLY, STEP, STEPS, lookahead_for_rate
from bot.domain.reminders.plan import ReminderKind
from bot.domain.types import DeliveryId, MemberId, to_micros
from bot.errors import StorageError
from bot.instrumentation import NULL_METRICS, Metrics
from bot.settings import SEND_RATE
from storage import deliveries, members
from storage.database import Database, Transaction
from storage.deliveries import ClaimedDelivery, ClaimedReminder, DeliveryResult
from storage.planned_reminders import ReminderOutcome

LEASE: Final = timedelta(seconds=60)
"""How long a claim holds, and a send may take; well within Discord's memory of a nonce."""

COUNTED_ON: Final = 0.9
"""Of the limit, when a peak is levelled."""

RATE: Final = COUNTED_ON * SEND_RATE

WAKE: Final = "due"
"""The word that a process says when a reminder falls due before what the others wait for."""

AT_ONCE: Final = 20
LATE: Final = timedelta(minutes=5)
"""From this on a reminder says that it is late."""

FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=10)
CLOSED_HELPS: Final = timedelta(days=7)
"""How long after the close it still helps to hear of it."""

QuietUntil = Callable[[MemberId, datetime], Awaitable[datetime | None]]
"""The end of the quiet hours that the member is in at an instant; None outside them."""

log = structlog.get_logger()


class Dispatcher:
    """The one long-lived task that sends reminders. Several may share a database: a claim belongs to one."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        sender: Sender,
        alarm: Alarm,
        quiet_until: QuietUntil,
        *,
        rate: float = RATE,
        meter: Metrics = NULL_METRICS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sender = sender
        self._alarm = alarm
        self._quiet_until = quiet_until
        self._rate = rate
        self._meter = meter
        self._marks = Marks(database, clock)
        self._told: datetime | None = None
        self._ahead = timedelta()
        self._levelled_at: datetime | None = None
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._sending: set[DeliveryId] = set()
        self._unmarked: dict[DeliveryId, DeliveryResult] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()
        self.looked_at: float | None = None
        """When it last looked at what is due, in seconds of the loop's steady clock."""

    async def settled(self) -> None:
        """Return once everything that was due when called has been handled. Only while it runs."""
        await self._alarm.next_round()
        await self._finished()

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
            self._alarm.ring()
            await task
            await self._finished()

    async def _finished(self) -> None:
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _run(self) -> None:
        while not self._stop.is_set():
            earliest = None
            with self._alarm.round():
                try:
                    while await self._dispatch_due():
                        pass
                    earliest = await self.next_due()
                    await self._tell_others(earliest)
                except StorageError as fault:
                    log.warning("reminders_waiting_for_the_database", reason=fault.message_id)
                except Exception:
                    # A fault of ours; it must not end all reminders. The sweep tries again.
                    log.exception("dispatcher_fault")
            if not self._stop.is_set():
                await self._alarm.wait(earliest)

    async def _tell_others(self, earliest: datetime | None) -> None:
        """The other processes wait for what was the earliest so far, or for something before it."""
        earlier = earliest is not None and (self._told is None or earliest < self._told)
        self._told = earliest
        if earlier:
            await self._database.notify(WAKE)

    async def _dispatch_due(self) -> bool:
        """Claim about a second's worth, once there is room for it, and start on it; whether there was anything."""
        while len(self._under_way) >= AT_ONCE:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        if self._stop.is_set():
            return False
        self.looked_at = asyncio.get_running_loop().time()
        for end in [end for number, end in self._unmarked.items() if number not in self._sending]:
            await self._mark(end)
        now = self._clock.now()
        async with self._database.write() as transaction:
            await deliveries.release_expired_claims(transaction, now=now)
            await self._level(transaction, now)
            claimed = await deliveries.claim(transaction, now=now, lease=LEASE, ahead=self._ahead)
        by_member: dict[MemberId, list[ClaimedDelivery]] = defaultdict(list)
        for each in claimed:
            by_member[each.member_id].append(each)
        for of_member in by_member.values():
            task = asyncio.create_task(self._carry(of_member))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return bool(claimed)

    async def _level(self, transaction: Transaction, now: datetime) -> None:
        """Look every second whether a peak is coming for which reminders have to go early."""
        if self._levelled_at is not None and abs(now - self._levelled_at) < STEP:
            return
        self._levelled_at, self._ahead = now, timedelta()
        if await deliveries.has_due_by(transaction, now + MAX_EARLY, max(1, int(self._rate * STEP.total_seconds()))):
            due = await deliveries.count_due_per_step(transaction, now=now, step=STEP, steps=STEPS)
            self._ahead = lookahead_for_rate(due, self._rate)

    async def _carry(self, claimed: Iterable[ClaimedDelivery]) -> None:
        """One member's deliveries, one after the other: Discord limits each channel by itself."""
        for each in claimed:
            async with self._slots:
                # A clock that jumped may end a lease under a send that is still going on here.
                if self._stop.is_set() or each.delivery_id in self._sending:
                    continue
                self._sending.add(each.delivery_id)
                with structlog.contextvars.bound_contextvars(delivery=each.delivery_id, member=each.member_id):
                    try:
                        await self._deliver(each)
                    except StorageError as fault:
                        # The claim's lease ends by itself, and the next try bears the same nonce.
                        log.warning("delivery_not_marked", reason=fault.message_id)
                    except Exception:
                        log.exception("delivery_fault")
                    finally:
                        self._sending.discard(each.delivery_id)

    async def _deliver(self, claimed: ClaimedDelivery) -> None:
        if self._clock.now() >= claimed.lease_until:
            return
        due, over = await self._look(claimed)
        now = self._clock.now()
        if due and now >= claimed.lease_until:
            return
        outcome: ReminderOutcome | None = None
        message = put_off_until = None
        if due:
            try:
                message = await self._send(claimed, due, now)
                outcome = ReminderOutcome.DELIVERED
            except Unreachable:
                outcome = ReminderOutcome.UNDELIVERABLE
            except (TryLater, TimeoutError) as fault:
                after = fault.after if isinstance(fault, TryLater) else None
                self._meter.count_delivery_retry("asked" if after else "failed")
                put_off_until = self._clock.now() + (after or _pause(claimed.attempts))
            outcomes = () if outcome is None else tuple((each, outcome) for each in due)
            await self._mark(DeliveryResult(claimed, outcomes, message, put_off_until))
        if put_off_until is not None:
            self._alarm.ring()
        log.info(
            "delivery",
            outcome=outcome or ("put_off" if due else "nothing_left"),
            occurrences=len(due),
            superseded=over.count(ReminderOutcome.SUPERSEDED),
            expired=over.count(ReminderOutcome.EXPIRED),
            attempts=claimed.attempts + 1,
        )

    async def _mark(self, end: DeliveryResult) -> None:
        """Mark, and keep it in mind until that is done: once Discord has forgotten the nonce it would arrive twice."""
        if end.outcomes:
            self._unmarked[end.claimed.delivery_id] = end
        await self._marks.mark(end)
        self._unmarked.pop(end.claimed.delivery_id, None)
        self._report(end.outcomes)

    def _report(self, outcomes: Iterable[tuple[ClaimedReminder, ReminderOutcome]]) -> None:
        now = self._clock.now()
        for look, outcome in outcomes:
            late = (now - look.remind_at).total_seconds() if outcome is ReminderOutcome.DELIVERED else None
            self._meter.observe_reminder(look.kind, outcome, late)

    async def _look(self, claimed: ClaimedDelivery) -> tuple[Sequence[ClaimedReminder], Sequence[ReminderOutcome]]:
        """What is still to be told, and the outcomes of the rest, durable before anything is sent.

        Else another try could speak of what the first one left out, and Discord would answer it with the first message.
        """
        now = self._clock.now()
        looks = await deliveries.load_claimed(self._database, claimed, now=now)
        if not any(_over(each, now) for each in looks):
            return looks, ()
        async with self._database.write() as transaction:
            # Once more while nobody can change it: what waits again by now is not over.
            await members.lock(transaction, claimed.member_id)
            looks = await deliveries.load_claimed(transaction, claimed, now=now)
            over = [(each, outcome) for each in looks if (outcome := _over(each, now))]
            await deliveries.save_results(transaction, [DeliveryResult(claimed, tuple(over))], now=now)
        self._report(over)
        return [each for each in looks if not _over(each, now)], [outcome for _, outcome in over]

    async def _send(self, claimed: ClaimedDelivery, due: Sequence[ClaimedReminder], now: datetime) -> int:
        """Send what is due. Raises `Unreachable`, `TryLater`, or `TimeoutError` when the claim ends first."""
        told = {each.thread.id: each for each in due}  # of several for one window the newest speaks
        late_by = max(now - each.remind_at for each in told.values())
        # Only "later" may speak at night. What missed its evening waits for the morning.
        if late_by >= LATE and all(each.kind is not ReminderKind.SNOOZED for each in told.values()):
            quiet_until = await self._quiet_until(claimed.member_id, now)
            if quiet_until is not None:
                raise TryLater(quiet_until - now)
        delivery = Delivery(
            claimed.delivery_id,
            claimed.member_id,
            _nonce(claimed),
            tuple(
                DueWindow(each.thread, each.opened_at, each.closes_at, each.kind, each.remind_at)
                for each in told.values()
            ),
            late_by if late_by >= LATE else None,
        )
        async with asyncio.timeout((claimed.lease_until - self._clock.now()).total_seconds()):
            return await self._sender.deliver(delivery, now=now)


def _over(each: ClaimedReminder, now: datetime) -> ReminderOutcome | None:
    """What an occurrence ends in without being told; None when it is to be told."""
    if not each.window_still_open or each.superseded_by_later:
        return ReminderOutcome.SUPERSEDED
    helps_until = each.closes_at + CLOSED_HELPS if each.kind is ReminderKind.CLOSED else each.closes_at
    return ReminderOutcome.EXPIRED if now > helps_until else None


def _nonce(claimed: ClaimedDelivery) -> str:
    """At most 25 characters. With the second in it, so that a new or restored database repeats none."""
    return f"nintei-{claimed.delivery_id:x}-{to_micros(claimed.created_at) // 1_000_000:x}"


def _pause(attempts: int) -> timedelta:
    return min(FIRST_PAUSE * (1 << min(attempts, 10)), LONGEST_PAUSE)
