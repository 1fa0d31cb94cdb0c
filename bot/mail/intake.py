"""One mail: whose it is, whether it is read, and what is recorded of it.

Both sources, the mailbox and LMTP, hand every mail to `MailIntake.take`. Nothing of a mail is stored but what is stored
of any message, and nothing is answered by mail.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain.messages import IrrelevantMail, ParsedItem
from bot.errors import NinteiError, StorageError
from bot.instrumentation import Metrics
from bot.mail.ports import MailNotices, NoticeProgress, TestResult
from bot.mail.signatures import SignatureChecker
from bot.parsing.forwarding_confirmation import parse_forwarding_confirmation
from bot.parsing.mail_envelope import MailEnvelope, parse_envelope
from bot.parsing.mail_items import RecordedAtOnce, item_to_confirm
from bot.parsing.message import parse_mail
from bot.services.container import Services
from bot.services.mail import CONFIRMATION_DURATION, ArrivedMail
from bot.services.members import BeforeErasureError, BlockedError
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind, RecordOutcome, parsed_item_metric_labels
from storage.discord_ids import message_id_at
from storage.mail_addresses import MailAddress, PathState

MAX_MAIL_BYTES: Final = 10 * 1024 * 1024

log = structlog.get_logger()


class MailOutcome(StrEnum):
    """What became of a mail; the label of a metric. A mail that is dropped leaves nothing behind but this count."""

    TAKEN = "taken"
    """It was read: recorded, asked about, or nothing of a client's."""
    CONFIRMATION = "confirmation"
    """A provider's request to confirm the address, passed on."""
    TOO_LARGE = "too_large"
    NO_RECIPIENT = "no_recipient"
    """No header names an address of a member."""
    SEVERAL_RECIPIENTS = "several_recipients"
    """It is not certain for which of two members it is."""
    UNKNOWN_TOKEN = "unknown_token"  # noqa: S105 — a word
    """A token that is nobody's, or that of an address that is no longer valid."""
    AUTOMATIC = "automatic"
    """A delivery report, an automatic reply, or a mail by the mailbox itself."""
    UNREADABLE = "unreadable"
    """It would take long to read (very many header lines, parts or parameters), or names neither sender nor subject."""
    PAUSED = "paused"
    UNASKED_CONFIRMATION = "unasked_confirmation"
    """A provider asks to confirm an address that the member did not ask for."""
    OVER_LIMIT = "over_limit"
    """Too many mails for one address on one day, or the address was given up meanwhile."""
    REFUSED = "refused"
    """The member is blocked, or was erased meanwhile."""


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """A mail as it came."""

    data: bytes | None
    """None: it is larger than `MAX_MAIL_BYTES`, and was not loaded."""
    envelope_recipient: str | None = None
    """For whom the mail server took it (LMTP); None: the headers say so."""
    envelope_sender: str | None = None
    was_taken: bool = False
    """It was taken in before, and the member could not be notified: it does not count once more."""
    progress: NoticeProgress = field(default_factory=NoticeProgress, compare=False)
    """Whether the member was notified."""


TakeMail = Callable[[IncomingMail], Awaitable[object]]
"""`MailIntake.take`."""


