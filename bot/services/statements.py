"""Recording what a typed line says. What the line leaves open is asked, one question after another, never guessed."""

from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Final

from bot.domain.calendar import ONE_DAY
from bot.domain.messages import Intent, MessageSource, ParsedTime, Precision, Statement, UnclearText
from bot.domain.names import clean_title, client_key, title_key
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent, UnansweredMessages
from bot.domain.types import DraftId, MemberId
from bot.errors import InvalidInputError, NotAllowedError
from bot.parsing.line.interpretation import name_contains_time
from bot.parsing.times.resolver import resolve_local_time
from bot.parsing.times.tokens import HOURS_OF_CLOCK
from bot.services.draft_answers import (
    DraftAnswer,
    complete_content,
    get_draft,
    receipt_if_recorded_since,
    without_emptied_thread,
)
from bot.services.new_messages import (
    UNDO_KIND_RECORDED,
    find_repeated_message,
    message_of_draft,
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
    names_new_client,
)
from bot.services.record_transaction import RecordTransaction, RecordTransactions, ensure_not_future
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind
from storage import contact_requests, drafts, messages, threads
from storage.drafts import DraftContent, MissingInfo
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


class StatementService:
    """Records statements, and completes them with the answers to the questions that they left open.

    Every method raises `InvalidInputError` or `NotAllowedError` when nothing was stored.
    """

    def __init__(self, transactions: RecordTransactions) -> None:
        self._transactions = transactions

    async def known_names(self, member_id: MemberId) -> list[str]:
        """The names of the member's clients, the last used first."""
        return await threads.search_clients(self._transactions.database, member_id, search="", limit=MAX_KNOWN_NAMES)

    async def ensure_name_without_time(
        self, member_id: MemberId, name: str, *, now: datetime, zone: tzinfo, has_own_time: bool = False
    ) -> None:
        """Raise `InvalidInputError` for a client's name that may be a time, unless a known client has it.

        `has_own_time`: as in `name_contains_time`.
        """
        if not name_contains_time(name, now=now, zone=zone, has_own_time=has_own_time):
            return
        if not await threads.list_threads_of_client(self._transactions.database, member_id, client_key(name)):
            raise InvalidInputError("recording-name-has-time", written=clean_title(name)[:100])

    async def record(
        self,
        member_id: MemberId,
        statement: Statement | UnclearText,
        *,
        about: Message | None = None,
        now: datetime,
        message_id: int | None = None,
    ) -> Receipt | ClarificationNeeded:
        """Record a statement, or ask for the first thing that it leaves open.

        `about`: the message on the card to which a statement that names nobody is a reply; its thread is meant.
        `message_id`: of the direct message that says it, None for a command.
        """
        same = messages.messages_of_key_query(member_id, statement.source_key)
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED, same, message_id=message_id) as record:
            if repeated := await receipt_if_recorded(record, statement.source_key, record.loaded[same]):
                return repeated
            await record.end_draft_by_key(statement.source_key)
            content = DraftContent(
                missing=MissingInfo.UNCLEAR,
                direction=Direction.RECEIVED,
                time=statement.time,
                source=statement.source,
                source_key=statement.source_key,
                looks_final=statement.looks_final,
                page=statement.page,
            )
            if isinstance(statement, UnclearText):
                return await _ask(record, MissingInfo.UNCLEAR, content)
            content = replace(
                content,
                missing=MissingInfo.EVENT,
                direction=_direction_of_intent(statement.intent),
                client=statement.client,
                title=statement.title,
                day=statement.day,
                from_hour=statement.from_hour,
                written_at=statement.written_at or now,
            )
            if statement.time_inferred and statement.intent is not Intent.DISMISSED:
                return await _ask(record, MissingInfo.MOMENT, content)
            intent = None if statement.only_named else statement.intent
            thread = await record.get_thread(about.thread_id) if about is not None else None
            if about is not None and thread is not None:
                content = _with_thread(content, thread)
                if intent is Intent.DISMISSED and await _is_before_what_waits(record, about):
                    return await _ask(record, MissingInfo.DISMISSED_CLIENT, content)
            return await _record_line(record, intent, content, thread, client_certain=statement.client_certain)

    async def answer(
        self, member_id: MemberId, draft_id: DraftId, answer: DraftAnswer, *, now: datetime
    ) -> Receipt | ClarificationNeeded:
        """Complete a question's statement with the answer, and record it or ask the next question."""
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            stored = (await get_draft(record.transaction, member_id, draft_id)).content
            draft = await without_emptied_thread(record, stored)
            if not is_statement_question(draft):
                raise NotAllowedError("button-unknown")
            await record.end_draft(draft_id)
            if repeated := await receipt_if_recorded_since(record, draft):
                return repeated
            intent = _intent_of_answer(draft, answer)
            content = complete_content(draft, answer, now=now)
            if intent is not None:
                content = replace(content, direction=_direction_of_intent(intent))
            if draft.missing is MissingInfo.DISMISSED_CLIENT:
                # The chosen thread says which message needs no reply, so its time is not needed.
                content = replace(content, time=None, day=None, from_hour=0)
            is_other = answer.thread_id is not None or answer.client is not None
            thread_id = answer.thread_id if is_other else draft.thread_id
            thread = await record.get_chosen_thread(thread_id) if thread_id is not None else None
            content = _with_thread(content, thread) if thread else replace(content, thread_id=None)
            if answer.time is not None:
                ensure_not_future(answer.time.at, now)
            asks_whether_waiting = draft.missing is MissingInfo.NOTHING_WAITS
            asked_name = draft.client if draft.missing is MissingInfo.NEW_CLIENT else None
            is_name_confirmed = asked_name is not None and client_key(answer.client or "") == client_key(asked_name)
            names_conversation = draft == stored
            nothing_waits_confirmed = asks_whether_waiting and not is_other and names_conversation
            # Whether the client is a new one is asked after the question which moment is meant, where that has not said
            # so. "What happened" has, and a reply to a client for whom nothing waits is asked about anyhow. One much
            # like a known one is asked.
            is_named = draft.missing is not MissingInfo.MOMENT or names_new_client(draft)
            is_certain = is_named if answer.client is None else answer.client_certain
            return await _record_line(
                record,
                intent,
                content,
                thread,
                client_certain=is_certain,
                client_confirmed=is_name_confirmed or nothing_waits_confirmed,
                nothing_waits_confirmed=nothing_waits_confirmed,
                # The time of that question may be that of the line, which named none.
                time_certain=not (asks_whether_waiting and is_other),
            )

    async def replace_question(
        self,
        member_id: MemberId,
        draft_id: DraftId,
        missing: MissingInfo,
        answer: DraftAnswer | None = None,
        *,
        day: Statement | None = None,
        now: datetime,
    ) -> ClarificationNeeded:
        """Replace the question of a draft by another one, about what is given: an answer, or a day without a time.

        `day`: what says it.
        """
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            content = (await get_draft(record.transaction, member_id, draft_id)).content
            await record.end_draft(draft_id)
            content = complete_content(content, answer or DraftAnswer(), now=now)
            if day is not None:
                content = replace(content, day=day.day, from_hour=day.from_hour)
            return await _ask(record, missing, content)

    async def ask_time_of_day(
        self,
        member_id: MemberId,
        draft_id: DraftId,
        time: ParsedTime,
        direction: Direction,
        *,
        days_after_draft: int | None,
        day: Statement | None = None,
        may_be_afternoon: bool,
        written_at: datetime | None,
        now: datetime,
    ) -> ClarificationNeeded | None:
        """Replace the question of a draft by the one whether `time` is meant, as `written_at` or now was said.

        `days_after_draft`: only the time of day of `time` was said, asked about on the day that the draft names, or the
        next one for 25:00. None: the day was said too. `may_be_afternoon`: it is of the afternoon where the draft names
        a part of the day that begins later: 9時 of 昨日の夜 is 21:00. `day`: names the day instead of the draft.
        None, and the draft stays, where that is `time` itself on the day of the proposed time: nothing is left to ask.
        """
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            content = (await get_draft(record.transaction, member_id, draft_id)).content
            if days_after_draft is not None:
                zone, of_draft = record.preferences.zone, content.time.at if content.time else content.day
                named = (day.day if day else of_draft) or time.at
                date = named.astimezone(zone).date() + days_after_draft * ONE_DAY
                said = time.at.astimezone(zone).replace(tzinfo=None)
                local = datetime.combine(date, said.time())
                from_hour = (day or content).from_hour
                if may_be_afternoon and local.hour < from_hour <= local.hour + HOURS_OF_CLOCK:
                    local = local.replace(hour=local.hour + HOURS_OF_CLOCK)
                if content.time is not None and local == said:
                    return None
                time = resolve_local_time(local, time.precision, now=now, zone=zone)
                ensure_not_future(time.at, now)
            if direction is Direction.SENT:
                time = time.of_reply()
            await record.end_draft(draft_id)
            content = complete_content(content, DraftAnswer(time=time, written_at=written_at), now=now)
            return await _ask(record, MissingInfo.MOMENT, replace(content, direction=direction))

    async def ask_who_wrote(
        self, member_id: MemberId, message: Message, client: str, title: str | None = None, *, now: datetime
    ) -> ClarificationNeeded:
        """Ask whether a message that is recorded without its client is from a new client of that name."""
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            content = DraftContent(
                missing=MissingInfo.NEW_CLIENT,
                direction=message.entry.direction,
                client=client,
                title=title,
                time=ParsedTime(message.entry.at, message.precision),
                source=message.source,
                source_key=message.source_key,
                thread_id=message.thread_id,
            )
            return await _ask(record, content.missing, content)


