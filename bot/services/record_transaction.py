"""One change of a member's record: one transaction, from which everything derived follows, and a step to undo."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.calendar import lancers_date, year_before
from bot.domain.certification.editions import get_edition
from bot.domain.messages import MessageSource, Precision
from bot.domain.names import clean_name, clean_title, client_key, title_key
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import (
    Direction,
    EntryExplanation,
    EventKind,
    ThreadEvent,
    compute_thread_state,
    explain_entry,
)
from bot.domain.types import MemberId, MessageId, ThreadId, UndoStepId
from bot.errors import InvalidInputError, NotAllowedError
from bot.services.preferences import Preferences, effective_preferences, next_digest_at
from bot.services.projection import ThreadProjection, recompute_thread, recompute_threads
from bot.services.results import Receipt, ReceiptKind
from bot.settings import MemberDefaults
from storage import members, messages, reply_state, threads, undo_log
from storage.database import Database, Transaction
from storage.members import Digest
from storage.messages import Message
from storage.threads import Thread, ThreadIdentity


@dataclass(frozen=True, slots=True)
class RecordTransaction:
    """What every change needs at hand. Messages are changed through it alone: it remembers what they were."""

    transaction: Transaction
    member: MemberId
    preferences: Preferences
    rate_before: ReplyRate
    now: datetime
    records_per_day: int
    undo_snapshots: dict[MessageId, Message | None] = field(default_factory=dict)

    async def rate(self) -> ReplyRate:
        """Of the past year, as it stands now."""
        return (
            await self.transaction.query(reply_state.reply_rate_between(self.member, year_before(self.now), self.now))
        ).rate

    async def recompute_thread(self, thread: ThreadId) -> ThreadProjection:
        """Derive a thread anew."""
        return await recompute_thread(self.transaction, self.member, thread, self.preferences.reminders, now=self.now)

    async def recompute_threads(self, thread_ids: Sequence[ThreadId]) -> None:
        """Derive many threads anew."""
        await recompute_threads(self.transaction, self.member, thread_ids, self.preferences.reminders, now=self.now)

    async def get_message(self, number: MessageId) -> Message:
        """The member's message. Raises `RefusedError`."""
        if found := await messages.find(self.transaction, self.member, number):
            return found
        raise NotAllowedError("recording-message-gone")

    async def get_thread(self, number: ThreadId) -> Thread:
        """The member's thread. Raises `RefusedError`."""
        if found := await threads.find(self.transaction, self.member, number):
            return found
        raise NotAllowedError("recording-thread-gone")

    async def get_or_create_thread(self, client: str, title: str | None) -> Thread:
        """The thread of that name, made if it is new. Raises `InputError` for no name."""
        shown, matched = clean_name(client), client_key(client)
        if not matched:
            raise InvalidInputError("recording-client-missing")
        job = None if title is None else clean_title(title) or None
        name = ThreadIdentity(shown, job, matched, title_key(job) if job else "")
        return await threads.get_or_create(self.transaction, self.member, name, now=self.now)

    async def add_message(
        self,
        thread: ThreadId,
        entry: ThreadEvent,
        *,
        exactness: Precision,
        source: MessageSource,
        key: str,
        closing: bool = False,
    ) -> Message:
        """Record a message; its key must be new. Raises `RefusedError` when the day is full."""
        await self.consume_daily_quota()
        added = await messages.add(
            self.transaction,
            self.member,
            thread,
            entry,
            precision=exactness,
            source=source,
            source_key=key,
            now=self.now,
            looks_final=closing,
        )
        self.undo_snapshots.setdefault(added.id, None)
        return added

    async def consume_daily_quota(self) -> None:
        """One more record of today. Raises `RefusedError` when that is more than a member may make."""
        today = lancers_date(self.now)
        if await members.increment_daily_count(self.transaction, self.member, today) > self.records_per_day:
            raise NotAllowedError("limits-records", most=self.records_per_day)

    async def update_messages(self, *pairs: tuple[Message, Message]) -> None:
        """Put messages right: what each was, and what it is. What stays the same is no step."""
        changed = [(old, new) for old, new in pairs if old != new]
        for old, _ in changed:
            self.undo_snapshots.setdefault(old.id, old)
        await messages.upsert(self.transaction, self.member, [new for _, new in changed])

    async def delete_messages(self, *gone: Message) -> None:
        """As if they had never been recorded."""
        for message in gone:
            self.undo_snapshots.setdefault(message.id, message)
        await messages.remove(self.transaction, self.member, [message.id for message in gone])

    async def ensure_reply_has_received(self, reply: Message) -> None:
        """A reply needs something it could have answered: a message received before it in its thread."""
        if reply.entry.direction is not Direction.SENT:
            return
        recorded = await messages.list_in_thread(self.transaction, self.member, reply.thread_id)
        if not any(
            message.entry.direction is Direction.RECEIVED and message.entry.at <= reply.entry.at
            for message in recorded
            if message.id != reply.id
        ):
            raise NotAllowedError("recording-reply-before-received")

    async def explain(self, message: Message) -> EntryExplanation:
        """How a message counts in its thread as it is recorded now."""
        recorded = await messages.list_in_thread(self.transaction, self.member, message.thread_id)
        return explain_entry(compute_thread_state(each.entry for each in recorded), message.entry)

    async def build_receipt(
        self, change: ReceiptKind, message: Message, thread: Thread, before: EntryExplanation | None = None
    ) -> Receipt:
        """Derive the thread anew, and tell what came of it; `before`: how it counted before it was put right."""
        followed = await self.recompute_thread(thread.id)
        made = (exchange for exchange in followed.clock.exchanges if exchange.replied_at == message.entry.at)
        is_reply = message.entry.direction is Direction.SENT and message.entry.kind is EventKind.MESSAGE
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
            get_edition(self.preferences.edition).reply_rate,
            explain_entry(followed.clock, message.entry),
            self.preferences,
            before,
        )


