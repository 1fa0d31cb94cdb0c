"""What scheduling requires of the Discord side. `bot.discord_app` implements it, and so do tests."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.certification.ranks import Rank
from bot.domain.types import DeliveryId, MemberId
from bot.services.shown_cards import ShownCard
from storage.cards import CardContent
from storage.deliveries import ClaimedReminder
from storage.delivery_results import SentReminder
from storage.waiting_threads import WaitingCounts

QuietHoursEnd = Callable[[MemberId, datetime], Awaitable[datetime | None]]
"""The end of the quiet hours that include an instant; None outside of quiet hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One direct message; the most urgent window first. It may have more windows than its card has room for."""

    id: DeliveryId
    member_id: MemberId
    nonce: str
    """The same in each attempt; Discord answers a repeated one with the first message. At most 25 characters."""
    items: Sequence[ClaimedReminder]
    """One for each window."""
    late_by: timedelta | None
    """How late it is; None when it is on time."""
    waiting: WaitingCounts
    """All of the member's threads that wait for a reply, whether the message shows them or not."""


class MemberUnreachableError(Exception):
    """Discord does not let the bot write to this member."""


class RetryLaterError(Exception):
    """The attempt failed, or its result is unknown."""

    def __init__(self, delay: timedelta | None = None) -> None:
        super().__init__(delay)
        self.delay = delay
        """The delay that Discord asked for, if any."""


class ReminderSender(Protocol):
    """Sends reminders."""

    async def send_reminder(self, delivery: Delivery, *, now: datetime) -> SentReminder:
        """Send a reminder. Raises `MemberUnreachableError` or `RetryLaterError`."""


class CardClosedError(Exception):
    """The message of a card is gone, or Discord takes no more edits of it."""


class CardEditor(Protocol):
    """Edits cards in place."""

    async def edit_card(self, shown: ShownCard, *, now: datetime) -> CardContent:
        """Edit a card to what it has to show; what it shows then. Raises `CardClosedError` or `RetryLaterError`."""


class DigestSender(Protocol):
    """Sends digests."""

    async def send_digest(self, member_id: MemberId, nonce: str, *, now: datetime) -> Rank | None:
        """Send a digest. Returns the rank in it, if it is known and not that of the digest before.

        Raises `MemberUnreachableError` or `RetryLaterError`.
        """


class AnnouncementSender(Protocol):
    """Sends the operator's announcements."""

    async def send_announcement(self, member: MemberId, announcement: str, nonce: str) -> None:
        """Send an announcement. Raises `MemberUnreachableError` or `RetryLaterError`."""