def _intent_of_answer(content: DraftContent, answer: DraftAnswer) -> Intent | None:
    """What happened as of an answer; None where neither it nor the question says so."""
    is_event = content.missing is MissingInfo.EVENT
    if is_event and answer.intent is None and answer.time is None and answer.client is None:
        raise NotAllowedError("button-unknown")
    if answer.intent is not None or (is_event and answer.time is None):
        return answer.intent
    if content.missing is MissingInfo.DISMISSED_CLIENT:
        return Intent.DISMISSED
    return Intent.REPLIED if content.direction is Direction.SENT else Intent.RECEIVED


def _direction_of_intent(intent: Intent | None) -> Direction:
    return Direction.SENT if intent is Intent.REPLIED else Direction.RECEIVED


def _with_thread(content: DraftContent, thread: Thread) -> DraftContent:
    return replace(content, client=thread.client, title=thread.title, thread_id=thread.id)


async def _record_line(
    record: RecordTransaction,
    intent: Intent | None,
    content: DraftContent,
    thread: Thread | None = None,
    *,
    client_certain: bool,
    client_confirmed: bool = False,
    nothing_waits_confirmed: bool = False,
    time_certain: bool = True,
) -> Receipt | ClarificationNeeded:
    """Record a line, or a completed draft, whose thread is known or can be found; else ask.

    `client_confirmed`: the member has said that the client is a new one, however much like a known one's the name is.
    """
    is_untimed = content.missing is MissingInfo.EVENT and content.time is None and content.day is None
    if intent is Intent.RECEIVED and is_untimed:
        # Stored with a question, which shows it, and asks for the time of what has none, such as a pasted text.
        content = replace(content, time=_time_of_line(record, content))
    # Asked before who it is, since the draft of that question is of a message.
    if intent is None:
        if content.client is not None:  # ご担当者様 names nobody
            return await _ask(record, MissingInfo.EVENT, content)
        return await _ask(record, MissingInfo.UNCLEAR if content.day is None else MissingInfo.CLIENT, content)
    is_client_settled = thread is not None or client_confirmed
    if not is_client_settled and (question := await _ask_client(record, intent, content, certain=client_certain)):
        return question
    match intent:
        case Intent.DISMISSED:
            return await _record_dismissal(record, content, thread)
        case Intent.REPLIED:
            return await _record_reply(
                record,
                content,
                thread,
                nothing_waits_confirmed=nothing_waits_confirmed,
                time_certain=time_certain,
            )
        case Intent.RECEIVED:
            return await _record_received(record, content, thread)


