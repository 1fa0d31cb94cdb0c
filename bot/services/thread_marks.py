"""What a member says of a thread: that its work is under contract, or that it is on another site than Lancers."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reply.contracts import client_silent_since, find_contact_request_opening
from bot.domain.reply.thread_state import Direction, EventKind
from bot.domain.types import DraftId, MemberId, MessageId, Site, ThreadId
from bot.errors import InvalidInputError, NotAllowedError
from bot.services.draft_answers import DraftAnswer, get_draft
from bot.services.new_messages import UNDO_KIND_RECORDED, NewMessage, message_of_draft, record_message, resolve_thread
from bot.services.record_transaction import RecordTransaction, RecordTransactions
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind
from storage import messages
from storage.drafts import MissingInfo
from storage.threads import Thread

UNDO_KIND_MARKED: Final = "marked"
"""The kind of the undo step of a mark."""


class ThreadMarkService:
    """Every method raises `NotAllowedError` when the thread or the message is unknown."""

    def __init__(self, transactions: RecordTransactions) -> None:
        self._transactions = transactions

    async def set_contract(
        self, member_id: MemberId, thread_id: ThreadId, *, under_contract: bool, now: datetime
    ) -> Thread:
        """Mark that the work of a thread is under contract, or no more; a mark that it has stays as it is."""
        async with self._transactions.begin(member_id, now, UNDO_KIND_MARKED) as record:
            thread = await record.get_thread(thread_id)
            if under_contract == (thread.contract_at is not None):
                return thread
            return await _save_thread_mark(record, replace(thread, contract_at=now if under_contract else None))

    async def complete_contract(
        self, member_id: MemberId, draft_id: DraftId, answer: DraftAnswer, *, now: datetime
    ) -> Thread:
        """Mark the thread that the member named when asked in which one the contract of a mail began."""
        async with self._transactions.begin(member_id, now, UNDO_KIND_MARKED) as record:
            content = (await get_draft(record.transaction, member_id, draft_id)).content
            if content.missing is not MissingInfo.CONTRACT:
                raise NotAllowedError("button-unknown")
            if answer.thread_id is not None:
                thread = await record.get_chosen_thread(answer.thread_id)
            else:
                named = replace(content, client=answer.client or "", title=answer.title)
                message = message_of_draft(named, ParsedTime(now, Precision.MINUTE))
                found = await resolve_thread(record, message)
                if isinstance(found, ClarificationNeeded) or found.unassigned:
                    raise InvalidInputError("contract-which-thread")
                thread = found
            await record.end_draft(draft_id)
            return await _save_thread_mark(
                record, replace(thread, contract_at=thread.contract_at or now, page=thread.page or content.page)
            )

    async def set_site(self, member_id: MemberId, thread_id: ThreadId, site: Site, *, now: datetime) -> Thread:
        """Mark on which site a thread is. The reply rate is counted anew."""
        async with self._transactions.begin(member_id, now, UNDO_KIND_MARKED) as record:
            thread = await record.get_thread(thread_id)
            return thread if thread.site is site else await _save_thread_mark(record, replace(thread, site=site))

    async def client_silent_since(self, member_id: MemberId, thread_id: ThreadId) -> datetime | None:
        """The member's oldest message to which the client has not replied."""
        in_thread = await self._transactions.database.query(messages.thread_messages_query(member_id, thread_id))
        return client_silent_since(message.entry for message in in_thread)

    async def reply_to_contact_request(
        self, member_id: MemberId, request_id: MessageId, *, idempotency_key: str, now: datetime
    ) -> Receipt | ClarificationNeeded:
        """Record a reply, sent now, in the thread of a contact request, which it ends."""
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            thread = await _get_thread_of_contact_request(record, request_id)
            message = NewMessage(
                direction=Direction.SENT,
                time=ParsedTime(now, Precision.MINUTE),
                source=MessageSource.BUTTON,
                source_key=idempotency_key,
            )
            return await record_message(record, message, thread)

    async def end_contact_request(
        self, member_id: MemberId, request_id: MessageId, *, idempotency_key: str, now: datetime
    ) -> Receipt:
        """Record that the member has done what a contact request asks for, without a reply in the thread."""
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            thread = await _get_thread_of_contact_request(record, request_id)
            done = await record.add_decision(thread.id, EventKind.CONTACTED, idempotency_key)
            return await record.recompute_and_build_receipt(ReceiptKind.RECORDED, done, thread)


async def _save_thread_mark(record: RecordTransaction, thread: Thread) -> Thread:
    await record.save_thread_marks(thread)
    await record.recompute_threads(thread.id)
    return thread


async def _get_thread_of_contact_request(record: RecordTransaction, request_id: MessageId) -> Thread:
    """The thread of an open contact request. Raises `NotAllowedError` when it has ended."""
    thread_id = (await record.get_message(request_id)).thread_id
    stored = await record.stored_thread(thread_id)
    if find_contact_request_opening(message.entry for message in stored.messages) is None:
        raise NotAllowedError("contact-request-ended")
    return await record.get_thread(thread_id)
