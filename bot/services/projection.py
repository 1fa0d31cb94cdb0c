"""Derive a thread's exchanges, reply window and planned reminders from its messages and the member's preferences.

They are never edited in place. So late, repeated, out-of-order, corrected and undone records need no code of their own.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.calendar import year_before
from bot.domain.reminders.plan import Reminder, ReminderPreferences, plan_reminders
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import (
    Direction,
    EventKind,
    ThreadEvent,
    ThreadState,
    UnansweredMessages,
    compute_thread_state,
)
from bot.domain.types import MemberId, ThreadId
from storage import messages, planned_reminders, reply_state
from storage.database import Executor, Transaction
from storage.messages import Message

LONG_THREAD: Final = 500
"""Messages of a thread from which on its state takes longer than to start a thread."""

BULK_THRESHOLD: Final = 20
"""Up to this many threads are read one by one; more are read together."""


@dataclass(frozen=True, slots=True)
class ThreadProjection:
    """Everything that is derived of one thread."""

    state: ThreadState
    window: planned_reminders.Window | None
    """The window that reminders are planned for; None when nothing waits for a reply."""
    reminders: tuple[Reminder, ...]
    """Sorted by `remind_at`."""


async def derive_state(entries: Sequence[ThreadEvent]) -> ThreadState:
    """The state of a thread; that of a long one is computed in a thread, so that others are answered meanwhile."""
    if len(entries) <= LONG_THREAD:
        return compute_thread_state(entries)
    return await asyncio.to_thread(compute_thread_state, entries)


async def load_state(
    transaction: Transaction, member_id: MemberId, thread_id: ThreadId, preferences: ReminderPreferences
) -> ThreadProjection:
    """Derive a thread from its messages. Writes nothing; `reminders` includes those that ended already."""
    thread_messages = await messages.list_in_thread(transaction, member_id, thread_id)
    state = await derive_state([message.entry for message in thread_messages])
    unanswered = state.unanswered
    if unanswered is None or unanswered.dismissed:
        return ThreadProjection(state, None, ())
    window = unanswered.window_opened_at, unanswered.window_closes_at
    known_at = _known_at(thread_messages, unanswered)
    reminders = plan_reminders(
        *window,
        preferences,
        known_at=known_at,
        notify_when_closed=known_at <= unanswered.window_closes_at,
        snooze=await reply_state.get_snooze(transaction, member_id, thread_id, unanswered),
    )
    return ThreadProjection(state, window, reminders)


async def recompute_thread(
    transaction: Transaction,
    member_id: MemberId,
    thread_id: ThreadId,
    preferences: ReminderPreferences,
    *,
    now: datetime,
) -> ThreadProjection:
    """Derive a thread and store the result; `reminders` are those that are still planned."""
    projection = await load_state(transaction, member_id, thread_id, preferences)
    await reply_state.save_thread_state(transaction, member_id, thread_id, projection.state)
    await planned_reminders.sync_plan(
        transaction, member_id, thread_id, projection.window, projection.reminders, now=now
    )
    if projection.window is None:
        return projection
    return replace(projection, reminders=await planned_reminders.planned_for(transaction, member_id, thread_id))


async def is_stale(
    transaction: Transaction,
    member_id: MemberId,
    thread_id: ThreadId,
    preferences: ReminderPreferences,
    *,
    now: datetime,
) -> bool:
    """Whether the stored state of a thread differs from what `recompute_thread` would store."""
    projection = await load_state(transaction, member_id, thread_id, preferences)
    return await reply_state.is_stale(
        transaction, member_id, thread_id, projection.state
    ) or await planned_reminders.is_stale(
        transaction, member_id, thread_id, projection.window, projection.reminders, now=now
    )


async def recompute_threads(
    transaction: Transaction,
    member_id: MemberId,
    thread_ids: Sequence[ThreadId],
    preferences: ReminderPreferences,
    *,
    now: datetime,
) -> None:
    """Derive and store several threads; more than `BULK_THRESHOLD` of them in a few statements."""
    if len(thread_ids) <= BULK_THRESHOLD:
        await recompute_one_by_one(transaction, member_id, thread_ids, preferences, now=now)
        return
    events: defaultdict[ThreadId, list[ThreadEvent]] = defaultdict(list)
    for message in await messages.list_in_threads(transaction, member_id, thread_ids):
        events[message.thread_id].append(message.entry)
    states = {thread_id: compute_thread_state(events[thread_id]) for thread_id in thread_ids}
    await reply_state.save_thread_states(transaction, member_id, states)
    with_reminders = await planned_reminders.threads_with_plans(transaction, member_id, thread_ids)
    for thread_id, state in states.items():
        window_open = state.is_waiting and state.unanswered is not None and state.unanswered.window_closes_at > now
        if window_open or thread_id in with_reminders:
            await recompute_thread(transaction, member_id, thread_id, preferences, now=now)


async def recompute_one_by_one(
    transaction: Transaction,
    member_id: MemberId,
    thread_ids: Iterable[ThreadId],
    preferences: ReminderPreferences,
    *,
    now: datetime,
) -> None:
    """Derive and store several threads one by one."""
    for thread_id in thread_ids:
        await recompute_thread(transaction, member_id, thread_id, preferences, now=now)


async def load_reply_rate(executor: Executor, member_id: MemberId, now: datetime) -> ReplyRate:
    """The recorded reply rate of the year up to `now`."""
    return (await executor.query(reply_state.reply_rate_between(member_id, year_before(now), now))).rate


def _known_at(thread_messages: Sequence[Message], unanswered: UnansweredMessages) -> datetime:
    """When the message that opened the window was recorded at its present time."""
    opened_by = ThreadEvent(Direction.RECEIVED, EventKind.MESSAGE, unanswered.window_opened_at)
    for message in thread_messages:
        if message.entry == opened_by:
            return message.recorded_at
    raise AssertionError