async def _record_received(
    record: RecordTransaction, content: DraftContent, thread: Thread | None
) -> Receipt | ClarificationNeeded:
    if content.time is None:  # it will be the member's own, whatever the text was read from
        return await _ask(record, MissingInfo.TIME, replace(content, source=MessageSource.WRITTEN))
    ensure_not_future(content.time.at, record.now)
    message = message_of_draft(content, content.time)
    if thread is None and content.source is MessageSource.WRITTEN:
        unassigned_key = client_key(content.client or "")
        if earlier := await find_repeated_message(record, message, unassigned_client_key=unassigned_key):
            return await receipt_of_recorded_message(record, earlier)
    return await record_message(record, message, thread)


async def _ask_client(
    record: RecordTransaction, intent: Intent, content: DraftContent, *, certain: bool
) -> ClarificationNeeded | None:
    """The question who is meant; None where the client is known, or certainly a new one."""
    if content.client is None:
        if intent is Intent.DISMISSED:
            return await _ask_dismissed_thread(record, content)
        return await _ask(record, MissingInfo.CLIENT, content)
    if not client_key(content.client):
        raise InvalidInputError("recording-client-missing")
    if await threads.list_threads_of_client(record.transaction, record.member_id, client_key(content.client)):
        return None
    if intent is Intent.DISMISSED:
        return await _ask_dismissed_thread(record, content)
    if certain and not await find_threads_with_near_names(record.transaction, record.member_id, content.client):
        return None
    return await _ask(record, MissingInfo.NEW_CLIENT, content)


