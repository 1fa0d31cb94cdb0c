"""Recording what was sent and received. One record is one transaction; it is durable before the member hears of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.names import UNASSIGNED_PREFIX, clean_name, client_key
from bot.domain.reminders.plan import Snooze, snooze_until
from bot.domain.reply.impact import reply_impact
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent, compute_thread_state
from bot.domain.types import DraftId, MemberId, ThreadId
from bot.errors import InvalidInputError, NotAllowedError
from bot.services.record_transaction import RecordTransaction, RecordTransactions, ensure_not_future
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind
from storage import drafts, messages, reply_state, threads
from storage.drafts import Draft, DraftContent, MissingInfo
from storage.threads import Thread, ThreadIdentity

UNDO_KIND_RECORDED: Final = "recorded"
"""What recording is called among the steps that can be undone."""
MAX_THREAD_CHOICES: Final = 24
"""Threads offered at once: a select holds 25, one of them is "another"."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """Something to be recorded. `client` and `title` as the member or the mail names them; None: not said."""

    direction: Direction
    client: str | None
    title: str | None
    time: ParsedTime
    source: MessageSource
    source_key: str
    looks_final: bool = False
    """Reads like the end of a conversation."""


class RecordingService:
    """Recording messages, and saying what becomes of a thread that waits.

    Every method raises `InputError` or `RefusedError` with a sentence, and then nothing was stored.
    """

    def __init__(self, desks: RecordTransactions) -> None:
        self._desks = desks

    async def record(self, member: MemberId, record: NewMessage, *, now: datetime) -> Receipt | ClarificationNeeded:
        """Record a message; a `Question` when it is a reply and several threads could be meant.

        The same thing twice (by its key) is one message. A received message whose client or thread is not known is
        recorded at once in a thread of its own, so that its reminders run while the member is asked.
        """
        async with self._desks.begin(member, now, UNDO_KIND_RECORDED) as desk:
            if known := await messages.find_by_key(desk.transaction, member, record.source_key):
                return await desk.build_receipt(ReceiptKind.REPEATED, known, await desk.get_thread(known.thread_id))
            ensure_not_future(record.time.at, now)
            thread = await _resolve_thread(desk, record)
            if isinstance(thread, ClarificationNeeded):
                return thread
            return await _late_reply_warning(desk, record, thread) or await _insert(desk, record, thread)

    async def save_draft(
        self, member: MemberId, content: DraftContent, *, now: datetime
    ) -> ClarificationNeeded | Receipt:
        """Keep what cannot be recorded yet, until the member has answered; a repeated one shows what it became."""
        async with self._desks.begin(member, now, UNDO_KIND_RECORDED) as desk:
            if known := await messages.find_by_key(desk.transaction, member, content.source_key):
                return await desk.build_receipt(ReceiptKind.REPEATED, known, await desk.get_thread(known.thread_id))
            await desk.consume_daily_quota()
            return ClarificationNeeded(await drafts.save(desk.transaction, member, content, now=now))

    async def draft(self, member: MemberId, number: DraftId) -> Draft:
        """A draft that still waits for its answer."""
        async with self._desks.database.read() as transaction:
            if found := await drafts.find(transaction, member, number):
                return found
        raise NotAllowedError("recording-draft-gone")

    async def complete_draft(
        self,
        member: MemberId,
        number: DraftId,
        *,
        now: datetime,
        moment: ParsedTime | None = None,
        thread: ThreadId | None = None,
        client: str | None = None,
        title: str | None = None,
    ) -> Receipt | ClarificationNeeded:
        """Record a draft, with what the member just said put in."""
        async with self._desks.begin(member, now, UNDO_KIND_RECORDED) as desk:
            draft = await drafts.find(desk.transaction, member, number)
            if draft is None:
                raise NotAllowedError("recording-draft-gone")
            content = draft.content
            if moment is None:
                if content.sent_at is None or content.precision is None:
                    raise InvalidInputError("recording-time-missing")
                moment = ParsedTime(content.sent_at, content.precision)
            ensure_not_future(moment.at, now)
            record = NewMessage(
                content.direction,
                client or content.client,
                title or content.title,
                moment,
                content.source if content.sent_at == moment.at else MessageSource.WRITTEN,
                content.source_key,
                content.looks_final,
            )
            await drafts.delete(desk.transaction, member, number)
            if content.missing is MissingInfo.LATE_REPLY_WARNING and content.thread_id is not None:
                return await _insert(desk, record, await desk.get_thread(content.thread_id))
            placed = await desk.get_thread(thread) if thread is not None else await _resolve_thread(desk, record)
            if isinstance(placed, ClarificationNeeded):
                return placed
            return await _late_reply_warning(desk, record, placed) or await _insert(desk, record, placed)

    async def resolve_as_new_thread(
        self, member: MemberId, number: DraftId, *, idempotency_key: str, now: datetime
    ) -> None:
        """What was asked about as a reply went out in a new thread: nothing is counted, and nothing waits there."""
        async with self._desks.begin(member, now, UNDO_KIND_RECORDED) as desk:
            draft = await drafts.find(desk.transaction, member, number)
            if draft is None or draft.content.thread_id is None:
                raise NotAllowedError("recording-draft-gone")
            await drafts.delete(desk.transaction, member, number)
            thread = draft.content.thread_id
            if (await desk.recompute_thread(thread)).clock.is_waiting:
                entry = ThreadEvent(Direction.SENT, EventKind.NEW_THREAD, draft.content.sent_at or now)
                await desk.add_message(
                    thread, entry, exactness=Precision.MINUTE, source=MessageSource.BUTTON, key=idempotency_key
                )
                await desk.recompute_thread(thread)

    async def discard_draft(self, member: MemberId, number: DraftId) -> None:
        """A draft was answered with something that records nothing."""
        async with self._desks.database.write() as transaction:
            await drafts.delete(transaction, member, number)

    async def record_reply(
        self, member: MemberId, number: ThreadId, moment: ParsedTime, *, idempotency_key: str, now: datetime
    ) -> Receipt | ClarificationNeeded:
        """The member answered what waits in a thread (a button on a reminder or in the list of what waits)."""
        async with self._desks.begin(member, now, UNDO_KIND_RECORDED) as desk:
            thread = await desk.get_thread(number)
            if known := await messages.find_by_key(desk.transaction, member, idempotency_key):
                return await desk.build_receipt(ReceiptKind.REPEATED, known, thread)
            ensure_not_future(moment.at, now)
            unanswered = (await desk.recompute_thread(number)).clock.unanswered
            if unanswered is None:
                raise NotAllowedError("recording-nothing-waits")
            record = NewMessage(Direction.SENT, None, None, moment, MessageSource.BUTTON, idempotency_key)
            return await _late_reply_warning(desk, record, thread) or await _insert(desk, record, thread)

    async def dismiss(
        self,
        member: MemberId,
        number: ThreadId,
        *,
        idempotency_key: str,
        now: datetime,
        kind: EventKind = EventKind.DISMISSED,
    ) -> Receipt:
        """No reply needed, or (`Kind.NEW_THREAD`) the member wrote in a new thread instead."""
        async with self._desks.begin(member, now, UNDO_KIND_RECORDED) as desk:
            thread = await desk.get_thread(number)
            if known := await messages.find_by_key(desk.transaction, member, idempotency_key):
                return await desk.build_receipt(ReceiptKind.REPEATED, known, thread)
            if not (await desk.recompute_thread(number)).clock.is_waiting:
                raise NotAllowedError("recording-nothing-waits")
            entry = ThreadEvent(Direction.SENT, kind, now)
            dismissal = await desk.add_message(
                number, entry, exactness=Precision.SECOND, source=MessageSource.BUTTON, key=idempotency_key
            )
            return await desk.build_receipt(ReceiptKind.RECORDED, dismissal, thread)

    async def snooze(self, member: MemberId, number: ThreadId, *, now: datetime) -> tuple[Thread, datetime]:
        """Remind later: the thread and when. Raises when nothing waits or the window has closed."""
        async with self._desks.begin(member, now, UNDO_KIND_RECORDED) as desk:
            thread = await desk.get_thread(number)
            clock = (await desk.recompute_thread(number)).clock
            unanswered = clock.unanswered
            if unanswered is None or unanswered.dismissed:
                raise NotAllowedError("recording-nothing-waits")
            if now >= unanswered.window_closes_at:
                raise NotAllowedError("recording-window-closed")
            until = snooze_until(now, unanswered.window_closes_at, desk.preferences.reminders)
            snooze = Snooze(now, until)
            await reply_state.save_snooze(desk.transaction, member, number, unanswered.window_opened_at, snooze)
            await desk.recompute_thread(number)
            return thread, until


async def _insert(desk: RecordTransaction, record: NewMessage, thread: Thread) -> Receipt:
    message = await desk.add_message(
        thread.id,
        ThreadEvent(record.direction, EventKind.MESSAGE, record.time.at),
        exactness=record.time.precision,
        source=record.source,
        key=record.source_key,
        closing=record.looks_final,
    )
    await desk.ensure_reply_has_received(message)
    await threads.touch(desk.transaction, desk.member, thread.id, now=desk.now)
    return await desk.build_receipt(ReceiptKind.RECORDED, message, thread)


async def _late_reply_warning(
    desk: RecordTransaction, record: NewMessage, thread: Thread
) -> ClarificationNeeded | None:
    """Ask before a reply is recorded that would be late although no reply was needed.

    A further message in a thread that the client had closed, more than 24 hours after it, counts as a late reply
    (FACTS.md §1, article): what the member meant as a new message must not be recorded as one without a word.
    """
    if record.direction is not Direction.SENT:
        return None
    recorded = await messages.list_in_thread(desk.transaction, desk.member, thread.id)
    until_then = [each for each in recorded if each.entry.at <= record.time.at]
    unanswered = compute_thread_state(each.entry for each in until_then).unanswered
    if unanswered is None or record.time.at <= unanswered.due_at:
        return None
    closed = any(each.looks_final and each.entry.at == unanswered.newest for each in until_then)
    if not (unanswered.dismissed or closed):
        return None
    content = DraftContent(
        missing=MissingInfo.LATE_REPLY_WARNING,
        direction=record.direction,
        client=thread.client,
        title=thread.title,
        sent_at=record.time.at,
        precision=record.time.precision,
        source=record.source,
        source_key=record.source_key,
        thread_id=thread.id,
    )
    prospect = reply_impact(unanswered, desk.rate_before, record.time.at)
    return ClarificationNeeded(
        await drafts.save(desk.transaction, desk.member, content, now=desk.now), prospect=prospect
    )


async def _resolve_thread(desk: RecordTransaction, record: NewMessage) -> Thread | ClarificationNeeded:
    """The thread it belongs to: the job's, else the client's only one, else the member is asked."""
    if record.client is not None:
        if record.title is not None:
            return await desk.get_or_create_thread(record.client, record.title)
        of_client = await threads.list_of_client(desk.transaction, desk.member, client_key(record.client))
        if len(of_client) == 1:
            return of_client[0]
        if not of_client:
            return await desk.get_or_create_thread(record.client, None)
        choices = of_client[:MAX_THREAD_CHOICES]
    else:
        choices = await threads.recent(desk.transaction, desk.member, limit=MAX_THREAD_CHOICES)
    if record.direction is Direction.SENT:
        content = DraftContent(
            missing=MissingInfo.THREAD,
            direction=record.direction,
            client=record.client,
            title=None,
            sent_at=record.time.at,
            precision=record.time.precision,
            source=record.source,
            source_key=record.source_key,
        )
        return ClarificationNeeded(
            await drafts.save(desk.transaction, desk.member, content, now=desk.now), tuple(choices)
        )
    name = ThreadIdentity(
        client=None if record.client is None else clean_name(record.client),
        title=None,
        client_key="" if record.client is None else client_key(record.client),
        title_key=f"{UNASSIGNED_PREFIX}{record.source_key}",
        unassigned=True,
    )
    return await threads.get_or_create(desk.transaction, desk.member, name, now=desk.now)
