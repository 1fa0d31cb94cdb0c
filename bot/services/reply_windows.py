"""Reply windows: recording a reply in one, dismissing it, and planning another reminder of it.

A window is named by the id of its oldest unanswered message, whichever thread that message is in by now. While that
message is unanswered the window is open, also if an earlier message was recorded in it since.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.messages import MessageSource, ParsedTime
from bot.domain.reminders.plan import ReminderPreferences, Snooze
from bot.domain.reminders.snooze import SnoozeChoice, snooze_options, snooze_until
from bot.domain.reply.thread_state import (
    Direction,
    EntryExplanation,
    EntryVerdict,
    EventKind,
    ThreadState,
    UnansweredMessages,
    explain_entry,
)
from bot.domain.types import MemberId, MessageId, ThreadId
from bot.errors import MessageArgument, NotAllowedError
from bot.services.new_messages import (
    UNDO_KIND_RECORDED,
    NewMessage,
    receipt_if_recorded,
    receipt_of_recorded_message,
    record_message,
)
from bot.services.projection import derive_thread_state
from bot.services.record_transaction import RecordTransaction, RecordTransactions, ensure_not_future, get_message
from bot.services.results import ClarificationNeeded, Receipt, ReceiptKind
from storage import delivery_results, messages, snoozes, waiting_threads
from storage.messages import Message
from storage.snoozes import StoredSnooze
from storage.threads import Thread

DOUBLE_PRESS: Final = timedelta(seconds=5)
"""What a button records of a window or a job once more within this time is one press, made twice by a thumb."""


class WindowEndedError(NotAllowedError):
    """The window that was named is not open; `thread_id` is the thread that it was in."""

    def __init__(self, message_id: str, /, thread_id: ThreadId, **arguments: MessageArgument) -> None:
        super().__init__(message_id, **arguments)
        self.thread_id = thread_id


class ReplyWindowService:
    """Every method raises `WindowEndedError` when the window is not open, and `NotAllowedError` when it is unknown."""

    def __init__(self, transactions: RecordTransactions) -> None:
        self._transactions = transactions

    async def window_shown_by_reminder(
        self, member_id: MemberId, thread_id: ThreadId, discord_message_id: int
    ) -> MessageId:
        """The open window of a thread that a delivered reminder showed, for its buttons that name the thread."""
        async with self._transactions.database.read() as transaction:
            shown = await delivery_results.find_shown_window_opening(
                transaction, member_id, thread_id, discord_message_id
            )
            window = await waiting_threads.find_open_window(transaction, member_id, thread_id)
            # What was received before the oldest unanswered message was answered, or dismissed and followed by it.
            if shown is None or window is None or shown < window.unanswered.oldest:
                raise WindowEndedError("window-not-shown", thread_id)
            return window.window_id

    async def get_thread_id(self, member_id: MemberId, window_id: MessageId) -> ThreadId:
        """The id of the thread in which the window waits."""
        async with self._transactions.database.read() as transaction:
            message = await get_message(transaction, member_id, window_id)
            in_thread = await transaction.query(messages.thread_messages_query(member_id, message.thread_id))
            _ensure_unanswered(message, await derive_thread_state(in_thread))
            return message.thread_id

    async def record_reply(
        self, member_id: MemberId, window_id: MessageId, time: ParsedTime, *, idempotency_key: str, now: datetime
    ) -> Receipt | ClarificationNeeded:
        """Record a reply that answers a window, dismissed or not."""
        same = messages.messages_of_key_query(member_id, idempotency_key)
        oldest = messages.message_query(member_id, window_id)
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED, same, oldest) as record:
            if repeated := await receipt_if_recorded(record, idempotency_key, record.loaded[same]):
                return repeated
            found = await _find_thread_or_double_press(record, record.loaded[oldest], EventKind.MESSAGE, time.at)
            if isinstance(found, Receipt):
                return found
            ensure_not_future(time.at, now)
            message = NewMessage(
                direction=Direction.SENT, time=time, source=MessageSource.BUTTON, source_key=idempotency_key
            )
            return await record_message(record, message, found)

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
        same = messages.messages_of_key_query(member_id, idempotency_key)
        oldest = messages.message_query(member_id, window_id)
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED, same, oldest) as record:
            if repeated := await receipt_if_recorded(record, idempotency_key, record.loaded[same]):
                return repeated
            found = await _find_thread_or_double_press(record, record.loaded[oldest], kind, now)
            if isinstance(found, Receipt):
                return found
            dismissal = await record.add_decision(found.id, kind, idempotency_key)
            return await record.recompute_and_build_receipt(ReceiptKind.RECORDED, dismissal, found)

    async def snooze(
        self, member_id: MemberId, window_id: MessageId, choice: SnoozeChoice | None = None, *, now: datetime
    ) -> tuple[Thread, datetime]:
        """Plan another reminder: the thread, and when the reminder is due. None is the choice of a former version.

        Raises `NotAllowedError` when the window has closed, or does before the chosen time.
        """
        oldest = messages.message_query(member_id, window_id)
        async with self._transactions.begin(member_id, now, UNDO_KIND_RECORDED, oldest) as record:
            thread, unanswered = await find_reply_window(record, record.loaded[oldest])
            if now >= unanswered.newest_window_closes_at:
                raise NotAllowedError("recording-window-closed")
            until = _snooze_end(choice, unanswered.newest_window_closes_at, record.preferences.reminders, now)
            chosen = StoredSnooze(window_id, unanswered.window_opened_at, Snooze(now, until))
            await snoozes.save_snooze(record.transaction, member_id, thread.id, chosen)
            await record.recompute_threads(thread.id)
            return thread, until


def _snooze_end(
    choice: SnoozeChoice | None, closes_at: datetime, preferences: ReminderPreferences, now: datetime
) -> datetime:
    if choice is None:
        return snooze_until(now, closes_at, preferences)
    options = dict(snooze_options(now, closes_at, preferences))
    if choice not in options:
        raise NotAllowedError("reminders-snooze-after-close")
    return options[choice]


async def _find_thread_or_double_press(
    record: RecordTransaction, oldest: Message | None, kind: EventKind, at: datetime
) -> Thread | Receipt:
    """The thread of the window that is pressed; the receipt of what the same press recorded just before, if it did."""
    try:
        thread, _ = await find_reply_window(record, oldest, dismissed_too=kind is EventKind.MESSAGE)
    except WindowEndedError:
        if pressed := await find_double_press(record, oldest, kind, at):
            return await receipt_of_recorded_message(record, pressed, ReceiptKind.SHOWN)
        raise
    return thread


async def find_reply_window(
    record: RecordTransaction, oldest: Message | None, *, dismissed_too: bool = False
) -> tuple[Thread, UnansweredMessages]:
    """The thread of a window, and what is unanswered in it. `oldest` is the message by whose id it is named.

    Raises `WindowEndedError` when it is not open, and `NotAllowedError` when it is unknown.
    """
    if oldest is None:
        raise NotAllowedError("recording-message-gone")
    stored = await record.stored_thread(oldest.thread_id)
    if stored.thread is None:
        raise NotAllowedError("recording-thread-gone")
    return stored.thread, _ensure_unanswered(
        oldest, await derive_thread_state(stored.messages), dismissed_too=dismissed_too
    )


async def find_double_press(
    record: RecordTransaction, oldest: Message | None, kind: EventKind, at: datetime
) -> Message | None:
    """What the same press has just recorded of a window that it ended, a moment from `at`."""
    if oldest is None:
        return None
    for message in reversed((await record.stored_thread(oldest.thread_id)).messages):
        entry = message.entry
        if entry.at < oldest.entry.at:
            return None
        if (
            entry.kind is not kind
            or entry.direction is not Direction.SENT
            or message.source is not MessageSource.BUTTON
        ):
            continue
        # Of two presses at once the one that came first may be recorded last.
        apart = max(abs(record.now - message.recorded_at), abs(at - entry.at))
        return message if apart <= DOUBLE_PRESS else None
    return None


def _ensure_unanswered(message: Message, state: ThreadState, *, dismissed_too: bool = False) -> UnansweredMessages:
    """What is unanswered in a thread. Raises `WindowEndedError` when the message is not part of it."""
    reason = explain_entry(state, message.entry)
    open_verdicts = {EntryVerdict.WAITING, EntryVerdict.DISMISSED} if dismissed_too else {EntryVerdict.WAITING}
    if message.entry.direction is Direction.SENT or reason.unanswered is None or reason.verdict not in open_verdicts:
        raise _window_ended_error(message, reason)
    return reason.unanswered


def _window_ended_error(message: Message, reason: EntryExplanation) -> WindowEndedError:
    """Why the window of a message is not open."""
    if message.entry.direction is Direction.SENT:
        return WindowEndedError("window-not-received", message.thread_id)
    if reason.exchange is not None:
        return WindowEndedError("window-answered", message.thread_id, at=reason.exchange.replied_at)
    return WindowEndedError("window-dismissed", message.thread_id)