async def _ask_dismissed_thread(record: RecordTransaction, content: DraftContent) -> ClarificationNeeded:
    """Ask which thread needs no reply. Raises `NotAllowedError` where none waits, or waited when that was said."""
    waiting = await list_waiting_threads_for_question(record.transaction, record.member_id, now=record.now)
    if not waiting:
        raise NotAllowedError("pending-none")
    if all(row.unanswered.oldest > (content.written_at or record.now) for row in waiting):
        raise NotAllowedError("recording-nothing-waits")
    return await _ask(record, MissingInfo.DISMISSED_CLIENT, content)


async def _record_dismissal(
    record: RecordTransaction, content: DraftContent, thread: Thread | None
) -> Receipt | ClarificationNeeded:
    at = content.written_at or record.now  # what came after it still waits
    if thread is None:
        rows = await _list_waiting_threads_of_line(record, content)
        rows = [row for row in rows if row.unanswered.oldest <= at]
        waiting = [row.thread for row in rows]
        if not waiting and await _is_job_called_otherwise(record, content, at):
            return await _ask(record, MissingInfo.DISMISSED_CLIENT, replace(content, title=None))
        if not waiting:
            raise NotAllowedError("recording-nothing-waits")
        if len(waiting) > 1 or _names_another_message(content, rows[0].unanswered, at):
            return await _ask(record, MissingInfo.DISMISSED_CLIENT, content)
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
        source_key=content.source_key,
    )
    return await record.recompute_and_build_receipt(ReceiptKind.RECORDED, dismissal, thread)


async def _is_job_called_otherwise(record: RecordTransaction, content: DraftContent, at: datetime) -> bool:
    """Whether no thread of the client has the title that a line says, while others of the client wait."""
    of_client = await threads.list_threads_of_client(
        record.transaction, record.member_id, client_key(content.client or "")
    )
    if not content.title or title_key(content.title) in {title_key(thread.title or "") for thread in of_client}:
        return False
    rows = await _list_waiting_threads_of_line(record, replace(content, title=None))
    return any(row.unanswered.oldest <= at for row in rows)


