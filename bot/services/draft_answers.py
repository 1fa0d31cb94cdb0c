"""A stored draft, and what is known of it together with the member's answer."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.messages import Intent, MessageSource, ParsedTime
from bot.domain.reply.thread_state import Direction
from bot.domain.types import DraftId, MemberId, ThreadId
from bot.errors import NotAllowedError
from bot.services.new_messages import receipt_if_recorded
from bot.services.record_transaction import RecordTransaction
from bot.services.results import Receipt
from storage import drafts, messages
from storage.database import Executor
from storage.drafts import Draft, DraftContent


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftAnswer:
    """What the member answered to a question; None: not part of the answer."""

    intent: Intent | None = None
    time: ParsedTime | None = None
    time_inferred: bool = False
    """Whether the day of `time` was guessed, which is asked about."""
    thread_id: ThreadId | None = None
    client: str | None = None
    client_certain: bool = True
    """Whether `client` is a name beyond doubt; else a new one is asked about."""
    title: str | None = None
    written_at: datetime | None = None
    """When the text that answers was written. None: now."""


def complete_content(content: DraftContent, answer: DraftAnswer, *, now: datetime) -> DraftContent:
    """The content of a draft with what an answer adds. A time other than the known one counts as typed.

    `written_at` becomes that of an answer that says what happened, or when; any other answer leaves it as it is.
    """
    time = answer.time or content.time
    if time is not None and (answer.intent is Intent.REPLIED or content.direction is Direction.SENT):
        time = time.of_reply()
    is_same_time = answer.time is None or (content.time is not None and content.time.at == answer.time.at)
    says_event = answer.intent is not None or answer.time is not None
    return replace(
        content,
        client=answer.client or content.client,
        title=answer.title or content.title,
        time=time,
        source=content.source if is_same_time else MessageSource.WRITTEN,
        day=content.day if time is None else None,
        from_hour=content.from_hour if time is None else 0,
        written_at=answer.written_at or now if says_event else content.written_at,
    )


async def get_draft(reader: Executor, member_id: MemberId, draft_id: DraftId) -> Draft:
    """The member's draft. Raises `NotAllowedError` when it was answered."""
    if draft := await drafts.find_draft(reader, member_id, draft_id):
        return draft
    raise NotAllowedError("recording-draft-gone")


async def without_emptied_thread(record: RecordTransaction, content: DraftContent) -> DraftContent:
    """A draft whose thread has lost its messages, merged or corrected since then, leaves open again who is meant."""
    if content.thread_id is None or (await record.stored_thread(content.thread_id)).messages:
        return content
    return replace(content, client=None, title=None, thread_id=None)


async def receipt_if_recorded_since(record: RecordTransaction, content: DraftContent) -> Receipt | None:
    """The receipt of a draft's message, if it was recorded since by the answer to another draft of the same message."""
    same = messages.messages_of_key_query(record.member_id, content.source_key)
    return await receipt_if_recorded(record, content.source_key, await record.transaction.query(same))
