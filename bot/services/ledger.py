"""Recording what was sent and received. One record is one transaction; it is durable before the member hears of it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.certification.reply_clock import Direction, Entry, Kind
from bot.certification.reply_rate import ReplyRate, year_before
from bot.errors import InputError, RefusedError
from bot.intake.names import clean_name, clean_title, client_key, title_key
from bot.intake.sighting import Source
from bot.intake.when import Exactness, Moment
from bot.reminders.plan import Snooze, later_until
from bot.services.follow import Followed, follow
from bot.services.preferences import Preferences, preferences_of
from bot.services.receipts import Change, Question, Receipt
from bot.settings import Defaults
from bot.values import DraftId, MemberId, MessageId, ThreadId
from storage import clocks, drafts, members, messages, threads
from storage.database import Database, Transaction
from storage.drafts import Asks, Draft, DraftContent
from storage.messages import Message
from storage.threads import Thread, ThreadName

CHOICES: Final = 24
"""Threads offered at once: a select holds 25, one of them is "another"."""


@dataclass(frozen=True, slots=True)
class Record:
    """Something to be recorded. `client` and `title` as the member or the mail names them; None: not said."""

    direction: Direction
    client: str | None
    title: str | None
    moment: Moment
    source: Source
    key: str


@dataclass(frozen=True, slots=True)
class _Desk:
    """One transaction of one member: what every change needs at hand."""

    transaction: Transaction
    member: MemberId
    preferences: Preferences
    rate_before: ReplyRate
    now: datetime

    async def rate(self) -> ReplyRate:
        return (await clocks.year(self.transaction, self.member, year_before(self.now), self.now)).rate

    async def follow(self, thread: ThreadId) -> Followed:
        return await follow(self.transaction, self.member, thread, self.preferences.reminders, now=self.now)

    async def message(self, number: MessageId) -> Message:
        if found := await messages.find(self.transaction, self.member, number):
            return found
        raise RefusedError("ledger-message-gone")

    async def thread(self, number: ThreadId) -> Thread:
        if found := await threads.find(self.transaction, self.member, number):
            return found
        raise RefusedError("ledger-thread-gone")

    async def receipt(self, change: Change, message: Message, thread: Thread) -> Receipt:
        """Derive the thread anew, and tell what came of it."""
        followed = await self.follow(thread.id)
        made = (exchange for exchange in followed.clock.exchanges if exchange.replied_at == message.entry.at)
        is_reply = message.entry.direction is Direction.SENT and message.entry.kind is Kind.MESSAGE
        return Receipt(
            change,
            message,
            thread,
            followed.clock.unanswered,
            followed.reminders,
            next(made, None) if is_reply else None,
            self.rate_before,
            await self.rate(),
            self.now,
        )


class Ledger:
    """Everything a member can do to the record of their messages.

    `nudge` is called after each commit: the earliest reminder may have changed.
    Every method raises `InputError` or `RefusedError` with a sentence, and then nothing was stored.
    """

    def __init__(self, database: Database, defaults: Defaults, nudge: Callable[[], None]) -> None:
        self._database = database
        self._defaults = defaults
        self._nudge = nudge

    @asynccontextmanager
    async def _desk(self, member: MemberId, now: datetime) -> AsyncIterator[_Desk]:
        async with self._database.write() as transaction:
            row = await members.meet(transaction, member, now=now)
            desk = _Desk(transaction, member, preferences_of(row, self._defaults), ReplyRate(0, 0, 0), now)
            yield replace(desk, rate_before=await desk.rate())
        self._nudge()

    async def record(self, member: MemberId, record: Record, *, now: datetime) -> Receipt | Question:
        """Record a message; a `Question` when it is a reply and several threads could be meant.

        The same thing twice (by its key) is one message. A received message whose client or thread is not known is
        recorded at once in a thread of its own, so that its reminders run while the member is asked.
        """
        async with self._desk(member, now) as desk:
            if known := await messages.find_by_key(desk.transaction, member, record.key):
                return await desk.receipt(Change.REPEATED, known, await desk.thread(known.thread_id))
            _check_past(record.moment.at, now)
            thread = await _place(desk, record)
            if isinstance(thread, Question):
                return thread
            return await _write(desk, record, thread)

    async def ask(self, member: MemberId, content: DraftContent, *, now: datetime) -> Question | Receipt:
        """Keep what cannot be recorded yet, until the member has answered; a repeated one shows what it became."""
        async with self._desk(member, now) as desk:
            if known := await messages.find_by_key(desk.transaction, member, content.key):
                return await desk.receipt(Change.REPEATED, known, await desk.thread(known.thread_id))
            return Question(await drafts.keep(desk.transaction, member, content, now=now))

    async def draft(self, member: MemberId, number: DraftId) -> Draft:
        """A draft that still waits for its answer."""
        async with self._database.read() as transaction:
            if found := await drafts.find(transaction, member, number):
                return found
        raise RefusedError("ledger-draft-gone")

    async def answer(
        self,
        member: MemberId,
        number: DraftId,
        *,
        now: datetime,
        moment: Moment | None = None,
        thread: ThreadId | None = None,
        client: str | None = None,
        title: str | None = None,
    ) -> Receipt | Question:
        """Record a draft, with what the member just said put in."""
        async with self._desk(member, now) as desk:
            draft = await drafts.find(desk.transaction, member, number)
            if draft is None:
                raise RefusedError("ledger-draft-gone")
            content = draft.content
            if moment is None:
                if content.sent_at is None or content.exactness is None:
                    raise InputError("ledger-time-missing")
                moment = Moment(content.sent_at, content.exactness)
            _check_past(moment.at, now)
            record = Record(
                content.direction,
                client or content.client,
                title or content.title,
                moment,
                content.source if content.sent_at == moment.at else Source.WRITTEN,
                content.key,
            )
            await drafts.drop(desk.transaction, member, number)
            placed = await desk.thread(thread) if thread is not None else await _place(desk, record)
            if isinstance(placed, Question):
                return placed
            return await _write(desk, record, placed)

    async def forget(self, member: MemberId, number: DraftId) -> None:
        """A draft was answered with something that records nothing."""
        async with self._database.write() as transaction:
            await drafts.drop(transaction, member, number)

    async def replied(self, member: MemberId, number: ThreadId, moment: Moment, *, key: str, now: datetime) -> Receipt:
        """The member answered what waits in a thread (a button on a reminder or in the list of what waits)."""
        async with self._desk(member, now) as desk:
            thread = await desk.thread(number)
            if known := await messages.find_by_key(desk.transaction, member, key):
                return await desk.receipt(Change.REPEATED, known, thread)
            _check_past(moment.at, now)
            unanswered = (await desk.follow(number)).clock.unanswered
            if unanswered is None:
                raise RefusedError("ledger-nothing-waits")
            record = Record(Direction.SENT, None, None, moment, Source.BUTTON, key)
            return await _write(desk, record, thread)

    async def dismiss(
        self, member: MemberId, number: ThreadId, *, key: str, now: datetime, kind: Kind = Kind.DISMISSED
    ) -> Receipt:
        """No reply needed, or (`Kind.NEW_THREAD`) the member wrote in a new thread instead."""
        async with self._desk(member, now) as desk:
            thread = await desk.thread(number)
            if known := await messages.find_by_key(desk.transaction, member, key):
                return await desk.receipt(Change.REPEATED, known, thread)
            if not (await desk.follow(number)).clock.waiting:
                raise RefusedError("ledger-nothing-waits")
            dismissal = await messages.add(
                desk.transaction,
                member,
                number,
                Entry(Direction.SENT, kind, now),
                exactness=Exactness.SECOND,
                source=Source.BUTTON,
                key=key,
                now=now,
            )
            return await desk.receipt(Change.RECORDED, dismissal, thread)

    async def snooze(self, member: MemberId, number: ThreadId, *, now: datetime) -> tuple[Thread, datetime]:
        """Remind later: the thread and when. Raises when nothing waits or the window has closed."""
        async with self._desk(member, now) as desk:
            thread = await desk.thread(number)
            clock = (await desk.follow(number)).clock
            unanswered = clock.unanswered
            if unanswered is None or unanswered.dismissed:
                raise RefusedError("ledger-nothing-waits")
            if now >= unanswered.reminds_until:
                raise RefusedError("ledger-window-closed")
            until = later_until(now, unanswered.reminds_until, desk.preferences.reminders)
            snooze = Snooze(now, until)
            await clocks.snooze(desk.transaction, member, number, unanswered.reminds_from, snooze)
            await desk.follow(number)
            return thread, until

    async def set_time(self, member: MemberId, number: MessageId, moment: Moment, *, now: datetime) -> Receipt:
        """The time was read wrongly, or remembered better."""
        async with self._desk(member, now) as desk:
            message = await desk.message(number)
            _check_past(moment.at, now)
            corrected = replace(
                message,
                entry=replace(message.entry, at=moment.at),
                exactness=moment.exactness,
                source=Source.WRITTEN,
                recorded_at=now,
            )
            await _check_reply(desk, corrected)
            await messages.change(desk.transaction, member, corrected)
            return await desk.receipt(Change.CORRECTED, corrected, await desk.thread(message.thread_id))

    async def turn(self, member: MemberId, number: MessageId, *, now: datetime) -> Receipt:
        """It was the other direction: "this was my reply", or the client's message after all."""
        async with self._desk(member, now) as desk:
            message = await desk.message(number)
            if message.entry.kind is not Kind.MESSAGE:
                raise RefusedError("ledger-not-a-message")
            sent = message.entry.direction is Direction.RECEIVED
            direction = Direction.SENT if sent else Direction.RECEIVED
            turned = replace(message, entry=replace(message.entry, direction=direction), recorded_at=now)
            await _check_reply(desk, turned)
            await messages.change(desk.transaction, member, turned)
            return await desk.receipt(Change.CORRECTED, turned, await desk.thread(message.thread_id))

    async def move(
        self,
        member: MemberId,
        number: MessageId,
        *,
        now: datetime,
        thread: ThreadId | None = None,
        client: str | None = None,
        title: str | None = None,
    ) -> Receipt:
        """It belongs to another client or thread: one that exists, or one by name.

        Out of an unsorted thread everything moves, what the member has done there meanwhile included.
        """
        async with self._desk(member, now) as desk:
            message = await desk.message(number)
            origin = await desk.thread(message.thread_id)
            target = (
                await desk.thread(thread)
                if thread is not None
                else await _enter(desk, client or origin.client or "", title)
            )
            moving = [message]
            if origin.unsorted:
                moving = await messages.of_thread(desk.transaction, member, origin.id)
            for each in moving:
                await messages.change(desk.transaction, member, replace(each, thread_id=target.id))
            moved = replace(message, thread_id=target.id)
            if not origin.unsorted:
                await _check_reply(desk, moved)
            await desk.follow(origin.id)
            return await desk.receipt(Change.CORRECTED, moved, target)

    async def thread_of(self, member: MemberId, number: MessageId) -> ThreadId:
        """Where a message is recorded."""
        async with self._database.read() as transaction:
            if found := await messages.find(transaction, member, number):
                return found.thread_id
        raise RefusedError("ledger-message-gone")

    async def undo(self, member: MemberId, number: MessageId, *, now: datetime) -> Receipt:
        """As if it had never been recorded."""
        async with self._desk(member, now) as desk:
            message = await desk.message(number)
            thread = await desk.thread(message.thread_id)
            await messages.remove(desk.transaction, member, number)
            return await desk.receipt(Change.UNDONE, message, thread)


