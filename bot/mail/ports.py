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


class MailNotices(Protocol):
    """Writes direct messages about mails. No error is raised; what cannot be sent is logged."""

    async def send_outcomes(
        self, member_id: MemberId, arrival_id: int, outcomes: Sequence[RecordOutcome | NinteiError]
    ) -> None:
        """Send the receipts and questions of a mail. `arrival_id`: the same when the mail is read once more."""

    async def send_confirmation(
        self, member_id: MemberId, arrival_id: int, confirmation: ForwardingConfirmation
    ) -> None:
        """Pass on a provider's request to confirm the member's address."""

    async def send_test_result(self, member_id: MemberId, arrival_id: int, result: TestResult) -> None:
        """Say what a test saw."""

    async def flush(self) -> None:
        """Send at once what was collected. Returns once everything was sent, or given up."""
