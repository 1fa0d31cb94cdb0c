"""Recording what a typed line says. What the line leaves open is asked, one question after another, never guessed."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.calendar import ONE_DAY
from bot.domain.messages import Intent, MessageSource, ParsedTime, Precision, Statement, UnclearText
from bot.domain.names import client_key, title_key
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent, UnansweredMessages
from bot.domain.source_keys import source_key_base
from bot.domain.types import DraftId, MemberId, ThreadId
from bot.errors import InvalidInputError, NotAllowedError
from bot.services.new_messages import (
    UNDO_KIND_RECORDED,
    NewMessage,
    find_repeated_message,
    receipt_if_recorded,
    receipt_of_recorded_message,
    record_message,
)
from bot.services.questions import (
    MAX_KNOWN_NAMES,
    find_threads_with_near_names,
    list_waiting_thread_choices,
    list_waiting_threads_for_question,
    load_question,
)
from bot.services.record_transaction import RecordTransaction, RecordTransactions, ensure_not_future
from bot.services.recording import get_draft
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind
from storage import contact_requests, drafts, messages, threads
from storage.drafts import Draft, DraftContent, MissingInfo
from storage.messages import Message
from storage.threads import Thread
from storage.waiting_threads import UnansweredThread

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
    time_inferred: bool = False
    """Whether the day of `time` was guessed, which is asked about."""
    thread_id: ThreadId | None = None
    client: str | None = None
    client_certain: bool = True
    """Whether `client` is a name beyond doubt; else a new one is asked about."""
    title: str | None = None
    written_at: datetime | None = None
    """When the text that answers was written. None: now."""


class StatementService:
    """Records statements, and completes them with the answers to the questions that they left open.

    Every method raises `InvalidInputError` or `NotAllowedError` when nothing was stored.
    """

    def __init__(self, transactions: RecordTransactions) -> None:
        self._transactions = transactions

    async def known_names(self, member_id: MemberId) -> list[str]:
        """The names of the member's clients, the last used first."""
        return await threads.search_clients(self._transactions.database, member_id, search="", limit=MAX_KNOWN_NAMES)

    async def record(
        self, member_id: MemberId, statement: Statement | UnclearText, *, now: datetime, message_id: int | None = None
    ) -> Receipt | ClarificationNeeded:
        """Record a statement, or ask for the first thing that it leaves open.

        `message_id`: of the direct message that says it, None for a command.
        """
        same = messages.find_messages_by_key_base(member_id, source_key_base(statement.source_key))
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED, same, message_id=message_id) as record:
            if repeated := await receipt_if_recorded(record, statement.source_key, record.loaded[same]):
                return repeated
            await drafts.delete_draft_by_key(record.transaction, member_id, statement.source_key)  # an edited line
            if isinstance(statement, UnclearText):
                content = DraftContent(
                    missing=MissingInfo.UNCLEAR,
                    direction=Direction.RECEIVED,
                    time=statement.time,
                    source=statement.source,
                    source_key=statement.source_key,
                    page=statement.page,
                )
                return await _save_draft_and_load_question(record, content)
            return await _record_statement(record, statement)

    async def answer(
        self, member_id: MemberId, draft_id: DraftId, answer: DraftAnswer, *, now: datetime
    ) -> Receipt | ClarificationNeeded:
        """Complete a question's statement with the answer, and record it or ask the next question."""
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            draft = await get_draft(record.transaction, member_id, draft_id)
            content = draft.content
            if not is_statement_question(content):
                raise NotAllowedError("button-unknown")
            await record.end_draft(draft_id)
            statement = _statement_of_draft(draft, answer, now)
            is_other = answer.thread_id is not None or answer.client is not None
            thread_id = answer.thread_id if is_other else content.thread_id
            thread = await record.get_thread(thread_id) if thread_id is not None else None
            if thread is not None:
                statement = replace(statement, client=thread.client, title=thread.title, client_certain=True)
            if answer.time is not None:
                ensure_not_future(answer.time.at, now)
            if content.missing is not MissingInfo.NOTHING_WAITS:
                asked_name = content.client if content.missing is MissingInfo.NEW_CLIENT else None
                confirmed = asked_name is not None and client_key(answer.client or "") == client_key(asked_name)
                return await _record_statement(record, statement, thread, client_confirmed=confirmed)
            if is_other:  # the time of the question may be that of the line, which named none
                return await _record_statement(record, statement, thread, time_certain=False)
            return await _record_statement(
                record, statement, thread, client_confirmed=True, nothing_waits_confirmed=True
            )

    async def replace_question(
        self,
        member_id: MemberId,
        draft_id: DraftId,
        missing: MissingInfo,
        *,
        client: str | None = None,
        title: str | None = None,
        time: ParsedTime | None = None,
        day: datetime | None = None,
        written_at: datetime | None = None,
        now: datetime,
    ) -> ClarificationNeeded:
        """Replace the question of a draft by another one, about what is given: a client's name, a time, a day.

        `written_at`: when the text was written that gives a time; None: now.
        """
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            content = (await get_draft(record.transaction, member_id, draft_id)).content
            await record.end_draft(draft_id)
            question = replace(
                content,
                missing=missing,
                client=client or content.client,
                title=title or content.title,
                time=time or content.time,
                day=day or content.day,
                written_at=content.written_at if time is None else written_at or now,
            )
            return await _save_draft_and_load_question(record, question)

    async def ask_time_of_day(
        self,
        member_id: MemberId,
        draft_id: DraftId,
        time: ParsedTime,
        direction: Direction,
        *,
        days_after_draft: int | None,
        written_at: datetime | None = None,
        now: datetime,
    ) -> ClarificationNeeded | None:
        """Replace the question of a draft by the one whether `time` is meant, as `written_at` or now was said.

        `days_after_draft`: only the time of day of `time` was said, asked about on the day that the draft names, or the
        next one for 25:00. None: the day was said too.
        None, and the draft stays, where that is `time` itself on the day of the proposed time: nothing is left to ask.
        """
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            content = (await get_draft(record.transaction, member_id, draft_id)).content
            if days_after_draft is not None:
                zone, named = record.preferences.zone, content.time.at if content.time else content.day or time.at
                day = named.astimezone(zone).date() + days_after_draft * ONE_DAY
                local = datetime.combine(day, time.at.astimezone(zone).time(), zone)
                if content.time is not None and local == time.at:
                    return None
                ensure_not_future(local, now)
                time = replace(time, at=local.astimezone(UTC))
            await record.end_draft(draft_id)
            moment = replace(
                content,
                missing=MissingInfo.MOMENT,
                direction=direction,
                time=time,
                day=None,
                written_at=written_at or now,
            )
            return await _save_draft_and_load_question(record, moment)

    async def ask_who_wrote(
        self, member_id: MemberId, message: Message, client: str, *, now: datetime
    ) -> ClarificationNeeded:
        """Ask whether a message that is recorded without its client is from a new client of that name."""
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            content = DraftContent(
                missing=MissingInfo.NEW_CLIENT,
                direction=message.entry.direction,
                client=client,
                time=ParsedTime(message.entry.at, message.precision),
                source=message.source,
                source_key=message.source_key,
                thread_id=message.thread_id,
            )
            return await _save_draft_and_load_question(record, content)


