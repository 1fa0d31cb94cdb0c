"""Recording what a typed line says. What the line leaves open is asked, one question after another, never guessed."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.messages import Intent, MessageSource, ParsedTime, Precision, Statement, UnclearText
from bot.domain.names import client_key, title_key
from bot.domain.near_names import near_names
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.domain.source_keys import key_base
from bot.domain.types import DraftId, MemberId, ThreadId
from bot.errors import InvalidInputError, NotAllowedError
from bot.services.record_transaction import RecordTransaction, RecordTransactions, ensure_not_future
from bot.services.recording import (
    MAX_THREAD_CHOICES,
    UNDO_KIND_RECORDED,
    NewMessage,
    get_draft,
    insert_message,
    receipt_if_recorded,
    repeated_receipt,
    resolve_thread,
)
from bot.services.repeated_entries import find_repeated
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind
from storage import drafts, messages, reply_state, threads
from storage.drafts import DraftContent, MissingInfo
from storage.reply_state import UnansweredThread
from storage.threads import Thread

MAX_KNOWN_NAMES: Final = 1000
"""Clients with whose names a line is compared, the last used first."""
_QUESTIONS: Final = frozenset(
    {
        MissingInfo.EVENT,
        MissingInfo.CLIENT,
        MissingInfo.NEW_CLIENT,
        MissingInfo.MOMENT,
        MissingInfo.NOTHING_WAITS,
        MissingInfo.DISMISSED_CLIENT,
        MissingInfo.UNCLEAR,
    }
)
_APPROXIMATE_SPAN: Final = timedelta(hours=1)
"""How far an approximate time (さっき, 9時頃) can be from what is meant."""


def is_statement_question(content: DraftContent) -> bool:
    """Whether `StatementService.answer` completes a draft. After which thread, a reply may be asked when it was."""
    return content.missing in _QUESTIONS or (content.missing is MissingInfo.THREAD and content.time is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftAnswer:
    """What the member answered to a question; None: not part of the answer."""

    intent: Intent | None = None
    time: ParsedTime | None = None
    thread_id: ThreadId | None = None
    client: str | None = None
    title: str | None = None


class StatementService:
    """Records statements, and completes them with the answers to the questions that they left open.

    Every method raises `InvalidInputError` or `NotAllowedError` when nothing was stored.
    """

    def __init__(self, transactions: RecordTransactions) -> None:
        self._transactions = transactions

    async def known_names(self, member_id: MemberId) -> list[str]:
        """The names of the member's clients, the last used first."""
        return await threads.clients(self._transactions.database, member_id, search="", limit=MAX_KNOWN_NAMES)

    async def record(
        self, member_id: MemberId, statement: Statement | UnclearText, *, now: datetime, message_id: int | None = None
    ) -> Receipt | ClarificationNeeded:
        """Record a statement, or ask for the first thing that it leaves open.

        `message_id`: of the direct message that says it, None for a command.
        """
        same = messages.by_key_base(member_id, key_base(statement.source_key))
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED, same, message_id=message_id) as record:
            if repeated := await receipt_if_recorded(record, statement.source_key, record.loaded[same]):
                return repeated
            await drafts.delete_by_key(record.transaction, member_id, statement.source_key)  # an edited line
            if isinstance(statement, UnclearText):
                offered = await _offered_threads(record)
                return await _ask(record, MissingInfo.UNCLEAR, _unclear(statement), offered, source=statement.source)
            return await _record(record, statement)

    async def answer(
        self, member_id: MemberId, draft_id: DraftId, answer: DraftAnswer, *, now: datetime
    ) -> Receipt | ClarificationNeeded:
        """Complete a question's statement with the answer, and record it or ask the next question."""
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            content = (await get_draft(record.transaction, member_id, draft_id)).content
            if not is_statement_question(content):
                raise NotAllowedError("button-unknown")
            await drafts.delete(record.transaction, member_id, draft_id)
            statement = _completed(content, answer)
            thread_id = answer.thread_id or content.thread_id
            thread = await record.get_thread(thread_id) if thread_id is not None else None
            if thread is not None:
                statement = replace(statement, client=thread.client, title=thread.title, client_certain=True)
            if answer.time is not None:
                ensure_not_future(answer.time.at, now)
            return await _record(
                record, statement, thread, nothing_waits_confirmed=content.missing is MissingInfo.NOTHING_WAITS
            )


