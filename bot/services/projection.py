"""After any change of a thread: read its messages again, and write what follows from them.

Exchanges, windows and planned reminders are always a function of the messages and the preferences, so late, doubled,
out-of-order, edited and undone records need no case of their own.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.messages import MessageSource
from bot.domain.reminders.plan import Reminder, ReminderPreferences, plan_reminders
from bot.domain.reply.thread_state import Direction, ThreadEvent, ThreadState, UnansweredMessages, compute_thread_state
from bot.domain.types import MemberId, ThreadId
from storage import messages, planned_reminders, reply_state
from storage.database import Transaction
from storage.messages import Message

BULK_THRESHOLD: Final = 20
"""Threads that are read one by one; more of them are read together."""


@dataclass(frozen=True, slots=True)
class ThreadProjection:
    """What a thread came to."""

    clock: ThreadState
    reminders: tuple[Reminder, ...]
    """Still planned, by `remind_at`."""


@dataclass(frozen=True, slots=True)
class _DerivedState:
    """What a thread's messages and its member's preferences come to."""

    clock: ThreadState
    window: planned_reminders.Window | None
    """The one that reminders are for."""
    planned: tuple[Reminder, ...]


async def _load_state(
    transaction: Transaction, member: MemberId, thread: ThreadId, preferences: ReminderPreferences
) -> _DerivedState:
    recorded = await messages.list_in_thread(transaction, member, thread)
    clock = compute_thread_state(message.entry for message in recorded)
    unanswered = clock.unanswered
    if unanswered is None or unanswered.dismissed:
        return _DerivedState(clock, None, ())
    wanted = plan_reminders(
        unanswered.window_opened_at,
        unanswered.window_closes_at,
        preferences,
        notify_when_closed=_should_announce_close(recorded, unanswered),
        snooze=await reply_state.get_snooze(transaction, member, thread, unanswered.window_opened_at),
    )
    return _DerivedState(clock, (unanswered.window_opened_at, unanswered.window_closes_at), wanted)


async def recompute_thread(
    transaction: Transaction, member: MemberId, thread: ThreadId, preferences: ReminderPreferences, *, now: datetime
) -> ThreadProjection:
    """Derive the thread anew, in the transaction that changed it."""
    derived = await _load_state(transaction, member, thread, preferences)
    await reply_state.save_thread_state(transaction, member, thread, derived.clock)
    await planned_reminders.sync_plan(transaction, member, thread, derived.window, derived.planned, now=now)
    if derived.window is None:
        return ThreadProjection(derived.clock, ())
    return ThreadProjection(derived.clock, await planned_reminders.planned_for(transaction, member, thread))


async def is_stale(
    transaction: Transaction, member: MemberId, thread: ThreadId, preferences: ReminderPreferences, *, now: datetime
) -> bool:
    """Whether what is stored of the thread is not what `follow` would make of it."""
    derived = await _load_state(transaction, member, thread, preferences)
    return await reply_state.is_stale(transaction, member, thread, derived.clock) or await planned_reminders.is_stale(
        transaction, member, thread, derived.window, derived.planned, now=now
    )


async def recompute_threads(
    transaction: Transaction,
    member: MemberId,
    numbers: Sequence[ThreadId],
    preferences: ReminderPreferences,
    *,
    now: datetime,
) -> None:
    """Derive many threads anew, as `follow` would; a great many in a few statements."""
    if len(numbers) <= BULK_THRESHOLD:
        for number in numbers:
            await recompute_thread(transaction, member, number, preferences, now=now)
        return
    entries: defaultdict[ThreadId, list[ThreadEvent]] = defaultdict(list)
    for message in await messages.list_in_threads(transaction, member, numbers):
        entries[message.thread_id].append(message.entry)
    read = {number: compute_thread_state(entries[number]) for number in numbers}
    await reply_state.save_thread_states(transaction, member, read)
    planned = await planned_reminders.threads_with_plans(transaction, member, numbers)
    for number, clock in read.items():
        opens = clock.is_waiting and clock.unanswered is not None and clock.unanswered.window_closes_at > now
        if opens or number in planned:
            await recompute_thread(transaction, member, number, preferences, now=now)


def _should_announce_close(recorded: Sequence[Message], unanswered: UnansweredMessages) -> bool:
    """A window that was closed when it was recorded, or was imported, gets no closed message."""
    return any(
        message.entry.direction is Direction.RECEIVED
        and message.entry.at == unanswered.window_opened_at
        and message.recorded_at <= unanswered.window_closes_at
        and message.source is not MessageSource.IMPORTED
        for message in recorded
    )
