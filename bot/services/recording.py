"""Recording messages: one message is one transaction, committed before the member sees the receipt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.messages import (
    ClientMessage,
    ContactRequestMail,
    ContractMail,
    Invitation,
    MessageSource,
    OtherSiteMail,
    ParsedItem,
    ParsedTime,
    Precision,
    ReviewResult,
)
from bot.domain.names import UNASSIGNED_PREFIX, clean_name, client_key
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.domain.source_keys import is_same_message, more_specific_key, source_key_base
from bot.domain.types import DraftId, MemberId, Site, ThreadId
from bot.errors import InvalidInputError, NotAllowedError
from bot.services.questions import MAX_THREAD_CHOICES, judged_reply_impact, load_question, unanswered_messages_at
from bot.services.record_transaction import RecordTransaction, RecordTransactions, ensure_not_future
from bot.services.repeated_entries import find_repeated_message
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind, RecordOutcome
from storage import cards, drafts, messages, threads, undo_log
from storage.database import Executor
from storage.discord_ids import message_id_at, message_sent_at
from storage.drafts import Draft, DraftContent, MissingInfo
from storage.messages import Message
from storage.threads import Thread, ThreadIdentity

UNDO_KIND_RECORDED: Final = "recorded"
"""The kind of the undo step that recording makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message to be recorded. `client` and `title` as the member or the mail names them; None: not given."""

    direction: Direction
    client: str | None = None
    title: str | None = None
    time: ParsedTime
    source: MessageSource
    source_key: str
    """The same message has the same key, however often it is forwarded."""
    looks_final: bool = False
    """Reads like the end of a conversation."""
    kind: EventKind = EventKind.MESSAGE
    page: str | None = None
    """The path of the conversation's page on www.lancers.jp, where the notification names it."""
    site: Site | None = None
    """The site of the thread, where the mail says so and the thread is new."""


