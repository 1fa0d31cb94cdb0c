"""Recording messages: one message is one transaction, committed before the member sees the receipt."""

from datetime import datetime

from bot.domain.messages import (
    ClientMessage,
    Confirmation,
    ContactRequestMail,
    ContractMail,
    Invitation,
    LineRequest,
    MessageSource,
    OtherSiteMail,
    ParsedItem,
    Precision,
    ReviewResult,
    Statement,
    UnclearText,
)
from bot.domain.names import client_key
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.domain.source_keys import is_same_message
from bot.domain.types import DraftId, MemberId
from bot.errors import InvalidInputError, NotAllowedError
from bot.services.draft_answers import (
    DraftAnswer,
    complete_content,
    get_draft,
    receipt_if_recorded_since,
    without_emptied_thread,
)
from bot.services.new_messages import (
    UNDO_KIND_RECORDED,
    NewMessage,
    find_repeated_message,
    message_of_draft,
    receipt_if_recorded,
    receipt_of_recorded_message,
    record_message,
)
from bot.services.questions import load_question
from bot.services.record_transaction import RecordTransaction, RecordTransactions, ensure_not_future
from bot.services.results import ClarificationNeeded, Receipt, RecordOutcome
from bot.services.statements import StatementService
from storage import cards, drafts, messages, undo_log
from storage.discord_ids import message_id_at, message_sent_at
from storage.drafts import Draft, DraftContent, MissingInfo


