"""The bot as it is, but for shorter leases; or with one thing broken on purpose, to see that the audit notices."""

import secrets
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.cli.main import main
from bot.scheduling import dispatcher, membership
from bot.scheduling.dispatcher import ReminderDispatcher
from storage import deliveries, processes
from storage.deliveries import ClaimedDelivery, ClaimedReminder, DeliveryResult
from storage.planned_reminders import ReminderOutcome


def mark_first() -> None:
    """Marks what it is about to send as delivered."""
    send = ReminderDispatcher._send

    async def mark_and_send(
        self: ReminderDispatcher, claimed: ClaimedDelivery, due: Sequence[ClaimedReminder], now: datetime
    ) -> int:
        async with self._database.write() as transaction:
            await deliveries.save_results(
                transaction,
                [DeliveryResult(claimed, tuple((each, ReminderOutcome.DELIVERED) for each in due))],
                now=now,
            )
        return await send(self, claimed, due, now)

    ReminderDispatcher._send = mark_and_send  # type: ignore[method-assign]


def random_nonce() -> None:
    """Every try is a new message to Discord."""
    dispatcher._nonce = lambda _claimed: f"nintei-{secrets.token_hex(8)}"


def no_lease() -> None:
    """What a dead process claimed is never given back."""
    dispatcher.CLAIM_LEASE = timedelta(days=365)  # type: ignore[misc]
    deliveries.MAX_CLOCK_SKEW = timedelta(days=3650)  # type: ignore[misc]


def quick() -> None:
    """What a dead process held is taken over sooner, so that a run of many kills ends within the hour."""
    dispatcher.CLAIM_LEASE = timedelta(seconds=10)  # type: ignore[misc]
    membership.HEARTBEAT_INTERVAL, membership.LEASE_TTL = timedelta(seconds=0.5), timedelta(seconds=2)  # type: ignore[misc]
    processes.IDENTIFY_INTERVAL = timedelta(seconds=0.5)  # type: ignore[misc]


CHANGES = {"mark-first": mark_first, "random-nonce": random_nonce, "no-lease": no_lease, "quick": quick}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        CHANGES[name]()
    sys.exit(main(["run"]))
