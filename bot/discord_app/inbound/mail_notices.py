"""Direct messages about mails that arrived by themselves: receipts, requests to confirm an address, test results."""

from collections.abc import Sequence

from bot.discord_app.inbound.receipt_batching import ReceiptEntry
from bot.discord_app.inbound.receipt_sender import ReceiptSender
from bot.discord_app.sender import DirectMessageSender
from bot.domain.types import MemberId
from bot.errors import NinteiError
from bot.mail.ports import MailNotices, TestResult
from bot.parsing.forwarding_confirmation import ForwardingConfirmation
from bot.services.container import Services
from bot.services.results import RecordOutcome


class DirectMessageMailNotices(MailNotices):
    """Receipts are collected with those of the member's direct messages."""

    def __init__(self, sender: DirectMessageSender, receipts: ReceiptSender, services: Services) -> None:
        self._sender = sender
        self._receipts = receipts
        self._services = services

    async def send_outcomes(
        self, member_id: MemberId, arrival_id: int, outcomes: Sequence[RecordOutcome | NinteiError]
    ) -> None:
        """As of `MailNotices`."""
        for index, outcome in enumerate(outcomes):
            await self._receipts.add(member_id, ReceiptEntry(arrival_id, index, outcome))

    async def send_confirmation(
        self, member_id: MemberId, arrival_id: int, confirmation: ForwardingConfirmation
    ) -> None:
        """As of `MailNotices`."""
        raise NotImplementedError

    async def send_test_result(self, member_id: MemberId, arrival_id: int, result: TestResult) -> None:
        """As of `MailNotices`."""
        raise NotImplementedError

    async def settle(self) -> None:
        """As of `MailNotices`."""
        await self._receipts.flush()