class RecordingService:
    """Records messages, and stores the drafts that wait for an answer.

    Every method raises `InvalidInputError` or `NotAllowedError` when nothing was stored.
    """

    def __init__(self, transactions: RecordTransactions, statements: StatementService) -> None:
        self._transactions = transactions
        self._statements = statements

    async def record_item(
        self,
        member_id: MemberId,
        item: ParsedItem,
        direction: Direction = Direction.RECEIVED,
        *,
        now: datetime,
        message_id: int | None = None,
    ) -> RecordOutcome:
        """Record a parsed item, or save it as a draft where the member has to answer a question first.

        An item that contains nothing to record is returned as it is. `message_id`: the Discord message it was read
        from. Raises `BeforeErasureError` when the member was erased after they wrote that message.
        """
        match item:
            case Statement() | UnclearText():
                return await self._statements.record(member_id, item, now=now, message_id=message_id)
            case Confirmation() | LineRequest():  # nothing was asked, and it records nothing
                raise InvalidInputError("parsing-unreadable")
            case ClientMessage():
                content = DraftContent(
                    missing=MissingInfo.TIME,
                    direction=direction,
                    client=item.client,
                    title=item.title,
                    time=item.time,
                    source=item.source,
                    source_key=item.source_key,
                    looks_final=item.looks_final,
                    page=item.page,
                )
            case Invitation():
                content = _draft_of_mail(MissingInfo.START_CLOCK, item)
            case ReviewResult(granted=True):
                content = _draft_of_mail(MissingInfo.BADGE, item)
            case ContactRequestMail():
                content = _draft_of_mail(MissingInfo.CONTACT_REQUEST, item, page=item.page)
            case ContractMail():
                content = _draft_of_mail(MissingInfo.CONTRACT, item, page=item.page)
            case OtherSiteMail():
                content = _draft_of_mail(MissingInfo.OTHER_SITE, item, title=item.site)
            case _:
                return item
        if content.time is not None and isinstance(item, ClientMessage | ContactRequestMail):
            message = message_of_draft(content, content.time)
            return await self.record(member_id, message, now=now, message_id=message_id)
        return await self.save_draft(member_id, content, now=now, message_id=message_id)

    async def find_receipt(self, member_id: MemberId, source_key: str, *, now: datetime) -> Receipt | None:
        """The receipt of the message with this source key; None where none is recorded."""
        same = messages.messages_of_key_query(member_id, source_key)
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED, same) as record:
            return await receipt_if_recorded(record, source_key, record.loaded[same])

    async def record(
        self, member_id: MemberId, message: NewMessage, *, now: datetime, message_id: int | None = None
    ) -> Receipt | ClarificationNeeded:
        """Record a message, or ask which thread a reply belongs to, or whether a late reply is to count.

        A message with a known source key is not recorded again. A received message whose client or thread is unknown is
        recorded in a thread of its own, so that its reminders are planned before the member answers.
        """
        same = messages.messages_of_key_query(member_id, message.source_key)
        find_newest = undo_log.latest_step_query(member_id)
        async with self._transactions.begin(
            member_id, now, UNDO_KIND_RECORDED, same, find_newest, message_id=message_id
        ) as record:
            if repeated := await receipt_if_recorded(record, message.source_key, record.loaded[same]):
                return repeated
            newest = record.loaded[find_newest]
            if message_id is not None and newest is not None and message_id < message_id_at(newest.at):
                await _ensure_not_undone(record, message.source_key, message_sent_at(message_id))
            ensure_not_future(message.time.at, now)
            if message.source is MessageSource.WRITTEN and message.client is not None:
                unassigned_key = client_key(message.client)
                if earlier := await find_repeated_message(record, message, unassigned_client_key=unassigned_key):
                    return await receipt_of_recorded_message(record, earlier)
                await record.end_draft_by_key(message.source_key)
            return await record_message(record, message)

    async def save_draft(
        self, member_id: MemberId, content: DraftContent, *, now: datetime, message_id: int | None = None
    ) -> ClarificationNeeded | Receipt:
        """Save a draft until the member answers; the receipt instead if it was recorded meanwhile."""
        same = messages.messages_of_key_query(member_id, content.source_key)
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED, same, message_id=message_id) as record:
            if repeated := await receipt_if_recorded(record, content.source_key, record.loaded[same]):
                return repeated
            await record.consume_daily_quota()
            draft = await drafts.save_draft(record.transaction, member_id, content, now=now)
            return await load_question(record.transaction, member_id, draft, rule=record.preferences.rate_rule, now=now)

    async def has_draft(self, member_id: MemberId, source_key: str) -> bool:
        """Whether a draft of the item with this key waits for an answer, asked or not."""
        return await drafts.is_draft_stored(self._transactions.database, member_id, source_key)

    async def get_draft(self, member_id: MemberId, draft_id: DraftId) -> Draft:
        """A draft that was not answered yet."""
        return await get_draft(self._transactions.database, member_id, draft_id)

    async def complete_draft(
        self, member_id: MemberId, draft_id: DraftId, answer: DraftAnswer, *, now: datetime
    ) -> Receipt | ClarificationNeeded:
        """Record a draft, completed with the member's answer."""
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            draft = (await get_draft(record.transaction, member_id, draft_id)).content
            content = complete_content(await without_emptied_thread(record, draft), answer, now=now)
            if content.time is None:
                raise InvalidInputError("recording-time-missing")
            ensure_not_future(content.time.at, now)
            await record.end_draft(draft_id)
            if repeated := await receipt_if_recorded_since(record, content):
                return repeated
            confirmed = content.missing is MissingInfo.LATE_REPLY_WARNING and content.thread_id is not None
            thread_id = content.thread_id if confirmed else answer.thread_id or content.thread_id
            thread = None if thread_id is None else await record.get_chosen_thread(thread_id)
            message = message_of_draft(content, content.time)
            return await record_message(record, message, thread, late_reply_confirmed=confirmed)

    async def resolve_as_new_thread(
        self, member_id: MemberId, draft_id: DraftId, *, idempotency_key: str, now: datetime
    ) -> None:
        """End a question about a message that went out in a new thread.

        The thread that was asked about is dismissed; no reply is recorded.
        """
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            content = (await get_draft(record.transaction, member_id, draft_id)).content
            thread_id = content.thread_id
            if thread_id is None:
                raise NotAllowedError("recording-draft-gone")
            await record.get_chosen_thread(thread_id)
            await record.end_draft(draft_id)
            if (await record.load_state(thread_id)).is_waiting:
                entry = ThreadEvent(Direction.SENT, EventKind.NEW_THREAD, content.time.at if content.time else now)
                await record.add_message(
                    thread_id,
                    entry,
                    precision=Precision.MINUTE,
                    source=MessageSource.BUTTON,
                    source_key=idempotency_key,
                )
                await record.recompute_threads(thread_id)

    async def discard_draft(self, member_id: MemberId, draft_id: DraftId, *, now: datetime) -> None:
        """Delete a draft whose answer records nothing."""
        async with self._transactions.database.write() as transaction:
            await drafts.delete_draft(transaction, member_id, draft_id)
            await cards.mark_ended_question_cards(transaction, member_id, [draft_id], None, now=now)
        self._transactions.on_cards_changed()


def _draft_of_mail(
    missing: MissingInfo,
    mail: Invitation | ReviewResult | ContactRequestMail | ContractMail | OtherSiteMail,
    *,
    title: str | None = None,
    page: str | None = None,
) -> DraftContent:
    return DraftContent(
        missing=missing,
        direction=Direction.RECEIVED,
        title=title,
        time=mail.time,
        source=mail.source,
        source_key=mail.source_key,
        page=page,
    )


async def _ensure_not_undone(record: RecordTransaction, source_key: str, sent: datetime) -> None:
    """Raise `NotAllowedError` when the message was recorded and deleted after the Discord message was sent.

    It is read again after a crash; who wants it recorded again forwards it again.
    """
    keys = await undo_log.list_source_keys_changed_since(record.transaction, record.member_id, source_key, sent)
    if any(is_same_message(key, source_key) for key in keys):
        raise NotAllowedError("recording-undone")
