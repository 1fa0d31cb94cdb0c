"""Derive a thread's exchanges, reply window and planned reminders from its messages and the member's preferences.

They are never edited in place. So late, repeated, out-of-order, corrected and undone records need no code of their own.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any, Final

from bot.domain.calendar import ONE_DAY, instant_from_micros, instant_to_micros
from bot.domain.reminders.contract_plan import WindowPlan, plan_contact_request_reminders, plan_contract_reminders
from bot.domain.reminders.plan import Reminder, ReminderPreferences, Snooze, plan_reminders, without_muted_reminders
from bot.domain.reminders.replanning import keep_reminder_to_come
from bot.domain.reply.contracts import find_contact_request_opening
from bot.domain.reply.thread_state import (
    Direction,
    EventKind,
    ThreadEvent,
    ThreadState,
    UnansweredMessages,
    compute_thread_state,
)
from bot.domain.types import MemberId, MessageId, Site, ThreadId
from storage import mail_addresses, messages, muted_clients, planned_reminders, reply_state, snoozes, threads
from storage.database import Executor, Query, QueryResults, Row, Transaction
from storage.messages import EventRow, Message
from storage.reply_state import ExchangeRow
from storage.snoozes import StoredSnooze
from storage.threads import Thread

LONG_THREAD: Final = 500
"""Messages of a thread from which on its state takes longer than to start a thread."""

BULK_THRESHOLD: Final = 20
"""Up to this many threads are read one by one; more are read together."""

MAX_NOTICE_DELAY: Final = 2 * ONE_DAY
"""How long after its close a window may still be announced as closed: until the morning after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredThread:
    """What is stored of one thread: its messages, and what was derived from them."""

    thread: Thread | None
    """None: the member has no such thread."""
    messages: Sequence[Message]
    """By time."""
    snoozes: Sequence[StoredSnooze]
    exchanges: set[ExchangeRow]
    unanswered: UnansweredMessages | None
    reminders: Sequence[Row]
    """Rows for `planned_reminders.sync_planned_reminders`."""
    muted_since: datetime | None
    """Since when its client is muted."""
    unconfirmed: frozenset[MessageId] = frozenset()
    """The messages recorded from mails on a path that the member has not confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadProjection:
    """Everything that is derived of one thread."""

    stored: StoredThread
    """What it is derived from."""
    state: ThreadState
    plans: tuple[WindowPlan, ...]
    """The windows that reminders are planned for: the reply window, if it waits, and those of contracts."""
    unsent: tuple[Reminder, ...]
    """Those of their reminders that are stored and not sent yet, by `remind_at`."""
    window_id: MessageId | None
    """The window's identity, dismissed or not: the id of its oldest unanswered message."""
    contact_request: datetime | None
    """When the open contact request of the thread came."""


async def load_stored_thread(
    reader: Executor,
    member_id: MemberId,
    thread_id: ThreadId,
    *others: Query[Any],
    now: datetime,
    locking: bool = False,
) -> tuple[StoredThread, QueryResults]:
    """What is stored of a thread at `now`, with the results of `others`, in one statement.

    `locking`: its planned reminders are locked, too.
    """
    owner = member_id, thread_id
    thread, in_thread, snoozed = (
        threads.thread_query(*owner),
        messages.thread_messages_query(*owner),
        snoozes.thread_snooze_query(*owner),
    )
    exchanges, unanswered = reply_state.exchanges_query(*owner), reply_state.unanswered_query(*owner)
    to_compare = (
        planned_reminders.locked_reminders_to_compare_query if locking else planned_reminders.reminders_to_compare_query
    )
    reminders = to_compare(*owner, instant_to_micros(now - planned_reminders.MAX_AFTER_OPENING))
    muted_since = muted_clients.client_muted_since_query(*owner)
    unconfirmed = mail_addresses.unconfirmed_in_thread_query(*owner)
    results = await reader.query_many(
        thread, in_thread, snoozed, exchanges, unanswered, reminders, muted_since, unconfirmed, *others
    )
    stored = StoredThread(
        thread=results[thread],
        messages=results[in_thread],
        snoozes=results[snoozed],
        exchanges=set(map(tuple, results[exchanges])),
        unanswered=results[unanswered],
        reminders=results[reminders],
        muted_since=results[muted_since],
        unconfirmed=frozenset(chain.from_iterable(results[unconfirmed])),
    )
    return stored, results


