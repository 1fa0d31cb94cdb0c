"""What mails require of the Discord side. `bot.discord_app` implements it, and so do tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.types import MemberId
from bot.errors import NinteiError
from bot.parsing.forwarding_confirmation import ForwardingConfirmation
from bot.services.results import RecordOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """What was seen of the mail that a test waited for."""

    sender_domain: str
    """As the mail names it; empty if it names none."""
    is_signed: bool
    """Whether the sender's domain has signed it, and is one of those that the operator trusts."""
    recorded: int
    """How many messages of clients were recorded from it."""
    asked: int
    """How many questions it led to."""


@dataclass(eq=False, slots=True)
class NoticeProgress:
    """Whether the member was notified of the outcome of one mail."""

    pending: int = 0
    """Notices that wait to be sent, or are being sent."""
    has_unsent: bool = False
    """Whether one could not be sent now. One that can never be sent, as to a member who takes none, does not count."""

    def begin(self) -> None:
        """Count a notice that is to be sent."""
        self.pending += 1

    def end(self, is_settled: bool) -> None:  # noqa: FBT001 — a callback
        """End a notice that was sent or can never be sent (`is_settled`), or that could not be sent now."""
        self.pending -= 1
        self.has_unsent |= not is_settled


class MailNotices(Protocol):
    """Writes direct messages about mails. No error is raised; what cannot be sent is logged, and noted in `progress`.

    `arrival_id`: the same when the mail is read once more.
    """

    async def send_outcomes(
        self,
        member_id: MemberId,
        arrival_id: int,
        outcomes: Sequence[RecordOutcome | NinteiError],
        progress: NoticeProgress,
    ) -> None:
        """Send the receipts and questions of a mail."""

    async def send_confirmation(
        self, member_id: MemberId, arrival_id: int, confirmation: ForwardingConfirmation
    ) -> bool:
        """Pass on a provider's request to confirm the member's address. False: it could not be sent now."""

    async def send_test_result(self, member_id: MemberId, arrival_id: int, result: TestResult) -> bool:
        """Say what a test saw. False: it could not be sent now."""

    async def flush(self) -> None:
        """Send at once what was collected. Returns once all of it was tried."""