def _completed(content: DraftContent, answer: DraftAnswer) -> Statement:
    """The statement of a draft with the answer in it."""
    intent = answer.intent
    if intent is None:
        sent = content.direction is Direction.SENT
        intent = Intent.REPLIED if sent else Intent.RECEIVED
        if content.missing is MissingInfo.DISMISSED_CLIENT:
            intent = Intent.DISMISSED
        elif content.missing is MissingInfo.EVENT and answer.time is None:
            raise NotAllowedError("button-unknown")
    time = answer.time or content.time
    return Statement(
        intent=intent,
        client=answer.client or content.client,
        client_certain=answer.client is not None or content.missing not in {MissingInfo.MOMENT, MissingInfo.EVENT},
        title=answer.title or content.title,
        time=time,
        time_missing=time is None and content.missing is MissingInfo.UNCLEAR,
        source_key=content.source_key,
    )


def _unclear(text: UnclearText) -> Statement:
    return Statement(intent=Intent.RECEIVED, client=None, time=text.time, source_key=text.source_key)


async def _record(
    record: RecordTransaction,
    statement: Statement,
    thread: Thread | None = None,
    *,
    nothing_waits_confirmed: bool = False,
) -> Receipt | ClarificationNeeded:
    """Record a statement whose thread is known or can be found; else ask."""
    if statement.intent is None:  # asked before who it is, since the draft of that question is of a message
        return await _ask(record, MissingInfo.EVENT, statement)
    if statement.time_inferred and statement.intent is not Intent.DISMISSED:
        return await _ask(record, MissingInfo.MOMENT, statement)
    if thread is None and (question := await _client_question(record, statement)) is not None:
        return question
    match statement.intent:
        case Intent.DISMISSED:
            return await _dismiss(record, statement, thread)
        case Intent.REPLIED:
            return await _record_reply(record, statement, thread, nothing_waits_confirmed=nothing_waits_confirmed)
        case Intent.RECEIVED:
            return await _record_received(record, statement, thread)


async def _record_received(
    record: RecordTransaction, statement: Statement, thread: Thread | None
) -> Receipt | ClarificationNeeded:
    if statement.time is None and statement.time_missing:
        return await _ask(record, MissingInfo.TIME, statement, thread=thread)
    message = _message(record, statement, Direction.RECEIVED)
    if thread is None and (
        earlier := await find_repeated(
            record, message.direction, message.time, unassigned_client_key=client_key(statement.client or "")
        )
    ):
        return await repeated_receipt(record, earlier)
    target = thread or await resolve_thread(record, message)
    return target if isinstance(target, ClarificationNeeded) else await insert_message(record, message, target)


async def _client_question(record: RecordTransaction, statement: Statement) -> ClarificationNeeded | None:
    """The question who is meant; None where the client is known, or certainly a new one."""
    if statement.client is None:
        if statement.intent is Intent.DISMISSED:
            return await _ask_dismissed(record, statement, near=[])
        return await _ask(record, MissingInfo.CLIENT, statement, await _offered_threads(record))
    if not client_key(statement.client):
        raise InvalidInputError("recording-client-missing")
    if await threads.list_of_client(record.transaction, record.member_id, client_key(statement.client)):
        return None
    known = await threads.clients(record.transaction, record.member_id, search="", limit=MAX_KNOWN_NAMES)
    near = near_names(statement.client, known)
    choices = [
        thread
        for name in near
        for thread in await threads.list_of_client(record.transaction, record.member_id, client_key(name))
    ]
    if statement.intent is Intent.DISMISSED:
        return await _ask_dismissed(record, statement, near=choices)
    if statement.client_certain and not near:
        return None
    return await _ask(record, MissingInfo.NEW_CLIENT, statement, choices)


async def _ask_dismissed(record: RecordTransaction, statement: Statement, *, near: list[Thread]) -> ClarificationNeeded:
    """Ask which thread needs no reply: one of `near` that waits, else any that waits."""
    waiting = await _offered_threads(record, waiting_only=True)
    if not waiting:
        raise NotAllowedError("recording-nothing-waits")
    near_ids = {thread.id for thread in near}
    offered = [thread for thread in waiting if thread.id in near_ids]
    return await _ask(record, MissingInfo.DISMISSED_CLIENT, statement, offered or waiting)


async def _offered_threads(record: RecordTransaction, *, waiting_only: bool = False) -> list[Thread]:
    """The threads that wait for a reply, the most urgent first, then the last used ones."""
    query = reply_state.waiting(record.member_id, limit=MAX_THREAD_CHOICES)
    waiting = [row.thread for row in await record.transaction.query(query)]
    if not waiting_only:
        waiting += await threads.recent(record.transaction, record.member_id, limit=MAX_THREAD_CHOICES)
    return list({thread.id: thread for thread in waiting}.values())[:MAX_THREAD_CHOICES]


