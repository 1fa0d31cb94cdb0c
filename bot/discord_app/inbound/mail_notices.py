"""Direct messages about mails that arrived by themselves: receipts, requests to confirm an address, test results."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from bot.discord_app.features.mail.cards import forwarding_confirmation_card, mail_test_result_card
from bot.discord_app.inbound.receipts import ReceiptEntry, ReceiptSender
from bot.discord_app.sender import DirectMessageSender
from bot.discord_app.ui.layout import Card
from bot.domain.types import MemberId
from bot.errors import NinteiError, StorageError
from bot.i18n.translations import Translations, get_translations
from bot.mail.ports import MailNotices, NoticeProgress, TestResult
from bot.parsing.forwarding_confirmation import ForwardingConfirmation
from bot.scheduling.ports import RetryLaterError
from bot.services.members import Preferences
from bot.services.results import RecordOutcome

log = structlog.get_logger()


class DirectMessageMailNotices(MailNotices):
    """Receipts are collected with those of the member's direct messages."""

    def __init__(self, sender: DirectMessageSender, receipts: ReceiptSender) -> None:
        self._sender = sender
        self._receipts = receipts
        self._unsent: set[MemberId] = set()
        """The members whose receipts are collected since the last `flush`."""

    async def send_outcomes(
        self,
        member_id: MemberId,
        arrival_id: int,
        outcomes: Sequence[RecordOutcome | NinteiError],
        progress: NoticeProgress,
    ) -> None:
        """See `MailNotices`."""
        self._unsent.add(member_id)
        for index, outcome in enumerate(outcomes):
            progress.begin()
            await self._receipts.add(member_id, ReceiptEntry(arrival_id, index, outcome, on_tried=progress.end))

    async def send_confirmation(
        self, member_id: MemberId, arrival_id: int, confirmation: ForwardingConfirmation
    ) -> bool:
        """See `MailNotices`."""
        return await self._send_notice(
            member_id, f"mc{arrival_id}", lambda texts: forwarding_confirmation_card(texts, confirmation)
        )

    async def send_test_result(self, member_id: MemberId, arrival_id: int, result: TestResult) -> bool:
        """See `MailNotices`."""
        return await self._send_notice(member_id, f"mt{arrival_id}", lambda texts: mail_test_result_card(texts, result))

    async def flush(self) -> None:
        """See `MailNotices`. Receipts of members to whom no mail came go on waiting for further messages."""
        members, self._unsent = self._unsent, set()
        await asyncio.gather(*map(self._receipts.flush, members))

    async def _send_notice(self, member_id: MemberId, nonce: str, build: Callable[[Translations], Card]) -> bool:
        """Send a card with the tries of a receipt; what fails is logged. False: it could not be sent now."""

        async def build_card(preferences: Preferences) -> Card:
            return build(get_translations(preferences.locale))

        try:
            await self._sender.send_to_member(member_id, nonce, build_card)
        except RetryLaterError as later:
            log.warning("mail_notice_not_sent", member_id=member_id, error_type=type(later).__name__)
            return False
        except NinteiError as error:
            log.warning("mail_notice_not_sent", member_id=member_id, error=error.message_id)
            return not isinstance(error, StorageError)
        return True
