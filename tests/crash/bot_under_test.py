"""The bot as it is, but for shorter leases; or with one thing broken on purpose, to see that the audit notices."""

import asyncio
import random
import secrets
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot import app
from bot.cli.main import main
from bot.discord_app.sender import DirectMessageSender
from bot.discord_app.stored_cards import CardMessageEditor
from bot.domain.types import MemberId
from bot.mail.intake import IncomingMail, MailIntake, MailOutcome
from bot.scheduling import dispatcher
from bot.scheduling.dispatcher import ReminderDispatcher
from bot.scheduling.membership import LeaseTiming
from bot.scheduling.ports import Delivery
from bot.services.bulk_changes import BulkChangeRunner
from bot.services.cards import CardService
from bot.services.record_transaction import BulkLimits
from bot.services.shown_cards import ShownCard
from storage import deliveries, delivery_results, erased_members
from storage.cards import StoredCard
from storage.deliveries import ClaimedDelivery, ClaimedReminder
from storage.delivery_results import DeliveryResult, SentReminder
from storage.planned_reminders import ReminderOutcome

MAX_PAUSE = 0.2
"""Seconds between the check of a reminder and its text."""


def mark_first() -> None:
    """Marks what it is about to send as delivered."""
    send = ReminderDispatcher._send_delivery

    async def mark_and_send(
        self: ReminderDispatcher, claimed: ClaimedDelivery, due: Sequence[ClaimedReminder], now: datetime
    ) -> SentReminder:
        async with self._database.write() as transaction:
            await delivery_results.save_delivery_results(
                transaction,
                [DeliveryResult(claimed, tuple((each, ReminderOutcome.DELIVERED) for each in due))],
                now=now,
            )
        return await send(self, claimed, due, now)

    ReminderDispatcher._send_delivery = mark_and_send  # type: ignore[method-assign]


def random_nonce() -> None:
    """Every try is a new message to Discord."""
    dispatcher._delivery_nonce = lambda _claimed: f"nintei-{secrets.token_hex(8)}"


def no_lease() -> None:
    """What a dead process claimed is never given back."""
    app.ReminderDispatcher = partial(ReminderDispatcher, claim_lease=timedelta(days=365))  # type: ignore[attr-defined]
    deliveries.MAX_CLOCK_SKEW = timedelta(days=3650)  # type: ignore[misc]


def quick() -> None:
    """What a dead process held is taken over sooner, so that a run of many kills ends within the hour.

    And what members do comes more often between two steps of a reminder.
    """
    half_a_second = timedelta(seconds=0.5)
    timing = LeaseTiming(half_a_second, ttl=timedelta(seconds=2), identify_interval=half_a_second)
    app.ReminderDispatcher = partial(ReminderDispatcher, claim_lease=timedelta(seconds=10))  # type: ignore[attr-defined]
    app.run_bot = partial(app.run_bot, lease_timing=timing)
    claim = CardService.claim_due

    async def claim_cards(self: CardService, *, now: datetime, lease: timedelta) -> list[StoredCard]:
        return await claim(self, now=now, lease=min(lease, timedelta(seconds=10)))

    CardService.claim_due = claim_cards  # type: ignore[method-assign]
    send = DirectMessageSender.send_reminder

    async def send_later(self: DirectMessageSender, delivery: Delivery, *, now: datetime) -> SentReminder:
        # Between the check of what is due and the reading of what is shown, members answer and undo.
        await asyncio.sleep(random.uniform(0, MAX_PAUSE))
        return await send(self, delivery, now=now)

    DirectMessageSender.send_reminder = send_later  # type: ignore[method-assign]
    # An import of a few rows takes several transactions.
    app.Services = partial(app.Services, bulk_limits=BulkLimits(batch_rows=5))


def forget_erasures() -> None:
    """Erases, and does not store that it did."""

    async def nothing(*_args: object, **_options: object) -> None:
        pass

    erased_members.save_erasures = nothing


def wrong_card() -> None:
    """Edits a card to the state of another window of its member."""
    edit, before = CardMessageEditor.edit_card, dict[MemberId, ShownCard]()

    async def edit_wrongly(self: CardMessageEditor, shown: ShownCard, *, now: datetime) -> None:
        other = before.get(shown.card.member_id, shown)
        before[shown.card.member_id] = shown
        await edit(self, replace(shown, windows=other.windows), now=now)

    CardMessageEditor.edit_card = edit_wrongly  # type: ignore[method-assign]


def accept_first() -> None:
    """Accepts a mail, which its server removes then, before its record is committed."""
    take, tasks = MailIntake.take, set[asyncio.Task[MailOutcome]]()

    async def accept_and_take(self: MailIntake, mail: IncomingMail) -> MailOutcome:
        tasks.add(asyncio.create_task(take(self, mail)))
        return MailOutcome.TAKEN

    MailIntake.take = accept_and_take  # type: ignore[method-assign]


def half_imports() -> None:
    """Leaves what a dead process had written of an import, and says that nothing of it is under way."""

    async def end_only(self: BulkChangeRunner, *, now: datetime) -> None:
        del now
        async with self._transactions.database.write() as transaction:
            await transaction.fetch("UPDATE changes SET under_way = 0")

    BulkChangeRunner.resume_interrupted_steps = end_only  # type: ignore[method-assign]


CHANGES = {
    "mark-first": mark_first,
    "random-nonce": random_nonce,
    "no-lease": no_lease,
    "forget-erasures": forget_erasures,
    "wrong-card": wrong_card,
    "accept-first": accept_first,
    "half-imports": half_imports,
    "quick": quick,
}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        CHANGES[name]()
    sys.exit(main(["run"]))