async def derive_thread_state(thread_messages: Sequence[Message], thread: Thread | None = None) -> ThreadState:
    """The state of a thread; that of a long one is computed in a thread, so that others are answered meanwhile.

    One that is on another site has no exchanges: its replies count nowhere.
    """
    entries = map(attrgetter("entry"), thread_messages)
    if len(thread_messages) <= LONG_THREAD:
        state = compute_thread_state(entries)
    else:
        state = await asyncio.to_thread(compute_thread_state, entries)
    return state if thread is None or thread.site is Site.LANCERS else replace(state, exchanges=())


async def derive_thread_projection(stored: StoredThread, preferences: ReminderPreferences) -> ThreadProjection:
    """Derive a thread from its messages; the reminders of `plans` include those that ended already."""
    state = await derive_thread_state(stored.messages, stored.thread)
    unanswered = state.unanswered
    in_window = [] if unanswered is None else _received_in_window(stored, unanswered)
    plans: list[WindowPlan] = []
    contact_request = None
    if stored.thread is not None and (stored.thread.contract_at is not None or state.has_contact_requests):
        plans, contact_request = _plan_contract_windows(stored, stored.thread, unanswered, preferences)
    if unanswered is not None and not unanswered.dismissed:
        window = unanswered.window_opened_at, unanswered.newest_window_closes_at
        # When the message that opened the window was recorded at its present time.
        known_at = next(message.recorded_at for message in in_window if message.entry.at == unanswered.window_opened_at)
        snooze = _snooze_of_window(stored, unanswered, in_window) if stored.snoozes else None
        reminders = plan_reminders(
            *window,
            preferences,
            known_at=known_at,
            notify_when_closed=known_at <= unanswered.newest_window_closes_at,
            snooze=snooze,
        )
        if stored.muted_since is not None:
            reminders = without_muted_reminders(reminders, stored.muted_since, snooze)
        plans.append(WindowPlan(*window, reminders))
    return ThreadProjection(
        stored=stored,
        state=state,
        plans=tuple(plans),
        unsent=(),
        window_id=in_window[0].id if in_window else None,
        contact_request=contact_request,
    )


def _plan_contract_windows(
    stored: StoredThread, thread: Thread, unanswered: UnansweredMessages | None, preferences: ReminderPreferences
) -> tuple[list[WindowPlan], datetime | None]:
    """The windows of a contract and of its contact request, with when that was opened; nothing on another site."""
    if not thread.counts_in_rate:
        return [], None
    entries = [message.entry for message in stored.messages]
    contact_request = find_contact_request_opening(entries)
    if stored.muted_since is not None:
        return [], contact_request
    plans = plan_contact_request_reminders(entries, preferences)
    if thread.under_contract:
        plans += plan_contract_reminders(entries, unanswered, preferences)
    return plans, contact_request


def _received_in_window(stored: StoredThread, unanswered: UnansweredMessages) -> list[Message]:
    """The unanswered messages, by time; of those of one instant the lowest id first, as in `WINDOW_ID`."""
    received = [
        message
        for message in stored.messages
        if message.entry.direction is Direction.RECEIVED
        and message.entry.kind is EventKind.MESSAGE
        and unanswered.oldest <= message.entry.at <= unanswered.newest
    ]
    return sorted(received, key=attrgetter("entry.at", "id"))


def _snooze_of_window(
    stored: StoredThread, unanswered: UnansweredMessages, in_window: Iterable[Message]
) -> Snooze | None:
    """The newest snooze of the thread's window, whichever of its messages was the oldest when it was chosen.

    Where that one was deleted, those that had come by then were in the window too.
    """
    recorded = {message.id for message in stored.messages}
    ids_in_window = {message.id for message in in_window}
    candidates = [
        chosen.snooze
        for chosen in stored.snoozes
        if chosen.window_id in ids_in_window
        or (chosen.window_id is None and chosen.window_opened_at == unanswered.window_opened_at)
        or (chosen.window_id not in {None, *recorded} and unanswered.oldest <= chosen.snooze.asked_at)
    ]
    return max(candidates, key=lambda snooze: snooze.asked_at, default=None)


