"""What delivery asks of whoever carries a direct message (bot/chat does, a test may)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.reminders.plan import ReminderKind
from bot.domain.types import DeliveryId, MemberId
from storage.threads import Thread


@dataclass(frozen=True, slots=True)
class ReminderItem:
    """What a direct message says of one window."""

    thread: Thread
    opened_at: datetime
    closes_at: datetime
    kind: ReminderKind
    remind_at: datetime
    """When it was to be said."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One direct message; the most urgent window first."""

    id: DeliveryId
    member_id: MemberId
    nonce: str
    """The same for every try; Discord answers a repeated one with the first message. 25 characters at most."""
    items: tuple[ReminderItem, ...]
    late_by: timedelta | None
    """How late it is, when that matters to the member."""


class MemberUnreachableError(Exception):
    """Discord does not let the bot write to this member."""


class RetryLaterError(Exception):
    """It did not go through, or nobody knows whether it did."""

    def __init__(self, delay: timedelta | None = None) -> None:
        super().__init__(delay)
        self.delay = delay
        """How long Discord asked us to wait, if it did."""


class ReminderSender(Protocol):
    """Carries one delivery."""

    async def send_reminder(self, delivery: Delivery, *, now: datetime) -> int:
        """Send it; Discord's id of the message. Raises `Unreachable` or `TryLater`."""