def _names_another_message(content: DraftContent, unanswered: UnansweredMessages, at: datetime) -> bool:
    """Whether a dismissal says a time that is neither that of a message that waits nor now: 田中さん 10:00 返信不要."""
    time, waiting = content.time, (unanswered.oldest, unanswered.newest)
    if time is None:
        return content.day is not None
    tolerance = _APPROXIMATE_SPAN if time.precision is Precision.ABOUT else timedelta(minutes=1)
    is_of_waiting = any(abs(time.at - instant) < tolerance for instant in waiting)
    return not is_of_waiting and abs(time.at - at) >= timedelta(minutes=1)


async def _record_reply(
    record: RecordTransaction,
    content: DraftContent,
    thread: Thread | None,
    *,
    nothing_waits_confirmed: bool,
    time_certain: bool,
) -> Receipt | ClarificationNeeded:
    """Record a reply in the one thread of the client that waits for it; several, or none, are asked about."""
    if content.time is None and content.day is not None:
        return await _ask(record, MissingInfo.TIME, content)
    time = _time_of_line(record, content)
    ensure_not_future(time.at, record.now)
    waiting = await _find_waiting_threads(record, content, thread)
    if len(waiting) > 1:
        return await _ask(record, MissingInfo.THREAD, content)
    requested = thread if waiting else await _find_thread_of_contact_request(record, content, thread)
    if not waiting and requested is None and not nothing_waits_confirmed:
        return await _ask(record, MissingInfo.NOTHING_WAITS, replace(content, time=time))
    if waiting:
        said_at = content.written_at or record.now
        thread, unanswered = waiting[0]
        if _is_on_time_uncertain(content.time if time_certain else None, unanswered.due_at, said_at):
            return await _ask(record, MissingInfo.TIME, replace(_with_thread(content, thread), time=None))
    return await record_message(record, message_of_draft(content, time), thread or requested)


async def _find_waiting_threads(
    record: RecordTransaction, content: DraftContent, thread: Thread | None
) -> list[tuple[Thread, UnansweredMessages]]:
    """The threads that wait for a reply and that a line can mean: `thread` where that is known, else the client's."""
    if thread is None:
        return [(row.thread, row.unanswered) for row in await _list_waiting_threads_of_line(record, content)]
    state = await record.load_state(thread.id)
    return [(thread, state.unanswered)] if state.is_waiting and state.unanswered is not None else []


async def _is_before_what_waits(record: RecordTransaction, message: Message) -> bool:
    """Whether what waits in a message's thread came after the message was answered or dismissed."""
    state = await record.load_state(message.thread_id)
    return state.is_waiting and state.unanswered is not None and message.entry.at < state.unanswered.oldest


async def _find_thread_of_contact_request(
    record: RecordTransaction, content: DraftContent, thread: Thread | None
) -> Thread | None:
    """The one thread of the client in which Lancers waits for a message (連絡催促)."""
    key, title = client_key(content.client or ""), title_key(content.title or "")
    requested = [
        request.thread
        for request in await record.transaction.query(contact_requests.open_contact_requests_query(record.member_id))
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


def _time_of_line(record: RecordTransaction, content: DraftContent) -> ParsedTime:
    """When a line says that it happened: without a time when it was written."""
    return content.time or ParsedTime(content.written_at or record.now, Precision.MINUTE)


async def _list_waiting_threads_of_line(record: RecordTransaction, content: DraftContent) -> list[UnansweredThread]:
    return await list_waiting_thread_choices(record.transaction, record.member_id, content.client or "", content.title)


async def _ask(record: RecordTransaction, missing: MissingInfo, content: DraftContent) -> ClarificationNeeded:
    """Save what is known as a draft, and ask for what is missing."""
    await record.consume_daily_quota()
    content = replace(content, missing=missing)
    draft = await drafts.save_draft(record.transaction, record.member_id, content, now=record.now)
    return await load_question(
        record.transaction, record.member_id, draft, rule=record.preferences.rate_rule, now=record.now
    )