class MailIntake:
    """Takes mails in; several at once."""

    def __init__(
        self,
        services: Services,
        clock: Clock,
        notices: MailNotices,
        signatures: SignatureChecker,
        *,
        mailbox: str,
        metrics: Metrics,
    ) -> None:
        """`mailbox`: the operator's address, without a token."""
        self._services = services
        self._clock = clock
        self._notices = notices
        self._signatures = signatures
        self._mailbox = mailbox
        self._metrics = metrics

    async def take(self, mail: IncomingMail) -> MailOutcome:
        """Take one mail in; once this returns and its `progress` has nothing unsent, it may be removed.

        Raises `StorageError` when it has to be taken in later. The same mail once more records nothing again.
        """
        outcome = await self._take_mail(mail)
        self._metrics.count("mails", outcome)
        log.info("mail_taken", outcome=outcome)
        return outcome

    async def _take_mail(self, mail: IncomingMail) -> MailOutcome:
        if mail.data is None or len(mail.data) > MAX_MAIL_BYTES:
            return MailOutcome.TOO_LARGE
        envelope = await asyncio.to_thread(
            parse_envelope,
            mail.data,
            mailbox=self._mailbox,
            envelope_recipient=mail.envelope_recipient,
            envelope_sender=mail.envelope_sender,
        )
        now = self._clock.now()
        addresses = await self._services.mail.find_addresses(envelope.tokens)
        if dropped := _reason_to_drop_mail(envelope, addresses):
            return dropped
        [address] = addresses
        with structlog.contextvars.bound_contextvars(member_id=address.member_id):
            try:
                return await self._take_mail_for_address(address, mail, mail.data, envelope, now)
            except (BeforeErasureError, BlockedError):
                return MailOutcome.REFUSED

    async def _take_mail_for_address(
        self, address: MailAddress, incoming: IncomingMail, data: bytes, envelope: MailEnvelope, now: datetime
    ) -> MailOutcome:
        mail, member_id = self._services.mail, address.member_id
        # Of the member too: Discord compares nonces by their author, and one mail can come for two members.
        arrival_id = int.from_bytes(hashlib.sha256(b"%d " % member_id + data).digest()[:7])
        confirmation = await asyncio.to_thread(parse_forwarding_confirmation, data)
        if confirmation is not None:
            if now - address.asked_at > CONFIRMATION_DURATION:
                return MailOutcome.UNASKED_CONFIRMATION
            if not incoming.was_taken and not await mail.note_confirmation(address, now=now):
                return MailOutcome.OVER_LIMIT
            incoming.progress.begin()
            incoming.progress.end(await self._notices.send_confirmation(member_id, arrival_id, confirmation))
            return MailOutcome.CONFIRMATION
        if address.paused_at is not None:
            return MailOutcome.PAUSED
        path = mail.keyed_hash(f"{envelope.sender_domain} {envelope.envelope_sender_domain}")
        recipient = mail.keyed_hash(envelope.recipients[0]) if len(envelope.recipients) == 1 else None
        arrived = await mail.note_arrival(address, path, recipient, now=now, was_taken=incoming.was_taken)
        if arrived is None:
            return MailOutcome.OVER_LIMIT
        _, preferences = await self._services.members.find(member_id)
        parsed = await asyncio.to_thread(parse_mail, data, now=now, zone=preferences.zone)
        items = [item for item in parsed if not isinstance(item, IrrelevantMail)]
        is_signed = (bool(items) or arrived.tested_at is not None) and await self._signatures.is_signed(data)
        is_verified = is_signed and recipient is not None and recipient == address.confirmed_recipient
        outcomes, is_new = await self._record_mail(address, items, arrived, now, is_verified=is_verified)
        if (is_new or arrived.is_path_new) and not incoming.was_taken:
            await mail.count_mail(member_id, now=now)
        if arrived.tested_at is not None:
            result = TestResult(
                sender_domain=envelope.sender_domain,
                is_signed=is_signed,
                recorded=sum(isinstance(outcome, Receipt) for outcome in outcomes),
                asked=sum(isinstance(outcome, ClarificationNeeded) for outcome in outcomes),
            )
            incoming.progress.begin()
            is_notified = await self._notices.send_test_result(member_id, arrival_id, result)
            incoming.progress.end(is_notified)
            if is_notified:  # only now: the mail may have to be taken in again before
                await mail.end_test(member_id, arrived.tested_at)
        if outcomes:
            await self._notices.send_outcomes(member_id, arrival_id, outcomes, incoming.progress)
        return MailOutcome.TAKEN if parsed else MailOutcome.UNREADABLE

    async def _record_mail(
        self,
        address: MailAddress,
        items: Sequence[ParsedItem],
        arrived: ArrivedMail,
        now: datetime,
        *,
        is_verified: bool,
    ) -> tuple[list[RecordOutcome | NinteiError], bool]:
        """Record what a mail says; what the member is to be told, and whether the mail says anything new.

        Raises `StorageError`.
        """
        member_id, state, repeated = address.member_id, arrived.path.state, 0
        outcomes: list[RecordOutcome | NinteiError] = []
        for item in items:
            to_record = item
            if isinstance(item, RecordedAtOnce) and state is PathState.REFUSED and not is_verified:
                to_record = item_to_confirm(item)
            source_key = getattr(item, "source_key", "")
            was_asked = await self._services.recording.has_draft(member_id, source_key)
            repeated += was_asked
            if was_asked and await self._services.cards.has_open_question(member_id, source_key):
                continue  # the mail came twice: another question would make the shown one void
            outcome: RecordOutcome | NinteiError
            try:
                # Of a member who is erased meanwhile nothing is recorded, as of a message from before the erasure.
                outcome = await self._services.recording.record_item(
                    member_id, to_record, now=now, message_id=message_id_at(now)
                )
            except (StorageError, BlockedError):
                raise
            except NinteiError as error:
                outcome = error
            self._metrics.count("parsed_items", *parsed_item_metric_labels(item, outcome))
            if isinstance(outcome, Receipt):
                repeated += outcome.kind is ReceiptKind.REPEATED and not was_asked
                if outcome.kind is ReceiptKind.REPEATED and await self._services.cards.is_message_on_card(
                    member_id, outcome.message.id
                ):
                    continue  # the mail came twice, or the message was recorded in another way
                if not is_verified and state is PathState.NEW:
                    await self._services.mail.mark_unconfirmed(member_id, outcome.message.id, arrived.path.id)
                    outcome = replace(outcome, is_unconfirmed=True)
            outcomes.append(outcome)
        return outcomes, not items or repeated < len(items)


def _reason_to_drop_mail(envelope: MailEnvelope, addresses: Sequence[MailAddress]) -> MailOutcome | None:
    if not envelope.tokens:
        return MailOutcome.NO_RECIPIENT
    if not addresses:
        return MailOutcome.UNKNOWN_TOKEN
    if len(addresses) > 1:
        return MailOutcome.SEVERAL_RECIPIENTS
    return MailOutcome.AUTOMATIC if envelope.is_automatic else None
