"""Reply windows: recording a reply in one, dismissing it, and planning another reminder of it.

A window is named by the id of its oldest unanswered message, whichever thread that message is in by now. While that
message is unanswered the window is open, also if an earlier message was recorded in it since.
"""

from datetime import datetime

from bot.domain.messages import MessageSource, ParsedTime, Precision
from bot.domain.reminders.plan import Snooze
from bot.domain.reminders.snooze import snooze_until
from bot.domain.reply.thread_state import (
    Direction,
    EntryExplanation,
    EntryVerdict,
    EventKind,
    ThreadEvent,
    UnansweredMessages,
    compute_thread_state,
    explain_entry,
)
from bot.domain.types import MemberId, MessageId, ThreadId
from bot.errors import MessageArgument, NotAllowedError
from bot.services.record_transaction import RecordTransaction, RecordTransactions, ensure_not_future
from bot.services.recording import UNDO_KIND_RECORDED, NewMessage, insert_message, receipt_if_recorded
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind
from storage import deliveries, messages, reply_state
from storage.database import Transaction
from storage.messages import Message
from storage.reply_state import UnansweredThread
from storage.threads import Thread


class WindowEndedError(NotAllowedError):
    """The window that was named is not open; `thread_id` is the thread that it was in."""

    def __init__(self, message_id: str, /, thread_id: ThreadId, **arguments: MessageArgument) -> None:
        super().__init__(message_id, **arguments)
        self.thread_id = thread_id


class ReplyWindowService:
    """Every method raises `WindowEndedError` when the window is not open, and `NotAllowedError` when it is unknown."""

    def __init__(self, transactions: RecordTransactions) -> None:
        self._transactions = transactions

    async def shown_by(self, member_id: MemberId, thread_id: ThreadId, discord_message_id: int) -> MessageId:
        """The open window of a thread that a delivered reminder showed, for its buttons that name the thread."""
        async with self._transactions.database.read() as transaction:
            shown = await deliveries.shown_window_opening(transaction, member_id, thread_id, discord_message_id)
            window = await reply_state.open_window(transaction, member_id, thread_id)
            # What was received before the oldest unanswered message was answered, or dismissed and followed by it.
            if shown is None or window is None or shown < window.unanswered.oldest:
                raise WindowEndedError("window-not-shown", thread_id)
            return window.window_id

    async def thread_of(self, member_id: MemberId, window_id: MessageId) -> ThreadId:
        """The thread in which the window waits."""
        async with self._transactions.database.read() as transaction:
            message, _ = await _find_unanswered(transaction, member_id, window_id)
            return message.thread_id

    async def record_reply(
        self, member_id: MemberId, window_id: MessageId, time: ParsedTime, *, idempotency_key: str, now: datetime
    ) -> Receipt | ClarificationNeeded:
        """Record a reply that answers a window, dismissed or not."""
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            if repeated := await receipt_if_recorded(record, idempotency_key):
                return repeated
            thread, _ = await _find_window(record, window_id, dismissed_too=True)
            ensure_not_future(time.at, now)
            message = NewMessage(
                direction=Direction.SENT, time=time, source=MessageSource.BUTTON, source_key=idempotency_key
            )
            return await insert_message(record, message, thread)

    async def dismiss(
        self,
        member_id: MemberId,
        window_id: MessageId,
        *,
        idempotency_key: str,
        now: datetime,
        kind: EventKind = EventKind.DISMISSED,
    ) -> Receipt:
        """Record that no reply is needed, or (`EventKind.NEW_THREAD`) that the member wrote in a new thread instead."""
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            if repeated := await receipt_if_recorded(record, idempotency_key):
                return repeated
            thread, _ = await _find_window(record, window_id)
            dismissal = await record.add_message(
                thread.id,
                ThreadEvent(Direction.SENT, kind, now),
                precision=Precision.SECOND,
                source=MessageSource.BUTTON,
                source_key=idempotency_key,
            )
            return await record.build_receipt(ReceiptKind.RECORDED, dismissal, thread)

    async def snooze(self, member_id: MemberId, window_id: MessageId, *, now: datetime) -> tuple[Thread, datetime]:
        """Plan another reminder: the thread, and when the reminder is due.

        Raises `NotAllowedError` when the window has closed.
        """
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED) as record:
            thread, unanswered = await _find_window(record, window_id)
            if now >= unanswered.window_closes_at:
                raise NotAllowedError("recording-window-closed")
            until = snooze_until(now, unanswered.window_closes_at, record.preferences.reminders)
            window = UnansweredThread(thread, unanswered, window_id)
            await reply_state.save_snooze(record.transaction, member_id, window, Snooze(now, until))
            await record.recompute_threads(thread.id)
            return thread, until


async def _find_window(
    record: RecordTransaction, window_id: MessageId, *, dismissed_too: bool = False
) -> tuple[Thread, UnansweredMessages]:
    message, unanswered = await _find_unanswered(
        record.transaction, record.member_id, window_id, dismissed_too=dismissed_too
    )
    return await record.get_thread(message.thread_id), unanswered


async def _find_unanswered(
    transaction: Transaction, member_id: MemberId, window_id: MessageId, *, dismissed_too: bool = False
) -> tuple[Message, UnansweredMessages]:
    message = await messages.find(transaction, member_id, window_id)
    if message is None:
        raise NotAllowedError("recording-message-gone")
    in_thread = await messages.list_in_thread(transaction, member_id, message.thread_id)
    reason = explain_entry(compute_thread_state(other.entry for other in in_thread), message.entry)
    open_verdicts = {EntryVerdict.WAITING, EntryVerdict.DISMISSED} if dismissed_too else {EntryVerdict.WAITING}
    if message.entry.direction is Direction.SENT or reason.unanswered is None or reason.verdict not in open_verdicts:
        raise _ended(message, reason)
    return message, reason.unanswered


def _ended(message: Message, reason: EntryExplanation) -> WindowEndedError:
    """Why the window of a message is not open."""
    if message.entry.direction is Direction.SENT:
        return WindowEndedError("window-not-received", message.thread_id)
    if reason.exchange is not None:
        return WindowEndedError("window-answered", message.thread_id, at=reason.exchange.replied_at)
    return WindowEndedError("window-dismissed", message.thread_id)