class RecordingService:
    """Records messages, and stores the drafts that wait for an answer.

    Every method raises `InvalidInputError` or `NotAllowedError` when nothing was stored.
    """

    def __init__(self, transactions: RecordTransactions) -> None:
        self._transactions = transactions

    async def record_item(
        self,
        member_id: MemberId,
        item: ParsedItem,
        direction: Direction,
        *,
        now: datetime,
        message_id: int | None = None,
    ) -> RecordOutcome:
        """Record a parsed item, or save it as a draft where the member has to answer a question first.

        An item that contains nothing to record is returned as it is. `message_id`: the Discord message it was read
        from. Raises `BeforeErasureError` when the member was erased after they wrote that message.
        """
        match item:
            case ClientMessage():
                content = DraftContent(
                    missing=MissingInfo.TIME,
                    direction=direction,
                    client=item.client,
                    title=item.title,
                    source=item.source,
                    source_key=item.source_key,
                    looks_final=item.looks_final,
                    page=item.page,
                )
                if item.time is not None:
                    return await self.record(
                        member_id, _message_of_draft(content, item.time), now=now, message_id=message_id
                    )
            case Invitation(time, source, source_key):
                content = _draft_of_mail(MissingInfo.START_CLOCK, time, source, source_key)
            case ReviewResult(True, time, source, source_key):
                content = _draft_of_mail(MissingInfo.BADGE, time, source, source_key)
            case ContactRequestMail(time=time, source=source, source_key=source_key, page=page):
                content = _draft_of_mail(MissingInfo.CONTACT_REQUEST, time, source, source_key, page=page)
                if time is not None:
                    return await self.record(
                        member_id, _message_of_draft(content, time), now=now, message_id=message_id
                    )
            case ContractMail(time=time, source=source, source_key=source_key, page=page):
                content = _draft_of_mail(MissingInfo.CONTRACT, time, source, source_key, page=page)
            case OtherSiteMail(site=site, time=time, source=source, source_key=source_key):
                content = _draft_of_mail(MissingInfo.OTHER_SITE, time, source, source_key, title=site)
            case _:
                return item
        return await self.save_draft(member_id, content, now=now, message_id=message_id)

    async def record(
        self, member_id: MemberId, message: NewMessage, *, now: datetime, message_id: int | None = None
    ) -> Receipt | ClarificationNeeded:
        """Record a message, or ask which thread a reply belongs to, or whether a late reply is to count.

        A message with a known source key is not recorded again. A received message whose client or thread is unknown is
        recorded in a thread of its own, so that its reminders are planned before the member answers.
        """
        same, find_newest = (
            messages.messages_by_key_base(member_id, source_key_base(message.source_key)),
            undo_log.LATEST(member_id),
        )
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
                if earlier := await find_repeated_message(
                    record, message.direction, message.time, unassigned_client_key=unassigned_key
                ):
                    return await receipt_of_repeated_message(record, earlier)
                # An edited line may have been asked about before.
                await drafts.delete_draft_by_key(record.transaction, member_id, message.source_key)
            thread = await resolve_thread(record, message)
            return (
                thread if isinstance(thread, ClarificationNeeded) else await record_in_thread(record, message, thread)
            )

    async def save_draft(
        self, member_id: MemberId, content: DraftContent, *, now: datetime, message_id: int | None = None
    ) -> ClarificationNeeded | Receipt:
        """Save a draft until the member answers; the receipt instead if it was recorded meanwhile."""
        same = messages.messages_by_key_base(member_id, source_key_base(content.source_key))
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED, same, message_id=message_id) as record:
            if repeated := await receipt_if_recorded(record, content.source_key, record.loaded[same]):
                return repeated
            await record.consume_daily_quota()
            draft = await drafts.save_draft(record.transaction, member_id, content, now=now)
            return await load_question(record.transaction, member_id, draft, rule=record.rule, now=now)

    async def has_draft(self, member_id: MemberId, source_key: str) -> bool:
        """Whether a draft of the item with this key waits for an answer, asked or not."""
        return await drafts.is_draft_stored(self._transactions.database, member_id, source_key)

    async def get_draft(self, member_id: MemberId, draft_id: DraftId) -> Draft:
        """A draft that was not answered yet."""
        return await get_draft(self._transactions.database, member_id, draft_id)

    async def complete_draft(
        self,
        member_id: MemberId,
        draft_id: DraftId,
        *,
        now: datetime,
        time: ParsedTime | None = None,
        thread_id: ThreadId | None = None,
        client: str | None = None,
        title: str | None = None,
    ) -> Receipt | ClarificationNeeded:
        """Record a draft, completed with the member's answer."""
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            content = (await get_draft(record.transaction, member_id, draft_id)).content
            time = time or content.time
            if time is None:
                raise InvalidInputError("recording-time-missing")
            ensure_not_future(time.at, now)
            source = content.source if content.time and content.time.at == time.at else MessageSource.WRITTEN
            content = replace(content, client=client or content.client, title=title or content.title, source=source)
            message = _message_of_draft(content, time)
            await record.end_draft(draft_id)
            confirmed = content.missing is MissingInfo.LATE_REPLY_WARNING and content.thread_id is not None
            known_thread_id = content.thread_id if confirmed else thread_id
            thread = (
                await record.get_thread(known_thread_id)
                if known_thread_id is not None
                else await resolve_thread(record, message)
            )
            if isinstance(thread, ClarificationNeeded):
                return thread
            return await record_in_thread(record, message, thread, late_reply_confirmed=confirmed)

    async def resolve_as_new_thread(
        self, member_id: MemberId, draft_id: DraftId, *, idempotency_key: str, now: datetime
    ) -> None:
        """The message that was asked about went out in a new thread: its thread is dismissed, and no reply counts."""
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            content = (await get_draft(record.transaction, member_id, draft_id)).content
            thread_id = content.thread_id
            if thread_id is None:
                raise NotAllowedError("recording-draft-gone")
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
    time: ParsedTime | None,
    source: MessageSource,
    source_key: str,
    *,
    title: str | None = None,
    page: str | None = None,
) -> DraftContent:
    return DraftContent(
        missing=missing,
        direction=Direction.RECEIVED,
        title=title,
        time=time,
        source=source,
        source_key=source_key,
        page=page,
    )