def ensure_not_future(at: datetime, now: datetime) -> None:
    """What is recorded has happened. Raises `InputError`."""
    if at > now:
        raise InvalidInputError("recording-future", at=at)


@dataclass(frozen=True, slots=True)
class RecordTransactions:
    """Where desks are opened. `nudge` is called after each commit: the earliest reminder may have changed."""

    database: Database
    defaults: MemberDefaults
    on_schedule_changed: Callable[[], None]

    @asynccontextmanager
    async def begin(
        self, member: MemberId, now: datetime, undo_kind: str, *, step: UndoStepId | None = None
    ) -> AsyncIterator[RecordTransaction]:
        """A transaction of one member; if it changes messages it is a step that can be undone, called `what`.

        With `step` it is one batch of a step under way (see `long_steps`); `RefusedError` when that is gone.
        """
        async with self.database.write() as transaction:
            row = await members.get_or_create(transaction, member, now=now)
            if step is not None and not await undo_log.is_in_progress(transaction, member, step):
                raise NotAllowedError("import-cut-off")
            preferences = effective_preferences(row, self.defaults)
            if row.digest_at is None and row.digest is not Digest.OFF:
                await members.update_preferences(
                    transaction, replace(row, digest_at=next_digest_at(row, preferences, now))
                )
            desk = RecordTransaction(
                transaction, member, preferences, ReplyRate(0, 0, 0), now, self.defaults.limits.records_per_day
            )
            desk = replace(desk, rate_before=await desk.rate())
            yield desk
            if step is not None:
                await undo_log.append(transaction, member, step, desk.undo_snapshots)
            elif desk.undo_snapshots:
                await undo_log.save(transaction, member, undo_kind, desk.undo_snapshots, now=now)
        if step is None:
            self.on_schedule_changed()


def thread_ids(states: Iterable[Message | None]) -> set[ThreadId]:
    """The threads of some messages."""
    return {message.thread_id for message in states if message is not None}
