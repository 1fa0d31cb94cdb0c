"""A message to be recorded: whether it is recorded already, which thread it belongs to, what is asked first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.names import UNASSIGNED_PREFIX, clean_name, client_key, title_with_suffix
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.domain.source_keys import is_part_of_same_message, is_same_message, more_specific_key
from bot.domain.types import Site, ThreadId
from bot.services.projection import derive_thread_state
from bot.services.questions import MAX_THREAD_CHOICES, judged_reply_impact
from bot.services.record_transaction import RecordTransaction
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind
from storage import drafts, messages, threads, undo_log
from storage.drafts import Draft, DraftContent, MissingInfo
from storage.messages import Message
from storage.threads import Thread, ThreadIdentity

UNDO_KIND_RECORDED: Final = "recorded"
"""The kind of the undo step that recording makes."""

REPEAT_WINDOW: Final = timedelta(minutes=10)
"""An entry is taken for a repetition of one with the same thread, direction and time that was recorded so long before
it was written, or since.
"""

_NOW_TOLERANCE: Final = timedelta(minutes=1)


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
    said_at: datetime | None = None
    """When a typed line was written, which may be read later; None: now."""


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
    return await receipt_of_recorded_message(record, message)


async def receipt_of_recorded_message(
    record: RecordTransaction, message: Message, kind: ReceiptKind = ReceiptKind.REPEATED
) -> Receipt:
    """The receipt of a message that is recorded already.

    If an import in progress added it, it is no part of that any more: nobody sends it again after a rollback.
    """
    await undo_log.remove_messages_from_steps_in_progress(record.transaction, record.member_id, [message.id])
    return await record.recompute_and_build_receipt(kind, message, await record.get_thread(message.thread_id))


async def record_message(
    record: RecordTransaction, new: NewMessage, thread: Thread | None = None, *, late_reply_confirmed: bool = False
) -> Receipt | ClarificationNeeded:
    """Store a message in a thread, None: the one that it belongs to, unless the member has to answer first."""
    if thread is None:
        resolved = await resolve_thread(record, new)
        if isinstance(resolved, ClarificationNeeded):
            return resolved
        thread = resolved
    is_typed = new.source is MessageSource.WRITTEN and new.kind is EventKind.MESSAGE
    if is_typed and (earlier := await find_repeated_message(record, new, thread_id=thread.id)):
        return await receipt_of_recorded_message(record, earlier)
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
    unanswered = (await derive_thread_state(earlier)).unanswered
    if unanswered is None or reply.time.at <= unanswered.due_at:
        return None
    ended = any(message.looks_final and message.entry.at == unanswered.newest for message in earlier)
    if not (unanswered.dismissed or ended):
        return None
    draft = await save_reply_draft(record, MissingInfo.LATE_REPLY_WARNING, reply, thread)
    return ClarificationNeeded(
        draft, prospect=judged_reply_impact(unanswered, record.rate_before, record.preferences.rate_rule, reply.time.at)
    )


def message_of_draft(content: DraftContent, time: ParsedTime) -> NewMessage:
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
        said_at=content.written_at,
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
        looks_final=reply.looks_final,
        thread_id=thread.id if thread else None,
        page=reply.page,
        written_at=reply.said_at,
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
            title = title_with_suffix(message.title, f"({message.site})")
            thread = await record.get_or_create_thread(message.client, title)
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


async def find_repeated_message(
    record: RecordTransaction, new: NewMessage, *, thread_id: ThreadId | None = None, unassigned_client_key: str = ""
) -> Message | None:
    """The message that the member typed minutes before this one, or since, and of which this is a repetition.

    People type again what was recorded but not answered in time, or what the database refused; the latter is read
    again, perhaps much later. In the thread, or in the unassigned ones of a client.
    Times counted from now ("now", "3 hours ago") may differ by what has passed between both; they are no repetition
    where one message names both, or once the other side has written in between.
    """
    typed = await messages.find_messages_typed_since(
        record.transaction,
        record.member_id,
        new.direction,
        min(new.said_at or record.now, record.now) - REPEAT_WINDOW,
        thread_id=thread_id,
        unassigned_client_key=unassigned_client_key,
    )
    for earlier in typed:
        if earlier.entry.at == new.time.at:
            return earlier
        if _is_vague_repetition(earlier, new, record):
            stored = await record.stored_thread(earlier.thread_id)
            if not any(
                other.entry.direction is not new.direction and other.entry.at >= earlier.entry.at
                for other in stored.messages
            ):
                return earlier
    return None


def _is_vague_repetition(earlier: Message, new: NewMessage, record: RecordTransaction) -> bool:
    """Whether two times are the same one, counted from two instants at which it was written.

    Both count from now, or the earlier line had not been read yet when this one was written.
    """
    if is_part_of_same_message(earlier.source_key, new.source_key):
        return False
    said_at = new.said_at or record.now
    if not (earlier.precision is Precision.ABOUT and new.time.precision is Precision.ABOUT):
        was_now = earlier.recorded_at - earlier.entry.at < _NOW_TOLERANCE or earlier.recorded_at > said_at
        if not was_now or said_at - new.time.at >= _NOW_TOLERANCE:
            return False
    difference, passed = new.time.at - earlier.entry.at, said_at - earlier.recorded_at
    if passed <= -_NOW_TOLERANCE:  # the earlier line was read first, whichever was written first
        return abs(difference) <= REPEAT_WINDOW
    return -_NOW_TOLERANCE < difference < max(passed, timedelta()) + _NOW_TOLERANCE