def _message_of_draft(content: DraftContent, time: ParsedTime) -> NewMessage:
    """The message of a draft that has its time."""
    return NewMessage(
        direction=content.direction,
        client=content.client,
        title=content.title,
        time=time,
        source=content.source,
        source_key=content.source_key,
        looks_final=content.looks_final,
        kind=EventKind.CONTACT_REQUEST if content.missing is MissingInfo.CONTACT_REQUEST else EventKind.MESSAGE,
        page=content.page,
        site=Site.OTHER if content.missing is MissingInfo.OTHER_SITE else None,
    )


async def get_draft(reader: Executor, member_id: MemberId, draft_id: DraftId) -> Draft:
    """The member's draft. Raises `NotAllowedError` when it was answered."""
    if draft := await drafts.find_draft(reader, member_id, draft_id):
        return draft
    raise NotAllowedError("recording-draft-gone")


async def receipt_if_recorded(
    record: RecordTransaction, source_key: str, candidates: Sequence[Message]
) -> Receipt | None:
    """The receipt of a message that is recorded already. A key that says more of it replaces the stored one.

    `candidates`: the messages whose source keys have the same base.
    """
    if not candidates:
        return None
    same = [message for message in candidates if is_same_message(message.source_key, source_key)]
    if not same:
        return None
    message = next((message for message in same if message.source_key == source_key), same[0])
    if more_specific_key(message.source_key, source_key) != message.source_key:
        await messages.set_message_source_key(record.transaction, record.member_id, message.id, source_key)
    return await receipt_of_repeated_message(record, message)


async def _ensure_not_undone(record: RecordTransaction, source_key: str, sent: datetime) -> None:
    """Raise `NotAllowedError` when the message was recorded and deleted after the Discord message was sent.

    It is read again after a crash; who wants it recorded again forwards it again.
    """
    keys = await undo_log.source_keys_changed_since(
        record.transaction, record.member_id, source_key_base(source_key), sent
    )
    if any(is_same_message(key, source_key) for key in keys):
        raise NotAllowedError("recording-undone")


async def receipt_of_repeated_message(record: RecordTransaction, message: Message) -> Receipt:
    return await record.recompute_and_build_receipt(
        ReceiptKind.REPEATED, message, await record.get_thread(message.thread_id)
    )


async def record_in_thread(
    record: RecordTransaction, new: NewMessage, thread: Thread, *, late_reply_confirmed: bool = False
) -> Receipt | ClarificationNeeded:
    """Store the message, unless the member has to confirm a late reply first."""
    is_typed = new.source is MessageSource.WRITTEN and new.kind is EventKind.MESSAGE
    if is_typed and (earlier := await find_repeated_message(record, new.direction, new.time, thread_id=thread.id)):
        return await receipt_of_repeated_message(record, earlier)
    unconfirmed_reply = new.direction is Direction.SENT and not late_reply_confirmed
    if unconfirmed_reply and (warning := await _late_reply_warning(record, new, thread)):
        return warning
    if new.page is not None or new.site is not None or new.kind is EventKind.CONTACT_REQUEST:
        thread = await _mark_thread_by_message(record, new, thread)
    message = await record.add_message(
        thread.id,
        ThreadEvent(new.direction, new.kind, new.time.at),
        precision=new.time.precision,
        source=new.source,
        source_key=new.source_key,
        looks_final=new.looks_final,
    )
    await record.ensure_reply_follows_received(message)
    if thread.id not in record.used_thread_ids:
        await threads.mark_thread_used(record.transaction, record.member_id, thread.id, now=record.now)
    return await record.recompute_and_build_receipt(ReceiptKind.RECORDED, message, thread)


