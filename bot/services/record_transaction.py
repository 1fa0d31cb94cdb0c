"""One change of a member's record: one database transaction, everything derived from it, and a step to undo."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.domain.calendar import lancers_date
from bot.domain.messages import MessageSource, Precision
from bot.domain.names import clean_name, clean_title, client_key, title_key
from bot.domain.reminders.plan import ReminderKind
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import (
    Direction,
    EntryExplanation,
    ThreadEvent,
    ThreadState,
    explain_entry,
)
from bot.domain.types import MemberId, MessageId, ThreadId, UndoStepId
from bot.errors import InvalidInputError, NotAllowedError
from bot.services.members import BeforeErasureError, BlockedError, Preferences, effective_preferences, next_digest_at
from bot.services.projection import derive_state, load_reply_rate, load_state, recompute_thread, recompute_threads
from bot.services.results import Receipt, ReceiptKind
from bot.settings import MemberDefaults
from storage import members, messages, reply_state, threads, undo_log
from storage.database import Database, Transaction
from storage.members import Digest
from storage.messages import NEW_ID, Message
from storage.threads import Thread, ThreadIdentity

MAX_MESSAGES_PER_THREAD: Final = 10_000
"""A thread is read whole whenever a message is recorded in it."""

MAX_OPEN_WINDOWS: Final = 1000
"""Of one member, within their 24 hours: more than anybody answers; each has reminders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTransaction:
    """A transaction of one member. Messages are changed only by its methods, which save their former states to undo."""

    transaction: Transaction
    member_id: MemberId
    preferences: Preferences
    rate_before: ReplyRate
    now: datetime
    defaults: MemberDefaults
    max_thread_messages: int
    max_open_windows: int
    undo_snapshots: dict[MessageId, Message | None] = field(default_factory=dict)
    """The state of each changed message before the change; None: it did not exist."""

    async def load_state(self, thread_id: ThreadId) -> ThreadState:
        """The thread's reply state, computed from its messages. Writes nothing."""
        return (await load_state(self.transaction, self.member_id, thread_id, self.preferences.reminders)).state

    async def recompute_threads(self, *thread_ids: ThreadId) -> None:
        """Derive threads again and store the result."""
        await recompute_threads(self.transaction, self.member_id, thread_ids, self.preferences.reminders, now=self.now)

    async def get_message(self, message_id: MessageId) -> Message:
        """The member's message. Raises `NotAllowedError` when there is none."""
        if message := await messages.find(self.transaction, self.member_id, message_id):
            return message
        raise NotAllowedError("recording-message-gone")

    async def get_thread(self, thread_id: ThreadId) -> Thread:
        """The member's thread. Raises `NotAllowedError` when there is none."""
        if thread := await threads.find(self.transaction, self.member_id, thread_id):
            return thread
        raise NotAllowedError("recording-thread-gone")

    async def get_or_create_thread(self, client: str, title: str | None) -> Thread:
        """The thread with a client under a title. Raises `InvalidInputError` when the client's name is empty."""
        key = client_key(client)
        if not key:
            raise InvalidInputError("recording-client-missing")
        title = (title and clean_title(title)) or None
        identity = ThreadIdentity(clean_name(client), title, key, title_key(title) if title else "")
        return await threads.get_or_create(self.transaction, self.member_id, identity, now=self.now)

    async def add_message(
        self,
        thread_id: ThreadId,
        entry: ThreadEvent,
        *,
        precision: Precision,
        source: MessageSource,
        source_key: str,
        looks_final: bool = False,
    ) -> Message:
        """Record a message whose source key is new. Raises `NotAllowedError` at a limit of the member or the thread."""
        await self.consume_daily_quota()
        in_thread, open_windows = await reply_state.sizes(self.transaction, self.member_id, thread_id, now=self.now)
        if in_thread >= self.max_thread_messages:
            thread = await self.get_thread(thread_id)
            name = thread.title or thread.client or "–"
            raise NotAllowedError("limits-thread-full", name=name[:60], most=self.max_thread_messages)
        if entry.direction is Direction.RECEIVED and open_windows >= self.max_open_windows:
            raise NotAllowedError("limits-open", most=self.max_open_windows)
        message = Message(
            id=NEW_ID,
            thread_id=thread_id,
            entry=entry,
            precision=precision,
            source=source,
            source_key=source_key,
            recorded_at=self.now,
            looks_final=looks_final,
        )
        message = await messages.add(self.transaction, self.member_id, message)
        self.undo_snapshots.setdefault(message.id, None)
        return message

    async def consume_daily_quota(self) -> None:
        """Count one record of today in Tokyo. Raises `NotAllowedError` at the member's daily limit."""
        today = lancers_date(self.now)
        most = self.defaults.limits.records_per_day
        if await members.increment_daily_count(self.transaction, self.member_id, today) > most:
            raise NotAllowedError("limits-records", most=most)

    async def update_messages(self, *changes: tuple[Message, Message]) -> None:
        """Store messages, as pairs of the old and the new state. Equal pairs are skipped."""
        changed = [(old, new) for old, new in changes if old != new]
        for old, _ in changed:
            self.undo_snapshots.setdefault(old.id, old)
        await messages.upsert(self.transaction, self.member_id, [new for _, new in changed])

    async def delete_message(self, message: Message) -> None:
        """Delete a message."""
        self.undo_snapshots.setdefault(message.id, message)
        await messages.remove(self.transaction, self.member_id, [message.id])

    async def ensure_reply_has_received(self, reply: Message) -> None:
        """Raise `NotAllowedError` for a reply before which nothing was received in its thread."""
        if reply.entry.direction is not Direction.SENT:
            return
        for message in await messages.list_in_thread(self.transaction, self.member_id, reply.thread_id):
            received = message.entry.direction is Direction.RECEIVED and message.id != reply.id
            if received and message.entry.at <= reply.entry.at:
                return
        raise NotAllowedError("recording-reply-before-received")

    async def explain(self, message: Message) -> EntryExplanation:
        """How a message counts in its thread at present."""
        thread_messages = await messages.list_in_thread(self.transaction, self.member_id, message.thread_id)
        return explain_entry(await derive_state([other.entry for other in thread_messages]), message.entry)

    async def build_receipt(
        self, kind: ReceiptKind, message: Message, thread: Thread, reason_before: EntryExplanation | None = None
    ) -> Receipt:
        """Derive the thread again, store the result, and return the receipt of a message in it."""
        projection = await recompute_thread(
            self.transaction, self.member_id, thread.id, self.preferences.reminders, now=self.now
        )
        unanswered = projection.state.unanswered
        reason = explain_entry(projection.state, message.entry)
        return Receipt(
            kind=kind,
            message=message,
            thread=thread,
            unanswered=unanswered,
            window_closed=unanswered is not None and self.now > unanswered.window_closes_at,
            upcoming_reminders=tuple(
                reminder.remind_at for reminder in projection.reminders if reminder.kind is not ReminderKind.CLOSED
            ),
            muted=projection.muted,
            exchange=reason.exchange if message.entry.direction is Direction.SENT else None,
            rate_before=self.rate_before,
            rate_after=await load_reply_rate(self.transaction, self.member_id, self.now),
            recorded_at=self.now,
            reason=reason,
            reason_before=reason_before,
            preferences=self.preferences,
        )


