"""Claim, deliver, mark: every occurrence ends in exactly one outcome.

A delivery and its occurrences are committed before it is sent, and marked at once after it. A crash between the two
leaves a claim whose lease ends; the next try bears the same nonce, so Discord answers it with the first message.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.delivery.alarm import Alarm
from bot.delivery.sender import Delivery, DueWindow, Sender, TryLater, Unreachable
from bot.errors import StorageError
from bot.reminders.plan import ReminderKind
from storage import deliveries
from storage.database import Database
from storage.deliveries import Claimed, Look
from storage.occurrences import Outcome

LEASE: Final = timedelta(seconds=60)
"""How long a claim holds; well within Discord's memory of a nonce, longer than any send may take."""

AT_ONCE: Final = 20
LATE: Final = timedelta(minutes=5)
"""From this on a reminder says that it is late."""

FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=10)
CLOSED_HELPS: Final = timedelta(days=7)
"""How long after the close it still helps to hear of it."""

log = structlog.get_logger()


class Dispatcher:
    """The one long-lived task that sends reminders. Several may share a database: a claim belongs to one."""

    def __init__(self, database: Database, clock: Clock, sender: Sender, alarm: Alarm) -> None:
        self._database = database
        self._clock = clock
        self._sender = sender
        self._alarm = alarm
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def settled(self) -> None:
        """Return once everything that was due when called has been handled."""
        await self._alarm.next_round()

    async def next_due(self) -> datetime | None:
        """When the next reminder is to be tried."""
        async with self._database.read() as transaction:
            return await deliveries.next_try(transaction)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Dispatch while the block runs; on leaving, let deliveries under way finish and be marked."""
        stop = asyncio.Event()
        task = asyncio.create_task(self._run(stop), name="dispatcher")
        try:
            yield
        finally:
            stop.set()
            self._alarm.ring()
            await task

    async def _run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            earliest = None
            with self._alarm.round():
                try:
                    while not stop.is_set() and await self._dispatch_due():
                        pass
                    earliest = await self.next_due()
                except StorageError as fault:
                    log.warning("reminders_waiting_for_the_database", reason=fault.text)
            if not stop.is_set():
                await self._alarm.wait(earliest)

    async def _dispatch_due(self) -> bool:
        """Handle about a second's worth; whether there was anything."""
        now = self._clock.now()
        async with self._database.write() as transaction:
            await deliveries.release(transaction, now=now)
            claimed = await deliveries.claim(transaction, now=now, lease=LEASE)
        async with asyncio.TaskGroup() as group:
            for each in claimed:
                group.create_task(self._carry(each))
        return bool(claimed)

    async def _carry(self, claimed: Claimed) -> None:
        async with self._slots:
            try:
                await self._deliver(claimed)
            except StorageError as fault:
                # The claim's lease ends by itself, and the next try bears the same nonce.
                log.warning("delivery_not_marked", delivery=claimed.delivery_id, reason=fault.text)

    async def _deliver(self, claimed: Claimed) -> None:
        now = self._clock.now()
        windows = await self._look_again(claimed, now)
        if not windows:
            return
        told = {each.thread.id: each for each in windows}  # of several for one window the newest speaks
        delivery = Delivery(
            claimed.delivery_id,
            claimed.member_id,
            f"nintei-{claimed.delivery_id}",
            tuple(
                DueWindow(each.thread, each.opened_at, each.closes_at, each.kind, each.remind_at)
                for each in told.values()
            ),
            _late_by(told.values(), now),
        )
        try:
            message = await self._sender.deliver(delivery, now=now)
        except Unreachable:
            outcome, message = Outcome.UNDELIVERABLE, None
        except TryLater as later:
            until = now + (later.after or _pause(claimed.attempts))
            async with self._database.write() as transaction:
                await deliveries.put_off(transaction, claimed, until)
            log.info("delivery_put_off", delivery=claimed.delivery_id, attempts=claimed.attempts + 1)
            return
        else:
            outcome = Outcome.DELIVERED
        async with self._database.write() as transaction:
            await deliveries.settle(transaction, claimed.member_id, windows, outcome, now=self._clock.now())
            if message is not None:
                await deliveries.delivered(transaction, claimed, message)
        log.info("delivery", delivery=claimed.delivery_id, outcome=outcome, occurrences=len(windows))

    async def _look_again(self, claimed: Claimed, now: datetime) -> list[Look]:
        """What still helps; the rest gets its outcome here."""
        async with self._database.write() as transaction:
            looks = await deliveries.look(transaction, claimed)
            gone = [each for each in looks if not each.still_waits]
            past = [each for each in looks if each.still_waits and _has_passed(each, now)]
            await deliveries.settle(transaction, claimed.member_id, gone, Outcome.SUPERSEDED, now=now)
            await deliveries.settle(transaction, claimed.member_id, past, Outcome.EXPIRED, now=now)
        return [each for each in looks if each not in gone and each not in past]


def _has_passed(each: Look, now: datetime) -> bool:
    if each.kind is ReminderKind.CLOSED:
        return now > each.closes_at + CLOSED_HELPS
    return now > each.closes_at


def _late_by(looks: Iterable[Look], now: datetime) -> timedelta | None:
    late = max(now - each.remind_at for each in looks)
    return late if late >= LATE else None


def _pause(attempts: int) -> timedelta:
    return min(FIRST_PAUSE * (1 << min(attempts, 10)), LONGEST_PAUSE)