async def _mark_thread_by_message(record: RecordTransaction, new: NewMessage, thread: Thread) -> Thread:
    """What a message says of its thread: its page; that it is under contract; and of a new one its site."""
    marked = thread
    if new.page is not None and thread.counts_in_rate:
        marked = replace(marked, page=new.page)
    if new.kind is EventKind.CONTACT_REQUEST and thread.contract_at is None:
        marked = replace(marked, contract_at=record.now)
    if new.site is not None and not (await record.stored_thread(thread.id)).messages:
        marked = replace(marked, site=new.site)
    if marked != thread:
        await record.save_thread_marks(marked)
    return marked


async def _late_reply_warning(
    record: RecordTransaction, reply: NewMessage, thread: Thread
) -> ClarificationNeeded | None:
    """Ask before a reply is recorded that would be late although no reply was needed.

    A message that the member sends more than 24 hours after the client ended the conversation counts as a late reply
    (docs/domain-facts.md#uncounted-messages, article); the member may have meant to begin a new one.
    """
    if thread.site is not Site.LANCERS:
        return None
    stored = await record.stored_thread(thread.id)
    earlier = [message for message in stored.messages if message.entry.at <= reply.time.at]
    unanswered = unanswered_messages_at(earlier, reply.time.at)
    if unanswered is None or reply.time.at <= unanswered.due_at:
        return None
    ended = any(message.looks_final and message.entry.at == unanswered.newest for message in earlier)
    if not (unanswered.dismissed or ended):
        return None
    draft = await save_reply_draft(record, MissingInfo.LATE_REPLY_WARNING, reply, thread)
    return ClarificationNeeded(
        draft, prospect=judged_reply_impact(unanswered, record.rate_before, record.rule, reply.time.at)
    )


async def save_reply_draft(
    record: RecordTransaction, missing: MissingInfo, reply: NewMessage, thread: Thread | None = None
) -> Draft:
    content = DraftContent(
        missing=missing,
        direction=reply.direction,
        client=thread.client if thread else reply.client,
        title=thread.title if thread else None,
        time=reply.time,
        source=reply.source,
        source_key=reply.source_key,
        thread_id=thread.id if thread else None,
    )
    return await drafts.save_draft(record.transaction, record.member_id, content, now=record.now)


async def resolve_thread(record: RecordTransaction, message: NewMessage) -> Thread | ClarificationNeeded:
    """The thread with that client and title, or the client's only thread; else a question, or an unassigned thread."""
    transaction, member_id = record.transaction, record.member_id
    if message.client is None:
        choices = await threads.list_recent_threads(transaction, member_id, limit=MAX_THREAD_CHOICES)
    elif message.title is not None:
        thread = await record.get_or_create_thread(message.client, message.title)
        if message.site is Site.OTHER and thread.counts_in_rate and (await record.stored_thread(thread.id)).messages:
            # A thread on Lancers has the same names: its replies go on counting, and this one is beside it.
            thread = await record.get_or_create_thread(message.client, f"{message.title} ({message.site})")
        return thread
    else:
        choices = await threads.list_threads_of_client(transaction, member_id, client_key(message.client))
        if not choices:
            return await record.get_or_create_thread(message.client, None)
        if len(choices) == 1:
            return choices[0]
    if message.direction is Direction.SENT:
        draft = await save_reply_draft(record, MissingInfo.THREAD, message)
        return ClarificationNeeded(draft, tuple(choices[:MAX_THREAD_CHOICES]))
    identity = ThreadIdentity(
        client=None if message.client is None else clean_name(message.client),
        title=None,
        client_key="" if message.client is None else client_key(message.client),
        title_key=f"{UNASSIGNED_PREFIX}{message.source_key}",
        unassigned=True,
    )
    return await record.get_or_create_identified(identity)
