"""Receipts of recorded messages: built from what is derived of their threads, or loaded without a change."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.calendar import instant_to_micros
from bot.domain.reminders.plan import OF_CONTRACTS, ReminderKind
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import Direction, EntryExplanation, EventKind, explain_entry
from bot.domain.types import MemberId, MessageId, ThreadId
from bot.services.members import Preferences
from bot.services.projection import StoredThread, ThreadProjection, derive_thread_projection, load_stored_thread
from bot.services.results import Receipt, ReceiptKind
from storage import planned_reminders
from storage.database import Executor
from storage.messages import Message
from storage.planned_reminders import ReminderOutcome
from storage.reply_rates import stored_reply_rate
from storage.threads import Thread

_OF_REQUESTS: Final = frozenset({ReminderKind.CONTACT_REQUEST})
_OF_REPLY_WINDOWS: Final = frozenset(ReminderKind) - OF_CONTRACTS - {ReminderKind.CLOSED}
"""The kinds of reminders before a window closes: that of a contact request, or a reply window."""


def build_receipt(
    kind: ReceiptKind,
    message: Message,
    thread: Thread,
    projection: ThreadProjection,
    *,
    rate_before: ReplyRate,
    rate_after: ReplyRate,
    preferences: Preferences,
    now: datetime,
    reason_before: EntryExplanation | None = None,
    was_reminded: bool = False,
) -> Receipt:
    """The receipt of a message; `projection` is that of its thread, with `unsent`."""
    unanswered = projection.state.unanswered
    earlier = [other.entry for other in projection.messages if other.id < message.id]
    reason = explain_entry(projection.state, message.entry, is_second=message.entry in earlier)
    upcoming = _OF_REQUESTS if message.entry.kind is EventKind.CONTACT_REQUEST else _OF_REPLY_WINDOWS
    return Receipt(
        kind=kind,
        message=message,
        thread=thread,
        unanswered=unanswered,
        window_id=projection.window_id,
        window_closed=unanswered is not None and now > unanswered.window_closes_at,
        upcoming_reminders=tuple(reminder.remind_at for reminder in projection.unsent if reminder.kind in upcoming),
        contact_request=projection.contact_request,
        muted=projection.muted,
        was_reminded=was_reminded,
        exchange=reason.exchange if message.entry.direction is Direction.SENT else None,
        rate_before=rate_before,
        rate_after=rate_after,
        recorded_at=now,
        reason=reason,
        reason_before=reason_before,
        preferences=preferences,
        is_unconfirmed=kind is not ReceiptKind.UNDONE and message.id in projection.unconfirmed,
    )


async def load_receipts(
    reader: Executor,
    member_id: MemberId,
    messages: Iterable[tuple[MessageId, ThreadId]],
    preferences: Preferences,
    *,
    now: datetime,
) -> list[Receipt]:
    """The receipts, as of `now`, of messages given with their threads; a message that is gone has none."""
    find_rate = stored_reply_rate(member_id, now)
    threads: dict[ThreadId, tuple[StoredThread, ThreadProjection, ReplyRate]] = {}
    receipts = []
    for message_id, thread_id in messages:
        if thread_id not in threads:
            stored, results = await load_stored_thread(reader, member_id, thread_id, find_rate, now=now)
            projection = await derive_thread_projection(stored, preferences.reminders)
            projection = replace(projection, unsent=planned_reminders.unsent_reminders(stored.reminders))
            threads[thread_id] = stored, projection, results[find_rate].rate
        stored, projection, rate = threads[thread_id]
        delivered = {(instant_to_micros(plan.opened_at), ReminderOutcome.DELIVERED) for plan in projection.plans}
        was_reminded = not delivered.isdisjoint(map(planned_reminders.OPENING_AND_STATE, stored.reminders))
        receipts += [
            build_receipt(
                ReceiptKind.SHOWN,
                message,
                stored.thread,
                projection,
                rate_before=rate,
                rate_after=rate,
                preferences=preferences,
                now=now,
                was_reminded=was_reminded,
            )
            for message in stored.messages
            if message.id == message_id and stored.thread is not None
        ]
    return receipts
