"""Corrections of one recorded message: its time, direction and thread; deleting it, and restoring it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import takewhile

from bot.domain.messages import MessageSource, ParsedTime
from bot.domain.names import client_key
from bot.domain.reply.thread_state import APART_FROM_REPLIES, Direction, EventKind, entry_sort_key
from bot.domain.types import MemberId, MessageId, ThreadId
from bot.errors import NotAllowedError
from bot.services.members import load_preferences
from bot.services.new_messages import receipt_if_recorded
from bot.services.record_transaction import RecordTransaction, RecordTransactions, ensure_not_future, get_message
from bot.services.results import Receipt, ReceiptKind, load_receipts
from storage import messages, threads, undo_log
from storage.messages import Message
from storage.threads import Thread


class MessageCorrectionService:
    """Every method raises `InvalidInputError` or `NotAllowedError` when nothing was changed."""

    def __init__(self, transactions: RecordTransactions) -> None:
        self._transactions = transactions

    async def get_receipt(self, member_id: MemberId, message_id: MessageId, *, now: datetime) -> Receipt:
        """The receipt of a message as of `now`. Writes nothing."""
        async with self._transactions.database.read() as transaction:
            preferences = await load_preferences(transaction, member_id, self._transactions.defaults)
            message = await get_message(transaction, member_id, message_id)
            shown = [(message_id, message.thread_id)]
            [receipt] = await load_receipts(transaction, member_id, shown, preferences, now=now)
            return receipt

    async def get_message(self, member_id: MemberId, message_id: MessageId) -> Message:
        """A recorded message."""
        return await get_message(self._transactions.database, member_id, message_id)

    async def get_message_and_thread(self, member_id: MemberId, message_id: MessageId) -> tuple[Message, Thread]:
        """A recorded message, and the thread it is in."""
        async with self._transactions.database.read() as transaction:
            message = await get_message(transaction, member_id, message_id)
            if thread := await transaction.query(threads.thread_query(member_id, message.thread_id)):
                return message, thread
            raise NotAllowedError("recording-thread-gone")

    async def correct_time(
        self, member_id: MemberId, message_id: MessageId, time: ParsedTime, *, now: datetime
    ) -> Receipt:
        """Correct the time of a message. The time that it has already leaves it as it is."""
        async with self._transactions.begin(member_id, now, "time") as record:
            return await _correct_time(record, await record.get_message(message_id), time)

    async def correct_direction(
        self, member_id: MemberId, message_id: MessageId, direction: Direction, *, now: datetime
    ) -> Receipt:
        """Make a received message a sent one, or the reverse. The direction that it has already leaves it as it is."""
        async with self._transactions.begin(member_id, now, "direction") as record:
            message = await record.get_message(message_id)
            if message.entry.kind is not EventKind.MESSAGE:
                raise NotAllowedError("recording-not-a-message")
            if message.entry.direction is direction:
                return await _receipt_of_unchanged_message(record, message)
            corrected = replace(message, entry=replace(message.entry, direction=direction), recorded_at=now)
            return await _replace_message(record, message, corrected)

    async def move_message(
        self,
        member_id: MemberId,
        message_id: MessageId,
        *,
        now: datetime,
        thread_id: ThreadId | None = None,
        client: str | None = None,
        title: str | None = None,
        time: ParsedTime | None = None,
    ) -> Receipt:
        """Move a message to another thread, given by its id or by client and title. Its own changes nothing.

        A client or a title that is None stays as it is; a title that is empty is taken away. What answered
        only a received message moves with it; from an unassigned thread all messages move. `time`: its time is
        corrected too.
        """
        async with self._transactions.begin(member_id, now, "moved") as record:
            message = await record.get_message(message_id)
            origin = await record.get_thread(message.thread_id)
            target = (
                await record.get_chosen_thread(thread_id)
                if thread_id is not None
                else await _get_thread_by_name(record, origin, client, title)
            )
            if target.id == origin.id:
                if time is not None:
                    return await _correct_time(record, message, time)
                return await _receipt_of_unchanged_message(record, message)
            reason_before = await record.explain_message(message)
            there = (await record.stored_thread(origin.id)).messages
            moving = there if origin.unassigned else [message, *_answers_to_message(message, there)]
            await record.ensure_room_in_thread(target, len(moving))
            is_all = len(moving) == len(there)
            target = await record.inherit_thread_marks(origin, target, all_moved=is_all)
            await record.move_messages(moving, target)
            moved = replace(message, thread_id=target.id)
            if time is not None:
                corrected = _with_time(moved, time, now)
                await record.update_messages((moved, corrected))
                moved = corrected
            if not origin.unassigned:
                await record.ensure_reply_follows_received(moved)
            await record.recompute_threads(origin.id)
            return await record.recompute_and_build_receipt(ReceiptKind.CORRECTED, moved, target, reason_before)

    async def delete_message(self, member_id: MemberId, message_id: MessageId, *, now: datetime) -> Receipt:
        """Delete a message, as if it had never been recorded."""
        async with self._transactions.begin(member_id, now, "deleted") as record:
            message = await record.get_message(message_id)
            thread = await record.get_thread(message.thread_id)
            reason_before = await record.explain_message(message)
            await record.delete_message(message)
            return await record.recompute_and_build_receipt(ReceiptKind.UNDONE, message, thread, reason_before)

    async def is_message_restorable(self, member_id: MemberId, message_id: MessageId) -> bool:
        """Whether a message was deleted, and its deletion is still in the undo log."""
        return await undo_log.find_deleted_message(self._transactions.database, member_id, message_id) is not None

    async def restore_message(self, member_id: MemberId, message_id: MessageId, *, now: datetime) -> Receipt:
        """Record a deleted message again, as it was and under its id.

        Raises `NotAllowedError` when its deletion is no longer in the undo log.
        """
        async with self._transactions.begin(member_id, now, "restored") as record:
            if message := await record.transaction.query(messages.message_query(member_id, message_id)):
                return await record.recompute_and_build_receipt(
                    ReceiptKind.SHOWN, message, await record.get_thread(message.thread_id)
                )
            deleted = await undo_log.find_deleted_message(record.transaction, member_id, message_id)
            if deleted is None:
                raise NotAllowedError("recording-message-gone")
            same = await record.transaction.query(messages.messages_of_key_query(member_id, deleted.source_key))
            if repeated := await receipt_if_recorded(record, deleted.source_key, same):
                return repeated
            thread = await record.get_thread(deleted.thread_id)
            await record.ensure_room_in_thread(thread, 1)
            await record.restore_message(deleted)
            await record.ensure_reply_follows_received(deleted)
            return await record.recompute_and_build_receipt(ReceiptKind.RESTORED, deleted, thread)


def _answers_to_message(message: Message, in_thread: Sequence[Message]) -> list[Message]:
    """What the member sent or noted after a received message, until the client wrote again.

    None of it if other messages waited with this one.
    """
    others = (other for other in in_thread if other.entry.kind not in APART_FROM_REPLIES)
    ordered = sorted(others, key=lambda other: entry_sort_key(other.entry))
    place = next((place for place, other in enumerate(ordered) if other.id == message.id), None)
    if place is None or message.entry.direction is Direction.SENT:
        return []
    if place and ordered[place - 1].entry.direction is Direction.RECEIVED:
        return []
    return list(takewhile(lambda other: other.entry.direction is Direction.SENT, ordered[place + 1 :]))


def _with_time(message: Message, time: ParsedTime, now: datetime) -> Message:
    """A message with the time that the member corrected it to. Raises `InvalidInputError` for one after `now`."""
    ensure_not_future(time.at, now)
    entry, source = replace(message.entry, at=time.at), MessageSource.WRITTEN
    return replace(message, entry=entry, precision=time.precision, source=source, recorded_at=now)


async def _correct_time(record: RecordTransaction, message: Message, time: ParsedTime) -> Receipt:
    if message.entry.direction is Direction.SENT:
        time = time.of_reply()
    # The form for a time shows no parts of a second.
    if time.at in {message.entry.at, message.entry.at.replace(microsecond=0)}:
        return await _receipt_of_unchanged_message(record, message)
    return await _replace_message(record, message, _with_time(message, time, record.now))


async def _receipt_of_unchanged_message(record: RecordTransaction, message: Message) -> Receipt:
    return await record.recompute_and_build_receipt(
        ReceiptKind.UNCHANGED, message, await record.get_thread(message.thread_id)
    )


async def _get_thread_by_name(
    record: RecordTransaction, origin: Thread, client: str | None, title: str | None
) -> Thread:
    """The thread with a client under a title; None for what is as in `origin`.

    A message that was recorded before its client was known belongs to the client's only thread, if there is one.
    """
    if origin.unassigned and client is not None and not title:
        of_client = await threads.list_threads_of_client(record.transaction, record.member_id, client_key(client))
        if len(of_client) == 1:
            return of_client[0]
    return await record.get_or_create_thread(
        origin.client or "" if client is None else client, origin.title if title is None else title
    )


async def _replace_message(record: RecordTransaction, old: Message, new: Message) -> Receipt:
    await record.ensure_reply_follows_received(new)
    reason_before = await record.explain_message(old)
    await record.update_messages((old, new))
    return await record.recompute_and_build_receipt(
        ReceiptKind.CORRECTED, new, await record.get_thread(new.thread_id), reason_before
    )
