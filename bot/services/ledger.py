"""Recording what was sent and received. One record is one transaction; it is durable before the member hears of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.names import UNASSIGNED_PREFIX, clean_name, client_key
from bot.domain.reminders.plan import Snooze, snooze_until
from bot.domain.reply.impact import reply_impact
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent, compute_thread_state
from bot.domain.types import DraftId, MemberId, ThreadId
from bot.errors import InvalidInputError, NotAllowedError
from bot.parsing.items import MessageSource
from bot.parsing.times.resolver import ParsedTime, Precision
from bot.services.desk import Desk, Desks, check_past
from bot.services.receipts import Change, Question, Receipt
from storage import drafts, messages, reply_state, threads
from storage.drafts import Draft, DraftContent, MissingInfo
from storage.threads import Thread, ThreadIdentity

RECORDED: Final = "recorded"
"""What recording is called among the steps that can be undone."""
CHOICES: Final = 24
"""Threads offered at once: a select holds 25, one of them is "another"."""


@dataclass(frozen=True, slots=True)
class Record:
    """Something to be recorded. `client` and `title` as the member or the mail names them; None: not said."""

    direction: Direction
    client: str | None
    title: str | None
    moment: ParsedTime
    source: MessageSource
    key: str
    closing: bool = False
    """Reads like the end of a conversation."""


class Ledger:
    """Recording messages, and saying what becomes of a thread that waits.

    Every method raises `InputError` or `RefusedError` with a sentence, and then nothing was stored.
    """

    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    async def record(self, member: MemberId, record: Record, *, now: datetime) -> Receipt | Question:
        """Record a message; a `Question` when it is a reply and several threads could be meant.

        The same thing twice (by its key) is one message. A received message whose client or thread is not known is
        recorded at once in a thread of its own, so that its reminders run while the member is asked.
        """
        async with self._desks.open(member, now, RECORDED) as desk:
            if known := await messages.find_by_key(desk.transaction, member, record.key):
                return await desk.receipt(Change.REPEATED, known, await desk.thread(known.thread_id))
            check_past(record.moment.at, now)
            thread = await _place(desk, record)
            if isinstance(thread, Question):
                return thread
            return await _trap(desk, record, thread) or await _write(desk, record, thread)

    async def ask(self, member: MemberId, content: DraftContent, *, now: datetime) -> Question | Receipt:
        """Keep what cannot be recorded yet, until the member has answered; a repeated one shows what it became."""
        async with self._desks.open(member, now, RECORDED) as desk:
            if known := await messages.find_by_key(desk.transaction, member, content.key):
                return await desk.receipt(Change.REPEATED, known, await desk.thread(known.thread_id))
            await desk.count_record()
            return Question(await drafts.save(desk.transaction, member, content, now=now))

    async def draft(self, member: MemberId, number: DraftId) -> Draft:
        """A draft that still waits for its answer."""
        async with self._desks.database.read() as transaction:
            if found := await drafts.find(transaction, member, number):
                return found
        raise NotAllowedError("ledger-draft-gone")

    async def answer(
        self,
        member: MemberId,
        number: DraftId,
        *,
        now: datetime,
        moment: ParsedTime | None = None,
        thread: ThreadId | None = None,
        client: str | None = None,
        title: str | None = None,
    ) -> Receipt | Question:
        """Record a draft, with what the member just said put in."""
        async with self._desks.open(member, now, RECORDED) as desk:
            draft = await drafts.find(desk.transaction, member, number)
            if draft is None:
                raise NotAllowedError("ledger-draft-gone")
            content = draft.content
            if moment is None:
                if content.sent_at is None or content.exactness is None:
                    raise InvalidInputError("ledger-time-missing")
                moment = ParsedTime(content.sent_at, content.exactness)
            check_past(moment.at, now)
            record = Record(
                content.direction,
                client or content.client,
                title or content.title,
                moment,
                content.source if content.sent_at == moment.at else MessageSource.WRITTEN,
                content.key,
                content.closing,
            )
            await drafts.delete(desk.transaction, member, number)
            if content.missing is MissingInfo.LATE_REPLY_WARNING and content.thread is not None:
                return await _write(desk, record, await desk.thread(content.thread))
            placed = await desk.thread(thread) if thread is not None else await _place(desk, record)
            if isinstance(placed, Question):
                return placed
            return await _trap(desk, record, placed) or await _write(desk, record, placed)

    async def wrote_elsewhere(self, member: MemberId, number: DraftId, *, key: str, now: datetime) -> None:
        """What was asked about as a reply went out in a new thread: nothing is counted, and nothing waits there."""
        async with self._desks.open(member, now, RECORDED) as desk:
            draft = await drafts.find(desk.transaction, member, number)
            if draft is None or draft.content.thread is None:
                raise NotAllowedError("ledger-draft-gone")
            await drafts.delete(desk.transaction, member, number)
            thread = draft.content.thread
            if (await desk.follow(thread)).clock.is_waiting:
                entry = ThreadEvent(Direction.SENT, EventKind.NEW_THREAD, draft.content.sent_at or now)
                await desk.add(thread, entry, exactness=Precision.MINUTE, source=MessageSource.BUTTON, key=key)
                await desk.follow(thread)

    async def forget(self, member: MemberId, number: DraftId) -> None:
        """A draft was answered with something that records nothing."""
        async with self._desks.database.write() as transaction:
            await drafts.delete(transaction, member, number)

    async def replied(
        self, member: MemberId, number: ThreadId, moment: ParsedTime, *, key: str, now: datetime
    ) -> Receipt | Question:
        """The member answered what waits in a thread (a button on a reminder or in the list of what waits)."""
        async with self._desks.open(member, now, RECORDED) as desk:
            thread = await desk.thread(number)
            if known := await messages.find_by_key(desk.transaction, member, key):
                return await desk.receipt(Change.REPEATED, known, thread)
            check_past(moment.at, now)
            unanswered = (await desk.follow(number)).clock.unanswered
            if unanswered is None:
                raise NotAllowedError("ledger-nothing-waits")
            record = Record(Direction.SENT, None, None, moment, MessageSource.BUTTON, key)
            return await _trap(desk, record, thread) or await _write(desk, record, thread)

    async def dismiss(
        self, member: MemberId, number: ThreadId, *, key: str, now: datetime, kind: EventKind = EventKind.DISMISSED
    ) -> Receipt:
        """No reply needed, or (`Kind.NEW_THREAD`) the member wrote in a new thread instead."""
        async with self._desks.open(member, now, RECORDED) as desk:
            thread = await desk.thread(number)
            if known := await messages.find_by_key(desk.transaction, member, key):
                return await desk.receipt(Change.REPEATED, known, thread)
            if not (await desk.follow(number)).clock.is_waiting:
                raise NotAllowedError("ledger-nothing-waits")
            entry = ThreadEvent(Direction.SENT, kind, now)
            dismissal = await desk.add(number, entry, exactness=Precision.SECOND, source=MessageSource.BUTTON, key=key)
            return await desk.receipt(Change.RECORDED, dismissal, thread)

    async def snooze(self, member: MemberId, number: ThreadId, *, now: datetime) -> tuple[Thread, datetime]:
        """Remind later: the thread and when. Raises when nothing waits or the window has closed."""
        async with self._desks.open(member, now, RECORDED) as desk:
            thread = await desk.thread(number)
            clock = (await desk.follow(number)).clock
            unanswered = clock.unanswered
            if unanswered is None or unanswered.dismissed:
                raise NotAllowedError("ledger-nothing-waits")
            if now >= unanswered.window_closes_at:
                raise NotAllowedError("ledger-window-closed")
            until = snooze_until(now, unanswered.window_closes_at, desk.preferences.reminders)
            snooze = Snooze(now, until)
            await reply_state.snooze(desk.transaction, member, number, unanswered.window_opened_at, snooze)
            await desk.follow(number)
            return thread, until


async def _write(desk: Desk, record: Record, thread: Thread) -> Receipt:
    message = await desk.add(
        thread.id,
        ThreadEvent(record.direction, EventKind.MESSAGE, record.moment.at),
        exactness=record.moment.precision,
        source=record.source,
        key=record.key,
        closing=record.closing,
    )
    await desk.check_reply(message)
    await threads.touch(desk.transaction, desk.member, thread.id, now=desk.now)
    return await desk.receipt(Change.RECORDED, message, thread)


async def _trap(desk: Desk, record: Record, thread: Thread) -> Question | None:
    """Ask before a reply is recorded that would be late although no reply was needed.

    A further message in a thread that the client had closed, more than 24 hours after it, counts as a late reply
    (FACTS.md §1, article): what the member meant as a new message must not be recorded as one without a word.
    """
    if record.direction is not Direction.SENT:
        return None
    recorded = await messages.list_in_thread(desk.transaction, desk.member, thread.id)
    until_then = [each for each in recorded if each.entry.at <= record.moment.at]
    unanswered = compute_thread_state(each.entry for each in until_then).unanswered
    if unanswered is None or record.moment.at <= unanswered.due_at:
        return None
    closed = any(each.looks_final and each.entry.at == unanswered.newest for each in until_then)
    if not (unanswered.dismissed or closed):
        return None
    content = DraftContent(
        MissingInfo.LATE_REPLY_WARNING,
        record.direction,
        thread.client,
        thread.title,
        record.moment.at,
        record.moment.precision,
        record.source,
        record.key,
        thread=thread.id,
    )
    prospect = reply_impact(unanswered, desk.rate_before, record.moment.at)
    return Question(await drafts.save(desk.transaction, desk.member, content, now=desk.now), prospect=prospect)


async def _place(desk: Desk, record: Record) -> Thread | Question:
    """The thread it belongs to: the job's, else the client's only one, else the member is asked."""
    if record.client is not None:
        if record.title is not None:
            return await desk.enter(record.client, record.title)
        of_client = await threads.list_of_client(desk.transaction, desk.member, client_key(record.client))
        if len(of_client) == 1:
            return of_client[0]
        if not of_client:
            return await desk.enter(record.client, None)
        choices = of_client[:CHOICES]
    else:
        choices = await threads.recent(desk.transaction, desk.member, limit=CHOICES)
    if record.direction is Direction.SENT:
        content = DraftContent(
            MissingInfo.THREAD,
            record.direction,
            record.client,
            None,
            record.moment.at,
            record.moment.precision,
            record.source,
            record.key,
        )
        return Question(await drafts.save(desk.transaction, desk.member, content, now=desk.now), tuple(choices))
    name = ThreadIdentity(
        client=None if record.client is None else clean_name(record.client),
        title=None,
        client_key="" if record.client is None else client_key(record.client),
        title_key=f"{UNASSIGNED_PREFIX}{record.key}",
        unassigned=True,
    )
    return await threads.get_or_create(desk.transaction, desk.member, name, now=desk.now)