def _statement_of_draft(draft: Draft, answer: DraftAnswer, now: datetime) -> Statement:
    """The statement of a draft with the answer in it; without an intent where the answer does not say what happened.

    An answer that says what happened, or when, is of when it was given; any other leaves the line of when it was
    written.
    """
    content, intent = draft.content, answer.intent
    is_event = content.missing is MissingInfo.EVENT
    if is_event and intent is None and answer.time is None and answer.client is None:
        raise NotAllowedError("button-unknown")
    if intent is None and not (is_event and answer.time is None):
        sent = content.direction is Direction.SENT
        intent = Intent.REPLIED if sent else Intent.RECEIVED
        if content.missing is MissingInfo.DISMISSED_CLIENT:
            intent = Intent.DISMISSED
    time = answer.time or content.time
    day = content.day if time is None else None
    if content.missing is MissingInfo.DISMISSED_CLIENT:
        time = day = None  # which message it was is answered by the thread
    return Statement(
        intent=intent,
        client=answer.client or content.client,
        # Whether the client is a new one is asked after the question which moment is meant. "What happened" has said
        # so, and a reply to a client for whom nothing waits is asked about anyhow. One much like a known one is asked.
        client_certain=content.missing is not MissingInfo.MOMENT if answer.client is None else answer.client_certain,
        title=answer.title or content.title,
        time=time,
        # The time of a received message is stored with the question, if it is known.
        time_missing=time is None and (day is not None or (content.direction is Direction.RECEIVED and not is_event)),
        day=day,
        written_at=content.written_at if answer.intent is None and answer.time is None else answer.written_at or now,
        source_key=content.source_key,
    )