def ensure_not_future(at: datetime, now: datetime) -> None:
    """Raise `InvalidInputError` for an instant after `now`."""
    if at > now:
        raise InvalidInputError("recording-future", at=at)


@dataclass(frozen=True, slots=True)
class RecordTransactions:
    """Begins transactions of a member's record."""

    database: Database
    defaults: MemberDefaults
    on_schedule_changed: Callable[[], None]
    """Called after each commit, since the earliest planned reminder may have changed."""
    max_thread_messages: int = MAX_MESSAGES_PER_THREAD
    max_open_windows: int = MAX_OPEN_WINDOWS

    @asynccontextmanager
    async def begin(
        self,
        member_id: MemberId,
        now: datetime,
        undo_kind: str,
        *,
        step_id: UndoStepId | None = None,
        message_id: int | None = None,
    ) -> AsyncIterator[RecordTransaction]:
        """A transaction; the messages it changes become a step named `undo_kind` that can be undone.

        With `step_id` they are added to a bulk change in progress (see `bulk_changes`). Raises `NotAllowedError` when
        that step has ended. `message_id` is the Discord message from which something is recorded: raises
        `BeforeErasureError` when the member was erased after they wrote it. Raises `BlockedError` for somebody blocked.
        """
        async with self.database.write() as transaction:
            member = await members.get_or_create(transaction, member_id, now=now)
            if message_id is not None and message_id <= member.erased_up_to:
                raise BeforeErasureError
            if member.blocked:
                raise BlockedError
            if step_id is not None and not await undo_log.is_in_progress(transaction, member_id, step_id):
                raise NotAllowedError("import-cut-off")
            preferences = effective_preferences(member, self.defaults)
            if member.digest_at is None and member.digest is not Digest.OFF:
                await members.set_next_digest(transaction, member_id, next_digest_at(member, preferences, now))
            record = RecordTransaction(
                transaction=transaction,
                member_id=member_id,
                preferences=preferences,
                rate_before=await load_reply_rate(transaction, member_id, now),
                now=now,
                defaults=self.defaults,
                max_thread_messages=self.max_thread_messages,
                max_open_windows=self.max_open_windows,
            )
            yield record
            undo_step_id = step_id
            if undo_step_id is None and record.undo_snapshots:
                undo_step_id = await undo_log.begin(transaction, member_id, undo_kind, now=now, in_progress=False)
            if undo_step_id is not None:
                await undo_log.append(transaction, member_id, undo_step_id, record.undo_snapshots)
        if step_id is None:
            self.on_schedule_changed()


def thread_ids(snapshots: Iterable[Message | None]) -> set[ThreadId]:
    """The threads of some messages."""
    return {message.thread_id for message in snapshots if message is not None}