def _check_past(at: datetime, now: datetime) -> None:
    if at > now:
        raise InputError("ledger-future", at=at)


async def _check_reply(desk: _Desk, reply: Message) -> None:
    """A reply needs something it could have answered: a message received before it in its thread."""
    if reply.entry.direction is not Direction.SENT:
        return
    recorded = await messages.of_thread(desk.transaction, desk.member, reply.thread_id)
    if not any(
        message.entry.direction is Direction.RECEIVED and message.entry.at <= reply.entry.at
        for message in recorded
        if message.id != reply.id
    ):
        raise RefusedError("ledger-reply-before-received")


async def _write(desk: _Desk, record: Record, thread: Thread) -> Receipt:
    message = await messages.add(
        desk.transaction,
        desk.member,
        thread.id,
        Entry(record.direction, Kind.MESSAGE, record.moment.at),
        exactness=record.moment.exactness,
        source=record.source,
        key=record.key,
        now=desk.now,
    )
    await _check_reply(desk, message)
    return await desk.receipt(Change.RECORDED, message, thread)


async def _place(desk: _Desk, record: Record) -> Thread | Question:
    """The thread it belongs to: the job's, else the client's only one, else the member is asked."""
    if record.client is not None:
        if record.title is not None:
            return await _enter(desk, record.client, record.title)
        of_client = await threads.of_client(desk.transaction, desk.member, client_key(record.client))
        if len(of_client) == 1:
            return of_client[0]
        if not of_client:
            return await _enter(desk, record.client, None)
        choices = of_client[:CHOICES]
    else:
        choices = await threads.recent(desk.transaction, desk.member, limit=CHOICES)
    if record.direction is Direction.SENT:
        content = DraftContent(
            Asks.THREAD,
            record.direction,
            record.client,
            None,
            record.moment.at,
            record.moment.exactness,
            record.source,
            record.key,
        )
        return Question(await drafts.keep(desk.transaction, desk.member, content, now=desk.now), tuple(choices))
    name = ThreadName(
        client=None if record.client is None else clean_name(record.client),
        title=None,
        client_key="" if record.client is None else client_key(record.client),
        title_key=f"unsorted:{record.key}",
        unsorted=True,
    )
    return await threads.enter(desk.transaction, desk.member, name, now=desk.now)


async def _enter(desk: _Desk, client: str, title: str | None) -> Thread:
    shown, matched = clean_name(client), client_key(client)
    if not matched:
        raise InputError("ledger-client-missing")
    job = None if title is None else clean_title(title) or None
    name = ThreadName(shown, job, matched, title_key(job) if job else "")
    return await threads.enter(desk.transaction, desk.member, name, now=desk.now)
