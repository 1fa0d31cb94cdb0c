"""One change of a member's record: one database transaction, everything derived from it, and a step to undo."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from bot.domain.calendar import lancers_date
from bot.domain.messages import MessageSource, Precision
from bot.domain.names import clean_name, clean_title, client_key, title_key
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import (
    Direction,
    EntryExplanation,
    EventKind,
    ThreadEvent,
    ThreadState,
    explain_entry,
)
from bot.domain.text import cut_text
from bot.domain.types import DraftId, MemberId, MessageId, ThreadId, UndoStepId
from bot.errors import InvalidInputError, NotAllowedError
from bot.services.members import BeforeErasureError, BlockedError, Preferences, effective_preferences, next_digest_at
from bot.services.projection import (
    StoredThread,
    derive_thread_state,
    load_stored_thread,
    recompute_thread,
    recompute_threads,
)
from bot.services.results import Receipt, ReceiptKind, build_receipt
from bot.settings import MemberDefaults
from storage import cards, drafts, members, messages, threads, undo_log
from storage.cards import CardItem
from storage.database import Database, Executor, Query, QueryResults, Transaction
from storage.exchanges import reply_rate_query
from storage.members import Digest, Member
from storage.messages import NEW_ID, Message
from storage.reply_state import LimitCounts, limit_counts_query
from storage.threads import Thread, ThreadIdentity

MAX_OPEN_WINDOWS: Final = 1000
"""Windows of one member that are within their 24 hours: more than anybody can reply to; each has reminders."""


@dataclass(frozen=True, slots=True)
class BulkLimits:
    """Limits of records, and of the batches that a large change of them is written in."""

    batch_rows: int = 1000
    """Messages in one batch; it blocks other writers for some twenty milliseconds."""
    batch_threads: int = 100
    messages_per_thread: int = 10_000
    """A thread is read whole whenever a message is recorded in it."""
    open_windows: int = MAX_OPEN_WINDOWS


@dataclass(slots=True, kw_only=True)
class RecordTransaction:
    """A transaction of one member. Messages are changed only by its methods, which save their former states to undo."""

    transaction: Transaction
    member_id: MemberId
    preferences: Preferences
    rate_before: ReplyRate
    limit_counts: LimitCounts
    """At its beginning; zero in a batch of many, which checks its limits itself."""
    loaded: QueryResults
    """The results of the queries that were given to `begin`."""
    now: datetime
    defaults: MemberDefaults
    limits: BulkLimits
    undo_snapshots: dict[MessageId, Message | None] = field(default_factory=dict)
    """The state of each changed message before the change; None: it did not exist."""
    mark_snapshots: dict[ThreadId, Thread] = field(default_factory=dict)
    """Each thread whose marks were changed, as it was before that."""
    recomputed_ids: set[ThreadId] = field(default_factory=set)
    """The threads that were derived again, whose cards are to be edited."""
    next_reminder: datetime | None = None
    """The earliest planned reminder of the threads that were derived again one by one."""
    recomputed_many: bool = False
    """Threads were derived again together."""
    exchanges_changed: bool = False
    """The reply rate may differ from `rate_before`."""
    ended_drafts: set[DraftId] = field(default_factory=set)
    """The questions that were answered, or are asked otherwise."""
    cards_changed: bool = False
    """Cards are to be edited."""
    used_thread_ids: set[ThreadId] = field(default_factory=set)
    """The threads that count as used now."""
    _stored: dict[ThreadId, StoredThread] = field(default_factory=dict)
    """Threads as they are stored, read once; read again when their messages change otherwise than by an addition."""
    _added_records: int = 0

    async def stored_thread(self, thread_id: ThreadId) -> StoredThread:
        """A thread with its messages and what was derived from them, read once. Writes nothing."""
        if thread_id not in self._stored:
            self._stored[thread_id], _ = await load_stored_thread(
                self.transaction, self.member_id, thread_id, now=self.now, locking=True
            )
        return self._stored[thread_id]

    async def load_state(self, thread_id: ThreadId) -> ThreadState:
        """The thread's reply state, computed from its messages. Writes nothing."""
        stored = await self.stored_thread(thread_id)
        return await derive_thread_state(stored.messages, stored.thread)

    async def recompute_threads(self, *thread_ids: ThreadId, together: bool = False) -> None:
        """Derive threads again and store the result; `together` in few statements, however few threads they are."""
        self.recomputed_ids.update(thread_ids)
        self._stored.clear()
        self.exchanges_changed = self.recomputed_many = True
        await recompute_threads(
            self.transaction, self.member_id, thread_ids, self.preferences.reminders, now=self.now, together=together
        )

    async def mark_changed_cards(self) -> None:
        """Have the cards edited that show threads which were derived again, or from which a message was taken."""
        former_ids = {message.thread_id for message in self.undo_snapshots.values() if message is not None}
        changed_ids = self.recomputed_ids | former_ids
        self.cards_changed = await cards.mark_cards_changed(
            self.transaction, self.member_id, changed_ids, now=self.now
        ) or bool(self.ended_drafts)
        if self.ended_drafts:
            added = [message_id for message_id, before in self.undo_snapshots.items() if before is None]
            recorded = CardItem(added[0], max(changed_ids)) if added and changed_ids else None
            await cards.mark_ended_question_cards(
                self.transaction, self.member_id, self.ended_drafts, recorded, now=self.now
            )

    async def end_draft(self, draft_id: DraftId) -> None:
        """Delete a draft, because it was answered or is asked about otherwise."""
        self.ended_drafts.add(draft_id)
        await drafts.delete_draft(self.transaction, self.member_id, draft_id)

    async def end_draft_by_key(self, source_key: str) -> None:
        """Delete the draft of a line that was edited, if there is one: its question was about what it said before."""
        self.ended_drafts.update(await drafts.delete_draft_by_key(self.transaction, self.member_id, source_key))

    async def get_message(self, message_id: MessageId) -> Message:
        """The member's message. Raises `NotAllowedError` when there is none."""
        return await get_message(self.transaction, self.member_id, message_id)

    async def get_thread(self, thread_id: ThreadId) -> Thread:
        """The member's thread. Raises `NotAllowedError` when there is none."""
        if thread := (await self.stored_thread(thread_id)).thread:
            return thread
        raise NotAllowedError("recording-thread-gone")

    async def get_chosen_thread(self, thread_id: ThreadId) -> Thread:
        """As `get_thread`, of one that a question offered. Raises too where its messages were moved or deleted."""
        thread = await self.get_thread(thread_id)
        if not (await self.stored_thread(thread_id)).messages:
            raise NotAllowedError("recording-thread-gone")
        return thread

    async def get_or_create_thread(self, client: str, title: str | None) -> Thread:
        """The thread with a client under a title. Raises `InvalidInputError` when the client's name is empty."""
        key = client_key(client)
        if not key:
            raise InvalidInputError("recording-client-missing")
        title = (title and clean_title(title)) or None
        identity = ThreadIdentity(clean_name(client), title, key, title_key(title) if title else "")
        return await self.get_or_create_identified(identity)

    async def get_or_create_identified(self, identity: ThreadIdentity) -> Thread:
        """The thread of this identity; it counts as used now."""
        thread = await threads.get_or_create_thread(self.transaction, self.member_id, identity, now=self.now)
        self.used_thread_ids.add(thread.id)
        return thread

    async def save_thread_marks(self, thread: Thread) -> None:
        """Store contract, site and page of a thread; it is to be derived again."""
        before = await self.get_thread(thread.id)
        if before != thread:
            self.mark_snapshots.setdefault(thread.id, before)
            self._stored.pop(thread.id, None)
            await threads.save_thread_marks(self.transaction, self.member_id, [thread])

    async def inherit_thread_marks(self, origin: Thread, target: Thread, *, all_moved: bool) -> Thread:
        """Let the target of a move take over the marks of the origin, before any message is moved.

        A thread without messages becomes what the origin is. Another one keeps its site; where all messages of the
        origin come to it, it is under contract too, and has its page.
        """
        is_new = not (await self.stored_thread(target.id)).messages
        if is_new:
            page = origin.page if all_moved else target.page
            marked = replace(target, contract_at=origin.contract_at, site=origin.site, page=page or target.page)
        elif all_moved:
            marked = replace(
                target, contract_at=target.contract_at or origin.contract_at, page=target.page or origin.page
            )
        else:
            return target
        await self.save_thread_marks(marked)
        return marked

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
        stored = await self.stored_thread(thread_id)
        if len(stored.messages) >= self.limits.messages_per_thread:
            name = (stored.thread and (stored.thread.title or stored.thread.client)) or "–"
            raise NotAllowedError("limits-thread-full", name=cut_text(name, 60), most=self.limits.messages_per_thread)
        if entry.direction is Direction.RECEIVED and self.limit_counts.open_windows >= self.limits.open_windows:
            raise NotAllowedError("limits-open", most=self.limits.open_windows)
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
        message = await messages.add_message(self.transaction, self.member_id, message)
        self.undo_snapshots.setdefault(message.id, None)
        self._stored[thread_id] = replace(stored, messages=[*stored.messages, message])
        return message

    async def add_decision(self, thread_id: ThreadId, kind: EventKind, source_key: str) -> Message:
        """Record what the member says now, by a press, of what waits: for example that it needs no reply."""
        entry = ThreadEvent(Direction.SENT, kind, self.now)
        return await self.add_message(
            thread_id, entry, precision=Precision.SECOND, source=MessageSource.BUTTON, source_key=source_key
        )

    async def consume_daily_quota(self) -> None:
        """Count one record of today in Tokyo. Raises `NotAllowedError` at the member's daily limit."""
        self._added_records += 1
        count, most = self.limit_counts.records + self._added_records, self.defaults.limits.records_per_day
        if count > most:
            raise NotAllowedError("limits-records", most=most)
        await members.save_daily_record_count(self.transaction, self.member_id, lancers_date(self.now), count)

    async def update_messages(self, *changes: tuple[Message, Message]) -> None:
        """Store messages, as pairs of the old and the new state. Equal pairs are skipped."""
        changed = [(old, new) for old, new in changes if old != new]
        for old, _ in changed:
            self.undo_snapshots.setdefault(old.id, old)
        await self._store_again([new for _, new in changed])

    async def move_messages(self, moving: Iterable[Message], target: Thread) -> None:
        """Put messages into another thread."""
        await self.update_messages(*((message, replace(message, thread_id=target.id)) for message in moving))

    async def ensure_room_in_thread(self, thread: Thread, added: int) -> None:
        """Raise `NotAllowedError` when a thread would have more messages than one may."""
        present = await messages.count_messages_in_thread(self.transaction, self.member_id, thread.id)
        if present + added > self.limits.messages_per_thread:
            name = cut_text(thread.title or thread.client or "–", 60)
            raise NotAllowedError("limits-thread-moved", name=name, most=self.limits.messages_per_thread)

    async def delete_message(self, message: Message) -> None:
        """Delete a message."""
        self.undo_snapshots.setdefault(message.id, message)
        self._stored.clear()
        await messages.delete_messages(self.transaction, self.member_id, [message.id])

    async def restore_message(self, message: Message) -> None:
        """Store a deleted message under the id that it had."""
        self.undo_snapshots.setdefault(message.id, None)
        await self._store_again([message])

    async def _store_again(self, changed: Sequence[Message]) -> None:
        """Store messages that the member corrected or restored.

        If an import in progress added one, it is no part of that any more: a rollback would take it away.
        """
        self._stored.clear()
        await messages.upsert_messages(self.transaction, self.member_id, changed)
        ids = [message.id for message in changed]
        await undo_log.remove_messages_from_steps_in_progress(self.transaction, self.member_id, ids)

    async def ensure_reply_follows_received(self, reply: Message) -> None:
        """Raise `NotAllowedError` for a reply before which nothing was received in its thread."""
        if reply.entry.direction is not Direction.SENT:
            return
        for message in (await self.stored_thread(reply.thread_id)).messages:
            received = message.entry.direction is Direction.RECEIVED and message.id != reply.id
            if received and message.entry.at <= reply.entry.at:
                return
        raise NotAllowedError("recording-reply-before-received")

    async def explain_message(self, message: Message) -> EntryExplanation:
        """How a message counts in its thread at present."""
        in_thread = (await self.stored_thread(message.thread_id)).messages
        earlier = [other.entry for other in in_thread if other.id < message.id]
        return explain_entry(
            await self.load_state(message.thread_id), message.entry, is_second=message.entry in earlier
        )

    async def recompute_and_build_receipt(
        self, kind: ReceiptKind, message: Message, thread: Thread, reason_before: EntryExplanation | None = None
    ) -> Receipt:
        """Recompute the thread of a message, store the result, and build the receipt of the message.

        The new reply rate is read only where exchanges have changed.
        """
        self.recomputed_ids.add(thread.id)
        projection, exchanges_changed = await recompute_thread(
            self.transaction,
            self.member_id,
            thread.id,
            self.preferences.reminders,
            now=self.now,
            stored=self._stored.pop(thread.id, None),
        )
        self.exchanges_changed |= exchanges_changed
        if projection.unsent:
            first = projection.unsent[0].remind_at
            self.next_reminder = min(first, self.next_reminder or first)
        rate_after = self.rate_before
        if self.exchanges_changed:
            rate_after = (await self.transaction.query(reply_rate_query(self.member_id, self.now))).judged_by(
                self.preferences.rate_rule
            )
        return build_receipt(
            kind,
            message,
            thread,
            projection,
            rate_before=self.rate_before,
            rate_after=rate_after,
            preferences=self.preferences,
            now=self.now,
            reason_before=reason_before,
        )


