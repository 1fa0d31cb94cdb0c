"""The bot as it is, but for shorter leases; or with one thing broken on purpose, to see that the audit notices."""

import secrets
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from bot import app
from bot.cli.main import main
from bot.scheduling import dispatcher
from bot.scheduling.dispatcher import ReminderDispatcher
from bot.scheduling.membership import LeaseTiming
from storage import deliveries, delivery_results, erasures
from storage.deliveries import ClaimedDelivery, ClaimedReminder
from storage.delivery_results import DeliveryResult
from storage.planned_reminders import ReminderOutcome


def mark_first() -> None:
    """Marks what it is about to send as delivered."""
    send = ReminderDispatcher._send

    async def mark_and_send(
        self: ReminderDispatcher, claimed: ClaimedDelivery, due: Sequence[ClaimedReminder], now: datetime
    ) -> int:
        async with self._database.write() as transaction:
            await delivery_results.save_results(
                transaction,
                [DeliveryResult(claimed, tuple((each, ReminderOutcome.DELIVERED) for each in due))],
                now=now,
            )
        return await send(self, claimed, due, now)

    ReminderDispatcher._send = mark_and_send  # type: ignore[method-assign]


def random_nonce() -> None:
    """Every try is a new message to Discord."""
    dispatcher._delivery_nonce = lambda _claimed: f"nintei-{secrets.token_hex(8)}"


def no_lease() -> None:
    """What a dead process claimed is never given back."""
    app.ReminderDispatcher = partial(ReminderDispatcher, claim_lease=timedelta(days=365))  # type: ignore[attr-defined]
    deliveries.MAX_CLOCK_SKEW = timedelta(days=3650)  # type: ignore[misc]


def quick() -> None:
    """What a dead process held is taken over sooner, so that a run of many kills ends within the hour."""
    half_a_second = timedelta(seconds=0.5)
    timing = LeaseTiming(half_a_second, ttl=timedelta(seconds=2), identify_interval=half_a_second)
    app.ReminderDispatcher = partial(ReminderDispatcher, claim_lease=timedelta(seconds=10))  # type: ignore[attr-defined]
    app.run_bot = partial(app.run_bot, lease_timing=timing)


def forget_erasures() -> None:
    """Erases, and does not store that it did."""

    async def nothing(*_args: object, **_options: object) -> None:
        pass

    erasures.save = nothing


CHANGES = {
    "mark-first": mark_first,
    "random-nonce": random_nonce,
    "no-lease": no_lease,
    "forget-erasures": forget_erasures,
    "quick": quick,
}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        CHANGES[name]()
    sys.exit(main(["run"]))