async def recompute_thread(
    transaction: Transaction,
    member_id: MemberId,
    thread_id: ThreadId,
    preferences: ReminderPreferences,
    *,
    now: datetime,
    stored: StoredThread | None = None,
    replanning: bool = False,
) -> tuple[ThreadProjection, bool]:
    """Derive a thread and store the result.

    `stored`: what is stored, where it was read before. `replanning`: by other preferences than before, of which
    `keep_reminder_to_come` tells what becomes. Also returns whether an exchange has changed.
    """
    if stored is None:
        stored, _ = await load_stored_thread(transaction, member_id, thread_id, now=now, locking=True)
    projection = await derive_thread_projection(stored, preferences)
    exchanges_changed = await reply_state.save_thread_state(
        transaction,
        member_id,
        thread_id,
        projection.state,
        exchanges=stored.exchanges,
        unanswered=stored.unanswered,
    )
    plans = projection.plans
    if replanning:
        plans = tuple(
            keep_reminder_to_come(
                plan, planned_reminders.planned_from_rows(stored.reminders, plan.opened_at), preferences, now=now
            )
            for plan in plans
        )
    unsent = await planned_reminders.sync_planned_reminders(
        transaction, member_id, thread_id, plans, stored=stored.reminders, now=now
    )
    return replace(projection, unsent=unsent), exchanges_changed


async def is_projection_stale(
    reader: Executor,
    member_id: MemberId,
    thread_id: ThreadId,
    preferences: ReminderPreferences,
    *,
    now: datetime,
) -> bool:
    """Whether the stored state of a thread differs from what `recompute_thread` would store."""
    stored, _ = await load_stored_thread(reader, member_id, thread_id, now=now)
    projection = await derive_thread_projection(stored, preferences)
    return reply_state.is_thread_state_stale(
        projection.state, exchanges=stored.exchanges, unanswered=stored.unanswered
    ) or planned_reminders.is_reminder_plan_stale(projection.plans, stored=stored.reminders, now=now)


async def recompute_threads(
    transaction: Transaction,
    member_id: MemberId,
    thread_ids: Sequence[ThreadId],
    preferences: ReminderPreferences,
    *,
    now: datetime,
    together: bool = False,
) -> None:
    """Derive and store several threads; more than `BULK_THRESHOLD` of them, or `together`, in a few statements."""
    if not thread_ids or (len(thread_ids) <= BULK_THRESHOLD and not together):
        await recompute_threads_one_by_one(transaction, member_id, thread_ids, preferences, now=now)
        return
    rows = await messages.list_message_rows_in_threads(transaction, member_id, thread_ids)
    states = await asyncio.to_thread(_compute_thread_states, thread_ids, rows)
    special = await threads.find_sites_of_special_threads(transaction, member_id, thread_ids)
    elsewhere = [thread_id for thread_id, site in special.items() if site is not Site.LANCERS]
    states |= {thread_id: replace(states[thread_id], exchanges=()) for thread_id in elsewhere}
    await reply_state.save_thread_states(transaction, member_id, states)
    with_reminders = await planned_reminders.find_threads_with_planned_reminders(transaction, member_id, thread_ids)
    for thread_id, state in states.items():
        unanswered = state.unanswered if state.is_waiting else None
        has_reminders = unanswered is not None and unanswered.newest_window_closes_at >= now - MAX_NOTICE_DELAY
        if has_reminders or thread_id in with_reminders or special.get(thread_id) is Site.LANCERS:
            await recompute_thread(transaction, member_id, thread_id, preferences, now=now)


def _compute_thread_states(thread_ids: Iterable[ThreadId], rows: Iterable[EventRow]) -> dict[ThreadId, ThreadState]:
    """The states of some threads by the rows of their messages; takes long for long threads."""
    events: defaultdict[ThreadId, list[ThreadEvent]] = defaultdict(list)
    for thread_id, direction, kind, sent_at in rows:
        events[thread_id].append(ThreadEvent(*_parse_direction_and_kind(direction, kind), instant_from_micros(sent_at)))
    return {thread_id: compute_thread_state(events[thread_id]) for thread_id in thread_ids}


@cache
def _parse_direction_and_kind(direction: str, kind: str) -> tuple[Direction, EventKind]:
    """Parse the stored words; cached, since an enum takes longer to find its value."""
    return Direction(direction), EventKind(kind)


async def recompute_threads_one_by_one(
    transaction: Transaction,
    member_id: MemberId,
    thread_ids: Iterable[ThreadId],
    preferences: ReminderPreferences,
    *,
    now: datetime,
    replanning: bool = False,
) -> None:
    """Derive and store several threads one by one."""
    for thread_id in thread_ids:
        await recompute_thread(transaction, member_id, thread_id, preferences, now=now, replanning=replanning)