async def get_message(reader: Executor, member_id: MemberId, message_id: MessageId) -> Message:
    """The member's message. Raises `NotAllowedError` when there is none."""
    if message := await reader.query(messages.message_query(member_id, message_id)):
        return message
    raise NotAllowedError("recording-message-gone")


def ensure_not_future(at: datetime, now: datetime) -> None:
    """Raise `InvalidInputError` for an instant after `now`."""
    if at > now:
        raise InvalidInputError("recording-future", at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTransactions:
    """Begins transactions of a member's record."""

    database: Database
    defaults: MemberDefaults
    on_schedule_changed: Callable[[], None]
    """Called after a commit, since the earliest planned reminder may have changed."""
    on_reminder_planned: Callable[[datetime], None]
    """Called instead where only a few reminders are planned, with the instant of the first one."""
    on_cards_changed: Callable[[], None]
    """Called after a commit: cards may have to be edited."""
    limits: BulkLimits

    @asynccontextmanager
    async def begin(
        self,
        member_id: MemberId,
        now: datetime,
        undo_kind: str,
        *queries: Query[Any],
        step_id: UndoStepId | None = None,
        message_id: int | None = None,
        known_rate: ReplyRate | None = None,
    ) -> AsyncIterator[RecordTransaction]:
        """A transaction; the messages it changes become a step named `undo_kind` that can be undone.

        With `step_id` the messages are added to a bulk change in progress (see `bulk_changes`). Raises
        `NotAllowedError` when that step has ended. `queries` are read with its beginning, in the same statement as what
        every record needs to know. `message_id` is the Discord message from which something is recorded: raises
        `BeforeErasureError` when the member was erased after they wrote it. Raises `BlockedError` for somebody blocked.
        `known_rate`: of a batch of many; neither the rate before it nor what the limits are about is counted again.
        """
        async with self.database.write() as transaction:
            counts, rate = limit_counts_query(member_id, now), reply_rate_query(member_id, now)
            needed = queries if known_rate is not None else (counts, rate, *queries)
            member, loaded = await _lock_recording_member(transaction, member_id, *needed, now=now)
            if message_id is not None and message_id <= member.erased_up_to:
                raise BeforeErasureError
            if member.blocked:
                raise BlockedError
            if step_id is not None and not await undo_log.is_undo_step_in_progress(transaction, member_id, step_id):
                raise NotAllowedError("import-cut-off")
            preferences = effective_preferences(member, self.defaults)
            if member.digest_at is None and member.digest is not Digest.OFF:
                await members.set_next_digest(transaction, member_id, next_digest_at(member, preferences, now))
            record = RecordTransaction(
                transaction=transaction,
                member_id=member_id,
                preferences=preferences,
                rate_before=loaded[rate].judged_by(preferences.rate_rule) if known_rate is None else known_rate,
                limit_counts=loaded[counts] if known_rate is None else LimitCounts(0, 0),
                loaded=loaded,
                now=now,
                defaults=self.defaults,
                limits=self.limits,
            )
            yield record
            await record.mark_changed_cards()
            if step_id is not None:
                await undo_log.append_to_undo_step(transaction, member_id, step_id, record.undo_snapshots)
            elif record.undo_snapshots or record.mark_snapshots:
                marked = list(record.mark_snapshots.values())
                await undo_log.add_undo_step(transaction, member_id, undo_kind, record.undo_snapshots, marked, now=now)
        if record.cards_changed:
            self.on_cards_changed()
        # Where reminders only ended, no process has to be woken.
        if step_id is None and record.recomputed_many:
            self.on_schedule_changed()
        elif step_id is None and record.next_reminder is not None:
            self.on_reminder_planned(record.next_reminder)


async def _lock_recording_member(
    transaction: Transaction, member_id: MemberId, *queries: Query[Any], now: datetime
) -> tuple[Member, QueryResults]:
    """The member, added if new, and locked; and what is read after that."""
    locked = members.locked_member_query(member_id)
    loaded = await transaction.lock_and_query(locked, *queries)
    if member := loaded[locked]:
        return member, loaded
    member = await members.get_or_create_member(transaction, member_id, now=now)
    return member, await transaction.query_many(*queries)  # what was there before an erasure is gone