async def _record_statement(
    record: RecordTransaction,
    statement: Statement,
    thread: Thread | None = None,
    *,
    client_confirmed: bool = False,
    nothing_waits_confirmed: bool = False,
    time_certain: bool = True,
) -> Receipt | ClarificationNeeded:
    """Record a statement whose thread is known or can be found; else ask.

    `client_confirmed`: the member has said that the client is a new one, however much like a known one's the name is.
    """
    if statement.intent is Intent.RECEIVED and statement.time is None and not statement.time_missing:
        # Stored with a question, which shows it, and asks for the time of what has none, such as a pasted text.
        statement = replace(statement, time=_time_of_statement(record, statement))
    # Asked before who it is, since the draft of that question is of a message.
    if statement.intent is None or statement.only_named:
        is_client_named = statement.client is not None  # ご担当者様 names nobody
        return await _save_statement_and_ask(
            record, MissingInfo.EVENT if is_client_named else MissingInfo.UNCLEAR, statement
        )
    if statement.time_inferred and statement.intent is not Intent.DISMISSED:
        return await _save_statement_and_ask(record, MissingInfo.MOMENT, statement)
    is_client_settled = thread is not None or client_confirmed
    if not is_client_settled and (question := await _ask_client(record, statement)) is not None:
        return question
    match statement.intent:
        case Intent.DISMISSED:
            return await _record_dismissal_statement(record, statement, thread)
        case Intent.REPLIED:
            return await _record_reply_statement(
                record,
                statement,
                thread,
                nothing_waits_confirmed=nothing_waits_confirmed,
                time_certain=time_certain,
            )
        case Intent.RECEIVED:
            return await _record_received_statement(record, statement, thread)


async def _record_received_statement(
    record: RecordTransaction, statement: Statement, thread: Thread | None
) -> Receipt | ClarificationNeeded:
    if statement.time is None and statement.time_missing:
        return await _save_statement_and_ask(record, MissingInfo.TIME, statement, thread=thread)
    message = _message_of_statement(record, statement, Direction.RECEIVED)
    if thread is None and (
        earlier := await find_repeated_message(
            record, message, unassigned_client_key=client_key(statement.client or "")
        )
    ):
        return await receipt_of_recorded_message(record, earlier)
    return await record_message(record, message, thread)


async def _ask_client(record: RecordTransaction, statement: Statement) -> ClarificationNeeded | None:
    """The question who is meant; None where the client is known, or certainly a new one."""
    if statement.client is None:
        if statement.intent is Intent.DISMISSED:
            return await _ask_dismissed_thread(record, statement)
        return await _save_statement_and_ask(record, MissingInfo.CLIENT, statement)
    if not client_key(statement.client):
        raise InvalidInputError("recording-client-missing")
    if await threads.list_threads_of_client(record.transaction, record.member_id, client_key(statement.client)):
        return None
    if statement.intent is Intent.DISMISSED:
        return await _ask_dismissed_thread(record, statement)
    if statement.client_certain and not await find_threads_with_near_names(
        record.transaction, record.member_id, statement.client
    ):
        return None
    return await _save_statement_and_ask(record, MissingInfo.NEW_CLIENT, statement)


async def _ask_dismissed_thread(record: RecordTransaction, statement: Statement) -> ClarificationNeeded:
    """Ask which thread needs no reply. Raises `NotAllowedError` where none waits, or waited when that was said."""
    waiting = await list_waiting_threads_for_question(record.transaction, record.member_id, now=record.now)
    if not waiting:
        raise NotAllowedError("pending-none")
    if all(row.unanswered.oldest > (statement.written_at or record.now) for row in waiting):
        raise NotAllowedError("recording-nothing-waits")
    return await _save_statement_and_ask(record, MissingInfo.DISMISSED_CLIENT, statement)


async def _record_dismissal_statement(
    record: RecordTransaction, statement: Statement, thread: Thread | None
) -> Receipt | ClarificationNeeded:
    at = statement.written_at or record.now  # what came after it still waits
    if thread is None:
        rows = await _list_waiting_threads_of_statement(record, statement)
        rows = [row for row in rows if row.unanswered.oldest <= at]
        waiting = [row.thread for row in rows]
        if not waiting:
            raise NotAllowedError("recording-nothing-waits")
        if len(waiting) > 1 or _names_another_message(statement, rows[0].unanswered, at):
            return await _save_statement_and_ask(record, MissingInfo.DISMISSED_CLIENT, statement)
        thread = waiting[0]
    else:
        state = await record.load_state(thread.id)
        if not state.is_waiting or state.unanswered is None or state.unanswered.oldest > at:
            raise NotAllowedError("recording-nothing-waits")
    dismissal = await record.add_message(
        thread.id,
        ThreadEvent(Direction.SENT, EventKind.DISMISSED, at),
        precision=Precision.SECOND,
        source=MessageSource.WRITTEN,
        source_key=statement.source_key,
    )
    return await record.recompute_and_build_receipt(ReceiptKind.RECORDED, dismissal, thread)


def _names_another_message(statement: Statement, unanswered: UnansweredMessages, at: datetime) -> bool:
    """Whether a dismissal says a time that is neither that of a message that waits nor now: 田中さん 10:00 返信不要."""
    time, waiting = statement.time, (unanswered.oldest, unanswered.newest)
    if time is None:
        return statement.day is not None
    tolerance = _APPROXIMATE_SPAN if time.precision is Precision.ABOUT else timedelta(minutes=1)
    is_of_waiting = any(abs(time.at - instant) < tolerance for instant in waiting)
    return not is_of_waiting and abs(time.at - at) >= timedelta(minutes=1)