async def _waiting_threads(record: RecordTransaction, statement: Statement) -> list[UnansweredThread]:
    """The client's threads that wait for a reply; with a title, the thread of that title."""
    key, title = client_key(statement.client or ""), title_key(statement.title or "")
    of_client = await threads.list_of_client(record.transaction, record.member_id, key)
    named = [thread for thread in of_client if not title or title_key(thread.title or "") == title]
    rows = [
        await reply_state.waiting_thread(record.transaction, record.member_id, thread.id)
        for thread in named[:MAX_THREAD_CHOICES]
    ]
    return [row for row in rows if row is not None]


async def _dismiss(
    record: RecordTransaction, statement: Statement, thread: Thread | None
) -> Receipt | ClarificationNeeded:
    if thread is None:
        waiting = [row.thread for row in await _waiting_threads(record, statement)]
        if not waiting:
            raise NotAllowedError("recording-nothing-waits")
        if len(waiting) > 1:
            return await _ask(record, MissingInfo.DISMISSED_CLIENT, statement, waiting)
        thread = waiting[0]
    elif not (await record.load_state(thread.id)).is_waiting:
        raise NotAllowedError("recording-nothing-waits")
    dismissal = await record.add_message(
        thread.id,
        ThreadEvent(Direction.SENT, EventKind.DISMISSED, record.now),
        precision=Precision.SECOND,
        source=MessageSource.WRITTEN,
        source_key=statement.source_key,
    )
    return await record.build_receipt(ReceiptKind.RECORDED, dismissal, thread)


async def _record_reply(
    record: RecordTransaction, statement: Statement, thread: Thread | None, *, nothing_waits_confirmed: bool
) -> Receipt | ClarificationNeeded:
    """Record a reply in the one thread of the client that waits for it; several, or none, are asked about."""
    if statement.time is None and statement.time_missing:
        return await _ask(record, MissingInfo.TIME, statement, thread=thread)
    message = _message(record, statement, Direction.SENT)
    waiting = await _waiting_threads(record, statement)
    waiting = [row for row in waiting if thread is None or row.thread.id == thread.id]
    if len(waiting) > 1:
        return await _ask(record, MissingInfo.THREAD, statement, [row.thread for row in waiting])
    if not waiting and not nothing_waits_confirmed:
        return await _ask(record, MissingInfo.NOTHING_WAITS, replace(statement, time=message.time), thread=thread)
    if waiting:
        if _is_on_time_uncertain(statement.time, waiting[0].unanswered.due_at, record.now):
            return await _ask(record, MissingInfo.TIME, replace(statement, time=None), thread=waiting[0].thread)
        return await insert_message(record, message, waiting[0].thread)
    target = thread or await resolve_thread(record, message)
    return target if isinstance(target, ClarificationNeeded) else await insert_message(record, message, target)


def _is_on_time_uncertain(time: ParsedTime | None, due_at: datetime, now: datetime) -> bool:
    """Whether the reply could have been on time or late: no time was said, or one that the deadline lies close to."""
    if now <= due_at:
        return False
    if time is None:
        return True
    return time.precision is Precision.ABOUT and abs(time.at - due_at) <= _APPROXIMATE_SPAN


def _message(record: RecordTransaction, statement: Statement, direction: Direction) -> NewMessage:
    """The message of a statement; without a time it was sent now."""
    time = statement.time or ParsedTime(record.now, Precision.MINUTE)
    ensure_not_future(time.at, record.now)
    return NewMessage(
        direction=direction,
        client=statement.client,
        title=statement.title,
        time=time,
        source=MessageSource.WRITTEN,
        source_key=statement.source_key,
    )


async def _ask(
    record: RecordTransaction,
    missing: MissingInfo,
    statement: Statement,
    choices: list[Thread] | None = None,
    *,
    thread: Thread | None = None,
    source: MessageSource = MessageSource.WRITTEN,
) -> ClarificationNeeded:
    """Save what is known as a draft, and ask for what is missing."""
    await record.consume_daily_quota()
    content = DraftContent(
        missing=missing,
        direction=Direction.SENT if statement.intent is Intent.REPLIED else Direction.RECEIVED,
        client=thread.client if thread else statement.client,
        title=thread.title if thread else statement.title,
        time=statement.time,
        source=source,
        source_key=statement.source_key,
        thread_id=thread.id if thread else None,
    )
    draft = await drafts.save(record.transaction, record.member_id, content, now=record.now)
    return ClarificationNeeded(draft, tuple((choices or [])[:MAX_THREAD_CHOICES]))