async def _record_reply_statement(
    record: RecordTransaction,
    statement: Statement,
    thread: Thread | None,
    *,
    nothing_waits_confirmed: bool,
    time_certain: bool,
) -> Receipt | ClarificationNeeded:
    """Record a reply in the one thread of the client that waits for it; several, or none, are asked about."""
    if statement.time is None and statement.time_missing:
        return await _save_statement_and_ask(record, MissingInfo.TIME, statement, thread=thread)
    message = _message_of_statement(record, statement, Direction.SENT)
    waiting = await _list_waiting_threads_of_statement(record, statement)
    waiting = [row for row in waiting if thread is None or row.thread.id == thread.id]
    if len(waiting) > 1:
        return await _save_statement_and_ask(record, MissingInfo.THREAD, statement)
    requested = thread if waiting else await _find_thread_of_contact_request(record, statement, thread)
    if not waiting and requested is None and not nothing_waits_confirmed:
        return await _save_statement_and_ask(
            record, MissingInfo.NOTHING_WAITS, replace(statement, time=message.time), thread=thread
        )
    if waiting:
        said_at = statement.written_at or record.now
        if _is_on_time_uncertain(statement.time if time_certain else None, waiting[0].unanswered.due_at, said_at):
            return await _save_statement_and_ask(
                record, MissingInfo.TIME, replace(statement, time=None), thread=waiting[0].thread
            )
        return await record_message(record, message, waiting[0].thread)
    return await record_message(record, message, thread or requested)


async def _find_thread_of_contact_request(
    record: RecordTransaction, statement: Statement, thread: Thread | None
) -> Thread | None:
    """The one thread of the client in which Lancers waits for a message (連絡催促)."""
    key, title = client_key(statement.client or ""), title_key(statement.title or "")
    requested = [
        request.thread
        for request in await record.transaction.query(contact_requests.list_open_contact_requests(record.member_id))
        if (client_key(request.thread.client or "") == key and title in {"", title_key(request.thread.title or "")})
        and (thread is None or thread.id == request.thread.id)
    ]
    return requested[0] if len(requested) == 1 else None


def _is_on_time_uncertain(time: ParsedTime | None, due_at: datetime, said_at: datetime) -> bool:
    """Whether the reply could have been on time or late: no time was said, or one that the deadline lies close to."""
    if said_at <= due_at:
        return False
    if time is None:
        return True
    return time.precision is Precision.ABOUT and abs(time.at - due_at) <= _APPROXIMATE_SPAN


def _message_of_statement(record: RecordTransaction, statement: Statement, direction: Direction) -> NewMessage:
    time = _time_of_statement(record, statement)
    ensure_not_future(time.at, record.now)
    return NewMessage(
        direction=direction,
        client=statement.client,
        title=statement.title,
        time=time,
        source=MessageSource.WRITTEN,
        source_key=statement.source_key,
        said_at=statement.written_at,
    )


def _time_of_statement(record: RecordTransaction, statement: Statement) -> ParsedTime:
    """When a statement says that it happened: without a time when it was written."""
    return statement.time or ParsedTime(statement.written_at or record.now, Precision.MINUTE)


async def _list_waiting_threads_of_statement(record: RecordTransaction, statement: Statement) -> list[UnansweredThread]:
    return await list_waiting_thread_choices(
        record.transaction, record.member_id, statement.client or "", statement.title
    )


async def _save_statement_and_ask(
    record: RecordTransaction,
    missing: MissingInfo,
    statement: Statement,
    *,
    thread: Thread | None = None,
) -> ClarificationNeeded:
    """Save what is known as a draft, and ask for what is missing."""
    content = DraftContent(
        missing=missing,
        direction=Direction.SENT if statement.intent is Intent.REPLIED else Direction.RECEIVED,
        client=thread.client if thread else statement.client,
        title=thread.title if thread else statement.title,
        time=statement.time,
        source=MessageSource.WRITTEN,
        source_key=statement.source_key,
        thread_id=thread.id if thread else None,
        day=None if statement.time is not None else statement.day,
        written_at=statement.written_at or record.now,
    )
    return await _save_draft_and_load_question(record, content)


async def _save_draft_and_load_question(record: RecordTransaction, content: DraftContent) -> ClarificationNeeded:
    await record.consume_daily_quota()
    draft = await drafts.save_draft(record.transaction, record.member_id, content, now=record.now)
    return await load_question(record.transaction, record.member_id, draft, rule=record.rule, now=record.now)
